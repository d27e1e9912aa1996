import { describe, expect, test } from "vitest";
import {
  BORDER_BYTES,
  type JudgedAndSummarized,
  judgeAndSummarize,
  mergeJudgedRows,
  mergeShardRows,
  mergeSummaries,
  shardRows,
} from "../../src/analysis/index.js";
import { RecordMerge } from "../../src/analysis/merge-records.js";
import { PieceMaker } from "../../src/analysis/record-piece.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import { plainOpener } from "../../src/model/opener-table.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type RecordBatch, recordWriter } from "../../src/report/record-writer.js";
import { RECORDS_FORMATS } from "../../src/report/records-format.js";
import type { EngineFile } from "../support/engines.js";
import { randomTimelines } from "../support/random-timelines.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 25);

/** The shards of a run side by side: each is a step ahead of the next by turns. */
async function runShards(files: readonly EngineFile[], ruleSet: RuleSet, shards: number) {
  const core = await coreOf("release");
  const merge = new RecordMerge(shards);
  const batches: RecordBatch[] = [];
  const ends: JudgedAndSummarized[] = [];
  const running = Array.from({ length: shards }, (_, index) => {
    const maker = new PieceMaker();
    let place = { after: 0, rank: 0 };
    const steps = judgeAndSummarize(inputsOf(files), {
      core,
      ruleSet,
      tool: "test",
      shard: { index, count: shards },
      onPlace: (next) => {
        place = next;
      },
      onProgress: ({ records }) => merge.reach(index, records),
    });
    return async (): Promise<boolean> => {
      const step = await steps.next();
      if (step.done === true) {
        ends[index] = step.value;
        merge.reach(index, Number.POSITIVE_INFINITY);
        return true;
      }
      merge.add(index, structuredClone(maker.piece(step.value, place)));
      return false;
    };
  });
  const ended = running.map(() => false);
  for (let turn = 0; ended.includes(false); turn++) {
    const index = Math.floor(turn / 3) % shards;
    if (!ended[index]!) ended[index] = await running[index]!();
    batches.push(...merge.ready());
  }
  return { batches, ends };
}

async function wholeRun(files: readonly EngineFile[], ruleSet: RuleSet) {
  const core = await coreOf("release");
  const batches: RecordBatch[] = [];
  const steps = judgeAndSummarize(inputsOf(files), { core, ruleSet, tool: "test" });
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { batches, end: step.value };
    batches.push(step.value);
  }
}

function bytesOf(
  batches: readonly RecordBatch[],
  format: (typeof RECORDS_FORMATS)[number],
): Buffer {
  const writer = recordWriter(format);
  const parts = batches.map((batch) => Buffer.from(writer.write(batch)));
  return Buffer.concat([...parts, Buffer.from(writer.end())]);
}

function inOrder(rows: Iterable<JudgedOpener>): readonly string[] {
  return Array.from(rows, (row) =>
    JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)),
  ).sort();
}

async function rowsInOrder(rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, bytes: number) {
  const texts: string[] = [];
  for await (const chunk of rows)
    for (let at = 0; at < chunk.length; at += bytes)
      texts.push(Buffer.from(chunk.subarray(at, at + bytes)).toString("hex"));
  return texts;
}

describe("shards of a run leave what one run leaves", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => 1 + i))("seed %i", async (seed) => {
    const { baseline, text } = randomTimelines(seed, 60 + ((seed * 37) % 300));
    const ruleSet = baseline.periods.at(-1)!.ruleSet;
    const half = text.indexOf("\n", text.length >> 1) + 1;
    const header = text.slice(0, text.indexOf("\n") + 1);
    const files = [
      { name: "a.log", text: text.slice(0, half) },
      { name: "b.log", text: header + text.slice(half) },
    ];
    const whole = await wholeRun(files, ruleSet);
    for (const shards of [2, 3]) {
      const { batches, ends } = await runShards(files, ruleSet, shards);
      expect(mergeSummaries(ends.map(({ summary }) => summary))).toEqual(whole.end.summary);
      for (const format of RECORDS_FORMATS)
        expect(bytesOf(batches, format).equals(bytesOf(whole.batches, format)), format).toBe(true);
      const judged = mergeJudgedRows(ends.map((end) => Array.from(end.judged(), plainOpener)));
      expect(inOrder(judged)).toEqual(inOrder(Array.from(whole.end.judged(), plainOpener)));
      const parts = await Promise.all(ends.map(({ openers }) => shardRows(openers)));
      const merged = mergeShardRows(structuredClone(parts));
      expect(merged.facts).toEqual(whole.end.openers.facts);
      expect(await rowsInOrder(merged.borders(), BORDER_BYTES)).toEqual(
        await rowsInOrder(whole.end.openers.borders(), BORDER_BYTES),
      );
    }
  });
});

test("long runs of one second and full batches end where one run ends them", async () => {
  const { baseline } = randomTimelines(1, 60);
  const ruleSet = baseline.periods.at(-1)!.ruleSet;
  const lines = Array.from({ length: 40_000 }, (_, i) => {
    const start = 1_772_409_600 + (i < 15_000 ? 7 : Math.floor(i / 900));
    const face = `eni-${String(i % 7).padStart(2, "0")}`;
    return `2 111122223333 ${face} 10.${i % 200}.1.5 10.0.0.${i % 50} ${1024 + (i % 5000)} 443 6 3 180 ${start} ${start + 20} ACCEPT OK`;
  });
  const files = [{ name: "a.log", text: `${lines.join("\n")}\n` }];
  const whole = await wholeRun(files, ruleSet);
  const { batches } = await runShards(files, ruleSet, 3);
  expect(batches.map(({ numRows }) => numRows)).toEqual(
    whole.batches.map(({ numRows }) => numRows),
  );
  for (const format of RECORDS_FORMATS)
    expect(bytesOf(batches, format).equals(bytesOf(whole.batches, format)), format).toBe(true);
});
