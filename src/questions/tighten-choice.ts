// Which point of the curve a budget buys, and what the suggestion is for one direction and family.
import type { Peer, Rule } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { log10Of, rulePermissiveness } from "./permissiveness.js";
import type { CurvePoint, SuggestionPart } from "./suggestion.js";
import { type PartCurve, partCurve, type Sketch } from "./tighten-part.js";
import { namedPeer, type PeerBook, peerAddresses } from "./tighten-peers.js";
import { joinRanges } from "./tighten-rules.js";
import type { Space } from "./tighten-space.js";
import type { Demand } from "./tighten-training.js";

/** AWS: rules per group, direction and family (documented). */
export const RULES_PER_GROUP: number = 60;

export interface PartResult {
  readonly part: SuggestionPart;
  readonly sketches: readonly Sketch[];
}

/** The count within the budget that admits least, the fewest rules among equals; else the fewest that can do at all. */
function bestCount(values: readonly number[], budget: number): number | undefined {
  let best: number | undefined;
  for (let k = 1; k < values.length && k <= budget; k++)
    if (values[k]! < (best === undefined ? Number.POSITIVE_INFINITY : values[best]!)) best = k;
  return best;
}

function fewest(values: readonly number[]): number {
  return Math.max(
    0,
    values.findIndex((value, k) => k > 0 && value < Number.POSITIVE_INFINITY),
  );
}

function chosen(curve: PartCurve, budget: number): { count: number; named: boolean } {
  const withNames = bestCount(curve.named, budget);
  if (withNames !== undefined) return { count: withNames, named: true };
  return { count: bestCount(curve.least, budget) ?? fewest(curve.least), named: false };
}

function curvePoints(curve: PartCurve, kept: number, keptValue: number): CurvePoint[] {
  const points: CurvePoint[] = [];
  let least = Number.POSITIVE_INFINITY;
  let named = Number.POSITIVE_INFINITY;
  for (let k = 1; k < curve.least.length; k++) {
    named = Math.min(named, curve.named[k]!);
    if (curve.least[k]! >= least) continue;
    least = curve.least[k]!;
    const value = least + keptValue;
    points.push({
      rules: k + kept,
      permissiveness: value,
      log10: log10Of(value),
      withNames: named === Number.POSITIVE_INFINITY ? null : named + keptValue,
    });
  }
  return points;
}

function weightOf(book: PeerBook, peer: Peer): number {
  return peer.kind === "cidr" ? 1 : namedPeer(book, peer).weight;
}

/** Whether AWS counts the rule in the family: references to groups count in both. */
function countsIn(book: PeerBook, peer: Peer, family: 4 | 6): boolean {
  if (peer.kind === "cidr") return peer.cidr.address.family === family;
  return peer.kind === "group" || peerAddresses(book, peer)[family].length > 0;
}

/** `undefined`: neither rules nor openings reach the family. `kept` rules take from the budget. */
export function partOf(
  space: Space,
  direction: Direction,
  family: 4 | 6,
  demands: readonly Demand[],
  kept: readonly Rule[],
  present: readonly Rule[],
  budget: number,
): PartResult | undefined {
  const { book } = space;
  const here = present.filter((rule) => countsIn(book, rule.peer, family));
  const keptHere = kept.filter((rule) => countsIn(book, rule.peer, family));
  if (demands.length === 0 && here.length === 0) return undefined;
  const admitted = (rules: readonly Rule[]): number =>
    rules.reduce((sum, rule) => sum + rulePermissiveness(book, rule, family), 0);
  const keptValue = admitted(keptHere);
  const curve = partCurve(demands, space, family, Math.max(budget, RULES_PER_GROUP));
  const { count, named } = chosen(curve, budget - keptHere.length);
  const sketches = count === 0 ? [] : joinRanges(curve.sketches(count, named));
  const value = (named ? curve.named : curve.least)[count] ?? 0;
  const part: SuggestionPart = {
    direction,
    family,
    present: { rules: here.length, permissiveness: admitted(here) },
    suggested: {
      rules: sketches.length + keptHere.length,
      permissiveness: (count === 0 ? 0 : value) + keptValue,
      weight: [...sketches, ...keptHere].reduce((sum, { peer }) => sum + weightOf(book, peer), 0),
    },
    openings: demands.length,
    withinBudget: sketches.length + keptHere.length <= budget,
    named,
    curve: curvePoints(curve, keptHere.length, keptValue),
    method: "near-optimal",
  };
  return { part, sketches };
}
