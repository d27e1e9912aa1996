// The truth does not depend on the form in which a log comes: each scores as the text does, record by record.
import { beforeAll, describe, expect, test } from "vitest";
import type { GenerateOptions } from "../../src/generate/index.js";
import { tableOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import {
  COLUMN_FORMS,
  OBJECT_FORMS,
  packedInput,
  TEXT_FORMS,
  type Write,
} from "../support/log-forms.js";
import { byGrade, type Scored, type ScoredRecord, scoreOf, type Written } from "./score.js";

const OPTIONS: GenerateOptions = {
  seed: Number(process.env.FLOW_FIRST_SEED ?? 1),
  records: 12_000,
  interfaces: 40,
  format: "v5",
};

const written =
  (headerLines: number, input: typeof columnarInput, write: Write) =>
  (text: string): Written => ({ headerLines, input: input("log", write(tableOf(text))) });

// Messages of Logs Insights have no header: their fields would have to be told.
const { "CSV of Logs Insights": _, ...TEXTS } = TEXT_FORMS;
const ALL = [
  ...Object.entries(TEXTS).map(([name, write]) => [name, written(1, packedInput, write)] as const),
  ...Object.entries(OBJECT_FORMS).map(
    ([name, write]) => [name, written(0, packedInput, write)] as const,
  ),
  ...Object.entries(COLUMN_FORMS).map(
    ([name, write]) => [name, written(0, columnarInput, write)] as const,
  ),
];

describe("a log of known truth", () => {
  let text: Scored;
  const inOrder = ({ records }: Scored): readonly ScoredRecord[] =>
    [...records].sort((a, b) => a.index - b.index);
  beforeAll(async () => {
    text = await scoreOf(OPTIONS);
    expect(text.records).toHaveLength(text.summary.records.judged);
    expect(text.summary.verdicts.allow).toBeGreaterThan(1000);
  });

  test.each(ALL)("as %s", async (_name, write) => {
    const found = await scoreOf(OPTIONS, write);
    expect(byGrade(found.records)).toEqual(byGrade(text.records));
    expect(inOrder(found)).toEqual(inOrder(text));
  });
});
