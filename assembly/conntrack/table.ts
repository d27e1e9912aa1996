// The connection table: pool of connections, the judgement beside each, and an open-addressing index from key to the
// latest connection of that key. Bounded: dead entries go first, then the ones idle longest, counted (semantics 6.6).

import { hash2 } from "../memory/hash";
import { release, reserve } from "../memory/arena";
import {
  poolCreate,
  poolEnd,
  poolGive,
  poolGrow,
  poolLive,
  poolRoom,
  poolRow,
  poolTake,
} from "../memory/pool";
import { count } from "../evaluate/counters";
import { closedEnd } from "../lookahead/slots";
import {
  CONN_BYTES,
  CONN_CLOSE_AT,
  CONN_KEY_A,
  CONN_KEY_B,
  CONN_LAST_END,
  CONN_PENDING,
  CONN_STATE,
  CONN_SUCCESSOR,
  CONN_SIDES,
  COUNT_EVICTED,
  FORGET_SECONDS,
  JUDGEMENT_BYTES,
  LEDGER_BYTES,
  RULING_BYTES,
  SIDES_BYTES,
  SLACK_SECONDS,
  SLOT_SECONDS,
  ST_CLOSED,
  ST_EARLIER_GRADE_SHIFT,
  ST_GRADE_SHIFT,
  ST_IN_USE,
  STATUS_DONE,
  STATUS_MORE,
  STATUS_RESERVE,
} from "../shared/layout";
import { isIpv6 } from "./key";
import { foldConnection, openersReserve, openersRoom } from "./openers";
import {
  connSides,
  giveSides,
  sidesInit,
  sidesPtr,
  sidesReserve,
  sidesRoom,
  takeSides,
} from "./sides";
import { idleTimer } from "./timers";

const FOLD_STEP: u32 = 65536; // connections folded between two looks at the room

let conns: usize = 0;
let judgements: usize = 0;
let judgementBytes: u32 = 0; // of one connection: JUDGEMENT_BYTES per timeline
let ledgers: usize = 0; // 0 = nothing is folded
let ledgerBytes: u32 = 0;
// Per bucket: [tag u32][connection u32]; 0 connection = empty.
let index: usize = 0;
let indexCap: u32 = 0;
let indexed: u32 = 0;
let limit: u32 = 0;
let liveAfterSweep: u32 = 0;

/** `timelines` judge every connection; `folds`: what is over goes into the rows of openers. */
export function connectionsInit(maxConnections: u32, timelines: u32, folds: bool): bool {
  conns = poolCreate(CONN_BYTES);
  judgementBytes = timelines * JUDGEMENT_BYTES;
  judgements = poolCreate(judgementBytes);
  ledgerBytes = LEDGER_BYTES + timelines * RULING_BYTES;
  if (folds) {
    ledgers = poolCreate(ledgerBytes);
    if (ledgers == 0) return false;
  }
  indexCap = 1 << 14;
  index = reserve((<usize>indexCap) << 3);
  limit = maxConnections;
  return conns != 0 && judgements != 0 && index != 0 && sidesInit();
}

export function connPtr(conn: u32): usize {
  return poolRow(conns, conn);
}

/** The connection's judgements, one per timeline (layout.ts, JUDGEMENT_*). */
export function judgementPtr(conn: u32): usize {
  return poolRow(judgements, conn);
}

/** The connection's ledger (layout.ts, LEDGER_*), 0 = none is kept. */
export function ledgerPtr(conn: u32): usize {
  return ledgers == 0 ? 0 : poolRow(ledgers, conn);
}

export function connectionsLive(): u32 {
  return poolLive(conns);
}

export function connectionsRoom(): u32 {
  const buckets = (indexCap >> 1) - min(indexCap >> 1, indexed);
  return min(min(poolRoom(conns), sidesRoom()), buckets);
}

