// A pool of equal rows that grows by whole segments, so that growing never copies and never doubles the peak.
// A pool is a small block (POOL_*); rows are numbered from 1 (0 = none). Freed row numbers stand on a stack beside the
// rows: taking one again touches no row, which would be a cache miss each.

import { POOL_SEGMENT_SHIFT } from "../shared/layout";
import { release, reserve, reserveRaw } from "./arena";

const SEGMENT_SHIFT: u32 = POOL_SEGMENT_SHIFT;
const SEGMENT_ROWS: u32 = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK: u32 = SEGMENT_ROWS - 1;
const MAX_SEGMENTS: usize = 4096;

const POOL_SEGMENTS: usize = 0; // pointers of row segments
const POOL_STACKS: usize = 4; // pointers of stack segments, as many rows each
const POOL_CAP: usize = 8;
const POOL_ROW_BYTES: usize = 12;
const POOL_USED: usize = 16;
const POOL_FREE_COUNT: usize = 20;
const POOL_BYTES: usize = 32;

/** New empty pool; 0 when out of memory. */
export function poolCreate(rowBytes: u32): usize {
  const pool = reserve(POOL_BYTES);
  const segments = reserve(MAX_SEGMENTS << 2);
  const stacks = reserve(MAX_SEGMENTS << 2);
  if (pool == 0 || segments == 0 || stacks == 0) return 0;
  store<u32>(pool, <u32>segments, POOL_SEGMENTS);
  store<u32>(pool, <u32>stacks, POOL_STACKS);
  store<u32>(pool, rowBytes, POOL_ROW_BYTES);
  store<u32>(pool, 1, POOL_USED); // row 0 is never handed out
  return pool;
}

/** Pointer of a row; valid for the pool's life (segments never move). */
export function poolRow(pool: usize, index: u32): usize {
  const segments = <usize>load<u32>(pool, POOL_SEGMENTS);
  const segment = <usize>load<u32>(segments + ((index >> SEGMENT_SHIFT) << 2));
  return segment + <usize>((index & SEGMENT_MASK) * load<u32>(pool, POOL_ROW_BYTES));
}

function stackAt(pool: usize, depth: u32): usize {
  const stacks = <usize>load<u32>(pool, POOL_STACKS);
  return <usize>load<u32>(stacks + ((depth >> SEGMENT_SHIFT) << 2)) + ((depth & SEGMENT_MASK) << 2);
}

/** Rows that can be taken before poolGrow must be called. */
export function poolRoom(pool: usize): u32 {
  const cap = load<u32>(pool, POOL_CAP);
  return cap - min(load<u32>(pool, POOL_USED), cap) + load<u32>(pool, POOL_FREE_COUNT);
}

/** Rows handed out and not given back. */
export function poolLive(pool: usize): u32 {
  return load<u32>(pool, POOL_USED) - 1 - load<u32>(pool, POOL_FREE_COUNT);
}

/** One past the highest row number ever handed out: sweeps go from 1 to here. */
export function poolEnd(pool: usize): u32 {
  return load<u32>(pool, POOL_USED);
}

/** Makes room for at least `rows` more. Reserve-type call: never while a batch runs. */
export function poolGrow(pool: usize, rows: u32): bool {
  while (poolRoom(pool) < rows) {
    const cap = load<u32>(pool, POOL_CAP);
    const segment = cap >> SEGMENT_SHIFT;
    if (<usize>segment >= MAX_SEGMENTS) return false;
    const ptr = reserveRaw(<usize>SEGMENT_ROWS * <usize>load<u32>(pool, POOL_ROW_BYTES));
    const stack = reserveRaw((<usize>SEGMENT_ROWS) << 2);
    if (ptr == 0 || stack == 0) return false;
    store<u32>(<usize>load<u32>(pool, POOL_SEGMENTS) + (segment << 2), <u32>ptr);
    store<u32>(<usize>load<u32>(pool, POOL_STACKS) + (segment << 2), <u32>stack);
    store<u32>(pool, cap + SEGMENT_ROWS, POOL_CAP);
  }
  return true;
}

/** Takes a row. The caller made sure that poolRoom > 0. The row's bytes are whatever its last owner left. */
export function poolTake(pool: usize): u32 {
  const free = load<u32>(pool, POOL_FREE_COUNT);
  if (free != 0) {
    store<u32>(pool, free - 1, POOL_FREE_COUNT);
    return load<u32>(stackAt(pool, free - 1));
  }
  const index = load<u32>(pool, POOL_USED);
  assert(index < load<u32>(pool, POOL_CAP));
  store<u32>(pool, index + 1, POOL_USED);
  return index;
}

/** Gives a row back. */
export function poolGive(pool: usize, index: u32): void {
  const free = load<u32>(pool, POOL_FREE_COUNT);
  store<u32>(stackAt(pool, free), index);
  store<u32>(pool, free + 1, POOL_FREE_COUNT);
}

/** A block that doubles: copies `used` bytes into a new block of `bytes`, releases the old. 0 = out of memory. */
export function regrow(ptr: usize, oldBytes: usize, used: usize, bytes: usize): usize {
  const fresh = reserve(bytes);
  if (fresh == 0) return 0;
  if (ptr != 0) {
    memory.copy(fresh, ptr, used);
    release(ptr, oldBytes);
  }
  return fresh;
}
