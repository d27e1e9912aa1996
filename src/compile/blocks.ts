import type { Address, Cidr } from "../model/address.js";
import { familyBits } from "../model/address.js";
import { isUndecided, type NetworkInterface, type RuleSet } from "../model/rule-set.js";
import type { PeerSource } from "./peers.js";
import { isTrackedAutomatically } from "./tracked-automatically.js";

export const BLOCK_PRIVATE = 1;
export const BLOCK_MEMBER = 2;
export const BLOCK_AUTOMATIC = 4;
/** Of an interface whose groups its documents leave open (semantics 3.5a). */
export const BLOCK_UNDECIDED = 8;

/** One address block with what begins at it: peers (with the second they own it from, 0 = always) and flags. */
export interface Block {
  /** First address: a number in IPv4, where a bigint costs ten times as much. */
  readonly value: number | bigint;
  readonly length: number;
  /** Peer and second in turn; a peer may stand there several times. */
  peers: readonly number[];
  flags: number;
}

/** Blocks of both families in order of address, outer before inner. */
export interface AddressSpace {
  readonly v4: readonly Block[];
  readonly v6: readonly Block[];
}

// Semantics 3.5: RFC 1918, 100.64.0.0/10 and fc00::/7.
const PRIVATE_BLOCKS: readonly Cidr[] = [
  { address: { family: 4, value: 0x0a000000n }, length: 8 },
  { address: { family: 4, value: 0xac100000n }, length: 12 },
  { address: { family: 4, value: 0xc0a80000n }, length: 16 },
  { address: { family: 4, value: 0x64400000n }, length: 10 },
  { address: { family: 6, value: 0xfcn << 120n }, length: 7 },
];

/** Every length of an IPv4 block is below this: a block is its address times this and its length. */
const LENGTHS = 64;

/** Blocks while they are found. */
interface Found {
  readonly v4: Map<number, Block>;
  readonly v6: Map<string, Block>;
}

function blockAt(found: Found, { family, value }: Address, length: number): Block {
  if (family === 4) {
    const first = Number(value);
    return blockIn(found.v4, first * LENGTHS + length, first, length);
  }
  // Not a bigint: of those a map looks at the lower 64 bits alone, which all IPv6 blocks up to /64 share.
  return blockIn(found.v6, `${length} ${value.toString(16)}`, value, length);
}

function blockIn<K>(blocks: Map<K, Block>, key: K, value: number | bigint, length: number): Block {
  const known = blocks.get(key);
  if (known !== undefined) return known;
  const block: Block = { value, length, peers: [], flags: 0 };
  blocks.set(key, block);
  return block;
}

function addPeer(block: Block, peer: number, since: number): void {
  // Made with what it holds: most blocks have one peer, and an array that grows keeps room for more.
  block.peers = block.peers.length === 0 ? [peer, since] : [...block.peers, peer, since];
}

function inOrder({ v4, v6 }: Found): AddressSpace {
  const keys = Float64Array.from(v4.keys()).sort();
  return {
    v4: Array.from(keys, (key) => v4.get(key)!),
    v6: [...v6.values()].sort((a, b) => {
      if (a.value !== b.value) return a.value < b.value ? -1 : 1;
      return a.length - b.length;
    }),
  };
}

/** Peers that hold the addresses of interfaces, by id. */
interface Memberships {
  readonly groups: Map<string, number>;
  /** Subnets whose blocks are not known. */
  readonly subnets: Map<string, number>;
}

function addInterface(space: Found, owner: NetworkInterface, members: Memberships): void {
  const since = owner.attachedAt ?? 0;
  const groups = owner.groupIds.flatMap((id) => members.groups.get(id) ?? []);
  const subnet = owner.subnetId === undefined ? undefined : members.subnets.get(owner.subnetId);
  const flags =
    BLOCK_MEMBER |
    (isTrackedAutomatically(owner) ? BLOCK_AUTOMATIC : 0) |
    (owner.groupIds.some(isUndecided) ? BLOCK_UNDECIDED : 0);
  const add = (address: Address, length: number): void => {
    const block = blockAt(space, address, length);
    block.flags |= flags;
    for (const peer of groups) addPeer(block, peer, since);
    if (subnet !== undefined) addPeer(block, subnet, 0);
  };
  for (const address of owner.addresses) add(address, familyBits(address.family));
  for (const prefix of owner.prefixes) add(prefix.address, prefix.length);
}

function addPrivate(space: Found, ruleSet: RuleSet): void {
  const mark = (cidr: Cidr): void => {
    blockAt(space, cidr.address, cidr.length).flags |= BLOCK_PRIVATE;
  };
  for (const cidr of PRIVATE_BLOCKS) mark(cidr);
  for (const vpc of ruleSet.vpcs.values()) for (const cidr of vpc.cidrs) mark(cidr);
  for (const peering of ruleSet.peerings) for (const cidr of peering.cidrs) mark(cidr);
}

/** Blocks of a peer that has some of its own. */
function cidrsOf(ruleSet: RuleSet, source: PeerSource): readonly Cidr[] {
  if (source.kind === "cidr") return [source.cidr];
  if (source.kind === "prefix-list") return ruleSet.prefixLists.get(source.id)?.cidrs ?? [];
  if (source.kind === "subnet") return ruleSet.subnets.get(source.id)?.cidrs ?? [];
  return [];
}

/** Every block at which the answer may change. O(CIDRs + prefix list entries + addresses of interfaces). */
export function collectBlocks(ruleSet: RuleSet, peers: readonly PeerSource[]): AddressSpace {
  const space: Found = { v4: new Map(), v6: new Map() };
  const members: Memberships = { groups: new Map(), subnets: new Map() };
  peers.forEach((source, peer) => {
    const cidrs = cidrsOf(ruleSet, source);
    for (const cidr of cidrs) addPeer(blockAt(space, cidr.address, cidr.length), peer, 0);
    if (source.kind === "group") members.groups.set(source.id, peer);
    if (source.kind === "subnet" && cidrs.length === 0) members.subnets.set(source.id, peer);
  });
  for (const owner of ruleSet.interfaces.values()) addInterface(space, owner, members);
  // Without 3.5b nobody asks whether an address is private, and fewer classes do.
  if (!ruleSet.snapshotComplete) addPrivate(space, ruleSet);
  return inOrder(space);
}
