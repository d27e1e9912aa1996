import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS, type LookAhead } from "../../src/model/timers.js";
import {
  type Evaluation,
  evaluateInDetail,
  judgeTimelines,
  ruleHits,
} from "../../src/reference/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { readLogText } from "../support/log-text.js";

const CORPUS = process.env.FLOW_CORPUS;
const NEAR: LookAhead = { slots: 3, minRecords: 0, maxRecords: 8_000_000 };

function read(name: string): { readonly name: string; readonly text: string } {
  return { name, text: readFileSync(join(CORPUS ?? "", "eks-2024-12-14", name), "utf8") };
}

function rules(version: string): RuleSet {
  const names = [`describe-security-groups.${version}.json`, "describe-network-interfaces.json"];
  return loadRuleSet(names.map(read)).ruleSet;
}

function evaluate(version: string, lookAhead = DEFAULT_LOOK_AHEAD): Evaluation {
  const { records } = readLogText([read("vpcflowlogs.txt")]);
  return evaluateInDetail(records, rules(version), { timers: DEFAULT_TIMERS, lookAhead });
}

describe.skipIf(CORPUS === undefined)("the real pair eks-2024-12-14", () => {
  test.each([
    ["as a whole", DEFAULT_LOOK_AHEAD],
    ["slot by slot", NEAR],
  ])("v2.0.10 gives AWS's own answers, %s", (_, lookAhead) => {
    const { counters, findings } = evaluate("v2.0.10", lookAhead);
    expect(counters).toMatchObject({
      records: 23_250,
      matrix: {
        ACCEPT: { allow: 22_216, deny: 0, unknown: 0 },
        REJECT: { allow: 0, deny: 1022, unknown: 12 },
      },
      reasons: { "no-groups": 4385, "icmp-type": 12 },
      grades: { inferred: 17_761, "one-way": 70, rejected: 1034, none: 4385 },
    });
    expect(sum(counters.noData)).toBe(96);
    expect(sum(counters.skipData)).toBe(109);
    const nat = findings.filter(({ judgement }) => judgement.reason === "no-groups");
    expect(new Set(nat.map(({ judgement }) => judgement.record.interfaceId))).toEqual(
      new Set(["eni-03a5ba858714a7dbe"]),
    );
  });

  test("v2.0.12 newly admits exactly 160 records and breaks none; v2.0.11 changes none", () => {
    const before = evaluate("v2.0.10");
    const verdicts = (run: Evaluation): string[] =>
      run.findings.map(({ judgement }) => judgement.verdict);
    expect(verdicts(evaluate("v2.0.11"))).toEqual(verdicts(before));
    const after = evaluate("v2.0.12");
    const changes = after.findings.flatMap(({ judgement }, index) => {
      const earlier = before.findings[index]?.judgement;
      if (earlier?.verdict === judgement.verdict) return [];
      return [`${earlier?.verdict} to ${judgement.verdict}, port ${judgement.record.dstPort}`];
    });
    expect(countEach(changes)).toEqual({
      "deny to allow, port 15017": 147,
      "deny to allow, port 10250": 5,
      "deny to allow, port 443": 8,
    });
  });

  test("both candidates in one pass give the same, by connections and rows of openers", () => {
    const { records } = readLogText([read("vpcflowlogs.txt")]);
    const versions = ["v2.0.10", "v2.0.11", "v2.0.12"];
    const timelines = versions.map((version) => always(version, rules(version)));
    const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
    const { changes, openers, counters } = judgeTimelines(records, timelines, options);
    expect(changes.map((each) => each.records)).toEqual([
      { "newly-denied": 0, "newly-allowed": 0, unchanged: 23_250, undetermined: 0 },
      { "newly-denied": 0, "newly-allowed": 160, unchanged: 23_090, undetermined: 0 },
    ]);
    const newly = openers.filter((row) => row.changes[1]?.change === "newly-allowed");
    expect(newly.reduce((total, row) => total + row.forward, 0)).toBe(160);
    expect(newly.every(({ action, replies }) => action === "rejected" && replies === 0)).toBe(true);
    expect(sum(changes[1]!.connections)).toBe(counters.connections.total);
    // v2.0.11 adds two rules: neither has a hit.
    const added = ruleIds("v2.0.11").filter((id) => !ruleIds("v2.0.10").includes(id));
    expect(added).toHaveLength(2);
    expect(added.filter((id) => ruleHits(openers, 1).has(id))).toEqual([]);
  });
});

function ruleIds(version: string): readonly string[] {
  return [...rules(version).groups.values()].flatMap((group) => group.rules.map(({ id }) => id));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
