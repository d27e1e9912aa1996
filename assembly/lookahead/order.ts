// Canonical order inside a slot (semantics 7.1): by second, then ACCEPTed before REJECTed, then the smaller source
// endpoint, then flags. Two counting passes over row numbers: O(rows), no comparisons.

import { release, reserve } from "../memory/arena";
import {
  BIT_ACTION_MASK,
  BIT_FLAGS_SHIFT,
  BIT_SKIPDATA,
  BIT_SRC_LARGER,
  ROW_BITS,
  ROW_NEXT,
  ROW_START,
  SLOT_SECONDS,
} from "../shared/layout";
import { ACTION_REJECT } from "../shared/codes";
import { rowPtr } from "./rows";

let first: usize = 0;
let second: usize = 0;
let cap: u32 = 0;
// rank: SKIPDATA 0 (windows are known before the records of their second), then 64 ranks.
const RANKS: u32 = 65;
const rankCounts: usize = memory.data(65 * 4, 16);
const secondCounts: usize = memory.data(301 * 4, 16);

export function orderRoom(rows: u32): bool {
  return rows <= cap;
}

/** Reserve-type call. */
export function orderReserve(rows: u32): bool {
  if (rows <= cap) return true;
  release(first, (<usize>cap) << 2);
  release(second, (<usize>cap) << 2);
  cap = rows + (rows >> 2);
  first = reserve((<usize>cap) << 2);
  second = reserve((<usize>cap) << 2);
  return first != 0 && second != 0;
}

function rankOf(bits: u32): u32 {
  if (bits & BIT_SKIPDATA) return 0;
  const reject: u32 = (bits & BIT_ACTION_MASK) == ACTION_REJECT ? 32 : 0;
  const larger: u32 = bits & BIT_SRC_LARGER ? 16 : 0;
  return 1 + (reject | larger | ((bits >> BIT_FLAGS_SHIFT) & 15));
}

function prefixSums(counts: usize, entries: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < entries; i++) {
    const at = counts + (i << 2);
    const n = load<u32>(at);
    store<u32>(at, sum);
    sum += n;
  }
}

/** Reorders the chain of `count` rows of `slot`; returns its new head. The caller made sure of room. */
export function orderChain(head: u32, count: u32, slot: u32): u32 {
  if (count < 2) return head;
  memory.fill(rankCounts, 0, RANKS << 2);
  memory.fill(secondCounts, 0, 301 << 2);
  const base = slot * SLOT_SECONDS;
  let row = head;
  for (let i: u32 = 0; i < count; i++) {
    const ptr = rowPtr(row);
    store<u32>(first + ((<usize>i) << 2), row);
    const rank = rankCounts + (rankOf(load<u32>(ptr, ROW_BITS)) << 2);
    store<u32>(rank, load<u32>(rank) + 1);
    const sec = secondCounts + ((load<u32>(ptr, ROW_START) - base) << 2);
    store<u32>(sec, load<u32>(sec) + 1);
    row = load<u32>(ptr, ROW_NEXT);
  }
  prefixSums(rankCounts, RANKS);
  prefixSums(secondCounts, SLOT_SECONDS);
  for (let i: u32 = 0; i < count; i++) {
    const r = load<u32>(first + ((<usize>i) << 2));
    const at = rankCounts + (rankOf(load<u32>(rowPtr(r), ROW_BITS)) << 2);
    const to = load<u32>(at);
    store<u32>(at, to + 1);
    store<u32>(second + ((<usize>to) << 2), r);
  }
  for (let i: u32 = 0; i < count; i++) {
    const r = load<u32>(second + ((<usize>i) << 2));
    const at = secondCounts + ((load<u32>(rowPtr(r), ROW_START) - base) << 2);
    const to = load<u32>(at);
    store<u32>(at, to + 1);
    store<u32>(first + ((<usize>to) << 2), r);
  }
  for (let i: u32 = 0; i + 1 < count; i++)
    store<u32>(
      rowPtr(load<u32>(first + ((<usize>i) << 2))),
      load<u32>(first + ((<usize>(i + 1)) << 2)),
      ROW_NEXT,
    );
  store<u32>(rowPtr(load<u32>(first + ((<usize>(count - 1)) << 2))), 0, ROW_NEXT);
  return load<u32>(first);
}

/** The two scratch arrays of u32 row numbers, for other orders of the same rows. Valid until the next reserve. */
export function orderScratch(which: u32): usize {
  return which == 0 ? first : second;
}
