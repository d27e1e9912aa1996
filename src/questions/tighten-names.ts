// Names before addresses: which groups and prefix lists a suggestion may name for the addresses of a segment.
import type { Peer } from "../model/rule-set.js";
import { countAddresses, greater, lesser } from "./address-ranges.js";
import type { NamedPeer } from "./tighten-peers.js";
import { admitsPeer, namesPeer, type Space, type Traffic } from "./tighten-space.js";

/** An address of a segment with the names that admit all of its openings. */
export interface NamedAddress {
  readonly value: bigint;
  readonly names: ReadonlyMap<string, NamedPeer>;
  /** Blocks alone cannot admit it without leaving the space of the present rules. */
  readonly onlyByName: boolean;
}

interface Candidate {
  readonly named: NamedPeer;
  readonly present: boolean;
  readonly size: number;
  readonly holds: readonly NamedAddress[];
}

export interface NameCover {
  readonly names: readonly NamedPeer[];
  /** Addresses that no chosen name admits. */
  readonly rest: readonly NamedAddress[];
}

/** Presence in the rules first, then groups before lists, then the one that reaches fewer addresses. */
function better(a: Candidate, b: Candidate): boolean {
  if (a.holds.length !== b.holds.length) return a.holds.length > b.holds.length;
  if (a.present !== b.present) return a.present;
  const kindOf = ({ named }: Candidate): Peer["kind"] => named.peer.kind;
  if (kindOf(a) !== kindOf(b)) return kindOf(a) === "group";
  if (a.size !== b.size) return a.size < b.size;
  return a.named.key < b.named.key;
}

/**
 * Whether naming the peer is worth more than its addresses: the rules name it already; or a group of which at least
 * half the members were seen; or a list that is no wider than the smallest block around what was seen of it.
 */
function isFit(candidate: Candidate, blockSize: (of: readonly NamedAddress[]) => number): boolean {
  if (candidate.present) return true;
  if (candidate.named.peer.kind === "group") return candidate.size <= 2 * candidate.holds.length;
  return candidate.holds.length > 1 && candidate.size <= blockSize(candidate.holds);
}

function smallestBlock(of: readonly NamedAddress[]): number {
  let low = of[0]!.value;
  let high = low;
  for (const { value } of of) {
    low = lesser(low, value);
    high = greater(high, value);
  }
  return low === high ? 1 : 2 ** (low ^ high).toString(2).length;
}

function candidatesOf(
  addresses: readonly NamedAddress[],
  space: Space,
  traffic: Traffic,
  family: 4 | 6,
): Candidate[] {
  const holds = new Map<NamedPeer, NamedAddress[]>();
  for (const address of addresses)
    for (const named of address.names.values()) {
      const list = holds.get(named);
      if (list === undefined) holds.set(named, [address]);
      else list.push(address);
    }
  return [...holds]
    .filter(([named]) => admitsPeer(space, traffic, named.peer))
    .map(([named, list]) => ({
      named,
      present: namesPeer(space, traffic, named.peer),
      size: countAddresses(named.addresses[family]),
      holds: list,
    }));
}

function cover(chosen: readonly Candidate[], addresses: readonly NamedAddress[]): NameCover {
  const names: NamedPeer[] = [];
  let rest = addresses;
  let open = chosen;
  while (true) {
    const left = new Set(rest);
    open = open
      .map((c) => ({ ...c, holds: c.holds.filter((address) => left.has(address)) }))
      .filter((c) => c.holds.length > 0);
    let best = open[0];
    for (const candidate of open) if (better(candidate, best!)) best = candidate;
    if (best === undefined) return { names, rest };
    names.push(best.named);
    const taken = new Set(best.holds);
    rest = rest.filter((address) => !taken.has(address));
  }
}

/**
 * Names for the addresses of a segment, greedily the one that holds most of what is left. `preferNames`: wherever a
 * name fits; else only where blocks cannot do.
 */
export function nameCover(
  addresses: readonly NamedAddress[],
  space: Space,
  traffic: Traffic,
  family: 4 | 6,
  preferNames: boolean,
): NameCover {
  const all = candidatesOf(addresses, space, traffic, family);
  const needing = addresses.filter((address) => address.onlyByName);
  const needed = cover(
    all.map((c) => ({ ...c, holds: c.holds.filter((address) => address.onlyByName) })),
    needing,
  );
  if (!preferNames) return withRest(needed.names, addresses);
  const named = cover(
    all.filter((c) => isFit(c, smallestBlock)),
    addresses,
  );
  const open = named.rest.filter((address) => address.onlyByName);
  if (open.length === 0) return named;
  return withRest([...new Set([...named.names, ...needed.names])], addresses);
}

function withRest(names: readonly NamedPeer[], addresses: readonly NamedAddress[]): NameCover {
  const keys = names.map(({ key }) => key);
  return { names, rest: addresses.filter(({ names: own }) => !keys.some((key) => own.has(key))) };
}
