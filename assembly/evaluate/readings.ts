// What the rules say of a connection if one given side opened it (semantics 5.1, 3.5d): a reading.

import { endpointKey, fanAt } from "../conntrack/endpoints";
import { highOf, interfaceOf, isIpv6, lowOf, portOf, protocolOf } from "../conntrack/key";
import { connSides } from "../conntrack/sides";
import {
  classify,
  nlbInterface,
  nlbInterfaceCount,
  outcomePtr,
  policyAnswers,
} from "../match/matcher";
import { DIRECTION_EGRESS, DIRECTION_INGRESS, PROTOCOL_TCP } from "../shared/codes";
import * as I from "../shared/image";
import * as L from "../shared/layout";
import { readingOf } from "./readings-ahead";
import { isAutomatic, matcherOf, policyOf } from "./timelines";

// The last reading. Statics: no objects, one reading at a time.
export let readVerdict: u32 = 0;
export let readReason: u32 = 0;
export let readDetail: u32 = 0;
export let readRules: u32 = 0;
export let readOutcome: u32 = 0;
/** What the reading says may change with evidence or with the action. */
export let readConditional: bool = false;
// The rules admit everybody's openings to this port (6.1), of the last reading made anew.
let readOpen: bool = false;

const NEEDS_ROOM: u32 = 0xffffffff;

/** Whether every record that side sent was REJECTed, and it sent one (3.5, 3.6). */
export function sideRejected(state: u32, side: u32): bool {
  return (state & ((<u32>L.ST_REJECT) << side)) != 0 && (state & ((<u32>L.ST_ACCEPT) << side)) == 0;
}

/**
 * Reads the connection under an image as opened by `side`; `local` is the interface's own side, `rejected` whether AWS
 * refused what is asked about. False = the outcome tables are full: reserve and ask again.
 */
export function read(
  image: u32,
  conn: usize,
  side: u32,
  local: u32,
  rejected: bool,
  slot: u32,
): bool {
  const matcher = matcherOf(image);
  const a = load<u64>(conn, L.CONN_KEY_A);
  const b = load<u64>(conn, L.CONN_KEY_B);
  const sides = connSides(conn);
  const remote = 1 - local;
  const policy = policyOf(
    image,
    interfaceOf(b),
    side == local ? DIRECTION_EGRESS : DIRECTION_INGRESS,
  );
  const high = highOf(b, sides, remote);
  const low = lowOf(a, b, sides, remote);
  const protocol = protocolOf(b);
  const port = portOf(b, 1 - side);
  const time = load<u32>(conn, L.CONN_FIRST);
  let outcome = local == 0 ? readingOf(conn, side, image) : NEEDS_ROOM;
  if (outcome == NEEDS_ROOM)
    outcome = classify(matcher, policy, high, low, protocol, port, time, 0);
  if (outcome == NEEDS_ROOM) return false;
  let row = outcomePtr(matcher, outcome);
  const ask = load<u64>(row, I.OUTCOME_NLB_ASK);
  if (ask != 0 && !rejected) {
    const mask = nlbEvidence(matcher, policy, ask, protocol, high, low, portOf(b, remote), slot);
    if (mask != 0) {
      outcome = classify(matcher, policy, high, low, protocol, port, time, mask);
      if (outcome == NEEDS_ROOM) return false;
      row = outcomePtr(matcher, outcome);
    }
  }
  take(row, outcome, rejected, ask != 0);
  readOpen = load<u8>(row, I.OUTCOME_TRACKING) != 0;
  return true;
}

/**
 * Whether AWS keeps no entry for the connection that was read last, opened by `side` and admitted (semantics 6.1): rules
 * of both directions admit everybody, and nothing on its path tracks by itself.
 */
export function readUntracked(image: u32, conn: usize, side: u32, local: u32): bool {
  if (!readOpen) return false;
  const b = load<u64>(conn, L.CONN_KEY_B);
  const face = interfaceOf(b);
  const back = policyOf(image, face, side == local ? DIRECTION_INGRESS : DIRECTION_EGRESS);
  const tcp = protocolOf(b) == PROTOCOL_TCP;
  let needed: u32;
  if (isIpv6(b)) needed = tcp ? I.ANSWERS_TCP6 : I.ANSWERS_UDP6;
  else needed = tcp ? I.ANSWERS_TCP4 : I.ANSWERS_UDP4;
  return (policyAnswers(matcherOf(image), back) & needed) != 0 && !isAutomatic(image, face);
}

/** Reads an outcome kept from before; only for ones that are not conditional. */
export function readAgain(image: u32, outcome: u32, rejected: bool): void {
  take(outcomePtr(matcherOf(image), outcome), outcome, rejected, false);
}

function take(row: usize, outcome: u32, rejected: bool, asks: bool): void {
  readOutcome = outcome;
  readRules = load<u32>(row, I.OUTCOME_RULE_SET);
  readVerdict = load<u8>(
    row + (rejected ? I.OUTCOME_REJECTED_VERDICT : I.OUTCOME_ACCEPTED_VERDICT),
  );
  readReason = load<u8>(row + (rejected ? I.OUTCOME_REJECTED_REASON : I.OUTCOME_ACCEPTED_REASON));
  readDetail = load<u32>(row + (rejected ? I.OUTCOME_REJECTED_DETAIL : I.OUTCOME_ACCEPTED_DETAIL));
  readConditional =
    asks || load<u8>(row, I.OUTCOME_REJECTED_REASON) != load<u8>(row, I.OUTCOME_ACCEPTED_REASON);
}

// Bit per NLB slot of `ask` where the client was accepted at an interface that carries the group (3.5d).
function nlbEvidence(
  matcher: usize,
  policy: u32,
  ask: u64,
  protocol: u32,
  high: u64,
  low: u64,
  port: u32,
  slot: u32,
): u64 {
  let mask: u64 = 0;
  let rest = ask;
  while (rest != 0) {
    const k = <u32>ctz(rest);
    rest &= rest - 1;
    const carriers = nlbInterfaceCount(matcher, policy, k);
    for (let i: u32 = 0; i < carriers; i++) {
      const face = nlbInterface(matcher, policy, k, i);
      if (fanAt(endpointKey(face, protocol, high, low, port), slot) != 0) {
        mask |= (<u64>1) << k;
        break;
      }
    }
  }
  return mask;
}
