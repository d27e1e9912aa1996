// The slots of log time (semantics 7.1): which rows wait in which slot, how many records each slot holds, and how far a
// look-ahead reaches. The answer depends on the counts only, never on arrival.

import { release, reserve } from "../memory/arena";
import { mix64 } from "../memory/hash";
import { SLOT_SECONDS } from "../shared/layout";
import { LIST_COUNT } from "./lists";

// Per bucket: [slot + 1 u32][status OK records u32][list of waiting rows, LIST_BYTES]
const ENTRY: usize = 32;
const ENTRY_RECORDS: usize = 4;
const ENTRY_LIST: usize = 8;
let table: usize = 0;
let cap: u32 = 0;
let live: u32 = 0;
let recent: usize = 0; // bucket asked for last: most records follow one of their own slot

let minSlot: u32 = 0xffffffff; // over the slots that wait
export let maxSlot: u32 = 0;
let pendingRecords: u64 = 0; // status OK records in waiting slots
// Of those, in closed slots.
let closedRecords: u64 = 0;
/** Slots below this are closed (one past the highest closed slot). */
export let closedEnd: u32 = 0;
/** Slots below this were judged. */
export let judgedEnd: u32 = 0;

let lookSlots: u32 = 3;
let lookMin: u64 = 1000000;
let lookMax: u64 = 8000000;

export function slotsInit(): bool {
  cap = 1 << 10;
  table = reserve(<usize>cap * ENTRY);
  recent = table;
  return table != 0;
}

export function setLookAhead(slots: u32, minRecords: u32, maxRecords: u32): void {
  lookSlots = slots;
  lookMin = minRecords;
  lookMax = maxRecords;
}

export function slotOf(start: u32): u32 {
  return start / SLOT_SECONDS;
}

function bucketOf(slot: u32): usize {
  if (load<u32>(recent) == slot + 1) return recent;
  const mask = cap - 1;
  let b = <u32>mix64(slot) & mask;
  while (true) {
    const entry = table + <usize>b * ENTRY;
    const have = load<u32>(entry);
    if (have == 0 || have == slot + 1) {
      recent = entry;
      return entry;
    }
    b = (b + 1) & mask;
  }
}

export function slotsRoom(): u32 {
  return (cap >> 1) - live;
}

/** Makes room for `count` new slots; forgets judged ones. Reserve-type call. */
export function slotsReserve(count: u32): bool {
  let keep: u32 = 0;
  for (let b: u32 = 0; b < cap; b++) {
    const have = load<u32>(table + <usize>b * ENTRY);
    if (have != 0 && have - 1 >= judgedEnd) keep++;
  }
  let fresh = cap;
  while ((keep + count) * 2 > fresh) fresh <<= 1;
  const old = table;
  const oldCap = cap;
  table = reserve(<usize>fresh * ENTRY);
  if (table == 0) {
    table = old;
    return false;
  }
  cap = fresh;
  recent = table;
  for (let b: u32 = 0; b < oldCap; b++) {
    const entry = old + <usize>b * ENTRY;
    const have = load<u32>(entry);
    if (have != 0 && have - 1 >= judgedEnd) memory.copy(bucketOf(have - 1), entry, ENTRY);
  }
  live = keep;
  release(old, <usize>oldCap * ENTRY);
  return true;
}

function entryFor(slot: u32): usize {
  const entry = bucketOf(slot);
  if (load<u32>(entry) == 0) {
    memory.fill(entry, 0, ENTRY);
    store<u32>(entry, slot + 1);
    live++;
  }
  if (slot < minSlot) minSlot = slot;
  if (slot > maxSlot) maxSlot = slot;
  return entry;
}

/** A line of this slot was read, whoever judges it: slots well before it may close (7.1). */
export function slotSeen(slot: u32): void {
  if (slot > maxSlot) maxSlot = slot;
}

/** Counts a status OK record of a slot that is not closed, whoever judges it. */
export function slotCount(slot: u32): void {
  const entry = entryFor(slot);
  store<u32>(entry, load<u32>(entry, ENTRY_RECORDS) + 1, ENTRY_RECORDS);
  pendingRecords++;
}

/** The list of a slot that is to hold something. Valid until the next reserve; the caller made sure of room. */
export function slotListFor(slot: u32): usize {
  return entryFor(slot) + ENTRY_LIST;
}

export function slotRows(slot: u32): u32 {
  const entry = bucketOf(slot);
  return load<u32>(entry) == 0 ? 0 : load<u32>(entry, ENTRY_LIST + LIST_COUNT);
}

/** The list of a slot that holds something. Valid until the next reserve. */
export function slotList(slot: u32): usize {
  return bucketOf(slot) + ENTRY_LIST;
}

function recordsOf(slot: u32): u64 {
  const entry = bucketOf(slot);
  return load<u32>(entry) == 0 ? 0 : <u64>load<u32>(entry, ENTRY_RECORDS);
}

/** The next slot to judge; 0xffffffff when nothing waits. O(gap). */
export function nextSlot(): u32 {
  if (minSlot == 0xffffffff) return minSlot;
  let s = minSlot;
  while (s <= maxSlot) {
    if (load<u32>(bucketOf(s)) != 0) {
      minSlot = s;
      return s;
    }
    s++;
  }
  minSlot = 0xffffffff;
  return minSlot;
}

/**
 * Last slot of the look-ahead of `slot`, the lowest that was not judged; 0xffffffff when more input is needed to know it.
 * Look-aheads never end before the one before them, and closed slots never change: the search goes on behind them.
 * O(slots closed next), over a whole log O(slots).
 */
export function lookAheadEnd(slot: u32, final: bool): u32 {
  const own = recordsOf(slot);
  if (!final && pendingRecords - own < min(lookMin, lookMax)) return 0xffffffff;
  let end = slot;
  let records: u64 = 0;
  if (closedEnd > slot) {
    end = closedEnd - 1;
    records = closedRecords - own;
  }
  while (true) {
    if ((end - slot >= lookSlots && records >= lookMin) || records >= lookMax) return end;
    if (end >= maxSlot) return final ? end : 0xffffffff;
    end++;
    records += recordsOf(end);
  }
}

/** Closes the slots below `end`. O(slots closed). */
export function closeUpTo(end: u32): void {
  for (let slot = max(closedEnd, minSlot); slot < end; slot++) closedRecords += recordsOf(slot);
  closedEnd = max(closedEnd, end);
}

/** The slot was judged: nothing of it waits any more. */
export function slotDone(slot: u32): void {
  const records = recordsOf(slot);
  pendingRecords -= records;
  closedRecords -= records;
  store<u32>(bucketOf(slot), 0, ENTRY_RECORDS);
  judgedEnd = slot + 1;
  minSlot = slot + 1 > maxSlot ? 0xffffffff : slot + 1;
}
