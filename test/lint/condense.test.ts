import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { condenseRuleSet, proveEquivalence } from "../../src/lint/index.js";
import type { Rule, RuleSet } from "../../src/model/rule-set.js";
import { buildRule, buildRuleSet } from "../support/rule-set-builder.js";
import { admits, answersAll, opensToAll, type Packet } from "./brute-force.js";
import { packet, rulesOf, ruleTexts } from "./random-rules.js";

const BASE = buildRuleSet({
  groups: { "sg-a": {}, "sg-b": {} },
  interfaces: {
    "eni-a": { groups: ["sg-a"], addresses: ["10.0.0.3"] },
    "eni-b": { groups: ["sg-b"] },
  },
  prefixLists: { "pl-four": ["10.0.0.0/30"], "pl-six": ["fd00::/127"], "pl-dark": null },
});

function withRules(texts: readonly string[] | readonly Rule[]): RuleSet {
  const rules =
    typeof texts[0] === "string" || texts.length === 0
      ? rulesOf("sg-a", texts as readonly string[])
      : (texts as readonly Rule[]);
  const groups = new Map(BASE.groups);
  groups.set("sg-a", { ...groups.get("sg-a")!, rules });
  return { ...BASE, groups };
}

function rulesIn(ruleSet: RuleSet, direction: Rule["direction"]): Rule[] {
  return ruleSet.groups.get("sg-a")!.rules.filter((rule) => rule.direction === direction);
}

function condensed(...texts: string[]): string[] {
  const { ruleSet } = condenseRuleSet(withRules(texts));
  return ruleSet.groups.get("sg-a")!.rules.map(({ id }) => id);
}

const PLACE = { file: "x.json", line: 1, column: 1 };

