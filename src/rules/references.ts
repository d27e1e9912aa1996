// What the rules of a loaded set refer to, sorted by how far the documents can resolve it.
import { isUndecided, type NetworkInterface, type RuleSet } from "../model/rule-set.js";

export interface References {
  /** Groups that no document describes and no interface carries (semantics 3.5a). */
  readonly unknownGroups: readonly string[];
  /** `account/group` of other accounts that no interface carries (semantics 3.5a). */
  readonly foreignGroups: readonly string[];
  /** Described groups that no interface carries: references to them match nobody. */
  readonly emptyGroups: readonly string[];
  /** Groups that a network load balancer carries and an ingress rule names (semantics 3.5d). */
  readonly balancerGroups: readonly string[];
  /** Interfaces of referenced groups without an attach time (semantics 3.5c). */
  readonly undatedMembers: readonly string[];
  /** Lists that rules name without entries in the rule set (semantics 3.5a). */
  readonly unknownLists: readonly string[];
  /** What documents leave open: peers of rules, and groups of interfaces (semantics 3.5a, 1.2). */
  readonly undecided: readonly string[];
  /** Identities of stale rules. */
  readonly staleRules: readonly string[];
  /** Groups that interfaces carry and no document describes (semantics 1.2). */
  readonly undescribedGroups: readonly string[];
  /** The same for `--attach`. */
  readonly undescribedAttached: readonly string[];
}

/** O(rules + interfaces). All lists are sorted and hold each id once. */
export function collectReferences(ruleSet: RuleSet): References {
  const members = membersOf(ruleSet);
  const unknownGroups = new Set<string>();
  const foreignGroups = new Set<string>();
  const emptyGroups = new Set<string>();
  const balancerGroups = new Set<string>();
  const undatedMembers = new Set<string>();
  const unknownLists = new Set<string>();
  const undecided = new Set<string>([...members.keys()].filter(isUndecided));
  const staleRules = new Set<string>();
  for (const group of ruleSet.groups.values())
    for (const rule of group.rules) {
      const { peer } = rule;
      if (rule.stale) {
        staleRules.add(rule.id);
        continue;
      }
      if (peer.kind !== "cidr" && isUndecided(peer.id)) {
        undecided.add(peer.id);
        continue;
      }
      if (peer.kind === "prefix-list" && ruleSet.prefixLists.get(peer.id)?.cidrs === undefined)
        unknownLists.add(peer.id);
      if (peer.kind !== "group") continue;
      const carriers = members.get(peer.id);
      if (carriers === undefined) {
        const foreign = peer.account !== undefined && group.accountId !== undefined;
        if (foreign) foreignGroups.add(`${peer.account}/${peer.id}`);
        else if (ruleSet.groups.has(peer.id)) emptyGroups.add(peer.id);
        else unknownGroups.add(peer.id);
        continue;
      }
      for (const carrier of carriers) {
        if (carrier.attachedAt === undefined) undatedMembers.add(carrier.id);
        if (rule.direction === "ingress" && carrier.type === "network_load_balancer")
          balancerGroups.add(peer.id);
      }
    }
  const isUndescribed = (id: string): boolean => !ruleSet.groups.has(id) && !isUndecided(id);
  return {
    unknownGroups: sorted(unknownGroups),
    foreignGroups: sorted(foreignGroups),
    emptyGroups: sorted(emptyGroups),
    balancerGroups: sorted(balancerGroups),
    undatedMembers: sorted(undatedMembers),
    unknownLists: sorted(unknownLists),
    undecided: sorted(undecided),
    staleRules: sorted(staleRules),
    undescribedGroups: sorted([...members.keys()].filter(isUndescribed)),
    undescribedAttached: sorted(ruleSet.attach.filter(isUndescribed)),
  };
}

function membersOf(ruleSet: RuleSet): ReadonlyMap<string, readonly NetworkInterface[]> {
  const members = new Map<string, NetworkInterface[]>();
  for (const carrier of ruleSet.interfaces.values())
    for (const id of carrier.groupIds) {
      const known = members.get(id);
      if (known === undefined) members.set(id, [carrier]);
      else known.push(carrier);
    }
  return members;
}

function sorted(ids: Iterable<string>): string[] {
  return [...new Set(ids)].sort();
}
