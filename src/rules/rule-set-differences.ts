import type { Group, Peering, RuleSet } from "../model/rule-set.js";
import { contentOf, interfaceContent, prefixListContent } from "./content.js";
import { ruleKey } from "./rule-key.js";

/**
 * What the second rule set says differently, one line each, in a fixed order; empty where both say the same. Places, ids
 * of rules and the order of rules and blocks do not count. O(both).
 */
export function ruleSetDifferences(before: RuleSet, after: RuleSet): string[] {
  const found: string[] = [];
  compare(found, "group", before.groups, after.groups, (a, b) => groupDifferences(found, a, b));
  function byContent<T>(
    noun: string,
    a: ReadonlyMap<string, T>,
    b: ReadonlyMap<string, T>,
    content: (thing: T) => string,
  ): void {
    compare(found, noun, a, b, (left, right, id) => {
      if (content(left) !== content(right)) found.push(`${noun} ${id}: differs`);
    });
  }
  byContent("prefix list", before.prefixLists, after.prefixLists, prefixListContent);
  byContent("interface", before.interfaces, after.interfaces, interfaceContent);
  byContent("vpc", before.vpcs, after.vpcs, contentOf);
  byContent("subnet", before.subnets, after.subnets, contentOf);
  byContent("peering", peeringsById(before), peeringsById(after), contentOf);
  byContent("network ACL", before.acls, after.acls, contentOf);
  if (before.attach.join() !== after.attach.join()) found.push("--attach differs");
  if (before.snapshotComplete !== after.snapshotComplete) found.push("--snapshot-complete differs");
  return found;
}

function compare<T>(
  found: string[],
  noun: string,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  both: (a: T, b: T, id: string) => void,
): void {
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const a = before.get(id);
    const b = after.get(id);
    if (a === undefined) found.push(`${noun} ${id}: is added`);
    else if (b === undefined) found.push(`${noun} ${id}: is gone`);
    else both(a, b, id);
  }
}

function groupDifferences(found: string[], a: Group, b: Group): void {
  for (const field of ["name", "vpcId", "accountId"] as const)
    if (a[field] !== b[field])
      found.push(`group ${a.id}: ${field} is ${b[field] ?? "absent"}, not ${a[field] ?? "absent"}`);
  const before = new Map(a.rules.map((rule) => [ruleKey(rule), rule]));
  const after = new Map(b.rules.map((rule) => [ruleKey(rule), rule]));
  compare(found, `group ${a.id}, rule`, before, after, (left, right, key) => {
    if (left.stale !== right.stale)
      found.push(`group ${a.id}, rule ${key}: is ${right.stale ? "stale" : "no longer stale"}`);
    if (left.description !== right.description)
      found.push(`group ${a.id}, rule ${key}: has another description`);
  });
}

function peeringsById({ peerings }: RuleSet): ReadonlyMap<string, Peering> {
  return new Map(peerings.map((peering) => [peering.id, peering]));
}
