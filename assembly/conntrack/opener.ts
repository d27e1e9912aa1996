// Who opened a connection, and how that is known (semantics 4.1-4.6, 4.9, 6.3). Evidence only, never rules.

import {
  GRADE_INFERRED,
  GRADE_MEASURED,
  GRADE_ONE_WAY,
  GRADE_PAIRED,
  GRADE_REJECTED,
  GRADE_UNKNOWN,
  PROTOCOL_TCP,
} from "../shared/codes";
import {
  CONN_FIRST_0,
  CONN_FIRST_1,
  CONN_KEY_A,
  CONN_KEY_B,
  CONN_ORIENTED,
  CONN_STATE,
  SLACK_SECONDS,
  ST_ACCEPT,
  ST_EARLIER_GRADE_SHIFT,
  ST_EARLIER_OPENER_SHIFT,
  ST_FLAGLESS,
  ST_GRADE_SHIFT,
  ST_OPENED,
  ST_OPENER_SHIFT,
  ST_REJECT,
  ST_SUCCEEDS,
  ST_UNCERTAIN,
} from "../shared/layout";
import { hasPorts } from "../decode/decode";
import { endpointKey, FAN_MARKED, fanAt, fanOut } from "./endpoints";
import { highOf, interfaceOf, lowOf, portOf, protocolOf } from "./key";
import { connSides } from "./sides";

/** Opener as kept in the state: 0 unknown, 1 side 0, 2 side 1. */
export function openerOf(state: u32): u32 {
  return (state >> ST_OPENER_SHIFT) & 3;
}
/** Sides that sent a record: bit 0 side 0, bit 1 side 1. */
export function seenSides(state: u32): u32 {
  return ((state / ST_ACCEPT) | (state / ST_REJECT)) & 3;
}

export function gradeOf(state: u32): u32 {
  return (state >> ST_GRADE_SHIFT) & 7;
}

/** 5.4: nobody saw the opening. `side` is the opener. */
export function isAssumed(state: u32, side: u32): bool {
  if ((state / ST_OPENED) & 3) return false;
  return ((state / ST_FLAGLESS) & (1 << side)) == 0;
}

/** Whether the opener of a connection is to be asked for, for records of `slot`. */
export function isDue(conn: usize, slot: u32): bool {
  return (
    gradeOf(load<u32>(conn, CONN_STATE)) < <u32>GRADE_INFERRED &&
    load<u32>(conn, CONN_ORIENTED) != slot + 1
  );
}

/**
 * Settles or asks anew for the opener of a connection, for records of `slot`, and leaves it in the state. Evidence
 * stands still while a slot is judged, so one answer serves the whole slot.
 */
export function orient(conn: usize, slot: u32): void {
  if (isDue(conn, slot)) ask(conn, slot, 0, 0);
}

/** Keys of both ends of a connection in the table of endpoints: side 0's, or with `side` 1 side 1's. */
export function endKey(conn: usize, side: u32): u64 {
  const b = load<u64>(conn, CONN_KEY_B);
  const sides = connSides(conn);
  return endpointKey(
    interfaceOf(b),
    protocolOf(b),
    highOf(b, sides, side),
    lowOf(load<u64>(conn, CONN_KEY_A), b, sides, side),
    portOf(b, side),
  );
}

/** Asks for the opener of a connection that is due; `key0`, `key1`: its endKeys where they are known, else 0. */
export function ask(conn: usize, slot: u32, key0: u64, key1: u64): void {
  store<u32>(conn, slot + 1, CONN_ORIENTED);
  const state = load<u32>(conn, CONN_STATE);
  let answer = byRecords(state);
  if (answer == 0) answer = byFans(conn, state, slot, key0, key1);
  const mask: u32 = (7 << ST_GRADE_SHIFT) | (3 << ST_OPENER_SHIFT);
  store<u32>(
    conn,
    (state & ~mask) | ((answer & 7) << ST_GRADE_SHIFT) | ((answer >> 3) << ST_OPENER_SHIFT),
    CONN_STATE,
  );
}

// grade | opener << 3
function found(grade: u32, side: u32): u32 {
  return grade | ((side + 1) << 3);
}

