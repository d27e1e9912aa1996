import type { Rule } from "../model/rule-set.js";
import {
  type AddressSet,
  countAddresses,
  difference,
  intersection,
  isEmpty,
  union,
} from "./address-ranges.js";
import { extentSize, type PeerExtents } from "./peer-extent.js";
import type { ClosedSpace } from "./removal.js";
import type { LedgerRule } from "./usage-rules.js";

/** Overlapping kept rules beyond which nothing is subtracted: the exact answer costs their square. */
const MOST_OVERLAPS = 200;

const PORTED: ReadonlySet<number> = new Set([-1, 6, 17]);
const ICMP: ReadonlySet<number> = new Set([1, 58]);

/** What a rule tests beside protocol and peer: ports, ICMP types, or nothing (0-0). */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Overlap extends Stretch {
  readonly extent: AddressSet;
}

/**
 * What the removal of a rule closes: its address-port pairs without those that kept rules of its group and direction
 * open. Members of unknown peers, and protocols beside a rule for all of them, are not subtracted (`atMost`). Cost:
 * square of the kept rules that overlap it.
 */
export function closedSpace(
  removed: LedgerRule,
  keptOfGroup: readonly LedgerRule[],
  extents: PeerExtents,
): ClosedSpace {
  const { rule } = removed;
  const own = stretchOf(rule);
  const ports = own.to - own.from + 1;
  const extent = extents(removed);
  const addresses = extentSize(removed, extent);
  if (extent === null) return { addresses, ports, pairs: null, atMost: false };
  const rivals = keptOfGroup.filter((kept) => meets(rule, kept.rule));
  const overlaps = rivals.flatMap((kept) => overlapOf(rule, extent, kept, extents));
  const counted = overlaps.length > MOST_OVERLAPS ? [] : overlaps;
  const pairs = pairsLeft(own, extent, counted);
  const isExact = rule.protocol !== -1 && counted.length === rivals.length;
  const atMost = pairs > 0 && !isExact && !isApart(rivals, extent, extents);
  return { addresses, ports, pairs, atMost };
}

function stretchOf(rule: Rule): Stretch {
  if (PORTED.has(rule.protocol)) return { from: rule.fromPort, to: rule.toPort };
  if (!ICMP.has(rule.protocol)) return { from: 0, to: 0 };
  return rule.icmpType === -1 ? { from: 0, to: 255 } : { from: rule.icmpType, to: rule.icmpType };
}

/** Whether a kept rule can open anything that the removed one opens, its peer aside. */
function meets(removed: Rule, kept: Rule): boolean {
  if (kept.direction !== removed.direction) return false;
  if (kept.protocol === -1 || removed.protocol === -1) return true;
  if (kept.protocol !== removed.protocol) return false;
  const a = stretchOf(removed);
  const b = stretchOf(kept);
  return a.from <= b.to && b.from <= a.to;
}

/** Nothing where it cannot be subtracted: unknown members, one protocol of all, one ICMP code of all. */
function overlapOf(
  removed: Rule,
  extent: AddressSet,
  kept: LedgerRule,
  extents: PeerExtents,
): readonly Overlap[] {
  const other = extents(kept);
  if (other === null) return [];
  if (removed.protocol === -1 && kept.rule.protocol !== -1) return [];
  if (kept.rule.icmpCode !== -1 && kept.rule.icmpCode !== removed.icmpCode) return [];
  const shared = intersection(extent, other);
  const whole = kept.rule.protocol === -1 ? { from: 0, to: 65_535 } : stretchOf(kept.rule);
  return [{ ...whole, extent: shared }];
}

/** Whether no kept rule shares an address with it, as far as members are known. */
function isApart(rivals: readonly LedgerRule[], extent: AddressSet, extents: PeerExtents): boolean {
  return rivals.every((kept) => {
    const other = extents(kept);
    return other !== null && isEmpty(intersection(extent, other));
  });
}

function pairsLeft(own: Stretch, extent: AddressSet, overlaps: readonly Overlap[]): number {
  const starts = new Set([own.from]);
  for (const { from, to } of overlaps)
    for (const start of [from, to + 1]) if (start > own.from && start <= own.to) starts.add(start);
  const sorted = [...starts].sort((a, b) => a - b);
  let pairs = 0;
  sorted.forEach((start, i) => {
    const end = sorted[i + 1] ?? own.to + 1;
    const here = overlaps.filter(({ from, to }) => from <= start && start <= to);
    const left =
      here.length === 0 ? extent : difference(extent, union(here.map((each) => each.extent)));
    pairs += (countAddresses(left[4]) + countAddresses(left[6])) * (end - start);
  });
  return pairs;
}
