// Port ranges of a suggestion. A segment is a protocol with a port range and the addresses seen on it; its rules are
// all of that range. Neighbouring segments are merged greedily, those first that give least away per rule saved.

import { type AddressSet, greater, holdsRange, lesser } from "./address-ranges.js";
import { hasPorts, permissiveness, portUnits } from "./permissiveness.js";
import { type BlockCovers, blockCovers } from "./tighten-blocks.js";
import { type NameCover, type NamedAddress, nameCover } from "./tighten-names.js";
import type { NamedPeer } from "./tighten-peers.js";
import { ALL_PORTS, admittedAddresses, type Space, type Traffic } from "./tighten-space.js";
import type { Demand } from "./tighten-training.js";

export interface Segment {
  readonly traffic: Traffic;
  /** By address: the names that admit all openings of it on the segment. */
  readonly addresses: ReadonlyMap<bigint, ReadonlyMap<string, NamedPeer>>;
  /** The least and the greatest of them. */
  readonly low: bigint;
  readonly high: bigint;
}

function meet(
  a: ReadonlyMap<string, NamedPeer>,
  b: ReadonlyMap<string, NamedPeer> | undefined,
): ReadonlyMap<string, NamedPeer> {
  if (b === undefined) return a;
  return new Map([...a].filter(([key]) => b.has(key)));
}

function merged(a: Segment, b: Segment, traffic: Traffic): Segment {
  const addresses = new Map(a.addresses);
  for (const [value, names] of b.addresses) addresses.set(value, meet(names, addresses.get(value)));
  return {
    traffic,
    addresses,
    low: lesser(a.low, b.low),
    high: greater(a.high, b.high),
  };
}

/** The finest segments of the demands: one per protocol and port, by protocol, then port. */
export function finestSegments(demands: readonly Demand[]): Segment[] {
  const found = new Map<string, { traffic: Traffic; addresses: Map<bigint, Demand["names"]> }>();
  for (const { protocol, port, remote, names } of demands) {
    const key = `${protocol} ${port}`;
    let segment = found.get(key);
    if (segment === undefined) {
      const ports = hasPorts(protocol) ? { fromPort: port, toPort: port } : ALL_PORTS;
      segment = { traffic: { protocol, ...ports }, addresses: new Map() };
      found.set(key, segment);
    }
    segment.addresses.set(remote.value, meet(names, segment.addresses.get(remote.value)));
  }
  const segments = [...found.values()].map(({ traffic, addresses }): Segment => {
    const [first] = addresses.keys();
    let low = first ?? 0n;
    let high = low;
    for (const value of addresses.keys()) {
      low = lesser(low, value);
      high = greater(high, value);
    }
    return { traffic, addresses, low, high };
  });
  return segments.sort(
    ({ traffic: a }, { traffic: b }) => a.protocol - b.protocol || a.fromPort - b.fromPort,
  );
}

/** Whether the present rules admit all addresses of the segments on all ports of the traffic. */
function isAdmitted(
  segments: readonly Segment[],
  traffic: Traffic,
  space: Space,
  family: 4 | 6,
): boolean {
  const allowed = admittedAddresses(space, traffic)[family];
  const byName = segments
    .filter(({ low, high }) => !holdsRange(allowed, { first: low, last: high }))
    .flatMap(({ addresses }) => [...addresses])
    .filter(([value]) => !holdsRange(allowed, { first: value, last: value }));
  if (byName.length === 0) return true;
  const needing = byName.map(([value, names]) => ({ value, names, onlyByName: true }));
  return nameCover(needing, space, traffic, family, false).rest.length === 0;
}

