// Judges the records of a slot, on the evidence up to the end of its look-ahead: asks every timeline, counts what the
// baseline says and how the others change it, and keeps what the emitter needs.

import { ownAddress } from "../conntrack/own-address";
import { gradeOf, openerOf, orient } from "../conntrack/opener";
import { interfaceOf, isUnoriented } from "../conntrack/key";
import { connPtr, judgementPtr, ledgerPtr, retire } from "../conntrack/table";
import { changeOf } from "../conntrack/vectors";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { keepsText, rowFurther, rowKey, rowShown } from "../lookahead/rows";
import { addSample } from "../memory/samples";
import * as C from "../shared/codes";
import * as L from "../shared/layout";
import { countChange } from "./changes";
import { addUpTo, count } from "./counters";
import { hitRecord } from "./hits";
import { noteDisagreement } from "./mismatch";
import {
  detail,
  hitRules,
  isFiltered,
  reason,
  ruleAgain,
  ruleAlone,
  ruleInConnection,
  rules,
  rulesImage,
  verdict,
} from "./ruling";
import { hasAcls, imageInterfaces, isSimple, kindOf, timelineCount } from "./timelines";

let grade: u32 = 0;
let opener: u32 = 0; // OPENER_*
let direction: u32 = 0; // DIRECTION_*
let missing: u32 = 0; // FIELD_*
let inConnection: bool = false; // the baseline judges the record in its connection
let alike: bool = false; // all timelines say of the record what the baseline says
// Per timeline: verdict, reason, detail, rules, image, rules hit; a timeline that finds no room throws nothing away.
const results: usize = memory.data(24 * 24, 16);

function resultOf(timeline: u32): usize {
  return results + <usize>(timeline * 24);
}

function keepResult(timeline: u32): void {
  const at = resultOf(timeline);
  store<u32>(at, verdict);
  store<u32>(at, reason, 4);
  store<u32>(at, detail, 8);
  store<u32>(at, rules, 12);
  store<u32>(at, rulesImage, 16);
  store<u32>(at, hitRules, 20);
}

/**
 * Judges one row of `slot` and counts it. False = tables are full: nothing was counted, reserve and call again.
 * Afterwards the row is of no more use, or (records wanted) holds its results for the emitter.
 */
export function judgeRow(ptr: usize, slot: u32): bool {
  const bits = load<u32>(ptr, L.ROW_BITS);
  const preset = (bits >> L.BIT_PRESET_SHIFT) & 31;
  const action = bits & L.BIT_ACTION_MASK;
  const conn = load<u32>(ptr, L.ROW_CONN);
  const b = bits & L.BIT_KEYED ? load<u64>(rowKey(ptr), 8) : load<u64>(connPtr(conn), L.CONN_KEY_B);
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  grade = C.GRADE_NONE;
  opener = C.OPENER_UNKNOWN;
  direction = (bits >> L.BIT_DIRECTION_SHIFT) & 3;
  missing = preset != 0 ? (bits >> L.BIT_MISSING_SHIFT) & 31 : 0;
  let local = NO_SIDE;
  if (preset == 0) local = localSide(ptr, bits, b);
  else if (direction != C.DIRECTION_NONE) local = 0;
  else if (isUnoriented(b)) {
    local = localSide(ptr, bits, b);
    if (local < NO_SIDE) direction = from == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  }
  inConnection = false;
  alike = false;
  if (preset == 0 && local < NO_SIDE) {
    orient(connPtr(conn), slot);
    const rejected = action == C.ACTION_REJECT;
    if (!ruleAgain(conn, bits, rejected) && !ruleInConnection(0, ptr, conn, rejected, local, slot))
      return false;
    keepResult(0);
    // A connection that only further timelines ask about is none to the baseline.
    inConnection = isFiltered;
    tellOpener(connPtr(conn), from, local);
    alike = isAlike(conn, bits);
    const told = alikeTimelines(interfaceOf(b));
    for (let t: u32 = 1; t < timelineCount && !alike; t++) {
      if ((told >> t) & 1) {
        repeatBaseline(t, conn);
        continue;
      }
      if (!ruleInConnection(t, ptr, conn, rejected, local, slot)) return false;
      keepResult(t);
    }
    if (!alike) noteAlike(conn, bits);
    noteInLedger(conn, ptr, from, action, local);
  } else {
    let given: u32 = preset - 1;
    if (preset == 0) given = local == NO_SIDE ? C.REASON_NO_DIRECTION : C.REASON_NOT_FILTERED;
    for (let t: u32 = 0; t < timelineCount; t++) {
      if (!ruleAlone(t, ptr, given, local)) return false;
      keepResult(t);
    }
  }
  countRow(ptr, bits, b, conn, action, local);
  if (alike) countChange(0, L.CHANGE_UNCHANGED, load<u64>(ptr, L.ROW_OCTETS));
  else
    for (let t: u32 = 1; t < timelineCount; t++)
      if (kindOf(t) == <u32>L.TIMELINE_JUDGES) countFurther(t, ptr);
  if (conn != 0) {
    const entry = connPtr(conn);
    const pending = load<u32>(entry, L.CONN_PENDING) - 1;
    store<u32>(entry, pending, L.CONN_PENDING);
    if (pending == 0 && load<u32>(entry, L.CONN_STATE) & L.ST_SUPERSEDED) retire(conn);
  }
  if (keepsText) storeResult(ptr, bits);
  return true;
}

