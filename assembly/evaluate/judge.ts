// The verdict of every record of a slot, on the evidence up to the end of its look-ahead (semantics 4.6, 5, 6.3, 6.4, 8).

import { ownAddress } from "../conntrack/own-address";
import { gradeOf, openerOf, orient, seenSides } from "../conntrack/opener";
import { highOf, interfaceOf, isUnoriented, lowOf, portOf, protocolOf } from "../conntrack/key";
import { connPtr, judgementPtr, retire } from "../conntrack/table";
import { hasPorts } from "../decode/decode";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { keepsText, rowPtr, widePtr } from "../lookahead/rows";
import * as C from "../shared/codes";
import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { count } from "./counters";
import { hitConnection, hitRecord, hitsRoom } from "./hits";
import { dropRow } from "./ingest";
import {
  read,
  readAgain,
  readConditional,
  readDetail,
  readOutcome,
  readReason,
  readRules,
  readVerdict,
  sideRejected,
} from "./readings";
import { addTuple } from "./tuples";

// The judgement being made.
let verdict: u32 = 0;
let reason: u32 = 0;
let detail: u32 = 0;
let rules: u32 = 0;
let grade: u32 = 0;
let opener: u32 = 0; // OPENER_*
let direction: u32 = 0; // DIRECTION_*
let missing: u32 = 0; // FIELD_*
let hitRules: u32 = 0; // rule set hit by a forward record, 0 = none

function verdictOfReason(code: u32): u32 {
  if (code <= <u32>C.REASON_NOT_FILTERED) return C.VERDICT_ALLOW;
  return code <= <u32>C.REASON_ACL ? C.VERDICT_DENY : C.VERDICT_UNKNOWN;
}

function plain(code: u32): void {
  reason = code;
  verdict = verdictOfReason(code);
  detail = 0;
  rules = 0;
}

function fromReading(): void {
  verdict = readVerdict;
  reason = readReason;
  detail = readDetail;
  rules = readRules;
}

/**
 * Judges one row of `slot` and counts it. False = the outcome tables are full: nothing was counted, reserve and call
 * again. Afterwards the row is gone, or (records wanted) holds its result for the emitter.
 */
export function judgeRow(row: u32, slot: u32): bool {
  const ptr = rowPtr(row);
  const bits = load<u32>(ptr, L.ROW_BITS);
  const preset = (bits >> L.BIT_PRESET_SHIFT) & 31;
  const b = load<u64>(ptr, L.ROW_KEY_B);
  const action = bits & L.BIT_ACTION_MASK;
  grade = C.GRADE_NONE;
  opener = C.OPENER_UNKNOWN;
  direction = (bits >> L.BIT_DIRECTION_SHIFT) & 3;
  missing = 0;
  hitRules = 0;
  const conn = load<u32>(ptr, L.ROW_CONN);
  let local: u32 = 0;
  let counted = false;
  if (preset != 0) {
    plain(preset - 1);
    missing = (bits >> L.BIT_MISSING_SHIFT) & 31;
    if (direction == C.DIRECTION_NONE && isUnoriented(b)) {
      const side = localSide(ptr, bits, b);
      const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
      if (side < NO_SIDE) direction = from == side ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
    }
  } else {
    local = localSide(ptr, bits, b);
    if (local == NO_SIDE) plain(C.REASON_NO_DIRECTION);
    else if (local == BOTH_SIDES) plain(C.REASON_NOT_FILTERED);
    else {
      if (!judgeInConnection(connPtr(conn), conn, bits, action == C.ACTION_REJECT, local, slot))
        return false;
      counted = true;
    }
  }
  countRow(ptr, bits, b, conn, action, local, counted);
  if (conn != 0) {
    const entry = connPtr(conn);
    const pending = load<u32>(entry, L.CONN_PENDING) - 1;
    store<u32>(entry, pending, L.CONN_PENDING);
    if (pending == 0 && load<u32>(entry, L.CONN_SUCCESSOR) != 0) retire(conn);
  }
  if (keepsText) storeResult(ptr);
  else dropRow(row);
  return true;
}

const NO_SIDE: u32 = 2;
const BOTH_SIDES: u32 = 3;

