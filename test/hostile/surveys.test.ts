// As many rule sets as there may be, and more; policies as long as they come; a connection for every record.
import { describe, expect, test } from "vitest";
import { type Survey, type SurveyOptions, survey } from "../../src/analysis/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf } from "../support/wasm-engine.js";
import { bytesInput, latin1, line, SMALL_RULE_SET, V2 } from "./run.js";

const START = 1_700_000_100;

function copies(count: number): Timeline[] {
  return Array.from({ length: count }, (_, i) => always(`candidate-${i}`, { ...SMALL_RULE_SET }));
}

async function ask(
  lines: readonly string[],
  options: Pick<SurveyOptions, "baseline" | "candidates"> & Partial<SurveyOptions>,
): Promise<Survey> {
  const input = bytesInput("a.log", latin1(`${[V2, ...lines].join("\n")}\n`));
  return survey([input], { core: await coreOf("release"), openers: "all", ...options });
}

describe("more rule sets than there may be", () => {
  const baseline = always("baseline", SMALL_RULE_SET);

  test("seven candidates with a cut-over fit", async () => {
    const answer = await ask([line()], { baseline, candidates: copies(7), cutOverAt: START + 60 });
    expect(answer.candidates.map(({ connections }) => connections.unchanged)).toEqual(
      Array.from({ length: 7 }, () => 1),
    );
  });

  test("eight candidates with a cut-over are refused", async () => {
    const asked = ask([line()], { baseline, candidates: copies(8), cutOverAt: START + 60 });
    await expect(asked).rejects.toMatchObject({ code: "too-many-rule-sets" });
  });

  test("sixty-four dated rule sets fit, sixty-five are refused", async () => {
    const history = (count: number): Timeline => ({
      name: "history",
      periods: copies(count).map(({ periods }, i) => ({ ...periods[0]!, from: START + i })),
    });
    const { summary } = await ask([line()], { baseline: history(64), candidates: [] });
    expect(summary.verdicts).toEqual({ allow: 1, deny: 0, unknown: 0 });
    const asked = ask([line()], { baseline: history(65), candidates: [] });
    await expect(asked).rejects.toMatchObject({ code: "too-many-rule-sets" });
  });

  test.each([Number.NaN, START + 0.5, 2 ** 32, 2 ** 32 + START - 60])(
    "a rule set that holds from second %d is refused",
    async (from) => {
      const periods = [0, from].map((each) => ({ from: each, ruleSet: { ...SMALL_RULE_SET } }));
      const asked = ask([line()], { baseline: { name: "history", periods }, candidates: [] });
      await expect(asked).rejects.toMatchObject({ code: "timeline-invalid" });
      const cut = ask([line()], { baseline, candidates: copies(1), cutOverAt: from });
      await expect(cut).rejects.toMatchObject({ code: "timeline-invalid" });
    },
  );

  test("two rule sets that hold from the same second are refused", async () => {
    const periods = [0, START, START].map((from) => ({ from, ruleSet: { ...SMALL_RULE_SET } }));
    const asked = ask([line()], { baseline: { name: "history", periods }, candidates: [] });
    await expect(asked).rejects.toMatchObject({ code: "timeline-invalid" });
  });
});

describe("ten thousand rules", () => {
  const RULES = 10_000;
  const address = (i: number): string => `10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
  const without = (left: number): RuleSet =>
    buildRuleSet({
      groups: {
        "sg-a": {
          rules: Array.from({ length: RULES }, (_, i) => i)
            .filter((i) => i % 8 !== left)
            .map((i) => `ingress tcp ${1000 + i} ${address(i)}/32`),
        },
      },
      interfaces: { "eni-1": { groups: ["sg-a"], addresses: ["10.0.0.1"] } },
    });

  test("under seven candidates that lack another eighth each", async () => {
    const log = Array.from({ length: RULES }, (_, i) =>
      line({ src: address(i), sport: 40_000, dport: 1000 + i, start: START + (i >> 6) }),
    );
    const candidates = Array.from({ length: 7 }, (_, i) => always(`without-${i}`, without(i)));
    const answer = await ask(log, { baseline: always("all", without(8)), candidates });
    expect(answer.summary.verdicts).toEqual({ allow: RULES, deny: 0, unknown: 0 });
    for (const { connections } of answer.candidates)
      expect(connections).toMatchObject({ "newly-denied": RULES / 8, "newly-allowed": 0 });
    for (const { rulings } of answer.openers) expect(rulings[0]!.rules).toHaveLength(1);
    expect(answer.openers).toHaveLength(RULES);
  }, 120_000);
});

describe("every record another opener", () => {
  test("rows, connections and records are all there", async () => {
    const count = 30_000;
    const log = Array.from({ length: count }, (_, i) =>
      line({
        src: `198.18.${i >> 8}.${i & 255}`,
        action: i % 3 === 0 ? "REJECT" : "ACCEPT",
        start: START + (i >> 5),
      }),
    );
    const baseline = always("baseline", SMALL_RULE_SET);
    const candidates = [always("nothing", { ...SMALL_RULE_SET, groups: new Map() })];
    const answer = await ask(log, { baseline, candidates });
    expect(answer.openers).toHaveLength(count);
    expect(answer.openersDropped).toBe(0);
    expect([...answer.openers].filter(({ scanner }) => scanner)).toHaveLength(count / 3);
    const few = await ask(log, { baseline, candidates, maxConnections: 5000 });
    expect(few.openers).toHaveLength(count);
  });
});