/** Added addresses × ports per rule saved, were both written address by address; Infinity where it may not be. */
function mergeCost(a: Segment, b: Segment, space: Space, family: 4 | 6): number {
  if (a.traffic.protocol !== b.traffic.protocol) return Number.POSITIVE_INFINITY;
  const traffic = { ...a.traffic, toPort: b.traffic.toPort };
  if (!isAdmitted([a, b], traffic, space, family)) return Number.POSITIVE_INFINITY;
  let shared = 0;
  const [few, many] = a.addresses.size < b.addresses.size ? [a, b] : [b, a];
  for (const value of few.addresses.keys()) if (many.addresses.has(value)) shared++;
  const units = (of: Traffic): number => portUnits(of.protocol, of.fromPort, of.toPort);
  const after = (a.addresses.size + b.addresses.size - shared) * units(traffic);
  const before = a.addresses.size * units(a.traffic) + b.addresses.size * units(b.traffic);
  // Without a shared address no rule is saved at once, yet one segment fewer needs one rule fewer in the end.
  return (after - before) / (shared === 0 ? 0.5 : shared);
}

/**
 * Segmentations of at most `most` segments, each with one fewer than the one before, down to one range per protocol;
 * then, where the present rules admit every protocol, all in one. Cost: ports squared, cheap steps; addresses once per merge.
 */
export function* segmentations(
  finest: readonly Segment[],
  space: Space,
  family: 4 | 6,
  most: number,
): Generator<readonly Segment[]> {
  const segments = [...finest];
  const costAt = (i: number): number => mergeCost(segments[i]!, segments[i + 1]!, space, family);
  const costs = segments.slice(1).map((_, i) => costAt(i));
  if (segments.length <= most) yield [...segments];
  while (costs.length > 0) {
    let least = 0;
    for (let i = 1; i < costs.length; i++) if (costs[i]! < costs[least]!) least = i;
    if (costs[least] === Number.POSITIVE_INFINITY) break;
    const [a, b] = [segments[least]!, segments[least + 1]!];
    segments.splice(least, 2, merged(a, b, { ...a.traffic, toPort: b.traffic.toPort }));
    costs.splice(least, 1);
    if (least > 0) costs[least - 1] = costAt(least - 1);
    if (least < costs.length) costs[least] = costAt(least);
    if (segments.length <= most) yield [...segments];
  }
  const [head, ...tail] = segments;
  if (head === undefined || tail.length === 0) return;
  const whole = { protocol: -1, ...ALL_PORTS };
  if (!isAdmitted(segments, whole, space, family)) return;
  yield [tail.reduce((sum, next) => merged(sum, next, whole), head)];
}

/** The rules a segment may get: its names, and blocks for what no name admits. */
export interface SegmentPlan {
  readonly segment: Segment;
  readonly names: readonly NamedPeer[];
  readonly covers: BlockCovers;
  /** `least[k]`: addresses × ports of the best k rules; Infinity where k rules cannot do. */
  readonly least: Float64Array;
}

function planOf(
  segment: Segment,
  cover: NameCover,
  allowed: AddressSet,
  family: 4 | 6,
  most: number,
): SegmentPlan {
  const { protocol, fromPort, toPort } = segment.traffic;
  const covers = blockCovers(
    cover.rest.map(({ value }) => value),
    allowed[family],
    family,
    most,
  );
  let named = 0;
  for (const { addresses } of cover.names)
    named += permissiveness(addresses[family], protocol, fromPort, toPort);
  const units = portUnits(protocol, fromPort, toPort);
  const count = Math.min(most, cover.names.length + covers.least.length - 1);
  const least = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < covers.least.length && k + cover.names.length <= count; k++)
    least[k + cover.names.length] = named + covers.least[k]! * units;
  return { segment, names: cover.names, covers, least };
}

/** Plans of one segment: with names wherever they fit, and with as few names as can be. At most `most` rules each. */
export function segmentPlans(
  segment: Segment,
  space: Space,
  family: 4 | 6,
  most: number,
): readonly [named: SegmentPlan, plain: SegmentPlan] {
  const allowed = admittedAddresses(space, segment.traffic);
  const addresses = [...segment.addresses].map(
    ([value, names]): NamedAddress => ({
      value,
      names,
      onlyByName: !holdsRange(allowed[family], { first: value, last: value }),
    }),
  );
  const [named, plain] = [true, false].map((preferNames) => {
    const cover = nameCover(addresses, space, segment.traffic, family, preferNames);
    return planOf(segment, cover, allowed, family, most);
  });
  return [named!, plain!];
}