/** What the connection's own records say: grade, opener above it; 0 = nothing. */
export function byRecords(state: u32): u32 {
  const opened = (state / ST_OPENED) & 3;
  if (opened == 3) return GRADE_UNKNOWN;
  if (opened != 0) return found(GRADE_MEASURED, opened >> 1);

  const seen = seenSides(state);
  const accept = (state / ST_ACCEPT) & 3;
  const reject = (state / ST_REJECT) & 3;
  const lone = seen != 3;
  // After expiry a lone refusal may be the late end of what was there before: it does not tell who opened (6.3).
  if (lone && accept == 0 && !(state & ST_SUCCEEDS)) return found(GRADE_REJECTED, seen >> 1);
  if (!lone && accept == 1 && reject == 2) return found(GRADE_REJECTED, 0);
  if (!lone && accept == 2 && reject == 1) return found(GRADE_REJECTED, 1);
  return 0;
}

// What endpoints and ports say, and then times.
function byFans(conn: usize, state: u32, slot: u32, key0: u64, key1: u64): u32 {
  const seen = seenSides(state);
  const lone = seen != 3;
  const loneSide = seen >> 1;
  const protocol = protocolOf(load<u64>(conn, CONN_KEY_B));
  if (hasPorts(protocol)) {
    const server = infer(conn, protocol, slot, key0, key1);
    if (server == CONTRADICTION) return GRADE_UNKNOWN;
    if (server != SILENT) return found(GRADE_INFERRED, 1 - server);
  }
  if (protocol != PROTOCOL_TCP) {
    if (lone) return found(GRADE_ONE_WAY, loneSide);
    const first0 = load<u32>(conn, CONN_FIRST_0);
    const first1 = load<u32>(conn, CONN_FIRST_1);
    const apart = first0 < first1 ? first1 - first0 : first0 - first1;
    if (apart > <u32>SLACK_SECONDS && (state & (ST_UNCERTAIN * 3)) == 0)
      return found(GRADE_PAIRED, first0 < first1 ? 0 : 1);
  }
  if (state & ST_SUCCEEDS) {
    if (lone) return found(GRADE_ONE_WAY, loneSide);
    const earlier = (state >> ST_EARLIER_OPENER_SHIFT) & 3;
    if (earlier != 0) return ((state >> ST_EARLIER_GRADE_SHIFT) & 7) | (earlier << 3);
  }
  return GRADE_UNKNOWN;
}

const SILENT: u32 = 2;
const CONTRADICTION: u32 = 3;

// The side that serves by fan-out and ports (4.3), SILENT or CONTRADICTION.
function infer(conn: usize, protocol: u32, slot: u32, key0: u64, key1: u64): u32 {
  const b = load<u64>(conn, CONN_KEY_B);
  const ports = serverByPorts(protocol, portOf(b, 0), portOf(b, 1));
  const fan = serverByFanOut(
    fanAt(key0 == 0 ? endKey(conn, 0) : key0, slot),
    fanAt(key1 == 0 ? endKey(conn, 1) : key1, slot),
  );
  if (ports == SILENT) return fan;
  if (fan == SILENT || fan == ports) return ports;
  return CONTRADICTION;
}

function serverByFanOut(end0: u32, end1: u32): u32 {
  const fan0 = fanOut(end0);
  const fan1 = fanOut(end1);
  if (fan0 >= 3 && fan0 >= 3 * fan1) return end0 & FAN_MARKED ? SILENT : 0;
  if (fan1 >= 3 && fan1 >= 3 * fan0) return end1 & FAN_MARKED ? SILENT : 1;
  return SILENT;
}

function serverByPorts(protocol: u32, port0: u32, port1: u32): u32 {
  if (port0 == port1) return SILENT;
  if (port0 == 2049 && port1 < 1024) return 0;
  if (port1 == 2049 && port0 < 1024) return 1;
  if (protocol == PROTOCOL_TCP) {
    if (port0 == 20 && port1 >= 1024) return 1;
    if (port1 == 20 && port0 >= 1024) return 0;
  }
  if (port0 < 1024 != port1 < 1024) return port0 < 1024 ? 0 : 1;
  if (port0 >= 32768 != port1 >= 32768) return port0 >= 32768 ? 1 : 0;
  return SILENT;
}
