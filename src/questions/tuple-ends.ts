import { familyBits, formatAddress } from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { OpenerColumns } from "./impact-columns.js";
import { type PeerBlocks, peerBlocks, valuesAtBest, valuesAtBest4 } from "./peer-blocks.js";
import { type PeerOwners, peerOwners } from "./peer-owners.js";
import type { TupleEnd } from "./tuple.js";
import { type NamedBlock, namedBlocks } from "./tuple-blocks.js";
import { compareText } from "./tuple-spread.js";

/**
 * Ends of tuples as numbers, equal for equal ends: that of an address which no rule names is the number of the address,
 * all others are negative.
 */
export interface TupleEnds {
  /** The end at which the log was taken, by number of the interface. */
  readonly local: (face: number) => number;
  /** The end at an address, as seen from an interface. */
  readonly remote: (face: number, peerId: number) => number;
  /** Interfaces that own the address; of several VPCs that of the near interface counts. */
  readonly owners: (face: number, peerId: number) => readonly NetworkInterface[];
  readonly endOf: (end: number) => TupleEnd;
  readonly labelOf: (end: number) => string;
}

/** What one rule set tells of ends. */
export interface EndSide {
  readonly ruleSet: RuleSet;
  readonly owners: PeerOwners;
  readonly blocks: readonly NamedBlock[];
}

/** Stands for an address of several interfaces: the VPC that asks decides. */
const BY_VPC = -0x80000000;
/** Of an interface without rows, about which nobody asks. */
const NO_END = -0x7fffffff;
const NO_OWNERS: readonly NetworkInterface[] = [];

/** Owners are those of `like` where both rule sets have the same interfaces. Cost: linear in the rule set. */
export function endSide(ruleSet: RuleSet, { ids }: OpenerColumns, like?: EndSide): EndSide {
  const isAlike = like?.ruleSet.interfaces === ruleSet.interfaces;
  const owners = isAlike ? like.owners : peerOwners(ruleSet, ids);
  return { ruleSet, owners, blocks: namedBlocks(ruleSet) };
}

/**
 * Ends by the baseline first, then by the candidate: an interface or address that both know carries its groups of
 * today. Cost: linear in the blocks, the interfaces and the distinct addresses.
 */
export function tupleEnds(
  { interfaceIds, ids }: OpenerColumns,
  baseline: EndSide,
  candidate: EndSide,
): TupleEnds {
  const sets = [baseline.ruleSet, candidate.ruleSet];
  const named = new NamedEnds();
  const labels = new Map<number, string>();
  const vpcIds = interfaceIds.map((id) => (id === undefined ? undefined : vpcOf(sets, id)));
  const locals = Int32Array.from(interfaceIds, (id) =>
    id === undefined ? NO_END : named.add(groupsEnd(sets, localGroups(sets, id), id)),
  );
  const remotes = remoteEnds();
  const byVpc = new Map<string | undefined, Map<number, number>>();

  function ownersOf(peerId: number): readonly NetworkInterface[] {
    return baseline.owners.get(peerId) ?? candidate.owners.get(peerId) ?? NO_OWNERS;
  }

  function remoteEnds(): Int32Array {
    const blocks = bestBlocks([...baseline.blocks, ...candidate.blocks], named);
    const found = new Int32Array(ids.count);
    for (let peerId = 0; peerId < found.length; peerId++)
      found[peerId] = bestAt(blocks, peerId) ?? peerId;
    for (const peerId of [...baseline.owners.keys(), ...candidate.owners.keys()]) {
      const owners = ownersOf(peerId);
      found[peerId] = owners.length > 1 ? BY_VPC : named.add(ownersEnd(sets, owners));
    }
    return found;
  }

  function bestAt(blocks: PeerBlocks<number>, peerId: number): number | undefined {
    const value4 = ids.value4(peerId);
    if (value4 < 0) return valuesAtBest(blocks, ids.addressOf(peerId))[0];
    return valuesAtBest4(blocks, value4)[0];
  }

  function owners(face: number, peerId: number): readonly NetworkInterface[] {
    const all = ownersOf(peerId);
    if (all.length < 2) return all;
    const near = all.filter(({ vpcId }) => vpcId === vpcIds[face]);
    return near.length > 0 ? near : all;
  }

  function remote(face: number, peerId: number): number {
    const end = remotes[peerId]!;
    return end === BY_VPC ? remoteByVpc(face, peerId) : end;
  }

  function remoteByVpc(face: number, peerId: number): number {
    let ends = byVpc.get(vpcIds[face]);
    if (ends === undefined) {
      ends = new Map();
      byVpc.set(vpcIds[face], ends);
    }
    let end = ends.get(peerId);
    if (end === undefined) {
      end = named.add(ownersEnd(sets, owners(face, peerId)));
      ends.set(peerId, end);
    }
    return end;
  }

  function endOf(end: number): TupleEnd {
    if (end < 0) return named.at(end);
    const cidr = labelOf(end);
    return { kind: "address", label: cidr, cidr };
  }

  function labelOf(end: number): string {
    if (end < 0) return named.at(end).label;
    let label = labels.get(end);
    if (label === undefined) {
      const address = ids.addressOf(end);
      label = `${formatAddress(address)}/${familyBits(address.family)}`;
      labels.set(end, label);
    }
    return label;
  }

  return { local: (face) => locals[face]!, remote, owners, endOf, labelOf };
}