// The interface's own side of the row's key; for addresses not known by the rule set, by 2.3.
function localSide(ptr: usize, bits: u32, b: u64): u32 {
  if (!isUnoriented(b)) return 0;
  const face = interfaceOf(b);
  const wide = widePtr(load<u32>(ptr, L.ROW_WIDE));
  // By the addresses as shown: behind a translator the packet's are of the other family.
  const own = ownAddress(face, isV4(load<u64>(wide, 32), load<u64>(wide, 40)) ? 0 : 1);
  if (own == 0) return NO_SIDE;
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const isSource =
    load<u64>(wide, 32) == load<u64>(own) && load<u64>(wide, 40) == load<u64>(own, 8);
  const isDestination =
    load<u64>(wide, 48) == load<u64>(own) && load<u64>(wide, 56) == load<u64>(own, 8);
  if (!isSource && !isDestination) return NO_SIDE;
  if (isSource && isDestination) return BOTH_SIDES;
  const state = interfaceState(face);
  store<u32>(state, load<u32>(state, L.STATE_FLAGS) | L.INTERFACE_INFERRED, L.STATE_FLAGS);
  return isSource ? from : 1 - from;
}

function judgeInConnection(
  entry: usize,
  conn: u32,
  bits: u32,
  rejected: bool,
  local: u32,
  slot: u32,
): bool {
  orient(entry, slot);
  const state = load<u32>(entry, L.CONN_STATE);
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const by = openerOf(state);
  const dead = (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) != 0;
  grade = gradeOf(state);
  direction = from == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  opener = C.OPENER_UNKNOWN;
  if (by != 0) opener = by - 1 == local ? C.OPENER_LOCAL : C.OPENER_REMOTE;

  if (!takeConnection(entry, conn, state, by, local, slot)) return false;
  const kept = load<u32>(judgementPtr(conn), L.JUDGEMENT_BITS);
  const again = by != 0 && !(kept & L.JB_CONDITIONAL);
  const outcome = load<u32>(judgementPtr(conn), L.JUDGEMENT_OUTCOME) - 1;

  if (by == 0) {
    if (!judgeBothReadings(entry, state, bits, local, rejected, slot)) return false;
  } else if (from == by - 1) {
    if (again) readAgain(outcome, rejected);
    else if (!read(entry, from, local, rejected, slot)) return false;
    fromReading();
    hitRules = rules;
    if (dead && readVerdict != C.VERDICT_ALLOW) {
      plain(deadReason(bits));
      hitRules = 0;
    }
  } else {
    if (dead && !read(entry, from, local, true, slot)) return false;
    const ownAllows = dead && readVerdict == C.VERDICT_ALLOW;
    const side = by - 1;
    if (again) readAgain(outcome, sideRejected(state, side));
    else if (!read(entry, side, local, sideRejected(state, side), slot)) return false;
    fromReading();
    if (verdict == C.VERDICT_ALLOW) reason = C.REASON_REPLY;
    else if (verdict == C.VERDICT_DENY) reason = C.REASON_REPLY_TO_DENIED;
    if (dead && !ownAllows) plain(deadReason(bits));
  }
  if (bits & L.BIT_LOST_FIRST && reason == C.REASON_EXPIRED) {
    refuse(conn);
  }
  return hitsRoom(hitRules + 1);
}

// The connection's first record had lost its entry: it was refused, whatever the rules say of its opener (6.3).
function refuse(conn: u32): void {
  const judgement = judgementPtr(conn);
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  if (bits & L.JB_HIT) {
    readAgain(load<u32>(judgement, L.JUDGEMENT_OUTCOME) - 1, false);
    hitConnection(readRules, <u64>-1);
  }
  store<u32>(judgement, (bits & ~(<u32>L.JB_HIT)) | L.JB_REFUSED, L.JUDGEMENT_BITS);
  recount(conn, C.VERDICT_DENY);
}

function deadReason(bits: u32): u32 {
  return bits & L.BIT_EXPIRED ? C.REASON_EXPIRED : C.REASON_AFTER_CLOSE;
}

// 4.6: the opener is not known. The record's own direction is reading one.
function judgeBothReadings(
  entry: usize,
  state: u32,
  bits: u32,
  local: u32,
  rejected: bool,
  slot: u32,
): bool {
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  if (!read(entry, 1 - from, local, sideRejected(state, 1 - from), slot)) return false;
  const other = readVerdict;
  if (!read(entry, from, local, rejected, slot)) return false;
  fromReading();
  if (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE) && readVerdict != C.VERDICT_ALLOW) {
    plain(deadReason(bits));
    return true;
  }
  if (readVerdict != other) {
    plain(C.REASON_DIRECTION_UNDECIDED);
    return true;
  }
  if (readVerdict == C.VERDICT_ALLOW) hitRules = readRules;
  const lone = seenSides(state) != 3;
  if (
    readVerdict == C.VERDICT_DENY &&
    lone &&
    !rejected &&
    protocolOf(load<u64>(entry, L.CONN_KEY_B)) == C.PROTOCOL_TCP
  )
    plain(C.REASON_ONE_SIDED);
  return true;
}

