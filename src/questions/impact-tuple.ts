import type { JudgedOpener, OpenerRuling, Sample } from "../model/opener.js";
import type { Direction, Grade } from "../model/verdict.js";
import { earliestSamples } from "./earliest-samples.js";
import type { RulingShare } from "./impact.js";
import { type AmountSum, addAmount, compareText, count, noAmount } from "./tuple-spread.js";

/** Answers listed per side. */
const RULINGS_TOP = 5;

/** A tuple of the list that grows row by row. */
export interface TupleDraft {
  /** Its number among all tuples. */
  readonly tuple: number;
  readonly amount: AmountSum;
  readonly directions: Set<Direction>;
  first: number;
  last: number;
  openingsAssumed: number;
  readonly grades: Map<Grade, number>;
  /** Connections by number of the remote address, and of the interface. */
  readonly peers: Map<number, number>;
  readonly interfaces: Map<number, number>;
  samples: readonly Sample[];
  /** Connections by answer of the baseline and of the candidate: rows share answers, equal ones may be several. */
  readonly rulings: readonly [Map<OpenerRuling, number>, Map<OpenerRuling, number>];
  seenAtBothEnds: boolean;
  survivesUntil: number | null;
  /** The row that stands for the tuple where one connection is to be explained. */
  speaker: JudgedOpener;
}

export function tupleDraft(tuple: number, row: JudgedOpener): TupleDraft {
  return {
    tuple,
    amount: noAmount(),
    directions: new Set(),
    first: row.first,
    last: row.last,
    openingsAssumed: 0,
    grades: new Map(),
    peers: new Map(),
    interfaces: new Map(),
    samples: [],
    rulings: [new Map(), new Map()],
    seenAtBothEnds: false,
    survivesUntil: null,
    speaker: row,
  };
}

/** Adds a row, of the interface and remote address of these numbers, as candidate `candidate` judged it. */
export function addToTuple(
  draft: TupleDraft,
  row: JudgedOpener,
  candidate: number,
  face: number,
  peerId: number,
): void {
  addAmount(draft.amount, row);
  if (row.direction !== null) draft.directions.add(row.direction);
  draft.first = Math.min(draft.first, row.first);
  draft.last = Math.max(draft.last, row.last);
  draft.openingsAssumed += row.openingsAssumed;
  count(draft.grades, row.grade, row.connections);
  count(draft.peers, peerId, row.connections);
  count(draft.interfaces, face, row.connections);
  draft.samples = earliestSamples(draft.samples, row.samples);
  addRuling(draft.rulings[0], row.rulings[0], row.connections);
  addRuling(draft.rulings[1], row.rulings[1 + candidate], row.connections);
  if (speaksBefore(row, draft.speaker)) draft.speaker = row;
}

function addRuling(
  rulings: Map<OpenerRuling, number>,
  ruling: OpenerRuling | undefined,
  connections: number,
): void {
  if (ruling !== undefined) count(rulings, ruling, connections);
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
  const shares = new Map<string, RulingShare>();
  for (const [{ verdict, reason, detail }, connections] of draft.rulings[side]) {
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
export function rulesOf(draft: TupleDraft, side: 0 | 1): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const [ruling, connections] of draft.rulings[side])
    for (const id of ruling.rules) count(rules, id, connections);
  return rules;
}
