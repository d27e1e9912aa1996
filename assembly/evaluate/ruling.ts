// The verdict of one record under one timeline (semantics 4.6, 5, 6.3-6.5, 10).

import { highOf, interfaceOf, isUnoriented, lowOf, portOf, protocolOf } from "../conntrack/key";
import { isAssumed, openerOf, seenSides } from "../conntrack/opener";
import { cutOver } from "../conntrack/openers";
import { connPtr, judgementPtr } from "../conntrack/table";
import { rowKey, rowSides } from "../lookahead/rows";
import * as C from "../shared/codes";
import * as L from "../shared/layout";
import { aclDetail, aclVerdict, askAcl } from "./acl";
import { askSide, refuse, takeConnection } from "./connection-ruling";
import { hitsRoom } from "./hits";
import { imageOfJudgement, nowOfJudgement, standsFor } from "./judgement";
import {
  read,
  readAgain,
  readDetail,
  readReason,
  readRules,
  readUntracked,
  readVerdict,
  sideRejected,
} from "./readings";
import { hasAcls, hasGroups, imageAt, isSimple, kindOf, knows } from "./timelines";

// The last ruling.
export let verdict: u32 = 0;
export let reason: u32 = 0;
export let detail: u32 = 0;
export let rules: u32 = 0; // interned rule set of `rulesImage`
export let rulesImage: u32 = 0;
export let hitRules: u32 = 0; // rule set hit by a forward record, 0 = none
export let isFiltered: bool = false; // the timeline's groups filter the interface (1.2, 1.3)

const NO_ROOM: u32 = 0xffffffff;

function verdictOfReason(code: u32): u32 {
  if (code <= <u32>C.REASON_NOT_FILTERED) return C.VERDICT_ALLOW;
  return code <= <u32>C.REASON_ACL ? C.VERDICT_DENY : C.VERDICT_UNKNOWN;
}

function plain(code: u32): void {
  reason = code;
  verdict = verdictOfReason(code);
  detail = 0;
  rules = 0;
  hitRules = 0;
}

function fromReading(): void {
  verdict = readVerdict;
  reason = readReason;
  detail = readDetail;
  rules = readRules;
}

/**
 * Rules on a row that needs no connection: `given` is its reason where the interface carries groups. `local` is the
 * interface's side, or 2 where nobody knows. False = tables are full.
 */
export function ruleAlone(timeline: u32, ptr: usize, given: u32, local: u32): bool {
  const key = rowKey(ptr);
  const b = load<u64>(key, 8);
  const face = interfaceOf(b);
  rulesImage = imageAt(timeline, load<u32>(ptr, L.ROW_START));
  plain(given);
  if (given == C.REASON_MISSING_FIELD || face == <u32>L.MAX_INTERFACES) return true;
  if (!knows(rulesImage, face)) plain(C.REASON_INTERFACE_NOT_IN_SNAPSHOT);
  else if (!hasGroups(rulesImage, face)) plain(C.REASON_NO_GROUPS);
  if (!hasAcls || reason != C.REASON_NO_GROUPS || local > 1) return true;
  const bits = load<u32>(ptr, L.ROW_BITS);
  if (bits & L.BIT_NOT_FILTERED) return true;
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const direction = from == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  const high = highOf(b, rowSides(ptr), 1 - local);
  const low = lowOf(load<u64>(key), b, rowSides(ptr), 1 - local);
  if (!askAcl(rulesImage, face, direction, high, low, protocolOf(b), portOf(b, 1 - from)))
    return false;
  applyAcl(direction);
  return true;
}

