// An equivalent rule set with fewer rules. What it claims is proved by proveEquivalence, never by itself.
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { findMerges, type Merge } from "./find-merges.js";
import { findShadows, type Shadow } from "./find-shadows.js";
import { type Members, membersOf, unresolvedReason } from "./membership.js";

export interface CondenseOptions {
  /** Also drops a rule that other groups make superfluous on every interface that carries its group. */
  readonly acrossGroups?: boolean;
}

/** A group with fewer rules, and what became of the others. */
export interface CondensedGroup {
  readonly group: Group;
  readonly dropped: readonly Shadow[];
  readonly merged: readonly Merge[];
}

export interface CondensedRuleSet {
  readonly ruleSet: RuleSet;
  readonly dropped: readonly Shadow[];
  readonly merged: readonly Merge[];
}

const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/**
 * Drops what other rules of the group cover, then merges blocks and ports. Rules with stale or unresolved peers stay as
 * they are (semantics 3.5). Kept rules keep their order; a merged one stands where its first part stood. O(rules²).
 */
export function condenseGroup(
  group: Group,
  ruleSet: RuleSet,
  members: Members = membersOf(ruleSet),
): CondensedGroup {
  const isResolved = (rule: Rule): boolean =>
    unresolvedReason(rule, ruleSet, members) === undefined;
  const dropped: Shadow[] = [];
  const merged: Merge[] = [];
  for (const direction of DIRECTIONS) {
    const rules = group.rules.filter((rule) => rule.direction === direction);
    const shadows = findShadows(rules, ruleSet, isResolved);
    const gone = new Set(shadows.map(({ rule }) => rule));
    dropped.push(...shadows);
    merged.push(
      ...findMerges(
        rules.filter((rule) => !gone.has(rule)),
        isResolved,
      ),
    );
  }
  if (dropped.length === 0 && merged.length === 0) return { group, dropped, merged };
  const replaced = new Map<Rule, Rule | undefined>();
  for (const { rule } of dropped) replaced.set(rule, undefined);
  for (const { from, into } of merged)
    for (const rule of from) replaced.set(rule, rule === from[0] ? into : undefined);
  const rules = group.rules.flatMap((rule) => {
    if (!replaced.has(rule)) return [rule];
    const next = replaced.get(rule);
    return next === undefined ? [] : [next];
  });
  return { group: { ...group, rules }, dropped, merged };
}

/** Condenses every group; nothing else of the rule set changes. */
export function condenseRuleSet(ruleSet: RuleSet, options: CondenseOptions = {}): CondensedRuleSet {
  const members = membersOf(ruleSet);
  const groups = new Map<string, Group>();
  const dropped: Shadow[] = [];
  const merged: Merge[] = [];
  for (const [id, group] of ruleSet.groups) {
    const condensed = condenseGroup(group, ruleSet, members);
    groups.set(id, condensed.group);
    dropped.push(...condensed.dropped);
    merged.push(...condensed.merged);
  }
  if (options.acrossGroups === true) dropped.push(...dropAcross(groups, ruleSet, members));
  return { ruleSet: { ...ruleSet, groups }, dropped, merged };
}

/** Drops from `groups` what the other groups of every carrier cover; groups that nobody carries stay. */
function dropAcross(groups: Map<string, Group>, ruleSet: RuleSet, members: Members): Shadow[] {
  const attached = new Set(ruleSet.attach);
  const all: Shadow[] = [];
  for (const id of [...groups.keys()]) {
    const group = groups.get(id)!;
    // EC2-Classic: without any egress rule everything may go out (semantics 3.8), so none is dropped.
    if (group.vpcId === undefined || attached.has(id)) continue;
    const policies = [
      ...new Map(
        (members.get(id) ?? []).map(({ groupIds }) => [[...groupIds].sort().join(" "), groupIds]),
      ).values(),
    ];
    const others = policies.map((ids) =>
      ids.flatMap((other) => (other === id ? [] : (groups.get(other)?.rules ?? []))),
    );
    const dropped = droppedByAll(group, others, ruleSet, members);
    if (dropped.length === 0) continue;
    const gone = new Set(dropped.map(({ rule }) => rule));
    groups.set(id, { ...group, rules: group.rules.filter((rule) => !gone.has(rule)) });
    all.push(...dropped);
  }
  return all;
}

/** Rules of the group that each of the rule lists beside it covers; the proof shown is that of the first list. */
function droppedByAll(
  group: Group,
  others: readonly (readonly Rule[])[],
  ruleSet: RuleSet,
  members: Members,
): Shadow[] {
  if (others.length === 0) return [];
  const own = new Set(group.rules);
  const dropped: Shadow[] = [];
  for (const direction of DIRECTIONS) {
    let left: readonly Rule[] = group.rules.filter(
      (rule) =>
        rule.direction === direction && unresolvedReason(rule, ruleSet, members) === undefined,
    );
    let shadows: readonly Shadow[] = [];
    for (const [i, beside] of others.entries()) {
      const candidates = new Set(left);
      // Own rules that stay may help only where they stay for every carrier, so they do not help here.
      const pooled = [...left, ...beside.filter((rule) => rule.direction === direction)];
      const found = findShadows(pooled, ruleSet, (rule) => candidates.has(rule)).filter(({ by }) =>
        by.every((rule) => !own.has(rule)),
      );
      if (i === 0) shadows = found;
      left = found.map(({ rule }) => rule);
    }
    const gone = new Set(left);
    dropped.push(...shadows.filter(({ rule }) => gone.has(rule)));
  }
  return dropped;
}
