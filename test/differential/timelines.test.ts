// Sections 6.5, 9 and 10: records, changes, rows of openers and hits of the core against those of the reference.
import { describe, expect, test } from "vitest";
import { survey } from "../../src/analysis/index.js";
import type { Judgement } from "../../src/model/record.js";
import { judgeTimelines, ruleHits } from "../../src/reference/index.js";
import type { EngineCounters } from "../support/engines.js";
import { readLogText } from "../support/log-text.js";
import { randomTimelines } from "../support/random-timelines.js";
import { countChanges, mergeOpeners, runSurvey } from "../support/survey-engine.js";
import { type CoreTarget, coreOf, countersOf, inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 60);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const TARGETS: readonly CoreTarget[] = ["debug", "release"];

function said({ record, ...rest }: Judgement): string {
  return `line ${record.line}: ${JSON.stringify(rest, Object.keys(rest).sort())}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}

/** The core keeps gaps per interface; lines without an interface are in its totals only. */
function named(counters: EngineCounters): EngineCounters {
  const { "-": _, ...noData } = counters.noData;
  const { "-": __, ...skipData } = counters.skipData;
  return { ...counters, noData, skipData };
}

describe("the core judges timelines as the reference does", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const { baseline, candidates, timelines, options, text } = randomTimelines(
      seed,
      60 + ((seed * 37) % 300),
    );
    const files = [{ name: "a.log", text }];
    const expected = judgeTimelines(readLogText(files).records, timelines, options);
    for (const target of TARGETS) {
      const found = await runSurvey(target, files, { ...options, baseline, candidates });
      found.judgements.forEach((list, timeline) => {
        const wanted = expected.judgements[timeline]!.map(said);
        expect(list.map(said), `timeline ${timeline}`).toEqual(wanted);
      });
      found.candidates.forEach(({ connections, records, bytes }, i) => {
        expect({ connections, records, bytes }).toEqual(expected.changes[i]);
        expect(countChanges(found.recordChanges[i]!)).toEqual(records);
      });
      expect(found.openers.map(shown)).toEqual(expected.openers.map(shown));
      expect([...ruleHits(found.openers)]).toEqual([...ruleHits(expected.openers)]);
      expect(found.openersDropped).toBe(0);
      // Without records the core asks the timelines of a connection once, where they say the same.
      const bare = await survey(inputsOf(files), {
        core: await coreOf(target),
        ...options,
        baseline,
        candidates,
        openers: "all",
      });
      expect(bare.candidates).toEqual(found.candidates);
      expect(bare.summary).toEqual(found.summary);
      expect(mergeOpeners(bare.openers).map(shown)).toEqual(expected.openers.map(shown));
      expect(named(expected.counters)).toMatchObject(countersOf(found.summary));
    }
  });
});
