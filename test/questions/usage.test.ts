import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InterfaceCoverage, Summary } from "../../src/analysis/summary.js";
import { type Address, cidrContains, parseAddress, parseCidr } from "../../src/model/address.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type RuleUsage, type Usage, usageOf } from "../../src/questions/index.js";
import { PeerIds } from "../../src/questions/peer-ids.js";
import {
  type SeenAddresses,
  seenAddresses,
  usedBlocks,
} from "../../src/questions/usage-addresses.js";
import { ruleHits } from "../../src/reference/index.js";
import { EMPTY } from "../report/summary-fixture.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { judged } from "./judged-rows.js";

const SEEN: InterfaceCoverage = {
  id: "eni-web",
  inRuleSet: true,
  records: 10,
  allow: 10,
  deny: 0,
  unknown: 0,
  nodata: 0,
  skipdata: 0,
  skipdataSeconds: 0,
  firstStart: 1_700_000_000,
  lastEnd: 1_700_000_000 + 129_600,
  inferredAddress: null,
};

function summaryOf(...list: Partial<InterfaceCoverage>[]): Summary {
  const interfaces = { ...EMPTY.coverage.interfaces, list: list.map((l) => ({ ...SEEN, ...l })) };
  return {
    ...EMPTY,
    coverage: { ...EMPTY.coverage, interfaces, firstStart: 1_700_000_000, lastEnd: 1_700_129_600 },
  };
}

function rulesOf(rules: readonly string[], more: readonly string[] = []): RuleSet {
  return buildRuleSet({
    groups: {
      "sg-web": { rules, name: "web" },
      "sg-more": { rules: more },
      "sg-idle": { rules: ["ingress tcp 80 0.0.0.0/0"] },
    },
    interfaces: {
      "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.1"], vpcId: "vpc-1" },
      "eni-two": { groups: ["sg-web", "sg-more"], addresses: ["10.0.1.2"], vpcId: "vpc-1" },
    },
    vpcs: { "vpc-1": ["10.0.0.0/16"] },
    prefixLists: { "pl-1": ["192.0.2.0/28", "192.0.2.16/28"], "pl-unread": null },
  });
}

const BOTH = summaryOf({}, { id: "eni-two", skipdata: 1, skipdataSeconds: 40 });

function usage(ruleSet: RuleSet, texts: readonly string[], summary: Summary = BOTH): Usage {
  return usageOf(
    texts.map((text) => judged([ruleSet], text)),
    ruleSet,
    summary,
  );
}

function rule(found: Usage, id: string): RuleUsage {
  const one = found.rules.find((each) => each.id === id);
  if (one === undefined) throw new Error(`no rule ${id}`);
  return one;
}

