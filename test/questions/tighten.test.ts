import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cidr, familyBits, formatAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Suggestion } from "../../src/questions/suggestion.js";
import { heldOut } from "../../src/questions/suggestion-held-out.js";
import { tightenGroup } from "../../src/questions/tighten.js";
import { answer } from "../match/oracle.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";
import { opener } from "./tighten-openers.js";

const ACCOUNT: RuleSetSketch = {
  groups: {
    "sg-web": {
      rules: ["ingress tcp 0-65535 0.0.0.0/0", "egress all all 0.0.0.0/0", "egress all all ::/0"],
    },
    "sg-app": {},
    "sg-fleet": {},
    "sg-nlb": {},
    "sg-elsewhere": { vpcId: "vpc-2" },
  },
  interfaces: {
    "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.1"] },
    "eni-app1": { groups: ["sg-app", "sg-fleet"], addresses: ["10.0.2.1"] },
    "eni-app2": { groups: ["sg-app", "sg-fleet"], addresses: ["10.0.2.7"] },
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `eni-f${i}`,
        { groups: ["sg-fleet"], addresses: [`10.0.3.${i}`] },
      ]),
    ),
    "eni-nlb": { groups: ["sg-nlb"], type: "network_load_balancer", addresses: ["10.0.4.1"] },
    "eni-far": { groups: ["sg-elsewhere"], addresses: ["10.9.0.1"] },
  },
  prefixLists: { "pl-office": ["192.0.2.0/30"], "pl-closed": null },
};

function rulesOf(suggestion: Suggestion, direction: "ingress" | "egress"): string[] {
  return suggestion.rules
    .filter(({ rule }) => rule.direction === direction)
    .map(({ rule }) => rule.id.replace(`sg-web/${direction}/`, ""));
}

function tighten(ruleSet: RuleSet, rows: readonly string[], budget = 60): Suggestion {
  const openers = rows.map((row) => opener(ruleSet, row));
  return tightenGroup(openers, ruleSet, "sg-web", { budget });
}