// Takes the connection's own verdict when it is first judged and whenever its opener changed (4.9), and counts it.
function takeConnection(entry: usize, conn: u32, state: u32, by: u32, local: u32, slot: u32): bool {
  const judgement = judgementPtr(conn);
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  const asked: u32 = by == 0 ? 3 : by;
  const had = (bits >> L.JB_SIDE_SHIFT) & 3;
  noteAssumed(judgement, by != 0 && isAssumed(state, by - 1));
  if (had == asked && by != 0 && !(bits & L.JB_CONDITIONAL)) return true;
  let says: u32;
  let conditional: bool;
  let outcome: u32 = 0;
  let admits: u32 = 0;
  if (by != 0) {
    if (!read(entry, by - 1, local, sideRejected(state, by - 1), slot)) return false;
    if (!hitsRoom(readRules + 1)) return false;
    says = readVerdict;
    conditional = readConditional;
    outcome = readOutcome + 1;
    admits = says == C.VERDICT_ALLOW ? readRules : 0;
  } else {
    if (!read(entry, 0, local, sideRejected(state, 0), slot)) return false;
    const first = readVerdict;
    conditional = readConditional;
    if (!read(entry, 1, local, sideRejected(state, 1), slot)) return false;
    conditional = conditional || readConditional;
    says = first == readVerdict ? first : C.VERDICT_UNKNOWN;
    const lone = seenSides(state) != 3;
    const accepted = (state & (L.ST_ACCEPT * 3)) != 0;
    if (
      says == C.VERDICT_DENY &&
      lone &&
      accepted &&
      protocolOf(load<u64>(entry, L.CONN_KEY_B)) == C.PROTOCOL_TCP
    )
      says = C.VERDICT_UNKNOWN;
  }
  const before = load<u32>(judgement, L.JUDGEMENT_OUTCOME);
  if (bits & L.JB_HIT) {
    readAgain(before - 1, false);
    hitConnection(readRules, <u64>-1);
  }
  const hit = admits != 0 && !(bits & L.JB_REFUSED);
  if (hit) hitConnection(admits, 1);
  store<u32>(judgement, outcome, L.JUDGEMENT_OUTCOME);
  const kept =
    load<u32>(judgement, L.JUDGEMENT_BITS) & (L.JB_COUNTED_MASK | L.JB_ASSUMED | L.JB_REFUSED);
  store<u32>(
    judgement,
    kept | (asked << L.JB_SIDE_SHIFT) | (conditional ? L.JB_CONDITIONAL : 0) | (hit ? L.JB_HIT : 0),
    L.JUDGEMENT_BITS,
  );
  if (!(kept & L.JB_REFUSED)) recount(conn, says);
  return true;
}

function noteAssumed(judgement: usize, assumed: bool): void {
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  if (assumed == ((bits & L.JB_ASSUMED) != 0)) return;
  count(L.COUNT_OPENINGS_ASSUMED, assumed ? 1 : <u64>-1);
  store<u32>(judgement, bits ^ L.JB_ASSUMED, L.JUDGEMENT_BITS);
}

function recount(conn: u32, says: u32): void {
  const judgement = judgementPtr(conn);
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  const counted = bits & L.JB_COUNTED_MASK;
  if (counted == says + 1) return;
  if (counted != 0) count(L.COUNT_CONNECTIONS + counted - 1, <u64>-1);
  count(L.COUNT_CONNECTIONS + says, 1);
  store<u32>(judgement, (bits & ~(<u32>L.JB_COUNTED_MASK)) | (says + 1), L.JUDGEMENT_BITS);
}

// 5.4: nobody saw the opening.
function isAssumed(state: u32, side: u32): bool {
  if ((state / L.ST_OPENED) & 3) return false;
  return ((state / L.ST_FLAGLESS) & (1 << side)) == 0;
}

function countRow(
  ptr: usize,
  bits: u32,
  b: u64,
  conn: u32,
  action: u32,
  local: u32,
  inConnection: bool,
): void {
  count(L.COUNT_JUDGED, 1);
  count(L.COUNT_REASONS + reason, 1);
  count(L.COUNT_GRADES + grade, 1);
  const bytes = load<u64>(ptr, L.ROW_OCTETS);
  if (hitRules != 0) hitRecord(hitRules, bytes);
  const face = interfaceOf(b);
  if (face != <u32>L.MAX_INTERFACES) {
    const at = interfaceState(face) + L.STATE_ALLOW + (verdict << 3);
    store<u64>(at, load<u64>(at) + 1);
  }
  if (action == C.ACTION_NONE) return;
  const accepted = action == C.ACTION_ACCEPT;
  count(L.COUNT_MATRIX + (accepted ? 0 : 3) + verdict, 1);
  if (accepted ? verdict != C.VERDICT_DENY : verdict != C.VERDICT_ALLOW) return;
  noteDisagreement(ptr, bits, b, conn, accepted, local, inConnection, bytes);
}

