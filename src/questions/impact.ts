import type { Change, ChangeCounts, CutOver, Sample } from "../model/opener.js";
import { type OpenerRows, openerTable } from "../model/opener-table.js";
import type { RuleSet } from "../model/rule-set.js";
import { DEFAULT_TIMERS, type Timers } from "../model/timers.js";
import type { Grade, Reason, Verdict } from "../model/verdict.js";
import { type Snapshot, snapshotOf } from "../reference/snapshot.js";
import { type OpenerColumns, openerColumns } from "./impact-columns.js";
import { countImpact, type ImpactCounts, noCounts } from "./impact-count.js";
import { gatherTuples } from "./impact-gather.js";
import { finishTuple, type Sides } from "./impact-list.js";
import type { NearestMiss } from "./impact-misses.js";
import { changeOf, kindOf, topTuples } from "./impact-rank.js";
import type { TupleTally } from "./impact-tally.js";
import type { Amount, Spread, Tuple } from "./tuple.js";
import { type EndSide, endSide, type TupleEnds, tupleEnds } from "./tuple-ends.js";

/** Tuples listed where nothing else is asked for. */
export const IMPACT_LIMIT: number = 100;

/** One answer of one side, with the connections of the tuple that got it. */
export interface RulingShare {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  readonly connections: number;
}

/** Connections of one tuple that change in the same way. */
export interface ImpactTuple extends Tuple, Amount {
  readonly change: Change;
  /** Set with a cut-over where the baseline allows and the candidate denies (semantics 9.3). */
  readonly cutOver: CutOver | null;
  /** Of connections that survive: when their entries expire at the latest if idle, Unix seconds (semantics 9.3); else null. */
  readonly survivesUntil: number | null;
  /** The interfaces of both ends saw it: each such connection counts twice, for each end has its own groups. */
  readonly seenAtBothEnds: boolean;
  /** First start and last end, Unix seconds. */
  readonly first: number;
  readonly last: number;
  /** Connections per grade of evidence; grades without any are left out. */
  readonly grades: Readonly<Partial<Record<Grade, number>>>;
  /** Connections whose opening nobody saw (semantics 5.4). */
  readonly openingsAssumed: number;
  /** Remote addresses. */
  readonly peers: Spread;
  /** Interfaces of the log at which it was seen. */
  readonly interfaces: Spread;
  readonly samples: readonly Sample[];
  /** What each side said, most connections first. Undetermined tuples carry their reasons here. */
  readonly baseline: readonly RulingShare[];
  readonly candidate: readonly RulingShare[];
  /** All rules of the baseline, and of the candidate, that admit connections of the tuple. */
  readonly baselineRules: Spread;
  readonly candidateRules: Spread;
  /** Of the side that denies, else of the one that cannot tell; null where no rule stands in the way. */
  readonly nearestMiss: NearestMiss | null;
}

/** Tuples per change; those that stay as they are are not counted where only changes were asked for. */
export interface TupleCounts extends Omit<ChangeCounts, "unchanged"> {
  readonly unchanged: number | null;
}

/** What a candidate does to the connections of a log (semantics 9.1). */
export interface Impact {
  /** Over all rows, also those that are not listed. Records follow the change of their connection. */
  readonly connections: ChangeCounts;
  readonly records: ChangeCounts;
  readonly bytes: ChangeCounts;
  readonly tuples: TupleCounts;
  /** Connections per outcome of a cut-over; all 0 without one. */
  readonly cutOvers: Readonly<Record<CutOver, number>>;
  /** Newly allowed rests on attempts in the log: what would have followed is not known (semantics 9.2). */
  readonly newlyAllowedAre: "attempts-only";
  /** Left out of `list` and `tuples` by `hideScanners`, of those that would else be there; null without it. */
  readonly hiddenScanners: (Amount & { readonly peers: number }) | null;
  /** Would-break first, then what a cut-over postpones, newly allowed, undetermined, unchanged. */
  readonly list: readonly ImpactTuple[];
  /** Tuples that `limit` left out of the list. */
  readonly more: number;
}

export interface ImpactOptions {
  /**
   * Neither counts nor lists unchanged tuples, except those that only survive a cut-over: rows that no candidate changes
   * may then be missing, and the four numbers of connections, records and bytes are those of the rows given.
   */
  readonly onlyChanged?: boolean;
  /** Leaves out peers that only ever sent rejected openers. */
  readonly hideScanners?: boolean;
  /** Numbers of rows that are left out of everything. */
  readonly without?: ReadonlySet<number>;
  /** Most tuples listed; default IMPACT_LIMIT. */
  readonly limit?: number;
  /** Idle timers the log was judged with, for what survives a cut-over; default DEFAULT_TIMERS. */
  readonly timers?: Timers;
}

