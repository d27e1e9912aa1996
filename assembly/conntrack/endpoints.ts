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
  ENDPOINT_KEY_A,
  ENDPOINT_KEY_B,
  ENDPOINT_LAST,
  ENDPOINT_SKETCH,
  ENDPOINT_SLOTS,
} from "../shared/layout";

const MARKED: u32 = 0x80000000;
const SLOT_MASK: u32 = 0x7fffffff;

let table: usize = 0;
let cap: u32 = 0;
let live: u32 = 0;
let limit: u32 = 0;

export function endpointsInit(maxEndpoints: u32): bool {
  cap = 1 << 14;
  limit = maxEndpoints;
  table = reserve(<usize>cap * ENDPOINT_BYTES);
  return table != 0;
}

export function endpointsRoom(): u32 {
  const usable = cap - (cap >> 2);
  return usable - min(usable, live);
}

// IPv4 exactly, IPv6 by a 64-bit fingerprint: this is evidence, connections themselves are keyed exactly.
function keyOfAddress(high: u64, low: u64): u64 {
  return high == 0 ? low : mix64(mix64(high) ^ low);
}

function keyOfPlace(face: u32, protocol: u32, port: u32, ipv6: bool): u64 {
  return ((<u64>face) << 32) | ((<u64>port) << 16) | ((<u64>protocol) << 8) | (ipv6 ? 6 : 4);
}

/** The sketch bit of a far endpoint: part of the specification (4.3). */
export function sketchBit(high: u64, low: u64, port: u32): u64 {
  return (<u64>1) << (mix64(mix64(mix64(high) ^ low) ^ <u64>port) >> 58);
}

function isDead(entry: usize): bool {
  return (load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK) + ENDPOINT_SLOTS < judgedEnd;
}

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
  const mask = fresh - 1;
  let dropped: u32 = 0;
  for (let i: u32 = 0; i < oldCap; i++) {
    const entry = old + <usize>i * ENDPOINT_BYTES;
    if (load<u64>(entry, ENDPOINT_KEY_B) == 0 || isDead(entry)) continue;
    if ((load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK) < cutoff) {
      dropped++;
      continue;
    }
    let at = <u32>hash2(load<u64>(entry, ENDPOINT_KEY_A), load<u64>(entry, ENDPOINT_KEY_B)) & mask;
    while (load<u64>(table + <usize>at * ENDPOINT_BYTES, ENDPOINT_KEY_B) != 0) at = (at + 1) & mask;
    memory.copy(table + <usize>at * ENDPOINT_BYTES, entry, ENDPOINT_BYTES);
    live++;
  }
  count(COUNT_ENDPOINTS_EVICTED, dropped);
  release(old, <usize>oldCap * ENDPOINT_BYTES);
  return true;
}

/** Makes room for `rows` more endpoints. Reserve-type call; O(capacity) when it has to rebuild. */
export function endpointsReserve(rows: u32): bool {
  if (endpointsRoom() >= rows) return true;
  let dead: u32 = 0;
  let oldest: u32 = 0xffffffff;
  for (let i: u32 = 0; i < cap; i++) {
    const entry = table + <usize>i * ENDPOINT_BYTES;
    if (load<u64>(entry, ENDPOINT_KEY_B) == 0) continue;
    if (isDead(entry)) dead++;
    else oldest = min(oldest, load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK);
  }
  const keep = live - dead;
  let fresh: u32 = 1 << 14;
  // Half full after a rebuild at most, so that the next one is as many inserts away.
  while (keep + rows > fresh >> 1) fresh <<= 1;
  if (fresh <= limit || fresh <= cap) return rebuild(fresh, 0);
  // Over the limit: the slots touched longest ago go, one by one, until half the table is free.
  let cutoff = oldest;
  let rest = keep;
  while (rest > limit >> 1 && cutoff != 0xffffffff) {
    cutoff++;
    rest = 0;
    for (let i: u32 = 0; i < cap; i++) {
      const entry = table + <usize>i * ENDPOINT_BYTES;
      if (load<u64>(entry, ENDPOINT_KEY_B) == 0 || isDead(entry)) continue;
      if ((load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK) >= cutoff) rest++;
    }
  }
  fresh = cap;
  while (rest + rows > fresh - (fresh >> 2)) fresh <<= 1;
  return rebuild(fresh, cutoff);
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
  const a = keyOfAddress(high, low);
  const b = keyOfPlace(face, protocol, port, high != 0);
  const mask = cap - 1;
  let at = <u32>hash2(a, b) & mask;
  const mark: u32 = farPort < 1024 ? MARKED : 0;
  while (true) {
    const entry = table + <usize>at * ENDPOINT_BYTES;
    const have = load<u64>(entry, ENDPOINT_KEY_B);
    if (have == 0) {
      live++;
      store<u64>(entry, a, ENDPOINT_KEY_A);
      store<u64>(entry, b, ENDPOINT_KEY_B);
      store<u64>(entry, bit, ENDPOINT_SKETCH);
      store<u32>(entry, slot, ENDPOINT_FIRST);
      store<u32>(entry, slot | mark, ENDPOINT_LAST);
      return;
    }
    if (have == b && load<u64>(entry, ENDPOINT_KEY_A) == a) {
      const last = load<u32>(entry, ENDPOINT_LAST);
      // An earlier epoch of the same endpoint stays for the slots that still ask for it.
      if (slot <= (last & SLOT_MASK) + ENDPOINT_SLOTS) {
        store<u64>(entry, load<u64>(entry, ENDPOINT_SKETCH) | bit, ENDPOINT_SKETCH);
        store<u32>(entry, max(last & SLOT_MASK, slot) | (last & MARKED) | mark, ENDPOINT_LAST);
        return;
      }
    }
    at = (at + 1) & mask;
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
  const a = keyOfAddress(high, low);
  const b = keyOfPlace(face, protocol, port, high != 0);
  const mask = cap - 1;
  let at = <u32>hash2(a, b) & mask;
  let best: usize = 0;
  while (true) {
    const entry = table + <usize>at * ENDPOINT_BYTES;
    const have = load<u64>(entry, ENDPOINT_KEY_B);
    if (have == 0) return best;
    if (have == b && load<u64>(entry, ENDPOINT_KEY_A) == a) {
      const first = load<u32>(entry, ENDPOINT_FIRST);
      const last = load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK;
      if (first <= slot && slot <= last + ENDPOINT_SLOTS) return entry;
      if (first > slot && (best == 0 || first < load<u32>(best, ENDPOINT_FIRST))) best = entry;
    }
    at = (at + 1) & mask;
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
