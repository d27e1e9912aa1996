// Two lists of rules of one direction, compared by a sweep over the services: at every service the covered address
// classes and the groups and lists admitted must agree.
import type { Address, Cidr } from "../model/address.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import { type AddressClasses, cutAddresses } from "./address-classes.js";
import { type Box, boxEvents } from "./cover-sweep.js";
import { createCoverTree } from "./cover-tree.js";
import { knownBlocks, type Members, peerFamilies } from "./membership.js";
import { peerWord } from "./rule-words.js";
import {
  holds,
  type Interval,
  type Service,
  serviceAt,
  serviceInterval,
  TCP,
  UDP,
  wholeProtocol,
} from "./service-axis.js";

export interface PolicySide {
  readonly ruleSet: RuleSet;
  readonly rules: readonly Rule[];
  /** Given: groups and lists are their known addresses. Absent: they are themselves, whoever belongs to them. */
  readonly members: Members | undefined;
}

export interface PolicyDifference extends Service {
  readonly address: Address;
  readonly member: string | null;
  readonly about: "admission" | "tracking";
  readonly before: boolean;
  readonly after: boolean;
}

export interface Compared {
  /** Address classes (groups and lists among them) × service classes. */
  readonly classes: number;
  readonly difference: PolicyDifference | undefined;
}

/** A rule as blocks, or as the group or list it names. */
interface Part {
  readonly services: Interval;
  readonly block: Cidr | null;
  readonly symbol: string | null;
  readonly families: readonly (4 | 6)[];
}

/** O(n log n) for n rules, or addresses of known members. */
export function comparePolicies(before: PolicySide, after: PolicySide): Compared {
  const parts = [partsOf(before), partsOf(after)] as const;
  const all = [...parts[0], ...parts[1]];
  const space = cutAddresses(all.flatMap(({ block }) => (block === null ? [] : [block])));
  const symbols = new Set(all.flatMap(({ symbol }) => (symbol === null ? [] : [symbol])));
  const cuts = new Set(all.flatMap(({ services }) => [services.from, services.to]));
  const classes = (space.count + symbols.size) * (cuts.size + 1);
  return { classes, difference: admission(parts, space) ?? tracking(before, after) };
}

function partsOf({ rules, ruleSet, members }: PolicySide): Part[] {
  return rules.flatMap((rule): Part[] => {
    const services = serviceInterval(rule);
    const families = peerFamilies(rule.peer, ruleSet);
    const blocks = members === undefined ? ownBlock(rule) : knownBlocks(rule, ruleSet, members);
    if (blocks === undefined) return [{ services, block: null, symbol: symbolOf(rule), families }];
    return blocks.map((block) => ({ services, block, symbol: null, families }));
  });
}

function ownBlock({ peer, stale }: Rule): readonly Cidr[] | undefined {
  return peer.kind === "cidr" && !stale ? [peer.cidr] : undefined;
}

/** A stale reference is a name of its own: it admits nobody today, and may again when its peering comes back. */
function symbolOf({ peer, stale }: Rule): string {
  return stale ? `stale ${peerWord(peer)}` : peerWord(peer);
}

/** How often each side admits a group or list at the service the sweep stands at. */
interface SymbolCounts {
  readonly counts: readonly [number, number];
  readonly families: readonly (4 | 6)[];
}

