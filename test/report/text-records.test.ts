import {
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  tableFromArrays,
  Uint32,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordsFormatOf } from "../../src/report/records-format.js";
import { TextRecords } from "../../src/report/text-records.js";

type Row = readonly [string | null, number | null, bigint | null, string, number];

function batchOf(rows: readonly Row[]): RecordBatch {
  const columns = [
    vectorFromArray(
      rows.map((row) => row[0]),
      new Utf8(),
    ),
    vectorFromArray(
      rows.map((row) => row[1]),
      new Int32(),
    ),
    vectorFromArray(
      rows.map((row) => row[2]),
      new Int64(),
    ),
    vectorFromArray(
      rows.map((row) => row[3]),
      new Dictionary(new Utf8(), new Int32()),
    ),
    vectorFromArray(
      rows.map((row) => row[4]),
      new Uint32(),
    ),
  ];
  const names = ["srcaddr", "srcport", "bytes", "reason", "line"];
  const fields = columns.map((column, i) => new Field(names[i]!, column.type, true));
  const schema = new Schema(fields);
  const data = makeData({
    type: new Struct(fields),
    length: rows.length,
    nullCount: 0,
    children: columns.map((column) => column.data[0]!),
  });
  return new RecordBatch(schema, data);
}

function text(chunks: readonly Uint8Array[]): string {
  return chunks.map((chunk) => new TextDecoder().decode(chunk)).join("");
}

const HEADER = "srcaddr,srcport,bytes,reason,line\n";

describe("TextRecords", () => {
  it("writes CSV with an empty field for what is missing", () => {
    const writer = new TextRecords("csv");
    const batch = batchOf([
      ["10.0.0.1", 443, 9_007_199_254_740_993n, "rule", 1],
      [null, null, null, "", 4_294_967_295],
    ]);
    expect(text([writer.write(batch)])).toBe(
      `${HEADER}10.0.0.1,443,9007199254740993,rule,1\n,,,,4294967295\n`,
    );
  });

  it("writes the CSV header once", () => {
    const writer = new TextRecords("csv");
    const batch = batchOf([["a", 0, 0n, "rule", 1]]);
    expect(text([writer.write(batch).slice(), writer.write(batch).slice()])).toBe(
      `${HEADER}a,0,0,rule,1\na,0,0,rule,1\n`,
    );
  });

  it("writes NDJSON with null for a missing log field", () => {
    const writer = new TextRecords("ndjson");
    const batch = batchOf([
      ['a"\\', -1, -5n, "no-rule", 7],
      [null, null, null, "", 8],
    ]);
    expect(text([writer.write(batch)])).toBe(
      '{"srcaddr":"a\\"\\\\","srcport":-1,"bytes":-5,"reason":"no-rule","line":7}\n' +
        '{"srcaddr":null,"srcport":null,"bytes":null,"reason":"","line":8}\n',
    );
  });

  it("quotes what CSV must quote and leaves formulas alone", () => {
    const writer = new TextRecords("csv");
    const batch = batchOf([
      ['a,"b"', 1, 1n, "x\ny", 1],
      ["=1+1", 1, 1n, "@sum", 2],
    ]);
    expect(text([writer.write(batch)])).toBe(`${HEADER}"a,""b""",1,1,"x\ny",1\n=1+1,1,1,@sum,2\n`);
  });

  it("reads sliced batches from their first row on", () => {
    const batch = batchOf([
      ["a", 1, 1n, "r1", 1],
      [null, 2, null, "r2", 2],
      ["c", null, 3n, "r1", 3],
    ]);
    const writer = new TextRecords("csv");
    expect(text([writer.write(batch.slice(1, 3))])).toBe(`${HEADER},2,,r2,2\nc,,3,r1,3\n`);
  });

  it("follows a dictionary that changes between batches", () => {
    const writer = new TextRecords("csv");
    const chunks = ["one", "two", "three", "four", "five", "six"].map((reason) =>
      writer.write(batchOf([["a", 1, 1n, reason, 1]])).slice(),
    );
    expect(text(chunks).match(/,(one|two|three|four|five|six),/g)).toHaveLength(6);
  });

  it("refuses a batch with other columns", () => {
    const writer = new TextRecords("csv");
    writer.write(batchOf([]));
    const [other] = tableFromArrays({ srcaddr: ["a"] }).batches;
    expect(() => writer.write(other!)).toThrow(/other columns/);
  });

  it("refuses a column type no log has", () => {
    const { batches } = new (class {
      batches = [new RecordBatch({ half: makeVector(new Float32Array([0.5])).data[0]! })];
    })();
    expect(() => new TextRecords("csv").write(batches[0]!)).toThrow(/column half/);
  });

  it("makes valid UTF-8 of bytes that are none", () => {
    const data = makeData({
      type: new Utf8(),
      length: 1,
      nullCount: 0,
      valueOffsets: new Int32Array([0, 2]),
      data: new Uint8Array([0x41, 0xff]),
    });
    const batch = new RecordBatch({ tag: data });
    expect(text([new TextRecords("csv").write(batch)])).toBe("tag\nA\ufffd\n");
    expect(text([new TextRecords("ndjson").write(batch)])).toBe('{"tag":"A\ufffd"}\n');
  });

  it("gives back any rows through a CSV and a JSON reader", () => {
    const row = fc.tuple(
      fc.option(fc.string({ unit: "grapheme", minLength: 1 })),
      fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.string({ unit: "binary" }),
      fc.nat({ max: 2 ** 32 - 1 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const batch = batchOf(rows);
        const csv = text([new TextRecords("csv").write(batch)]);
        const parsed: string[][] = parse(csv, { from_line: 1, relax_quotes: false });
        expect(parsed.slice(1)).toEqual(
          rows.map((cells) => cells.map((cell) => String(cell ?? ""))),
        );
        const lines = text([new TextRecords("ndjson").write(batch)])
          .trimEnd()
          .split("\n");
        expect(lines.map((line) => JSON.parse(line).srcaddr)).toEqual(
          rows.map((cells) => cells[0]),
        );
        expect(lines.map((line) => JSON.parse(line).reason)).toEqual(rows.map((cells) => cells[3]));
      }),
      { numRuns: 100 },
    );
  });
});

describe("recordsFormatOf", () => {
  it.each([
    ["out.csv", "csv"],
    ["OUT.CSV", "csv"],
    ["a/b.ndjson", "ndjson"],
    ["b.jsonl", "ndjson"],
    ["b.json", undefined],
    ["-", undefined],
  ])("%s asks for %s", (path, format) => {
    expect(recordsFormatOf(path)).toBe(format);
  });
});