function same16(x: usize, y: usize): bool {
  return i64x2.all_true(i64x2.eq(v128.load(x), v128.load(y)));
}

function sameKey(ptr: usize, key: usize, sides: usize): bool {
  if (!same16(ptr + CONN_KEY_A, key)) return false;
  if (!isIpv6(load<u64>(key, 8))) return true;
  // keyA of IPv6 is a fingerprint: the addresses themselves decide.
  const own = connSides(ptr);
  return same16(own, sides) && same16(own + 16, sides + 16);
}

/**
 * Bucket of the key (keyA, keyB; IPv6: its addresses): of its latest connection, or the empty one where it belongs. Valid
 * until the next call.
 */
export function findBucket(hash: u64, key: usize, sides: usize): usize {
  const tag = <u32>(hash >> 32);
  let at = homeOf(tag);
  while (true) {
    const bucket = index + ((<usize>at) << 3);
    const conn = load<u32>(bucket, 4);
    if (conn == 0) return bucket;
    if (load<u32>(bucket) == tag && sameKey(connPtr(conn), key, sides)) return bucket;
    at = at + 1 == indexCap ? 0 : at + 1;
  }
}

/** Hash of a key, for the calls below. */
export function hashKey(a: u64, b: u64): u64 {
  return hash2(a, b);
}

/** Reads the first cache line that findBucket will need; the sum keeps the load from being dropped. */
export function touchBucket(hash: u64): u32 {
  return load<u32>(index + ((<usize>homeOf(<u32>(hash >> 32))) << 3), 4);
}

/** Latest connection of the bucket's key, 0 = none. */
export function bucketConnection(bucket: usize): u32 {
  return load<u32>(bucket, 4);
}

/**
 * New connection of the key, zeroed but for key and addresses (`sides`, IPv6 only); it becomes the latest. The caller made
 * sure of room.
 */
export function openConnection(bucket: usize, hash: u64, a: u64, b: u64, sides: usize): u32 {
  const conn = poolTake(conns);
  const ptr = connPtr(conn);
  memory.fill(ptr, 0, CONN_BYTES);
  store<u64>(ptr, a, CONN_KEY_A);
  store<u64>(ptr, b, CONN_KEY_B);
  if (isIpv6(b)) {
    const own = takeSides();
    memory.copy(sidesPtr(own), sides, SIDES_BYTES);
    store<u32>(ptr, own, CONN_SIDES);
  }
  store<u32>(ptr, ST_IN_USE, CONN_STATE);
  memory.fill(judgementPtr(conn), 0, judgementBytes);
  if (ledgers != 0) memory.fill(ledgerPtr(conn), 0, ledgerBytes);
  const earlier = load<u32>(bucket, 4);
  if (earlier == 0) {
    indexed++;
    store<u32>(bucket, <u32>(hash >> 32));
  }
  store<u32>(bucket, conn, 4);
  if (earlier != 0) {
    store<u32>(connPtr(earlier), conn, CONN_SUCCESSOR);
    if (load<u32>(connPtr(earlier), CONN_PENDING) == 0) retire(earlier);
  }
  return conn;
}

/** A connection of no key, for what is judged without a log; it is never freed. The caller made sure of room. */
export function scratchConnection(): u32 {
  return poolTake(conns);
}

/** Begins a connection anew: zeroed, with its judgements and ledger. */
export function clearConnection(conn: u32): void {
  memory.fill(connPtr(conn), 0, CONN_BYTES);
  memory.fill(judgementPtr(conn), 0, judgementBytes);
  if (ledgers != 0) memory.fill(ledgerPtr(conn), 0, ledgerBytes);
}