/** Rules on a row of a connection whose opener was asked for. False = tables are full: reserve and ask again. */
export function ruleInConnection(
  timeline: u32,
  ptr: usize,
  conn: u32,
  rejected: bool,
  local: u32,
  slot: u32,
): bool {
  const entry = connPtr(conn);
  const bits = load<u32>(ptr, L.ROW_BITS);
  const by = openerOf(load<u32>(entry, L.CONN_STATE));
  const keeps = kindOf(timeline) == <u32>L.TIMELINE_KEPT;
  const looks = keeps && load<u32>(entry, L.CONN_FIRST) < cutOver;
  const now = imageAt(timeline, looks ? cutOver : load<u32>(ptr, L.ROW_START));
  const image = isSimple ? now : periodOf(timeline, entry, by, local, now, slot);
  if (image == NO_ROOM) return false;
  const taken = load<u32>(judgementPtr(conn, timeline), L.JUDGEMENT_BITS);
  // After-close records show the evidence of their slot, but leave the connection under the rules that judged it (6.5).
  const stays = !looks && (bits & L.BIT_AFTER_CLOSE) != 0 && ((taken >> L.JB_SIDE_SHIFT) & 3) != 0;
  const under = stays ? imageOfJudgement(taken) : image;
  const lists = stays ? nowOfJudgement(taken) : now;
  const face = interfaceOf(load<u64>(entry, L.CONN_KEY_B));
  isFiltered = hasGroups(image, face);
  const filtered = under == image ? isFiltered : hasGroups(under, face);
  if (!takeConnection(timeline, conn, under, lists, by, local, slot, filtered)) return false;
  if (keeps) return true;
  rulesImage = image;
  hitRules = 0;
  if (!isFiltered)
    plain(knows(image, face) ? C.REASON_NO_GROUPS : C.REASON_INTERFACE_NOT_IN_SNAPSHOT);
  else if (!ruleByGroups(timeline, entry, conn, bits, image, rejected, by, local, slot))
    return false;
  if (hasAcls) {
    const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
    if (!askSide(now, entry, from, local)) return false;
    applyAcl(from == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS);
  }
  return timeline != 0 || hitsRoom(image, hitRules + 1);
}

/**
 * The baseline's ruling on a row that adds nothing to what its connection was found to be: the same as ruleInConnection
 * says, without asking the connection anew. False = it may add something. Of three records of a connection two need no
 * more than this.
 */
export function ruleAgain(conn: u32, bits: u32, rejected: bool): bool {
  if (!isSimple || hasAcls || bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) return false;
  const entry = connPtr(conn);
  const state = load<u32>(entry, L.CONN_STATE);
  const by = openerOf(state);
  const judgement = entry + L.CONN_JUDGEMENT;
  const taken = load<u32>(judgement, L.JUDGEMENT_BITS);
  // Without groups nothing is counted.
  if (
    !standsFor(taken, by) ||
    !(taken & L.JB_COUNTED_MASK) ||
    taken & L.JB_REFUSED ||
    isAssumed(state, by - 1) != ((taken & L.JB_ASSUMED) != 0)
  )
    return false;
  const opens = ((bits & L.BIT_FROM_SIDE_1) != 0) == (by == 2);
  isFiltered = true;
  rulesImage = imageOfJudgement(taken);
  const outcome = load<u32>(judgement, L.JUDGEMENT_OUTCOME) - 1;
  readAgain(rulesImage, outcome, opens ? rejected : sideRejected(state, by - 1));
  fromReading();
  hitRules = opens ? rules : 0;
  if (!opens) turnToReply();
  return true;
}

// What was read of the opening, for a record that answers it.
function turnToReply(): void {
  if (verdict == C.VERDICT_ALLOW) reason = C.REASON_REPLY;
  else if (verdict == C.VERDICT_DENY) reason = C.REASON_REPLY_TO_DENIED;
}

