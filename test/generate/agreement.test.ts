// The reference evaluator against the truth: the log alone must be enough to say who opened what.
import { describe, expect, test } from "vitest";
import { type GenerateOptions, generateAccount, generateLog } from "../../src/generate/index.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { evaluateReference, type ParsedRecord, parseRecord } from "../../src/reference/index.js";
import { collect, type TruthfulLine } from "./collect.js";

const OPENERS: Readonly<Record<string, number>> = { unknown: 0, local: 1, remote: 2 };
const VERDICTS: Readonly<Record<string, number>> = { allow: 0, deny: 1 };
/** The ACL is no business of the rules; what came too late is a matter of times that logs blur. */
const BEYOND = new Set(["acl", "late", "late-near", "reopened"]);

interface Score {
  judged: number;
  wrongStrong: TruthfulLine[];
  wrongWeak: TruthfulLine[];
  contradicted: TruthfulLine[];
  unknown: number;
}

function score(options: GenerateOptions): Score {
  const { fields, lines } = collect(generateLog(options));
  const records: ParsedRecord[] = [];
  const truths: TruthfulLine[] = [];
  for (const [index, line] of lines.entries()) {
    const record = parseRecord(line.text, fields, "log", index + 2);
    if (typeof record !== "object") throw new Error(`${record}: ${line.text}`);
    records.push(record);
    if (record.logStatus === "OK") truths.push(line);
  }
  const { ruleSet } = generateAccount(options);
  const judgements = evaluateReference(records, ruleSet, {
    timers: DEFAULT_TIMERS,
    lookAhead: DEFAULT_LOOK_AHEAD,
  });
  const result: Score = {
    judged: judgements.length,
    wrongStrong: [],
    wrongWeak: [],
    contradicted: [],
    unknown: 0,
  };
  for (const [index, { opener, grade, verdict }] of judgements.entries()) {
    const truth = truths[index]!;
    if (verdict === "unknown") result.unknown += 1;
    if (BEYOND.has(truth.cause)) continue;
    const isWrong = opener !== "unknown" && truth.opener !== 0 && OPENERS[opener] !== truth.opener;
    const isStrong = grade === "measured" || grade === "rejected";
    if (isWrong) (isStrong ? result.wrongStrong : result.wrongWeak).push(truth);
    const said = VERDICTS[verdict];
    if (said !== undefined && truth.verdict < 2 && said !== truth.verdict)
      result.contradicted.push(truth);
  }
  return result;
}

const RUNS: readonly GenerateOptions[] = [
  { records: 40_000, seed: 41 },
  { records: 40_000, seed: 42, format: "v5" },
  { records: 30_000, seed: 43, format: "v5", interfaces: 20, rulesPerInterface: 300 },
  { records: 30_000, seed: 44, windowSeconds: 600, skipShare: 0.01, interfaces: 60 },
];

describe("an honest evaluator can be right", () => {
  test.each(RUNS)("%o", (options) => {
    const { judged, wrongStrong, wrongWeak, contradicted, unknown } = score(options);
    expect(judged).toBeGreaterThan(0.95 * options.records);
    expect(wrongStrong).toEqual([]);
    expect(wrongWeak.length).toBeLessThanOrEqual(judged / 1000);
    expect(contradicted.length).toBeLessThanOrEqual(judged / 1000);
    expect(unknown).toBeLessThan(judged / 20);
  });
});
