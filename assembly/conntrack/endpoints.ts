// Fan-out evidence (semantics 4.3): one entry per (interface, protocol, address, port), with a 64-bit sketch of the far
// endpoints it was seen with in its latest epoch; earlier ones are in epochs.ts. Bounded; what no slot still to be judged
// can ask for goes first.

import { release, reserve } from "../memory/arena";
import { hash2, mix64 } from "../memory/hash";
import { count } from "../evaluate/counters";
import { judgedEnd, maxSlot } from "../lookahead/slots";
import {
  COUNT_ENDPOINTS_EVICTED,
  ENDPOINT_BYTES,
  ENDPOINT_FIRST,
  ENDPOINT_KEY,
  ENDPOINT_LAST,
  ENDPOINT_SKETCH,
  ENDPOINT_SLOTS,
} from "../shared/layout";
import {
  dropDeadEpochs,
  dropEpochs,
  epochAt,
  epochsInit,
  epochsLive,
  epochsReserve,
  epochsRoom,
  epochsSince,
  firstSlot,
  lastSlot,
  MARKED,
  retireEpoch,
  SLOT_MASK,
} from "./epochs";

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
  const usable = cap - cap / 6;
  return usable - min(usable, load<u32>(partAt(part), 8));
}

/** Endpoints that can be added whatever their keys are. O(PARTS). */
export function endpointsRoom(): u32 {
  let room = min(epochsRoom(), partRoom(0));
  for (let part: u32 = 1; part < PARTS; part++) room = min(room, partRoom(part));
  return room;
}

function keyOf(face: u32, protocol: u32, high: u64, low: u64, port: u32): u64 {
  const key = hash2(hash2(high, low), ((<u64>face) << 32) | ((<u64>port) << 16) | <u64>protocol);
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

/** The sketch bit of a far endpoint: part of the specification (4.3). */
export function sketchBit(high: u64, low: u64, port: u32): u64 {
  return (<u64>1) << (mix64(mix64(mix64(high) ^ low) ^ <u64>port) >> 58);
}

function isDead(entry: usize): bool {
  return lastSlot(entry) + ENDPOINT_SLOTS < judgedEnd;
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
    if (isDead(entry)) {
      dropEpochs(entry, SLOT_MASK);
      continue;
    }
    if (lastSlot(entry) < cutoff) {
      dropped += 1 + dropEpochs(entry, SLOT_MASK);
      continue;
    }
    dropDeadEpochs(entry);
    dropped += dropEpochs(entry, cutoff);
    let at = seek(key);
    while (load<u64>(entryAt(at), ENDPOINT_KEY) != 0) at = after(at);
    memory.copy(entryAt(at), entry, ENDPOINT_BYTES);
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
    if (load<u64>(entry, ENDPOINT_KEY) == 0 || isDead(entry) || lastSlot(entry) < cutoff) continue;
    found++;
    if (earlier) found += epochsSince(entry, cutoff);
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

// Five eighths full afterwards, so that the next rebuild is some inserts away.
function capFor(keep: u32, rows: u32): u32 {
  return max(FIRST_CAP, ((keep + rows) << 3) / 5);
}

/** The endpoint was seen with a far one in `slot`. The caller made sure of room. */
export function touchEndpoint(
  face: u32,
  protocol: u32,
  high: u64,
  low: u64,
  port: u32,
  bit: u64,
  farPort: u32,
  slot: u32,
): void {
  const key = keyOf(face, protocol, high, low, port);
  const mark: u32 = farPort < 1024 ? MARKED : 0;
  for (let at = seek(key); ; at = after(at)) {
    const entry = entryAt(at);
    const have = load<u64>(entry, ENDPOINT_KEY);
    if (have == 0) {
      live++;
      store<u32>(place, load<u32>(place, 8) + 1, 8);
      store<u64>(entry, key, ENDPOINT_KEY);
      store<u64>(entry, bit, ENDPOINT_SKETCH);
      store<u32>(entry, slot, ENDPOINT_FIRST);
      store<u32>(entry, slot | mark, ENDPOINT_LAST);
      return;
    }
    if (have != key) continue;
    if (slot > lastSlot(entry) + ENDPOINT_SLOTS) {
      // The epoch so far stays for the slots that still ask for it.
      retireEpoch(entry, slot);
      store<u64>(entry, bit, ENDPOINT_SKETCH);
      store<u32>(entry, slot | mark, ENDPOINT_LAST);
      return;
    }
    // A late record may belong to an earlier one.
    const epoch = slot < firstSlot(entry) ? epochAt(entry, slot) : entry;
    const last = load<u32>(epoch, ENDPOINT_LAST);
    store<u64>(epoch, load<u64>(epoch, ENDPOINT_SKETCH) | bit, ENDPOINT_SKETCH);
    store<u32>(epoch, max(last & SLOT_MASK, slot) | (last & MARKED) | mark, ENDPOINT_LAST);
    return;
  }
}

/** The endpoint in the epoch that a record of `slot` asks for; 0 = none. */
export function endpointAt(
  face: u32,
  protocol: u32,
  high: u64,
  low: u64,
  port: u32,
  slot: u32,
): usize {
  const key = keyOf(face, protocol, high, low, port);
  let at = seek(key);
  while (load<u64>(entryAt(at), ENDPOINT_KEY) != key) {
    if (load<u64>(entryAt(at), ENDPOINT_KEY) == 0) return 0;
    at = after(at);
  }
  return epochAt(entryAt(at), slot);
}

/** Distinct far endpoints by the sketch; 0 for no entry. */
export function fanOut(entry: usize): u32 {
  return entry == 0 ? 0 : <u32>popcnt(load<u64>(entry, ENDPOINT_SKETCH));
}

/** Whether some far port was below 1024. */
export function isMarked(entry: usize): bool {
  return entry != 0 && (load<u32>(entry, ENDPOINT_LAST) & MARKED) != 0;
}
