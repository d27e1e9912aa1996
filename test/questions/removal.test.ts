import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Summary } from "../../src/analysis/summary.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type RemovalPlan, removalPlan, usageOf } from "../../src/questions/index.js";
import { BUSY, EMPTY } from "../report/summary-fixture.js";
import { buildRuleSet, type GroupSketch } from "../support/rule-set-builder.js";
import { judgedSketch, type RowSketch, rulingOf, sketchRow } from "./judged-rows.js";

const INTERFACES = {
  "eni-a": { groups: ["sg-a"], addresses: ["10.0.1.1"] },
  "eni-b": { groups: ["sg-a", "sg-b"], addresses: ["10.0.1.2"] },
};

function rulesOf(a: readonly string[], b: readonly string[] = []): RuleSet {
  return buildRuleSet({
    groups: { "sg-a": { rules: a }, "sg-b": { rules: b } },
    interfaces: INTERFACES,
    prefixLists: { "pl-1": ["192.0.2.0/24"], "pl-unread": null },
  });
}

const LOGGED: Summary = {
  ...EMPTY,
  coverage: {
    ...EMPTY.coverage,
    interfaces: {
      ...EMPTY.coverage.interfaces,
      list: Object.keys(INTERFACES).map((id) => ({
        ...BUSY.coverage.interfaces.list[0]!,
        id,
      })),
    },
  },
};

function planOf(ruleSet: RuleSet, sketches: readonly RowSketch[]): RemovalPlan {
  const rows = sketches.map((sketch) => judgedSketch([ruleSet], sketch));
  return removalPlan(rows, ruleSet, usageOf(rows, ruleSet, LOGGED));
}

function plan(ruleSet: RuleSet, ...texts: string[]): RemovalPlan {
  return planOf(
    ruleSet,
    texts.map((text) => sketchRow(text)),
  );
}

/** The rule set without the removed rules. */
function without(
  ruleSet: RuleSet,
  { removed }: { readonly removed: readonly { readonly id: string }[] },
): RuleSet {
  const gone = new Set(removed.map(({ id }) => id));
  const groups = [...ruleSet.groups].map(([id, group]) => {
    const rules = group.rules.filter((rule) => !gone.has(rule.id));
    return [id, { ...group, rules }] as const;
  });
  return { ...ruleSet, groups: new Map(groups) };
}