describe("tightenGroup", () => {
  const ruleSet = buildRuleSet(ACCOUNT);

  it("names the group that the peers share and that reaches few others", () => {
    const suggestion = tighten(ruleSet, [
      "eni-web ingress tcp/443 10.0.2.1",
      "eni-web ingress tcp/443 10.0.2.7",
    ]);
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/443/sg-app"]);
  });

  it("names no group of another VPC, of a load balancer, or of which few members were seen", () => {
    const suggestion = tighten(ruleSet, [
      "eni-web ingress tcp/443 10.0.3.1",
      "eni-web ingress tcp/443 10.0.4.1",
      "eni-web ingress tcp/443 10.9.0.1",
    ]);
    expect(rulesOf(suggestion, "ingress")).toEqual([
      "tcp/443/10.0.3.1/32",
      "tcp/443/10.0.4.1/32",
      "tcp/443/10.9.0.1/32",
    ]);
  });

  it("names no group that the address joined only after the record", () => {
    const late = buildRuleSet({
      ...ACCOUNT,
      interfaces: {
        ...ACCOUNT.interfaces,
        "eni-app1": { groups: ["sg-app"], addresses: ["10.0.2.1"], attachedAt: 1_800_000_000 },
      },
    });
    const suggestion = tighten(late, ["eni-web ingress tcp/443 10.0.2.1"]);
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/443/10.0.2.1/32"]);
  });

  it("names a prefix list that is no wider than the block it saves", () => {
    const suggestion = tighten(ruleSet, [
      "eni-web ingress tcp/22 192.0.2.0",
      "eni-web ingress tcp/22 192.0.2.3",
    ]);
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/22/pl-office"]);
  });

  it("keeps a present reference, and its description", () => {
    const named = buildRuleSet({
      ...ACCOUNT,
      groups: { ...ACCOUNT.groups, "sg-web": { rules: ["ingress tcp 0-65535 sg-fleet"] } },
    });
    const group = named.groups.get("sg-web")!;
    const rules = group.rules.map((rule) => ({ ...rule, description: "fleet in" }));
    const described = {
      ...named,
      groups: new Map([...named.groups, ["sg-web", { ...group, rules }]]),
    };
    const suggestion = tighten(described, ["eni-web ingress tcp/443 10.0.3.1 x5"]);
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/443/sg-fleet"]);
    expect(suggestion.rules[0]).toMatchObject({
      origin: "new",
      connections: 5,
      rule: { description: "fleet in" },
      replaces: ["sg-web/ingress/tcp/0-65535/sg-fleet"],
    });
  });

  it("merges blocks where that gives least away, under the budget", () => {
    const rows = ["8.0.0.0", "8.0.0.1", "8.0.0.6", "9.0.0.0"];
    const suggestion = tighten(
      ruleSet,
      rows.map((a) => `eni-web ingress tcp/443 ${a}`),
      2,
    );
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/443/8.0.0.0/29", "tcp/443/9.0.0.0/32"]);
    const [part] = suggestion.parts;
    expect(part?.curve.map((p) => [p.rules, p.permissiveness])).toEqual([
      [1, 2 ** 25],
      [2, 9],
      [3, 4],
    ]);
    expect(part?.curve[1]?.log10).toBeCloseTo(Math.log10(9));
    expect(part?.withinBudget).toBe(true);
  });

  it("merges ports of one peer into ranges", () => {
    const rows = [8080, 8081, 8082, 9090].map((p) => `eni-web ingress tcp/${p} 8.0.0.1`);
    expect(rulesOf(tighten(ruleSet, rows), "ingress")).toEqual([
      "tcp/8080-8082/8.0.0.1/32",
      "tcp/9090/8.0.0.1/32",
    ]);
    expect(rulesOf(tighten(ruleSet, rows, 1), "ingress")).toEqual(["tcp/8080-9090/8.0.0.1/32"]);
  });

  it("falls back to every protocol only where the present rules admit it", () => {
    const rows = ["eni-web egress tcp/443 8.0.0.1", "eni-web egress icmp 8.0.0.1"];
    expect(rulesOf(tighten(ruleSet, rows, 1), "egress")).toEqual(["all/all/8.0.0.1/32"]);
    const narrow = buildRuleSet({
      ...ACCOUNT,
      groups: {
        ...ACCOUNT.groups,
        "sg-web": { rules: ["egress tcp 443 8.0.0.0/8", "egress icmp all 8.0.0.0/8"] },
      },
    });
    const suggestion = tighten(narrow, rows, 1);
    expect(rulesOf(suggestion, "egress")).toHaveLength(2);
    expect(suggestion.parts[0]?.withinBudget).toBe(false);
  });

  it("learns from no refused opener, no scanner and no weak grade, and says so", () => {
    const openers = [
      opener(ruleSet, "eni-web ingress tcp/1 8.0.0.1 x2", { action: "rejected" }),
      opener(ruleSet, "eni-web ingress tcp/2 8.0.0.1 x3", { scanner: true }),
      opener(ruleSet, "eni-web ingress udp/3 8.0.0.1 x4", { grade: "one-way" }),
      opener(ruleSet, "eni-web ingress tcp/4 8.0.0.1 x5", { grade: "inferred" }),
      opener(ruleSet, "eni-web ingress tcp/5 8.0.0.1 x6"),
      opener(ruleSet, "eni-web ingress udp/6 8.0.0.1 x7"),
      opener(ruleSet, "eni-app1 ingress tcp/7 8.0.0.1 x8"),
    ];
    const { training } = tightenGroup(openers, ruleSet, "sg-web", { budget: 60 });
    expect(training.grades).toEqual({ inferred: 5, measured: 6 });
    expect(training.leftOut).toEqual({
      rejected: 2,
      scanner: 3,
      grade: 4,
      denied: 7,
      undecided: 0,
      "other-groups": 0,
    });
    expect(training.interfaces).toEqual({ carrying: 1, seen: 1 });
    const strict = tightenGroup(openers, ruleSet, "sg-web", { budget: 60, minGrade: "measured" });
    // The rule may not go: it admitted what is too weak to learn from.
    expect(rulesOf(strict, "ingress")).toEqual(["tcp/0-65535/0.0.0.0/0"]);
  });

  it("keeps what may have admitted openings of unknown opener or weaker evidence, and nothing else", () => {
    const mixed = buildRuleSet({
      ...ACCOUNT,
      groups: {
        ...ACCOUNT.groups,
        "sg-web": {
          rules: [
            "ingress tcp 443 0.0.0.0/0",
            "ingress icmp 8/all 8.0.0.0/8",
            "ingress icmp all 192.0.2.0/24",
            "ingress 47 all 198.51.100.0/24",
            "ingress udp 9000-9100 198.51.100.0/24",
            "egress tcp 443 0.0.0.0/0",
          ],
        },
      },
    });
    const unknown = (traffic: string, reason: "icmp-type" | "direction-undecided") =>
      opener(mixed, `eni-web ingress ${traffic}`, {
        direction: null,
        grade: "unknown",
        rulings: [{ verdict: "unknown", reason, detail: "", rules: [] }],
      });
    const originsOf = (more: Parameters<typeof unknown>[]) =>
      tightenGroup(
        [
          opener(mixed, "eni-web ingress tcp/443 9.0.0.1"),
          opener(mixed, "eni-web egress tcp/443 9.0.0.1"),
          ...more.map((each) => unknown(...each)),
          opener(mixed, "eni-web ingress udp/9050 198.51.100.7", { grade: "one-way" }),
        ],
        mixed,
        "sg-web",
        { budget: 60 },
      ).rules.flatMap(({ rule, origin }) => (origin === "kept" ? [rule.id] : []));
    expect(
      originsOf([
        ["icmp 8.0.0.1", "icmp-type"],
        ["icmp 192.0.2.1", "direction-undecided"],
        ["47 198.51.100.1", "direction-undecided"],
      ]),
    ).toEqual([
      "sg-web/ingress/icmp/8:all/8.0.0.0/8",
      "sg-web/ingress/icmp/all/192.0.2.0/24",
      "sg-web/ingress/47/all/198.51.100.0/24",
      "sg-web/ingress/udp/9000-9100/198.51.100.0/24",
    ]);
    expect(originsOf([])).toEqual(["sg-web/ingress/udp/9000-9100/198.51.100.0/24"]);
  });

  it("keeps rules that the log cannot judge, and directions without openings", () => {
    const unclear = buildRuleSet({
      ...ACCOUNT,
      groups: {
        ...ACCOUNT.groups,
        "sg-web": {
          rules: [
            "ingress tcp 443 pl-closed",
            "ingress tcp 80 pl-closed",
            "ingress icmp 8/0 0.0.0.0/0",
            "egress all all 0.0.0.0/0",
          ],
        },
      },
    });
    const suggestion = tighten(unclear, [
      "eni-web ingress tcp/443 8.0.0.1",
      "eni-web ingress icmp 8.0.0.1",
    ]);
    expect(suggestion.untouched).toEqual([
      { direction: "ingress", why: "no-openings" },
      { direction: "egress", why: "no-openings" },
    ]);
    const mixed = buildRuleSet({
      ...ACCOUNT,
      groups: {
        ...ACCOUNT.groups,
        "sg-web": {
          rules: [
            "ingress tcp 443 pl-closed",
            "ingress tcp 80 pl-closed",
            "ingress tcp 22 8.0.0.0/8",
          ],
        },
      },
    });
    const kept = tighten(mixed, [
      "eni-web ingress tcp/443 8.0.0.1",
      "eni-web ingress tcp/22 8.0.0.1",
    ]);
    expect(kept.rules.map(({ rule, origin }) => [rule.id, origin])).toEqual([
      ["sg-web/ingress/tcp/443/pl-closed", "kept"],
      ["sg-web/ingress/tcp/22/8.0.0.1/32", "new"],
    ]);
    expect(kept.dropped.map(({ rule }) => rule.id)).toEqual([
      "sg-web/ingress/tcp/80/pl-closed",
      "sg-web/ingress/tcp/22/8.0.0.0/8",
    ]);
  });

  it("treats one direction alone when asked", () => {
    const openers = [
      opener(ruleSet, "eni-web ingress tcp/443 8.0.0.1"),
      opener(ruleSet, "eni-web egress tcp/443 8.0.0.1"),
    ];
    const options = { budget: 5, direction: "egress" } as const;
    const suggestion = tightenGroup(openers, ruleSet, "sg-web", options);
    expect(rulesOf(suggestion, "ingress")).toEqual(["tcp/0-65535/0.0.0.0/0"]);
    expect(suggestion.untouched).toEqual([{ direction: "ingress", why: "not-asked" }]);
  });

  it("marks the quotas of AWS", () => {
    expect(tighten(ruleSet, ["eni-web ingress tcp/443 8.0.0.1"]).quotas).toEqual([
      { name: "rules-per-group", rules: 60 },
      { name: "rules-per-group-raised", rules: 200 },
    ]);
  });

  it("refuses an unknown group and a budget outside 1-1000", () => {
    expect(() => tightenGroup([], ruleSet, "sg-none", { budget: 5 })).toThrow(/sg-none/);
    expect(() => tightenGroup([], ruleSet, "sg-web", { budget: 0 })).toThrow(/1-1000/);
  });
});