function noteDisagreement(
  ptr: usize,
  bits: u32,
  b: u64,
  conn: u32,
  accepted: bool,
  local: u32,
  inConnection: bool,
  bytes: u64,
): void {
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const entry = inConnection ? connPtr(conn) : 0;
  const a = inConnection ? load<u64>(entry, L.CONN_KEY_A) : load<u64>(ptr, L.ROW_KEY_A);
  const wide = inConnection ? load<u32>(entry, L.CONN_WIDE) : load<u32>(ptr, L.ROW_WIDE);
  // Without a connection side 0 is the local one where the direction is known.
  const remote = inConnection ? 1 - local : 1;
  const high = highOf(b, wide, remote);
  const low = lowOf(a, b, wide, remote);
  const protocol = protocolOf(b);
  const by = inConnection ? openerOf(load<u32>(entry, L.CONN_STATE)) : 0;
  const side = by == 0 ? from : by - 1;
  let opens: u32 = C.DIRECTION_NONE;
  if (by != 0) opens = side == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  const port = hasPorts(protocol) ? portOf(b, 1 - side) : 0xffffffff;
  const cause = accepted
    ? causeOfDeny(bits, b, entry, by, high, low)
    : causeOfAllow(bits, entry, by, from);
  count(L.COUNT_CAUSES + cause, 1);
  addTuple(
    accepted ? 1 : 2,
    interfaceOf(b),
    opens,
    high,
    low,
    protocol,
    port,
    cause,
    load<u32>(ptr, L.ROW_START),
    load<u32>(ptr, L.ROW_END),
    bytes,
    load<u32>(ptr, L.ROW_FILE),
    load<u32>(ptr, L.ROW_LINE),
  );
}

// 8.1
function causeOfDeny(bits: u32, b: u64, entry: usize, by: u32, high: u64, low: u64): u32 {
  if (entry != 0 && by != 0) {
    const begun = load<u32>(interfaceState(interfaceOf(b)), L.STATE_FIRST_START);
    const early = <u64>load<u32>(entry, L.CONN_FIRST) < <u64>begun + 300;
    if (early && isAssumed(load<u32>(entry, L.CONN_STATE), by - 1))
      return L.CAUSE_OPENED_BEFORE_LOG;
  }
  if (!(bits & L.BIT_HAS_PKT) && isPrivate(high, low)) return L.CAUSE_ADDRESS_TRANSLATED;
  return L.CAUSE_RULES_CHANGED_OR_INCOMPLETE;
}

function isPrivate(high: u64, low: u64): bool {
  if (!isV4(high, low)) return high >> 57 == 0x7e; // fc00::/7
  const v = <u32>low;
  return v >> 24 == 10 || v >> 20 == 0xac1 || v >> 16 == 0xc0a8 || v >> 22 == 0x191;
}

// 8.2
function causeOfAllow(bits: u32, entry: usize, by: u32, from: u32): u32 {
  const given = (bits >> L.BIT_REJECT_REASON_SHIFT) & 3;
  if (given == F.REJECT_REASON_BPA) return L.CAUSE_BLOCKED_PUBLIC_ACCESS;
  if (given == F.REJECT_REASON_EC) return L.CAUSE_ENCRYPTION_CONTROL;
  if (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) return L.CAUSE_LATE_PACKET;
  if (entry == 0) return L.CAUSE_RULES_CHANGED_OR_ACL;
  const state = load<u32>(entry, L.CONN_STATE);
  if (by != 0 && from != by - 1) {
    const side: u32 = 1 << (by - 1);
    return ((state / L.ST_REJECT) & side) == 0
      ? L.CAUSE_ACL_STRONGLY_SUSPECTED
      : L.CAUSE_ACL_SUSPECTED;
  }
  return (state & ((<u32>L.ST_ACCEPT) << from)) != 0
    ? L.CAUSE_ACL_SUSPECTED
    : L.CAUSE_RULES_CHANGED_OR_ACL;
}

function storeResult(ptr: usize): void {
  store<u32>(ptr, rules, L.ROW_KEY_A + L.ROW_RESULT_RULES);
  store<u32>(ptr, detail, L.ROW_KEY_A + L.ROW_RESULT_DETAIL);
  store<u32>(
    ptr,
    (reason << L.RESULT_REASON_SHIFT) |
      (grade << L.RESULT_GRADE_SHIFT) |
      (opener << L.RESULT_OPENER_SHIFT) |
      (direction << L.RESULT_DIRECTION_SHIFT) |
      (missing << L.RESULT_MISSING_SHIFT),
    L.ROW_BITS,
  );
}
