// One direction and address family of a group: the curve of rule count against permissiveness, and the rules at a count.
import type { Peer } from "../model/rule-set.js";
import {
  finestSegments,
  type Segment,
  type SegmentPlan,
  segmentations,
  segmentPlans,
} from "./tighten-segments.js";
import type { Space, Traffic } from "./tighten-space.js";
import type { Demand } from "./tighten-training.js";

/** Segmentations whose covers are worked out at most; among more, those with fewer segments are spread evenly. */
const MOST_SEGMENTATIONS = 64;

/** Traffic towards a peer: a rule before it has a name. */
export interface Sketch {
  readonly traffic: Traffic;
  readonly peer: Peer;
}

/** The best of all segmentations per rule count. */
interface Best {
  readonly value: number;
  readonly plans: readonly SegmentPlan[];
}

export interface PartCurve {
  /** Index = number of rules; the least addresses × ports that exactly as many reach, Infinity where they cannot. */
  readonly least: readonly number[];
  /** The same with groups and prefix lists named wherever they fit. */
  readonly named: readonly number[];
  /** The rules of a count whose value is finite. */
  readonly sketches: (count: number, withNames: boolean) => Sketch[];
}

interface Sum {
  readonly least: Float64Array;
  /** Rules of the last segment in the best sum. */
  readonly shares: Uint16Array;
}

/** Sums of the plans so far, one entry per plan: rules are dealt out to segments so that least is given away. */
function sums(plans: readonly SegmentPlan[], most: number): Sum[] {
  const out: Sum[] = [];
  let before = Float64Array.of(0);
  for (const { least: own } of plans) {
    const size = Math.min(most, before.length + own.length - 2);
    const least = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const shares = new Uint16Array(size + 1);
    for (let j = 1; j < own.length; j++) {
      if (own[j] === Number.POSITIVE_INFINITY) continue;
      for (let i = 0; i < before.length && i + j <= size; i++) {
        const sum = before[i]! + own[j]!;
        if (sum >= least[i + j]!) continue;
        least[i + j] = sum;
        shares[i + j] = j;
      }
    }
    out.push({ least, shares });
    before = least;
  }
  return out;
}

function sketchesOf(plans: readonly SegmentPlan[], count: number): Sketch[] {
  const stages = sums(plans, count);
  const out: Sketch[] = [];
  let left = count;
  for (let i = plans.length - 1; i >= 0; i--) {
    const share = stages[i]!.shares[left]!;
    const { segment, names, covers } = plans[i]!;
    const blocks = covers.blocks(share - names.length);
    const peers: Peer[] = [
      ...names.map(({ peer }) => peer),
      ...blocks.map((cidr): Peer => ({ kind: "cidr", cidr })),
    ];
    out.unshift(...peers.map((peer) => ({ traffic: segment.traffic, peer })));
    left -= share;
  }
  return out;
}

/** Keeps the ends and an even choice between. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!,
  );
}

/**
 * The curve up to `most` rules. Optimal among rules that share the ports of their segment: blocks by a dynamic
 * programme over the trie of addresses, rules dealt out to segments by another. The segments themselves, and the choice
 * of names, are greedy: near-optimal.
 */
export function partCurve(
  demands: readonly Demand[],
  space: Space,
  family: 4 | 6,
  most: number,
): PartCurve {
  const tried = [...segmentations(finestSegments(demands), space, family, most)];
  const plans = new Map<Segment, readonly [SegmentPlan, SegmentPlan]>();
  const plansOf = (segment: Segment): readonly [SegmentPlan, SegmentPlan] => {
    const made = plans.get(segment) ?? segmentPlans(segment, space, family, most);
    plans.set(segment, made);
    return made;
  };
  const least = new Map<number, Best>();
  const named = new Map<number, Best>();
  const note = (best: Map<number, Best>, chosen: readonly SegmentPlan[]): void => {
    const total = sums(chosen, most).at(-1)?.least ?? [];
    for (let k = 1; k < total.length; k++) {
      const value = total[k]!;
      if (value < (best.get(k)?.value ?? Number.POSITIVE_INFINITY))
        best.set(k, { value, plans: chosen });
    }
  };
  for (const segments of spread(tried, MOST_SEGMENTATIONS)) {
    note(
      named,
      segments.map((segment) => plansOf(segment)[0]),
    );
    note(
      least,
      segments.map((segment) => plansOf(segment)[1]),
    );
  }
  for (const [k, best] of named)
    if (best.value < (least.get(k)?.value ?? Number.POSITIVE_INFINITY)) least.set(k, best);
  const top = Math.max(0, ...least.keys(), ...named.keys());
  const values = (best: Map<number, Best>): number[] =>
    Array.from({ length: top + 1 }, (_, k) => best.get(k)?.value ?? Number.POSITIVE_INFINITY);
  return {
    least: values(least),
    named: values(named),
    sketches: (count, withNames) =>
      sketchesOf((withNames ? named : least).get(count)?.plans ?? [], count),
  };
}
