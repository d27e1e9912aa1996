// Fan-out evidence (semantics 4.3): one entry per (interface, protocol, address, port), with a word of the far endpoints
// (far-ends.ts) it was seen with in its latest epoch. Most have one far endpoint and one epoch: 16 bytes tell all of those;
// the others have a row in epochs.ts. Bounded; what no slot still to be judged can ask for goes first.

import { release, reserve } from "../memory/arena";
import { hash2 } from "../memory/hash";
import { count } from "../evaluate/counters";
import { judgedEnd, maxSlot } from "../lookahead/slots";
import {
  COUNT_ENDPOINTS_EVICTED,
  ENDPOINT_BYTES,
  ENDPOINT_KEY,
  ENDPOINT_SLOTS,
  ENDPOINT_WHAT,
  EPOCH_FIRST,
  EPOCH_LAST,
  EPOCH_FAR_ENDS,
} from "../shared/layout";
import {
  dropDeadEpochs,
  dropEndpoint,
  dropEpochs,
  epochAt,
  epochPtr,
  epochsInit,
  epochsLive,
  epochsReserve,
  epochsRoom,
  epochsSince,
  lastSlot,
  MARKED,
  newEpoch,
  retireEpoch,
  SLOT_MASK,
} from "./epochs";
import { FAR_BITS, farEndCount, withFarEnd, withFarEnds } from "./far-ends";

// What an entry says. Alone: one far endpoint, one epoch: marked at 0 · its fingerprint at 1 · first slot at 15 · last at 39.
// Else WITH_ROW and the number of its row.
const WITH_ROW: u64 = 1 << 63;
const ALONE_MARKED: u64 = 1;
const ALONE_FAR_SHIFT: u64 = 1;
const ALONE_FAR_MASK: u64 = ((<u64>1) << FAR_BITS) - 1;
const ALONE_FIRST_SHIFT: u64 = 15;
const ALONE_LAST_SHIFT: u64 = 39;
const ALONE_SLOT_MASK: u64 = 0xffffff; // the last second of 32 bits lies in slot 14,316,557

/** In the answer of fanAt: some far port was below 1024. */
export const FAN_MARKED: u32 = 128;
const FAN_MASK: u32 = 127;

// The table is cut into PARTS by the upper bits of the key: growing needs room for one part twice, not for all.
const PARTS: u32 = 64;
// Per part: [pointer u32][buckets u32][live u32]
const PART: usize = 12;
const parts: usize = memory.data(64 * 12, 16);
let live: u32 = 0;
let limit: u32 = 0;

const FIRST_CAP: u32 = 256;

function partAt(part: u32): usize {
  return parts + <usize>part * PART;
}

export function endpointsInit(maxEndpoints: u32): bool {
  limit = maxEndpoints;
  if (!epochsInit()) return false;
  for (let part: u32 = 0; part < PARTS; part++) if (!rebuild(part, FIRST_CAP, 0)) return false;
  return true;
}

function partRoom(part: u32): u32 {
  const cap = load<u32>(partAt(part), 4);
  const usable = cap - cap / 5;
  return usable - min(usable, load<u32>(partAt(part), 8));
}

/** Endpoints that can be added whatever their keys are. O(PARTS). */
export function endpointsRoom(): u32 {
  let room = min(epochsRoom(), partRoom(0));
  for (let part: u32 = 1; part < PARTS; part++) room = min(room, partRoom(part));
  return room;
}

/** Key of an endpoint, never 0: a fingerprint. Evidence may rest on it; connections are keyed exactly. */
export function endpointKey(face: u32, protocol: u32, high: u64, low: u64, port: u32): u64 {
  const where = ((<u64>face) << 32) | ((<u64>port) << 16) | <u64>protocol;
  const key = hash2(high == 0 ? low : hash2(high, low), where);
  return key == 0 ? 1 : key;
}

// The part of a key, and its first bucket there: by multiplication, which keeps the order of keys, so that a rebuild
// reads and writes memory in order and a part may have any number of buckets.
let base: usize = 0;
let cap: u32 = 0;
let place: usize = 0; // of the part in `parts`
function seek(key: u64): u32 {
  place = partAt(<u32>(key >> 58));
  base = load<u32>(place);
  cap = load<u32>(place, 4);
  return <u32>((((key >> 26) & 0xffffffff) * <u64>cap) >> 32);
}

