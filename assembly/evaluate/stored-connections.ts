// Connections that summaries keep one by one (layout.ts, BORDER_*): the records of one log go on with what another left
// open, by the cases of semantics 6.4. They come in order of their first start, whatever summary they are of. Those that
// nothing can go on with any more are judged, and folded as rows are; where summaries are summed up again, what still
// stands at a border stays by itself.

import {
  atOf,
  borderKeyA,
  borderKeyB,
  countBegun,
  followed,
  isAtBorder,
  keepsBorder,
  mayHaveBegunBefore,
  restoreConnection,
  restoreEndpoints,
  setAt,
  storeBorder,
} from "../conntrack/border";
import { endpointsReserve, endpointsRoom } from "../conntrack/endpoints";
import { connectionsReserve, isForgotten, markOpen } from "../conntrack/eviction";
import { interfaceOf, isIpv6, protocolOf } from "../conntrack/key";
import { connectionAt, findLatest, forgetFreed, hashKey, likelyBucket } from "../conntrack/latest";
import { isAssumed, openerOf, orient, seenSides } from "../conntrack/opener";
import { openersRoom, rowOfConnection } from "../conntrack/openers";
import { AFTER_CLOSE, decide, JOIN, NEW, NEW_AFTER_EXPIRY } from "../conntrack/split";
import {
  connectionsEnd,
  connectionsRoom,
  connPtr,
  dropConnection,
  ledgerPtr,
  openConnection,
} from "../conntrack/table";
import { interfaceState } from "../decode/interfaces";
import { slotOf } from "../lookahead/slots";
import { addSamples } from "../memory/samples";
import { GRADE_INFERRED, PROTOCOL_TCP } from "../shared/codes";
import * as L from "../shared/layout";
import { addUpTo, count } from "./counters";
import { foldOne, judgeOne } from "./stored";

// In CONN_TOUCHED, which nothing else needs here: number of the summary that it was last seen in, and JOINED = it has
// records of several.
const JOINED: u32 = 0x80000000;
const AT_MASK: u32 = (1 << L.AT_BITS) - 1;
const OPENER: u32 = (7 << L.ST_GRADE_SHIFT) | (3 << L.ST_OPENER_SHIFT);

let done: u32 = 0;
let several: bool = false; // summaries
let asWhole: bool = false;
const row: usize = memory.data(128, 16);
const key: usize = memory.data(16, 16);

/** The logs together have no more records than a look-ahead holds: no opener was settled before all of them (7.1). */
export function askAsWhole(): void {
  asWhole = true;
}

/** Makes room for `rows` more. Reserve-type call. 0 or STATUS_NO_MEMORY. */
export function reserveForConnections(rows: u32): i32 {
  const ready = connectionsReserve(rows) && endpointsReserve(2 * rows);
  return ready ? 0 : L.STATUS_NO_MEMORY;
}

/** Rows of the last call that were taken in; the others wait for a reserve. */
export function connectionsTaken(): u32 {
  return done;
}

/**
 * Takes in `rows` connections (BORDER_BYTES each, interfaces interned in this session, the number of their summary in
 * BORDER_AT above AT_*). STATUS_DONE, or STATUS_RESERVE: reserve, and go on behind those taken.
 */
export function takeConnections(rows: usize, count: u32): i32 {
  for (done = 0; done < count; done++) {
    if (connectionsRoom() == 0 || endpointsRoom() < 2) return L.STATUS_RESERVE;
    takeOne(rows + <usize>done * L.BORDER_BYTES);
  }
  return L.STATUS_DONE;
}

