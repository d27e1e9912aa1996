import type { JudgedOpener, OpenerRuling, Sample } from "../model/opener.js";
import { WAYS } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import { type Direction, GRADES, type Grade } from "../model/verdict.js";
import { earliestSamples, mayBeEarlier } from "./earliest-samples.js";
import type { RulingShare } from "./impact.js";
import { type AmountSum, addAmount, compareText, count, noAmount } from "./tuple-spread.js";

/** Answers listed per side. */
const RULINGS_TOP = 5;

/** A tuple of the list that grows row by row. */
export interface TupleDraft {
  /** Its number among all tuples. */
  readonly tuple: number;
  readonly table: OpenerTable;
  readonly amount: AmountSum;
  /** By index into WAYS: 1 = seen. */
  readonly ways: Uint8Array;
  first: number;
  last: number;
  openingsAssumed: number;
  /** Connections by index into GRADES. */
  readonly grades: Float64Array;
  /** Connections by number of the interface, and of the answer. */
  readonly interfaces: Map<number, number>;
  readonly answers: Map<number, number>;
  samples: readonly Sample[];
  seenAtBothEnds: boolean;
  survivesUntil: number | null;
  /** The row that stands for the tuple where one connection is to be explained. */
  speaker: number;
}

export function tupleDraft(tuple: number, table: OpenerTable, row: number): TupleDraft {
  return {
    tuple,
    table,
    amount: noAmount(),
    ways: new Uint8Array(WAYS.length),
    first: table.first(row),
    last: table.last(row),
    openingsAssumed: 0,
    grades: new Float64Array(GRADES.length),
    interfaces: new Map(),
    answers: new Map(),
    samples: [],
    seenAtBothEnds: false,
    survivesUntil: null,
    speaker: row,
  };
}

/** Adds a row. Nothing is allocated for one that is like others: millions may be of one tuple. */
export function addToTuple(draft: TupleDraft, row: number): void {
  const { table } = draft;
  const connections = table.connections(row);
  addAmount(draft.amount, table, row);
  draft.ways[table.way(row)] = 1;
  draft.first = Math.min(draft.first, table.first(row));
  draft.last = Math.max(draft.last, table.last(row));
  draft.openingsAssumed += table.openingsAssumed(row);
  draft.grades[table.grade(row)]! += connections;
  count(draft.interfaces, table.interfaceNumber(row), connections);
  count(draft.answers, table.answer(row), connections);
  if (mayBeEarlier(draft.samples, table.sampledFrom(row)))
    draft.samples = earliestSamples(draft.samples, table.at(row).samples);
  if (speaksBefore(table, row, draft.speaker)) draft.speaker = row;
}

/** Directions of its openings. */
export function directionsOf({ ways }: TupleDraft): readonly Direction[] {
  return WAYS.flatMap((way, number) => (way !== null && ways[number] === 1 ? [way] : []));
}

/** Connections per grade; grades without any are left out. */
export function gradesOf({ grades }: TupleDraft): Readonly<Partial<Record<Grade, number>>> {
  const present = GRADES.flatMap((grade, number) =>
    grades[number]! > 0 ? [[grade, grades[number]!] as const] : [],
  );
  return Object.fromEntries(present.sort(([a], [b]) => compareText(a, b)));
}

/** The commonest row speaks, then the earliest; whatever decides, the order of the rows does not. */
function speaksBefore(table: OpenerTable, a: number, b: number): boolean {
  const order = table.connections(b) - table.connections(a) || table.first(a) - table.first(b);
  if (order !== 0 || a === b) return order < 0;
  return compareSpeakers(table.at(a), table.at(b)) < 0;
}

function compareSpeakers(a: JudgedOpener, b: JudgedOpener): number {
  return (
    compareText(a.interfaceId, b.interfaceId) ||
    a.remote.family - b.remote.family ||
    Number(a.remote.value > b.remote.value) - Number(a.remote.value < b.remote.value) ||
    compareText(`${a.grade} ${a.direction} ${a.action}`, `${b.grade} ${b.direction} ${b.action}`)
  );
}

/** Connections by what a timeline says of them: the baseline is 0, then the candidates. */
export function rulingsOf(
  { answers, table }: TupleDraft,
  timeline: number,
): ReadonlyMap<OpenerRuling, number> {
  const rulings = new Map<OpenerRuling, number>();
  for (const [answer, connections] of answers) {
    const ruling = table.answerOf(answer).rulings[timeline];
    if (ruling !== undefined) count(rulings, ruling, connections);
  }
  return rulings;
}

/** What one side said, most connections first. */
export function rulingShares(rulings: ReadonlyMap<OpenerRuling, number>): readonly RulingShare[] {
  const shares = new Map<string, RulingShare>();
  for (const [{ verdict, reason, detail }, connections] of rulings) {
    const words = `${verdict} ${reason} ${detail}`;
    const known = shares.get(words)?.connections ?? 0;
    shares.set(words, { verdict, reason, detail, connections: known + connections });
  }
  return [...shares]
    .sort(([a, x], [b, y]) => y.connections - x.connections || compareText(a, b))
    .slice(0, RULINGS_TOP)
    .map(([, share]) => share);
}

/** Connections by rule of one side that admits them. */
export function rulesOf(rulings: ReadonlyMap<OpenerRuling, number>): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const [ruling, connections] of rulings)
    for (const id of ruling.rules) count(rules, id, connections);
  return rules;
}
