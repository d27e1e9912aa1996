// The connections: a pool of them, the judgements of further timelines and a ledger beside each. Which of a key is the
// latest: latest.ts; which go when there is no room: eviction.ts.

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
import {
  CONN_BYTES,
  CONN_JUDGEMENT,
  CONN_KEY_A,
  CONN_KEY_B,
  CONN_PENDING,
  CONN_SIDES,
  CONN_STATE,
  CONN_SUCCESSOR,
  JUDGEMENT_BYTES,
  LEDGER_BYTES,
  RULING_BYTES,
  ST_EARLIER_GRADE_SHIFT,
  ST_GRADE_SHIFT,
  ST_IN_USE,
  ST_SUPERSEDED,
  SLOT_SECONDS,
  STATUS_DONE,
  STATUS_MORE,
  STATUS_RESERVE,
} from "../shared/layout";
import { closedEnd } from "../lookahead/slots";
import { atOf, followed, keepsBorder, setAt } from "./border";
import { markOpen } from "./eviction";
import { isIpv6 } from "./key";
import { connectionAt, latestInit, latestReserve, latestRoom, setLatest } from "./latest";
import { foldConnection, openersRoom } from "./openers";
import { giveSides, sidesInit, sidesPtr, sidesReserve, sidesRoom, takeSides } from "./sides";

let conns: usize = 0;
let judgements: usize = 0; // 0 = there is but the baseline
let judgementBytes: u32 = 0; // of one connection: JUDGEMENT_BYTES per further timeline
let ledgers: usize = 0; // 0 = nothing is folded
let ledgerBytes: u32 = 0;

/** `timelines` judge every connection; `folds`: what is over goes into the rows of openers. */
export function connectionsInit(timelines: u32, folds: bool): bool {
  conns = poolCreate(CONN_BYTES);
  if (conns == 0 || !latestInit(conns) || !sidesInit()) return false;
  judgementBytes = (timelines - 1) * JUDGEMENT_BYTES;
  if (judgementBytes != 0) {
    judgements = poolCreate(judgementBytes);
    if (judgements == 0) return false;
  }
  ledgerBytes = LEDGER_BYTES + timelines * RULING_BYTES;
  if (folds) {
    ledgers = poolCreate(ledgerBytes);
    if (ledgers == 0) return false;
  }
  return true;
}

export function connPtr(conn: u32): usize {
  return poolRow(conns, conn);
}

/** The connection's judgement under a timeline (layout.ts, JUDGEMENT_*). */
export function judgementPtr(conn: u32, timeline: u32): usize {
  if (timeline == 0) return poolRow(conns, conn) + CONN_JUDGEMENT;
  return poolRow(judgements, conn) + <usize>((timeline - 1) * JUDGEMENT_BYTES);
}

/** The connection's ledger (layout.ts, LEDGER_*), 0 = none is kept. */
export function ledgerPtr(conn: u32): usize {
  return ledgers == 0 ? 0 : poolRow(ledgers, conn);
}

/** Connections in the table. */
export function connectionsLive(): u32 {
  return poolLive(conns);
}

/** One past the highest number that a connection ever had. */
export function connectionsEnd(): u32 {
  return poolEnd(conns);
}

/** Connections that can be opened without growing anything. */
export function connectionsRoom(): u32 {
  return min(min(poolRoom(conns), sidesRoom()), latestRoom());
}

/** Room for more connections in the pools and the index, whatever the limit is. Reserve-type call. */
export function growConnections(rows: u32): bool {
  if (!poolGrow(conns, rows) || !sidesReserve(rows)) return false;
  const held = poolLive(conns) + poolRoom(conns) + 1;
  if (judgements != 0 && !poolGrow(judgements, held)) return false;
  if (ledgers != 0 && !poolGrow(ledgers, held)) return false;
  return latestReserve(rows);
}

/**
 * New connection of a bucket's key, zeroed but for key and addresses (`sides`, IPv6 only); it becomes the latest. The
 * caller made sure of room.
 */
