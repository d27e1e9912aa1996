import * as image from "../contract.js";
import type { RuleOrder } from "./rule-order.js";

const ANSWERS: Readonly<Record<4 | 6, Readonly<Record<"tcp" | "udp", number>>>> = {
  4: { tcp: image.ANSWERS_TCP4, udp: image.ANSWERS_UDP4 },
  6: { tcp: image.ANSWERS_TCP6, udp: image.ANSWERS_UDP6 },
};

/** Families of which the rule's peer is every address: 0.0.0.0/0, ::/0, or both for the egress of 3.8. */
export function openFamilies(order: RuleOrder, rule: number): readonly (4 | 6)[] {
  if (order.everywhere.has(rule)) return [4, 6];
  const { peer } = order.rules[rule]!;
  return peer.kind === "cidr" && peer.cidr.length === 0 ? [peer.cidr.address.family] : [];
}

/** ANSWERS_* of a policy with these rules (semantics 6.1). O(rules). */
export function answersOf(order: RuleOrder, rules: readonly number[]): number {
  let answers = 0;
  for (const rule of rules) {
    const { protocol, fromPort, toPort } = order.rules[rule]!;
    const isAll = protocol === -1;
    if (!isAll && (fromPort > 0 || toPort < 65_535)) continue;
    for (const family of openFamilies(order, rule)) {
      if (isAll || protocol === image.PROTOCOL_TCP) answers |= ANSWERS[family].tcp;
      if (isAll || protocol === image.PROTOCOL_UDP) answers |= ANSWERS[family].udp;
    }
  }
  return answers;
}
