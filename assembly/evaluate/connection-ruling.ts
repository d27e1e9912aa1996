// What a timeline says of a connection's opening (semantics 4.6, 5, 6.5, 10): taken when the connection is first judged
// and whenever its opener, its evidence or its period changed (4.9). Keeps the judgement, the ledger's ruling and, for
// the baseline, the counts in step.

import { highOf, interfaceOf, lowOf, portOf, protocolOf } from "../conntrack/key";
import { isAssumed, seenSides } from "../conntrack/opener";
import { connSides } from "../conntrack/sides";
import { connPtr, judgementPtr, ledgerPtr } from "../conntrack/table";
import { mix64 } from "../memory/hash";
import * as C from "../shared/codes";
import * as L from "../shared/layout";
import { aclDetail, aclVerdict, askAcl } from "./acl";
import { count } from "./counters";
import { hitConnection, hitsRoom } from "./hits";
import { imageOfJudgement, standsFor } from "./judgement";
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
import { hasAcls, knows } from "./timelines";

const IMAGES: u32 = 0xfff << L.JB_IMAGE_SHIFT; // image and the one that holds now

// The ruling being taken.
let verdict: u32 = 0;
let reason: u32 = 0;
let detail: u32 = 0;
let rules: u32 = 0;
let other: u32 = 0;
let outcome: u32 = 0;
let conditional: bool = false;

function say(said: u32, why: u32): void {
  verdict = said;
  reason = why;
  detail = 0;
  rules = 0;
}

/**
 * Takes the ruling of a connection under an image of the timeline; `now` is the one whose ACLs hold. `by`: 0 opener
 * unknown, else side + 1. False = tables are full: nothing changed, reserve and ask again.
 */
export function takeConnection(
  timeline: u32,
  conn: u32,
  image: u32,
  now: u32,
  by: u32,
  local: u32,
  slot: u32,
  filtered: bool,
): bool {
  const entry = connPtr(conn);
  const state = load<u32>(entry, L.CONN_STATE);
  const judgement = judgementPtr(conn, timeline);
  if (timeline == 0) {
    const refused = (load<u32>(judgement, L.JUDGEMENT_BITS) & L.JB_REFUSED) != 0;
    noteAssumed(judgement, (filtered || refused) && by != 0 && isAssumed(state, by - 1));
  }
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  const asked: u32 = by == 0 ? 3 : by;
  const images = (image << L.JB_IMAGE_SHIFT) | (now << L.JB_NOW_SHIFT);
  if (standsFor(bits, by) && (bits & IMAGES) == images) return true;
  outcome = 0;
  other = 0;
  conditional = false;
  if (!filtered) {
    const face = interfaceOf(load<u64>(entry, L.CONN_KEY_B));
    if (knows(image, face)) say(C.VERDICT_ALLOW, C.REASON_NO_GROUPS);
    else say(C.VERDICT_UNKNOWN, C.REASON_INTERFACE_NOT_IN_SNAPSHOT);
  } else if (by != 0) {
    if (!takeOpening(image, entry, state, by - 1, local, slot)) return false;
  } else if (!takeBothReadings(image, entry, state, local, slot)) return false;
  if (hasAcls && !stopByAcl(now, entry, state, by, local)) return false;
  const admits = timeline == 0 && verdict == C.VERDICT_ALLOW && by != 0 ? rules : 0;
  if (timeline == 0 && !hitsRoom(image, admits + 1)) return false;
  if (bits & L.JB_HIT) unhit(judgement, bits);
  const hit = admits != 0 && !(bits & L.JB_REFUSED);
  if (hit) hitConnection(image, admits, 1);
  store<u32>(judgement, outcome, L.JUDGEMENT_OUTCOME);
  store<u32>(
    judgement,
    (bits & (L.JB_COUNTED_MASK | L.JB_ASSUMED | L.JB_REFUSED)) |
      (asked << L.JB_SIDE_SHIFT) |
      images |
      (conditional ? L.JB_CONDITIONAL : 0) |
      (hit ? L.JB_HIT : 0),
    L.JUDGEMENT_BITS,
  );
  if (bits & L.JB_REFUSED) return true;
  // Without groups it is none of the baseline's own, as in an evaluation under it alone (9.4).
  if (timeline == 0) recount(judgement, filtered ? verdict + 1 : 0);
  keepRuling(conn, timeline, (image << L.RULES_IMAGE_SHIFT) | rules);
  return true;
}

