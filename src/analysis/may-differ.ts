import type { Group, RuleSet } from "../model/rule-set.js";

/**
 * Whether two rule sets may judge connections of an interface differently. Where they differ in more than the rules of
 * groups, any may.
 */
export function mayDiffer(baseline: RuleSet, candidate: RuleSet): (interfaceId: string) => boolean {
  const changed = changedGroups(baseline, candidate);
  if (changed === undefined) return () => true;
  const { interfaces, attach } = baseline;
  return (id) => (interfaces.get(id)?.groupIds ?? attach).some((group) => changed.has(group));
}

/** Groups whose rules differ; undefined where anything else does too. */
function changedGroups(before: RuleSet, after: RuleSet): ReadonlySet<string> | undefined {
  const { groups, ...others } = after;
  for (const key of Object.keys({ ...before, ...others }) as (keyof RuleSet)[])
    if (key !== "groups" && !isSame(before[key], after[key])) return undefined;
  if (before.groups.size !== groups.size) return undefined;
  const changed = new Set<string>();
  for (const [id, group] of groups) {
    const old = before.groups.get(id);
    if (old === undefined || !isSameButRules(old, group)) return undefined;
    if (old.rules !== group.rules) changed.add(id);
  }
  return changed;
}

function isSameButRules(a: Group, b: Group): boolean {
  return a === b || (a.id === b.id && a.vpcId === b.vpcId && a.accountId === b.accountId);
}

/** The same value, or a map of the same values: edits copy maps, and leave in them what they do not touch. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
  return (
    Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => x === b[i])
  );
}
