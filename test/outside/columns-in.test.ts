// Columnar logs as other programs write them, and the program as a filter inside one of them.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI_MAIN } from "../cli/run-cli.js";
import { clickhouse, clickhouseWith, duckdb } from "../support/outside.js";
import { ROOT } from "../support/packed.js";

const RECORDS = 20_000;
const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));
const inFolder = (name: string): string => join(folder, name);
const account = inFolder("made/account");

const NUMBERS: Readonly<Record<string, string>> = {
  version: "INTEGER",
  srcport: "INTEGER",
  dstport: "INTEGER",
  protocol: "INTEGER",
  packets: "BIGINT",
  bytes: "BIGINT",
  start: "BIGINT",
  end: "BIGINT",
  "tcp-flags": "INTEGER",
  "traffic-path": "INTEGER",
};
let names: readonly string[] = [];

function run(args: readonly string[], input?: Uint8Array): Uint8Array {
  return execFileSync(process.execPath, [CLI_MAIN, ...args], {
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "ignore"],
    ...(input === undefined ? {} : { input }),
  });
}

/** The records of a log without the file and the line that each came from, which are the last two columns. */
function verdicts(log: string): string {
  const args = ["evaluate", log, "--rules", account, "--quiet", "--records", "-"];
  const text = new TextDecoder().decode(run(args));
  const lines = text.split("\n").map((line) => line.replace(/,[^,]*,[^,]*$/, ""));
  expect(lines.length).toBeGreaterThan(RECORDS * 0.9);
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

let expected = "";

beforeAll(() => {
  const made = inFolder("made");
  run([
    "generate",
    "-o",
    made,
    "--records",
    String(RECORDS),
    "--format",
    "v5",
    "--seed",
    "7",
    "--quiet",
  ]);
  const [path = ""] = execFileSync("find", [made, "-name", "*.log"], { encoding: "utf8" }).split(
    "\n",
  );
  const text = readFileSync(path, "utf8");
  names = text.slice(0, text.indexOf("\n")).split(" ");
  writeFileSync(inFolder("log.txt"), text);
  expected = verdicts(inFolder("log.txt"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The log as a query of DuckDB; `types` are those of numbers, `as` makes a column of one that is null or text. */
function selection(types: Readonly<Record<string, string>>, as = (name: string) => name): string {
  const columns = names.map((name) => {
    const value = as(`"${name}"`);
    const type = types[name];
    const typed = type === undefined ? value : `cast(${value} AS ${type})`;
    return `${typed} AS "${name.replaceAll("-", "_")}"`;
  });
  const log = `read_csv('${inFolder("log.txt")}', delim = ' ', header = true, all_varchar = true, nullstr = '-', quote = '')`;
  return `SELECT ${columns.join(", ")} FROM ${log}`;
}

async function parquetByDuckDb(name: string, select: string, options: string): Promise<string> {
  const path = inFolder(`${name}.parquet`);
  await duckdb(`COPY (${select}) TO '${path}' (FORMAT parquet${options})`);
  return path;
}

describe("Parquet that DuckDB writes", () => {
  it.each(["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"])(
    "compressed by %s, in small row groups",
    async (codec) => {
      const options = `, COMPRESSION ${codec}, ROW_GROUP_SIZE 7000`;
      const path = await parquetByDuckDb(codec, selection(NUMBERS), options);
      expect(verdicts(path)).toBe(expected);
    },
  );

  it.each([
    ["the other width of protocol", { ...NUMBERS, protocol: "BIGINT" }],
    [
      "unsigned numbers and doubles",
      {
        ...NUMBERS,
        protocol: "UTINYINT",
        srcport: "USMALLINT",
        dstport: "UINTEGER",
        packets: "UBIGINT",
        bytes: "DOUBLE",
      },
    ],
    ["decimals without scale", { ...NUMBERS, packets: "DECIMAL(38, 0)", bytes: "DECIMAL(18, 0)" }],
    ["numbers as text", {}],
  ])("%s", async (name, types) => {
    const path = await parquetByDuckDb(name.replaceAll(" ", "-"), selection(types), "");
    expect(verdicts(path)).toBe(expected);
  });

  it("numbers as text, and None for what is missing", async () => {
    const select = selection({}, (name) => `coalesce(${name}, 'None')`);
    expect(verdicts(await parquetByDuckDb("none", select, ""))).toBe(expected);
  });

  it("pages of version 2, delta encodings among them", async () => {
    const path = await parquetByDuckDb(
      "v2",
      selection(NUMBERS),
      ", PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1",
    );
    expect(verdicts(path)).toBe(expected);
  });

  it("timestamps", async () => {
    const { start: _, end: __, ...types } = NUMBERS;
    const time = (name: string): string =>
      name === '"start"' || name === '"end"' ? `to_timestamp(cast(${name} AS BIGINT))` : name;
    expect(verdicts(await parquetByDuckDb("times", selection(types, time), ""))).toBe(expected);
  });
});

describe("what ClickHouse writes", () => {
  const log = (): string => {
    const columns = names.map((name, i) => {
      const cell = `nullIf(splitByChar(' ', line)[${i + 1}], '-')`;
      const types: Readonly<Record<string, string>> = { INTEGER: "Int32", BIGINT: "Int64" };
      const type = types[NUMBERS[name] ?? ""];
      const value = type === undefined ? cell : `CAST(${cell} AS Nullable(${type}))`;
      return `${value} AS ${name.replaceAll("-", "_")}`;
    });
    const lines = `file('${inFolder("log.txt")}', 'LineAsString')`;
    return `SELECT ${columns.join(", ")} FROM ${lines} WHERE NOT startsWith(line, 'version')`;
  };

  // In one thread, so that the rows keep their order; no answer depends on it, but their numbers do.
  it.each([
    ["ArrowStream", "output_format_arrow_compression_method = 'none'"],
    ["ArrowStream", "output_format_arrow_compression_method = 'lz4_frame'"],
    ["Arrow", "output_format_arrow_compression_method = 'zstd'"],
    [
      "ArrowStream",
      "output_format_arrow_low_cardinality_as_dictionary = 1, allow_suspicious_low_cardinality_types = 1",
    ],
    ["Parquet", "output_format_parquet_compression_method = 'zstd'"],
    ["Parquet", "output_format_parquet_compression_method = 'lz4'"],
  ])("%s, %s", (format, setting) => {
    const path = inFolder(
      `clickhouse-${createHash("md5")
        .update(format + setting)
        .digest("hex")}`,
    );
    clickhouse(`INSERT INTO FUNCTION file('${path}', '${format}') ${log()}`, setting);
    expect(verdicts(path)).toBe(expected);
  });

  it("addresses of its own types", () => {
    const path = inFolder("addresses");
    const own = `SELECT * REPLACE (CAST(srcaddr AS Nullable(IPv6)) AS srcaddr, CAST(dstaddr AS Nullable(IPv6)) AS dstaddr) FROM (${log()})`;
    clickhouse(`INSERT INTO FUNCTION file('${path}', 'ArrowStream') ${own}`, "");
    expect(verdicts(path)).toBe(expected);
  });
});

describe("as a filter", () => {
  const filter = [
    "evaluate",
    "-",
    "--rules",
    "RULES",
    "--records",
    "-",
    "--records-format",
    "arrow",
  ];
  const args = (): string[] => filter.map((word) => (word === "RULES" ? account : word));

  it("takes Arrow from a pipe and gives Arrow, nothing else", async () => {
    const path = inFolder("stream.arrows");
    run(["evaluate", inFolder("log.txt"), "--rules", account, "--quiet", "--records", path]);
    const judged = run([...args(), "--quiet"], readFileSync(path));
    writeFileSync(inFolder("judged.arrows"), judged);
    const [row] = clickhouse(
      `SELECT count() AS n FROM file('${inFolder("judged.arrows")}', 'ArrowStream')`,
    );
    expect(Number(row?.n)).toBeGreaterThan(RECORDS * 0.9);
  });

  it("runs inside of ClickHouse as executable(), and judges as on its own", () => {
    const scripts = inFolder("scripts");
    mkdirSync(scripts);
    const command = [process.execPath, CLI_MAIN, ...args(), "--quiet"];
    const script = join(scripts, "judge");
    writeFileSync(
      script,
      `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} 2>${inFolder("judge.log")}\n`,
    );
    chmodSync(script, 0o755);
    const config = inFolder("config.xml");
    writeFileSync(
      config,
      `<clickhouse><user_scripts_path>${scripts}</user_scripts_path></clickhouse>`,
    );
    const columns = names.map((name) => name.replaceAll("-", "_")).join(", ");
    const log = `SELECT ${columns} FROM file('${inFolder("snappy.parquet")}', 'Parquet')`;
    const judged = `executable('judge', 'ArrowStream', 'srcaddr Nullable(String), verdict String, reason String', (${log}), SETTINGS command_read_timeout = 100000)`;
    const counted = (from: string): string =>
      `SELECT verdict, reason, count() AS n, uniqExact(srcaddr) AS sources FROM ${from} GROUP BY verdict, reason ORDER BY verdict, reason`;
    const settings = "output_format_arrow_compression_method = 'none'";
    const found = clickhouseWith(config, counted(judged), settings);
    const alone = inFolder("alone.arrows");
    run([
      "evaluate",
      inFolder("snappy.parquet"),
      "--rules",
      account,
      "--quiet",
      "--records",
      alone,
    ]);
    expect(found).toEqual(clickhouse(counted(`file('${alone}', 'ArrowStream')`)));
    expect(found.length).toBeGreaterThan(3);
  });

  it("waits for who reads it: what is not read is not made", async () => {
    const child = spawn(process.execPath, [CLI_MAIN, ...args(), "--quiet"], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const ended = once(child, "exit");
    child.stdin.on("error", () => {});
    // Far more than the look-ahead and any buffer on the way hold: 8,000 records of five seconds each time.
    let taken = 0;
    let wanted = 4_000_000;
    const feed = async (): Promise<void> => {
      for (let time = 1_700_000_000; taken < wanted; time += 5) {
        const line = `2 123456789012 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 1 40 ${time} ${time + 4} ACCEPT OK\n`;
        if (!child.stdin.write(line.repeat(8_000))) await once(child.stdin, "drain");
        taken += 8_000;
      }
      child.stdin.end();
    };
    const fed = feed();
    let before = -1;
    while (taken !== before || taken === 0) {
      before = taken;
      await setTimeout(4_000);
    }
    expect(taken).toBeLessThan(wanted);
    const stood = taken;
    // Read on, it goes on.
    wanted = taken + 100_000;
    child.stdout.resume();
    await fed;
    expect(taken).toBeGreaterThan(stood);
    expect(await ended).toEqual([0, null]);
  }, 300_000);
});