function takeOpening(image: u32, entry: usize, state: u32, side: u32, local: u32, slot: u32): bool {
  if (!read(image, entry, side, local, sideRejected(state, side), slot)) return false;
  verdict = readVerdict;
  reason = readReason;
  detail = readDetail;
  rules = readRules;
  conditional = readConditional;
  outcome = readOutcome + 1;
  return true;
}

// 4.6: what both readings agree on, the one as opened by the remote side first.
function takeBothReadings(image: u32, entry: usize, state: u32, local: u32, slot: u32): bool {
  const remote = 1 - local;
  if (!read(image, entry, remote, local, sideRejected(state, remote), slot)) return false;
  verdict = readVerdict;
  reason = readReason;
  detail = readDetail;
  rules = readRules;
  conditional = readConditional;
  if (!read(image, entry, local, local, sideRejected(state, local), slot)) return false;
  conditional = conditional || readConditional;
  if (verdict == C.VERDICT_ALLOW && readVerdict == C.VERDICT_ALLOW) {
    other = (image << L.RULES_IMAGE_SHIFT) | readRules;
    return true;
  }
  rules = 0;
  // Told apart by 32 bits: enough to see whether two timelines mean the same unknown.
  const first = ((<u64>reason) << 32) | detail;
  const second = ((<u64>readReason) << 32) | readDetail;
  const readings = <u32>mix64(first ^ mix64(second)) | 1;
  if (verdict != readVerdict) {
    say(C.VERDICT_UNKNOWN, C.REASON_DIRECTION_UNDECIDED);
    other = readings;
    return true;
  }
  const lone = seenSides(state) != 3;
  const accepted = (state & (L.ST_ACCEPT * 3)) != 0;
  const tcp = protocolOf(load<u64>(entry, L.CONN_KEY_B)) == C.PROTOCOL_TCP;
  if (verdict == C.VERDICT_DENY && lone && accepted && tcp)
    say(C.VERDICT_UNKNOWN, C.REASON_ONE_SIDED);
  else if (verdict == C.VERDICT_UNKNOWN && first != second)
    say(C.VERDICT_UNKNOWN, C.REASON_DIRECTION_UNDECIDED);
  if (verdict == C.VERDICT_UNKNOWN) other = readings;
  return true;
}

// Section 10: the ACL of the opening, then of the replies where the connection needs them. What the groups leave open is
// denied where a list stops it: whatever they would say.
function stopByAcl(now: u32, entry: usize, state: u32, by: u32, local: u32): bool {
  const tcp = protocolOf(load<u64>(entry, L.CONN_KEY_B)) == C.PROTOCOL_TCP;
  if (by != 0) {
    if (!askSide(now, entry, by - 1, local)) return false;
    applyToOpening(by - 1 == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS);
    if (verdict == C.VERDICT_DENY) return true;
    if (!tcp && ((seenSides(state) >> (2 - by)) & 1) == 0) {
      // A reply may yet be seen, beyond the look-ahead: asked anew until then.
      conditional = true;
      return true;
    }
    if (!askSide(now, entry, 2 - by, local)) return false;
    applyToReplies();
    return true;
  }
  // One list is the opening's, the other one the replies', whoever opened.
  if (verdict == C.VERDICT_DENY) return true;
  if (!askSide(now, entry, 1 - local, local)) return false;
  applyToReplies();
  if (verdict == C.VERDICT_DENY) return true;
  if (!askSide(now, entry, local, local)) return false;
  applyToReplies();
  return true;
}