function after(at: u32): u32 {
  return at + 1 == cap ? 0 : at + 1;
}

function entryAt(at: u32): usize {
  return base + <usize>at * ENDPOINT_BYTES;
}

// The entry of a key, or the empty one where it belongs.
function entryOf(key: u64): usize {
  let at = seek(key);
  while (true) {
    const entry = entryAt(at);
    const have = load<u64>(entry, ENDPOINT_KEY);
    if (have == key || have == 0) return entry;
    at = after(at);
  }
}

/** Reads the first cache line that a search for the key will need; the sum keeps the load from being dropped. */
export function touchEntry(key: u64): u32 {
  return load<u32>(entryAt(seek(key)));
}

function aloneFar(what: u64): u32 {
  return <u32>((what >> ALONE_FAR_SHIFT) & ALONE_FAR_MASK);
}

function lastOf(what: u64): u32 {
  if (what & WITH_ROW) return lastSlot(epochPtr(<u32>what));
  return <u32>((what >> ALONE_LAST_SHIFT) & ALONE_SLOT_MASK);
}

function isDead(last: u32): bool {
  return last + ENDPOINT_SLOTS < judgedEnd;
}

// A part into `fresh` buckets, without dead entries and those last touched before `cutoff`.
function rebuild(part: u32, fresh: u32, cutoff: u32): bool {
  const head = partAt(part);
  const old = <usize>load<u32>(head);
  const oldCap = load<u32>(head, 4);
  const table = reserve(<usize>fresh * ENDPOINT_BYTES);
  if (table == 0) return false;
  live -= load<u32>(head, 8);
  store<u32>(head, <u32>table);
  store<u32>(head, fresh, 4);
  let kept: u32 = 0;
  let dropped: u32 = 0;
  for (let i: u32 = 0; i < oldCap; i++) {
    const entry = old + <usize>i * ENDPOINT_BYTES;
    const key = load<u64>(entry, ENDPOINT_KEY);
    if (key == 0) continue;
    const what = load<u64>(entry, ENDPOINT_WHAT);
    const last = lastOf(what);
    if (isDead(last)) {
      if (what & WITH_ROW) dropEndpoint(<u32>what);
      continue;
    }
    if (last < cutoff) {
      dropped += 1 + (what & WITH_ROW ? dropEndpoint(<u32>what) : 0);
      continue;
    }
    if (what & WITH_ROW) {
      dropDeadEpochs(epochPtr(<u32>what));
      dropped += dropEpochs(epochPtr(<u32>what), cutoff);
    }
    let at = seek(key);
    while (load<u64>(entryAt(at), ENDPOINT_KEY) != 0) at = after(at);
    v128.store(entryAt(at), v128.load(entry));
    kept++;
  }
  store<u32>(head, kept, 8);
  live += kept;
  count(COUNT_ENDPOINTS_EVICTED, dropped);
  release(old, <usize>oldCap * ENDPOINT_BYTES);
  return true;
}

// Live entries of a part last touched in `cutoff` or later; `earlier` = their earlier epochs since then too.
function countPart(part: u32, cutoff: u32, earlier: bool): u32 {
  const head = partAt(part);
  const from = <usize>load<u32>(head);
  const buckets = load<u32>(head, 4);
  let found: u32 = 0;
  for (let i: u32 = 0; i < buckets; i++) {
    const entry = from + <usize>i * ENDPOINT_BYTES;
    if (load<u64>(entry, ENDPOINT_KEY) == 0) continue;
    const what = load<u64>(entry, ENDPOINT_WHAT);
    const last = lastOf(what);
    if (isDead(last) || last < cutoff) continue;
    found++;
    if (earlier && what & WITH_ROW) found += epochsSince(epochPtr(<u32>what), cutoff);
  }
  return found;
}

function countSince(cutoff: u32): u32 {
  let found: u32 = 0;
  for (let part: u32 = 0; part < PARTS; part++) found += countPart(part, cutoff, true);
  return found;
}

