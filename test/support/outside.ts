// Programs of others, installed apart by `npm install --no-save --prefix test/outside`.
import { execFileSync } from "node:child_process";
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

// In one thread, so that rows keep their order; numbers of 64 bits come as text, and so whole.
function withSettings(sql: string, settings: string): string {
  const common = "max_threads = 1, output_format_json_quote_64bit_integers = 1";
  return `${sql} SETTINGS ${settings === "" ? common : `${common}, ${settings}`}`;
}

/** Rows of a ClickHouse query, in memory. */
export function clickhouse(sql: string, settings = ""): readonly OutsideRow[] {
  const { query } = require("chdb") as { query(sql: string, format: string): string };
  return rowsOf(query(withSettings(sql, settings), "JSONEachRow"));
}

/** The same with a configuration file of the server, in a process of its own: it is read once in each. */
export function clickhouseWith(
  config: string,
  sql: string,
  settings: string,
): readonly OutsideRow[] {
  const program = [
    "const { Session } = require(process.argv[1]);",
    "const [config, sql] = process.argv.slice(2);",
    'const session = new Session(undefined, { connectionArgs: ["--config-file=" + config] });',
    'process.stdout.write(session.query(sql, "JSONEachRow"));',
    "session.cleanup();",
  ].join("\n");
  const args = ["--eval", program, require.resolve("chdb"), config, withSettings(sql, settings)];
  return rowsOf(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function rowsOf(answer: string): readonly OutsideRow[] {
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