describe("heldOut", () => {
  it("tells what the suggestion would have broken", () => {
    const ruleSet = buildRuleSet(ACCOUNT);
    const suggestion = tighten(ruleSet, ["eni-web ingress tcp/443 10.0.2.1"]);
    const rows = [
      opener(ruleSet, "eni-web ingress tcp/443 10.0.2.7 x2"),
      opener(ruleSet, "eni-web ingress tcp/443 8.0.0.1 x3"),
      opener(ruleSet, "eni-web ingress tcp/443 8.0.0.2 x4", { action: "rejected" }),
    ];
    const result = heldOut(suggestion, ruleSet, rows);
    expect(result).toMatchObject({ connections: 5, broken: 3 });
    expect(result.list).toMatchObject([{ remote: "8.0.0.1", port: 443, connections: 3 }]);
  });

  it("does not count what another group of the interface admits too", () => {
    const ruleSet = buildRuleSet({
      groups: {
        "sg-web": { rules: ["ingress tcp 443 0.0.0.0/0"] },
        "sg-base": { rules: ["ingress tcp 443 8.0.0.0/8"] },
      },
      interfaces: { "eni-web": { groups: ["sg-web", "sg-base"], addresses: ["10.0.1.1"] } },
    });
    const suggestion = tighten(ruleSet, ["eni-web ingress tcp/443 9.0.0.1"]);
    const rows = [opener(ruleSet, "eni-web ingress tcp/443 8.0.0.1")];
    expect(heldOut(suggestion, ruleSet, rows).broken).toBe(0);
  });
});

