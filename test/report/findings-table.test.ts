import { tableFromIPC } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { findingsTable } from "../../src/report/findings-table.js";
import { recordWriter } from "../../src/report/record-writer.js";
import type { RecordsFormat } from "../../src/report/records-format.js";
import type { Json, Report } from "../../src/report/report.js";

const ITEMS: readonly Json[] = [
  { change: "newly-denied", source: { label: "10.0.0.0/8" }, port: 443, rules: ["a", "b"] },
  { change: "unchanged", source: { label: 'say "x", y' }, port: null, shares: [{ share: 0.5 }] },
];
const REPORT: Report = {
  name: "diff",
  document: () => ({}),
  head: () => ({}),
  findings: () => [
    ["tuple", ITEMS],
    ["interface", [{ id: "eni-1" }]],
    ["rule", [{ id: "sg-1/ingress", share: 0.25, stale: false }]],
  ],
  body: () => {
    throw new Error("not asked for");
  },
};

function written(format: RecordsFormat): Uint8Array {
  const writer = recordWriter(format);
  return Buffer.concat([
    Buffer.from(writer.write(findingsTable(REPORT))),
    Buffer.from(writer.end()),
  ]);
}

const ROWS = [
  { type: "tuple", change: "newly-denied", label: "10.0.0.0/8", port: 443n, rules: "a|b" },
  { type: "tuple", change: "unchanged", label: 'say "x", y', port: null, rules: null },
  { type: "rule", change: null, label: null, port: null, rules: null },
];

test("findings are rows of a table: CSV", () => {
  expect(Buffer.from(written("csv")).toString()).toBe(
    [
      "type,change,source.label,port,rules,shares,id,share,stale",
      "tuple,newly-denied,10.0.0.0/8,443,a|b,,,,",
      'tuple,unchanged,"say ""x"", y",,,"[{""share"":0.5}]",,,',
      "rule,,,,,,sg-1/ingress,0.25,false",
      "",
    ].join("\n"),
  );
});

test.each(["arrow", "arrow-file"] as const)("findings are rows of a table: %s", (format) => {
  const rows = tableFromIPC(written(format)).toArray();
  expect(
    rows.map((row) => ({
      type: row.type,
      change: row.change,
      label: row["source.label"],
      port: row.port,
      rules: row.rules,
    })),
  ).toEqual(ROWS);
});

test("findings are rows of a table: Parquet", async () => {
  const bytes = written("parquet");
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file: file as ArrayBuffer });
  expect(
    rows.map((row) => ({
      type: row.type,
      change: row.change ?? null,
      label: row["source.label"] ?? null,
      port: row.port ?? null,
      rules: row.rules ?? null,
    })),
  ).toEqual(ROWS);
});
