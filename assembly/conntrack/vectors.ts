// Verdicts: the distinct combinations of what the timelines say of a connection, with how many connections came to each.

import { release, reserve } from "../memory/arena";
import { mix64 } from "../memory/hash";
import { poolCreate, poolEnd, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import {
  CHANGE_NEWLY_ALLOWED,
  CHANGE_NEWLY_DENIED,
  CHANGE_UNCHANGED,
  CHANGE_UNDETERMINED,
  RULING_BYTES,
  RULING_CODE,
  RULING_DETAIL,
  RULING_OTHER,
  VECTOR_RULINGS,
} from "../shared/layout";
import { VERDICT_ALLOW, VERDICT_UNKNOWN } from "../shared/codes";

let pool: usize = 0;
let bytes: u32 = 0; // of the rulings
let index: usize = 0; // u32 vector per bucket
let indexCap: u32 = 0;

export function vectorsInit(timelines: u32): bool {
  bytes = timelines * RULING_BYTES;
  pool = poolCreate(VECTOR_RULINGS + bytes);
  indexCap = 1 << 12;
  index = reserve((<usize>indexCap) << 2);
  return pool != 0 && index != 0;
}

export function vectorsRoom(): u32 {
  return min(poolRoom(pool), (indexCap >> 1) - min(indexCap >> 1, poolEnd(pool)));
}

/** Reserve-type call. */
export function vectorsReserve(count: u32): bool {
  if (!poolGrow(pool, count)) return false;
  if (vectorsRoom() >= count) return true;
  const old = index;
  const oldCap = indexCap;
  while ((poolEnd(pool) + count) * 2 > indexCap) indexCap <<= 1;
  index = reserve((<usize>indexCap) << 2);
  if (index == 0) return false;
  for (let vector: u32 = 1; vector < poolEnd(pool); vector++)
    store<u32>(bucketOf(vectorPtr(vector) + VECTOR_RULINGS), vector);
  release(old, (<usize>oldCap) << 2);
  return true;
}

/** Row of a vector, numbered from 1: counts, rulings (layout.ts, VECTOR_*). Stable. */
export function vectorPtr(vector: u32): usize {
  return poolRow(pool, vector);
}

/** One past the last vector. */
export function vectorsEnd(): u32 {
  return poolEnd(pool);
}

// Bucket of the vector with these rulings, or the empty one where it belongs.
function bucketOf(rulings: usize): usize {
  let hash: u64 = 0;
  for (let at: u32 = 0; at < bytes; at += 8) hash = mix64(hash ^ load<u64>(rulings + at));
  const mask = indexCap - 1;
  let slot = <u32>hash & mask;
  while (true) {
    const bucket = index + ((<usize>slot) << 2);
    const vector = load<u32>(bucket);
    if (vector == 0) return bucket;
    if (memory.compare(vectorPtr(vector) + VECTOR_RULINGS, rulings, bytes) == 0) return bucket;
    slot = (slot + 1) & mask;
  }
}

/** The vector of these rulings. The caller made sure of room. */
export function internVector(rulings: usize): u32 {
  const bucket = bucketOf(rulings);
  const known = load<u32>(bucket);
  if (known != 0) return known;
  const vector = poolTake(pool);
  const row = vectorPtr(vector);
  memory.fill(row, 0, VECTOR_RULINGS);
  memory.copy(row + VECTOR_RULINGS, rulings, bytes);
  store<u32>(bucket, vector);
  return vector;
}

/** How the ruling at `other` changes the one at `base` (semantics 9.1). */
export function changeOfRulings(base: usize, other: usize): u32 {
  const same =
    load<u32>(base, RULING_CODE) == load<u32>(other, RULING_CODE) &&
    load<u32>(base, RULING_DETAIL) == load<u32>(other, RULING_DETAIL) &&
    load<u32>(base, RULING_OTHER) == load<u32>(other, RULING_OTHER);
  return changeOf(load<u8>(base, RULING_CODE), load<u8>(other, RULING_CODE), same);
}

/** `same`: two unknowns have the same reason and detail. */
export function changeOf(base: u32, other: u32, same: bool): u32 {
  if (base == <u32>VERDICT_UNKNOWN || other == <u32>VERDICT_UNKNOWN)
    return base == other && same ? CHANGE_UNCHANGED : CHANGE_UNDETERMINED;
  if (base == other) return CHANGE_UNCHANGED;
  return other == <u32>VERDICT_ALLOW ? CHANGE_NEWLY_ALLOWED : CHANGE_NEWLY_DENIED;
}

/** Whether some timeline says otherwise than the first. */
export function isChanged(rulings: usize): bool {
  for (let at: u32 = RULING_BYTES; at < bytes; at += RULING_BYTES)
    if (changeOfRulings(rulings, rulings + at) != CHANGE_UNCHANGED) return true;
  return false;
}