describe("removalPlan", () => {
  test("two rules that cover each other cannot both go; the narrower one stays", () => {
    const found = plan(
      rulesOf(["ingress tcp 80 10.0.0.0/8", "ingress tcp 80 10.0.7.0/24"]),
      "eni-a ingress tcp/80 10.0.7.1 x3",
    );
    expect(found.removed).toMatchObject([
      {
        id: "sg-a/ingress/tcp/80/10.0.0.0/8",
        class: "redundant",
        connections: 3,
        admittedBy: [{ name: "sg-a/ingress/tcp/80/10.0.7.0/24", connections: 3 }],
        closes: { addresses: 2 ** 24, ports: 1, pairs: 2 ** 24 - 256, atMost: false },
        coverage: { interfaces: 2, withLogs: 2 },
      },
    ]);
    expect(found.kept).toEqual([
      {
        id: "sg-a/ingress/tcp/80/10.0.7.0/24",
        groupId: "sg-a",
        class: "redundant",
        reason: "needed",
        soleConnections: 3,
        undecided: 0,
      },
    ]);
    expect(found).toMatchObject({ optimal: true, connections: 3 });
    expect(found.components).toEqual([
      {
        rules: ["sg-a/ingress/tcp/80/10.0.0.0/8", "sg-a/ingress/tcp/80/10.0.7.0/24"],
        kept: ["sg-a/ingress/tcp/80/10.0.7.0/24"],
        optimal: true,
      },
    ]);
  });

  test("a rule that two others stand in for goes though each of its openers is used", () => {
    const found = plan(
      rulesOf([
        "ingress tcp 80-81 10.0.0.0/8",
        "ingress tcp 80-90 10.0.0.0/24",
        "ingress tcp 81-99 10.1.0.0/24",
      ]),
      "eni-a ingress tcp/80 10.0.0.1",
      "eni-a ingress tcp/81 10.1.0.1",
      "eni-a ingress tcp/90 10.0.0.1",
      "eni-a ingress tcp/99 10.1.0.1",
    );
    expect(found.removed.map(({ id }) => id)).toEqual(["sg-a/ingress/tcp/80-81/10.0.0.0/8"]);
  });

  test("stays: what no log shows, what no interface carries, what may admit the undecided", () => {
    const ruleSet = buildRuleSet({
      groups: {
        "sg-a": {
          rules: [
            "egress udp 53 169.254.169.253/32",
            "ingress tcp 80 pl-unread",
            "ingress tcp 5000 10.0.0.0/8",
            "ingress tcp 5000 10.0.0.0/9",
            "ingress tcp 9 192.0.2.0/24",
          ],
        },
        "sg-b": { rules: ["ingress tcp 7 10.0.0.0/8"] },
        "sg-none": { rules: ["ingress tcp 1 10.0.0.0/8"] },
        "sg-old": { vpcId: null, rules: ["ingress tcp 8 10.0.0.0/8"] },
      },
      interfaces: {
        "eni-a": { groups: ["sg-a", "sg-old"], addresses: ["10.0.1.1"] },
        "eni-dark": { groups: ["sg-b"], addresses: ["10.0.1.3"] },
      },
      prefixLists: { "pl-unread": null },
    });
    const found = plan(
      ruleSet,
      "eni-a either tcp/5000,6000 10.0.0.5",
      "eni-a ingress tcp/5000 10.0.0.6 x2",
      "eni-a egress tcp/443 192.0.2.1",
    );
    expect(found.removed.map(({ id, closes }) => [id, closes.pairs])).toEqual([
      ["sg-a/ingress/tcp/9/192.0.2.0/24", 256],
      ["sg-old/ingress/tcp/8/10.0.0.0/8", 2 ** 24],
    ]);
    expect(found.kept.map(({ id, reason, undecided }) => [id, reason, undecided])).toEqual([
      ["sg-a/egress/udp/53/169.254.169.253/32", "not-observable", 0],
      ["sg-a/ingress/tcp/80/pl-unread", "undecidable", 0],
      ["sg-a/ingress/tcp/5000/10.0.0.0/8", "undecided-traffic", 1],
      ["sg-a/ingress/tcp/5000/10.0.0.0/9", "undecided-traffic", 1],
      ["sg-b/ingress/tcp/7/10.0.0.0/8", "not-observable", 0],
      ["sg-none/ingress/tcp/1/10.0.0.0/8", "on-no-interface", 0],
      ["sg-old/egress/all/all/classic", "not-a-rule", 1],
    ]);
  });
});

describe("the price", () => {
  test.each([
    ["a kept rule of all protocols", "ingress all all 10.0.0.0/25", 128, false],
    ["kept ports overlap", "ingress tcp 70-84 10.0.0.0/25", 256 * 11 - 128 * 5, false],
    ["kept ports apart", "ingress tcp 91-99 10.0.0.0/24", 256 * 11, false],
    ["another protocol", "ingress udp 80-90 10.0.0.0/24", 256 * 11, false],
    ["another direction", "egress tcp 80-90 10.0.0.0/24", 256 * 11, false],
    ["unknown members", "ingress tcp 80-90 pl-unread", 256 * 11, true],
  ])("%s", (_, kept, pairs, atMost) => {
    const ruleSet = rulesOf(["ingress tcp 80-90 10.0.0.0/24", kept]);
    const use = kept.includes("egress")
      ? "eni-a egress tcp/85 10.0.0.1"
      : `eni-a ingress ${kept.includes("udp") ? "udp" : "tcp"}/${kept.includes("91") ? 95 : 75} 10.0.0.1`;
    const found = plan(ruleSet, kept.includes("all") ? "eni-a ingress udp/1 10.0.0.1" : use);
    const closes = found.removed.find(({ id }) => id.includes("80-90/10.0.0.0/24"))?.closes;
    const expected = kept.includes("all") ? 128 * 11 : pairs;
    expect(closes).toEqual({ addresses: 256, ports: 11, pairs: expected, atMost });
  });

  test("ICMP counts types; a rule of every protocol is an upper bound beside a narrower one", () => {
    const icmp = plan(
      rulesOf(["ingress icmp all 10.0.0.0/24", "ingress icmp 8/-1 10.0.0.0/24 stale"]),
    );
    expect(icmp.removed.map(({ closes }) => closes.pairs)).toEqual([256 * 256, 0]);
    const all = plan(
      rulesOf(["ingress all all 10.0.0.0/24", "ingress tcp 80 10.0.0.0/24"]),
      "eni-a ingress tcp/80 10.0.0.1",
    );
    expect(all.removed).toMatchObject([
      { closes: { ports: 65_536, pairs: 65_536 * 256, atMost: true } },
    ]);
  });
});

