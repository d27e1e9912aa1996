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
  readonly value: bigint;
  readonly length: number;
  readonly peers: Map<number, number>;
  flags: number;
}

/** Blocks of one family by length and value. */
export type Blocks = Map<string, Block>;

export interface AddressSpace {
  readonly v4: Blocks;
  readonly v6: Blocks;
}

// Semantics 3.5: RFC 1918, 100.64.0.0/10 and fc00::/7.
const PRIVATE_BLOCKS: readonly Cidr[] = [
  { address: { family: 4, value: 0x0a000000n }, length: 8 },
  { address: { family: 4, value: 0xac100000n }, length: 12 },
  { address: { family: 4, value: 0xc0a80000n }, length: 16 },
  { address: { family: 4, value: 0x64400000n }, length: 10 },
  { address: { family: 6, value: 0xfcn << 120n }, length: 7 },
];

function blockAt(space: AddressSpace, address: Address, length: number): Block {
  const blocks = address.family === 4 ? space.v4 : space.v6;
  // Not a bigint: of those a map looks at the lower 64 bits alone, which all IPv6 blocks up to /64 share.
  const key = `${length} ${address.value.toString(16)}`;
  const found = blocks.get(key);
  if (found !== undefined) return found;
  const block: Block = { value: address.value, length, peers: new Map(), flags: 0 };
  blocks.set(key, block);
  return block;
}

function addPeer(block: Block, peer: number, since: number): void {
  const known = block.peers.get(peer);
  // Several interfaces of the group with the same address: the earliest attach time counts (3.5c).
  if (known === undefined || since < known) block.peers.set(peer, since);
}

/** Peers that hold the addresses of interfaces, by id. */
interface Memberships {
  readonly groups: Map<string, number>;
  /** Subnets whose blocks are not known. */
  readonly subnets: Map<string, number>;
}

function addInterface(space: AddressSpace, owner: NetworkInterface, members: Memberships): void {
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

function addPrivate(space: AddressSpace, ruleSet: RuleSet): void {
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
  const space: AddressSpace = { v4: new Map(), v6: new Map() };
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
  return space;
}
