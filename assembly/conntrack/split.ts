// Splits the records of a key into connections and gathers their evidence (semantics 6.2-6.4, 6.7). Rows come in the
// order of 7.1, slot after slot; times, flags and actions decide, never rules.

import { hasPorts } from "../decode/decode";
import { interfaceState } from "../decode/interfaces";
import { rowKey, rowSides } from "../lookahead/rows";
import { ACTION_REJECT, PROTOCOL_TCP } from "../shared/codes";
import * as L from "../shared/layout";
import { keepsBorder, mayGoOnBefore, noteBegin, noteEarly } from "./border";
import { interfaceOf, isUnoriented, protocolOf } from "./key";
import { connectionAt, findLatest } from "./latest";
import { connSides } from "./sides";
import { connPtr, openConnection } from "./table";
import { establishedTimer, idleTimer } from "./timers";
import { touchBoth } from "./touches";

// flags as packed in the row: FIN 1, SYN 2, RST 4, ACK 8
const FIN: u32 = 1;
const SYN: u32 = 2;
const RST: u32 = 4;
const ACK: u32 = 8;

/** What becomes of a record whose key has a connection. */
export const JOIN: u32 = 0;
export const NEW: u32 = 1;
export const NEW_AFTER_EXPIRY: u32 = 2;
export const AFTER_CLOSE: u32 = 3;

/**
 * Puts one row of `slot` into its connection; `hash` is its key's, `likely` its likelyBucket. The caller made sure of room
 * in both tables.
 */
export function splitRow(row: usize, hash: u64, likely: usize, slot: u32): void {
  const key = rowKey(row);
  const a = load<u64>(key);
  const b = load<u64>(key, 8);
  const bits = load<u32>(row, L.ROW_BITS);
  const start = load<u32>(row, L.ROW_START);
  const rejected = (bits & L.BIT_ACTION_MASK) == ACTION_REJECT;
  const tcp = protocolOf(b) == PROTOCOL_TCP;
  const flags: u32 = tcp && bits & L.BIT_FLAGS_KNOWN ? (bits >> L.BIT_FLAGS_SHIFT) & 15 : 0;
  const bucket = findLatest(likely, hash, key, rowSides(row));
  let conn = connectionAt(bucket);
  const how = conn == 0 ? NEW : decide(connPtr(conn), start, rejected, (flags & SYN) != 0);
  let told = bits; // what the row tells of its connection from here on
  if (how == NEW || how == NEW_AFTER_EXPIRY) {
    const earlier = conn;
    const follows = keepsBorder && mayGoOnBefore(earlier, b, start, (flags & SYN) != 0);
    conn = openConnection(bucket, hash, a, b, rowSides(row));
    const fresh = connPtr(conn);
    store<u32>(fresh, start, L.CONN_FIRST);
    if (keepsBorder) noteBegin(conn, follows, bits, (flags & SYN) != 0);
    store<u32>(fresh, 0xffffffff, L.CONN_FIRST_0);
    store<u32>(fresh, 0xffffffff, L.CONN_FIRST_1);
    if (how == NEW_AFTER_EXPIRY) {
      store<u32>(fresh, load<u32>(fresh, L.CONN_STATE) | L.ST_SUCCEEDS, L.CONN_STATE);
      if (rejected) told |= L.BIT_LOST_FIRST;
    }
  }
  const entry = connPtr(conn);
  // AWS makes no entry for what it REJECTs: until something is accepted anew, each of them has lost its entry (6.3).
  if (
    rejected &&
    how != AFTER_CLOSE &&
    (load<u32>(entry, L.CONN_STATE) & (L.ST_SUCCEEDS | (L.ST_ACCEPT * 3))) == L.ST_SUCCEEDS
  )
    told |= L.BIT_EXPIRED;
  if (!(bits & L.BIT_EVIDENCE_ONLY))
    store<u32>(entry, load<u32>(entry, L.CONN_PENDING) + 1, L.CONN_PENDING);
  if (how == AFTER_CLOSE) told |= L.BIT_AFTER_CLOSE;
  else join(conn, entry, row, bits, start, rejected, tcp, flags, slot);
  // The connection holds the key from now on; a row whose direction is still open keeps its addresses for 2.3.
  if (!isUnoriented(b)) told &= ~(<u32>L.BIT_KEYED);
  store<u32>(row, told, L.ROW_BITS);
  store<u32>(row, conn, L.ROW_CONN);
}

/**
 * A record whose direction nobody can tell any more (2.3): no evidence of a connection, but its ends serve or do not, as
 * everybody's (4.3). The caller made sure of room.
 */
export function splitAlone(row: usize, slot: u32): void {
  const key = rowKey(row);
  const b = load<u64>(key, 8);
  const action = load<u32>(row, L.ROW_BITS) & L.BIT_ACTION_MASK;
  if (action != ACTION_REJECT && hasPorts(protocolOf(b)))
    touchBoth(load<u64>(key), b, rowSides(row), slot);
}

