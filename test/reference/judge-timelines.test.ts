import { describe, expect, test } from "vitest";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { FlowRecord } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import type { CandidateChanges, TimelineEvaluation } from "../../src/reference/index.js";
import { evaluateInDetail, judgeTimelines } from "../../src/reference/index.js";
import { buildAcls } from "../support/acl-builder.js";
import { flows } from "../support/flow-text.js";
import { readLogText } from "../support/log-text.js";
import { randomCase } from "../support/random-case.js";
import { randomTimelines } from "../support/random-timelines.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const BASE = 1_700_000_100;

function recordsOf(text: string): readonly FlowRecord[] {
  return readLogText([{ name: "a.log", text }]).records;
}

/** Another rule set over the same interfaces. */
function candidateOf(ruleSet: RuleSet, seed: number): RuleSet {
  const { groups, prefixLists } = randomCase(seed + 5000, 1).ruleSet;
  return { ...ruleSet, groups, prefixLists };
}

function sum(rows: readonly JudgedOpener[], field: "connections" | "forward" | "replies"): number {
  return rows.reduce((total, row) => total + row[field], 0);
}

function total(counts: CandidateChanges["records"]): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

interface Judged extends TimelineEvaluation {
  readonly records: readonly FlowRecord[];
  readonly cutOverAt: number | undefined;
}

function judge(seed: number): Judged {
  const { text, timelines, options } = randomTimelines(seed, 100 + ((seed * 37) % 300));
  const records = recordsOf(text);
  const { cutOverAt } = options;
  return { ...judgeTimelines(records, timelines, options), records, cutOverAt };
}