// Timelines whose rules say of the interface what the baseline's say: they need no asking. Without periods alone: what a
// history keeps of the time before differs by timeline.
function alikeTimelines(face: u32): u32 {
  if (!isSimple || timelineCount == 1 || face >= imageInterfaces) return 0;
  return load<u32>(interfaceState(face), L.STATE_ALIKE);
}

function repeatBaseline(timeline: u32, conn: u32): void {
  memory.copy(resultOf(timeline), resultOf(0), 24);
  const ledger = ledgerPtr(conn);
  if (ledger == 0) return;
  const rulings = ledger + L.LEDGER_BYTES;
  memory.copy(rulings + <usize>(timeline * L.RULING_BYTES), rulings, L.RULING_BYTES);
}

// Most connections are judged alike by all timelines. What was found so once needs no asking again: where rules alone
// decide, only another opener can change it, and then the baseline's judgement is taken anew.
function isAlike(conn: u32, bits: u32): bool {
  return (
    (load<u32>(judgementPtr(conn, 0), L.JUDGEMENT_BITS) & L.JB_ALIKE) != 0 &&
    (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) == 0
  );
}

function noteAlike(conn: u32, bits: u32): void {
  if (timelineCount == 1 || !isSimple || hasAcls || keepsText) return;
  if (
    bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE) ||
    openerOf(load<u32>(connPtr(conn), L.CONN_STATE)) == 0
  )
    return;
  const base = resultOf(0);
  for (let t: u32 = 0; t < timelineCount; t++) {
    const result = resultOf(t);
    const kept = load<u32>(judgementPtr(conn, t), L.JUDGEMENT_BITS);
    if (kept & (L.JB_CONDITIONAL | L.JB_REFUSED)) return;
    if (load<u32>(result) != load<u32>(base) || load<u32>(result) == C.VERDICT_UNKNOWN) return;
  }
  const at = judgementPtr(conn, 0) + L.JUDGEMENT_BITS;
  store<u32>(at, load<u32>(at) | L.JB_ALIKE);
}

function tellOpener(entry: usize, from: u32, local: u32): void {
  const state = load<u32>(entry, L.CONN_STATE);
  const by = openerOf(state);
  grade = gradeOf(state);
  direction = from == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  if (by != 0) opener = by - 1 == local ? C.OPENER_LOCAL : C.OPENER_REMOTE;
}

function noteInLedger(conn: u32, ptr: usize, from: u32, action: u32, local: u32): void {
  const ledger = ledgerPtr(conn);
  if (ledger == 0) return;
  const at = ledger + L.LEDGER_SIDE_0 + (from << 2);
  store<u32>(at, load<u32>(at) + 1);
  addUpTo(ledger + L.LEDGER_OCTETS, load<u64>(ptr, L.ROW_OCTETS));
  let flags = load<u32>(ledger, L.LEDGER_FLAGS) | L.LEDGER_JUDGED;
  if (local == 1) flags |= L.LEDGER_LOCAL_1;
  if (action == C.ACTION_ACCEPT) flags |= L.LEDGER_ACCEPTED << from;
  if (action != C.ACTION_REJECT) flags |= L.LEDGER_OPEN << from;
  if (load<u32>(ptr, L.ROW_BITS) & L.BIT_LOST_FIRST) flags |= L.LEDGER_LOST << from;
  store<u32>(ledger, flags, L.LEDGER_FLAGS);
  addSample(
    ledger + L.LEDGER_SAMPLES,
    load<u32>(ptr, L.ROW_START),
    load<u32>(ptr, L.ROW_FILE),
    load<u32>(ptr, L.ROW_LINE),
  );
}