describe("usageOf", () => {
  test("counts every matching rule, and apart what no other rule would have admitted", () => {
    const ruleSet = rulesOf(["ingress tcp 80-90 10.0.0.0/8", "ingress tcp 80 10.0.7.0/24"]);
    const found = usage(ruleSet, [
      "eni-web ingress tcp/80 10.0.7.1 x3",
      "eni-web ingress tcp/81 10.0.7.2 x2",
      "eni-two ingress tcp/82 10.0.7.2 x1",
      "eni-web ingress tcp/99 10.0.7.2 x9",
    ]);
    const wide = rule(found, "sg-web/ingress/tcp/80-90/10.0.0.0/8");
    expect(wide).toMatchObject({
      class: "used",
      groupName: "web",
      connections: 6,
      soleConnections: 3,
      records: 18,
      forward: 12,
      replies: 6,
      bytes: 600,
      rejected: 0,
      undecided: 0,
      first: 1_700_000_000,
      last: 1_700_000_060,
      peers: { distinct: 2, top: [{ name: "10.0.7.1", connections: 3 }, { name: "10.0.7.2" }] },
      addresses: {
        seen: 2,
        of: 2 ** 24,
        covering: ["10.0.7.0/30"],
        blocks: [
          { cidr: "10.0.7.1/32", seen: 1 },
          { cidr: "10.0.7.2/32", seen: 1 },
        ],
      },
      ports: { seen: 3, of: 11, ranges: [{ from: 80, to: 82 }], more: 0 },
      protocols: [],
      redundantWith: [],
      alsoAdmittedBy: [{ name: "sg-web/ingress/tcp/80/10.0.7.0/24", connections: 3 }],
      coverage: { interfaces: 2, withLogs: 2, days: 1.5, skipdataSeconds: 40 },
    });
    expect(rule(found, "sg-web/ingress/tcp/80/10.0.7.0/24")).toMatchObject({
      class: "redundant",
      connections: 3,
      soleConnections: 0,
      redundantWith: ["sg-web/ingress/tcp/80-90/10.0.0.0/8"],
    });
    expect(found.classes).toEqual({
      used: 1,
      redundant: 1,
      "no-evidence": 0,
      "not-observable": 0,
      "on-no-interface": 1,
      undecidable: 0,
    });
  });

  test("redundant by several rules together names no single one", () => {
    const ruleSet = rulesOf([
      "ingress tcp 80-81 10.0.0.0/8",
      "ingress tcp 80 10.0.0.0/8",
      "ingress tcp 81 10.0.0.0/8",
    ]);
    const found = usage(ruleSet, [
      "eni-web ingress tcp/80 10.0.7.1",
      "eni-web ingress tcp/81 10.0.7.1",
    ]);
    expect(found.rules.slice(1).map(({ class: found }) => found)).toEqual([
      "redundant",
      "redundant",
      "redundant",
    ]);
    expect(rule(found, "sg-web/ingress/tcp/80-81/10.0.0.0/8")).toMatchObject({
      redundantWith: [],
      alsoAdmittedBy: [{ connections: 1 }, { connections: 1 }],
    });
  });

  test("classes of what was not seen", () => {
    const ruleSet = rulesOf(
      [
        "ingress tcp 22 192.0.2.0/24",
        "ingress tcp 22 sg-web stale",
        "egress udp 53 10.0.0.2/32",
        "egress udp 123 169.254.169.123/32",
        "egress udp 67 0.0.0.0/0",
        "egress udp 53 10.0.0.3/32",
        "ingress tcp 23 pl-unread",
        "ingress tcp 23 sg-unheard",
        "ingress icmp 8/-1 10.0.0.0/8",
        "ingress icmp 3/-1 10.0.0.0/8",
      ],
      ["ingress tcp 1 10.0.0.0/8"],
    );
    const rows = ["eni-two ingress icmp 10.0.5.5 x4"];
    const found = usage(ruleSet, rows, summaryOf({ id: "eni-web" }));
    const classes = found.rules.map(({ id, class: name, because }) => [id, name, because]);
    expect(classes).toEqual([
      ["sg-idle/ingress/tcp/80/0.0.0.0/0", "on-no-interface", ""],
      ["sg-more/ingress/tcp/1/10.0.0.0/8", "not-observable", "no interface of the group has logs"],
      ["sg-web/ingress/tcp/22/192.0.2.0/24", "no-evidence", ""],
      ["sg-web/ingress/tcp/22/sg-web", "no-evidence", "the reference is stale: it matches nothing"],
      ...["53/10.0.0.2/32", "123/169.254.169.123/32", "67/0.0.0.0/0"].map((rest) => [
        `sg-web/egress/udp/${rest}`,
        "not-observable",
        "flow logs do not show traffic of these services",
      ]),
      ["sg-web/egress/udp/53/10.0.0.3/32", "no-evidence", ""],
      ...["pl-unread", "sg-unheard"].map((peer) => [
        `sg-web/ingress/tcp/23/${peer}`,
        "undecidable",
        "the members of its peer are not known",
      ]),
      ...["8:-1", "3:-1"].map((type) => [
        `sg-web/ingress/icmp/${type}/10.0.0.0/8`,
        "undecidable",
        "it may have admitted connections without a verdict or opener",
      ]),
    ]);
    expect(rule(found, "sg-web/ingress/icmp/8:-1/10.0.0.0/8")).toMatchObject({
      undecided: 4,
      ports: null,
      coverage: { interfaces: 2, withLogs: 1 },
    });
  });

  test("a window without data is coverage, a skipped one is not", () => {
    const ruleSet = rulesOf(["ingress tcp 22 192.0.2.0/24"]);
    const quiet = { records: 0, firstStart: null, lastEnd: null };
    const found = usage(
      ruleSet,
      [],
      summaryOf({ ...quiet, nodata: 3 }, { ...quiet, id: "eni-two", skipdata: 2 }),
    );
    expect(rule(found, "sg-web/ingress/tcp/22/192.0.2.0/24")).toMatchObject({
      class: "no-evidence",
      coverage: { interfaces: 2, withLogs: 1, firstStart: null, days: 0 },
    });
  });

  test("connections of unknown opener hit the rules of both readings, none for sure", () => {
    const ruleSet = rulesOf([
      "ingress tcp 5000 10.0.0.0/8",
      "egress tcp 6000 10.0.0.0/8",
      "egress tcp 4000 10.0.0.0/8",
      "egress tcp 6000 192.0.2.0/24",
    ]);
    const found = usage(ruleSet, ["eni-web either tcp/5000,6000 10.0.1.2 x2"]);
    expect(
      found.rules.slice(1).map(({ undecided, connections }) => [undecided, connections]),
    ).toEqual([
      [2, 2],
      [2, 2],
      [0, 0],
      [0, 0],
    ]);
    expect(found.classes.undecidable).toBe(2);
    const open = ["eni-web either tcp/5000,7000 10.0.1.2 x3", "eni-web ingress tcp/5000 10.0.1.2"];
    const undecided = usage(ruleSet, open);
    expect(rule(undecided, "sg-web/ingress/tcp/5000/10.0.0.0/8")).toMatchObject({
      class: "used",
      connections: 1,
      undecided: 3,
    });
  });

  test("peers that are lists or groups have a size, attached interfaces count", () => {
    const attached = buildRuleSet({
      groups: { "sg-a": { rules: ["ingress all all pl-1", "ingress tcp 80 sg-b"] }, "sg-b": {} },
      interfaces: {
        "eni-b": { groups: ["sg-b"], addresses: ["10.0.0.9"], prefixes: ["10.1.0.0/28"] },
      },
      prefixLists: { "pl-1": ["192.0.2.0/28", "192.0.2.0/29"] },
      attach: ["sg-a"],
    });
    const found = usage(
      attached,
      [
        "eni-x ingress tcp/80 10.1.0.4",
        "eni-x ingress udp/53 192.0.2.3",
        "eni-x ingress 47 192.0.2.3",
      ],
      summaryOf({ id: "eni-x", inRuleSet: false }),
    );
    expect(rule(found, "sg-a/ingress/tcp/80/sg-b").addresses).toMatchObject({ seen: 1, of: 17 });
    expect(rule(found, "sg-a/ingress/all/all/pl-1")).toMatchObject({
      addresses: { seen: 1, of: 16 },
      protocols: [
        { protocol: 17, connections: 1 },
        { protocol: 47, connections: 1 },
      ],
      coverage: { interfaces: 1, withLogs: 1 },
    });
  });

  test("openers that AWS refused all the same are told; the open egress of Classic is in the ledger", () => {
    const classic = buildRuleSet({
      groups: { "sg-old": { vpcId: null, rules: ["ingress tcp 80 0.0.0.0/0"] } },
      interfaces: { "eni-old": { groups: ["sg-old"], addresses: ["10.0.0.1"] } },
    });
    const rows = [
      judged([classic], "eni-old ingress tcp/80 192.0.2.1 x5", { action: "rejected" }),
      judged([classic], "eni-old egress tcp/443 2001:db8::1 x2"),
    ];
    const found = usageOf(rows, classic, summaryOf({ id: "eni-old" }));
    expect(found.rules.map(({ id, connections, rejected }) => [id, connections, rejected])).toEqual(
      [
        ["sg-old/ingress/tcp/80/0.0.0.0/0", 5, 5],
        ["sg-old/egress/all/all/classic", 2, 0],
      ],
    );
  });
});

