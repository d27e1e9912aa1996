import type { OpenerChange } from "../model/opener.js";
import { CODE_BITS, CODES } from "./impact-codes.js";
import { type Traffic, trafficOf } from "./impact-columns.js";
import type { TupleTally } from "./impact-tally.js";
import type { TupleEnds } from "./tuple-ends.js";
import { compareText } from "./tuple-spread.js";

/** Order of the list; the outcome of a cut-over stands before the change where it postpones the break. */
const RANKS: readonly string[] = [
  "newly-denied",
  "survives",
  "newly-allowed",
  "undetermined",
  "unchanged",
];

const RANK_OF_CODE = Uint8Array.from(CODES, ({ change, cutOver }) =>
  RANKS.indexOf(cutOver === "survives" ? cutOver : change),
);
const CODE_MASK = CODES.length - 1;

/** What the candidate does to the connections of a tuple. */
export function changeOf(tally: TupleTally, tuple: number): OpenerChange {
  return CODES[tally.kinds[tuple]! & CODE_MASK]!;
}

/** What tells a tuple apart beside its ends. */
export function kindOf(tally: TupleTally, tuple: number): Traffic & OpenerChange {
  return { ...trafficOf(tally.kinds[tuple]! >> CODE_BITS), ...changeOf(tally, tuple) };
}

/** The first `limit` tuples of the list. Cost: linear in the tuples, texts are compared only where numbers tie. */
export function topTuples(tally: TupleTally, ends: TupleEnds, limit: number): readonly number[] {
  const compare = (a: number, b: number): number => compareTuples(tally, ends, a, b);
  let top: number[] = [];
  let last: number | undefined;
  for (let tuple = 0; tuple < tally.count; tuple++) {
    if (last !== undefined && compare(tuple, last) >= 0) continue;
    top.push(tuple);
    // Sorted only when it is twice as long as need be: every tuple is sorted a few times at most.
    if (top.length < 2 * limit) continue;
    top = top.sort(compare).slice(0, limit);
    last = top[limit - 1];
  }
  return top.sort(compare).slice(0, limit);
}

/** The order of the list; the last word makes it total. */
function compareTuples(tally: TupleTally, ends: TupleEnds, a: number, b: number): number {
  return (
    RANK_OF_CODE[tally.kinds[a]! & CODE_MASK]! - RANK_OF_CODE[tally.kinds[b]! & CODE_MASK]! ||
    tally.connections[b]! - tally.connections[a]! ||
    tally.records[b]! - tally.records[a]! ||
    compareWords(tally, ends, a, b)
  );
}

function compareWords(tally: TupleTally, ends: TupleEnds, a: number, b: number): number {
  const ofA = ends.labelOf(tally.sources[a]!);
  const ofB = ends.labelOf(tally.sources[b]!);
  // The labels decide unless one begins with the other: then the blank behind it counts.
  if (!ofA.startsWith(ofB) && !ofB.startsWith(ofA)) return compareText(ofA, ofB);
  return compareText(textOf(tally, ends, a), textOf(tally, ends, b));
}

function textOf(tally: TupleTally, ends: TupleEnds, tuple: number): string {
  const source = ends.endOf(tally.sources[tuple]!);
  const destination = ends.endOf(tally.destinations[tuple]!);
  const { protocol, port, cutOver, isOpenerKnown } = kindOf(tally, tuple);
  const known = isOpenerKnown ? "known" : "unknown";
  return `${source.label} ${destination.label} ${protocol} ${port} ${source.kind} ${destination.kind} ${cutOver} ${known}`;
}