function admission(
  parts: readonly [readonly Part[], readonly Part[]],
  space: AddressClasses,
): PolicyDifference | undefined {
  const events = boxEvents(boxesOf(parts[0], space), boxesOf(parts[1], space));
  const tree = createCoverTree(space.count);
  const symbols = new Map<string, SymbolCounts>();
  const odd = new Set<string>();
  for (let i = 0; i < events.length; i++) {
    const { service, box, channel, delta } = events[i]!;
    const { part } = box as PartBox;
    if (part.symbol === null) tree.change(channel, box.low, box.high, delta);
    else countSymbol(symbols, odd, part, channel, delta);
    if (events[i + 1]?.service === service) continue;
    const found = differenceAt(service, tree, space, symbols, odd);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface PartBox extends Box {
  readonly part: Part;
}

function boxesOf(parts: readonly Part[], space: AddressClasses): PartBox[] {
  return parts.map((part) => {
    const range = part.block === null ? { low: 0, high: 0 } : space.rangeOf(part.block);
    return { services: part.services, ...range, part };
  });
}

function countSymbol(
  symbols: Map<string, SymbolCounts>,
  odd: Set<string>,
  { symbol, families }: Part,
  channel: 0 | 1,
  delta: number,
): void {
  if (symbol === null) return;
  const known = symbols.get(symbol)?.counts ?? [0, 0];
  const counts: [number, number] = [known[0], known[1]];
  counts[channel] += delta;
  symbols.set(symbol, { counts, families });
  if (counts[0] > 0 === counts[1] > 0) odd.delete(symbol);
  else odd.add(symbol);
}

function differenceAt(
  service: number,
  tree: ReturnType<typeof createCoverTree>,
  space: AddressClasses,
  symbols: ReadonlyMap<string, SymbolCounts>,
  odd: ReadonlySet<string>,
): PolicyDifference | undefined {
  const differing = tree.differing();
  if (differing >= 0) {
    const before = tree.uncovered(differing, differing + 1) < 0;
    const address = space.firstAddress(differing);
    const about = "admission" as const;
    return { ...serviceAt(service), address, member: null, about, before, after: !before };
  }
  for (const symbol of odd) {
    const { counts, families } = symbols.get(symbol)!;
    // Both sides cover the same blocks here, so only addresses outside of them tell the sides apart.
    for (const family of families) {
      const [low, high] = family === 4 ? [0, space.four] : [space.four, space.count];
      const open = tree.uncovered(low, high);
      if (open < 0) continue;
      const before = counts[0] > 0;
      const address = space.firstAddress(open);
      const about = "admission" as const;
      return { ...serviceAt(service), address, member: symbol, about, before, after: !before };
    }
  }
  return undefined;
}

/** Semantics 6.1: which services one rule alone opens to everybody, and which protocols wholly. */
function tracking(before: PolicySide, after: PolicySide): PolicyDifference | undefined {
  for (const family of [4, 6] as const) {
    const sides = [before, after].map((side) => worldServices(side.rules, family));
    const [ours, theirs] = [sides[0]!, sides[1]!];
    const differs = (service: number, was: boolean, is: boolean): PolicyDifference => ({
      ...serviceAt(service),
      address: { family, value: 0n },
      member: null,
      about: "tracking",
      before: was,
      after: is,
    });
    const point = firstLeftOver(ours, theirs);
    if (point !== undefined) return differs(point, true, false);
    const other = firstLeftOver(theirs, ours);
    if (other !== undefined) return differs(other, false, true);
    for (const protocol of [TCP, UDP]) {
      const whole = wholeProtocol(protocol);
      const was = ours.some((services) => holds(services, whole));
      const is = theirs.some((services) => holds(services, whole));
      if (was !== is) return differs(whole.from, was, is);
    }
  }
  return undefined;
}

/** TCP and UDP services of the rules for all addresses of the family; other protocols are always tracked. */
function worldServices(rules: readonly Rule[], family: 4 | 6): Interval[] {
  return rules.flatMap((rule) => {
    const { peer, stale } = rule;
    const isWorld =
      peer.kind === "cidr" && peer.cidr.length === 0 && peer.cidr.address.family === family;
    if (!isWorld || stale) return [];
    const { from, to } = serviceInterval(rule);
    const end = Math.max(wholeProtocol(TCP).to, wholeProtocol(UDP).to);
    return from < end ? [{ from, to: Math.min(to, end) }] : [];
  });
}

/** The first point of some interval that none of the others holds. */
function firstLeftOver(
  intervals: readonly Interval[],
  others: readonly Interval[],
): number | undefined {
  const sorted = [...others].sort((a, b) => a.from - b.from);
  let end = 0;
  let next = 0;
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    let point = from;
    if (end > point) point = end;
    while (next < sorted.length && sorted[next]!.from <= point) {
      end = Math.max(end, sorted[next]!.to);
      if (end > point) point = end;
      next++;
    }
    if (point < to) return point;
  }
  return undefined;
}
