import { describe, expect, test } from "vitest";
import { readLog } from "../../src/logs/index.js";
import type { Judgement } from "../../src/model/record.js";
import { ruleHits } from "../../src/reference/index.js";
import { ENGINES, type EngineFile } from "../support/engines.js";
import { type ConformanceCase, type ExpectedRecord, plainRuleSet, readCases } from "./case.js";
import { countsOf } from "./counts.js";
import { plainOpener } from "./openers.js";
import { reverseFiles } from "./reversed.js";
import { TIMELINE_ENGINES, type TimelineAnswer } from "./timeline-engines.js";

const CASES = readCases();
const JUDGED = CASES.filter((each) => each.expected.error === undefined);
const PLAIN = JUDGED.flatMap((each) => {
  const ruleSet = plainRuleSet(each);
  return ruleSet === undefined ? [] : [{ ...each, ruleSet }];
});
const REFUSED = CASES.filter((each) => each.expected.error !== undefined);

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

describe("logs that are refused", () => {
  test.each(REFUSED)("$folder", async ({ files, expected }: ConformanceCase) => {
    for (const { name, text } of files) {
      const parts = readLog(name, bytesOf(text));
      await expect(parts.next()).rejects.toMatchObject({ code: expected.error });
    }
  });
});

function findJudgement(
  judgements: readonly Judgement[],
  file: string,
  line: number,
): Judgement | undefined {
  return judgements.find(({ record }) => record.file === file && record.line === line);
}

function expectRecords(
  wanted: readonly ExpectedRecord[],
  files: readonly EngineFile[],
  judgementsOf: (timeline: string | undefined) => readonly Judgement[],
): void {
  for (const { line, timeline, file = files[0]?.name ?? "", ...fields } of wanted) {
    const found = findJudgement(judgementsOf(timeline), file, line);
    expect({ line, timeline, ...found }).toMatchObject({ line, timeline, ...fields });
  }
}

/** What a log with reversed files and lines must give: the same of each line (semantics 7.2). */
function expectSame(
  backwards: readonly Judgement[],
  forwards: readonly Judgement[],
  files: readonly EngineFile[],
): void {
  const lines = new Map(files.map(({ name, text }) => [name, text.trimEnd().split("\n").length]));
  for (const { record, ...said } of forwards) {
    const line = (lines.get(record.file) ?? 0) + 2 - record.line;
    const { record: _, ...found } = { ...findJudgement(backwards, record.file, line) };
    expect(found).toEqual(said);
  }
}

describe.each(ENGINES)("$name", (engine) => {
  test.each(PLAIN)("$folder", async ({ files, ruleSet, options, expected }) => {
    const answer = await engine.evaluate(files, ruleSet, options);
    expectRecords(expected.records ?? [], files, () => answer.judgements);
    expect(countsOf(answer)).toMatchObject(expected.counts ?? {});
  });

  // Semantics 7.2: every case is also a case of order.
  test.each(PLAIN)("$folder, backwards", async ({ files, ruleSet, options }) => {
    const forwards = await engine.evaluate(files, ruleSet, options);
    const backwards = await engine.evaluate(reverseFiles(files), ruleSet, options);
    expect(countsOf(backwards)).toEqual(countsOf(forwards));
    expectSame(backwards.judgements, forwards.judgements, files);
  });
});

/** Rows without their samples: lines are numbered anew when they are reversed. */
function unsampled({ openers }: TimelineAnswer): readonly object[] {
  return openers.map(({ samples, ...row }) => ({ ...row, samples: samples.length }));
}

describe.each(TIMELINE_ENGINES)("$name", (engine) => {
  test.each(JUDGED)("$folder", async ({ files, timelines, options, expected }: ConformanceCase) => {
    const answer = await engine.judge(files, timelines, options);
    const indexOf = (name: string): number =>
      timelines.findIndex((timeline) => timeline.name === name);
    expectRecords(expected.records ?? [], files, (timeline) => {
      return answer.judgements[timeline === undefined ? 0 : indexOf(timeline)] ?? [];
    });
    const baseline = { ...answer, judgements: answer.judgements[0] ?? [] };
    expect(countsOf(baseline)).toMatchObject(expected.counts ?? {});
    for (const [name, wanted] of Object.entries(expected.changes ?? {}))
      expect(answer.changes[indexOf(name) - 1]).toMatchObject(wanted);
    if (expected.openers !== undefined)
      expect(answer.openers.map(plainOpener)).toMatchObject(expected.openers);
    if (expected.hits !== undefined)
      expect(Object.fromEntries(ruleHits(answer.openers))).toMatchObject(expected.hits);
  });

  test.each(JUDGED)(
    "$folder, backwards",
    async ({ files, timelines, options }: ConformanceCase) => {
      const forwards = await engine.judge(files, timelines, options);
      const backwards = await engine.judge(reverseFiles(files), timelines, options);
      for (const [index, judgements] of forwards.judgements.entries())
        expectSame(backwards.judgements[index] ?? [], judgements, files);
      expect(backwards.counters).toEqual(forwards.counters);
      expect(backwards.changes).toEqual(forwards.changes);
      expect(unsampled(backwards)).toEqual(unsampled(forwards));
    },
  );
});
