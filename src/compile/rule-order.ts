import { FlowError } from "../errors.js";
import type { Group, Rule } from "../model/rule-set.js";

/** All rules in the one order that policies, hits and attribution share. */
export interface RuleOrder {
  readonly rules: readonly Rule[];
  /** Per group id the half-open range of its rules in `rules`. */
  readonly ranges: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  /** Rules that admit every address of both families: the egress of EC2-Classic groups (semantics 3.8). */
  readonly everywhere: ReadonlySet<number>;
}

/** Code-unit order: the same on every platform and in every locale. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function hasEgress(group: Group): boolean {
  return group.rules.some((rule) => rule.direction === "egress");
}

/** Semantics 3.8. The peer shown is 0.0.0.0/0; the rule admits IPv6 as well. */
function classicEgress(group: Group): Rule {
  return {
    id: `${group.id}/egress/all/all/classic`,
    groupId: group.id,
    direction: "egress",
    protocol: -1,
    fromPort: 0,
    toPort: 65535,
    icmpType: -1,
    icmpCode: -1,
    peer: { kind: "cidr", cidr: { address: { family: 4, value: 0n }, length: 0 } },
    stale: false,
    description: "EC2-Classic: outbound traffic is unrestricted",
    at: group.at,
  };
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function checkRule(rule: Rule): void {
  const fail = (found: string, allowed: string): never => {
    throw new FlowError("rule-invalid", `rule ${rule.id}: ${found}; allowed is ${allowed}`, {
      at: `${rule.at.file}:${rule.at.line}`,
      hint: "correct the rule in the document it was read from",
    });
  };
  if (!isWithin(rule.protocol, -1, 255)) fail(`protocol ${rule.protocol}`, "-1 to 255");
  if (!isWithin(rule.icmpType, -1, 255)) fail(`ICMP type ${rule.icmpType}`, "-1 to 255");
  if (!isWithin(rule.fromPort, 0, 65535) || !isWithin(rule.toPort, rule.fromPort, 65535))
    fail(`port range ${rule.fromPort}-${rule.toPort}`, "0 to 65535, lower port first");
}

/** Groups sorted by id, rules in document order, then the synthetic rule of a Classic group. O(rules). */
export function orderRules(groups: ReadonlyMap<string, Group>): RuleOrder {
  const rules: Rule[] = [];
  const ranges = new Map<string, { from: number; to: number }>();
  const everywhere = new Set<number>();
  for (const id of [...groups.keys()].sort(compareIds)) {
    const group = groups.get(id)!;
    const from = rules.length;
    for (const rule of group.rules) {
      checkRule(rule);
      rules.push(rule);
    }
    if (group.vpcId === undefined && !hasEgress(group)) {
      everywhere.add(rules.length);
      rules.push(classicEgress(group));
    }
    ranges.set(id, { from, to: rules.length });
  }
  return { rules, ranges, everywhere };
}
