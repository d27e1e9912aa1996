// From a key to the latest connection of that key: an open-addressing index. A bucket is 4 bytes, six bits of the key's
// hash and the connection's number, so that the index of a million connections stays in a cache; one probe in 64 asks a
// connection in vain.

import { release, reserve } from "../memory/arena";
import { hash2 } from "../memory/hash";
import { poolEnd, poolRow } from "../memory/pool";
import { CONN_KEY_A, CONN_KEY_B, CONN_STATE, ST_IN_USE, ST_SUPERSEDED } from "../shared/layout";
import { isIpv6 } from "./key";
import { connSides } from "./sides";

const TAG_MASK: u32 = 63;
/** A pool has rows up to this number. */
const NUMBER_MASK: u32 = 0x3ffffff;
const NUMBER_BITS: u32 = 26;

let conns: usize = 0; // pool
let index: usize = 0;
let cap: u32 = 0;
let used: u32 = 0;

/** `pool` holds the connections. */
export function latestInit(pool: usize): bool {
  conns = pool;
  cap = 1 << 14;
  index = reserve((<usize>cap) << 2);
  return index != 0;
}

// At most three fifths full.
function usable(): u32 {
  return <u32>((<u64>cap * 3) / 5);
}

/** Keys that can be added. */
export function latestRoom(): u32 {
  return usable() - min(usable(), used);
}

/** Hash of a key, for the calls below. */
export function hashKey(a: u64, b: u64): u64 {
  return hash2(a, b);
}

// Where the search for a key begins; its tag is of the lower half.
function home(hash: u64): usize {
  return index + ((<usize>(((hash >> 32) * <u64>cap) >> 32)) << 2);
}

function after(bucket: usize): usize {
  const next = bucket + 4;
  return next == index + ((<usize>cap) << 2) ? index : next;
}

function isOf(bucket: u32, hash: u64): bool {
  return bucket >> NUMBER_BITS == (<u32>hash & TAG_MASK);
}

/** Reads the first cache line that a search will need; the sum keeps the load from being dropped. */
export function touchHome(hash: u64): u32 {
  return load<u32>(home(hash));
}

/** Where findLatest may begin: the first bucket that may be the key's. Valid until the next reserve. */
export function likelyBucket(hash: u64): usize {
  let bucket = home(hash);
  while (true) {
    const have = load<u32>(bucket);
    if (have == 0 || isOf(have, hash)) return bucket;
    bucket = after(bucket);
  }
}

/** Connection of a bucket, 0 = it is empty. */
export function connectionAt(bucket: usize): u32 {
  return load<u32>(bucket) & NUMBER_MASK;
}

function same16(x: usize, y: usize): bool {
  return i64x2.all_true(i64x2.eq(v128.load(x), v128.load(y)));
}

function sameKey(conn: usize, key: usize, sides: usize): bool {
  if (!same16(conn + CONN_KEY_A, key)) return false;
  if (!isIpv6(load<u64>(key, 8))) return true;
  // keyA of IPv6 is a fingerprint: the addresses themselves decide.
  const own = connSides(conn);
  return same16(own, sides) && same16(own + 16, sides + 16);
}

/**
 * Bucket of the key (keyA, keyB; IPv6: its addresses): of its latest connection, or the empty one where it belongs.
 * `from`: its likelyBucket. Valid until the next reserve.
 */
export function findLatest(from: usize, hash: u64, key: usize, sides: usize): usize {
  let bucket = from;
  while (true) {
    const have = load<u32>(bucket);
    if (have == 0) return bucket;
    if (isOf(have, hash) && sameKey(poolRow(conns, have & NUMBER_MASK), key, sides)) return bucket;
    bucket = after(bucket);
  }
}

/** The connection is the latest of the bucket's key from now on. */
export function setLatest(bucket: usize, hash: u64, conn: u32): void {
  if (load<u32>(bucket) == 0) used++;
  store<u32>(bucket, ((<u32>hash & TAG_MASK) << NUMBER_BITS) | conn);
}

/** Makes room for `rows` more keys. Reserve-type call; O(connections) where it grows, twice as large. */
export function latestReserve(rows: u32): bool {
  if (latestRoom() >= rows) return true;
  return rebuild(max(cap, used + rows) << 1);
}

/**
 * Forgets the keys of connections that are no more. Reserve-type call. O(connections): whoever frees some walks over all
 * of them anyway, and taking keys out one by one would miss a cache for each.
 */
export function forgetFreed(): bool {
  return rebuild(cap);
}

// From the connections, in the order they lie in: buckets do not hold enough of the hash.
function rebuild(buckets: u32): bool {
  const old = index;
  const oldBytes = (<usize>cap) << 2;
  index = reserve((<usize>buckets) << 2);
  if (index == 0) {
    index = old;
    return false;
  }
  cap = buckets;
  used = 0;
  const end = poolEnd(conns);
  for (let conn: u32 = 1; conn < end; conn += AHEAD) putBack(conn, min(end, conn + AHEAD));
  release(old, oldBytes);
  return true;
}

// Connections whose buckets are asked for together.
const AHEAD: u32 = 32;
const hashes: usize = memory.data(32 * 8, 16);
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

// The latest of the connections [from, to) into the index.
function putBack(from: u32, to: u32): void {
  let sum: u32 = 0;
  for (let conn = from; conn < to; conn++) {
    const ptr = poolRow(conns, conn);
    const hash = hashKey(load<u64>(ptr, CONN_KEY_A), load<u64>(ptr, CONN_KEY_B));
    store<u64>(hashes + ((<usize>(conn - from)) << 3), hash);
    sum += touchHome(hash);
  }
  readAhead = sum;
  for (let conn = from; conn < to; conn++) {
    const state = load<u32>(poolRow(conns, conn), CONN_STATE);
    if ((state & (ST_IN_USE | ST_SUPERSEDED)) != ST_IN_USE) continue;
    const hash = load<u64>(hashes + ((<usize>(conn - from)) << 3));
    let bucket = home(hash);
    while (load<u32>(bucket) != 0) bucket = after(bucket);
    setLatest(bucket, hash, conn);
  }
}
