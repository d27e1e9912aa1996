// The first of two passes over the rows: numbers alone, for every row and tuple.

import type { Change, ChangeCounts, CutOver } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import { CODE_BITS, CODES, codeOf, UNCHANGED } from "./impact-codes.js";
import { type OpenerColumns, trafficNumber, WAY_EGRESS, WAY_INGRESS } from "./impact-columns.js";
import { TupleTally } from "./impact-tally.js";
import type { TupleEnds } from "./tuple-ends.js";
import { type AmountSum, addAmount, compareText, noAmount } from "./tuple-spread.js";

/** Which rows belong to tuples. */
export interface RowChoice {
  readonly onlyChanged: boolean;
  readonly hideScanners: boolean;
  /** Left out of the sums too. */
  readonly without: ReadonlySet<number> | undefined;
}

/** What the rows add up to under one candidate. */
export interface ImpactCounts {
  /** Over all rows, whether they are chosen or not. */
  readonly connections: ChangeCounts;
  readonly records: ChangeCounts;
  readonly bytes: ChangeCounts;
  readonly cutOvers: Readonly<Record<CutOver, number>>;
  readonly hidden: AmountSum & { readonly peers: number };
  readonly tally: TupleTally;
  /** By row: its tuple, -1 = in none. */
  readonly tuples: Int32Array;
}

/** Counts the rows as candidate `index` judged them. Cost: linear. Throws a RangeError where it did not. */
export function countImpact(
  columns: OpenerColumns,
  ends: TupleEnds,
  index: number,
  choice: RowChoice,
): ImpactCounts {
  const { table, peers } = columns;
  const codes = codesOf(table, index);
  const hidden = noAmount();
  const hiddenPeers = new Set<number>();
  const tuples = new Int32Array(table.length).fill(-1);
  const tally = new TupleTally();
  const totals = newTotals();
  for (let row = 0; row < tuples.length; row++) {
    if (choice.without?.has(row) === true) continue;
    const code = codes(table.answer(row));
    const connections = table.connections(row);
    const records = table.forward(row) + table.replies(row);
    totals.connections[code]! += connections;
    totals.records[code]! += records;
    totals.bytes[code]! += table.bytes(row);
    if (choice.onlyChanged && code === UNCHANGED) continue;
    if (choice.hideScanners && table.isScanner(row)) {
      addAmount(hidden, table, row);
      hiddenPeers.add(peers[row]!);
      continue;
    }
    const face = table.interfaceNumber(row);
    const local = ends.local(face);
    const remote = ends.remote(face, peers[row]!);
    const kind = (trafficNumber(table, row) << CODE_BITS) | code;
    tuples[row] = isLocalFirst(ends, table.way(row), local, remote)
      ? tally.add(local, remote, kind, connections, records)
      : tally.add(remote, local, kind, connections, records);
  }
  return {
    connections: byChange(totals.connections),
    records: byChange(totals.records),
    bytes: byChange(totals.bytes),
    cutOvers: cutOversOf(totals.connections),
    hidden: { ...hidden, peers: hiddenPeers.size },
    tally,
    tuples,
  };
}

/** The code of an answer, worked out when it is first met. */
function codesOf(table: OpenerTable, index: number): (answer: number) => number {
  const codes = new Int8Array(table.answerCount).fill(-1);
  return (answer) => {
    let code = codes[answer]!;
    if (code < 0) {
      const change = table.answerOf(answer).changes[index];
      if (change === undefined)
        throw new RangeError(`the rows were not judged by candidate ${index}`);
      code = codeOf(change);
      codes[answer] = code;
    }
    return code;
  };
}

function isLocalFirst(ends: TupleEnds, way: number, local: number, remote: number): boolean {
  if (way === WAY_EGRESS) return true;
  if (way === WAY_INGRESS) return false;
  return compareText(ends.labelOf(local), ends.labelOf(remote)) <= 0;
}

/** Sums over all rows by code. */
function newTotals(): Record<"connections" | "records" | "bytes", Float64Array> {
  const sums = (): Float64Array => new Float64Array(CODES.length);
  return { connections: sums(), records: sums(), bytes: sums() };
}

function cutOversOf(connections: Float64Array): Record<CutOver, number> {
  const cutOvers = { survives: 0, cut: 0, refused: 0 };
  CODES.forEach(({ cutOver }, code) => {
    if (cutOver !== null) cutOvers[cutOver] += connections[code]!;
  });
  return cutOvers;
}

function byChange(sums: Float64Array): Record<Change, number> {
  const counts = noCounts();
  CODES.forEach(({ change }, code) => {
    counts[change] += sums[code]!;
  });
  return counts;
}

export function noCounts(): Record<Change, number> {
  return { "newly-denied": 0, "newly-allowed": 0, unchanged: 0, undetermined: 0 };
}