export function openConnection(bucket: usize, hash: u64, a: u64, b: u64, sides: usize): u32 {
  const conn = poolTake(conns);
  clearConnection(conn);
  const ptr = connPtr(conn);
  store<u64>(ptr, a, CONN_KEY_A);
  store<u64>(ptr, b, CONN_KEY_B);
  if (isIpv6(b)) {
    const own = takeSides();
    v128.store(sidesPtr(own), v128.load(sides));
    v128.store(sidesPtr(own) + 16, v128.load(sides + 16));
    store<u32>(ptr, own, CONN_SIDES);
  }
  store<u32>(ptr, ST_IN_USE, CONN_STATE);
  const earlier = connectionAt(bucket);
  setLatest(bucket, hash, conn);
  if (earlier == 0) return conn;
  const before = connPtr(earlier);
  store<u32>(before, load<u32>(before, CONN_STATE) | ST_SUPERSEDED, CONN_STATE);
  store<u32>(before, conn, CONN_SUCCESSOR);
  if (load<u32>(before, CONN_PENDING) == 0) retire(earlier);
  return conn;
}

/** A connection of no key, for what is judged without a log; it is never freed. The caller made sure of room. */
export function scratchConnection(): u32 {
  return poolTake(conns);
}

/** Begins a connection anew: zeroed, with its judgements and ledger. */
export function clearConnection(conn: u32): void {
  const ptr = connPtr(conn);
  const nothing = i64x2.splat(0);
  v128.store(ptr, nothing);
  v128.store(ptr + 16, nothing);
  v128.store(ptr + 32, nothing);
  v128.store(ptr + 48, nothing);
  if (judgements != 0) memory.fill(poolRow(judgements, conn), 0, judgementBytes);
  if (ledgers != 0) memory.fill(ledgerPtr(conn), 0, ledgerBytes);
}

/** A superseded connection of which every row was judged: hands its opener on (6.3) and goes. */
export function retire(conn: u32): void {
  const ptr = connPtr(conn);
  const heir = connPtr(load<u32>(ptr, CONN_SUCCESSOR));
  const settled = (load<u32>(ptr, CONN_STATE) >> ST_GRADE_SHIFT) & 31;
  // Late records may have been judged before it, and their connection forgotten: its row is free or another one's.
  const inherits =
    (load<u32>(heir, CONN_STATE) & ST_IN_USE) != 0 &&
    load<u64>(heir, CONN_KEY_A) == load<u64>(ptr, CONN_KEY_A) &&
    load<u64>(heir, CONN_KEY_B) == load<u64>(ptr, CONN_KEY_B);
  if (inherits)
    store<u32>(heir, load<u32>(heir, CONN_STATE) | (settled << ST_EARLIER_GRADE_SHIFT), CONN_STATE);
  if (keepsBorder) {
    const ledger = ledgerPtr(conn);
    setAt(ledger, atOf(ledger) | followed(ptr, load<u32>(ptr, CONN_SUCCESSOR)));
  }
  freeConnection(conn);
}

/** Folds a connection that is over, and gives its row back. The index does not lead to it any more. */
export function freeConnection(conn: u32): void {
  fold(conn, connPtr(conn));
  dropConnection(conn);
}

/** Gives the row of a connection back that was folded, or is not to be. */
export function dropConnection(conn: u32): void {
  const ptr = connPtr(conn);
  const sides = load<u32>(ptr, CONN_SIDES);
  if (sides != 0) giveSides(sides);
  store<u32>(ptr, 0, CONN_STATE);
  poolGive(conns, conn);
}

function fold(conn: u32, ptr: usize): void {
  if (ledgers == 0) return;
  foldConnection(ptr, ledgerPtr(conn));
}

let folded: u32 = 1; // connections below were folded at the end

/**
 * After the last record: folds up to `count` of the connections that are still held. STATUS_DONE, STATUS_MORE, or
 * STATUS_RESERVE: make room for openers first.
 */
export function foldRest(count: u32): i32 {
  if (ledgers == 0) return STATUS_DONE;
  if (openersRoom() < count) return STATUS_RESERVE;
  if (folded == 1 && keepsBorder) markOpen(<u64>closedEnd * SLOT_SECONDS, false);
  const end = poolEnd(conns);
  const stop = min(end, folded + count);
  for (; folded < stop; folded++) {
    const ptr = connPtr(folded);
    if (load<u32>(ptr, CONN_STATE) & ST_IN_USE) fold(folded, ptr);
  }
  return folded < end ? STATUS_MORE : STATUS_DONE;
}
