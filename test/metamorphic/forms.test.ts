// One log written in every form gives the same verdicts, and the same rows are malformed.
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { LogInput } from "../../src/analysis/index.js";
import { evaluate } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import { unpackWeb } from "../../src/logs/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { arrowOf, type LogTable, parquetOf, tableOf, textOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { type Cut, coreOf, runInputs } from "../support/wasm-engine.js";
import { OTHER_NODES, zstdOf } from "../support/zstd.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 6);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);

/** Values that do not fit, or only just do. */
const ODD = [
  "x",
  "00443",
  "65535",
  "65536",
  "255",
  "256",
  "4294967295",
  "4294967296",
  "00000000001",
  "9223372036854775807",
  "9223372036854775808",
  "12345678901234567890123",
  "1.5",
  "1e3",
  "256.1.1.1",
  "10.0.0.01",
  "::ffff:10.0.0.1",
  "2001:DB8::1",
  "fd00::",
  "fe80::1%eth0",
  "ACCEPT",
  "accept",
  "OK",
  "SKIPDATA",
  "ingress",
  "egres",
  "e".repeat(64),
  "e".repeat(65),
  "ü-ß",
  "nat-1",
  null,
];

/** Some cells are replaced by odd ones. */
function spoiled({ names, rows }: LogTable, seed: number): LogTable {
  const random = randomOf(seed);
  return {
    names,
    rows: rows.map((row) =>
      row.map((cell) =>
        random() < 0.02 ? (ODD[Math.floor(random() * ODD.length)] ?? null) : cell,
      ),
    ),
  };
}

interface Case {
  readonly name: string;
  readonly ruleSet: RuleSet;
  readonly table: LogTable;
}

const CASES: readonly Case[] = Array.from({ length: SEEDS }, (_, i): Case => {
  const seed = FIRST + i;
  if (i % 3 === 2) {
    const options = { seed, records: 3000, interfaces: 12, format: "v5" as const };
    const chunks = [...generateLog(options)].map(({ text }) => new TextDecoder().decode(text));
    const table = tableOf(chunks.join(""));
    return { name: `generated, seed ${seed}`, ruleSet: generateAccount(options).ruleSet, table };
  }
  const { ruleSet, text } = randomCase(seed, 700);
  const table = tableOf(text);
  if (i % 3 === 0) return { name: `random, seed ${seed}`, ruleSet, table };
  return { name: `spoiled, seed ${seed}`, ruleSet, table: spoiled(table, seed) };
});

/** Rows, with the names in front: `-` and blanks as each form has them. */
function delimited({ names, rows }: LogTable, delimiter: string, quoted: boolean): Uint8Array {
  const cell = (value: string | null): string => (quoted ? `"${value ?? ""}"` : (value ?? ""));
  const lines = [names, ...rows].map((row) => row.map(cell).join(delimiter));
  return encode(`${lines.join("\r\n")}\r\n`);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function objectsOf({ names, rows }: LogTable): Record<string, string | number | null>[] {
  const value = (cell: string | null): string | number | null =>
    cell !== null && /^(0|[1-9]\d{0,14})$/.test(cell) ? Number(cell) : cell;
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, value(row[i]!)])));
}

function messagesOf(table: LogTable): string[] {
  return textOf(table).trimEnd().split("\n");
}

/** What CloudWatch Logs hands to a subscription: gzip of JSON, in base64. */
function envelope(messages: readonly string[]): string {
  const logEvents = messages.map((message, i) => ({ id: String(i), timestamp: 0, message }));
  const body = JSON.stringify({ messageType: "DATA_MESSAGE", logGroup: "g", logEvents });
  return gzipSync(body).toString("base64");
}

