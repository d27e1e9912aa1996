// Fan-out evidence (semantics 4.3): one entry per (interface, protocol, address, port) and epoch, with a 64-bit sketch
// of the far endpoints it was seen with. Bounded; entries that no slot still to be judged can ask for go first.

import { release, reserve } from "../memory/arena";
import { hash2, mix64 } from "../memory/hash";
import { count } from "../evaluate/counters";
import { judgedEnd } from "../lookahead/slots";
import {
  COUNT_ENDPOINTS_EVICTED,
  ENDPOINT_BYTES,
  ENDPOINT_FIRST,
  ENDPOINT_KEY,
  ENDPOINT_LAST,
  ENDPOINT_SKETCH,
  ENDPOINT_SLOTS,
} from "../shared/layout";

const MARKED: u32 = 0x80000000;
const SLOT_MASK: u32 = 0x7fffffff;

let table: usize = 0;
let cap: u32 = 0; // any number: buckets are found by multiplication, so that a table need not double
let live: u32 = 0;
let limit: u32 = 0;

const FIRST_CAP: u32 = 1 << 14;

export function endpointsInit(maxEndpoints: u32): bool {
  cap = FIRST_CAP;
  limit = max(maxEndpoints, FIRST_CAP);
  table = reserve(<usize>cap * ENDPOINT_BYTES);
  return table != 0;
}

export function endpointsRoom(): u32 {
  const usable = cap - cap / 6;
  return usable - min(usable, live);
}

function keyOf(face: u32, protocol: u32, high: u64, low: u64, port: u32): u64 {
  const key = hash2(mix64(high) ^ low, ((<u64>face) << 32) | ((<u64>port) << 16) | <u64>protocol);
  return key == 0 ? 1 : key;
}

function bucketAt(key: u64): u32 {
  return <u32>(((key >> 32) * <u64>cap) >> 32);
}

function after(at: u32): u32 {
  return at + 1 == cap ? 0 : at + 1;
}

function entryAt(at: u32): usize {
  return table + <usize>at * ENDPOINT_BYTES;
}

/** The sketch bit of a far endpoint: part of the specification (4.3). */
export function sketchBit(high: u64, low: u64, port: u32): u64 {
  return (<u64>1) << (mix64(mix64(mix64(high) ^ low) ^ <u64>port) >> 58);
}

function isDead(entry: usize): bool {
  return (load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK) + ENDPOINT_SLOTS < judgedEnd;
}

// Into a table of `fresh` buckets, without dead entries and those last touched before `cutoff`.
function rebuild(fresh: u32, cutoff: u32): bool {
  const old = table;
  const oldCap = cap;
  table = reserve(<usize>fresh * ENDPOINT_BYTES);
  if (table == 0) {
    table = old;
    return false;
  }
  cap = fresh;
  live = 0;
  let dropped: u32 = 0;
  for (let i: u32 = 0; i < oldCap; i++) {
    const entry = old + <usize>i * ENDPOINT_BYTES;
    const key = load<u64>(entry, ENDPOINT_KEY);
    if (key == 0 || isDead(entry)) continue;
    if ((load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK) < cutoff) {
      dropped++;
      continue;
    }
    let at = bucketAt(key);
    while (load<u64>(entryAt(at), ENDPOINT_KEY) != 0) at = after(at);
    memory.copy(entryAt(at), entry, ENDPOINT_BYTES);
    live++;
  }
  count(COUNT_ENDPOINTS_EVICTED, dropped);
  release(old, <usize>oldCap * ENDPOINT_BYTES);
  return true;
}

// Live entries last touched in `cutoff` or later; their oldest slot goes to `oldest`.
let oldest: u32 = 0;
function countSince(cutoff: u32): u32 {
  let found: u32 = 0;
  oldest = SLOT_MASK;
  for (let i: u32 = 0; i < cap; i++) {
    const entry = entryAt(i);
    const last = load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK;
    if (load<u64>(entry, ENDPOINT_KEY) == 0 || isDead(entry) || last < cutoff) continue;
    oldest = min(oldest, last);
    found++;
  }
  return found;
}

/** Makes room for `rows` more endpoints. Reserve-type call; O(capacity) when it has to rebuild. */
export function endpointsReserve(rows: u32): bool {
  if (endpointsRoom() >= rows) return true;
  let keep = countSince(0);
  let cutoff: u32 = 0;
  // Over the limit: the slots touched longest ago go, until half of it is free.
  while (keep + rows > limit && (cutoff == 0 || keep > limit >> 1)) {
    cutoff = oldest + 1;
    keep = countSince(cutoff);
  }
  // Two fifths full afterwards, so that the next rebuild is as many inserts away as it costs.
  return rebuild(max(FIRST_CAP, (keep + rows) * 2 + ((keep + rows) >> 1)), cutoff);
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
  for (let at = bucketAt(key); ; at = after(at)) {
    const entry = entryAt(at);
    const have = load<u64>(entry, ENDPOINT_KEY);
    if (have == 0) {
      live++;
      store<u64>(entry, key, ENDPOINT_KEY);
      store<u64>(entry, bit, ENDPOINT_SKETCH);
      store<u32>(entry, slot, ENDPOINT_FIRST);
      store<u32>(entry, slot | mark, ENDPOINT_LAST);
      return;
    }
    if (have != key) continue;
    const last = load<u32>(entry, ENDPOINT_LAST);
    // An earlier epoch of the same endpoint stays for the slots that still ask for it.
    if (slot > (last & SLOT_MASK) + ENDPOINT_SLOTS) continue;
    store<u64>(entry, load<u64>(entry, ENDPOINT_SKETCH) | bit, ENDPOINT_SKETCH);
    store<u32>(entry, max(last & SLOT_MASK, slot) | (last & MARKED) | mark, ENDPOINT_LAST);
    return;
  }
}

/** The entry of the endpoint in the epoch that a record of `slot` asks for; 0 = none. */
export function endpointAt(
  face: u32,
  protocol: u32,
  high: u64,
  low: u64,
  port: u32,
  slot: u32,
): usize {
  const key = keyOf(face, protocol, high, low, port);
  let best: usize = 0;
  let at = bucketAt(key);
  while (true) {
    const entry = entryAt(at);
    const have = load<u64>(entry, ENDPOINT_KEY);
    if (have == 0) return best;
    if (have == key) {
      const first = load<u32>(entry, ENDPOINT_FIRST);
      const last = load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK;
      if (first <= slot && slot <= last + ENDPOINT_SLOTS) return entry;
      if (first > slot && (best == 0 || first < load<u32>(best, ENDPOINT_FIRST))) best = entry;
    }
    at = after(at);
  }
}

/** Distinct far endpoints by the sketch; 0 for no entry. */
export function fanOut(entry: usize): u32 {
  return entry == 0 ? 0 : <u32>popcnt(load<u64>(entry, ENDPOINT_SKETCH));
}

/** Whether some far port was below 1024. */
export function isMarked(entry: usize): bool {
  return entry != 0 && (load<u32>(entry, ENDPOINT_LAST) & MARKED) != 0;
}
