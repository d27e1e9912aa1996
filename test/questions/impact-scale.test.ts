import { expect, test } from "vitest";
import type { JudgedOpener } from "../../src/model/opener.js";
import { impactOf, removalPlan, usageOf } from "../../src/questions/index.js";
import { EMPTY } from "../report/summary-fixture.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { judged } from "./judged-rows.js";

/** Rows of the large case; the time allowed is several times what a slow machine needs. */
const ROWS = 100_000;
const SECONDS = 40;

const GROUPS = Array.from({ length: 50 }, (_, i) => `sg-${i}`);
const RULE_SET = buildRuleSet({
  groups: Object.fromEntries(
    GROUPS.map((id, i) => [
      id,
      {
        rules: [
          ...Array.from({ length: 40 }, (_, port) => `ingress tcp ${8000 + port} 10.0.0.0/8`),
          "ingress tcp 8000-9000 sg-0",
          `ingress tcp 8000-9000 10.${i}.0.0/16`,
        ],
      },
    ]),
  ),
  interfaces: Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [
      `eni-${i}`,
      {
        groups: [GROUPS[i % 50]!],
        addresses: [`10.${i % 50}.0.${i % 250}`],
        prefixes: [`10.200.${i % 250}.${i < 250 ? 0 : 16}/28`],
      },
    ]),
  ),
});

/** Rows with ever new remote addresses; a third of them cannot be decided. */
function manyRows(): JudgedOpener[] {
  const rows: JudgedOpener[] = [];
  for (let i = 0; i < ROWS; i++) {
    const base = KINDS[i % KINDS.length]!;
    const value = 0x0a000000n + BigInt((i * 2_654_435_761) % 0x1000000);
    rows.push({ ...base, remote: { family: 4, value }, interfaceId: `eni-${i % 500}` });
  }
  return rows;
}

const KINDS = [
  judged([RULE_SET, RULE_SET], "eni-0 ingress tcp/8001 10.0.0.1"),
  judged([RULE_SET, RULE_SET], "eni-0 ingress tcp/8500 10.1.77.1"),
  judged([RULE_SET, RULE_SET], "eni-0 ingress tcp/8600 10.0.77.1 x3", {
    changes: [{ change: "newly-denied", cutOver: null }],
  }),
];

test("a hundred thousand rows with as many addresses are answered in seconds", () => {
  const rows = manyRows();
  const began = performance.now();
  const impact = impactOf(rows, RULE_SET, RULE_SET, 0);
  const usage = usageOf(rows, RULE_SET, EMPTY);
  const plan = removalPlan(rows, RULE_SET, usage);
  const seconds = (performance.now() - began) / 1000;
  expect(impact.connections["newly-denied"]).toBeGreaterThan(ROWS / 2);
  expect(usage.rules).toHaveLength(50 * 42);
  expect(plan.kept.length + plan.removed.length).toBe(50 * 42);
  expect(seconds).toBeLessThan(SECONDS);
});