// 6.5: a tracked connection stays with the image of its opening; everything else goes by the one that holds now.
function periodOf(timeline: u32, entry: usize, by: u32, local: u32, now: u32, slot: u32): u32 {
  const opened = imageAt(timeline, load<u32>(entry, L.CONN_FIRST));
  if (opened == now || by == 0) return now;
  const side = by - 1;
  if (!hasGroups(opened, interfaceOf(load<u64>(entry, L.CONN_KEY_B)))) return now;
  const rejected = sideRejected(load<u32>(entry, L.CONN_STATE), side);
  if (!read(opened, entry, side, local, rejected, slot)) return NO_ROOM;
  if (readVerdict != C.VERDICT_ALLOW || readUntracked(opened, entry, side, local)) return now;
  if (hasAcls) {
    if (!askSide(opened, entry, side, local)) return NO_ROOM;
    if (aclVerdict == C.VERDICT_DENY) return now;
  }
  return opened;
}

// Section 10, for a record in its own direction: ingress passes the ACL first, egress the groups.
function applyAcl(direction: u32): void {
  if (direction == C.DIRECTION_EGRESS && verdict == C.VERDICT_DENY) return;
  if (aclVerdict == C.VERDICT_DENY) {
    plain(C.REASON_ACL);
    detail = aclDetail;
  } else if (aclVerdict == C.VERDICT_UNKNOWN && verdict == C.VERDICT_ALLOW)
    plain(C.REASON_ICMP_TYPE);
}

function ruleByGroups(
  timeline: u32,
  entry: usize,
  conn: u32,
  bits: u32,
  image: u32,
  rejected: bool,
  by: u32,
  local: u32,
  slot: u32,
): bool {
  const state = load<u32>(entry, L.CONN_STATE);
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const dead = (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) != 0;
  const judgement = judgementPtr(conn, timeline);
  const kept = load<u32>(judgement, L.JUDGEMENT_BITS);
  const again = by != 0 && !(kept & L.JB_CONDITIONAL) && imageOfJudgement(kept) == image;
  const outcome = load<u32>(judgement, L.JUDGEMENT_OUTCOME) - 1;

  if (by == 0) {
    if (!ruleByBothReadings(entry, state, bits, image, local, rejected, slot)) return false;
  } else if (from == by - 1) {
    if (again) readAgain(image, outcome, rejected);
    else if (!read(image, entry, from, local, rejected, slot)) return false;
    fromReading();
    hitRules = rules;
    if (dead && readVerdict != C.VERDICT_ALLOW) plain(deadReason(bits));
  } else {
    if (dead && !read(image, entry, from, local, true, slot)) return false;
    const ownAllows = dead && readVerdict == C.VERDICT_ALLOW;
    const side = by - 1;
    if (again) readAgain(image, outcome, sideRejected(state, side));
    else if (!read(image, entry, side, local, sideRejected(state, side), slot)) return false;
    fromReading();
    if (hasAcls) {
      // The opening met the list of the rules that judge it; only the reply meets the one that holds now (10.6).
      if (!askSide(image, entry, side, local)) return false;
      if (aclVerdict == C.VERDICT_DENY) plain(C.REASON_ACL);
      else if (aclVerdict == C.VERDICT_UNKNOWN && verdict == C.VERDICT_ALLOW)
        plain(C.REASON_ICMP_TYPE);
    }
    turnToReply();
    if (dead && !ownAllows) plain(deadReason(bits));
  }
  // The connection's first record had lost its entry: it was refused (6.3).
  if (bits & L.BIT_LOST_FIRST && reason == C.REASON_EXPIRED) refuse(timeline, conn);
  return true;
}

function deadReason(bits: u32): u32 {
  return bits & L.BIT_EXPIRED ? C.REASON_EXPIRED : C.REASON_AFTER_CLOSE;
}

// 4.6: the opener is not known. The record's own direction is reading one.
function ruleByBothReadings(
  entry: usize,
  state: u32,
  bits: u32,
  image: u32,
  local: u32,
  rejected: bool,
  slot: u32,
): bool {
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  if (!read(image, entry, 1 - from, local, sideRejected(state, 1 - from), slot)) return false;
  const other = readVerdict;
  if (!read(image, entry, from, local, rejected, slot)) return false;
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