/** Asks the ACL about what `side` sends. */
export function askSide(now: u32, entry: usize, side: u32, local: u32): bool {
  const a = load<u64>(entry, L.CONN_KEY_A);
  const b = load<u64>(entry, L.CONN_KEY_B);
  const sides = connSides(entry);
  return askAcl(
    now,
    interfaceOf(b),
    side == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS,
    highOf(b, sides, 1 - local),
    lowOf(a, b, sides, 1 - local),
    protocolOf(b),
    portOf(b, 1 - side),
  );
}

function applyToOpening(direction: u32): void {
  if (direction == C.DIRECTION_EGRESS && verdict == C.VERDICT_DENY) return;
  if (aclVerdict == C.VERDICT_DENY || verdict == C.VERDICT_ALLOW) applyToReplies();
}

function applyToReplies(): void {
  if (aclVerdict == C.VERDICT_DENY) {
    say(C.VERDICT_DENY, C.REASON_ACL);
    detail = aclDetail;
    other = 0;
  } else if (aclVerdict == C.VERDICT_UNKNOWN && verdict == C.VERDICT_ALLOW) {
    say(C.VERDICT_UNKNOWN, C.REASON_ICMP_TYPE);
    other = 0;
  }
}

/** The connection's first record had lost its entry: it was refused, whatever the rules say of its opener (6.3). */
export function refuse(timeline: u32, conn: u32): void {
  const judgement = judgementPtr(conn, timeline);
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  if (bits & L.JB_HIT) unhit(judgement, bits);
  store<u32>(judgement, (bits & ~(<u32>L.JB_HIT)) | L.JB_REFUSED, L.JUDGEMENT_BITS);
  if (timeline == 0) recount(judgement, C.VERDICT_DENY + 1);
  say(C.VERDICT_DENY, C.REASON_EXPIRED);
  other = 0;
  keepRuling(conn, timeline, 0);
}

function unhit(judgement: usize, bits: u32): void {
  const image = imageOfJudgement(bits);
  readAgain(image, load<u32>(judgement, L.JUDGEMENT_OUTCOME) - 1, false);
  hitConnection(image, readRules, <u64>-1);
}

function keepRuling(conn: u32, timeline: u32, where: u32): void {
  const ledger = ledgerPtr(conn);
  if (ledger == 0) return;
  const ruling = ledger + L.LEDGER_BYTES + <usize>(timeline * L.RULING_BYTES);
  store<u32>(ruling, verdict | (reason << L.RULING_REASON_SHIFT));
  store<u32>(ruling, detail, L.RULING_DETAIL);
  store<u32>(ruling, rules == 0 ? 0 : where, L.RULING_RULES);
  store<u32>(ruling, other, L.RULING_OTHER);
}

function noteAssumed(judgement: usize, assumed: bool): void {
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  if (assumed == ((bits & L.JB_ASSUMED) != 0)) return;
  count(L.COUNT_OPENINGS_ASSUMED, assumed ? 1 : <u64>-1);
  store<u32>(judgement, bits ^ L.JB_ASSUMED, L.JUDGEMENT_BITS);
}

// `counts`: verdict + 1, or 0 where it counts as none.
function recount(judgement: usize, counts: u32): void {
  const bits = load<u32>(judgement, L.JUDGEMENT_BITS);
  const counted = bits & L.JB_COUNTED_MASK;
  if (counted == counts) return;
  if (counted != 0) count(L.COUNT_CONNECTIONS + counted - 1, <u64>-1);
  if (counts != 0) count(L.COUNT_CONNECTIONS + counts - 1, 1);
  store<u32>(judgement, (bits & ~(<u32>L.JB_COUNTED_MASK)) | counts, L.JUDGEMENT_BITS);
}
