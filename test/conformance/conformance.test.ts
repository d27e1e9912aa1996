import { describe, expect, test } from "vitest";
import { readLog } from "../../src/logs/index.js";
import { ENGINES } from "../support/engines.js";
import { type ConformanceCase, readCases } from "./case.js";
import { countsOf } from "./counts.js";
import { reverseFiles } from "./reversed.js";

const CASES = readCases();
const JUDGED = CASES.filter((each) => each.expected.error === undefined);

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

function findJudgement<
  J extends { readonly record: { readonly file: string; readonly line: number } },
>(judgements: readonly J[], file: string, line: number): J | undefined {
  return judgements.find(({ record }) => record.file === file && record.line === line);
}

describe.each(ENGINES)("$name", (engine) => {
  test.each(JUDGED)("$folder", async ({ files, ruleSet, options, expected }: ConformanceCase) => {
    const answer = await engine.evaluate(files, ruleSet, options);
    for (const { line, file = files[0]?.name ?? "", ...wanted } of expected.records ?? []) {
      const found = findJudgement(answer.judgements, file, line);
      expect({ line, ...found }).toMatchObject({ line, ...wanted });
    }
    expect(countsOf(answer)).toMatchObject(expected.counts ?? {});
  });

  // Semantics 7.2: every case is also a case of order.
  test.each(JUDGED)("$folder, backwards", async ({ files, ruleSet, options }: ConformanceCase) => {
    const forwards = await engine.evaluate(files, ruleSet, options);
    const backwards = await engine.evaluate(reverseFiles(files), ruleSet, options);
    expect(countsOf(backwards)).toEqual(countsOf(forwards));
    const lines = new Map(files.map(({ name, text }) => [name, text.trimEnd().split("\n").length]));
    for (const { record, ...said } of forwards.judgements) {
      const line = (lines.get(record.file) ?? 0) + 2 - record.line;
      const { record: _, ...found } = { ...findJudgement(backwards.judgements, record.file, line) };
      expect(found).toEqual(said);
    }
  });
});
