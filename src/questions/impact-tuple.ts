import {
  type Change,
  type CutOver,
  type JudgedOpener,
  OPENER_SAMPLES,
  type OpenerChange,
  type OpenerRuling,
  type Sample,
} from "../model/opener.js";
import type { Direction, Grade } from "../model/verdict.js";
import type { RulingShare } from "./impact.js";
import type { TupleEnd } from "./tuple.js";
import type { RemoteEnd } from "./tuple-ends.js";
import { type AmountSum, compareText, count } from "./tuple-spread.js";

/** Answers listed per side. */
const RULINGS_TOP = 5;

/** What identifies a tuple of one change. */
export interface TupleKey {
  readonly source: TupleEnd;
  readonly destination: TupleEnd;
  readonly protocol: number;
  readonly port: number | null;
  readonly change: Change;
  readonly cutOver: CutOver | null;
  /** False: nobody knows who opened (semantics 4.6). */
  readonly openerKnown: boolean;
}

/** A tuple and how much of it there is. */
export interface CountedTuple extends TupleKey {
  readonly amount: AmountSum;
}

/** A tuple that is told, growing row by row; its amount is known. */
export interface TupleDraft extends CountedTuple {
  readonly directions: Set<Direction>;
  first: number;
  last: number;
  openingsAssumed: number;
  readonly grades: Map<Grade, number>;
  /** Connections by number of the remote address. */
  readonly peers: Map<number, number>;
  readonly interfaces: Map<string, number>;
  samples: readonly Sample[];
  readonly rulings: readonly [Map<string, RulingTally>, Map<string, RulingTally>];
  readonly rules: readonly [Map<string, number>, Map<string, number>];
  /** Pairs of interfaces, opener first, with the ends that saw them: 1 the opener's, 2 the other one, 3 both. */
  readonly pairs: Map<string, number>;
  seenAtBothEnds: boolean;
  survivesUntil: number | null;
  /** The row that stands for the tuple where one connection is to be explained. */
  speaker: JudgedOpener;
}

interface RulingTally {
  readonly ruling: OpenerRuling;
  connections: number;
}

/** What candidate `candidate` makes of a row. Throws a RangeError where it did not judge it. */
export function changeOf(row: JudgedOpener, candidate: number): OpenerChange {
  const found = row.changes[candidate];
  if (found === undefined)
    throw new RangeError(`the rows were not judged by candidate ${candidate}`);
  return found;
}

/** The tuple before its first row is added. */
export function tupleDraft(tuple: CountedTuple, row: JudgedOpener): TupleDraft {
  return {
    ...tuple,
    directions: new Set(),
    first: row.first,
    last: row.last,
    openingsAssumed: 0,
    grades: new Map(),
    peers: new Map(),
    interfaces: new Map(),
    samples: [],
    rulings: [new Map(), new Map()],
    rules: [new Map(), new Map()],
    pairs: new Map(),
    seenAtBothEnds: false,
    survivesUntil: null,
    speaker: row,
  };
}

/** Adds a row as candidate `candidate` judged it. */
export function addToTuple(
  draft: TupleDraft,
  row: JudgedOpener,
  candidate: number,
  { peerId, ownerIds }: RemoteEnd,
): void {
  if (row.direction !== null) draft.directions.add(row.direction);
  draft.first = Math.min(draft.first, row.first);
  draft.last = Math.max(draft.last, row.last);
  draft.openingsAssumed += row.openingsAssumed;
  count(draft.grades, row.grade, row.connections);
  count(draft.peers, peerId, row.connections);
  count(draft.interfaces, row.interfaceId, row.connections);
  draft.samples = earliestSamples(draft.samples, row.samples);
  addRuling(draft.rulings[0], draft.rules[0], row.rulings[0], row.connections);
  addRuling(draft.rulings[1], draft.rules[1], row.rulings[1 + candidate], row.connections);
  notePairs(draft, row, ownerIds);
  if (speaksBefore(row, draft.speaker)) draft.speaker = row;
}

function addRuling(
  tallies: Map<string, RulingTally>,
  rules: Map<string, number>,
  ruling: OpenerRuling | undefined,
  connections: number,
): void {
  if (ruling === undefined) return;
  const key = `${ruling.verdict} ${ruling.reason} ${ruling.detail}`;
  const tally = tallies.get(key);
  if (tally === undefined) tallies.set(key, { ruling, connections });
  else tally.connections += connections;
  for (const id of ruling.rules) count(rules, id, connections);
}

function notePairs(draft: TupleDraft, row: JudgedOpener, ownerIds: readonly string[]): void {
  if (draft.seenAtBothEnds || row.direction === null) return;
  const isOpener = row.direction === "egress";
  for (const owner of ownerIds) {
    if (owner === row.interfaceId) continue;
    const pair = isOpener ? `${row.interfaceId}>${owner}` : `${owner}>${row.interfaceId}`;
    const seen = (draft.pairs.get(pair) ?? 0) | (isOpener ? 1 : 2);
    draft.pairs.set(pair, seen);
    draft.seenAtBothEnds ||= seen === 3;
  }
}

/** The smallest by start, then file, then line. */
function earliestSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  const latest = a[OPENER_SAMPLES - 1];
  if (latest !== undefined && !b.some((sample) => compareSamples(sample, latest) < 0)) return a;
  return [...a, ...b].sort(compareSamples).slice(0, OPENER_SAMPLES);
}

function compareSamples(a: Sample, b: Sample): number {
  return a.start - b.start || compareText(a.file, b.file) || a.line - b.line;
}

/** The commonest row speaks, then the earliest; whatever decides, the order of the rows does not. */
function speaksBefore(a: JudgedOpener, b: JudgedOpener): boolean {
  const order =
    b.connections - a.connections ||
    a.first - b.first ||
    compareText(a.interfaceId, b.interfaceId) ||
    a.remote.family - b.remote.family ||
    Number(a.remote.value > b.remote.value) - Number(a.remote.value < b.remote.value) ||
    compareText(`${a.grade} ${a.direction} ${a.action}`, `${b.grade} ${b.direction} ${b.action}`);
  return order < 0;
}

/** What one side said, most connections first. */
export function rulingShares(draft: TupleDraft, side: 0 | 1): readonly RulingShare[] {
  const shares = [...draft.rulings[side].values()].map(({ ruling, connections }) => {
    const { verdict, reason, detail } = ruling;
    return { verdict, reason, detail, connections };
  });
  shares.sort(
    (a, b) =>
      b.connections - a.connections ||
      compareText(`${a.verdict} ${a.reason} ${a.detail}`, `${b.verdict} ${b.reason} ${b.detail}`),
  );
  return shares.slice(0, RULINGS_TOP);
}
