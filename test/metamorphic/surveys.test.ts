// Sections 6.5, 7.2 and 9: a survey says the same however the log is cut, whoever else is asked about, and the reverse of
// the reverse; what it says of one rule set is what an evaluation says.
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/analysis/index.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { Judgement } from "../../src/model/record.js";
import type { Group, RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import type { EngineFile } from "../support/engines.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { type RandomTimelines, randomTimelines } from "../support/random-timelines.js";
import {
  mergeOpeners,
  runSurvey,
  type SurveyAnswer,
  type SurveyQuestion,
} from "../support/survey-engine.js";
import { type Cut, coreOf, inputsOf, runCore } from "../support/wasm-engine.js";
import { cutIntoFiles, linesOf, shuffled } from "./variants.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 5);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const RECORDS = 160;
const BEFORE = 1_600_000_000;
/** Later than any idle timer after the last record. */
const AFTER = 1_900_000_000;
const FAR = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };

function filesOf(text: string): readonly EngineFile[] {
  return [{ name: "a.log", text }];
}

function ask(files: readonly EngineFile[], question: SurveyQuestion, cut?: Cut) {
  return runSurvey("release", files, { ...FAR, ...question }, cut);
}

/** Baseline and candidates with the same interfaces, so that the facts are those of each alone. */
function grouped(seed: number, count: number): { text: string; ruleSets: readonly RuleSet[] } {
  const { ruleSet, text } = randomCase(seed, RECORDS);
  const others = Array.from({ length: count }, (_, i) => {
    const { groups } = randomTimelines(seed * 31 + i, 0).baseline.periods[0]!.ruleSet;
    return { ...ruleSet, groups };
  });
  return { text, ruleSets: [ruleSet, ...others] };
}

function said({ record: _, ...rest }: Judgement): string {
  return JSON.stringify(rest, Object.keys(rest).sort());
}

/** What is said of each record under every timeline, by the record's own text, sorted: equal lines may swap. */
function byText(files: readonly EngineFile[], answer: SurveyAnswer): readonly string[] {
  const lines = new Map(files.map(({ name, text }) => [name, text.split("\n")]));
  return answer.judgements[0]!.map(({ record: { file, line } }, i) => {
    const text = lines.get(file)?.[line - 1];
    const judged = answer.judgements.map((list) => said(list[i]!));
    const changes = answer.recordChanges.map((list) => list[i]);
    return [text, ...judged, ...changes].join(" => ");
  }).sort();
}

/** Rows without where their samples stand. */
function unplaced(rows: readonly JudgedOpener[]): readonly object[] {
  return rows.map(({ samples, ...row }) => ({ ...row, samples: samples.map((s) => s.start) }));
}

/** Rows as they would be had only this candidate been asked about. */
function onlyOf(rows: readonly JudgedOpener[], candidate: number): readonly JudgedOpener[] {
  return mergeOpeners(
    rows.map((row) => ({
      ...row,
      rulings: [row.rulings[0]!, row.rulings[candidate + 1]!],
      changes: [row.changes[candidate]!],
    })),
  );
}

function connectionsOf(rows: readonly JudgedOpener[]): number {
  return rows.reduce((sum, { connections }) => sum + connections, 0);
}