/** Forms whose rows are lines of text, or follow a header: rows are numbered from behind it. */
const TEXT_FORMS: Readonly<Record<string, (table: LogTable) => Uint8Array>> = {
  gzip: (table) => gzipSync(textOf(table)),
  "gzip, in two members": (table) => {
    const text = textOf(table);
    return Buffer.concat([gzipSync(text.slice(0, 5_000)), gzipSync(text.slice(5_000))]);
  },
  ...(OTHER_NODES.length === 0
    ? {}
    : { zstd: (table: LogTable) => zstdOf(textOf(table), { checksum: true }) }),
  "CSV as Athena writes it": (table) => delimited(table, ",", true),
  "CSV of a spreadsheet": (table) => delimited(table, ";", false),
  "separated by tabs": (table) => delimited(table, "\t", false),
  "CSV of Logs Insights": (table) =>
    encode(
      `@timestamp,@message\n${messagesOf(table)
        .slice(1)
        .map((line) => `2024-12-14 16:30:50.000,"${line}"`)
        .join("\n")}\n`,
    ),
  "CloudWatch's export, a time in front": (table) => {
    const [header = "", ...lines] = messagesOf(table);
    const timed = lines.map((line) => `2024-12-14T16:30:50.000Z ${line}`);
    return encode(`${header}\n${timed.join("\n")}\n`);
  },
  "messages of get-log-events, the header one of them": (table) =>
    encode(JSON.stringify({ events: messagesOf(table).map((message) => ({ message })) }, null, 2)),
  "Firehose's objects, one a line": (table) =>
    encode(
      messagesOf(table)
        .map((message) => JSON.stringify({ message }))
        .join("\n"),
    ),
  "a subscription's envelopes": (table) => {
    const messages = messagesOf(table);
    const records: object[] = [];
    for (let from = 0; from < messages.length; from += 100)
      records.push({ kinesis: { data: envelope(messages.slice(from, from + 100)) } });
    return encode(JSON.stringify({ Records: records }));
  },
};

/** Forms of JSON whose rows are objects: numbered from 1, as rows of columns are. */
const OBJECT_FORMS: Readonly<Record<string, (table: LogTable) => Uint8Array>> = {
  "JSON objects, one a line": (table) =>
    encode(
      objectsOf(table)
        .map((object) => JSON.stringify(object))
        .join("\n"),
    ),
  "a list of JSON objects": (table) => encode(JSON.stringify(objectsOf(table), null, 1)),
  "a list of JSON objects in gzip": (table) => gzipSync(JSON.stringify(objectsOf(table))),
};

/** Bytes as a log that is unpacked on the way. */
function packedInput(name: string, bytes: Uint8Array, chunkBytes = 1 << 20): LogInput {
  const input = columnarInput(name, bytes, chunkBytes);
  return { name, open: () => unpackWeb(input.open()) };
}

/** Every columnar form. */
const FORMS: Readonly<Record<string, (table: LogTable) => Uint8Array>> = {
  "an Arrow stream of texts": (table) => arrowOf(table),
  "an Arrow stream of numbers": (table) => arrowOf(table, { typed: true }),
  "an Arrow stream of dictionaries": (table) => arrowOf(table, { typed: true, texts: "coded" }),
  "dictionaries alone": (table) => arrowOf(table, { texts: "coded", batchRows: 97 }),
  "an Arrow stream of large texts": (table) => arrowOf(table, { texts: "large" }),
  // In one batch: the library that writes them loses the texts of later ones.
  "an Arrow stream of views": (table) => arrowOf(table, { texts: "view" }),
  "an Arrow file": (table) => arrowOf(table, { file: true, typed: true, batchRows: 333 }),
  "an Arrow file with times": (table) =>
    arrowOf(table, { file: true, typed: true, times: true, texts: "coded" }),
  "Parquet, as AWS writes it": (table) => parquetOf(table, { typed: true, codec: "GZIP" }),
  "Parquet, the other width": (table) => parquetOf(table, { typed: true, wideProtocol: true }),
  "Parquet, not compressed": (table) => parquetOf(table, { typed: true, codec: "UNCOMPRESSED" }),
  "Parquet, deltas": (table) => parquetOf(table, { typed: true, encoding: "DELTA_BINARY_PACKED" }),
  "Parquet, streams of bytes": (table) =>
    parquetOf(table, { typed: true, encoding: "BYTE_STREAM_SPLIT" }),
  "Parquet, texts and None": (table) => parquetOf(table, { none: true }),
  "Parquet, times": (table) => parquetOf(table, { typed: true, times: true }),
  "Parquet, small pages and groups": (table) =>
    parquetOf(table, { typed: true, pageSize: 300, rowGroupSize: 201 }),
};

