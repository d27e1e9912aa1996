// Rules of one policy that other rules of it make superfluous. Every answer holds for any membership: a group or a
// list counts as itself, not as the addresses it happens to have.
import { familyBits } from "../model/address.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import { type AddressClasses, cutAddresses } from "./address-classes.js";
import { isCovered } from "./cover-sweep.js";
import { peerFamilies } from "./membership.js";
import { peerWord } from "./rule-words.js";
import { holds, holdsWholeProtocol, type Interval, serviceInterval } from "./service-axis.js";

/** A rule without which the policy admits the same, because of the rules that cover it. */
export interface Shadow {
  readonly rule: Rule;
  /** One rule, or as few as together cover it; never a rule that is itself shadowed by this one. */
  readonly by: readonly Rule[];
}

/** A rule with its place among the others. */
interface Item {
  readonly rule: Rule;
  readonly index: number;
  readonly services: Interval;
  /** Classes of a block; the whole of a family's space for a group or list. */
  readonly low: number;
  readonly high: number;
  /** Number of a group or list, from 1 on; 0 for a block. */
  readonly symbol: number;
  /** Points it admits: services × addresses, rounded. */
  readonly area: number;
}

/** Most covering rules that are tried one by one for being needed. */
const PRUNED = 48;

/**
 * The rules that can go together: after all of them the rest admits the same, and tracks the same (semantics 6.1).
 * `rules` are of one direction. Narrow rules go first, later ones before earlier ones. `mayGo` spares rules.
 * O(rules²) comparisons of whole numbers, sweeps only where rules overlap.
 */
export function findShadows(
  rules: readonly Rule[],
  ruleSet: RuleSet,
  mayGo: (rule: Rule) => boolean,
): Shadow[] {
  const live = rules.filter(({ stale }) => !stale);
  const classes = cutAddresses(
    live.flatMap(({ peer }) => (peer.kind === "cidr" ? [peer.cidr] : [])),
  );
  const symbols = new Map<string, number>();
  const items = live.map((rule, index) => itemOf(rule, index, classes, symbols));
  const present = presentItems(items);
  const shadows: Shadow[] = [];
  const narrowFirst = [...items].sort((a, b) => a.area - b.area || b.index - a.index);
  for (const item of narrowFirst) {
    if (!mayGo(item.rule)) continue;
    const by = coverOf(item, present, classes, ruleSet);
    if (by === undefined) continue;
    present.remove(item);
    shadows.push({ rule: item.rule, by: by.map(({ rule }) => rule) });
  }
  const order = new Map(rules.map((rule, index) => [rule, index]));
  return shadows.sort((a, b) => order.get(a.rule)! - order.get(b.rule)!);
}

function itemOf(
  rule: Rule,
  index: number,
  classes: AddressClasses,
  symbols: Map<string, number>,
): Item {
  const services = serviceInterval(rule);
  const width = services.to - services.from;
  const { peer } = rule;
  if (peer.kind === "cidr") {
    const size = 2 ** (familyBits(peer.cidr.address.family) - peer.cidr.length);
    return { rule, index, services, ...classes.rangeOf(peer.cidr), symbol: 0, area: width * size };
  }
  const name = peerWord(peer);
  const symbol = symbols.get(name) ?? symbols.size + 1;
  symbols.set(name, symbol);
  return { rule, index, services, low: 0, high: 0, symbol, area: width / 2 ** 18 };
}

/** The rules that are still there, with what the search compares in columns: it is quadratic. */
interface PresentItems {
  remove(item: Item): void;
  /** Others that admit something in common with the item, as far as membership does not matter. */
  overlapping(item: Item): Item[];
}

function presentItems(items: readonly Item[]): PresentItems {
  const column = (value: (item: Item) => number): Int32Array => Int32Array.from(items, value);
  const from = column(({ services }) => services.from);
  // A rule that is gone ends before it begins.
  const to = column(({ services }) => services.to);
  const low = column((item) => item.low);
  const high = column((item) => item.high);
  const symbol = column((item) => item.symbol);
  return {
    remove({ index }) {
      to[index] = -1;
    },
    overlapping(item) {
      const { services, index } = item;
      const found: Item[] = [];
      for (let i = 0; i < items.length; i++) {
        if (to[i]! <= services.from || services.to <= from[i]! || i === index) continue;
        const meets =
          item.symbol === 0
            ? symbol[i] === 0 && low[i]! < item.high && item.low < high[i]!
            : symbol[i] === 0 || symbol[i] === item.symbol;
        if (meets) found.push(items[i]!);
      }
      return found;
    },
  };
}

