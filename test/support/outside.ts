// Programs of others, installed apart by `npm install --no-save --prefix test/outside`.
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "./packed.js";

const require = createRequire(join(ROOT, "test", "outside", "package.json"));

/** A row as both engines give it here: every value as text, null where it is missing. */
export type OutsideRow = Readonly<Record<string, string | null>>;

function texts(row: Readonly<Record<string, unknown>>): OutsideRow {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, value === null ? null : String(value)]),
  );
}

/** Rows of a ClickHouse query, in memory. */
export function clickhouse(sql: string): readonly OutsideRow[] {
  const { query } = require("chdb") as { query(sql: string, format: string): string };
  // Numbers of 64 bits come as text then, and so whole.
  const answer = query(
    `${sql} SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 1`,
    "JSONEachRow",
  );
  const lines = answer.split("\n").filter((line) => line !== "");
  return lines.map((line) => texts(JSON.parse(line)));
}

interface DuckConnection {
  runAndReadAll(sql: string): Promise<{
    getRowObjects(): readonly Readonly<Record<string, unknown>>[];
  }>;
  closeSync(): void;
}

/** Rows of a DuckDB query, in memory. */
export async function duckdb(sql: string): Promise<readonly OutsideRow[]> {
  const { DuckDBInstance } = require("@duckdb/node-api") as {
    DuckDBInstance: {
      create(path: string): Promise<{ connect(): Promise<DuckConnection>; closeSync(): void }>;
    };
  };
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(sql)).getRowObjects();
    return rows.map(texts);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
