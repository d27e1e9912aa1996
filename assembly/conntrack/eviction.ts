// Which connections go to make room: dead ones first, then the ones idle longest, counted (semantics 6.6).

import { count } from "../evaluate/counters";
import { closedEnd } from "../lookahead/slots";
import {
  AT_BEGIN,
  AT_END,
  BORDER_OVERLAP,
  CONN_CLOSE_AT,
  CONN_FIRST,
  CONN_LAST_END,
  CONN_PENDING,
  CONN_STATE,
  COUNT_BORDER_DROPPED,
  COUNT_EVICTED,
  FORGET_SECONDS,
  SLACK_SECONDS,
  SLOT_SECONDS,
  ST_CLOSED,
  ST_IN_USE,
  ST_SUPERSEDED,
} from "../shared/layout";
import { atOf, MOST_AT_BORDER, setAt } from "./border";
import { forgetFreed } from "./latest";
import { openersReserve, openersRoom } from "./openers";
import {
  connectionsEnd,
  connectionsLive,
  connectionsRoom,
  connPtr,
  freeConnection,
  growConnections,
  ledgerPtr,
} from "./table";
import { idleTimer } from "./timers";

const FOLD_STEP: u32 = 65536; // connections folded between two looks at the room

let limit: u32 = 0;
let liveAfterSweep: u32 = 0;

/** At most so many connections are kept, but for those inside the look-ahead. */
export function setConnectionLimit(maxConnections: u32): void {
  limit = maxConnections;
}

// Sweeps free more than one reserve made room for; they run where tables may grow. The index leads to what was freed until
// forgetFreed.
function freeInSweep(conn: u32): bool {
  if (openersRoom() == 0 && !openersReserve(FOLD_STEP)) return false;
  freeConnection(conn);
  return true;
}

/** Whether nothing at `frontier` or later would find it: dead for longer than a dead connection is remembered (6.4). */
export function isForgotten(ptr: usize, frontier: u64): bool {
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
  const before = connectionsLive();
  const end = connectionsEnd();
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    if (!isIdle(ptr) || !isForgotten(ptr, frontier)) continue;
    if (!freeInSweep(conn)) return false;
  }
  liveAfterSweep = connectionsLive();
  return liveAfterSweep == before || forgetFreed();
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
  const end = connectionsEnd();
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
    if (!freeInSweep(conn)) return false;
    freed++;
  }
  count(COUNT_EVICTED, freed);
  return freed == 0 || forgetFreed();
}

// Bins of idle time: seconds at first, then two minutes each.
function idleBin(ptr: usize, frontier: u64): u32 {
  const last = <u64>load<u32>(ptr, CONN_LAST_END);
  const idle = frontier <= last ? 0 : frontier - last;
  return <u32>(idle < 4096 ? idle : min<u64>(4096 + ((idle - 4096) >> 7), MINUTES - 1));
}

// A log behind may begin a little before this one ends.
function isOpen(conn: u32, ptr: usize, frontier: u64, again: bool): bool {
  return (
    (load<u32>(ptr, CONN_STATE) & (ST_IN_USE | ST_SUPERSEDED)) == ST_IN_USE &&
    (!again || (atOf(ledgerPtr(conn)) & AT_END) != 0) &&
    !isForgotten(ptr, frontier - min<u64>(frontier, BORDER_OVERLAP))
  );
}

/**
 * Marks the connections that a log behind one that ends at `frontier` may go on with, or `again` those of them that were
 * marked before; of too many the ones idle longest are left out, and counted.
 */
export function markOpen(frontier: u64, again: bool): void {
  memory.fill(histogram, 0, MINUTES << 2);
  const end = connectionsEnd();
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    if (!isOpen(conn, ptr, frontier, again)) continue;
    const at = histogram + (idleBin(ptr, frontier) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let cut: u32 = 0;
  let sum: u32 = 0;
  while (cut < MINUTES && sum + load<u32>(histogram + (cut << 2)) <= MOST_AT_BORDER)
    sum += load<u32>(histogram + (cut++ << 2));
  for (let conn: u32 = 1; conn < end; conn++) {
    const ptr = connPtr(conn);
    const ledger = ledgerPtr(conn);
    const open = isOpen(conn, ptr, frontier, again);
    const kept = open && idleBin(ptr, frontier) < cut;
    // So late a log behind may have begun it as well.
    const late = <u64>load<u32>(ptr, CONN_FIRST) + BORDER_OVERLAP >= frontier;
    const at = atOf(ledger) & ~(<u32>AT_END);
    setAt(ledger, kept ? at | AT_END | (late ? AT_BEGIN : 0) : at);
    if (open && !kept) count(COUNT_BORDER_DROPPED, 1);
  }
}

/** Makes room for `rows` new connections: frees dead ones, grows up to the limit, then evicts. Reserve-type call. */
export function connectionsReserve(rows: u32): bool {
  if (connectionsRoom() < rows) {
    const full = connectionsLive() + rows > limit;
    if ((full || connectionsLive() >= liveAfterSweep * 2 + 65536) && !sweep()) return false;
    if (connectionsLive() + rows > limit && !evict(max(rows, connectionsLive() >> 3))) return false;
  }
  // Entries inside the look-ahead cannot go: beside them the table grows over its limit rather than forget evidence.
  return growConnections(rows);
}