describe.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", (seed) => {
  const { text, baseline, candidates, options }: RandomTimelines = randomTimelines(seed, RECORDS);
  const { cutOverAt } = options;
  const question = { baseline, candidates, ...(cutOverAt === undefined ? {} : { cutOverAt }) };
  const whole = filesOf(text);
  const random = randomOf(seed);

  test("lines and files in any order", async () => {
    const expected = await ask(whole, question);
    const log = linesOf(text);
    const files = cutIntoFiles(log, random);
    const mixed = filesOf([log.header, ...shuffled(log.lines, random)].join("\n"));
    for (const other of [mixed, files]) {
      const found = await ask(other, question);
      expect(byText(other, found)).toEqual(byText(whole, expected));
      expect(found.candidates).toEqual(expected.candidates);
      expect(unplaced(found.openers)).toEqual(unplaced(expected.openers));
      expect(found.summary.connections).toEqual(expected.summary.connections);
      expect(found.summary.rules).toEqual(expected.summary.rules);
    }
  });

  test("samples do not depend on the order of the files", async () => {
    const files = cutIntoFiles(linesOf(text), random);
    const { openers } = await ask(files, question);
    for (const order of [[...files].reverse(), shuffled(files, random)])
      expect((await ask(order, question)).openers).toEqual(openers);
  });

  test("batches and chunks of every size", async () => {
    const expected = await ask(whole, question);
    const cuts: Cut[] = [1, 2, 3, 5, 8, 64, RECORDS, RECORDS + 1].map((batchRows) => ({
      batchRows,
    }));
    for (const cut of [...cuts, { chunkBytes: 1 }, { chunkBytes: 97, batchRows: 7 }])
      expect({ cut, ...(await ask(whole, question, cut)) }).toEqual({ cut, ...expected });
  });

  test("records of other interfaces change nothing", async () => {
    const expected = await ask(whole, question);
    const log = linesOf(text);
    const strangers = log.lines.map((line) => line.replace(/ eni-\w+ /, " eni-stranger "));
    const [own, more] = [filesOf(text)[0]!, { name: "b.log", text: "" }];
    const others = strangers.filter((line) => line.includes(" eni-stranger "));
    const files = [own, { ...more, text: `${[log.header, ...others].join("\n")}\n` }];
    const found = await ask(files, question);
    for (const [timeline, list] of expected.judgements.entries())
      expect(found.judgements[timeline]!.slice(0, list.length).map(said)).toEqual(list.map(said));
    const isOwn = ({ interfaceId }: JudgedOpener): boolean => interfaceId !== "eni-stranger";
    const plain = (rows: readonly JudgedOpener[]) => rows.map(({ scanner: _, ...row }) => row);
    expect(plain(found.openers.filter(isOwn))).toEqual(plain(expected.openers));
  });

  test("a candidate like the baseline changes nothing, with and without a cut-over", async () => {
    // Rules of several times cut and refuse by themselves, whoever follows them.
    const cuts = baseline.periods.length > 1 ? [{}] : [{}, { cutOverAt: 1_700_000_400 }];
    for (const at of cuts) {
      const same = { ...baseline, name: "same" };
      const answer = await ask(whole, { baseline, candidates: [same], ...at });
      expect(answer.recordChanges[0]!.every((change) => change === "unchanged")).toBe(true);
      expect(answer.judgements[1]!.map(said)).toEqual(answer.judgements[0]!.map(said));
      const changed = answer.openers.filter(({ changes }) => changes[0]!.change !== "unchanged");
      expect(changed).toEqual([]);
    }
  });

  describe("with the same interfaces everywhere", () => {
    const { text: log, ruleSets } = grouped(seed, 7);
    const files = filesOf(log);
    const lines = ruleSets.map((ruleSet, i) => always(`rules-${i}`, ruleSet));
    const [before, ...others] = lines as [(typeof lines)[0], ...typeof lines];

    test("a candidate alone and in company of six others", async () => {
      const all = await ask(files, { baseline: before, candidates: others });
      for (const [i, candidate] of others.entries()) {
        const alone = await ask(files, { baseline: before, candidates: [candidate] });
        expect(alone.judgements[1]!.map(said)).toEqual(all.judgements[i + 1]!.map(said));
        expect(alone.recordChanges[0]).toEqual(all.recordChanges[i]);
        expect(alone.candidates[0]).toEqual(all.candidates[i]);
        expect(alone.openers).toEqual(onlyOf(all.openers, i));
        expect(alone.summary).toEqual(all.summary);
      }
    });

    test("with the cut-over too, of seven candidates", async () => {
      const at = { cutOverAt: 1_700_000_500 };
      const all = await ask(files, { baseline: before, candidates: others, ...at });
      const alone = await ask(files, { baseline: before, candidates: [others[6]!], ...at });
      expect(alone.candidates[0]).toEqual(all.candidates[6]);
      expect(alone.openers).toEqual(onlyOf(all.openers, 6));
      expect(alone.summary).toEqual(all.summary);
    });

    test("baseline and candidate swapped", async () => {
      const there = await ask(files, { baseline: before, candidates: [others[0]!] });
      const back = await ask(files, { baseline: others[0]!, candidates: [before] });
      for (const kind of ["records", "connections", "bytes"] as const) {
        const counts = there.candidates[0]![kind];
        expect(back.candidates[0]![kind]).toEqual({
          ...counts,
          "newly-denied": counts["newly-allowed"],
          "newly-allowed": counts["newly-denied"],
        });
      }
      expect(back.judgements.map((list) => list.map(said))).toEqual(
        there.judgements.map((list) => list.map(said)).reverse(),
      );
    });

    test("each timeline says what an evaluation says", async () => {
      const core = await coreOf("release");
      const { judgements, summary } = await ask(files, { baseline: before, candidates: others });
      for (const [i, ruleSet] of ruleSets.entries()) {
        const plain = await runCore(files, { core, ruleSet, ...FAR });
        const sorted = [...plain.judged].sort((a, b) => a.line - b.line);
        const rows = sorted.map(({ file: _, line: __, ...rest }) =>
          JSON.stringify(rest, Object.keys(rest).sort()),
        );
        expect(rows).toEqual(judgements[i]!.map(said));
      }
      expect(summary).toEqual(
        await evaluate(inputsOf(files), { core, ruleSet: ruleSets[0]!, ...FAR }),
      );
    });

    test("a cut-over before the log is the candidate throughout, one after it changes nothing", async () => {
      const candidate = others[0]!;
      const plain = await ask(files, { baseline: before, candidates: [candidate] });
      const early = await ask(files, {
        baseline: before,
        candidates: [candidate],
        cutOverAt: BEFORE,
      });
      expect(early.judgements).toEqual(plain.judgements);
      expect(early.candidates).toEqual(plain.candidates);
      const ruled = ({ openers }: SurveyAnswer) =>
        openers.map(({ changes, ...row }) => ({ ...row, change: changes[0]!.change }));
      expect(ruled(early)).toEqual(ruled(plain));
      for (const { rulings, changes } of early.openers)
        expect(changes[0]!.cutOver).toBe(
          rulings[0]!.verdict === "allow" && rulings[1]!.verdict === "deny" ? "refused" : null,
        );
      const late = await ask(files, {
        baseline: before,
        candidates: [candidate],
        cutOverAt: AFTER,
      });
      expect(late.judgements[1]!.map(said)).toEqual(plain.judgements[0]!.map(said));
      expect(late.openers.filter(({ changes }) => changes[0]!.cutOver !== null)).toEqual([]);
      expect(late.candidates[0]!.connections.unchanged).toBe(connectionsOf(late.openers));
    });

    test("a history of equal rules is one rule set", async () => {
      const copies = [0, 1_700_000_150, 1_700_001_000].map((from) => ({
        from,
        ruleSet: { ...ruleSets[0]! },
      }));
      const history = { name: before.name, periods: copies };
      const plain = await ask(files, { baseline: before, candidates: [others[0]!] });
      const found = await ask(files, { baseline: history, candidates: [others[0]!] });
      expect(found).toEqual(plain);
    });

    test("a candidate that changes a few groups says what a copy of it says", async () => {
      const [own] = ruleSets as [RuleSet];
      const changed = others.slice(0, 3).map(({ name, periods }, i) => {
        const { groups } = periods[0]!.ruleSet;
        const few = [...own.groups].map(([id, group], at): [string, Group] => {
          const rules = at % 3 === i ? (groups.get(id)?.rules ?? []) : undefined;
          return [id, rules === undefined ? group : { ...group, rules }];
        });
        return always(name, { ...own, groups: new Map(few) });
      });
      const copies = changed.map(({ name, periods }) =>
        always(name, structuredClone(periods[0]!.ruleSet)),
      );
      const found = await ask(files, { baseline: before, candidates: changed });
      expect(found).toEqual(await ask(files, { baseline: before, candidates: copies }));
    });

    test("rows hold every connection, and every hit of a rule", async () => {
      const { summary, openers } = await ask(files, { baseline: before, candidates: [others[0]!] });
      expect(connectionsOf(openers)).toBe(summary.connections.total);
      for (const verdict of ["allow", "deny", "unknown"] as const) {
        const rows = openers.filter(({ rulings }) => rulings[0]!.verdict === verdict);
        expect(connectionsOf(rows)).toBe(summary.connections[verdict]);
      }
      const hits: Record<string, number> = {};
      for (const { direction, rulings, connections } of openers)
        for (const rule of direction === null ? [] : rulings[0]!.rules)
          hits[rule] = (hits[rule] ?? 0) + connections;
      const counted = summary.rules.filter(({ connections }) => connections > 0);
      expect(hits).toEqual(Object.fromEntries(counted.map((r) => [r.id, r.connections])));
    });
  });
});
