import type { Cidr } from "../model/address.js";
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import { classicRuleId, isClassicOpen } from "../reference/policy.js";
import { compareText } from "./tuple-spread.js";

/** A rule as the ledger lists it. */
export interface LedgerRule {
  readonly rule: Rule;
  readonly group: Group;
  /** The open egress of an EC2-Classic group: in no document, of both families (semantics 3.8). */
  readonly isClassic: boolean;
}

const ALL_IPV4: Cidr = { address: { family: 4, value: 0n }, length: 0 };

/** Every rule of a rule set: groups by id, rules in document order. */
export function ledgerRules(ruleSet: RuleSet): readonly LedgerRule[] {
  const groups = [...ruleSet.groups.values()].sort((a, b) => compareText(a.id, b.id));
  return groups.flatMap((group) => [
    ...group.rules.map((rule) => ({ rule, group, isClassic: false })),
    ...(isClassicOpen(group) ? [{ rule: classicRule(group), group, isClassic: true }] : []),
  ]);
}

function classicRule(group: Group): Rule {
  return {
    id: classicRuleId(group),
    groupId: group.id,
    direction: "egress",
    protocol: -1,
    fromPort: 0,
    toPort: 65_535,
    icmpType: -1,
    icmpCode: -1,
    peer: { kind: "cidr", cidr: ALL_IPV4 },
    stale: false,
    description: "EC2-Classic: outbound traffic is unrestricted",
    at: group.at,
  };
}