/** Ends other than bare addresses. */
class NamedEnds {
  private readonly ends: TupleEnd[] = [];
  private readonly numbers = new Map<string, number>();

  /** The number of an end: that of an equal one, if there is one. */
  add(end: TupleEnd): number {
    const key = `${end.kind} ${end.label}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = -this.ends.push(end);
    this.numbers.set(key, number);
    return number;
  }

  at(number: number): TupleEnd {
    return this.ends[-number - 1]!;
  }
}

/** Every block with the number of the end that names it best. */
function bestBlocks(blocks: readonly NamedBlock[], named: NamedEnds): PeerBlocks<number> {
  const best = new Map<string, NamedBlock>();
  for (const block of blocks) {
    const known = best.get(block.end.cidr);
    if (known === undefined || compareBlocks(block, known) < 0) best.set(block.end.cidr, block);
  }
  return peerBlocks([...best.values()].map(({ cidr, end }) => [cidr, named.add(end)]));
}

/** A prefix list says more than its entry alone, so that it comes first. */
function compareBlocks({ end: a }: NamedBlock, { end: b }: NamedBlock): number {
  return (
    Number(b.kind === "prefix-list") - Number(a.kind === "prefix-list") ||
    compareText(a.label, b.label)
  );
}

function vpcOf(sets: readonly RuleSet[], interfaceId: string): string | undefined {
  for (const { interfaces } of sets) {
    const vpcId = interfaces.get(interfaceId)?.vpcId;
    if (vpcId !== undefined) return vpcId;
  }
  return undefined;
}

function localGroups(sets: readonly RuleSet[], interfaceId: string): readonly string[] {
  for (const { interfaces } of sets) {
    const owner = interfaces.get(interfaceId);
    if (owner !== undefined) return owner.groupIds;
  }
  return sets.find(({ attach }) => attach.length > 0)?.attach ?? [];
}

function ownersEnd(sets: readonly RuleSet[], owners: readonly NetworkInterface[]): TupleEnd {
  const groupIds = owners.flatMap((owner) => owner.groupIds);
  const ids = owners.map(({ id }) => id).sort(compareText);
  return groupsEnd(sets, groupIds, ids[0]!);
}

function groupsEnd(
  sets: readonly RuleSet[],
  groupIds: readonly string[],
  interfaceId: string,
): TupleEnd {
  if (groupIds.length === 0) return { kind: "interface", label: interfaceId, id: interfaceId };
  const ids = [...new Set(groupIds)].sort(compareText);
  const names = ids.map((id) => {
    const named = sets.find(({ groups }) => groups.get(id)?.name !== undefined);
    return named?.groups.get(id)?.name ?? null;
  });
  return { kind: "groups", label: ids.join(", "), ids, names };
}
