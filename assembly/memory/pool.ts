// A pool of equal rows that grows by whole segments, so that growing never copies and never doubles the peak.
// A pool is a small block: [segments ptr][rows cap][row bytes][used][free head]; rows are numbered from 1 (0 = none).
// Freed rows are chained through a u32 at `linkOff` of the row.

import { release, reserve } from "./arena";

const SEGMENT_SHIFT: u32 = 14;
const SEGMENT_ROWS: u32 = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK: u32 = SEGMENT_ROWS - 1;
const MAX_SEGMENTS: usize = 4096;

const POOL_SEGMENTS: usize = 0;
const POOL_CAP: usize = 4;
const POOL_ROW_BYTES: usize = 8;
const POOL_USED: usize = 12;
const POOL_FREE: usize = 16;
const POOL_FREE_COUNT: usize = 20;
const POOL_LINK: usize = 24;
const POOL_BYTES: usize = 32;

/** New empty pool; 0 when out of memory. */
export function poolCreate(rowBytes: u32, linkOff: u32): usize {
  const pool = reserve(POOL_BYTES);
  const segments = reserve(MAX_SEGMENTS << 2);
  if (pool == 0 || segments == 0) return 0;
  store<u32>(pool, <u32>segments, POOL_SEGMENTS);
  store<u32>(pool, rowBytes, POOL_ROW_BYTES);
  store<u32>(pool, linkOff, POOL_LINK);
  store<u32>(pool, 1, POOL_USED); // row 0 is never handed out
  return pool;
}

/** Pointer of a row; valid for the pool's life (segments never move). */
export function poolRow(pool: usize, index: u32): usize {
  const segments = <usize>load<u32>(pool, POOL_SEGMENTS);
  const segment = <usize>load<u32>(segments + ((index >> SEGMENT_SHIFT) << 2));
  return segment + <usize>((index & SEGMENT_MASK) * load<u32>(pool, POOL_ROW_BYTES));
}

/** Rows that can be taken before poolGrow must be called. */
export function poolRoom(pool: usize): u32 {
  return (
    load<u32>(pool, POOL_CAP) -
    min(load<u32>(pool, POOL_USED), load<u32>(pool, POOL_CAP)) +
    load<u32>(pool, POOL_FREE_COUNT)
  );
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
    const ptr = reserve(<usize>SEGMENT_ROWS * <usize>load<u32>(pool, POOL_ROW_BYTES));
    if (ptr == 0) return false;
    store<u32>(<usize>load<u32>(pool, POOL_SEGMENTS) + (segment << 2), <u32>ptr);
    store<u32>(pool, cap + SEGMENT_ROWS, POOL_CAP);
  }
  return true;
}

/** Takes a row. The caller made sure that poolRoom > 0. The row's bytes are whatever its last owner left. */
export function poolTake(pool: usize): u32 {
  const free = load<u32>(pool, POOL_FREE);
  if (free != 0) {
    const row = poolRow(pool, free);
    store<u32>(pool, load<u32>(row + <usize>load<u32>(pool, POOL_LINK)), POOL_FREE);
    store<u32>(pool, load<u32>(pool, POOL_FREE_COUNT) - 1, POOL_FREE_COUNT);
    return free;
  }
  const index = load<u32>(pool, POOL_USED);
  assert(index < load<u32>(pool, POOL_CAP));
  store<u32>(pool, index + 1, POOL_USED);
  return index;
}

/** Gives a row back. */
export function poolGive(pool: usize, index: u32): void {
  const row = poolRow(pool, index);
  store<u32>(row + <usize>load<u32>(pool, POOL_LINK), load<u32>(pool, POOL_FREE));
  store<u32>(pool, index, POOL_FREE);
  store<u32>(pool, load<u32>(pool, POOL_FREE_COUNT) + 1, POOL_FREE_COUNT);
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