/** A superseded connection of which every row was judged: hands its opener on (6.3) and goes. */
export function retire(conn: u32): void {
  const ptr = connPtr(conn);
  const successor = load<u32>(ptr, CONN_SUCCESSOR);
  const state = load<u32>(ptr, CONN_STATE);
  const heir = connPtr(successor);
  const settled = (state >> ST_GRADE_SHIFT) & 31;
  // Late records may have been judged before it, and their connection forgotten: its row is free or another one's.
  const inherits =
    (load<u32>(heir, CONN_STATE) & ST_IN_USE) != 0 &&
    load<u64>(heir, CONN_KEY_A) == load<u64>(ptr, CONN_KEY_A) &&
    load<u64>(heir, CONN_KEY_B) == load<u64>(ptr, CONN_KEY_B);
  if (inherits)
    store<u32>(heir, load<u32>(heir, CONN_STATE) | (settled << ST_EARLIER_GRADE_SHIFT), CONN_STATE);
  free(conn, ptr);
}

function free(conn: u32, ptr: usize): void {
  fold(conn, ptr, false);
  const sides = load<u32>(ptr, CONN_SIDES);
  if (sides != 0) giveSides(sides);
  store<u32>(ptr, 0, CONN_STATE);
  poolGive(conns, conn);
}

function fold(conn: u32, ptr: usize, atEnd: bool): void {
  if (ledgers == 0) return;
  foldConnection(ptr, ledgerPtr(conn), atEnd);
}

let folded: u32 = 1; // connections below were folded at the end

/**
 * After the last record: folds up to `count` of the connections that are still held. STATUS_DONE, STATUS_MORE, or
 * STATUS_RESERVE: make room for openers first.
 */
export function foldRest(count: u32): i32 {
  if (ledgers == 0) return STATUS_DONE;
  if (openersRoom() < count) return STATUS_RESERVE;
  const end = poolEnd(conns);
  const stop = min(end, folded + count);
  for (; folded < stop; folded++) {
    const ptr = connPtr(folded);
    if (load<u32>(ptr, CONN_STATE) & ST_IN_USE) fold(folded, ptr, true);
  }
  return folded < end ? STATUS_MORE : STATUS_DONE;
}

// Sweeps free more than one reserve made room for; they run where tables may grow.
function freeInSweep(conn: u32, ptr: usize): bool {
  if (openersRoom() == 0 && !openersReserve(FOLD_STEP)) return false;
  unindex(conn, ptr);
  free(conn, ptr);
  return true;
}

function next(at: u32): u32 {
  return at + 1 == indexCap ? 0 : at + 1;
}

// Takes the latest connection of a key out of the index: the buckets behind it move up, so that searches end early.
function unindex(conn: u32, ptr: usize): void {
  const tag = <u32>(hash2(load<u64>(ptr, CONN_KEY_A), load<u64>(ptr, CONN_KEY_B)) >> 32);
  let hole = homeOf(tag);
  while (load<u32>(index + ((<usize>hole) << 3), 4) != conn) hole = next(hole);
  indexed--;
  for (let at = next(hole); ; at = next(at)) {
    const bucket = index + ((<usize>at) << 3);
    if (load<u32>(bucket, 4) == 0) break;
    // An entry may move into the hole unless its home lies behind the hole (cyclically).
    const home = homeOf(load<u32>(bucket));
    const behind = hole <= at ? hole < home && home <= at : hole < home || home <= at;
    if (behind) continue;
    store<u64>(index + ((<usize>hole) << 3), load<u64>(bucket));
    hole = at;
  }
  store<u64>(index + ((<usize>hole) << 3), 0);
}

// Where the search for a tag begins. Multiplication keeps the order of tags: a rebuild reads and writes memory in order.
function homeOf(tag: u32): u32 {
  return <u32>((<u64>tag * <u64>indexCap) >> 32);
}

function rebuildIndex(cap: u32): bool {
  const old = index;
  const oldCap = indexCap;
  index = reserve((<usize>cap) << 3);
  if (index == 0) {
    index = old;
    return false;
  }
  indexCap = cap;
  for (let i: u32 = 0; i < oldCap; i++) {
    const bucket = load<u64>(old + ((<usize>i) << 3));
    if (bucket == 0) continue;
    let at = homeOf(<u32>bucket);
    while (load<u64>(index + ((<usize>at) << 3)) != 0) at = next(at);
    store<u64>(index + ((<usize>at) << 3), bucket);
  }
  release(old, (<usize>oldCap) << 3);
  return true;
}

