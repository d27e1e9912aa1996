import { type RecordBatch, tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeRows } from "../../src/filter/index.js";
import { ArrowRecords } from "../../src/report/arrow-records.js";
import { BatchJoiner } from "../../src/report/batch-joiner.js";
import { batchOf, type JudgedRow, judgedRow } from "../filter/judged-rows.js";

const names = Object.keys(fc.sample(judgedRow, 1)[0]!) as (keyof JudgedRow)[];

interface Readable {
  readonly numRows: number;
  getChild(name: string): { get(row: number): unknown } | null;
}

function rowsOf(batch: Readable): JudgedRow[] {
  return Array.from({ length: batch.numRows }, (_, row) => {
    const cells = names.map((name) => [name, batch.getChild(name)!.get(row)]);
    return Object.fromEntries(cells) as JudgedRow;
  });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

/** Cuts rows into batches that share one growing dictionary per column, as the program's do. */
function cut(rows: readonly JudgedRow[], lengths: readonly number[]): RecordBatch[] {
  const whole = batchOf(rows);
  const batches: RecordBatch[] = [];
  let from = 0;
  for (const length of [...lengths, rows.length]) {
    const count = Math.min(length, rows.length - from);
    if (count <= 0) continue;
    batches.push(
      takeRows(
        whole,
        Uint32Array.from({ length: count }, (_, i) => from + i),
      ),
    );
    from += count;
  }
  return batches;
}

describe("BatchJoiner", () => {
  it("gives the same rows in batches of the size asked for, whatever the cut", () => {
    const rows = fc.array(judgedRow, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.nat(20)),
        fc.integer({ min: 1, max: 30 }),
        (all, cuts, size) => {
          const joiner = new BatchJoiner(size);
          const given: RecordBatch[] = [];
          for (const batch of cut(all, cuts)) {
            const long = joiner.add(batch);
            if (long !== undefined) expect(long.numRows).toBeGreaterThanOrEqual(size);
            if (long !== undefined) given.push(long);
          }
          const rest = joiner.rest();
          if (rest !== undefined) given.push(rest);
          expect(given.flatMap(rowsOf)).toEqual(all);
        },
      ),
    );
  });

  it("makes text valid UTF-8 and keeps the rest of it", () => {
    const batch = batchOf(fc.sample(judgedRow, { numRuns: 3, seed: 1 }), ["srcaddr"]);
    const column = batch.data.children[0]!;
    const text = Uint8Array.of(97, 0xff, 0xc3, 0xa4, 98);
    Object.assign(column, { values: text, nullBitmap: Uint8Array.of(7), _nullCount: 0 });
    (column as { valueOffsets: Int32Array }).valueOffsets = Int32Array.of(0, 2, 4, 5);
    const joiner = new BatchJoiner(1);
    const fixed = joiner.add(batch)!.getChildAt(0)!;
    expect([...fixed]).toEqual(["a\ufffd", "ä", "b"]);
  });

  it("refuses a batch of other columns", () => {
    const rows = fc.sample(judgedRow, { numRuns: 2, seed: 1 });
    const joiner = new BatchJoiner(10);
    joiner.add(batchOf(rows));
    expect(() => joiner.add(batchOf(rows, ["srcaddr"]))).toThrow("other columns than the first");
  });
});

describe("ArrowRecords", () => {
  it.each(["arrow", "arrow-file"] as const)(
    "%s is read back by Arrow, batch after batch",
    (format) => {
      const rows = fc.array(judgedRow, { minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(rows, fc.array(fc.nat(20)), (all, cuts) => {
          const writer = new ArrowRecords(format);
          const pieces = cut(all, cuts).map((batch) => writer.write(batch).slice());
          // A reader of a pipe learns the columns before the first rows are complete.
          expect(pieces[0]!.length).toBeGreaterThan(0);
          const table = tableFromIPC(joined([...pieces, writer.end()]));
          expect(rowsOf(table)).toEqual(all);
        }),
        { numRuns: 30 },
      );
    },
  );

  it("writes dictionaries as they grow", () => {
    const row = fc.sample(judgedRow, { numRuns: 1, seed: 7 })[0]!;
    const rows = Array.from({ length: 150_000 }, (_, i) => ({
      ...row,
      interface_id: i % 7 === 0 ? null : `eni-${i >> 14}`,
      srcaddr: `10.0.${(i >> 8) & 255}.${i & 255}`,
      line: i + 1,
    }));
    for (const format of ["arrow", "arrow-file"] as const) {
      const writer = new ArrowRecords(format);
      const pieces = cut(
        rows,
        Array.from({ length: 40 }, () => 4096),
      ).map((batch) => writer.write(batch).slice());
      const table = tableFromIPC(joined([...pieces, writer.end()]));
      expect(table.batches.length).toBeGreaterThan(1);
      const ids = table.getChild("interface_id")!;
      expect(rows.every((row, i) => ids.get(i) === row.interface_id)).toBe(true);
    }
  });

  it("tells the columns where there are no records", () => {
    for (const format of ["arrow", "arrow-file"] as const) {
      const writer = new ArrowRecords(format);
      const bytes = joined([writer.write(batchOf([])).slice(), writer.end()]);
      const table = tableFromIPC(bytes);
      expect(table.numRows).toBe(0);
      expect(table.schema.fields.map(({ name }) => name)).toEqual(names);
    }
  });
});
