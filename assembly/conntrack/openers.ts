// Rows of openers: connections that are over are folded into them by interface, direction of the opening, remote address,
// protocol, served port, grade, action and what the timelines say. Exact keys; bounded; what finds no room is counted.

import { addUpTo, count } from "../evaluate/counters";
import { hasPorts } from "../decode/decode";
import { release, reserve } from "../memory/arena";
import { hash2, mix64 } from "../memory/hash";
import { poolCreate, poolEnd, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import { addSamples } from "../memory/samples";
import * as C from "../shared/codes";
import * as L from "../shared/layout";
import {
  borderInit,
  borderReserve,
  borderRoom,
  isAtBorder,
  keepsBorder,
  storeBorder,
} from "./border";
import { highOf, interfaceOf, lowOf, portOf, protocolOf } from "./key";
import { gradeOf, isAssumed, openerOf, seenSides } from "./opener";
import { noteRemote, remotesInit, remotesReserve, remotesRoom } from "./remotes";
import { connSides } from "./sides";
import { idleTimer } from "./timers";
import {
  internVector,
  isChanged,
  vectorPtr,
  vectorsInit,
  vectorsReserve,
  vectorsRoom,
} from "./vectors";

/** Rows at most: 1.5 GiB. */
const MAX_ROWS: u32 = 12 << 20;

let mode: u32 = L.FOLD_NONE;
/** Second of the cut-over, 0 = none. */
export let cutOver: u32 = 0;
let pool: usize = 0;
let index: usize = 0; // [tag u32][row u32] per bucket
let indexCap: u32 = 0;

/** `fold`: FOLD_*. */
export function openersInit(fold: u32, timelines: u32): bool {
  mode = fold;
  if (mode == <u32>L.FOLD_NONE) return true;
  pool = poolCreate(L.OPENING_BYTES);
  indexCap = 1 << 12;
  index = reserve((<usize>indexCap) << 3);
  return pool != 0 && index != 0 && vectorsInit(timelines) && remotesInit() && borderInit(fold);
}

/** Rows tell how connections stand at this second. */
export function setCutOver(at: u32): void {
  cutOver = at;
}

function rowsRoom(): u32 {
  return min(poolRoom(pool), (indexCap >> 1) - min(indexCap >> 1, poolEnd(pool)));
}

/** Connections that can be folded without growing anything. */
export function openersRoom(): u32 {
  if (mode == <u32>L.FOLD_NONE) return 0xffffffff;
  const rows = poolEnd(pool) > MAX_ROWS ? 0xffffffff : rowsRoom();
  return min(min(rows, borderRoom()), min(vectorsRoom(), remotesRoom()));
}

/** Reserve-type call. */
export function openersReserve(connections: u32): bool {
  if (mode == <u32>L.FOLD_NONE) return true;
  if (!vectorsReserve(connections) || !remotesReserve(connections)) return false;
  if (!borderReserve(connections)) return false;
  if (poolEnd(pool) > MAX_ROWS) return true;
  if (!poolGrow(pool, connections)) return false;
  if (rowsRoom() >= connections) return true;
  const old = index;
  const oldCap = indexCap;
  while ((poolEnd(pool) + connections) * 2 > indexCap) indexCap <<= 1;
  index = reserve((<usize>indexCap) << 3);
  if (index == 0) return false;
  for (let i: u32 = 0; i < oldCap; i++) {
    const bucket = load<u64>(old + ((<usize>i) << 3));
    if (bucket == 0) continue;
    let slot = <u32>bucket & (indexCap - 1);
    while (load<u64>(index + ((<usize>slot) << 3)) != 0) slot = (slot + 1) & (indexCap - 1);
    store<u64>(index + ((<usize>slot) << 3), bucket);
  }
  release(old, (<usize>oldCap) << 3);
  return true;
}

/** Row of openers, numbered from 1. Stable. */
export function openerPtr(row: u32): usize {
  return poolRow(pool, row);
}

/** One past the last row; 1 = none. */
export function openersEnd(): u32 {
  return mode == <u32>L.FOLD_NONE ? 1 : poolEnd(pool);
}

// The key being looked for: a row up to OPENING_CONNECTIONS.
const wanted: usize = memory.data(128, 16);

/**
 * Folds a connection that is over, or that the log leaves open; where a log is summed up, what stands at a border stays
 * by itself. The caller made sure of room. `ledger`: LEDGER_*, its rulings behind.
 */
export function foldConnection(conn: usize, ledger: usize): void {
  const flags = load<u32>(ledger, L.LEDGER_FLAGS);
  if (!(flags & L.LEDGER_JUDGED)) return;
  if (keepsBorder && isAtBorder(ledger)) {
    storeBorder(conn, ledger);
    return;
  }
  const rulings = ledger + L.LEDGER_BYTES;
  const vector = internVector(rulings);
  const key = keyOf(conn, ledger);
  store<u32>(wanted, vector, L.OPENING_VECTOR);
  const slot = vectorPtr(vector) + ((<usize>((key >> L.OF_PHASE_SHIFT) & 3)) << 3);
  store<u64>(slot, load<u64>(slot) + 1);
  if (mode == <u32>L.FOLD_CHANGED && !isChanged(rulings)) return;
  const row = findRow();
  if (row == 0) count(L.COUNT_OPENERS_DROPPED, 1);
  else addConnection(openerPtr(row), conn, ledger);
}

/** The row that a connection would be if it was the only one, as stored rows are. The caller made sure of room. */
export function rowOfConnection(row: usize, conn: usize, ledger: usize): void {
  keyOf(conn, ledger);
  store<u32>(wanted, 0, L.OPENING_VECTOR);
  beginRow(row);
  addConnection(row, conn, ledger);
}

function beginRow(row: usize): void {
  memory.fill(row, 0, L.OPENING_BYTES);
  memory.copy(row, wanted, L.OPENING_CLIENT_LOW);
  store<u16>(row, 0xffff, L.OPENING_CLIENT_LOW);
  store<u32>(row, 0xffffffff, L.OPENING_FIRST);
}

// Writes the key into `wanted`, notes the remote, and returns the row's flags.
function keyOf(conn: usize, ledger: usize): u32 {
  const ledgerFlags = load<u32>(ledger, L.LEDGER_FLAGS);
  const a = load<u64>(conn, L.CONN_KEY_A);
  const b = load<u64>(conn, L.CONN_KEY_B);
  const sides = connSides(conn);
  const state = load<u32>(conn, L.CONN_STATE);
  const local: u32 = ledgerFlags & L.LEDGER_LOCAL_1 ? 1 : 0;
  const by = openerOf(state);
  const high = highOf(b, sides, 1 - local);
  const low = lowOf(a, b, sides, 1 - local);
  const openers: u32 = by == 0 ? 3 : by;
  const sent =
    (by != 2 && load<u32>(ledger, L.LEDGER_SIDE_0) != 0) ||
    (by != 1 && load<u32>(ledger, L.LEDGER_SIDE_1) != 0);
  const accepted = (ledgerFlags & (L.LEDGER_ACCEPTED * openers)) != 0;
  let flags = gradeOf(state) << L.OF_GRADE_SHIFT;
  if (by != 0) flags |= by - 1 == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  if (accepted) flags |= C.ACTION_ACCEPT << L.OF_ACTION_SHIFT;
  else if (sent && (ledgerFlags & (L.LEDGER_OPEN * openers)) == 0)
    flags |= C.ACTION_REJECT << L.OF_ACTION_SHIFT;
  const rejected = ((flags >> L.OF_ACTION_SHIFT) & 3) == C.ACTION_REJECT;
  if (!rejected && by != 0 && by - 1 != local) noteRemote(high, low);
  if (by == 0 && seenSides(state) == 3) flags |= L.OF_BOTH_SIDES;
  if (ledgerFlags & (L.LEDGER_LOST << local)) flags |= L.OF_LOST_LOCAL;
  else if (ledgerFlags & (L.LEDGER_LOST * 3)) flags |= L.OF_LOST_REMOTE;
  flags |= phaseOf(conn) << L.OF_PHASE_SHIFT;
  const protocol = protocolOf(b);
  let port: u32 = 0;
  let other: u32 = 0;
  if (hasPorts(protocol)) {
    if (by != 0) port = portOf(b, 2 - by);
    else {
      const own = portOf(b, local);
      const far = portOf(b, 1 - local);
      port = min(own, far);
      other = max(own, far);
      if (own <= far) flags |= L.OF_LOCAL_LOWER;
    }
  }
  store<u64>(wanted, high, L.OPENING_HIGH);
  store<u64>(wanted, low, L.OPENING_LOW);
  store<u32>(wanted, interfaceOf(b), L.OPENING_INTERFACE);
  store<u32>(wanted, protocol, L.OPENING_PROTOCOL);
  store<u16>(wanted, <u16>port, L.OPENING_PORT);
  store<u16>(wanted, <u16>other, L.OPENING_OTHER_PORT);
  store<u32>(wanted, flags, L.OPENING_FLAGS);
  return flags;
}

// How the connection stands at the cut-over (semantics 9.3).
function phaseOf(conn: usize): u32 {
  if (cutOver == 0) return L.PHASE_NONE;
  if (load<u32>(conn, L.CONN_FIRST) >= cutOver) return L.PHASE_AFTER;
  const last = load<u32>(conn, L.CONN_LAST_END);
  const lives =
    last >= cutOver ||
    (!(load<u32>(conn, L.CONN_STATE) & L.ST_CLOSED) &&
      <u64>last + <u64>idleTimer(conn) > <u64>cutOver);
  return lives ? L.PHASE_ACROSS : L.PHASE_OVER;
}

// Of all of the key but the vector, so that it is known before the row is judged; few rows differ in that alone.
function tagOf(row: usize): u32 {
  return <u32>(
    mix64(
      hash2(load<u64>(row, L.OPENING_HIGH), load<u64>(row, L.OPENING_LOW)) ^
        hash2(load<u64>(row, L.OPENING_INTERFACE), load<u32>(row, L.OPENING_PORT)) ^
        load<u32>(row, L.OPENING_FLAGS),
    )
  );
}

/** Fetches the bucket of a stored row into the cache. The sum is worth nothing, but keeps the loads. */
export function touchBucket(stored: usize): u32 {
  return load<u32>(index + ((<usize>(tagOf(stored) & (indexCap - 1))) << 3));
}

function findRow(): u32 {
  const mask = indexCap - 1;
  const tag = tagOf(wanted);
  let slot = tag & mask;
  while (true) {
    const bucket = index + ((<usize>slot) << 3);
    const row = load<u32>(bucket, 4);
    if (row == 0) {
      if (poolEnd(pool) > MAX_ROWS) return 0;
      const fresh = poolTake(pool);
      beginRow(openerPtr(fresh));
      store<u32>(bucket, tag);
      store<u32>(bucket, fresh, 4);
      return fresh;
    }
    if (load<u32>(bucket) == tag && isWanted(openerPtr(row))) return row;
    slot = (slot + 1) & mask;
  }
}

function isWanted(row: usize): bool {
  return (
    load<u64>(row) == load<u64>(wanted) &&
    load<u64>(row, 8) == load<u64>(wanted, 8) &&
    load<u64>(row, 16) == load<u64>(wanted, 16) &&
    load<u64>(row, 24) == load<u64>(wanted, 24) &&
    load<u32>(row, 32) == load<u32>(wanted, 32)
  );
}

function addConnection(row: usize, conn: usize, ledger: usize): void {
  const state = load<u32>(conn, L.CONN_STATE);
  const by = openerOf(state);
  const records0 = <u64>load<u32>(ledger, L.LEDGER_SIDE_0);
  const records1 = <u64>load<u32>(ledger, L.LEDGER_SIDE_1);
  const all = records0 + records1;
  const forward = by == 0 ? all : by == 1 ? records0 : records1;
  add(row + L.OPENING_CONNECTIONS, 1);
  if (by != 0 && isAssumed(state, by - 1)) add(row + L.OPENING_ASSUMED, 1);
  add(row + L.OPENING_FORWARD, forward);
  add(row + L.OPENING_REPLIES, all - forward);
  addUpTo(row + L.OPENING_OCTETS, load<u64>(ledger, L.LEDGER_OCTETS));
  extendSpan(row, load<u32>(conn, L.CONN_FIRST), load<u32>(conn, L.CONN_LAST_END));
  addSamples(row + L.OPENING_SAMPLES, ledger + L.LEDGER_SAMPLES);
  const b = load<u64>(conn, L.CONN_KEY_B);
  const client: u32 = by == 0 ? 0 : portOf(b, by - 1);
  addClients(row, client, client);
}

function extendSpan(row: usize, first: u32, last: u32): void {
  store<u32>(row, min(load<u32>(row, L.OPENING_FIRST), first), L.OPENING_FIRST);
  store<u32>(row, max(load<u32>(row, L.OPENING_LAST), last), L.OPENING_LAST);
}

function addClients(row: usize, low: u32, high: u32): void {
  store<u16>(row, <u16>min(<u32>load<u16>(row, L.OPENING_CLIENT_LOW), low), L.OPENING_CLIENT_LOW);
  store<u16>(
    row,
    <u16>max(<u32>load<u16>(row, L.OPENING_CLIENT_HIGH), high),
    L.OPENING_CLIENT_HIGH,
  );
}

/**
 * Folds a stored row of openers again, with what the timelines say of it now. The caller made sure of room. `stored` is a
 * whole row but for its vector. Of what no rule set filters (`filtered` false) records and bytes are counted by its vector
 * alone, and no connection (9.4), unless it is summed up again.
 */
export function foldStored(stored: usize, rulings: usize, filtered: bool): void {
  const vector = internVector(rulings);
  memory.copy(wanted, stored, L.OPENING_CLIENT_LOW);
  store<u32>(wanted, vector, L.OPENING_VECTOR);
  const connections = load<u64>(stored, L.OPENING_CONNECTIONS);
  const counts = vectorPtr(vector);
  const joined = filtered || mode == <u32>L.FOLD_SUMMARY;
  if (joined) addUpTo(counts, connections);
  addUpTo(counts + 8, load<u64>(stored, L.OPENING_FORWARD));
  addUpTo(counts + 16, load<u64>(stored, L.OPENING_REPLIES));
  addUpTo(counts + 24, load<u64>(stored, L.OPENING_OCTETS));
  const flags = load<u32>(stored, L.OPENING_FLAGS);
  const rejected = ((flags >> L.OF_ACTION_SHIFT) & 3) == C.ACTION_REJECT;
  if (!rejected && (flags & L.OF_DIRECTION_MASK) == C.DIRECTION_INGRESS)
    noteRemote(load<u64>(stored, L.OPENING_HIGH), load<u64>(stored, L.OPENING_LOW));
  if (!joined) return;
  if (mode == <u32>L.FOLD_CHANGED && !isChanged(rulings)) return;
  const found = findRow();
  if (found == 0) {
    count(L.COUNT_OPENERS_DROPPED, connections);
    return;
  }
  const row = openerPtr(found);
  addUpTo(row + L.OPENING_CONNECTIONS, connections);
  addUpTo(row + L.OPENING_ASSUMED, load<u64>(stored, L.OPENING_ASSUMED));
  addUpTo(row + L.OPENING_FORWARD, load<u64>(stored, L.OPENING_FORWARD));
  addUpTo(row + L.OPENING_REPLIES, load<u64>(stored, L.OPENING_REPLIES));
  addUpTo(row + L.OPENING_OCTETS, load<u64>(stored, L.OPENING_OCTETS));
  extendSpan(row, load<u32>(stored, L.OPENING_FIRST), load<u32>(stored, L.OPENING_LAST));
  addSamples(row + L.OPENING_SAMPLES, stored + L.OPENING_SAMPLES);
  addClients(
    row,
    load<u16>(stored, L.OPENING_CLIENT_LOW),
    load<u16>(stored, L.OPENING_CLIENT_HIGH),
  );
}

function add(at: usize, by: u64): void {
  store<u64>(at, load<u64>(at) + by);
}