describe.each(SEEDS)("random logs, seed %i", (seed) => {
  const { ruleSet, text } = randomCase(seed, 100 + ((seed * 37) % 300));
  const records = recordsOf(text);
  const candidate = candidateOf(ruleSet, seed);
  const alone = evaluateInDetail(records, ruleSet, OPTIONS);
  const both = judgeTimelines(
    records,
    [always("baseline", ruleSet), always("candidate", candidate)],
    OPTIONS,
  );

  test("each timeline says what its rule set says alone", () => {
    const other = evaluateInDetail(records, candidate, OPTIONS);
    expect(both.judgements[0]).toEqual(alone.findings.map(({ judgement }) => judgement));
    expect(both.judgements[1]).toEqual(other.findings.map(({ judgement }) => judgement));
    expect(both.counters).toEqual(alone.counters);
  });

  test("what the baseline newly denies, the other way round is newly allowed", () => {
    const back = judgeTimelines(
      records,
      [always("baseline", candidate), always("candidate", ruleSet)],
      OPTIONS,
    );
    for (const kind of ["records", "connections", "bytes"] as const) {
      const there = both.changes[0]![kind];
      expect(back.changes[0]![kind]).toEqual({
        ...there,
        "newly-denied": there["newly-allowed"],
        "newly-allowed": there["newly-denied"],
      });
    }
  });

  test("a history of equal rules changes nothing, tracked or not", () => {
    const halves = [0, BASE + 100, BASE + 900].map((from) => ({ from, ruleSet: { ...ruleSet } }));
    const history: Timeline = { name: "history", periods: halves };
    const split = judgeTimelines(records, [history, always("candidate", ruleSet)], OPTIONS);
    expect(split.judgements[0]).toEqual(both.judgements[0]);
    expect(split.judgements[1]).toEqual(both.judgements[0]);
    expect(split.counters).toEqual(both.counters);
    expect(split.changes[0]!.connections.unchanged).toBe(alone.counters.connections.total);
  });

  test("a period that begins before the log, or after it, is all or nothing", () => {
    const at = (from: number): Timeline => ({
      name: "candidate",
      periods: [
        { from: 0, ruleSet },
        { from, ruleSet: candidate },
      ],
    });
    const [, early] = judgeTimelines(records, [always("b", ruleSet), at(BASE)], OPTIONS).judgements;
    const [, late] = judgeTimelines(records, [always("b", ruleSet), at(2e9)], OPTIONS).judgements;
    expect(early).toEqual(both.judgements[1]);
    expect(late).toEqual(both.judgements[0]);
  });

  test("lists that let everything pass change nothing", () => {
    const entries = ["ingress", "egress"].flatMap((direction) => [
      `${direction} 100 allow all all 0.0.0.0/0`,
      `${direction} 101 allow all all ::/0`,
    ]);
    const acls = buildAcls({ "acl-1": { subnets: ["subnet-1"], entries } });
    const open = { ...ruleSet, acls };
    const judged = judgeTimelines(
      records,
      [always("baseline", ruleSet), always("candidate", open)],
      OPTIONS,
    );
    expect(judged.judgements[1]).toEqual(judged.judgements[0]);
    expect(judged.openers.every(({ changes }) => changes[0]?.change === "unchanged")).toBe(true);
  });

  test("rows hold every connection and every record of one, in their order, each key once", () => {
    const { records: log, judgements, openers, counters, changes } = judge(seed);
    const members = (judgements[0] ?? []).filter(({ grade }) => grade !== "none");
    // What only candidates' groups judge has rows, but is none of the baseline's own connections (semantics 9.4).
    expect(sum(openers, "connections")).toBeGreaterThanOrEqual(counters.connections.total);
    expect(sum(openers, "forward") + sum(openers, "replies")).toBe(members.length);
    for (const { records: byRecord, connections, bytes } of changes) {
      expect(total(byRecord)).toBe(judgements[0]?.length);
      expect(total(connections)).toBe(sum(openers, "connections"));
      const judged = log.filter(({ logStatus }) => logStatus === "OK");
      expect(total(bytes)).toBe(judged.reduce((all, r) => all + Number(r.bytes ?? 0n), 0));
    }
  });

  test("the order of the records changes nothing", () => {
    const { text: log, timelines, options } = randomTimelines(seed, 200);
    const forwards = judgeTimelines(recordsOf(log), timelines, options);
    const backwards = judgeTimelines(recordsOf(log).toReversed(), timelines, options);
    expect(backwards.judgements.map((each) => each.toReversed())).toEqual(forwards.judgements);
    expect(backwards.openers).toEqual(forwards.openers);
    expect(backwards.changes).toEqual(forwards.changes);
  });

  test("a change is what the rulings of the row say; with a cut-over, what becomes of it then", () => {
    const { openers, cutOverAt } = judge(seed);
    expect(openers.length).toBeGreaterThan(0);
    for (const { rulings, changes } of openers)
      for (const [index, { change, cutOver }] of changes.entries()) {
        const verdicts = `${rulings[0]?.verdict} ${rulings[index + 1]?.verdict}`;
        if (cutOverAt === undefined) {
          expect(change === "newly-denied").toBe(verdicts === "allow deny");
          expect(change === "newly-allowed").toBe(verdicts === "deny allow");
        }
        if (cutOver !== null) expect(rulings[0]?.verdict).toBe("allow");
        if (cutOver === "cut" || cutOver === "refused") expect(change).toBe("newly-denied");
        if (cutOver === "survives") expect(verdicts).toBe("allow deny");
        if (cutOver === "survives") expect(change).not.toBe("newly-denied");
      }
  });
});

describe("timelines", () => {
  const ruleSet = buildRuleSet({
    groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/16"] } },
    interfaces: { "eni-1": { groups: ["sg-a"], addresses: ["10.0.1.10"] } },
  });
  const log = flows("0+60 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT flags=2");

  test("without a period, or out of order, are refused", () => {
    expect(() => judgeTimelines(log, [{ name: "empty", periods: [] }], OPTIONS)).toThrow(
      /no period/,
    );
    const periods = [
      { from: 100, ruleSet },
      { from: 50, ruleSet },
    ];
    expect(() => judgeTimelines(log, [{ name: "odd", periods }], OPTIONS)).toThrow(/order of time/);
  });

  test("the first period holds before its time too", () => {
    const late = { name: "late", periods: [{ from: BASE + 1000, ruleSet }] };
    expect(judgeTimelines(log, [late], OPTIONS).judgements[0]?.[0]?.reason).toBe("rule");
  });

  test("nothing of nothing", () => {
    const nothing = judgeTimelines([], [always("a", ruleSet), always("b", ruleSet)], OPTIONS);
    expect(nothing.openers).toEqual([]);
    expect(total(nothing.changes[0]!.records)).toBe(0);
  });
});
