// The same log in batches of every length and chunks of every cut: debug and release say one thing, the reference's.
import { describe, expect, test } from "vitest";
import type { Judgement } from "../../src/model/record.js";
import { DEFAULT_TIMERS, type LookAhead } from "../../src/model/timers.js";
import { REFERENCE } from "../support/engines.js";
import { type RandomCase, randomCase } from "../support/random-case.js";
import { coreOf, type JudgedRow, runCore } from "../support/wasm-engine.js";

const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const SEEDS = [FIRST, FIRST + 1];
const RECORDS = 40;
const NEAR: LookAhead = { slots: 1, minRecords: 5, maxRecords: 30 };
const FAR: LookAhead = { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 };

function said({ file, line, ...rest }: JudgedRow): string {
  return `${file}:${line} ${JSON.stringify(rest, Object.keys(rest).sort())}`;
}

function saidByReference({ record, ...rest }: Judgement): string {
  return said({ ...rest, file: record.file, line: record.line });
}

/** The lines in the order of time: nothing may be late, however early the look-ahead ends. */
function inOrder({ ruleSet, text }: RandomCase): RandomCase {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const at = header.split(" ").indexOf("start");
  const start = (line: string): number => Number(line.split(" ")[at]) || 0;
  const sorted = lines.sort((a, b) => start(a) - start(b));
  return { ruleSet, text: `${[header, ...sorted].join("\n")}\n` };
}

describe.each(["debug", "release"] as const)("%s", (target) => {
  describe.each(SEEDS)("seed %i", (seed) => {
    const lookAhead = seed % 2 === 0 ? NEAR : FAR;
    const { ruleSet, text } = inOrder(randomCase(seed, RECORDS));
    const files = [{ name: "a.log", text }];

    async function judge(cut: { batchRows?: number; chunkBytes?: number }): Promise<string[]> {
      const core = await coreOf(target);
      const { judged, summary } = await runCore(files, { core, ruleSet, lookAhead }, cut);
      expect(summary.records).toMatchObject({ read: RECORDS, late: 0 });
      return judged.map(said);
    }

    test("batches of every length from 1 to n", async () => {
      const whole = await judge({});
      const options = { timers: DEFAULT_TIMERS, lookAhead };
      const { judgements } = await REFERENCE.evaluate(files, ruleSet, options);
      expect([...whole].sort()).toEqual(judgements.map(saidByReference).sort());
      for (let batchRows = 1; batchRows <= RECORDS + 1; batchRows++)
        expect({ batchRows, said: await judge({ batchRows }) }).toEqual({ batchRows, said: whole });
    });

    test("chunks cut at every byte of the first lines, and of every small length", async () => {
      const whole = await judge({});
      const head = text.split("\n").slice(0, 4).join("\n").length;
      const step = Math.ceil(head / 25);
      for (let chunkBytes = 1; chunkBytes <= head; chunkBytes += chunkBytes < 12 ? 1 : step)
        expect({ chunkBytes, said: await judge({ chunkBytes }) }).toEqual({
          chunkBytes,
          said: whole,
        });
    });

    test("batch and chunk together", async () => {
      const whole = await judge({});
      for (const batchRows of [1, 2, 7]) {
        for (const chunkBytes of [1, 61, 1000])
          expect(await judge({ batchRows, chunkBytes })).toEqual(whole);
      }
    });
  });
});
