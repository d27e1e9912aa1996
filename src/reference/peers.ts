import { type Address, cidrContains, formatCidr } from "../model/address.js";
import { type Group, isUndecided, type Peer, type Rule } from "../model/rule-set.js";
import { carriersOf, isPrivate, ownersOf, type Snapshot } from "./snapshot.js";

/** Why a peer cannot be decided: the letters of semantics 3.5. */
export type UnresolvedPeer =
  /** (a) a prefix list without entries, a group whose members cannot be known, an address whose groups are open. */
  | "members-unknown"
  /** (b) a private address that no interface of the snapshot owns. */
  | "address-unknown"
  /** (c) the address belongs to a member only since after the record. */
  | "attached-later"
  /** (d) a balancer may have kept the client's address. */
  | "balancer-client";

/** What a rule's peer says of a remote address. A match holds for records from `since` on (Unix seconds). */
export type PeerAnswer =
  | { readonly kind: "match"; readonly since: number }
  | { readonly kind: "none" }
  | { readonly kind: "unresolved"; readonly why: "members-unknown" | "address-unknown" };

const ALWAYS = Number.NEGATIVE_INFINITY;
const MATCH: PeerAnswer = { kind: "match", since: ALWAYS };
const NO_MATCH: PeerAnswer = { kind: "none" };

/** Asks the peer of a rule about a remote address (semantics 3.4, 3.5 a-c). Linear in the entries of a list. */
export function askPeer(snapshot: Snapshot, group: Group, rule: Rule, remote: Address): PeerAnswer {
  if (rule.stale) return NO_MATCH;
  const { peer } = rule;
  if (peer.kind === "cidr") return cidrContains(peer.cidr, remote) ? MATCH : NO_MATCH;
  if (peer.kind === "prefix-list") {
    const entries = snapshot.ruleSet.prefixLists.get(peer.id)?.cidrs;
    if (entries === undefined) return { kind: "unresolved", why: "members-unknown" };
    return entries.some((cidr) => cidrContains(cidr, remote)) ? MATCH : NO_MATCH;
  }
  return askGroup(snapshot, group, peer, remote);
}

function askGroup(
  snapshot: Snapshot,
  group: Group,
  peer: Peer & { readonly kind: "group" },
  remote: Address,
): PeerAnswer {
  const owners = ownersOf(snapshot, remote);
  const members = owners.filter((owner) => owner.groupIds.includes(peer.id));
  // Several members with one address: the earliest attach time counts; without a time it was always there.
  if (members.length > 0)
    return { kind: "match", since: Math.min(...members.map((m) => m.attachedAt ?? ALWAYS)) };
  const isOpen = owners.some((owner) => owner.groupIds.some(isUndecided));
  if (isOpen || !membersKnown(snapshot, group, peer))
    return { kind: "unresolved", why: "members-unknown" };
  const unknown = owners.length === 0 && isPrivate(snapshot, remote);
  if (unknown && !snapshot.ruleSet.snapshotComplete)
    return { kind: "unresolved", why: "address-unknown" };
  return NO_MATCH;
}

/** Whether the snapshot can know the members of the group that a rule names (semantics 3.5a). */
export function membersKnown(
  snapshot: Snapshot,
  group: Group,
  peer: Peer & { readonly kind: "group" },
): boolean {
  if (carriersOf(snapshot, peer.id).length > 0) return true;
  const foreign =
    peer.account !== undefined && group.accountId !== undefined && peer.account !== group.accountId;
  return !foreign && snapshot.ruleSet.groups.has(peer.id);
}

/** Whether a network load balancer carries the group: it may keep the address of its clients (semantics 3.5d). */
export function isBalancerGroup(snapshot: Snapshot, groupId: string): boolean {
  return carriersOf(snapshot, groupId).some((c) => c.type === "network_load_balancer");
}

/** How `detail` names a peer: as rule identities do, with the account where the rule names one. */
export function peerName(peer: Peer): string {
  if (peer.kind === "cidr") return formatCidr(peer.cidr);
  if (peer.kind === "prefix-list" || peer.account === undefined) return peer.id;
  return `${peer.account}/${peer.id}`;
}
