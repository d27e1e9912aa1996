import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { InterfaceCoverage, Summary } from "../../src/analysis/summary.js";
import type { FlowRecord } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { impactOf, removalPlan, usageOf } from "../../src/questions/index.js";
import { judgeTimelines, ruleHits, type TimelineEvaluation } from "../../src/reference/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { EMPTY } from "../report/summary-fixture.js";
import { readLogText } from "../support/log-text.js";

const CORPUS = process.env.FLOW_CORPUS;
const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };

function read(name: string): { readonly name: string; readonly text: string } {
  return { name, text: readFileSync(join(CORPUS ?? "", "eks-2024-12-14", name), "utf8") };
}

function rules(version: string): RuleSet {
  const names = [`describe-security-groups.${version}.json`, "describe-network-interfaces.json"];
  return loadRuleSet(names.map(read)).ruleSet;
}

function judge(ruleSets: readonly RuleSet[]): TimelineEvaluation {
  const timelines = ruleSets.map((ruleSet, i) => always(String(i), ruleSet));
  return judgeTimelines(readLogText([read("vpcflowlogs.txt")]).records, timelines, OPTIONS);
}

/** As much of a summary as the ledger asks for. */
function coverageOf(records: readonly FlowRecord[]): Summary {
  const list = [...new Set(records.flatMap(({ interfaceId }) => interfaceId ?? []))].map(
    (id): InterfaceCoverage => ({
      id,
      inRuleSet: true,
      records: 1,
      allow: 1,
      deny: 0,
      unknown: 0,
      nodata: 0,
      skipdata: 0,
      skipdataSeconds: 0,
      firstStart: 0,
      lastEnd: 1,
      inferredAddress: null,
    }),
  );
  const interfaces = { ...EMPTY.coverage.interfaces, list };
  return { ...EMPTY, coverage: { ...EMPTY.coverage, interfaces } };
}

describe.skipIf(CORPUS === undefined)("the real pair eks-2024-12-14", () => {
  test("v2.0.12: what it newly allows, by tuple, and nothing else changes", () => {
    const [before, after] = [rules("v2.0.10"), rules("v2.0.12")];
    const { openers } = judge([before, after]);
    const impact = impactOf(openers, before, after, 0, { onlyChanged: true });
    expect(impact.records["newly-allowed"]).toBe(160);
    expect(impact.records["newly-denied"]).toBe(0);
    expect(impact.records.undetermined).toBe(0);
    const byPort = new Map<number | null, number>();
    for (const tuple of impact.list) {
      expect(tuple.change).toBe("newly-allowed");
      expect(tuple.samples.length).toBeGreaterThan(0);
      expect(tuple.candidateRules.distinct).toBeGreaterThan(0);
      expect(tuple.nearestMiss?.side).toBe("baseline");
      byPort.set(tuple.port, (byPort.get(tuple.port) ?? 0) + tuple.records);
    }
    expect(byPort).toEqual(
      new Map([
        [15_017, 147],
        [443, 8],
        [10_250, 5],
      ]),
    );
  });

  test("v2.0.11: its two added rules have no evidence or are on no interface", () => {
    const [before, after] = [rules("v2.0.10"), rules("v2.0.11")];
    const { openers } = judge([after]);
    const { records } = readLogText([read("vpcflowlogs.txt")]);
    const usage = usageOf(openers, after, coverageOf(records));
    const old = new Set(
      [...before.groups.values()].flatMap((group) => group.rules.map(({ id }) => id)),
    );
    const added = usage.rules.filter(({ id }) => !old.has(id));
    expect(added).toHaveLength(2);
    for (const rule of added) {
      expect(rule.connections).toBe(0);
      expect(["no-evidence", "on-no-interface"]).toContain(rule.class);
    }
    const hits = ruleHits(openers);
    for (const { id, connections } of usage.rules)
      expect(connections).toBe(hits.get(id)?.openers ?? 0);
  });

  test("the removal plan breaks nothing on the same log", () => {
    const before = rules("v2.0.10");
    const { records } = readLogText([read("vpcflowlogs.txt")]);
    const { openers } = judge([before]);
    const plan = removalPlan(openers, before, usageOf(openers, before, coverageOf(records)));
    expect(plan.optimal).toBe(true);
    expect(plan.removed.length).toBeGreaterThan(0);
    const gone = new Set(plan.removed.map(({ id }) => id));
    const groups = [...before.groups].map(([id, group]) => {
      const left = group.rules.filter((rule) => !gone.has(rule.id));
      return [id, { ...group, rules: left }] as const;
    });
    const after: RuleSet = { ...before, groups: new Map(groups) };
    const { changes } = judge([before, after]);
    expect(changes[0]?.connections).toMatchObject({ "newly-denied": 0, undetermined: 0 });
  });
});
