// Where a candidate says what the baseline says: most candidates change few groups of many.

import type { RuleSet } from "../model/rule-set.js";

/**
 * Interfaces of which both rule sets say the same: they carry the same groups with the same rules, and all that a rule can
 * ask about its peer is the same too. By identity: a copy counts as another. Cost: linear in both.
 */
export function alikeInterfaces(baseline: RuleSet, other: RuleSet): readonly string[] {
  if (!sameFacts(baseline, other)) return [];
  const changed = new Set<string>();
  for (const [id, group] of baseline.groups) {
    const then = other.groups.get(id);
    if (then === group) continue;
    // Who owns a group, and whether it is known at all, decides what references to it mean.
    if (then?.vpcId !== group.vpcId || then?.accountId !== group.accountId) return [];
    changed.add(id);
  }
  if (other.groups.size !== baseline.groups.size) return [];
  const alike: string[] = [];
  for (const { id, groupIds } of baseline.interfaces.values())
    if (!groupIds.some((groupId) => changed.has(groupId))) alike.push(id);
  return alike;
}

function sameFacts(a: RuleSet, b: RuleSet): boolean {
  return (
    sameEntries(a.interfaces, b.interfaces) &&
    sameEntries(a.prefixLists, b.prefixLists) &&
    sameEntries(a.vpcs, b.vpcs) &&
    sameEntries(a.subnets, b.subnets) &&
    sameEntries(a.acls, b.acls) &&
    sameItems(a.peerings, b.peerings) &&
    sameItems(a.attach, b.attach) &&
    a.snapshotComplete === b.snapshotComplete
  );
}

function sameEntries<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}