describe("condensing", () => {
  it.each<[string, string[], string[]]>([
    [
      "a duplicate goes, the first stays",
      ["ingress tcp 80 10.0.0.0/8", "ingress tcp 80 10.0.0.0/8"],
      ["sgr-0"],
    ],
    [
      "what one rule covers goes",
      ["ingress tcp 80 10.1.0.0/16", "ingress all all 10.0.0.0/8"],
      ["sgr-1"],
    ],
    [
      "what two rules cover together goes",
      [
        "ingress tcp 80-90 10.0.0.0/8",
        "ingress tcp 80-85 10.0.0.0/7",
        "ingress tcp 86-99 10.0.0.0/7",
      ],
      ["sg-a/ingress/tcp/80-99/10.0.0.0/7"],
    ],
    [
      "halves of a block become one",
      ["ingress tcp 80 10.0.0.0/25", "ingress tcp 80 10.0.0.128/25"],
      ["sg-a/ingress/tcp/80/10.0.0.0/24"],
    ],
    [
      "neighbours that are no halves stay",
      ["ingress tcp 80 10.0.0.128/25", "ingress tcp 80 10.0.1.0/25"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "neighbouring ports become one",
      ["ingress tcp 80 sg-b", "ingress tcp 82 sg-b", "ingress tcp 81 sg-b"],
      ["sg-a/ingress/tcp/80-82/sg-b"],
    ],
    [
      "tcp and udp stay apart",
      ["ingress tcp 0-65535 10.0.0.0/8", "ingress udp 0-65535 10.0.0.0/8"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "ports, then blocks",
      ["ingress tcp 1 10.0.0.0/25", "ingress tcp 2 10.0.0.0/25", "ingress tcp 1-2 10.0.0.128/25"],
      ["sg-a/ingress/tcp/1-2/10.0.0.0/24"],
    ],
    [
      "the two halves of the world stay: one rule for all untracks",
      ["ingress tcp 80 0.0.0.0/1", "ingress tcp 80 128.0.0.0/1"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "the world is not replaced by its halves",
      ["ingress tcp 80 0.0.0.0/0", "ingress tcp 80 0.0.0.0/1", "ingress tcp 80 128.0.0.0/1"],
      ["sgr-0"],
    ],
    [
      "all ports of the world are not made of parts",
      ["egress tcp 0-1023 0.0.0.0/0", "egress tcp 1024-65535 0.0.0.0/0"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "some ports of the world are",
      ["ingress tcp 80 0.0.0.0/0", "ingress tcp 81 0.0.0.0/0"],
      ["sg-a/ingress/tcp/80-81/0.0.0.0/0"],
    ],
    [
      "a group is not covered by a block that holds its members",
      ["ingress tcp 80 sg-b", "ingress tcp 80 10.0.0.0/8"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "nor by the IPv4 world alone",
      ["ingress tcp 80 sg-b", "ingress tcp 80 0.0.0.0/0"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "but by both worlds",
      ["ingress tcp 80 sg-b", "ingress tcp 80 0.0.0.0/0", "ingress tcp 80 ::/0"],
      ["sgr-1", "sgr-2"],
    ],
    [
      "a list of one family is covered by that world",
      ["ingress tcp 80 pl-four", "ingress tcp 80 0.0.0.0/0"],
      ["sgr-1"],
    ],
    [
      "unresolved peers are not touched",
      [
        "ingress tcp 80 pl-dark",
        "ingress tcp 80 pl-dark",
        "ingress tcp 81 pl-dark",
        "ingress all all 0.0.0.0/0",
        "ingress all all ::/0",
      ],
      ["sgr-0", "sgr-1", "sgr-2", "sgr-3", "sgr-4"],
    ],
    [
      "directions do not mix",
      ["ingress tcp 80 10.0.0.0/8", "egress tcp 80 10.0.0.0/8"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "families do not mix",
      ["ingress tcp 80 0.0.0.0/0", "ingress tcp 80 ::/0"],
      ["sgr-0", "sgr-1"],
    ],
    [
      "an ICMP code goes into its type, a type into all",
      [
        "ingress icmp 3/4 10.0.0.0/8",
        "ingress icmp 3/-1 10.0.0.0/8",
        "ingress icmp 8/-1 10.0.0.0/9",
        "ingress icmp all 10.0.0.0/9",
      ],
      ["sgr-1", "sgr-3"],
    ],
  ])("%s", (_, texts, left) => {
    expect(condensed(...texts)).toEqual(left);
  });

  it("joins descriptions, each once, within what AWS allows", () => {
    const rules = ["a", "b", "a", "x".repeat(250)].map((description, i) => ({
      ...buildRule("sg-a", `ingress tcp ${80 + i} 10.0.0.0/8`),
      description,
    }));
    const join = (count: number): string | undefined =>
      condenseRuleSet(withRules(rules.slice(0, count))).ruleSet.groups.get("sg-a")!.rules[0]!
        .description;
    expect(join(3)).toBe("a; b");
    expect(join(4)).toBe("a; b; +1 more");
  });

  it("says of a dropped rule what covers it, as few rules as do", () => {
    const { dropped } = condenseRuleSet(
      withRules([
        "ingress tcp 80-90 10.0.0.0/8",
        "ingress tcp 1-85 10.0.0.0/8",
        "ingress tcp 83-99 10.0.0.0/8",
        "ingress tcp 84-86 10.0.0.0/7",
      ]),
    );
    expect(dropped.map(({ rule, by }) => [rule.id, by.map(({ id }) => id)])).toEqual([
      ["sgr-0", ["sgr-1", "sgr-2"]],
    ]);
  });

  it("drops across groups only when asked, and only what every carrier has twice", () => {
    const ruleSet = buildRuleSet({
      groups: {
        "sg-narrow": {
          rules: [
            "ingress tcp 80 10.0.0.0/8",
            "ingress tcp 99 10.0.0.0/8",
            "egress all all 0.0.0.0/0",
          ],
        },
        "sg-wide": { rules: ["ingress tcp 80 0.0.0.0/0"] },
        "sg-other": { rules: ["ingress tcp 80-81 10.0.0.0/8"] },
      },
      interfaces: {
        "eni-1": { groups: ["sg-narrow", "sg-wide"] },
        "eni-2": { groups: ["sg-narrow", "sg-other"] },
      },
    });
    expect(condenseRuleSet(ruleSet).dropped).toEqual([]);
    const across = condenseRuleSet(ruleSet, { acrossGroups: true });
    expect(across.dropped.map(({ rule }) => rule.id)).toEqual([
      "sg-narrow/ingress/tcp/80/10.0.0.0/8",
    ]);
    expect(proveEquivalence(ruleSet, across.ruleSet).equal).toBe(false);
    expect(proveEquivalence(ruleSet, across.ruleSet, { per: "interface" }).equal).toBe(true);
  });

  it("across groups keeps what every interface admits, by brute force and by the prover", () => {
    let dropped = 0;
    const carried = fc.array(fc.subarray(["sg-a", "sg-b", "sg-c"], { minLength: 1 }), {
      minLength: 1,
      maxLength: 4,
    });
    const packets = fc.array(packet, { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(ruleTexts, ruleTexts, ruleTexts, carried, packets, (a, b, c, ids, drawn) => {
        const groups = new Map(
          [a, b, c].map((texts, i) => {
            const id = `sg-${"abc"[i]}`;
            const rules = rulesOf(id, texts).map((rule) => ({ ...rule, id: `${rule.id}-${id}` }));
            return [id, { ...BASE.groups.get("sg-a")!, id, rules }];
          }),
        );
        const interfaces = new Map(
          ids.map((groupIds, i) => {
            const id = `eni-${i}`;
            return [id, { id, groupIds, addresses: [], prefixes: [], at: PLACE }];
          }),
        );
        const before = { ...BASE, groups, interfaces };
        const across = condenseRuleSet(before, { acrossGroups: true });
        dropped += across.dropped.length - condenseRuleSet(before).dropped.length;
        expect(proveEquivalence(before, across.ruleSet, { per: "interface" }).equal).toBe(true);
        const rulesOn = (ruleSet: RuleSet, groupIds: readonly string[]): Rule[] =>
          groupIds.flatMap((id) => ruleSet.groups.get(id)!.rules);
        for (const groupIds of ids)
          for (const direction of ["ingress", "egress"] as const) {
            const [was, is] = [before, across.ruleSet].map((ruleSet) =>
              rulesOn(ruleSet, groupIds).filter((rule) => rule.direction === direction),
            );
            const answers = (rules: readonly Rule[]): boolean[] =>
              drawn.map((one) => admits(rules, one));
            expect(answers(is!)).toEqual(answers(was!));
          }
      }),
      { numRuns: 300 },
    );
    expect(dropped).toBeGreaterThan(100);
  });

  it("is equivalent, by every sampled packet and by the prover, and cannot be condensed again", () => {
    fc.assert(
      fc.property(
        ruleTexts,
        fc.array(packet, { minLength: 40, maxLength: 40 }),
        (texts, packets) => {
          const before = withRules(texts);
          const { ruleSet: after, dropped, merged } = condenseRuleSet(before);
          for (const direction of ["ingress", "egress"] as const) {
            const was = rulesIn(before, direction);
            const is = rulesIn(after, direction);
            const ported = packets.filter(({ protocol }) => protocol === 6 || protocol === 17);
            const answers = (rules: readonly Rule[]): boolean[] => [
              ...packets.map((drawn) => admits(rules, drawn)),
              ...ported.map((drawn) => opensToAll(rules, drawn)),
              ...ported.map((drawn) => answersAll(rules, drawn)),
            ];
            expect(answers(is)).toEqual(answers(was));
          }
          expect(proveEquivalence(before, after)).toMatchObject({ equal: true, policies: 2 });
          expect(proveEquivalence(before, after, { members: "known" }).equal).toBe(true);
          const rules = after.groups.get("sg-a")!.rules.length;
          const lost = dropped.length + merged.reduce((sum, { from }) => sum + from.length - 1, 0);
          expect(rules).toBe(texts.length - lost);
          expect(condenseRuleSet(after).ruleSet.groups.get("sg-a")!.rules).toHaveLength(rules);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("is refuted after a mutation, by a packet that really tells both apart", () => {
    let refuted = 0;
    fc.assert(
      fc.property(
        ruleTexts.filter((texts) => texts.length > 0),
        ruleTexts.filter((texts) => texts.length > 0),
        fc.nat(),
        fc.constantFrom("drop", "replace", "add"),
        fc.array(packet, { minLength: 30, maxLength: 30 }),
        (texts, others, index, kind, packets) => {
          const before = withRules(texts);
          const rules = [...condenseRuleSet(before).ruleSet.groups.get("sg-a")!.rules];
          const extra = { ...buildRule("sg-a", others[0]!), id: "sgr-new", at: PLACE };
          if (kind === "add") rules.push(extra);
          else rules.splice(index % rules.length, 1, ...(kind === "drop" ? [] : [extra]));
          const after = withRules(rules);
          const { equal, counterExample } = proveEquivalence(before, after);
          if (counterExample === undefined) {
            expect(equal).toBe(true);
            for (const direction of ["ingress", "egress"] as const)
              for (const drawn of packets)
                expect(admits(rulesIn(after, direction), drawn)).toBe(
                  admits(rulesIn(before, direction), drawn),
                );
            return;
          }
          refuted++;
          expect(equal).toBe(false);
          const { direction, about, member } = counterExample;
          const told: Packet = {
            protocol: counterExample.protocol,
            port: counterExample.port ?? 0,
            icmpType: counterExample.icmpType ?? 0,
            icmpCode: counterExample.icmpCode ?? 0,
            address: counterExample.address,
            memberOf: member === null ? [] : [member],
          };
          const sides = [rulesIn(before, direction), rulesIn(after, direction)];
          const said = [counterExample.before, counterExample.after];
          if (about === "admission") expect(sides.map((side) => admits(side, told))).toEqual(said);
          else
            expect(
              [opensToAll, answersAll].map((test) => sides.map((side) => test(side, told))),
            ).toContainEqual(said);
        },
      ),
      { numRuns: 1000 },
    );
    expect(refuted).toBeGreaterThan(500);
  });
});
