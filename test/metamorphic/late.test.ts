// Records that arrive after their slot was judged: counted as late, judged on what is known, and never lost.
import { describe, expect, test } from "vitest";
import { evaluate, mergeSummaries } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { LookAhead } from "../../src/model/timers.js";
import { NOTHING_LOST, sumsOf } from "../hostile/run.js";
import type { EngineFile } from "../support/engines.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { coreOf, inputsOf, runCore } from "../support/wasm-engine.js";
import { linesOf, shuffled } from "./variants.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 6);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const NEAR: LookAhead = { slots: 1, minRecords: 0, maxRecords: 50 };

/** The log in files of equal length, in the order of time. */
function inFiles(text: string, count: number): EngineFile[] {
  const { header, lines } = linesOf(text);
  const length = Math.ceil(lines.length / count);
  return Array.from({ length: count }, (_, i) => ({
    name: `part-${i}.log`,
    text: `${[header, ...lines.slice(i * length, (i + 1) * length)].join("\n")}\n`,
  }));
}

describe.each(["debug", "release"] as const)("%s", (target) => {
  describe.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", (seed) => {
    const generated = seed % 2 === 0;
    const options = {
      seed,
      records: 4000,
      interfaces: 10,
      ratePerSecond: 1,
      format: "v5" as const,
    };
    const { ruleSet, text } = generated
      ? {
          ruleSet: generateAccount(options).ruleSet,
          text: [...generateLog(options)]
            .map((each) => new TextDecoder().decode(each.text))
            .join(""),
        }
      : randomCase(seed, 1500);
    const files = inFiles(text, 8);
    const lines = text.trimEnd().split("\n").length - 1;

    test.each([
      ["backwards", [...files].reverse()],
      ["shuffled", shuffled(files, randomOf(seed))],
    ])("files %s", async (_, order) => {
      const core = await coreOf(target);
      const late = await evaluate(inputsOf(order), { core, ruleSet, lookAhead: NEAR });
      expect(late.records.read).toBe(lines);
      expect(sumsOf(late)).toEqual(NOTHING_LOST);
      expect(late.records.late).toBeLessThanOrEqual(late.records.judged);
      // Whatever the order, the same records are bad, or ask for no evidence.
      const whole = await evaluate(inputsOf(files), { core, ruleSet });
      expect(whole.records.late).toBe(0);
      expect(late.records).toMatchObject({
        judged: whole.records.judged,
        nodata: whole.records.nodata,
        skipdata: whole.records.skipdata,
      });
      for (const reason of ["missing-field", "no-groups"] as const)
        expect(late.reasons[reason]).toBe(whole.reasons[reason]);
      if (generated) expect(late.records.late).toBeGreaterThan(lines / 50);
      // Records come out as they are counted.
      const { judged, summary } = await runCore(order, { core, ruleSet, lookAhead: NEAR });
      expect(summary).toEqual(late);
      expect(judged).toHaveLength(late.records.judged);
      expect(new Set(judged.map(({ file, line }) => `${file}:${line}`)).size).toBe(judged.length);
    });

    test("late, evicted and shared at once", async () => {
      const core = await coreOf(target);
      const parts: Summary[] = [];
      for (let index = 0; index < 3; index++)
        parts.push(
          await evaluate(inputsOf(shuffled(files, randomOf(seed))), {
            core,
            ruleSet,
            lookAhead: NEAR,
            maxConnections: 1,
            batchRows: 64,
            shard: { index, count: 3 },
          }),
        );
      const merged = mergeSummaries(parts);
      expect(merged.records.read).toBe(lines);
      expect(sumsOf(merged)).toEqual(NOTHING_LOST);
    });
  });

  test("files that overlap by a quarter of an hour are never late", async () => {
    const options = { seed: 3, records: 20_000, interfaces: 10, ratePerSecond: 5 };
    const { ruleSet } = generateAccount(options);
    const text = [...generateLog(options)]
      .map((each) => new TextDecoder().decode(each.text))
      .join("");
    const { header, lines } = linesOf(text);
    const start = (line: string): number => Number(line.split(" ")[10]);
    // Each quarter of an hour of log time is delivered backwards.
    const quarter = (line: string): number => Math.floor(start(line) / 900);
    const sorted = [...lines].sort((a, b) => quarter(a) - quarter(b) || start(b) - start(a));
    const core = await coreOf(target);
    const lookAhead = { slots: 1, minRecords: 0, maxRecords: 1_000_000 };
    const answer = async (log: readonly string[]): Promise<Summary> =>
      evaluate(inputsOf([{ name: "a.log", text: [header, ...log].join("\n") }]), {
        core,
        ruleSet,
        lookAhead,
      });
    const backwards = await answer(sorted);
    expect(backwards.records).toMatchObject({ read: 20_000, late: 0 });
    const forwards = await answer([...lines].sort((a, b) => start(a) - start(b)));
    expect(forwards.records).toEqual(backwards.records);
    expect(forwards.reasons).toEqual(backwards.reasons);
    expect(forwards.connections).toEqual(backwards.connections);
  });
});
