import type { Rule } from "../model/rule-set.js";
import { formatPeer } from "./rule-draft.js";
import { formatTraffic } from "./traffic.js";

/** `direction/protocol/ports/peer`: what a rule admits, apart from its group and its id. Unique within a group. */
export function ruleKey(
  rule: Pick<Rule, "direction" | "peer"> & Parameters<typeof formatTraffic>[0],
): string {
  return `${rule.direction}/${formatTraffic(rule)}/${formatPeer(rule.peer)}`;
}