/** Cases (i)-(v) of 6.4 for a key that has a latest connection; one that lives again is open again. */
export function decide(conn: usize, start: u32, rejected: bool, syn: bool): u32 {
  const state = load<u32>(conn, L.CONN_STATE);
  const lastEnd = load<u32>(conn, L.CONN_LAST_END);
  const idle: u64 = start > lastEnd ? <u64>(start - lastEnd) : 0;
  if (state & L.ST_CLOSED) {
    const closeAt = <u64>load<u32>(conn, L.CONN_CLOSE_AT);
    if (syn) return NEW;
    if (<u64>start <= closeAt + L.SLACK_SECONDS) return JOIN;
    if (<u64>start > closeAt + L.SLACK_SECONDS + L.FORGET_SECONDS) return NEW;
    if (rejected) return AFTER_CLOSE;
    if (idle > <u64>establishedTimer(conn) + L.SLACK_SECONDS) return NEW_AFTER_EXPIRY;
    store<u32>(conn, state & ~(<u32>(L.ST_CLOSED | (L.ST_FIN * 3))), L.CONN_STATE);
    return JOIN;
  }
  const timer = <u64>idleTimer(conn);
  const accepted = (state & (L.ST_ACCEPT * 3)) != 0;
  if (idle > timer + L.SLACK_SECONDS + L.FORGET_SECONDS) return NEW;
  if (idle > timer + L.SLACK_SECONDS) return accepted ? NEW_AFTER_EXPIRY : NEW;
  if (rejected && accepted && idle > 0 && idle + L.SLACK_SECONDS >= timer) return NEW_AFTER_EXPIRY;
  if (syn && idle > <u64>L.SLACK_SECONDS) return NEW;
  return JOIN;
}

function join(
  number: u32,
  conn: usize,
  row: usize,
  bits: u32,
  start: u32,
  rejected: bool,
  tcp: bool,
  flags: u32,
  slot: u32,
): void {
  const side: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const a = load<u64>(conn, L.CONN_KEY_A);
  const b = load<u64>(conn, L.CONN_KEY_B);
  const face = interfaceOf(b);
  let state = load<u32>(conn, L.CONN_STATE);
  if (!(state & ((<u32>(L.ST_ACCEPT | L.ST_REJECT)) << side))) {
    store<u32>(conn + (side << 2), start, L.CONN_FIRST_0);
    const at = interfaceState(face);
    const early = <u64>start < <u64>load<u32>(at, L.STATE_FIRST_START) + 300;
    const skipped = start <= load<u32>(at, L.STATE_SKIP_END);
    if (early || skipped) state |= L.ST_UNCERTAIN << side;
    if (keepsBorder && early && !skipped) noteEarly(number, side);
  }
  if (rejected) state |= L.ST_REJECT << side;
  else state |= L.ST_ACCEPT << side;
  const known = (bits & L.BIT_FLAGS_KNOWN) != 0;
  if (!tcp || !known) state |= L.ST_FLAGLESS << side;
  if (tcp && known) {
    if ((flags & (SYN | ACK)) == SYN) state |= L.ST_OPENED << side;
    else if (flags & ACK && !rejected) state |= L.ST_OPENED << (1 - side);
  }
  const end = max(load<u32>(row, L.ROW_END), start);
  const lastEnd = max(load<u32>(conn, L.CONN_LAST_END), end);
  store<u32>(conn, lastEnd, L.CONN_LAST_END);
  if (!rejected) {
    const shift = L.ST_PACKETS_SHIFT + (side << 1);
    const total = min(((state >> shift) & 3) + 1 + (bits >> L.BIT_PACKETS_SHIFT), 2);
    state = (state & ~((<u32>3) << shift)) | (total << shift);
    if (tcp) {
      const both = (state & (L.ST_ACCEPT * 3)) == L.ST_ACCEPT * 3;
      if (both || !known || flags != SYN) state |= L.ST_ESTABLISHED;
      if (known && !(flags & SYN)) {
        if (flags & FIN) state |= L.ST_FIN << side;
        if (!(state & L.ST_CLOSED) && (flags & RST || (state & (L.ST_FIN * 3)) == L.ST_FIN * 3)) {
          state |= L.ST_CLOSED;
          store<u32>(conn, lastEnd, L.CONN_CLOSE_AT);
        }
      }
    }
    if (hasPorts(protocolOf(b)) && load<u32>(conn, L.CONN_TOUCHED) != slot + 1) {
      store<u32>(conn, slot + 1, L.CONN_TOUCHED);
      touchBoth(a, b, connSides(conn), slot);
    }
  }
  store<u32>(conn, state, L.CONN_STATE);
}
