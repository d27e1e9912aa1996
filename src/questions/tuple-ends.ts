import {
  type Address,
  type Cidr,
  familyBits,
  formatAddress,
  formatCidr,
} from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { type PeerBlocks, peerBlocks, valuesAtBest } from "./peer-blocks.js";
import { type PeerIndex, remotePeerOf } from "./peer-index.js";
import type { TupleEnd } from "./tuple.js";
import { compareText } from "./tuple-spread.js";

/** Names the ends of tuples; equal ends are the same object. */
export interface TupleEnds {
  /** The end at which the log was taken. */
  readonly local: (interfaceId: string) => TupleEnd;
  /** The end at an address, as seen from an interface. */
  readonly remote: (interfaceId: string, address: Address) => RemoteEnd;
}

/** The far end of a connection. */
export interface RemoteEnd {
  readonly end: TupleEnd;
  /** The number of the address. */
  readonly peerId: number;
  /** Interfaces that own the address; of several VPCs that of the near interface counts. */
  readonly ownerIds: readonly string[];
}

/**
 * Ends by the baseline first, then by the candidate: an interface or address that both know carries its groups of
 * today. Both indexes must share their ids. Cost: linear in the rules and entries of both rule sets, then one look-up
 * per distinct interface and address.
 */
export function tupleEnds(baseline: PeerIndex, candidate: PeerIndex): TupleEnds {
  const sets = [baseline.snapshot.ruleSet, candidate.snapshot.ruleSet];
  const blocks = peerBlocks(sets.flatMap(namedBlocks));
  const ends = new Map<string, TupleEnd>();
  const locals = new Map<string, TupleEnd>();
  const remotes = new Map<string | undefined, RemoteEnd[]>();

  function shared(end: TupleEnd): TupleEnd {
    const key = `${end.kind} ${end.label}`;
    const known = ends.get(key);
    if (known !== undefined) return known;
    ends.set(key, end);
    return end;
  }

  function local(interfaceId: string): TupleEnd {
    const known = locals.get(interfaceId);
    if (known !== undefined) return known;
    const end = shared(groupsEnd(sets, localGroups(sets, interfaceId), interfaceId));
    locals.set(interfaceId, end);
    return end;
  }

  function remote(interfaceId: string, address: Address): RemoteEnd {
    const vpcId = vpcOf(sets, interfaceId);
    let known = remotes.get(vpcId);
    if (known === undefined) {
      known = [];
      remotes.set(vpcId, known);
    }
    const peerId = baseline.ids.idOf(address);
    const found = known[peerId];
    if (found !== undefined) return found;
    const owners = nearOwners(baseline, candidate, vpcId, address);
    const end = shared(remoteEnd(sets, blocks, owners, address));
    const made = { end, peerId, ownerIds: owners.map(({ id }) => id) };
    known[peerId] = made;
    return made;
  }

  return { local, remote };
}

function nearOwners(
  baseline: PeerIndex,
  candidate: PeerIndex,
  vpcId: string | undefined,
  address: Address,
): readonly NetworkInterface[] {
  const current = remotePeerOf(baseline, address).owners;
  const all = current.length > 0 ? current : remotePeerOf(candidate, address).owners;
  if (all.length < 2) return all;
  const near = all.filter((owner) => owner.vpcId === vpcId);
  return near.length > 0 ? near : all;
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

function remoteEnd(
  sets: readonly RuleSet[],
  blocks: PeerBlocks<TupleEnd>,
  owners: readonly NetworkInterface[],
  address: Address,
): TupleEnd {
  const owner = [...owners].sort((a, b) => compareText(a.id, b.id))[0];
  if (owner !== undefined)
    return groupsEnd(
      sets,
      owners.flatMap(({ groupIds }) => groupIds),
      owner.id,
    );
  const best = [...valuesAtBest(blocks, address)].sort(compareBlockEnds)[0];
  if (best !== undefined) return best;
  const cidr = `${formatAddress(address)}/${familyBits(address.family)}`;
  return { kind: "address", label: cidr, cidr };
}

/** A prefix list says more than its entry alone, so that it comes first. */
function compareBlockEnds(a: TupleEnd, b: TupleEnd): number {
  return (
    Number(b.kind === "prefix-list") - Number(a.kind === "prefix-list") ||
    compareText(a.label, b.label)
  );
}

/** Every block that a rule of the set names, by itself or through a prefix list. */
function namedBlocks(ruleSet: RuleSet): (readonly [Cidr, TupleEnd])[] {
  const cidrs = new Map<string, Cidr>();
  const listIds = new Set<string>();
  for (const group of ruleSet.groups.values())
    for (const { peer } of group.rules) {
      if (peer.kind === "cidr") cidrs.set(formatCidr(peer.cidr), peer.cidr);
      if (peer.kind === "prefix-list") listIds.add(peer.id);
    }
  const plain = [...cidrs].map(([label, cidr]): readonly [Cidr, TupleEnd] => [
    cidr,
    { kind: "cidr", label, cidr: label },
  ]);
  const listed = [...listIds].flatMap((id) => {
    const list = ruleSet.prefixLists.get(id);
    return (list?.cidrs ?? []).map((block): readonly [Cidr, TupleEnd] => {
      const cidr = formatCidr(block);
      const label = `${id} ${cidr}`;
      return [block, { kind: "prefix-list", label, id, name: list?.name ?? null, cidr }];
    });
  });
  return [...plain, ...listed];
}
