// The first of two passes over the rows: numbers alone, for every row and tuple.

import type { Change, ChangeCounts, CutOver } from "../model/opener.js";
import { CODE_BITS, CODES, codeOf, UNCHANGED } from "./impact-codes.js";
import { type OpenerColumns, WAY_EGRESS, WAY_INGRESS } from "./impact-columns.js";
import { TupleTally } from "./impact-tally.js";
import type { TupleEnds } from "./tuple-ends.js";
import { type AmountSum, addAmount, compareText, noAmount } from "./tuple-spread.js";

/** Which rows belong to tuples. */
export interface RowChoice {
  readonly onlyChanged: boolean;
  readonly hideScanners: boolean;
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
  const codes = codesOf(columns, index);
  const hidden = noAmount();
  const hiddenPeers = new Set<number>();
  const tuples = new Int32Array(columns.rows.length).fill(-1);
  const tally = new TupleTally();
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (choice.onlyChanged && code === UNCHANGED) continue;
    if (choice.hideScanners && columns.rows[i]!.scanner) {
      addAmount(hidden, columns.rows[i]!);
      hiddenPeers.add(columns.peers[i]!);
    } else tuples[i] = addRow(tally, columns, ends, i, code);
  }
  return {
    ...totalsOf(columns, codes),
    hidden: { ...hidden, peers: hiddenPeers.size },
    tally,
    tuples,
  };
}

function codesOf({ rows }: OpenerColumns, index: number): Uint8Array {
  const codes = new Uint8Array(rows.length);
  for (let i = 0; i < codes.length; i++) {
    const change = rows[i]!.changes[index];
    if (change === undefined)
      throw new RangeError(`the rows were not judged by candidate ${index}`);
    codes[i] = codeOf(change);
  }
  return codes;
}

function addRow(
  tally: TupleTally,
  { interfaces, peers, traffic, ways, connections, records }: OpenerColumns,
  ends: TupleEnds,
  row: number,
  code: number,
): number {
  const face = interfaces[row]!;
  const local = ends.local(face);
  const remote = ends.remote(face, peers[row]!);
  const kind = (traffic[row]! << CODE_BITS) | code;
  return isLocalFirst(ends, ways[row]!, local, remote)
    ? tally.add(local, remote, kind, connections[row]!, records[row]!)
    : tally.add(remote, local, kind, connections[row]!, records[row]!);
}

function isLocalFirst(ends: TupleEnds, way: number, local: number, remote: number): boolean {
  if (way === WAY_EGRESS) return true;
  if (way === WAY_INGRESS) return false;
  return compareText(ends.labelOf(local), ends.labelOf(remote)) <= 0;
}

function totalsOf(
  { connections, records, bytes }: OpenerColumns,
  codes: Uint8Array,
): Pick<ImpactCounts, "connections" | "records" | "bytes" | "cutOvers"> {
  const sums = [connections, records, bytes].map((column) => sumByCode(column, codes));
  const [ofConnections, ofRecords, ofBytes] = sums.map(byChange);
  const cutOvers = { survives: 0, cut: 0, refused: 0 };
  CODES.forEach(({ cutOver }, code) => {
    if (cutOver !== null) cutOvers[cutOver] += sums[0]![code]!;
  });
  return { connections: ofConnections!, records: ofRecords!, bytes: ofBytes!, cutOvers };
}

function sumByCode(column: Float64Array, codes: Uint8Array): Float64Array {
  const sums = new Float64Array(CODES.length);
  for (let i = 0; i < codes.length; i++) sums[codes[i]!]! += column[i]!;
  return sums;
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