const ADDRESSES = ["10.0.1.1", "10.0.2.1", "10.0.2.7", "10.0.3.1", "10.0.3.2", "10.0.4.1"];
const OUTSIDE = [
  "192.0.2.1",
  "192.0.2.2",
  "8.0.0.1",
  "8.0.0.2",
  "8.0.1.9",
  "2001:db8::1",
  "2001:db8::9",
];
const PEERS = ["0.0.0.0/0", "8.0.0.0/8", "10.0.2.0/24", "10.0.0.0/16", "8.0.0.0/31", "::/0"];
const NAMES = ["sg-app", "sg-fleet", "sg-nlb", "pl-office", "2001:db8::/64", "10.0.3.0/24"];
const TRAFFIC = ["tcp 443", "tcp 80-90", "tcp 0-65535", "tcp 22", "udp 53", "icmp all", "all all"];
const OPENED = ["tcp/443", "tcp/80", "tcp/85", "tcp/90", "tcp/22", "udp/53", "icmp", "47"];

const ruleText = fc
  .tuple(
    fc.constantFrom("ingress", "egress"),
    fc.constantFrom(...TRAFFIC),
    fc.constantFrom(...PEERS, ...NAMES),
  )
  .map((words) => words.join(" "));
const rowText = fc
  .tuple(
    fc.constantFrom("ingress", "egress"),
    fc.constantFrom(...OPENED),
    fc.constantFrom(...ADDRESSES, ...OUTSIDE),
  )
  .map((words) => `eni-web ${words.join(" ")}`);