function coverOf(
  item: Item,
  present: PresentItems,
  classes: AddressClasses,
  ruleSet: RuleSet,
): readonly Item[] | undefined {
  const overlapping = present.overlapping(item);
  let widest: Item | undefined;
  for (const other of overlapping) {
    if (!coversAlone(other, item, classes, ruleSet)) continue;
    if (widest === undefined || isWider(other, widest)) widest = other;
  }
  if (widest !== undefined) return [widest];
  if (overlapping.length < 2 || mayCountAlone(item)) return undefined;
  const covers = (others: readonly Item[]): boolean =>
    coversTogether(others, item, classes, ruleSet);
  // A block that is open to all is untracked by one rule alone (semantics 6.1): parts of the world do not replace it.
  const usable = isWorld(item) ? overlapping.filter(isWorld) : overlapping;
  return covers(usable) ? fewest(usable, covers) : undefined;
}

function coversAlone(other: Item, item: Item, classes: AddressClasses, ruleSet: RuleSet): boolean {
  if (!holds(other.services, item.services)) return false;
  if (item.symbol === 0) return other.low <= item.low && item.high <= other.high;
  if (other.symbol !== 0) return true;
  const families = peerFamilies(item.rule.peer, ruleSet);
  if (families.length > 1) return false;
  const [low, high] = families[0] === 4 ? [0, classes.four] : [classes.four, classes.count];
  return other.low === low && other.high === high;
}

function isWider(a: Item, b: Item): boolean {
  return a.area > b.area || (a.area === b.area && a.index < b.index);
}

/**
 * Rules that do more in one piece than in parts: all ports of a protocol for everybody make the other direction
 * untracked (semantics 6.1), and all types of ICMP are decidable where a list of types is not (semantics 3.6).
 */
function mayCountAlone(item: Item): boolean {
  return holdsWholeProtocol(item.services);
}

function isWorld({ rule: { peer } }: Item): boolean {
  return peer.kind === "cidr" && peer.cidr.length === 0;
}

function coversTogether(
  others: readonly Item[],
  item: Item,
  classes: AddressClasses,
  ruleSet: RuleSet,
): boolean {
  if (item.symbol === 0) return isCovered(item, others);
  // What rules for the same group or list leave over must be open to its whole address families.
  const same = others.filter(({ symbol }) => symbol !== 0);
  const blocks = others.filter(({ symbol }) => symbol === 0);
  return leftOver(item.services, same).every((services) =>
    peerFamilies(item.rule.peer, ruleSet).every((family) => {
      const [low, high] = family === 4 ? [0, classes.four] : [classes.four, classes.count];
      return isCovered({ services, low, high }, blocks);
    }),
  );
}

/** The parts of the interval that no item's services hold. */
function leftOver(interval: Interval, items: readonly Item[]): Interval[] {
  const sorted = items.map(({ services }) => services).sort((a, b) => a.from - b.from);
  const parts: Interval[] = [];
  let from = interval.from;
  for (const services of sorted) {
    if (services.from > from) parts.push({ from, to: Math.min(services.from, interval.to) });
    from = Math.max(from, services.to);
    if (from >= interval.to) return parts;
  }
  parts.push({ from, to: interval.to });
  return parts;
}

/** A small part of the covering rules that covers still: as few of the widest as do, then each one tried. */
function fewest(items: readonly Item[], covers: (items: readonly Item[]) => boolean): Item[] {
  const widestFirst = [...items].sort((a, b) => b.area - a.area || a.index - b.index);
  let enough = widestFirst.length;
  let tooFew = 0;
  while (enough - tooFew > 1) {
    const middle = (enough + tooFew) >>> 1;
    if (covers(widestFirst.slice(0, middle))) enough = middle;
    else tooFew = middle;
  }
  let chosen = widestFirst.slice(0, enough);
  if (chosen.length <= PRUNED)
    for (const item of [...chosen].reverse()) {
      const without = chosen.filter((other) => other !== item);
      if (covers(without)) chosen = without;
    }
  return chosen.sort((a, b) => a.index - b.index);
}
