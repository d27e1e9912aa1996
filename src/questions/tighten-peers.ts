// The addresses behind the peers of a rule set, and the names an observed address has.
import { type Address, type Cidr, formatCidr } from "../model/address.js";
import type { Group, NetworkInterface, Peer, RuleSet } from "../model/rule-set.js";
import { privateBlocksOf } from "../reference/snapshot.js";
import {
  type AddressSet,
  addressSet,
  holdsAddress,
  hostBlock,
  NO_ADDRESSES,
} from "./address-ranges.js";

/** A peer that is not a block: a group or a prefix list, with the addresses it stands for. */
export interface NamedPeer {
  readonly key: string;
  readonly peer: Peer & { readonly kind: "group" | "prefix-list" };
  readonly addresses: AddressSet;
  /** Whether the rule set tells its addresses (semantics 3.5a). */
  readonly known: boolean;
  /** What a rule that names it takes from the quota: a prefix list as many as it has entries. */
  readonly weight: number;
}

/** Peers of one rule set by key, with an index of owners. */
export interface PeerBook {
  readonly ruleSet: RuleSet;
  readonly carriers: ReadonlyMap<string, readonly NetworkInterface[]>;
  readonly owners: ReadonlyMap<string, readonly NetworkInterface[]>;
  readonly delegated: readonly { readonly blocks: AddressSet; readonly owner: NetworkInterface }[];
  /** Addresses that some interface has, and those in private blocks (semantics 3.5b). */
  readonly owned: AddressSet;
  readonly private: AddressSet;
  readonly named: Map<string, NamedPeer>;
  /** Addresses by interface, as far as asked. */
  readonly own: Map<string, AddressSet>;
}

export function peerKey(peer: Peer): string {
  if (peer.kind === "cidr") return formatCidr(peer.cidr);
  if (peer.kind === "prefix-list" || peer.account === undefined) return peer.id;
  return `${peer.account}/${peer.id}`;
}

function push<V>(index: Map<string, V[]>, key: string, value: V): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [value]);
  else list.push(value);
}

function addressKey(address: Address): string {
  return `${address.family}:${address.value}`;
}

/** Indexes a rule set. Cost: n log n in its interfaces. */
export function peerBook(ruleSet: RuleSet): PeerBook {
  const carriers = new Map<string, NetworkInterface[]>();
  const owners = new Map<string, NetworkInterface[]>();
  const delegated: { blocks: AddressSet; owner: NetworkInterface }[] = [];
  for (const owner of ruleSet.interfaces.values()) {
    for (const id of new Set(owner.groupIds)) push(carriers, id, owner);
    for (const address of owner.addresses) push(owners, addressKey(address), owner);
    if (owner.prefixes.length > 0) delegated.push({ blocks: addressSet(owner.prefixes), owner });
  }
  return {
    ruleSet,
    carriers,
    owners,
    delegated,
    owned: addressSet([...ruleSet.interfaces.values()].flatMap(interfaceBlocks)),
    private: addressSet(privateBlocksOf(ruleSet)),
    named: new Map(),
    own: new Map(),
  };
}

/** Blocks of an interface: its addresses and its delegated prefixes (semantics 3.4). */
function interfaceBlocks(owner: NetworkInterface): Cidr[] {
  return [...owner.addresses.map(hostBlock), ...owner.prefixes];
}

/** The addresses of an interface of the book. Kept: asked for every row. */
export function interfaceAddresses(book: PeerBook, owner: NetworkInterface): AddressSet {
  const seen = book.own.get(owner.id);
  if (seen !== undefined) return seen;
  const made = addressSet(interfaceBlocks(owner));
  book.own.set(owner.id, made);
  return made;
}

export function ownersOf(book: PeerBook, address: Address): readonly NetworkInterface[] {
  const own = book.owners.get(addressKey(address)) ?? [];
  const delegated = book.delegated.filter(({ blocks }) => holdsAddress(blocks, address));
  return delegated.length === 0 ? own : [...own, ...delegated.map(({ owner }) => owner)];
}

/** The addresses of a named peer, as the rule set knows them. Kept: asked once per peer. */
export function namedPeer(book: PeerBook, peer: NamedPeer["peer"]): NamedPeer {
  const key = peerKey(peer);
  const seen = book.named.get(key);
  if (seen !== undefined) return seen;
  const made = peer.kind === "group" ? groupPeer(book, key, peer) : listPeer(book, key, peer);
  book.named.set(key, made);
  return made;
}

function groupPeer(book: PeerBook, key: string, peer: Peer & { kind: "group" }): NamedPeer {
  const carriers = book.carriers.get(peer.id) ?? [];
  const known =
    carriers.length > 0 || (peer.account === undefined && book.ruleSet.groups.has(peer.id));
  return { key, peer, addresses: addressSet(carriers.flatMap(interfaceBlocks)), known, weight: 1 };
}

function listPeer(book: PeerBook, key: string, peer: Peer & { kind: "prefix-list" }): NamedPeer {
  const cidrs = book.ruleSet.prefixLists.get(peer.id)?.cidrs;
  const addresses = cidrs === undefined ? NO_ADDRESSES : addressSet(cidrs);
  const weight = Math.max(1, cidrs?.length ?? 1);
  return { key, peer, addresses, known: cidrs !== undefined, weight };
}

/** Addresses of any peer; empty where the rule set cannot tell them. */
export function peerAddresses(book: PeerBook, peer: Peer): AddressSet {
  return peer.kind === "cidr" ? addressSet([peer.cidr]) : namedPeer(book, peer).addresses;
}

/**
 * Groups that a rule of `group` might name instead of the address: those of its interfaces, attached since before
 * `time`, in the same VPC (AWS refuses others without a peering), and carried by no network load balancer, whose
 * rules admit more than members (semantics 3.5d).
 */
export function groupsOfAddress(
  book: PeerBook,
  group: Group,
  address: Address,
  time: number,
): readonly NamedPeer[] {
  const owners = ownersOf(book, address).filter((o) => (o.attachedAt ?? 0) <= time);
  const ids = new Set(owners.flatMap((owner) => owner.groupIds));
  return [...ids].sort().flatMap((id) => {
    const found = book.ruleSet.groups.get(id);
    if (found === undefined || found.vpcId === undefined || found.vpcId !== group.vpcId) return [];
    return isBalancers(book, id) ? [] : [namedPeer(book, { kind: "group", id })];
  });
}

export function isBalancers(book: PeerBook, groupId: string): boolean {
  return (book.carriers.get(groupId) ?? []).some((c) => c.type === "network_load_balancer");
}

/** Prefix lists with known entries that hold the address, by id. */
export function listsOfAddress(book: PeerBook, address: Address): readonly NamedPeer[] {
  return [...book.ruleSet.prefixLists.keys()]
    .sort()
    .map((id) => namedPeer(book, { kind: "prefix-list", id }))
    .filter((list) => holdsAddress(list.addresses, address));
}