function admittedBy(ruleSet: RuleSet, row: ReturnType<typeof opener>): boolean {
  const { direction, remote, protocol, port, first } = row;
  if (direction === null) return false;
  const question = { groupIds: ["sg-web"], direction, remote, protocol, port: port ?? 0 };
  const found = answer(ruleSet, { ...question, time: first, evidence: new Set() });
  return found.accepted.verdict === "allow";
}

describe("a suggestion, by an independent matcher", () => {
  const parts = fc.record({
    rules: fc.uniqueArray(ruleText, { minLength: 1, maxLength: 6 }),
    rows: fc.array(rowText, { minLength: 1, maxLength: 14 }),
    probes: fc.array(rowText, { maxLength: 40 }),
    budget: fc.integer({ min: 1, max: 8 }),
  });

  it("admits every opener it learnt from, and nothing that the present rules do not", () => {
    fc.assert(
      fc.property(parts, ({ rules, rows, probes, budget }) => {
        const present = buildRuleSet({
          ...ACCOUNT,
          groups: { ...ACCOUNT.groups, "sg-web": { rules } },
          snapshotComplete: true,
        });
        const openers = rows.map((row) => opener(present, row));
        const suggestion = tightenGroup(openers, present, "sg-web", { budget });
        for (const row of openers)
          if (row.rulings[0]?.verdict === "allow")
            expect(admittedBy(suggestion.ruleSet, row)).toBe(true);
        expect(heldOut(suggestion, present, openers).broken).toBe(0);
        for (const row of probes.map((probe) => opener(present, probe)))
          if (admittedBy(suggestion.ruleSet, row)) expect(admittedBy(present, row)).toBe(true);
        for (const { rule } of suggestion.rules)
          for (const text of corners(suggestion.ruleSet, rule)) {
            const row = opener(present, text);
            expect(admittedBy(present, row), `${rule.id}: ${text}`).toBe(true);
          }
      }),
      { numRuns: 400 },
    );
  });

  it("never reaches more than the curve says, and less with every rule", () => {
    fc.assert(
      fc.property(parts, ({ rules, rows }) => {
        const present = buildRuleSet({
          ...ACCOUNT,
          groups: { ...ACCOUNT.groups, "sg-web": { rules } },
          snapshotComplete: true,
        });
        const openers = rows.map((row) => opener(present, row));
        for (const { curve, suggested } of tightenGroup(openers, present, "sg-web", { budget: 60 })
          .parts) {
          for (let i = 1; i < curve.length; i++) {
            expect(curve[i]!.rules).toBeGreaterThan(curve[i - 1]!.rules);
            expect(curve[i]!.permissiveness).toBeLessThan(curve[i - 1]!.permissiveness);
          }
          const end = curve.at(-1);
          if (end !== undefined)
            expect(suggested.permissiveness).toBeGreaterThanOrEqual(end.permissiveness);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Flows at the corners of what a rule admits: first and last port, both ends of its blocks, every member. */
function corners(ruleSet: RuleSet, rule: Suggestion["rules"][number]["rule"]): string[] {
  if (rule.stale || rule.icmpType !== -1) return [];
  const { peer } = rule;
  const ends = (cidr: Cidr): string[] => {
    const { family, value } = cidr.address;
    const bits = BigInt(familyBits(family) - cidr.length);
    return [value, value + (1n << bits) - 1n].map((v) => formatAddress({ family, value: v }));
  };
  let addresses: string[] = [];
  if (peer.kind === "cidr") addresses = ends(peer.cidr);
  if (peer.kind === "prefix-list")
    addresses = (ruleSet.prefixLists.get(peer.id)?.cidrs ?? []).flatMap(ends);
  if (peer.kind === "group")
    addresses = [...ruleSet.interfaces.values()]
      .filter((owner) => owner.groupIds.includes(peer.id))
      .flatMap((owner) => owner.addresses.map(formatAddress));
  const traffic =
    rule.protocol === -1
      ? ["tcp/0", "tcp/65535", "udp/9", "icmp", "47"]
      : rule.protocol === 6 || rule.protocol === 17
        ? [rule.fromPort, rule.toPort].map((p) => `${rule.protocol}/${p}`)
        : [String(rule.protocol)];
  return addresses.flatMap((a) => traffic.map((t) => `eni-web ${rule.direction} ${t} ${a}`));
}
