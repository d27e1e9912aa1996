// Do two rule sets admit, and track, the same? Decided for every class of packets, never by sampling.
import type { Address } from "../model/address.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { comparePolicies, type PolicyDifference } from "./compare-policies.js";
import { membersOf } from "./membership.js";
import type { Service } from "./service-axis.js";

export interface ProofOptions {
  /** `group` (default): every group by itself. `interface`: the groups of each interface together. */
  readonly per?: "group" | "interface";
  /**
   * `any` (default): whoever belongs to a group or list, now or later; it is then the same by the known addresses too.
   * `known`: groups and lists stand for their addresses in the respective rule set, stale references for none.
   */
  readonly members?: "any" | "known";
}

/** A packet on which the two rule sets do not agree. */
export interface CounterExample extends Service {
  readonly groupIds: readonly string[];
  readonly direction: Direction;
  /** The remote address. */
  readonly address: Address;
  /** The address must belong to this group or list besides; null where it need not. */
  readonly member: string | null;
  /** `admission`: only one admits it. `tracking`: both do, but only one without tracking it (semantics 6.1). */
  readonly about: "admission" | "tracking";
  /** Whether it is admitted, or left untracked. */
  readonly before: boolean;
  readonly after: boolean;
}

export interface Proof {
  readonly equal: boolean;
  readonly per: "group" | "interface";
  /** Groups, or sets of groups on interfaces, that were compared in both directions. */
  readonly policies: number;
  /** Classes of packets: address classes × service classes, over all policies and directions. */
  readonly classes: number;
  readonly counterExample: CounterExample | undefined;
}

/** The rules of both sides that are compared as one policy. */
interface Pair {
  readonly groupIds: readonly string[];
  readonly beforeIds: readonly string[];
  readonly afterIds: readonly string[];
}

const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/**
 * Compares over elementary intervals of both address spaces, every group and list, every protocol, port, ICMP type and
 * code. A group that one side lacks has no rules there. Stops at the first difference. O(rules × log rules).
 */
export function proveEquivalence(
  before: RuleSet,
  after: RuleSet,
  options: ProofOptions = {},
): Proof {
  const per = options.per ?? "group";
  const pairs = per === "interface" ? interfacePairs(before, after) : groupPairs(before, after);
  const known = options.members === "known";
  const sideOf = (ruleSet: RuleSet) => ({
    ruleSet,
    members: known ? membersOf(ruleSet) : undefined,
  });
  const sides = { before: sideOf(before), after: sideOf(after) };
  let classes = 0;
  for (const { groupIds, beforeIds, afterIds } of pairs)
    for (const direction of DIRECTIONS) {
      const compared = comparePolicies(
        { ...sides.before, rules: policyRules(before, beforeIds, direction) },
        { ...sides.after, rules: policyRules(after, afterIds, direction) },
      );
      classes += compared.classes;
      if (compared.difference === undefined) continue;
      const counterExample = exampleOf(groupIds, direction, compared.difference);
      return { equal: false, per, policies: pairs.length, classes, counterExample };
    }
  return { equal: true, per, policies: pairs.length, classes, counterExample: undefined };
}

function exampleOf(
  groupIds: readonly string[],
  direction: Direction,
  difference: PolicyDifference,
): CounterExample {
  return { groupIds, direction, ...difference };
}

function groupPairs(before: RuleSet, after: RuleSet): Pair[] {
  const ids = new Set([...before.groups.keys(), ...after.groups.keys()]);
  return [...ids].sort().map((id) => ({ groupIds: [id], beforeIds: [id], afterIds: [id] }));
}

function interfacePairs(before: RuleSet, after: RuleSet): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (beforeIds: readonly string[], afterIds: readonly string[]): void => {
    const key = `${[...beforeIds].sort().join(" ")} > ${[...afterIds].sort().join(" ")}`;
    if (!pairs.has(key)) pairs.set(key, { groupIds: beforeIds, beforeIds, afterIds });
  };
  const ids = new Set([...before.interfaces.keys(), ...after.interfaces.keys()]);
  for (const id of [...ids].sort())
    add(before.interfaces.get(id)?.groupIds ?? [], after.interfaces.get(id)?.groupIds ?? []);
  if (before.attach.length > 0 || after.attach.length > 0) add(before.attach, after.attach);
  return [...pairs.values()];
}

/** The live and stale rules of the groups, with the open egress of EC2-Classic written out (semantics 3.8). */
function policyRules(ruleSet: RuleSet, ids: readonly string[], direction: Direction): Rule[] {
  return ids.flatMap((id) => {
    const group = ruleSet.groups.get(id);
    if (group === undefined) return [];
    const own = group.rules.filter((rule) => rule.direction === direction);
    const isOpen = direction === "egress" && group.vpcId === undefined && own.length === 0;
    return isOpen ? ([4, 6] as const).map((family) => everything(id, family, group.at)) : own;
  });
}

function everything(groupId: string, family: 4 | 6, at: Rule["at"]): Rule {
  return {
    id: `${groupId}/egress/all/all/classic`,
    groupId,
    direction: "egress",
    protocol: -1,
    fromPort: 0,
    toPort: 65_535,
    icmpType: -1,
    icmpCode: -1,
    peer: { kind: "cidr", cidr: { address: { family, value: 0n }, length: 0 } },
    stale: false,
    at,
  };
}
