// Canonical order inside a slot (semantics 7.1): by second, then ACCEPTed before REJECTed, then the smaller source
// endpoint, then flags. Two counting passes over (row, key) entries: O(rows), no comparisons.

import { release, reserve } from "../memory/arena";
import { ACTION_REJECT } from "../shared/codes";
import {
  BIT_ACTION_MASK,
  BIT_FLAGS_SHIFT,
  BIT_SKIPDATA,
  BIT_SRC_LARGER,
  ROW_BITS,
  ROW_START,
  SLOT_SECONDS,
} from "../shared/layout";

// Entry: [row u32][key u32].
let first: usize = 0;
let second: usize = 0;
let cap: u32 = 0;
// rank: SKIPDATA 0 (windows are known before the records of their second), then 64 ranks.
const RANKS: u32 = 65;
const RANK_BITS: u32 = 7;
const RANK_MASK: u32 = 127;
const rankCounts: usize = memory.data(65 * 4, 16);
const secondCounts: usize = memory.data(300 * 4, 16);

export function orderRoom(rows: u32): bool {
  return rows <= cap;
}

/** Reserve-type call. */
export function orderReserve(rows: u32): bool {
  if (rows <= cap) return true;
  release(first, (<usize>cap) << 3);
  release(second, (<usize>cap) << 3);
  cap = rows + (rows >> 2);
  first = reserve((<usize>cap) << 3);
  second = reserve((<usize>cap) << 3);
  return first != 0 && second != 0;
}

/** The two scratch arrays of 8 bytes per row. Valid until the next reserve. */
export function orderScratch(which: u32): usize {
  return which == 0 ? first : second;
}

/** Puts a row into the first scratch array, with what it is sorted by inside its slot. */
export function orderEntry(i: u32, row: usize): void {
  const entry = first + ((<usize>i) << 3);
  store<u32>(entry, <u32>row);
  store<u32>(entry, keyOf(load<u32>(row, ROW_BITS), load<u32>(row, ROW_START)), 4);
}

/** Row of an entry of the first scratch array. */
export function orderedRow(i: u32): usize {
  return <usize>load<u32>(first + ((<usize>i) << 3));
}

function keyOf(bits: u32, start: u32): u32 {
  const within = (start % SLOT_SECONDS) << RANK_BITS;
  if (bits & BIT_SKIPDATA) return within;
  const reject: u32 = (bits & BIT_ACTION_MASK) == ACTION_REJECT ? 32 : 0;
  const larger: u32 = bits & BIT_SRC_LARGER ? 16 : 0;
  return within | (1 + (reject | larger | ((bits >> BIT_FLAGS_SHIFT) & 15)));
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

/** Sorts the `count` entries of the first scratch array by key; they end up there again. */
export function orderEntries(count: u32): void {
  if (count < 2) return;
  memory.fill(rankCounts, 0, RANKS << 2);
  memory.fill(secondCounts, 0, SLOT_SECONDS << 2);
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(first + ((<usize>i) << 3), 4);
    const rank = rankCounts + ((key & RANK_MASK) << 2);
    store<u32>(rank, load<u32>(rank) + 1);
    const sec = secondCounts + ((key >> RANK_BITS) << 2);
    store<u32>(sec, load<u32>(sec) + 1);
  }
  prefixSums(rankCounts, RANKS);
  prefixSums(secondCounts, SLOT_SECONDS);
  scatter(first, second, count, rankCounts, 0, RANK_MASK);
  scatter(second, first, count, secondCounts, RANK_BITS, 0xffffffff);
}

function scatter(from: usize, to: usize, count: u32, counts: usize, shift: u32, mask: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u64>(from + ((<usize>i) << 3));
    const at = counts + (((<u32>(entry >> 32) & mask) >> shift) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u64>(to + ((<usize>place) << 3), entry);
  }
}
