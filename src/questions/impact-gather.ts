// The second of two passes over the rows: everything that is told of the few tuples listed.

import type { RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { type OpenerColumns, WAY_EGRESS, WAY_UNKNOWN } from "./impact-columns.js";
import type { ImpactCounts } from "./impact-count.js";
import { changeOf } from "./impact-rank.js";
import { survivesUntil } from "./impact-survival.js";
import { addToTuple, type TupleDraft, tupleDraft } from "./impact-tuple.js";
import { PeerSpreads } from "./peer-spreads.js";
import type { Spread } from "./tuple.js";
import type { TupleEnds } from "./tuple-ends.js";

/** Ends that saw connections between two interfaces: the opener's, the other one. */
const AT_OPENER = 1;
const AT_OTHER = 2;

/** What the rows are gathered under. */
export interface GatherInput {
  readonly columns: OpenerColumns;
  readonly ends: TupleEnds;
  readonly counts: ImpactCounts;
  readonly ruleSets: readonly RuleSet[];
  readonly timers: Timers;
}

export interface GatheredTuples {
  readonly drafts: readonly TupleDraft[];
  /** By place in the list. */
  readonly peers: readonly Spread[];
}

/** The tuples of these numbers, in their order. Cost: linear in the rows, most of which are only looked at. */
export function gatherTuples(listed: readonly number[], input: GatherInput): GatheredTuples {
  const { columns, counts } = input;
  const { table, peers } = columns;
  const { tuples, tally } = counts;
  const places = new Int32Array(tally.count).fill(-1);
  listed.forEach((tuple, place) => {
    places[tuple] = place;
  });
  const drafts = new Array<TupleDraft | undefined>(listed.length);
  const pairs = listed.map(() => new Map<number, number>());
  const spreads = new PeerSpreads(columns.ids);
  for (let row = 0; row < tuples.length; row++) {
    const tuple = tuples[row]!;
    const place = tuple < 0 ? -1 : places[tuple]!;
    if (place < 0) continue;
    const draft = drafts[place] ?? tupleDraft(tuple, table, row);
    drafts[place] = draft;
    addToTuple(draft, row);
    spreads.add(place, peers[row]!, table.connections(row));
    draft.seenAtBothEnds ||= notePairs(pairs[place]!, input, row);
    noteSurvival(draft, row, input);
  }
  return {
    // Every tuple has a row: none is missing.
    drafts: drafts.filter((draft) => draft !== undefined),
    peers: spreads.spreads(listed.length),
  };
}

/** Whether both interfaces of a row's connections have seen the tuple, with the rows before. */
function notePairs(
  pairs: Map<number, number>,
  { columns, ends }: GatherInput,
  row: number,
): boolean {
  const { table, interfaceNumbers, peers } = columns;
  const way = table.way(row);
  if (way === WAY_UNKNOWN) return false;
  const face = table.interfaceNumber(row);
  const isOpener = way === WAY_EGRESS;
  for (const { id } of ends.owners(face, peers[row]!)) {
    const other = interfaceNumbers.get(id);
    // An interface without rows saw nothing.
    if (other === undefined || other === face) continue;
    const pair = (isOpener ? face : other) * table.interfaceCount + (isOpener ? other : face);
    const seen = (pairs.get(pair) ?? 0) | (isOpener ? AT_OPENER : AT_OTHER);
    pairs.set(pair, seen);
    if (seen === (AT_OPENER | AT_OTHER)) return true;
  }
  return false;
}

function noteSurvival(
  draft: TupleDraft,
  row: number,
  { columns, counts, ruleSets, timers }: GatherInput,
): void {
  if (changeOf(counts.tally, draft.tuple).cutOver !== "survives") return;
  const until = survivesUntil(columns.table.at(row), ruleSets, timers);
  draft.survivesUntil = Math.max(draft.survivesUntil ?? until, until);
}
