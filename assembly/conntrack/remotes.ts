// Remote addresses that opened something AWS did not REJECT: whoever is not among them only ever scanned. A set of 64-bit
// fingerprints; a collision hides one scanner's label, never a verdict.

import { release, reserve } from "../memory/arena";
import { hash2 } from "../memory/hash";

let table: usize = 0;
let cap: u32 = 0;
let live: u32 = 0;

export function remotesInit(): bool {
  cap = 1 << 12;
  table = reserve((<usize>cap) << 3);
  return table != 0;
}

export function remotesRoom(): u32 {
  return (cap >> 1) - min(cap >> 1, live);
}

/** Reserve-type call. */
export function remotesReserve(rows: u32): bool {
  if (remotesRoom() >= rows) return true;
  const old = table;
  const oldCap = cap;
  while ((live + rows) * 2 > cap) cap <<= 1;
  table = reserve((<usize>cap) << 3);
  if (table == 0) return false;
  for (let i: u32 = 0; i < oldCap; i++) {
    const key = load<u64>(old + ((<usize>i) << 3));
    if (key != 0) store<u64>(bucketOf(key), key);
  }
  release(old, (<usize>oldCap) << 3);
  return true;
}

function bucketOf(key: u64): usize {
  const mask = cap - 1;
  let slot = <u32>key & mask;
  while (true) {
    const bucket = table + ((<usize>slot) << 3);
    const have = load<u64>(bucket);
    if (have == 0 || have == key) return bucket;
    slot = (slot + 1) & mask;
  }
}

function keyOf(high: u64, low: u64): u64 {
  return max<u64>(1, hash2(high, low));
}

/** The caller made sure of room. */
export function noteRemote(high: u64, low: u64): void {
  const key = keyOf(high, low);
  const bucket = bucketOf(key);
  if (load<u64>(bucket) != 0) return;
  store<u64>(bucket, key);
  live++;
}

/** Whether the address opened something that AWS did not REJECT. */
export function remoteAnswered(high: u64, low: u64): bool {
  return load<u64>(bucketOf(keyOf(high, low))) != 0;
}
