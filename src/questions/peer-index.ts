import { type Address, cidrContains } from "../model/address.js";
import {
  type Group,
  isUndecided,
  type NetworkInterface,
  type Rule,
  type RuleSet,
} from "../model/rule-set.js";
import { isBalancerGroup, membersKnown } from "../reference/peers.js";
import { isPrivate, type Snapshot, snapshotOf } from "../reference/snapshot.js";
import { type PeerBlocks, peerBlocks, valuesHolding } from "./peer-blocks.js";
import { PeerIds } from "./peer-ids.js";

/** A rule set, indexed for questions about very many remote addresses. */
export interface PeerIndex {
  readonly snapshot: Snapshot;
  readonly ids: PeerIds;
  readonly delegated: PeerBlocks<NetworkInterface>;
  readonly lists: ReadonlyMap<string, PeerBlocks<true>>;
  /** By number of `ids`; filled as addresses are asked for. */
  readonly remotes: RemotePeer[];
}

/** What a rule set knows of a remote address. */
export interface RemotePeer {
  readonly address: Address;
  /** Interfaces it belongs to, by address or delegated prefix. */
  readonly owners: readonly NetworkInterface[];
  /** In a block that is private everywhere or belongs to a known VPC (semantics 3.5b). */
  readonly isPrivate: boolean;
}

/** Whether a peer admits an address; `maybe` wherever semantics 3.5 leaves it open. */
export type PeerFit = "yes" | "maybe" | "no";

/** Indexes a rule set. Cost: linear in its interfaces, prefixes and entries of prefix lists. */
export function peerIndexOf(ruleSet: RuleSet, ids: PeerIds = new PeerIds()): PeerIndex {
  const snapshot = snapshotOf(ruleSet);
  const lists = new Map<string, PeerBlocks<true>>();
  for (const { id, cidrs } of ruleSet.prefixLists.values())
    if (cidrs !== undefined) lists.set(id, peerBlocks(cidrs.map((cidr) => [cidr, true])));
  const delegated = peerBlocks(
    snapshot.prefixOwners.map(({ cidr, owner }) => [cidr, owner] as const),
  );
  return { snapshot, ids, delegated, lists, remotes: [] };
}

/** What the rule set knows of an address; looked up once per address. */
export function remotePeerOf(index: PeerIndex, address: Address): RemotePeer {
  const id = index.ids.idOf(address);
  const known = index.remotes[id];
  if (known !== undefined) return known;
  const key = `${address.family}:${address.value.toString(36)}`;
  const named = index.snapshot.owners.get(key) ?? [];
  const owners = [...named, ...valuesHolding(index.delegated, address)];
  const remote = { address, owners, isPrivate: isPrivate(index.snapshot, address) };
  index.remotes[id] = remote;
  return remote;
}

/**
 * Whether the peer of a rule admits an address at some time: what the log would have to tell beside the address (attach
 * times, clients of balancers) reads as `maybe` (semantics 3.4, 3.5).
 */
export function peerFits(index: PeerIndex, group: Group, rule: Rule, remote: RemotePeer): PeerFit {
  const { peer } = rule;
  if (rule.stale) return "no";
  if (peer.kind === "cidr") return cidrContains(peer.cidr, remote.address) ? "yes" : "no";
  if (peer.kind === "prefix-list") {
    const list = index.lists.get(peer.id);
    if (list === undefined) return "maybe";
    return valuesHolding(list, remote.address).length > 0 ? "yes" : "no";
  }
  const members = remote.owners.filter((owner) => owner.groupIds.includes(peer.id));
  if (members.some((member) => member.attachedAt === undefined)) return "yes";
  if (members.length > 0 || !membersKnown(index.snapshot, group, peer)) return "maybe";
  if (remote.owners.some((owner) => owner.groupIds.some(isUndecided))) return "maybe";
  if (rule.direction === "ingress" && isBalancerGroup(index.snapshot, peer.id)) return "maybe";
  const stranger = remote.owners.length === 0 && remote.isPrivate;
  return stranger && !index.snapshot.ruleSet.snapshotComplete ? "maybe" : "no";
}

/** Groups that judge an interface: its own, or those of `--attach` where the rule set does not hold it. */
export function groupIdsOf(ruleSet: RuleSet, interfaceId: string): readonly string[] {
  const owner = ruleSet.interfaces.get(interfaceId);
  return [...new Set(owner === undefined ? ruleSet.attach : owner.groupIds)].sort();
}
