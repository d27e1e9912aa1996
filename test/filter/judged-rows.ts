// Judged records as plain objects, as a batch of the columns that the program writes, and as a naive evaluator reads them.
import {
  type DataType,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Uint32,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import fc from "fast-check";
import type { NamedGroup } from "../../src/filter/index.js";
import { CHANGES } from "../../src/model/opener.js";
import { DIRECTIONS, GRADES, OPENERS, REASONS, VERDICTS } from "../../src/model/verdict.js";

export interface JudgedRow {
  readonly interface_id: string | null;
  readonly srcaddr: string | null;
  readonly dstaddr: string | null;
  readonly srcport: number | null;
  readonly dstport: number | null;
  readonly protocol: number | null;
  readonly bytes: bigint | null;
  readonly start: bigint | null;
  readonly action: string | null;
  readonly pkt_srcaddr: string | null;
  readonly pkt_dstaddr: string | null;
  readonly direction: string;
  readonly verdict: string;
  readonly reason: string;
  readonly detail: string;
  readonly rules: string;
  readonly opener: string;
  readonly grade: string;
  readonly file: string;
  readonly line: number;
  readonly change: string;
}

export const INTERFACES: readonly string[] = ["eni-1", "eni-2", "eni-3"];
/** Groups by interface, with their names; the third is not known. */
export const GROUPS: Readonly<Record<string, readonly NamedGroup[]>> = {
  "eni-1": [{ id: "sg-db", name: "databases" }],
  "eni-2": [
    { id: "sg-web", name: "" },
    { id: "sg-db", name: "databases" },
  ],
};
export const ADDRESSES: readonly string[] = [
  "10.0.0.4",
  "10.0.0.5",
  "10.255.255.255",
  "192.0.2.1",
  "0.0.0.0",
  "255.255.255.255",
  "2001:db8::1",
  "2001:0DB8:0:0::1",
  "fd00::",
];
export const RULES: readonly string[] = ["sgr-1", "sgr-2", "sg-a/ingress/tcp/443/0.0.0.0/0"];
export const FILES: readonly string[] = ["a b.log", "2024/12/x.log.gz", "and"];
export const DETAILS: readonly string[] = ["", "sg-9", "acl-0a ingress *", 'say "it"'];

const COLUMNS: Readonly<Record<keyof JudgedRow, DataType>> = {
  interface_id: new Utf8(),
  srcaddr: new Utf8(),
  dstaddr: new Utf8(),
  srcport: new Int32(),
  dstport: new Int32(),
  protocol: new Int32(),
  bytes: new Int64(),
  start: new Int64(),
  action: new Utf8(),
  pkt_srcaddr: new Utf8(),
  pkt_dstaddr: new Utf8(),
  direction: new Dictionary(new Utf8(), new Int32()),
  verdict: new Dictionary(new Utf8(), new Int32()),
  reason: new Dictionary(new Utf8(), new Int32()),
  detail: new Dictionary(new Utf8(), new Int32()),
  rules: new Dictionary(new Utf8(), new Int32()),
  opener: new Dictionary(new Utf8(), new Int32()),
  grade: new Dictionary(new Utf8(), new Int32()),
  file: new Dictionary(new Utf8(), new Int32()),
  line: new Uint32(),
  change: new Dictionary(new Utf8(), new Int32()),
};

export function batchOf(
  rows: readonly JudgedRow[],
  names: readonly (keyof JudgedRow)[] = Object.keys(COLUMNS) as (keyof JudgedRow)[],
): RecordBatch {
  const vectors = names.map((name) =>
    vectorFromArray(
      rows.map((row) => row[name]),
      COLUMNS[name],
    ),
  );
  const fields = names.map((name, i) => new Field(name, vectors[i]!.type, true));
  const data = makeData({
    type: new Struct(fields),
    length: rows.length,
    nullCount: 0,
    children: vectors.map((vector) => vector.data[0]!),
  });
  return new RecordBatch(new Schema(fields), data);
}

const missing = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(value, { freq: 5 });
const among = (list: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...list);
const port = fc.oneof(fc.constantFrom(0, 22, 443, 3389, 65_535), fc.nat(65_535));

export const judgedRow: fc.Arbitrary<JudgedRow> = fc.record({
  interface_id: missing(among(INTERFACES)),
  srcaddr: missing(among(ADDRESSES)),
  dstaddr: missing(among(ADDRESSES)),
  srcport: missing(port),
  dstport: missing(port),
  protocol: missing(fc.constantFrom(1, 6, 17, 58, 255)),
  bytes: missing(fc.bigInt(0n, 1n << 62n)),
  start: missing(fc.bigInt(1_734_190_000n, 1_734_200_000n)),
  action: missing(among(["ACCEPT", "REJECT"])),
  pkt_srcaddr: missing(among(ADDRESSES)),
  pkt_dstaddr: missing(among(ADDRESSES)),
  direction: among(DIRECTIONS),
  verdict: among(VERDICTS),
  reason: among(REASONS),
  detail: among(DETAILS),
  rules: fc.subarray([...RULES]).map((rules) => rules.join("|")),
  opener: among(OPENERS),
  grade: among(GRADES),
  file: among(FILES),
  line: fc.integer({ min: 1, max: 4_294_967_295 }),
  change: among(CHANGES),
});
