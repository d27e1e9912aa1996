import { describe, expect, test } from "vitest";
import { survey, surveyRecords } from "../../src/analysis/index.js";
import { cutOver } from "../../src/analysis/timeline-images.js";
import { type JudgedOpener, OPENER_SAMPLES } from "../../src/model/opener.js";
import type { Judgement } from "../../src/model/record.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compareOpeners, judgeTimelines } from "../../src/reference/index.js";
import { readLogText } from "../support/log-text.js";
import { type RandomCandidates, randomCandidates } from "../support/random-candidates.js";
import { type CoreTarget, coreOf, inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 60);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const LOOK_AHEADS = [
  { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 },
  { slots: 3, minRecords: 20, maxRecords: 8_000_000 },
  { slots: 1, minRecords: 0, maxRecords: 30 },
];
const TARGETS: readonly CoreTarget[] = ["debug", "release"];

type Options = Parameters<typeof judgeTimelines>[2];

function ruled({ record, verdict, reason, detail, rules }: Judgement): string {
  return `${record.line}: ${verdict} ${reason} ${detail} [${rules.join("|")}]`;
}

function optionsOf({ baseline, candidates, cutOverAt }: RandomCandidates, options: Options) {
  const { timers, lookAhead } = options;
  const at = cutOverAt === undefined ? {} : { cutOverAt };
  return { baseline, candidates, openers: "all" as const, timers, lookAhead, ...at };
}

async function runBare(target: CoreTarget, example: RandomCandidates, options: Options) {
  const inputs = inputsOf([{ name: "a.log", text: example.text }]);
  return survey(inputs, { core: await coreOf(target), ...optionsOf(example, options) });
}

/** What the core writes of every record, per timeline, in input order. */
async function runCore(target: CoreTarget, example: RandomCandidates, options: Options) {
  const { baseline, candidates, text } = example;
  const stream = surveyRecords(inputsOf([{ name: "a.log", text }]), {
    core: await coreOf(target),
    ...optionsOf(example, options),
  });
  const lines = [baseline, ...candidates].map((): [number, string][] => []);
  const changes: [number, string][][] = candidates.map(() => []);
  for (;;) {
    const next = await stream.next();
    if (next.done === true) {
      const inOrder = (list: [number, string][]): string[] =>
        list.sort((a, b) => a[0] - b[0]).map(([, said]) => said);
      return { lines: lines.map(inOrder), changes: changes.map(inOrder), survey: next.value };
    }
    const batch = next.value;
    const cell = (name: string, i: number): string => String(batch.getChild(name)!.get(i));
    for (let i = 0; i < batch.numRows; i++) {
      const line = Number(cell("line", i));
      lines.forEach((list, timeline) => {
        const prefix = timeline === 0 ? "" : `candidate${timeline === 1 ? "" : timeline}_`;
        const [verdict, reason, detail, rules] = ["verdict", "reason", "detail", "rules"].map(
          (name) => cell(`${prefix}${name}`, i),
        );
        list.push([line, `${line}: ${verdict} ${reason} ${detail} [${rules}]`]);
        if (timeline > 0)
          changes[timeline - 1]!.push([line, cell(`change${timeline === 1 ? "" : timeline}`, i)]);
      });
    }
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}

/** Rows of the core are split finer than those of the reference: ones that say the same are added up. */
function merged(rows: readonly JudgedOpener[]): JudgedOpener[] {
  const found = new Map<string, JudgedOpener>();
  for (const row of rows) {
    const { connections, openingsAssumed, forward, replies, bytes, first, last, samples, ...key } =
      row;
    const known = found.get(shown(key));
    if (known === undefined) {
      found.set(shown(key), row);
      continue;
    }
    found.set(shown(key), {
      ...row,
      connections: connections + known.connections,
      openingsAssumed: openingsAssumed + known.openingsAssumed,
      forward: forward + known.forward,
      replies: replies + known.replies,
      bytes: bytes + known.bytes,
      first: Math.min(first, known.first),
      last: Math.max(last, known.last),
      samples: [...samples, ...known.samples]
        .sort((a, b) => a.start - b.start || a.line - b.line)
        .slice(0, OPENER_SAMPLES),
    });
  }
  return [...found.values()].sort(compareOpeners);
}

describe("the core judges timelines as the reference does", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const example = randomCandidates(seed, 60 + ((seed * 37) % 300));
    const { baseline, candidates, cutOverAt, text } = example;
    const { records } = readLogText([{ name: "a.log", text }]);
    const options: Options = {
      timers: DEFAULT_TIMERS,
      lookAhead: LOOK_AHEADS[seed % LOOK_AHEADS.length]!,
      ...(cutOverAt === undefined ? {} : { cutOverAt }),
    };
    const judged = candidates.map((candidate) =>
      cutOverAt === undefined ? candidate : cutOver(baseline, candidate, cutOverAt),
    );
    const expected = judgeTimelines(records, [baseline, ...judged], options);
    for (const target of TARGETS) {
      const { lines, survey: found } = await runCore(target, example, options);
      lines.forEach((list, timeline) => {
        expect(list, `timeline ${timeline}`).toEqual(expected.judgements[timeline]!.map(ruled));
      });
      found.candidates.forEach(({ connections, records, bytes }, i) => {
        expect({ connections, records, bytes }).toEqual(expected.changes[i]);
      });
      expect(merged(found.openers).map(shown)).toEqual(expected.openers.map(shown));
      expect(found.openersDropped).toBe(0);
      // Without records the core asks a connection's timelines once and no more.
      const bare = await runBare(target, example, options);
      expect({ ...bare, openers: [] }).toEqual({ ...found, openers: [] });
      expect(merged(bare.openers).map(shown)).toEqual(expected.openers.map(shown));
    }
  });
});