/**
 * What candidate `index` (0 = the first) does to the judged connections: its ruling is `rulings[1 + index]`, its change
 * `changes[index]`. The answer does not depend on the order of the rows. Cost: linear in the rows, the rules and the
 * interfaces, and one explanation of an interface's rules per tuple listed. Throws a RangeError where the rows were not
 * judged by that candidate.
 */
export function impactOf(
  openers: OpenerRows,
  baseline: RuleSet,
  candidate: RuleSet,
  index: number,
  options: ImpactOptions = {},
): Impact {
  return impactOfOne(impactGround(openers, baseline), candidate, index, options);
}

/**
 * The same for several candidates, the first of which is candidate 0 of the rows: what no candidate changes is read
 * once.
 */
export function impactsOf(
  openers: OpenerRows,
  baseline: RuleSet,
  candidates: readonly RuleSet[],
  options: ImpactOptions = {},
): readonly Impact[] {
  const ground = impactGround(openers, baseline);
  return candidates.map((candidate, index) => impactOfOne(ground, candidate, index, options));
}

/** What all candidates are compared on. */
interface ImpactGround {
  readonly columns: OpenerColumns;
  readonly baseline: Snapshot;
  readonly side: EndSide;
}

function impactGround(openers: OpenerRows, baseline: RuleSet): ImpactGround {
  const columns = openerColumns(openerTable(openers));
  return { columns, baseline: snapshotOf(baseline), side: endSide(baseline, columns) };
}

/** What tells a tuple of the list from the others, and the rows that it is made of. */
export interface TupleRows
  extends Pick<ImpactTuple, "change" | "source" | "destination" | "protocol" | "port"> {
  readonly rows: readonly number[];
}

/** The tuples that `impactOf` lists, in its order, each with the numbers of its rows. Cost: linear in the rows. */
export function impactRows(
  openers: OpenerRows,
  baseline: RuleSet,
  candidate: RuleSet,
  index: number,
  options: ImpactOptions = {},
): readonly TupleRows[] {
  const ground = impactGround(openers, baseline);
  const { ends, counts, listed } = rankedTuples(ground, candidate, index, options);
  const { tally, tuples } = counts;
  const places = new Map(listed.map((tuple, place) => [tuple, place]));
  const rows = listed.map((): number[] => []);
  tuples.forEach((tuple, row) => {
    const place = places.get(tuple);
    if (place !== undefined) rows[place]!.push(row);
  });
  return listed.map((tuple, place) => {
    const { protocol, port, change } = kindOf(tally, tuple);
    return {
      change,
      source: ends.endOf(tally.sources[tuple]!),
      destination: ends.endOf(tally.destinations[tuple]!),
      protocol,
      port,
      rows: rows[place]!,
    };
  });
}

function rankedTuples(
  { columns, side }: ImpactGround,
  candidate: RuleSet,
  index: number,
  { onlyChanged = false, hideScanners = false, without, limit }: ImpactOptions,
): { readonly ends: TupleEnds; readonly counts: ImpactCounts; readonly listed: readonly number[] } {
  const ends = tupleEnds(columns, side, endSide(candidate, columns, side));
  const counts = countImpact(columns, ends, index, { onlyChanged, hideScanners, without });
  return { ends, counts, listed: topTuples(counts.tally, ends, limit ?? IMPACT_LIMIT) };
}

function impactOfOne(
  ground: ImpactGround,
  candidate: RuleSet,
  index: number,
  options: ImpactOptions,
): Impact {
  const { columns, baseline } = ground;
  const { onlyChanged = false, hideScanners = false, timers = DEFAULT_TIMERS } = options;
  const { ends, counts, listed } = rankedTuples(ground, candidate, index, options);
  const { connections, records, bytes, cutOvers, hidden, tally } = counts;
  const ruleSets = [baseline.ruleSet, candidate];
  const gathered = gatherTuples(listed, { columns, ends, counts, ruleSets, timers });
  const sides: Sides = [baseline, snapshotOf(candidate)];
  return {
    connections,
    records,
    bytes,
    tuples: tupleCounts(tally, onlyChanged),
    cutOvers,
    newlyAllowedAre: "attempts-only",
    hiddenScanners: hideScanners ? hidden : null,
    list: gathered.drafts.map((draft, place) =>
      finishTuple(draft, gathered.peers[place]!, { columns, ends, tally }, sides, index),
    ),
    more: tally.count - listed.length,
  };
}

function tupleCounts(tally: TupleTally, onlyChanged: boolean): TupleCounts {
  const tuples = noCounts();
  for (let tuple = 0; tuple < tally.count; tuple++) tuples[changeOf(tally, tuple).change]++;
  return onlyChanged ? { ...tuples, unchanged: null } : tuples;
}
