// A candidate says what changes; everything it does not contain is the baseline's. Nothing is ever deleted by leaving it
// out: deletion is said by edits.
import type { NetworkAcl, Peering, PrefixList, RuleSet } from "../model/rule-set.js";
import { refuseAclConflicts } from "./acl-document.js";

/**
 * The candidate's own things in place of the baseline's, by id: groups whole, prefix lists (one without entries keeps
 * the baseline's), interfaces, VPCs, subnets, peerings and network ACLs. Options hold where the candidate gives them.
 * O(both rule sets).
 */
export function inheritRuleSet(baseline: RuleSet, own: RuleSet): RuleSet {
  const acls = inheritAcls(baseline.acls, own.acls);
  refuseAclConflicts(acls.values());
  return {
    groups: sortedById(over(baseline.groups, own.groups)),
    prefixLists: sortedById(inheritLists(baseline.prefixLists, own.prefixLists)),
    interfaces: over(baseline.interfaces, own.interfaces),
    vpcs: over(baseline.vpcs, own.vpcs),
    subnets: over(baseline.subnets, own.subnets),
    peerings: [...over(byId(baseline.peerings), byId(own.peerings)).values()],
    acls,
    attach: own.attach.length > 0 ? own.attach : baseline.attach,
    snapshotComplete: own.snapshotComplete || baseline.snapshotComplete,
  };
}

function over<T>(baseline: ReadonlyMap<string, T>, own: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...baseline, ...own]);
}

function byId(peerings: readonly Peering[]): ReadonlyMap<string, Peering> {
  return new Map(peerings.map((peering) => [peering.id, peering]));
}

/** Groups and lists stand in the order of their ids, as the loader leaves them. */
function sortedById<T>(things: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...things].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function inheritLists(
  baseline: ReadonlyMap<string, PrefixList>,
  own: ReadonlyMap<string, PrefixList>,
): Map<string, PrefixList> {
  const lists = new Map(baseline);
  for (const [id, list] of own) {
    const known = baseline.get(id);
    lists.set(id, { ...known, ...list, cidrs: list.cidrs ?? known?.cidrs });
  }
  return lists;
}

/** A subnet has one ACL: one that the candidate associates leaves the ACL it had. */
function inheritAcls(
  baseline: ReadonlyMap<string, NetworkAcl>,
  own: ReadonlyMap<string, NetworkAcl>,
): Map<string, NetworkAcl> {
  const moved = new Set([...own.values()].flatMap(({ subnetIds }) => subnetIds));
  const acls = new Map<string, NetworkAcl>();
  for (const [id, acl] of baseline)
    acls.set(id, { ...acl, subnetIds: acl.subnetIds.filter((subnet) => !moved.has(subnet)) });
  for (const [id, acl] of own) acls.set(id, acl);
  return acls;
}
