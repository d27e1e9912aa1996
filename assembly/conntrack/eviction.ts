// Which connections go to make room: dead ones first, then the ones idle longest, counted (semantics 6.6).

import { count } from "../evaluate/counters";
import { closedEnd } from "../lookahead/slots";
import {
  CONN_CLOSE_AT,
  CONN_LAST_END,
  CONN_PENDING,
  CONN_STATE,
  COUNT_EVICTED,
  FORGET_SECONDS,
  SLACK_SECONDS,
  SLOT_SECONDS,
  ST_CLOSED,
  ST_IN_USE,
} from "../shared/layout";
import { forgetFreed } from "./latest";
import { openersReserve, openersRoom } from "./openers";
import {
  connectionsEnd,
  connectionsLive,
  connectionsRoom,
  connPtr,
  freeConnection,
  growConnections,
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
