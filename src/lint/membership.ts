// Who carries which group, and whether the peer of a rule can be known (semantics 3.4, 3.5).
import { type Cidr, familyBits } from "../model/address.js";
import {
  isUndecided,
  type NetworkInterface,
  type Peer,
  type Rule,
  type RuleSet,
} from "../model/rule-set.js";

/** Interfaces by the groups they carry, in the order of the rule set. */
export type Members = ReadonlyMap<string, readonly NetworkInterface[]>;

/** O(interfaces). */
export function membersOf(ruleSet: RuleSet): Members {
  const members = new Map<string, NetworkInterface[]>();
  for (const carrier of ruleSet.interfaces.values())
    for (const id of new Set(carrier.groupIds)) {
      const known = members.get(id);
      if (known === undefined) members.set(id, [carrier]);
      else known.push(carrier);
    }
  return members;
}

/** Why a peer cannot be known; `undefined` where it can. */
export type Unresolved =
  | "stale"
  | "other-account"
  | "unknown-group"
  | "list-without-entries"
  | "undecided";

/** Semantics 3.5a and stale references. A group that somebody carries is known whatever its account. */
export function unresolvedReason(
  rule: Rule,
  ruleSet: RuleSet,
  members: Members,
): Unresolved | undefined {
  if (rule.stale) return "stale";
  const { peer } = rule;
  if (peer.kind === "cidr") return undefined;
  if (isUndecided(peer.id)) return "undecided";
  if (peer.kind === "prefix-list")
    return ruleSet.prefixLists.get(peer.id)?.cidrs === undefined
      ? "list-without-entries"
      : undefined;
  if (members.has(peer.id)) return undefined;
  const own = ruleSet.groups.get(rule.groupId)?.accountId;
  if (peer.account !== undefined && own !== undefined && peer.account !== own)
    return "other-account";
  return ruleSet.groups.has(peer.id) ? undefined : "unknown-group";
}

/** The blocks a resolved peer stands for today; `undefined` where it is not resolved. */
export function knownBlocks(
  rule: Rule,
  ruleSet: RuleSet,
  members: Members,
): readonly Cidr[] | undefined {
  const why = unresolvedReason(rule, ruleSet, members);
  if (why === "stale") return [];
  if (why !== undefined) return undefined;
  return resolvedBlocks(rule.peer, ruleSet, members);
}

function resolvedBlocks(peer: Peer, ruleSet: RuleSet, members: Members): readonly Cidr[] {
  if (peer.kind === "cidr") return [peer.cidr];
  if (peer.kind === "prefix-list") return ruleSet.prefixLists.get(peer.id)?.cidrs ?? [];
  return (members.get(peer.id) ?? []).flatMap(({ addresses, prefixes }) => [
    ...addresses.map((address) => ({ address, length: familyBits(address.family) })),
    ...prefixes,
  ]);
}

/** Address families a peer can have: a list has the family of its entries, a group has both. */
export function peerFamilies(peer: Peer, ruleSet: RuleSet): readonly (4 | 6)[] {
  if (peer.kind === "cidr") return [peer.cidr.address.family];
  if (peer.kind === "group") return [4, 6];
  const families = new Set(
    (ruleSet.prefixLists.get(peer.id)?.cidrs ?? []).map((c) => c.address.family),
  );
  return families.size === 0 ? [4, 6] : [...families].sort();
}
