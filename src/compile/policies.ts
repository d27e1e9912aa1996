import type { RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import type { Names } from "./peers.js";
import { compareIds, type RuleOrder } from "./rule-order.js";

/** The rules of one distinct set of groups in one direction. */
export interface Policy {
  readonly direction: Direction;
  /** Positions in `RuleOrder.rules`, ascending; stale rules match nothing and are left out. */
  readonly rules: readonly number[];
  /** Name index + 1 of the first group without a document (semantics 1.2), 0 = none. */
  readonly missing: number;
}

/** Policy numbers from 1, per direction; 0 = none. */
export interface PolicyPair {
  readonly ingress: number;
  readonly egress: number;
}

export interface PolicyTable {
  readonly policies: readonly Policy[];
  /** Policies of an interface that carries these groups; {0, 0} for none. */
  pairOf(groupIds: readonly string[]): PolicyPair;
}

interface GroupPart {
  readonly ingress: readonly number[];
  readonly egress: readonly number[];
}

/**
 * Policies are made as interfaces ask for them: a set of groups nobody carries costs nothing. `before`: policies of the
 * image that precede these.
 */
export function createPolicies(
  ruleSet: RuleSet,
  order: RuleOrder,
  names: Names,
  before: number,
): PolicyTable {
  const policies: Policy[] = [];
  const pairs = new Map<string, PolicyPair>();
  const byContent = new Map<string, number>();
  const parts = new Map<string, GroupPart>();

  function partOf(groupId: string): GroupPart {
    const known = parts.get(groupId);
    if (known !== undefined) return known;
    const { from, to } = order.ranges.get(groupId)!;
    const part = { ingress: [] as number[], egress: [] as number[] };
    for (let index = from; index < to; index++) {
      const rule = order.rules[index]!;
      if (!rule.stale) part[rule.direction].push(index);
    }
    parts.set(groupId, part);
    return part;
  }

  /** Groups without rules in the direction change nothing: sets that differ only in them share a policy. */
  function policyOf(groupIds: readonly string[], direction: Direction): number {
    const known = groupIds.filter((id) => ruleSet.groups.has(id));
    const missingId = groupIds.find((id) => !ruleSet.groups.has(id));
    const missing = missingId === undefined ? 0 : names.intern(missingId);
    const speaking = known.filter((id) => partOf(id)[direction].length > 0);
    const key = `${direction} ${missing} ${speaking.join(" ")}`;
    const found = byContent.get(key);
    if (found !== undefined) return found;
    const rules = speaking.flatMap((id) => partOf(id)[direction]);
    const number = before + policies.push({ direction, rules, missing });
    byContent.set(key, number);
    return number;
  }

  function pairOf(groupIds: readonly string[]): PolicyPair {
    if (groupIds.length === 0) return { ingress: 0, egress: 0 };
    const sorted = [...new Set(groupIds)].sort(compareIds);
    const key = sorted.join(" ");
    const found = pairs.get(key);
    if (found !== undefined) return found;
    const pair = { ingress: policyOf(sorted, "ingress"), egress: policyOf(sorted, "egress") };
    pairs.set(key, pair);
    return pair;
  }

  return { policies, pairOf };
}
