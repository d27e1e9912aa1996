// One log written as text and in every columnar form gives the same verdicts, and the same rows are malformed.
import { beforeAll, describe, expect, test } from "vitest";
import type { LogInput } from "../../src/analysis/index.js";
import { evaluate } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { arrowOf, type LogTable, parquetOf, tableOf, textOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { type Cut, coreOf, runInputs } from "../support/wasm-engine.js";

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

/** Every form, and how its reading is cut. */
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
): Promise<Said> {
  const { judged, summary } = await runInputs(
    [input],
    { core: await coreOf("release"), ruleSet },
    cut,
  );
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
