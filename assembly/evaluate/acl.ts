// The network ACL stage: stateless, ordered, per record and direction (semantics 10).

import { classify, outcomePtr } from "../match/matcher";
import { VERDICT_ALLOW } from "../shared/codes";
import * as I from "../shared/image";
import { aclOf, matcherOf } from "./timelines";

// The last answer.
export let aclVerdict: u32 = 0;
export let aclDetail: u32 = 0;

const NEEDS_ROOM: u32 = 0xffffffff;

/**
 * Asks the interface's ACL of a direction about a packet: remote address, protocol, destination port. Interfaces without
 * a known ACL allow. False = the outcome tables are full: reserve and ask again.
 */
export function askAcl(
  image: u32,
  face: u32,
  direction: u32,
  high: u64,
  low: u64,
  protocol: u32,
  port: u32,
): bool {
  aclVerdict = VERDICT_ALLOW;
  aclDetail = 0;
  const policy = aclOf(image, face, direction);
  if (policy == 0) return true;
  const matcher = matcherOf(image);
  const outcome = classify(matcher, policy, high, low, protocol, port, 0xffffffff, 0);
  if (outcome == NEEDS_ROOM) return false;
  const row = outcomePtr(matcher, outcome);
  aclVerdict = load<u8>(row, I.OUTCOME_ACCEPTED_VERDICT);
  aclDetail = load<u32>(row, I.OUTCOME_ACCEPTED_DETAIL);
  return true;
}
