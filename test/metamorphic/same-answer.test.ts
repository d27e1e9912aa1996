// Semantics 7.2: same input, same answer, however it is ordered, cut, batched or shared among workers.
import { describe, expect, test } from "vitest";
import { evaluate, mergeSummaries } from "../../src/analysis/index.js";
import type { MismatchTuple, Summary } from "../../src/analysis/summary.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS, type LookAhead, type Timers } from "../../src/model/timers.js";
import type { EngineFile } from "../support/engines.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { type Cut, coreOf, inputsOf, runCore } from "../support/wasm-engine.js";
import {
  cutIntoFiles,
  linesOf,
  shuffled,
  withHalvedGroups,
  withoutTimers,
  withShuffledRules,
} from "./variants.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 12);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const FAR: LookAhead = { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 };

interface Case {
  readonly name: string;
  readonly ruleSet: RuleSet;
  readonly text: string;
}

// Half of them random to the last bit, half of them what a network would write.
const CASES: readonly Case[] = Array.from({ length: SEEDS }, (_, i) => {
  const seed = FIRST + i;
  if (i % 2 === 0) return { name: `random, seed ${seed}`, ...randomCase(seed, 400) };
  const options = { seed, records: 3000, interfaces: 12, format: "v5" as const };
  const chunks = [...generateLog(options)].map(({ text }) => new TextDecoder().decode(text));
  const { ruleSet } = generateAccount(options);
  return { name: `generated, seed ${seed}`, ruleSet, text: chunks.join("") };
});

interface Said {
  /** What is said of each record, by its own text, sorted: equal lines may swap what they are told. */
  readonly said: readonly string[];
  readonly summary: Summary;
}

async function judge(
  files: readonly EngineFile[],
  ruleSet: RuleSet,
  { timers = DEFAULT_TIMERS, ...cut }: Cut & { readonly timers?: Timers } = {},
): Promise<Said> {
  const core = await coreOf("release");
  const options = { core, ruleSet, timers, lookAhead: FAR };
  const { judged, summary } = await runCore(files, options, cut);
  expect(summary.records.late).toBe(0);
  expect(summary.connections.evicted).toBe(0);
  expect(summary.coverage.endpointsEvicted).toBe(0);
  const lines = new Map(files.map(({ name, text }) => [name, text.split("\n")]));
  const said = judged.map(({ file, line, ...rest }) =>
    [lines.get(file)?.[line - 1], JSON.stringify(rest)].join(" => "),
  );
  return { said: said.sort(), summary };
}

/** Without what the order of rules decides: their identities, and which peer `detail` names first. */
function withoutRules({ said }: Said): readonly string[] {
  return said
    .map((each) => each.replace(/"detail":"[^"]*"/, "").replace(/"rules":\[[^\]]*\]/, ""))
    .sort();
}

/** The summary without what names files and counts bytes. */
function counts({ coverage, mismatches, ...rest }: Summary): object {
  const { files: _, bytesRead: __, malformed, ...others } = coverage;
  const plain = (list: readonly MismatchTuple[]): object[] =>
    list.map(({ samples, ...tuple }) => ({ ...tuple, samples: samples.length }));
  return {
    ...rest,
    acceptedButDenied: plain(mismatches.acceptedButDenied),
    rejectedButAllowed: plain(mismatches.rejectedButAllowed),
    more: mismatches.more,
    coverage: { ...others, malformed: malformed.byReason },
  };
}

function doubled(counted: object): object {
  return Object.fromEntries(Object.entries(counted).map(([name, count]) => [name, 2 * count]));
}

describe.each(CASES)("$name", ({ ruleSet, text }) => {
  const log = linesOf(text);
  const whole = [{ name: "a.log", text }];
  const random = randomOf(text.length);

  test("lines in any order", async () => {
    const expected = await judge(whole, ruleSet);
    const other = [log.header, ...shuffled(log.lines, random)].join("\n");
    const found = await judge([{ name: "a.log", text: other }], ruleSet);
    expect(found.said).toEqual(expected.said);
    expect(counts(found.summary)).toEqual(counts(expected.summary));
  });

  test("cut into files, in any order", async () => {
    const expected = await judge(whole, ruleSet);
    const files = cutIntoFiles(log, random);
    expect(files.length).toBeGreaterThan(1);
    for (const order of [files, [...files].reverse(), shuffled(files, random)]) {
      const found = await judge(order, ruleSet);
      expect(found.said).toEqual(expected.said);
      expect(counts(found.summary)).toEqual(counts(expected.summary));
    }
  });

  test("batches and chunks of other sizes", async () => {
    const expected = await judge(whole, ruleSet);
    for (const cut of [
      { batchRows: 1 + Math.floor(random() * 50) },
      { chunkBytes: 1 + Math.floor(random() * 5000) },
      { batchRows: 1 + Math.floor(random() * 500), chunkBytes: 1 + Math.floor(random() * 500) },
    ]) {
      const found = await judge(whole, ruleSet, cut);
      expect({ cut, said: found.said }).toEqual({ cut, said: expected.said });
      expect(found.summary).toEqual(expected.summary);
    }
  });

  test("shared among one to four workers", async () => {
    const core = await coreOf("release");
    const options = { core, ruleSet, lookAhead: FAR };
    const expected = await evaluate(inputsOf(whole), options);
    for (const count of [1, 2, 3, 4]) {
      const parts: Summary[] = [];
      for (let index = 0; index < count; index++)
        parts.push(await evaluate(inputsOf(whole), { ...options, shard: { index, count } }));
      expect({ count, ...mergeSummaries(parts) }).toEqual({ count, ...expected });
    }
  });

  test("rules in another order", async () => {
    const expected = await judge(whole, ruleSet);
    const found = await judge(whole, withShuffledRules(ruleSet, random));
    expect(withoutRules(found)).toEqual(withoutRules(expected));
    const byId = ({ summary }: Said): object =>
      [...summary.rules].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(found)).toEqual(byId(expected));
    const { rules: _, ...foundCounts } = found.summary;
    const { rules: __, ...expectedCounts } = expected.summary;
    expect(foundCounts).toEqual(expectedCounts);
  });

  test("groups in halves", async () => {
    const expected = await judge(whole, ruleSet);
    const found = await judge(whole, withHalvedGroups(ruleSet));
    expect(withoutRules(found)).toEqual(withoutRules(expected));
    expect(found.summary.reasons).toEqual(expected.summary.reasons);
    expect(found.summary.connections).toEqual(expected.summary.connections);
  });

  test("a file given twice doubles the counts and changes no verdict", async () => {
    // But for one thing: two packets each way make UDP a stream (6.2), and a record given twice is two packets.
    const timers = { ...DEFAULT_TIMERS, udpStream: DEFAULT_TIMERS.udp };
    const plain = withoutTimers(ruleSet);
    const once = await judge(whole, plain, { timers });
    const twice = await judge([...whole, { name: "b.log", text }], plain, { timers });
    const verdicts = ({ said }: Said): readonly string[] =>
      said.map((each) => each.replace(/"(reason|detail|grade|opener)":"[^"]*"/g, ""));
    expect(verdicts(twice)).toEqual(verdicts(once).flatMap((each) => [each, each]));
    const { records, ...summary } = twice.summary;
    expect(records).toEqual(doubled(once.summary.records));
    expect(summary.verdicts).toEqual(doubled(once.summary.verdicts));
    expect(summary.matrix.accept).toEqual(doubled(once.summary.matrix.accept));
    expect(summary.matrix.reject).toEqual(doubled(once.summary.matrix.reject));
    expect(summary.connections).toEqual(once.summary.connections);
  });
});