// Nothing that can still arrive in time would find it: dead for longer than a dead connection is remembered (6.4).
function isForgotten(ptr: usize, frontier: u64): bool {
  const state = load<u32>(ptr, CONN_STATE);
  if (state & ST_CLOSED)
    return frontier > <u64>load<u32>(ptr, CONN_CLOSE_AT) + SLACK_SECONDS + FORGET_SECONDS;
  return (
    frontier >
    <u64>load<u32>(ptr, CONN_LAST_END) + <u64>idleTimer(ptr) + SLACK_SECONDS + FORGET_SECONDS
  );
}

// Frees what is forgotten. False = out of memory.
function sweep(): bool {
  const frontier = <u64>closedEnd * SLOT_SECONDS;
  const end = poolEnd(conns);
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    if (!isIdle(ptr) || !isForgotten(ptr, frontier)) continue;
    if (!freeInSweep(conn, ptr)) return false;
  }
  liveAfterSweep = poolLive(conns);
  return true;
}

// In use, and every row of it judged.
function isIdle(ptr: usize): bool {
  return (load<u32>(ptr, CONN_STATE) & ST_IN_USE) != 0 && load<u32>(ptr, CONN_PENDING) == 0;
}

// Idle minutes before the first slot that is not closed, at most MINUTES - 1.
const MINUTES: u32 = 8192;
const histogram: usize = memory.data(8192 * 4, 16);
function idleMinutes(ptr: usize): u32 {
  const frontier = <u64>closedEnd * SLOT_SECONDS;
  const last = <u64>load<u32>(ptr, CONN_LAST_END);
  return frontier <= last ? 0 : <u32>min((frontier - last) / 60, <u64>(MINUTES - 1));
}

// Frees at least `wanted` entries where there are as many, the ones idle longest (6.6), to the minute.
function evict(wanted: u32): bool {
  memory.fill(histogram, 0, MINUTES << 2);
  const end = poolEnd(conns);
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    if (!isIdle(ptr)) continue;
    const at = histogram + (idleMinutes(ptr) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let cut = MINUTES;
  let sum: u32 = 0;
  while (cut > 0 && sum < wanted) sum += load<u32>(histogram + (--cut << 2));
  let freed: u32 = 0;
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    if (!isIdle(ptr) || idleMinutes(ptr) < cut) continue;
    if (!freeInSweep(conn, ptr)) return false;
    freed++;
  }
  count(COUNT_EVICTED, freed);
  return true;
}

/** Makes room for `rows` new connections: frees dead ones, grows up to the limit, then evicts. Reserve-type call. */
export function connectionsReserve(rows: u32): bool {
  if (poolRoom(conns) < rows) {
    const full = poolLive(conns) + rows > limit;
    if ((full || poolLive(conns) >= liveAfterSweep * 2 + 65536) && !sweep()) return false;
    if (poolLive(conns) + rows > limit && !evict(max(rows, poolLive(conns) >> 3))) return false;
  }
  // Entries inside the look-ahead cannot go: beside them the table grows over its limit rather than forget evidence.
  if (!poolGrow(conns, rows) || !sidesReserve(rows)) return false;
  const held = poolLive(conns) + poolRoom(conns) + 1;
  if (!poolGrow(judgements, held)) return false;
  if (ledgers != 0 && !poolGrow(ledgers, held)) return false;
  if (connectionsRoom() >= rows) return true;
  // A little over half full at most; one and a half times as large, so that growing stays rare.
  return rebuildIndex(max((indexed + rows) * 2, indexCap + (indexCap >> 1)));
}