describe("properties of the plan", () => {
  const rule = fc
    .tuple(
      fc.constantFrom("ingress", "egress"),
      fc.constantFrom(
        "tcp 80",
        "tcp 80-90",
        "tcp 85-95",
        "tcp 90",
        "udp 53",
        "all all",
        "icmp all",
        "icmp 8/-1",
      ),
      fc.constantFrom(
        "10.0.0.0/8",
        "10.0.1.0/24",
        "192.0.2.0/24",
        "sg-a",
        "sg-b",
        "pl-1",
        "pl-unread",
        "0.0.0.0/0",
      ),
    )
    .map((parts) => parts.join(" "));
  const sketch = fc
    .tuple(
      fc.constantFrom("eni-a", "eni-b", "eni-lost"),
      fc.constantFrom("ingress", "egress", "either"),
      fc.constantFrom("tcp/80", "tcp/85,90", "tcp/90,85", "tcp/95", "udp/53", "icmp"),
      fc.constantFrom("10.0.1.1", "10.0.1.2", "10.7.0.1", "192.0.2.1"),
    )
    .map((parts) => sketchRow(parts.join(" ")));
  const someRules = fc.uniqueArray(rule, { maxLength: 7 });
  const someRows = fc.array(sketch, { maxLength: 12 });

  test("safe: without the removed rules every answer that was not a denial stays as it is", () => {
    fc.assert(
      fc.property(someRules, someRules, someRows, (a, b, sketches) => {
        const ruleSet = rulesOf(a, b);
        const found = planOf(ruleSet, sketches);
        const after = without(ruleSet, found);
        for (const each of sketches) {
          const before = rulingOf(ruleSet, each);
          const now = rulingOf(after, each);
          expect([now.verdict, now.reason, now.detail]).toEqual([
            before.verdict,
            before.reason,
            before.detail,
          ]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("largest: no other choice among the rules that may go is larger and safe", () => {
    const small: fc.Arbitrary<GroupSketch> = fc
      .uniqueArray(rule, { maxLength: 5 })
      .map((rules) => ({ rules }));
    const known = someRows.map((rows) => rows.filter(({ row }) => row.direction !== null));
    fc.assert(
      fc.property(small, small, known, (a, b, sketches) => {
        const ruleSet = rulesOf(a.rules ?? [], b.rules ?? []);
        const found = planOf(ruleSet, sketches);
        expect(found.optimal).toBe(true);
        const free = [
          ...found.removed,
          ...found.kept.filter(({ reason }) => reason === "needed"),
        ].map(({ id }) => ({ id }));
        const admitted = sketches.filter((each) => rulingOf(ruleSet, each).verdict === "allow");
        for (let choice = 0; choice < 1 << free.length; choice++) {
          const removed = free.filter((_, i) => (choice & (1 << i)) !== 0);
          if (removed.length <= found.removed.length) continue;
          const after = without(ruleSet, { removed });
          expect(admitted.every((each) => rulingOf(after, each).verdict === "allow")).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("the order of the rows changes nothing; every rule is either kept or removed", () => {
    fc.assert(
      fc.property(someRules, someRows, (a, sketches) => {
        const ruleSet = rulesOf(a);
        const found = planOf(ruleSet, sketches);
        expect(planOf(ruleSet, [...sketches].reverse())).toEqual(found);
        const all = [...found.kept, ...found.removed].map(({ id }) => id).sort();
        expect(all).toEqual(
          ruleSet.groups
            .get("sg-a")
            ?.rules.map(({ id }) => id)
            .sort(),
        );
      }),
      { numRuns: 150 },
    );
  });
});