// The earliest slot before which everything may go so that at most half the limit stays. Bisected: sparse logs touch
// about as many slots as endpoints, and passing over the table once for each would never end.
function evictionCutoff(): u32 {
  let low: u32 = 0;
  let high = maxSlot + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (countSince(middle) <= limit >> 1) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Makes room for `rows` more endpoints. Reserve-type call; O(buckets of the parts that it rebuilds). */
export function endpointsReserve(rows: u32): bool {
  // Over the limit: the slots touched longest ago go, in all parts alike, until half of it is free.
  if (live + epochsLive() + rows > limit) {
    const keep = countSince(0);
    // Where dropping the dead ones alone would bring us back here soon, live ones go too.
    const cutoff = keep + rows > limit - (limit >> 4) ? evictionCutoff() : 0;
    for (let part: u32 = 0; part < PARTS; part++)
      if (!rebuild(part, capFor(countPart(part, cutoff, false), rows), cutoff)) return false;
  }
  for (let part: u32 = 0; part < PARTS; part++) {
    if (partRoom(part) >= rows) continue;
    if (!rebuild(part, capFor(countPart(part, 0, false), rows), 0)) return false;
  }
  return epochsReserve(rows);
}

// Half full afterwards, so that the next rebuild is many inserts away: an entry is copied about twice over.
function capFor(keep: u32, rows: u32): u32 {
  return max(FIRST_CAP, (keep + rows) << 1);
}

/**
 * The endpoint of the key was seen in `slot` with a far one: its fingerprint, and whether its port is below 1024. The caller
 * made sure of room.
 */
export function touchEndpoint(key: u64, far: u32, marks: bool, slot: u32): void {
  const entry = entryOf(key);
  if (load<u64>(entry, ENDPOINT_KEY) == 0) {
    live++;
    store<u32>(place, load<u32>(place, 8) + 1, 8);
    store<u64>(entry, key, ENDPOINT_KEY);
    store<u64>(entry, alone(far, marks, slot, slot), ENDPOINT_WHAT);
    return;
  }
  const what = load<u64>(entry, ENDPOINT_WHAT);
  if (!(what & WITH_ROW)) {
    const last = <u32>((what >> ALONE_LAST_SHIFT) & ALONE_SLOT_MASK);
    if (aloneFar(what) == far && slot <= last + ENDPOINT_SLOTS) {
      const marked = marks || (what & ALONE_MARKED) != 0;
      const first = <u32>((what >> ALONE_FIRST_SHIFT) & ALONE_SLOT_MASK);
      store<u64>(entry, alone(far, marked, first, max(last, slot)), ENDPOINT_WHAT);
      return;
    }
  }
  const mark: u32 = marks ? MARKED : 0;
  const own = epochPtr(what & WITH_ROW ? <u32>what : giveRow(entry, what));
  if (slot > lastSlot(own) + ENDPOINT_SLOTS) {
    // The epoch so far stays for the slots that still ask for it.
    retireEpoch(own, slot, far, mark);
    return;
  }
  // A late record may belong to an earlier one.
  const epoch = slot < load<u32>(own, EPOCH_FIRST) ? epochAt(own, slot) : own;
  const last = load<u32>(epoch, EPOCH_LAST);
  store<u64>(epoch, withFarEnd(load<u64>(epoch, EPOCH_FAR_ENDS), far), EPOCH_FAR_ENDS);
  store<u32>(epoch, max(last & SLOT_MASK, slot) | (last & MARKED) | mark, EPOCH_LAST);
}

function alone(far: u32, marked: bool, first: u32, last: u32): u64 {
  return (
    ((<u64>last) << ALONE_LAST_SHIFT) |
    ((<u64>first) << ALONE_FIRST_SHIFT) |
    ((<u64>far) << ALONE_FAR_SHIFT) |
    (marked ? ALONE_MARKED : 0)
  );
}

// The entry gets a row of its own; returns its number.
function giveRow(entry: usize, what: u64): u32 {
  const row = newEpoch(
    aloneFar(what),
    <u32>((what >> ALONE_FIRST_SHIFT) & ALONE_SLOT_MASK),
    lastOf(what) | (what & ALONE_MARKED ? MARKED : 0),
  );
  store<u64>(entry, WITH_ROW | <u64>row, ENDPOINT_WHAT);
  return row;
}

/**
 * What the endpoint of the key shows in the epoch that a record of `slot` asks for: distinct far endpoints, and
 * FAN_MARKED; 0 = it was not seen.
 */
export function fanAt(key: u64, slot: u32): u32 {
  const entry = entryOf(key);
  if (load<u64>(entry, ENDPOINT_KEY) == 0) return 0;
  const what = load<u64>(entry, ENDPOINT_WHAT);
  if (!(what & WITH_ROW)) {
    if (slot > lastOf(what) + ENDPOINT_SLOTS) return 0;
    return what & ALONE_MARKED ? 1 | FAN_MARKED : 1;
  }
  const epoch = epochAt(epochPtr(<u32>what), slot);
  if (epoch == 0) return 0;
  const marked = load<u32>(epoch, EPOCH_LAST) & MARKED ? FAN_MARKED : 0;
  return <u32>farEndCount(load<u64>(epoch, EPOCH_FAR_ENDS)) | marked;
}

// The epoch found last: its far endpoints, its first slot, its last one with MARKED.
export let epochFarEnds: u64 = 0;
export let epochFirst: u32 = 0;
export let epochLast: u32 = 0;

/** Finds the epoch of the key's endpoint that a record of `slot` asks for, as summaries keep it. False = none. */
export function findEpoch(key: u64, slot: u32): bool {
  const entry = entryOf(key);
  if (load<u64>(entry, ENDPOINT_KEY) == 0) return false;
  const what = load<u64>(entry, ENDPOINT_WHAT);
  if (!(what & WITH_ROW)) {
    epochFarEnds = aloneFar(what);
    epochFirst = <u32>((what >> ALONE_FIRST_SHIFT) & ALONE_SLOT_MASK);
    epochLast = lastOf(what) | (what & ALONE_MARKED ? MARKED : 0);
    return slot <= lastOf(what) + ENDPOINT_SLOTS;
  }
  const epoch = epochAt(epochPtr(<u32>what), slot);
  if (epoch == 0) return false;
  epochFarEnds = load<u64>(epoch, EPOCH_FAR_ENDS);
  epochFirst = load<u32>(epoch, EPOCH_FIRST);
  epochLast = load<u32>(epoch, EPOCH_LAST);
  return true;
}

/**
 * The endpoint of the key as another log saw it in one epoch: its far endpoints, from slot `first` to `last` (with MARKED). Epochs
 * come about in order of time. The caller made sure of room.
 */
export function addEpoch(key: u64, farEnds: u64, first: u32, last: u32): void {
  const entry = entryOf(key);
  if (load<u64>(entry, ENDPOINT_KEY) == 0) {
    live++;
    store<u32>(place, load<u32>(place, 8) + 1, 8);
    store<u64>(entry, key, ENDPOINT_KEY);
    store<u64>(entry, WITH_ROW | <u64>newEpoch(farEnds, first, last), ENDPOINT_WHAT);
    return;
  }
  const what = load<u64>(entry, ENDPOINT_WHAT);
  const own = epochPtr(what & WITH_ROW ? <u32>what : giveRow(entry, what));
  if (first > lastSlot(own) + ENDPOINT_SLOTS) {
    retireEpoch(own, first, farEnds, last & MARKED);
    store<u32>(own, last, EPOCH_LAST);
    return;
  }
  const epoch = first < load<u32>(own, EPOCH_FIRST) ? epochAt(own, first) : own;
  const known = load<u32>(epoch, EPOCH_LAST);
  store<u64>(epoch, withFarEnds(load<u64>(epoch, EPOCH_FAR_ENDS), farEnds), EPOCH_FAR_ENDS);
  store<u32>(
    epoch,
    max(known & SLOT_MASK, last & SLOT_MASK) | ((known | last) & MARKED),
    EPOCH_LAST,
  );
}

/** Distinct far endpoints of an answer. */
export function fanOut(fan: u32): u32 {
  return fan & FAN_MASK;
}
