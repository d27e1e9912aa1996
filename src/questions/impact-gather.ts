// Rows to tuples, in two looks: all tuples with their amounts, then everything else of those that are listed. A log has
// many tuples and a report few, and what is told of a tuple costs several times its count.

import type { JudgedOpener } from "../model/opener.js";
import type { Timers } from "../model/timers.js";
import type { Sides } from "./impact-list.js";
import { survivesUntil } from "./impact-survival.js";
import {
  addToTuple,
  type CountedTuple,
  changeOf,
  type TupleDraft,
  tupleDraft,
} from "./impact-tuple.js";
import type { TupleEnd } from "./tuple.js";
import { type TupleEnds, tupleEnds } from "./tuple-ends.js";
import { addAmount, compareText, noAmount } from "./tuple-spread.js";

/** Rows with the tuple of each. */
export interface GatheredTuples {
  readonly tuples: readonly CountedTuple[];
  readonly rows: readonly JudgedOpener[];
  /** By number of the row. */
  readonly tupleOf: readonly CountedTuple[];
  readonly ends: TupleEnds;
}

/** Counts the tuples of the rows under candidate `index`. Cost: linear in the rows, the rules and the interfaces. */
export function gatherTuples(
  rows: readonly JudgedOpener[],
  sides: Sides,
  index: number,
): GatheredTuples {
  const ends = tupleEnds(...sides);
  const numbers = new Map<TupleEnd, number>();
  const tuples = new Map<string, CountedTuple>();
  const tupleOf = rows.map((row): CountedTuple => {
    const { change, cutOver } = changeOf(row, index);
    const remote = ends.remote(row.interfaceId, row.remote);
    const [source, destination] = endsOf(row, ends.local(row.interfaceId), remote.end);
    const { protocol, port } = row;
    const openerKnown = row.direction !== null;
    const pair = `${numberOf(numbers, source)} ${numberOf(numbers, destination)}`;
    const key = `${pair} ${protocol} ${port} ${change} ${cutOver} ${openerKnown}`;
    let tuple = tuples.get(key);
    if (tuple === undefined) {
      const amount = noAmount();
      tuple = { source, destination, protocol, port, change, cutOver, openerKnown, amount };
      tuples.set(key, tuple);
    }
    addAmount(tuple.amount, row);
    return tuple;
  });
  return { tuples: [...tuples.values()], rows, tupleOf, ends };
}

/** Everything that is told of the tuples listed, in their order. Cost: linear in their rows. */
export function detailTuples(
  list: readonly CountedTuple[],
  { rows, tupleOf, ends }: GatheredTuples,
  sides: Sides,
  index: number,
  timers: Timers,
): readonly TupleDraft[] {
  const ruleSets = sides.map(({ snapshot }) => snapshot.ruleSet);
  const drafts = new Map<CountedTuple, TupleDraft | null>(list.map((tuple) => [tuple, null]));
  for (const [number, row] of rows.entries()) {
    const tuple = tupleOf[number]!;
    let draft = drafts.get(tuple);
    if (draft === undefined) continue;
    if (draft === null) {
      draft = tupleDraft(tuple, row);
      drafts.set(tuple, draft);
    }
    addToTuple(draft, row, index, ends.remote(row.interfaceId, row.remote));
    if (tuple.cutOver === "survives") {
      const until = survivesUntil(row, ruleSets, timers);
      draft.survivesUntil = Math.max(draft.survivesUntil ?? until, until);
    }
  }
  return [...drafts.values()].map((draft) => draft!);
}

function numberOf(numbers: Map<TupleEnd, number>, end: TupleEnd): number {
  const known = numbers.get(end);
  if (known !== undefined) return known;
  numbers.set(end, numbers.size);
  return numbers.size - 1;
}

function endsOf(
  row: JudgedOpener,
  local: TupleEnd,
  remote: TupleEnd,
): readonly [TupleEnd, TupleEnd] {
  if (row.direction === "egress") return [local, remote];
  if (row.direction === "ingress") return [remote, local];
  return compareText(local.label, remote.label) <= 0 ? [local, remote] : [remote, local];
}
