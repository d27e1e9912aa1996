import type { RecordBatch } from "apache-arrow";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { takeRows } from "../../src/filter/index.js";
import { ByteSink } from "../../src/report/byte-sink.js";
import { ParquetRecords } from "../../src/report/parquet-records.js";
import { appendHybrid, bitsFor } from "../../src/report/rle-hybrid.js";
import { batchOf, type JudgedRow, judgedRow } from "../filter/judged-rows.js";

function written(batches: readonly RecordBatch[]): ArrayBuffer {
  const writer = new ParquetRecords();
  // What a writer gives is valid until the next call.
  const pieces = batches.map((batch) => writer.write(batch).slice());
  const bytes = Buffer.concat([...pieces, writer.end()]);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

async function read(file: ArrayBuffer): Promise<readonly unknown[]> {
  const source = {
    byteLength: file.byteLength,
    slice: (from: number, to?: number) => file.slice(from, to),
  };
  return parquetReadObjects({ file: source, utf8: true });
}

describe("ParquetRecords", () => {
  it("is read back whole", async () => {
    const rows = fc.array(judgedRow, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(59), async (all, cut) => {
        const whole = batchOf(all);
        const numbers = Uint32Array.from(all.keys());
        const at = Math.min(cut, all.length);
        const batches = [numbers.subarray(0, at), numbers.subarray(at)].map((part) =>
          takeRows(whole, part),
        );
        expect(await read(written(batches))).toEqual(all);
      }),
    );
  });

  it("cuts row groups and pages, and takes what repeats as a dictionary", async () => {
    const row = fc.sample(judgedRow, { numRuns: 1, seed: 3 })[0]!;
    const rows = Array.from(
      { length: 150_000 },
      (_, i): JudgedRow => ({
        ...row,
        interface_id: i % 5 === 0 ? null : `eni-${i % 300}`,
        srcaddr: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
        dstport: i % 3 === 0 ? null : i % 65_536,
        bytes: i % 7 === 0 ? null : BigInt(i) << 20n,
        rules: i % 11 === 0 ? "" : `sgr-${i % 13}`,
        line: i + 1,
      }),
    );
    const whole = batchOf(rows);
    const batches = Array.from({ length: 40 }, (_, i) => {
      const from = Math.min(i * 4096, rows.length);
      const to = Math.min(from + 4096, rows.length);
      return takeRows(
        whole,
        Uint32Array.from({ length: to - from }, (_, k) => from + k),
      );
    });
    const file = written(batches);
    const metadata = parquetMetadata(file);
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([131_072n, 18_928n]);
    const chunk = (name: string) =>
      metadata.row_groups[0]!.columns.find(
        ({ meta_data }) => meta_data!.path_in_schema[0] === name,
      )!.meta_data!;
    expect(chunk("interface_id").encodings).toContain("RLE_DICTIONARY");
    expect(chunk("srcaddr").encodings).not.toContain("RLE_DICTIONARY");
    expect(chunk("dstport").statistics).toMatchObject({
      min_value: 0,
      max_value: 65_535,
      null_count: 43_691n,
    });
    const back = (await read(file)) as readonly JudgedRow[];
    expect(back.length).toBe(rows.length);
    expect(rows.findIndex((wanted, i) => !sameCells(wanted, back[i]!))).toBe(-1);
  });

  it("is a file without rows where there are no records", async () => {
    const file = written([batchOf([])]);
    expect(parquetMetadata(file)).toMatchObject({ num_rows: 0n, row_groups: [] });
    expect(await read(file)).toEqual([]);
  });
});

function sameCells(a: JudgedRow, b: JudgedRow): boolean {
  return (Object.keys(a) as (keyof JudgedRow)[]).every((name) => a[name] === b[name]);
}

/** What the format says of a run and of packed groups, read without a thought for speed. */
function hybridOf(bytes: Uint8Array, bits: number, count: number): number[] {
  const numbers: number[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (numbers.length < count) {
    const header = varint();
    if ((header & 1) === 0) {
      let value = 0;
      for (let shift = 0; shift < bits; shift += 8) value |= bytes[at++]! << shift;
      for (let i = 0; i < header >> 1; i++) numbers.push(value);
      continue;
    }
    const groups = header >> 1;
    for (let i = 0; i < groups * 8; i++) {
      let value = 0;
      for (let bit = 0; bit < bits; bit++) {
        const position = i * bits + bit;
        value |= ((bytes[at + (position >> 3)]! >> (position & 7)) & 1) << bit;
      }
      numbers.push(value);
    }
    at += groups * bits;
  }
  expect(at).toBe(bytes.length);
  return numbers.slice(0, count);
}

describe("appendHybrid", () => {
  it("is read back by the letter of the format", () => {
    const run = fc.tuple(fc.nat((1 << 17) - 1), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 20 }), fc.nat(1 << 17), (runs, mask) => {
        const numbers = Int32Array.from(
          runs.flatMap(([value, count]) => Array<number>(count).fill(value & mask)),
        );
        const bits = bitsFor(Math.max(...numbers));
        const sink = new ByteSink();
        appendHybrid(sink, numbers, bits);
        expect(hybridOf(sink.take(), bits, numbers.length)).toEqual([...numbers]);
      }),
    );
  });
});