const NO_SIDE: u32 = 2;
const BOTH_SIDES: u32 = 3;

// The interface's own side of the row's key; for addresses not known by the rule set, by 2.3.
function localSide(ptr: usize, bits: u32, b: u64): u32 {
  if (!isUnoriented(b)) return 0;
  const face = interfaceOf(b);
  const shown = rowShown(ptr);
  // By the addresses as shown: behind a translator the packet's are of the other family.
  const own = ownAddress(face, isV4(load<u64>(shown), load<u64>(shown, 8)) ? 0 : 1);
  if (own == 0) return NO_SIDE;
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const isSource = load<u64>(shown) == load<u64>(own) && load<u64>(shown, 8) == load<u64>(own, 8);
  const isDestination =
    load<u64>(shown, 16) == load<u64>(own) && load<u64>(shown, 24) == load<u64>(own, 8);
  if (!isSource && !isDestination) return NO_SIDE;
  if (isSource && isDestination) return BOTH_SIDES;
  const state = interfaceState(face);
  store<u32>(state, load<u32>(state, L.STATE_FLAGS) | L.INTERFACE_INFERRED, L.STATE_FLAGS);
  return isSource ? from : 1 - from;
}

// Counts what the baseline says.
function countRow(ptr: usize, bits: u32, b: u64, conn: u32, action: u32, local: u32): void {
  const result = resultOf(0);
  const says = load<u32>(result);
  count(L.COUNT_JUDGED, 1);
  count(L.COUNT_REASONS + load<u32>(result, 4), 1);
  count(L.COUNT_GRADES + (inConnection ? grade : C.GRADE_NONE), 1);
  const bytes = load<u64>(ptr, L.ROW_OCTETS);
  const hit = load<u32>(result, 20);
  if (hit != 0) hitRecord(load<u32>(result, 16), hit, bytes);
  const face = interfaceOf(b);
  if (face != <u32>L.MAX_INTERFACES) {
    const at = interfaceState(face) + L.STATE_ALLOW + (says << 3);
    store<u64>(at, load<u64>(at) + 1);
  }
  if (action == C.ACTION_NONE) return;
  const accepted = action == C.ACTION_ACCEPT;
  count(L.COUNT_MATRIX + (accepted ? 0 : 3) + says, 1);
  if (accepted ? says != C.VERDICT_DENY : says != C.VERDICT_ALLOW) return;
  noteDisagreement(ptr, bits, b, conn, accepted, local, inConnection, bytes);
}

// How a further timeline changes what the baseline says of the row.
function countFurther(timeline: u32, ptr: usize): void {
  const base = resultOf(0);
  const result = resultOf(timeline);
  const code = load<u32>(result, 4);
  const told = load<u32>(result, 8);
  const same = load<u32>(base, 4) == code && load<u32>(base, 8) == told;
  const change = changeOf(load<u32>(base), load<u32>(result), same);
  countChange(timeline, change, load<u64>(ptr, L.ROW_OCTETS));
  if (!keepsText) return;
  const at = rowFurther(ptr) + <usize>((timeline - 1) * L.FURTHER_BYTES);
  store<u32>(at, code | (change << L.FURTHER_CHANGE_SHIFT));
  store<u32>(at, told, L.FURTHER_DETAIL);
  store<u32>(
    at,
    load<u32>(result, 12) | (load<u32>(result, 16) << L.RULES_IMAGE_SHIFT),
    L.FURTHER_RULES,
  );
}

function storeResult(ptr: usize, bits: u32): void {
  const base = resultOf(0);
  store<u32>(
    ptr,
    load<u32>(base, 12) | (load<u32>(base, 16) << L.RULES_IMAGE_SHIFT),
    L.ROW_RESULT_RULES,
  );
  store<u32>(ptr, load<u32>(base, 8), L.ROW_RESULT_DETAIL);
  store<u32>(
    ptr,
    (load<u32>(base, 4) << L.RESULT_REASON_SHIFT) |
      (grade << L.RESULT_GRADE_SHIFT) |
      (opener << L.RESULT_OPENER_SHIFT) |
      (direction << L.RESULT_DIRECTION_SHIFT) |
      (missing << L.RESULT_MISSING_SHIFT) |
      (bits & L.BIT_KEYED),
    L.ROW_BITS,
  );
}