interface Said {
  /** What is said of each record, by its row, in the order of output. */
  readonly said: readonly string[];
  readonly summary: Summary;
}

async function judge(
  input: LogInput,
  ruleSet: RuleSet,
  headerLines: number,
  cut: Cut = {},
  fields: readonly string[] | undefined = undefined,
): Promise<Said> {
  const options = { core: await coreOf("release"), ruleSet, ...(fields && { fields }) };
  const { judged, summary } = await runInputs([input], options, cut);
  const said = judged.map(
    ({ file: _, line, ...rest }) => `${line - headerLines} ${JSON.stringify(rest)}`,
  );
  return { said, summary };
}

/** The summary without what names files and lines, and counts bytes; `headerLines`: how rows are numbered in it. */
function counts({ coverage, mismatches, ...rest }: Summary, headerLines: number): object {
  const { bytesRead: _, malformed, notes: __, ...others } = coverage;
  const rows = ({ samples, ...tuple }: (typeof mismatches.acceptedButDenied)[number]): object => ({
    ...tuple,
    samples: samples.map(({ line }) => line - headerLines),
  });
  return {
    ...rest,
    acceptedButDenied: mismatches.acceptedButDenied.map(rows),
    rejectedButAllowed: mismatches.rejectedButAllowed.map(rows),
    coverage: {
      ...others,
      malformed: malformed.byReason,
      samples: malformed.samples.map(({ line, reason }) => ({ row: line - headerLines, reason })),
    },
  };
}

describe.each(CASES)("$name", ({ ruleSet, table }) => {
  let expected: Said;
  beforeAll(async () => {
    const bytes = new TextEncoder().encode(textOf(table));
    expected = await judge(columnarInput("log", bytes), ruleSet, 1);
    expect(expected.said.length).toBeGreaterThan(100);
  });

  test.each(Object.entries(FORMS))("%s", async (_, write) => {
    const input = columnarInput("log", write(table));
    const found = await judge(input, ruleSet, 0);
    expect(found.said).toEqual(expected.said);
    expect(counts(found.summary, 0)).toEqual(counts(expected.summary, 1));
    // Without records no column but those of the judgement is read, and no text is made.
    const alone = await evaluate([input], { core: await coreOf("release"), ruleSet });
    expect(counts(alone, 0)).toEqual(counts(expected.summary, 1));
  });

  test.each([
    ...Object.entries(TEXT_FORMS).map(([name, write]) => [name, write, 1] as const),
    ...Object.entries(OBJECT_FORMS).map(([name, write]) => [name, write, 0] as const),
  ])("%s", async (name, write, headerLines) => {
    const bytes = write(table);
    const fields = name === "CSV of Logs Insights" ? table.names : undefined;
    for (const chunkBytes of [1 << 20, 1_777]) {
      const input = packedInput("log", bytes, chunkBytes);
      const found = await judge(input, ruleSet, headerLines, { chunkBytes }, fields);
      expect(found.said).toEqual(expected.said);
      expect(counts(found.summary, headerLines)).toEqual(counts(expected.summary, 1));
    }
  });

  test("batches and chunks of other sizes, and the debug build", async () => {
    const random = randomOf(table.rows.length);
    for (const [name, write] of Object.entries(FORMS)) {
      const cut = {
        batchRows: 1 + Math.floor(random() * 200),
        chunkBytes: 1 + Math.floor(random() * 3000),
      };
      const input = columnarInput("log", write(table), cut.chunkBytes);
      const found = await judge(input, ruleSet, 0, cut);
      expect({ name, cut, said: found.said }).toEqual({ name, cut, said: expected.said });
    }
    const input = columnarInput("log", arrowOf(table, { typed: true, texts: "coded" }));
    const core = await coreOf("debug");
    const { summary } = await runInputs([input], { core, ruleSet });
    expect(counts(summary, 0)).toEqual(counts(expected.summary, 1));
  });
});