function takeOne(from: usize): void {
  const at = load<u32>(from, L.BORDER_AT) & AT_MASK;
  const source = load<u32>(from, L.BORDER_AT) >> L.AT_BITS;
  const first = load<u32>(from, L.BORDER_FIRST);
  const syn = (at & L.AT_SYN) != 0;
  if (source != 0) several = true;
  restoreEndpoints(from);
  const b = borderKeyB(from);
  const a = borderKeyA(from, isIpv6(b));
  store<u64>(key, a);
  store<u64>(key, b, 8);
  const sides = from + L.BORDER_LOCAL;
  const hash = hashKey(a, b);
  const bucket = findLatest(likelyBucket(hash), hash, key, sides);
  const before = connectionAt(bucket);
  const decides = before != 0 && (at & L.AT_BEGIN) != 0 && mayGoOn(before, first, source);
  let how = NEW;
  if (decides)
    how = isOpeningOf(connPtr(before), first, syn)
      ? JOIN
      : decide(connPtr(before), first, (at & L.AT_REJECT) != 0, syn);
  if (how == JOIN || how == AFTER_CLOSE) {
    if (sourceOf(before) != source) count(L.COUNT_JOINED, 1);
    if (how == AFTER_CLOSE && (load<u32>(from, L.BORDER_STATE) & (L.ST_ACCEPT * 3)) == 0)
      addRecords(from, ledgerPtr(before));
    else join(from, connPtr(before), ledgerPtr(before));
    leaveOff(before, at, source);
    return;
  }
  const conn = openConnection(bucket, hash, a, b, sides);
  const entry = connPtr(conn);
  const ledger = ledgerPtr(conn);
  restoreConnection(from, entry, ledger);
  // Nothing is retired behind our back: every connection ends in closeConnections().
  store<u32>(entry, 1, L.CONN_PENDING);
  store<u32>(entry, source, L.CONN_TOUCHED);
  if (decides) follow(entry, ledger, connPtr(before), how == NEW_AFTER_EXPIRY, at);
  setAt(ledger, at & ~(<u32>L.AT_BEGIN));
  if (!(at & L.AT_BEGIN)) return;
  if (before == 0) noteUnjoined(entry, source);
  if (goesOnBefore(before, decides || (before != 0 && sourceOf(before) == source), b, first, syn))
    setAt(ledger, at);
}

// Whether a log before all of these may still have begun it.
function goesOnBefore(before: u32, behind: bool, b: u64, first: u32, syn: bool): bool {
  if (before == 0) return mayHaveBegunBefore(b, first, syn) && countBegun() != 0;
  return behind && !syn && (atOf(ledgerPtr(before)) & L.AT_BEGIN) != 0;
}

// Logs that overlap in time: a SYN before the connection closed in the other log is that of its opening.
function isOpeningOf(before: usize, first: u32, syn: bool): bool {
  const closed = (load<u32>(before, L.CONN_STATE) & L.ST_CLOSED) != 0;
  return syn && closed && first < load<u32>(before, L.CONN_CLOSE_AT);
}

function sourceOf(conn: u32): u32 {
  return load<u32>(connPtr(conn), L.CONN_TOUCHED) & ~JOINED;
}

// Left open by a log before, or of its time; or of the same log, which may have ended it for want of what another saw.
function mayGoOn(before: u32, first: u32, source: u32): bool {
  if (sourceOf(before) == source) return (load<u32>(connPtr(before), L.CONN_TOUCHED) & JOINED) != 0;
  const open = (atOf(ledgerPtr(before)) & (L.AT_END | L.AT_FOLLOWED)) != 0;
  return open || first <= load<u32>(connPtr(before), L.CONN_LAST_END);
}

// Where flags would have shown its opening, and an earlier log was given.
function noteUnjoined(entry: usize, source: u32): void {
  const state = load<u32>(entry, L.CONN_STATE);
  const by = openerOf(state);
  if (source != 0 && by != 0 && isAssumed(state, by - 1)) count(L.COUNT_UNJOINED, 1);
}

// Its last part tells whether a later log can go on with it.
function leaveOff(conn: u32, at: u32, source: u32): void {
  const ends: u32 = L.AT_END | L.AT_FOLLOWED;
  const ledger = ledgerPtr(conn);
  setAt(ledger, (atOf(ledger) & ~ends) | (at & ends));
  store<u32>(connPtr(conn), source | JOINED, L.CONN_TOUCHED);
}

function addRecords(from: usize, ledger: usize): void {
  for (let side: usize = 0; side < 8; side += 4) {
    const sum =
      <u64>load<u32>(ledger + side, L.LEDGER_SIDE_0) +
      <u64>load<u32>(from + side, L.BORDER_LOCAL_RECORDS);
    store<u32>(ledger + side, <u32>min<u64>(sum, 0xffffffff), L.LEDGER_SIDE_0);
  }
  addUpTo(ledger + L.LEDGER_OCTETS, load<u64>(from, L.BORDER_OCTETS));
  addSamples(ledger + L.LEDGER_SAMPLES, from + L.BORDER_SAMPLES);
}

