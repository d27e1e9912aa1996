import { describe, expect, test } from "vitest";
import type { Judgement } from "../../src/model/record.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type EngineCounters, REFERENCE } from "../support/engines.js";
import { randomCase } from "../support/random-case.js";
import { wasmEngine } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 60);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const LOOK_AHEADS = [
  { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 },
  { slots: 3, minRecords: 20, maxRecords: 8_000_000 },
  { slots: 1, minRecords: 0, maxRecords: 30 },
];
const TARGETS = [wasmEngine("debug"), wasmEngine("release")];

function said(judgement: Judgement): string {
  const { record, ...rest } = judgement;
  return `line ${record.line}: ${JSON.stringify(rest, Object.keys(rest).sort())}`;
}

/** The core keeps gaps per interface; lines without an interface are in its totals only. */
function named(counters: EngineCounters): EngineCounters {
  const { "-": _, ...noData } = counters.noData;
  const { "-": __, ...skipData } = counters.skipData;
  return { ...counters, noData, skipData };
}

describe("the core says what the reference says", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const { ruleSet, text } = randomCase(seed, 100 + ((seed * 37) % 400));
    const options = { timers: DEFAULT_TIMERS, lookAhead: LOOK_AHEADS[seed % LOOK_AHEADS.length]! };
    const files = [{ name: "a.log", text }];
    const expected = await REFERENCE.evaluate(files, ruleSet, options);
    for (const engine of TARGETS) {
      const found = await engine.evaluate(files, ruleSet, options);
      expect(found.judgements.map(said)).toEqual(expected.judgements.map(said));
      expect(found.malformed).toEqual(expected.malformed);
      expect(named(expected.counters)).toMatchObject(found.counters);
    }
  });
});
