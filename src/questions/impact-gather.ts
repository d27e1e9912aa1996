// The second of two passes over the rows: everything that is told of the few tuples listed.

import type { RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { type OpenerColumns, WAY_EGRESS, WAY_UNKNOWN } from "./impact-columns.js";
import type { ImpactCounts } from "./impact-count.js";
import { changeOf } from "./impact-rank.js";
import { survivesUntil } from "./impact-survival.js";
import { addToTuple, type TupleDraft, tupleDraft } from "./impact-tuple.js";
import type { TupleEnds } from "./tuple-ends.js";

/** Ends that saw connections between two interfaces: the opener's, the other one. */
const AT_OPENER = 1;
const AT_OTHER = 2;

/** What the rows are gathered under. */
export interface GatherInput {
  readonly columns: OpenerColumns;
  readonly ends: TupleEnds;
  readonly counts: ImpactCounts;
  /** Number of the candidate among the rulings of the rows. */
  readonly index: number;
  readonly ruleSets: readonly RuleSet[];
  readonly timers: Timers;
}

/** The tuples of these numbers, in their order. Cost: linear in the rows, most of which are only looked at. */
export function gatherTuples(listed: readonly number[], input: GatherInput): readonly TupleDraft[] {
  const { columns, counts, index } = input;
  const { tuples, tally } = counts;
  const places = new Int32Array(tally.count).fill(-1);
  listed.forEach((tuple, place) => {
    places[tuple] = place;
  });
  const drafts = new Array<TupleDraft | undefined>(listed.length);
  const pairs = listed.map(() => new Map<number, number>());
  for (let i = 0; i < tuples.length; i++) {
    const tuple = tuples[i]!;
    const place = tuple < 0 ? -1 : places[tuple]!;
    if (place < 0) continue;
    const row = columns.rows[i]!;
    const draft = drafts[place] ?? tupleDraft(tuple, row);
    drafts[place] = draft;
    addToTuple(draft, row, index, columns.interfaces[i]!, columns.peers[i]!);
    draft.seenAtBothEnds ||= notePairs(pairs[place]!, input, i);
    noteSurvival(draft, i, input);
  }
  return drafts.filter((draft) => draft !== undefined);
}

/** Whether both interfaces of a row's connections have seen the tuple, with the rows before. */
function notePairs(
  pairs: Map<number, number>,
  { columns, ends }: GatherInput,
  row: number,
): boolean {
  const { interfaces, interfaceNumbers, peers, ways } = columns;
  if (ways[row] === WAY_UNKNOWN) return false;
  const face = interfaces[row]!;
  const isOpener = ways[row] === WAY_EGRESS;
  for (const { id } of ends.owners(face, peers[row]!)) {
    const other = interfaceNumbers.get(id);
    // An interface without rows saw nothing.
    if (other === undefined || other === face) continue;
    const pair = (isOpener ? face : other) * interfaceNumbers.size + (isOpener ? other : face);
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
  const until = survivesUntil(columns.rows[row]!, ruleSets, timers);
  draft.survivesUntil = Math.max(draft.survivesUntil ?? until, until);
}
