import { type Address, type Cidr, cidrContains, parseCidr } from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { addressKey } from "./flow.js";

/** The rule set, indexed by what the evaluator asks: who carries a group, who owns an address, what is private. */
export interface Snapshot {
  readonly ruleSet: RuleSet;
  /** Interfaces by the groups they carry. */
  readonly carriers: ReadonlyMap<string, readonly NetworkInterface[]>;
  readonly owners: ReadonlyMap<string, readonly NetworkInterface[]>;
  readonly prefixOwners: readonly { readonly cidr: Cidr; readonly owner: NetworkInterface }[];
  readonly privateBlocks: readonly Cidr[];
}

/** Private wherever they appear (semantics 3.5b, 8.1). */
const PRIVATE_BLOCKS: readonly Cidr[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
].map((block) => parseCidr(block));

const NONE: readonly NetworkInterface[] = [];

/** Indexes a rule set. Cost: linear in its interfaces and blocks. */
export function snapshotOf(ruleSet: RuleSet): Snapshot {
  const carriers = new Map<string, NetworkInterface[]>();
  const owners = new Map<string, NetworkInterface[]>();
  const prefixOwners: { cidr: Cidr; owner: NetworkInterface }[] = [];
  for (const owner of ruleSet.interfaces.values()) {
    for (const id of new Set(owner.groupIds)) append(carriers, id, owner);
    for (const address of owner.addresses) append(owners, addressKey(address), owner);
    for (const cidr of owner.prefixes) prefixOwners.push({ cidr, owner });
  }
  return { ruleSet, carriers, owners, prefixOwners, privateBlocks: privateBlocksOf(ruleSet) };
}

/** Blocks whose addresses are private (semantics 3.5b): everywhere, or of a known VPC or peering. */
export function privateBlocksOf(ruleSet: RuleSet): readonly Cidr[] {
  return [
    ...PRIVATE_BLOCKS,
    ...[...ruleSet.vpcs.values()].flatMap((vpc) => vpc.cidrs),
    ...ruleSet.peerings.flatMap((peering) => peering.cidrs),
  ];
}

function append(
  index: Map<string, NetworkInterface[]>,
  key: string,
  value: NetworkInterface,
): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [value]);
  else list.push(value);
}

export function carriersOf(snapshot: Snapshot, groupId: string): readonly NetworkInterface[] {
  return snapshot.carriers.get(groupId) ?? NONE;
}

/** Interfaces of the snapshot the private address belongs to, by address or delegated prefix. */
export function ownersOf(snapshot: Snapshot, address: Address): readonly NetworkInterface[] {
  const named = snapshot.owners.get(addressKey(address)) ?? NONE;
  const delegated = snapshot.prefixOwners.filter(({ cidr }) => cidrContains(cidr, address));
  return delegated.length === 0 ? named : [...named, ...delegated.map(({ owner }) => owner)];
}

/** In a block that is private everywhere, whatever the snapshot knows. */
export function isReserved(address: Address): boolean {
  return PRIVATE_BLOCKS.some((block) => cidrContains(block, address));
}

export function isPrivate(snapshot: Snapshot, address: Address): boolean {
  return snapshot.privateBlocks.some((block) => cidrContains(block, address));
}
