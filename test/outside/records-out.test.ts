// Judged records in every form, read back by programs that nobody here wrote, and compared cell by cell with the CSV.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI_MAIN } from "../cli/run-cli.js";
import { clickhouse, duckdb, type OutsideRow } from "../support/outside.js";
import { ROOT } from "../support/packed.js";

const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));
const ENDINGS = ["csv", "ndjson", "arrows", "arrow", "parquet"] as const;

/** Runs the program and gives its stdout as bytes. */
function evaluate(...args: readonly string[]): Uint8Array {
  const fixed = ["evaluate", "examples/logs", "--rules", "examples/account", "--quiet"];
  return execFileSync(process.execPath, [CLI_MAIN, ...fixed, ...args], {
    cwd: ROOT,
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

const file = (ending: string): string => join(folder, `records.${ending}`);
let expected: readonly OutsideRow[];

beforeAll(() => {
  for (const ending of ENDINGS) evaluate("--records", file(ending));
  const rows = parse(readFileSync(file("csv")), { columns: true }) as Record<string, string>[];
  expected = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text])),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** CSV cannot tell a missing value from an empty one. */
function asCsv(rows: readonly OutsideRow[]): readonly OutsideRow[] {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text ?? ""])),
  );
}

describe("records as ClickHouse reads them", () => {
  it.each([
    ["ndjson", "JSONEachRow"],
    ["arrows", "ArrowStream"],
    ["arrow", "Arrow"],
    ["parquet", "Parquet"],
  ])("%s holds the cells of the CSV, in its order", (ending, format) => {
    const rows = clickhouse(`SELECT * FROM file('${file(ending)}', '${format}')`);
    expect(rows.length).toBeGreaterThan(5_000);
    expect(asCsv(rows)).toEqual(expected);
  });

  it("knows ids as dictionaries, numbers as numbers, and what may be missing", () => {
    const columns = clickhouse(`DESCRIBE TABLE file('${file("arrows")}', 'ArrowStream')`);
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      interface_id: "LowCardinality(Nullable(String))",
      srcaddr: "Nullable(String)",
      dstport: "Nullable(Int32)",
      bytes: "Nullable(Int64)",
      verdict: "LowCardinality(String)",
      rules: "LowCardinality(String)",
      line: "UInt32",
    });
  });
});

describe("records as DuckDB reads them", () => {
  it("parquet holds the cells of the CSV, in its order", async () => {
    const rows = await duckdb(`SELECT * FROM read_parquet('${file("parquet")}')`);
    expect(asCsv(rows)).toEqual(expected);
  });

  it("ndjson holds the cells of the CSV, in its order", async () => {
    const rows = await duckdb(`SELECT * FROM read_json('${file("ndjson")}', sample_size = -1)`);
    expect(asCsv(rows)).toEqual(expected);
  });

  it("knows numbers as numbers, and skips row groups by their bounds", async () => {
    const columns = await duckdb(`DESCRIBE SELECT * FROM read_parquet('${file("parquet")}')`);
    const types = Object.fromEntries(
      columns.map(({ column_name, column_type }) => [column_name, column_type]),
    );
    expect(types).toMatchObject({
      interface_id: "VARCHAR",
      dstport: "INTEGER",
      bytes: "BIGINT",
      verdict: "VARCHAR",
      line: "UINTEGER",
    });
    const [start] = await duckdb(
      `SELECT stats_min_value = (SELECT min(start)::VARCHAR FROM read_parquet('${file("parquet")}')) AS same
       FROM parquet_metadata('${file("parquet")}') WHERE path_in_schema = 'start'`,
    );
    expect(start).toEqual({ same: "true" });
  });
});

describe("records", () => {
  it("are the same bytes in every run, in a file and in a pipe", () => {
    const formats = {
      csv: "csv",
      ndjson: "ndjson",
      arrows: "arrow",
      arrow: "arrow-file",
      parquet: "parquet",
    } as const;
    for (const ending of ENDINGS) {
      const piped = evaluate("--records", "-", "--records-format", formats[ending]);
      expect(Buffer.compare(piped, readFileSync(file(ending))), ending).toBe(0);
    }
  });
});
