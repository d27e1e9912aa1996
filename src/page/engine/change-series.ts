// Records over time by what a candidate does to their connections: a record is that of the row of openers with its
// interface, direction, protocol, remote address and served port, whose opening every rule judges alike.

import { type OpenerRows, openerTable } from "../../model/opener-table.js";
import type { TupleRows } from "../../questions/index.js";
import { CHANGE_CELLS, type ChangeSeriesTold, type TupleSeries } from "../protocol.js";
import { tupleKey } from "../tuple-key.js";
import type { RecordIndex } from "./record-index.js";

/** As many as can be told apart in a cell of a table. */
const MOST_STEPS = 40;

/** `openers`: rows as the candidate judged them; `tuples`: those that are listed of them. */
export function changeSeries(
  index: RecordIndex,
  openers: OpenerRows,
  tuples: readonly TupleRows[],
): ChangeSeriesTold {
  const { starts, width, buckets, connections } = index;
  const tupleOfRow = new Map(tuples.flatMap(({ rows }, at) => rows.map((row) => [row, at])));
  const cells = new Int8Array(index.size).fill(-1);
  const places = new Int32Array(index.size).fill(-1);
  const table = openerTable(openers);
  for (let row = 0; row < table.length; row++) {
    const cell = CHANGE_CELLS.indexOf(table.answerOf(table.answer(row)).changes[0]!.change);
    const number = cell < 0 ? -1 : index.find(table.at(row));
    if (number < 0) continue;
    cells[number] = cell;
    places[number] = tupleOfRow.get(row) ?? -1;
  }
  const counts = CHANGE_CELLS.map(() => starts.map(() => 0));
  const steps = new Steps(starts, width);
  const series = tuples.map(() => steps.none());
  for (let record = 0; record < connections.length; record++) {
    const number = connections[record]!;
    const bucket = buckets[record]!;
    if (number >= cells.length || bucket >= starts.length) continue;
    const cell = cells[number]!;
    if (cell < 0) continue;
    counts[cell]![bucket]!++;
    const place = places[number]!;
    if (place >= 0) series[place]!.counts[steps.of(bucket)]!++;
  }
  return {
    width,
    starts,
    counts,
    tuples: new Map(tuples.map((tuple, at) => [tupleKey(tuple), series[at]!])),
  };
}

/** Few steps over all buckets, each some whole buckets wide. */
class Steps {
  private readonly start: number;
  private readonly width: number;
  private readonly count: number;
  private readonly starts: readonly number[];

  constructor(starts: readonly number[], width: number) {
    this.starts = starts;
    this.start = starts[0] ?? 0;
    const all = starts.length === 0 ? 0 : (starts.at(-1)! - this.start) / width + 1;
    const joined = Math.max(1, Math.ceil(all / MOST_STEPS));
    this.width = joined * width;
    this.count = Math.ceil(all / joined);
  }

  none(): TupleSeries {
    return { start: this.start, width: this.width, counts: new Uint32Array(this.count) };
  }

  of(bucket: number): number {
    return Math.floor((this.starts[bucket]! - this.start) / this.width);
  }
}
