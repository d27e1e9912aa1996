// One log written in every form gives the same verdicts, and the same rows are malformed.
import { beforeAll, describe, expect, test } from "vitest";
import { evaluate, type LogInput } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { arrowOf, type LogTable, tableOf, textOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import { COLUMN_FORMS, OBJECT_FORMS, packedInput, TEXT_FORMS } from "../support/log-forms.js";
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

  test.each(Object.entries(COLUMN_FORMS))("%s", async (_, write) => {
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
    for (const [name, write] of Object.entries(COLUMN_FORMS)) {
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
