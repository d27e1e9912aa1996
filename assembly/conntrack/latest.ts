// From a key to the latest connection of that key: an open-addressing index. A bucket is 8 bytes, the connection's number
// and above it the upper half of the key's hash: next to no probe asks a connection in vain, and growing reads and writes
// buckets in order without a look at any connection.

import { release, reserve } from "../memory/arena";
import { hash2 } from "../memory/hash";
import { poolRow } from "../memory/pool";
import { CONN_KEY_A, CONN_STATE, ST_IN_USE, ST_SUPERSEDED } from "../shared/layout";
import { isIpv6 } from "./key";
import { connSides } from "./sides";

const BUCKET_BYTES: usize = 8;
const HASH_MASK: u64 = 0xffffffff00000000;

let conns: usize = 0; // pool
let index: usize = 0;
let cap: u32 = 0;
let used: u32 = 0;

/** `pool` holds the connections. */
export function latestInit(pool: usize): bool {
  conns = pool;
  cap = 1 << 14;
  index = reserve(<usize>cap * BUCKET_BYTES);
  return index != 0;
}

// At most four fifths full.
function usable(): u32 {
  return <u32>((<u64>cap * 4) / 5);
}

/** Keys that can be added. */
export function latestRoom(): u32 {
  return usable() - min(usable(), used);
}

/** Hash of a key, for the calls below. */
export function hashKey(a: u64, b: u64): u64 {
  return hash2(a, b);
}

// Where the search for a key begins: by multiplication, which keeps the order of hashes.
function home(hash: u64): usize {
  return index + <usize>(((hash >> 32) * <u64>cap) >> 32) * BUCKET_BYTES;
}

function after(bucket: usize): usize {
  const next = bucket + BUCKET_BYTES;
  return next == index + <usize>cap * BUCKET_BYTES ? index : next;
}

/** Reads the first cache line that a search will need; the sum keeps the load from being dropped. */
export function touchHome(hash: u64): u32 {
  return load<u32>(home(hash));
}

/** Where findLatest may begin: the first bucket that may be the key's. Valid until the next reserve. */
export function likelyBucket(hash: u64): usize {
  let bucket = home(hash);
  while (true) {
    const have = load<u64>(bucket);
    if (have == 0 || ((have ^ hash) & HASH_MASK) == 0) return bucket;
    bucket = after(bucket);
  }
}

/** Connection of a bucket, 0 = it is empty. */
export function connectionAt(bucket: usize): u32 {
  return load<u32>(bucket);
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
    const have = load<u64>(bucket);
    if (have == 0) return bucket;
    if (((have ^ hash) & HASH_MASK) == 0 && sameKey(poolRow(conns, <u32>have), key, sides))
      return bucket;
    bucket = after(bucket);
  }
}

/** The connection is the latest of the bucket's key from now on. */
export function setLatest(bucket: usize, hash: u64, conn: u32): void {
  if (load<u32>(bucket) == 0) used++;
  store<u64>(bucket, (hash & HASH_MASK) | <u64>conn);
}

/** Makes room for `rows` more keys. Reserve-type call; O(buckets) where it grows, by a half: what is left goes to connections. */
export function latestReserve(rows: u32): bool {
  if (latestRoom() >= rows) return true;
  const wanted = max(cap, used + rows);
  return rebuild(wanted + (wanted >> 1), false);
}

/**
 * Forgets the keys of connections that are no more. Reserve-type call. O(buckets): whoever frees some walks over all
 * connections anyway, and taking keys out one by one would miss a cache for each.
 */
export function forgetFreed(): bool {
  return rebuild(cap, true);
}

// Into `buckets` of them, in the order of the old ones, which is that of the new ones; `drops`: without the freed.
function rebuild(buckets: u32, drops: bool): bool {
  const old = index;
  const oldBytes = <usize>cap * BUCKET_BYTES;
  index = reserve(<usize>buckets * BUCKET_BYTES);
  if (index == 0) {
    index = old;
    return false;
  }
  cap = buckets;
  used = 0;
  for (let at = old; at < old + oldBytes; at += BUCKET_BYTES) {
    const have = load<u64>(at);
    if (have == 0 || (drops && isFreed(<u32>have))) continue;
    let bucket = home(have);
    while (load<u32>(bucket) != 0) bucket = after(bucket);
    setLatest(bucket, have, <u32>have);
  }
  release(old, oldBytes);
  return true;
}

function isFreed(conn: u32): bool {
  const state = load<u32>(poolRow(conns, conn), CONN_STATE);
  return (state & (ST_IN_USE | ST_SUPERSEDED)) != ST_IN_USE;
}