// The records of `from` belong to the connection.
function join(from: usize, entry: usize, ledger: usize): void {
  addRecords(from, ledger);
  const seen = load<u32>(from, L.BORDER_FLAGS) & (L.LEDGER_ACCEPTED * 3 + L.LEDGER_OPEN * 3);
  store<u32>(ledger, load<u32>(ledger, L.LEDGER_FLAGS) | seen, L.LEDGER_FLAGS);
  const more = load<u32>(from, L.BORDER_STATE);
  const known = load<u32>(entry, L.CONN_STATE);
  let state = known | (more & EVIDENCE);
  for (let side: u32 = 0; side < 2; side++) {
    if (((seenSides(known) >> side) & 1) == 0) {
      const early: u32 = L.AT_EARLY << side;
      setAt(ledger, (atOf(ledger) & ~early) | (load<u32>(from, L.BORDER_AT) & early));
      store<u32>(
        entry + (side << 2),
        load<u32>(from + (side << 2), L.BORDER_FIRST_LOCAL),
        L.CONN_FIRST_0,
      );
      state |= more & (L.ST_UNCERTAIN << side);
    }
    const shift = L.ST_PACKETS_SHIFT + (side << 1);
    const packets = min(((known >> shift) & 3) + ((more >> shift) & 3), 2);
    state = (state & ~((<u32>3) << shift)) | (packets << shift);
  }
  const tcp = protocolOf(load<u64>(entry, L.CONN_KEY_B)) == PROTOCOL_TCP;
  if (tcp && (state & (L.ST_ACCEPT * 3)) == L.ST_ACCEPT * 3) state |= L.ST_ESTABLISHED;
  const end = load<u32>(from, L.BORDER_LAST_END);
  const last = max(load<u32>(entry, L.CONN_LAST_END), end);
  const closeAt = load<u32>(entry, L.CONN_CLOSE_AT);
  if (!(known & L.ST_CLOSED) || <u64>end > <u64>closeAt + L.SLACK_SECONDS) {
    // Open when the other log went on with it, or again.
    const fins = known & L.ST_CLOSED ? more & CLOSING : (known | more) & CLOSING;
    state = (state & ~CLOSING) | fins;
    if (more & L.ST_CLOSED) store<u32>(entry, load<u32>(from, L.BORDER_CLOSE_AT), L.CONN_CLOSE_AT);
    else if ((fins & (L.ST_FIN * 3)) == L.ST_FIN * 3) {
      state |= L.ST_CLOSED;
      store<u32>(entry, last, L.CONN_CLOSE_AT);
    }
  }
  store<u32>(entry, last, L.CONN_LAST_END);
  // Who opened is asked anew, on the evidence of both.
  store<u32>(entry, state & ~OPENER, L.CONN_STATE);
}

const EVIDENCE: u32 =
  L.ST_FLAGLESS * 3 + L.ST_ACCEPT * 3 + L.ST_REJECT * 3 + L.ST_OPENED * 3 + L.ST_ESTABLISHED;
const CLOSING: u32 = L.ST_FIN * 3 + L.ST_CLOSED;

// A connection behind another one of its key, after expiry or not (6.3).
function follow(entry: usize, ledger: usize, before: usize, expired: bool, at: u32): void {
  const state = load<u32>(entry, L.CONN_STATE);
  const lost = load<u32>(ledger, L.LEDGER_FLAGS) & ~(<u32>(L.LEDGER_LOST * 3));
  const wasBehind = (state & L.ST_SUCCEEDS) != 0;
  if (!expired) {
    store<u32>(ledger, lost, L.LEDGER_FLAGS);
    if (wasBehind)
      store<u32>(entry, state & ~(<u32>(L.ST_SUCCEEDS | EARLIER)) & ~OPENER, L.CONN_STATE);
    return;
  }
  const side: u32 = at & L.AT_SIDE_1 ? 1 : 0;
  store<u32>(ledger, at & L.AT_REJECT ? lost | (L.LEDGER_LOST << side) : lost, L.LEDGER_FLAGS);
  ask(before);
  const settled = (load<u32>(before, L.CONN_STATE) >> L.ST_GRADE_SHIFT) & 31;
  store<u32>(
    entry,
    (state & ~EARLIER & ~OPENER) | L.ST_SUCCEEDS | (settled << L.ST_EARLIER_GRADE_SHIFT),
    L.CONN_STATE,
  );
}