describe("properties", () => {
  const RULES = rulesOf(
    ["ingress tcp 80-90 10.0.0.0/8", "ingress tcp 80 10.0.7.0/24", "ingress all all sg-web"],
    ["ingress tcp 85 0.0.0.0/0", "egress all all 0.0.0.0/0"],
  );
  const row = fc
    .tuple(
      fc.constantFrom("eni-web", "eni-two"),
      fc.constantFrom("ingress", "egress", "either"),
      fc.constantFrom("tcp/80", "tcp/85", "tcp/90,85", "udp/53"),
      fc.constantFrom("10.0.1.2", "10.0.7.1", "10.3.0.1", "192.0.2.1", "2001:db8::1"),
      fc.integer({ min: 1, max: 5 }),
    )
    .map(([at, way, what, from, times]) =>
      judged([RULES], `${at} ${way} ${what} ${from} x${times}`),
    );

  test("the ledger is that of the plain definition, in any order of the rows", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 25 }), (rows) => {
        const found = usageOf(rows, RULES, BOTH);
        expect(usageOf([...rows].reverse(), RULES, BOTH)).toEqual(found);
        const hits = ruleHits(rows);
        for (const each of found.rules) {
          expect(plain(each, rows)).toEqual(each.connections);
          const { connections: openers, soleConnections: soleOpeners, forward, bytes } = each;
          const none = { openers: 0, soleOpeners: 0, forward: 0, bytes: 0 };
          expect({ openers, soleOpeners, forward, bytes }).toEqual(hits.get(each.id) ?? none);
        }
        const sole = found.rules.reduce((sum, each) => sum + each.soleConnections, 0);
        const alone = decided(rows).filter(({ rulings }) => rulings[0]?.rules.length === 1);
        expect(sole).toBe(alone.reduce((sum, each) => sum + each.connections, 0));
        for (const each of found.rules.filter(({ class: name }) => name === "redundant"))
          for (const twin of each.redundantWith)
            for (const use of decided(rows).filter(({ rulings }) => uses(rulings, each.id)))
              expect(uses(use.rulings, twin)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("used blocks hold every address once and are no more than asked for", () => {
    const address = fc.oneof(
      fc
        .integer({ min: 0, max: 0xffffffff })
        .map((n) => ({ family: 4, value: BigInt(n) }) as const),
      fc
        .integer({ min: 0, max: 500 })
        .map((n) => ({ family: 4, value: 0x0a000000n + BigInt(n) }) as const),
      fc.bigInt({ min: 0n, max: 1n << 127n }).map((value) => ({ family: 6, value }) as const),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(address, { selector: (a) => `${a.family}:${a.value}`, maxLength: 40 }),
        fc.integer({ min: 2, max: 9 }),
        (addresses, limit) => {
          const blocks = usedBlocks(seen(addresses), limit).map((b) => ({
            ...b,
            cidr: parseCidr(b.cidr),
          }));
          expect(blocks.length).toBeLessThanOrEqual(Math.max(limit, 2));
          for (const { cidr, seen } of blocks)
            expect(addresses.filter((a) => cidrContains(cidr, a))).toHaveLength(seen);
          expect(blocks.reduce((sum, { seen }) => sum + seen, 0)).toBe(addresses.length);
        },
      ),
    );
    expect(usedBlocks(seen([parseAddress("10.0.0.1")!]), 8)).toEqual([
      { cidr: "10.0.0.1/32", seen: 1 },
    ]);
    expect(usedBlocks(seen([]), 8)).toEqual([]);
  });

  function seen(addresses: readonly Address[]): SeenAddresses {
    const ids = new PeerIds();
    return seenAddresses(
      Int32Array.from(addresses, (address) => ids.idOf(address)),
      ids,
    );
  }

  function admitted(rows: readonly JudgedOpener[]): readonly JudgedOpener[] {
    return rows.filter(({ rulings }) => rulings[0]?.verdict === "allow");
  }
  function decided(rows: readonly JudgedOpener[]): readonly JudgedOpener[] {
    return admitted(rows).filter(({ direction }) => direction !== null);
  }
  function uses(rulings: JudgedOpener["rulings"], id: string): boolean {
    return rulings[0]?.rules.includes(id) === true;
  }
  function plain({ id }: RuleUsage, rows: readonly JudgedOpener[]): number {
    const mine = admitted(rows).filter(({ rulings }) => uses(rulings, id));
    return mine.reduce((sum, each) => sum + each.connections, 0);
  }
});