const EARLIER: u32 = 31 << L.ST_EARLIER_GRADE_SHIFT;

// Who opened, on what all logs show (4.9: a weak answer yields).
function ask(entry: usize): void {
  const state = load<u32>(entry, L.CONN_STATE);
  const grade = (state >> L.ST_GRADE_SHIFT) & 7;
  if (grade > <u32>GRADE_INFERRED || (grade != 0 && !several)) return;
  if (grade == <u32>GRADE_INFERRED && !asWhole) return;
  store<u32>(entry, state & ~OPENER, L.CONN_STATE);
  store<u32>(entry, 0, L.CONN_ORIENTED);
  orient(entry, slotOf(load<u32>(entry, L.CONN_FIRST)));
  orient(entry, slotOf(load<u32>(entry, L.CONN_LAST_END)));
}

// The first five minutes of an interface are those of the whole (4.4).
function forgetEarly(entry: usize, ledger: usize): void {
  const face = interfaceOf(load<u64>(entry, L.CONN_KEY_B));
  const begin = <u64>load<u32>(interfaceState(face), L.STATE_FIRST_START) + 300;
  for (let side: u32 = 0; side < 2; side++) {
    const early: u32 = L.AT_EARLY << side;
    const at = atOf(ledger);
    if (!(at & early) || <u64>load<u32>(entry + (side << 2), L.CONN_FIRST_0) < begin) continue;
    setAt(ledger, at & ~early);
    const state = load<u32>(entry, L.CONN_STATE) & ~(<u32>(L.ST_UNCERTAIN << side));
    store<u32>(entry, state, L.CONN_STATE);
  }
}

let closing: u32 = 0; // connections from here to the end of a pass are still to be looked at

/**
 * Ends connections, up to `count` of them looked at: all (`last`), or those that nothing at `frontier` or later could go
 * on with. STATUS_DONE, STATUS_MORE, or STATUS_RESERVE: reserve for stored rows, and call again. Reserve-type call.
 */
export function closeConnections(frontier: u32, last: bool, count: u32): i32 {
  if (closing == 0) {
    closing = 1;
    if (last && keepsBorder) markOpen(frontier, true);
  }
  const end = connectionsEnd();
  const stop = min(end, closing + count);
  for (; closing < stop; closing++) {
    const entry = connPtr(closing);
    const state = load<u32>(entry, L.CONN_STATE);
    if (!(state & L.ST_IN_USE)) continue;
    const over = (state & L.ST_SUPERSEDED) != 0 || isForgotten(entry, frontier);
    if (!last && !over) continue;
    if (openersRoom() == 0 || !close(closing, entry, over)) return L.STATUS_RESERVE;
    dropConnection(closing);
  }
  if (closing < end) return L.STATUS_MORE;
  closing = 0;
  return forgetFreed() ? L.STATUS_DONE : L.STATUS_NO_MEMORY;
}

function close(conn: u32, entry: usize, over: bool): bool {
  const ledger = ledgerPtr(conn);
  forgetEarly(entry, ledger);
  ask(entry);
  if (over) {
    const at = atOf(ledger) & ~(<u32>(L.AT_END | L.AT_FOLLOWED));
    const superseded = (load<u32>(entry, L.CONN_STATE) & L.ST_SUPERSEDED) != 0;
    setAt(ledger, superseded ? at | followed(entry, load<u32>(entry, L.CONN_SUCCESSOR)) : at);
  }
  rowOfConnection(row, entry, ledger);
  if (!judgeOne(row)) return false;
  if (keepsBorder && isAtBorder(ledger)) storeBorder(entry, ledger);
  else foldOne(row);
  return true;
}
