import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type Impact, type ImpactOptions, impactOf } from "../../src/questions/index.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";
import { judged } from "./judged-rows.js";

const ACCOUNT: RuleSetSketch = {
  interfaces: {
    "eni-web1": { groups: ["sg-web"], addresses: ["10.0.1.1"] },
    "eni-web2": { groups: ["sg-web"], addresses: ["10.0.1.2"] },
    "eni-db": { groups: ["sg-db", "sg-base"], addresses: ["10.0.2.1"], prefixes: ["10.0.9.0/28"] },
    "eni-bare": { groups: [], addresses: ["10.0.3.1"] },
  },
  prefixLists: { "pl-office": ["198.51.100.0/24", "203.0.113.0/25"], "pl-unread": null },
};

const BASE = rules({
  "sg-web": ["ingress tcp 443 0.0.0.0/0", "egress tcp 5432 sg-db"],
  "sg-db": ["ingress tcp 5432 sg-web", "ingress tcp 22 pl-office", "ingress tcp 22 10.0.0.0/16"],
  "sg-base": ["ingress icmp all 10.0.0.0/8"],
});

function rules(groups: Readonly<Record<string, readonly string[]>>): RuleSet {
  const sketches = Object.entries(groups).map(([id, list]) => [
    id,
    { rules: list, name: `${id.slice(3)}-name` },
  ]);
  return buildRuleSet({ ...ACCOUNT, groups: Object.fromEntries(sketches) });
}

/** The candidate: no database port for the web tier, no SSH from the office, another database port. */
const CANDIDATE = rules({
  "sg-web": ["ingress tcp 443 0.0.0.0/0", "egress tcp 5432 sg-db"],
  "sg-db": [
    "ingress tcp 5433 sg-web",
    "ingress udp 5432 10.0.0.0/16",
    "ingress tcp 22 10.0.0.0/16",
  ],
  "sg-base": ["ingress icmp all 10.0.0.0/8"],
});

function rows(...texts: string[]): JudgedOpener[] {
  return texts.map((text) => judged([BASE, CANDIDATE], text));
}

function impact(openers: readonly JudgedOpener[], options?: ImpactOptions): Impact {
  return impactOf(openers, BASE, CANDIDATE, 0, options);
}

describe("impactOf", () => {
  test("counts connections, records, bytes and tuples per change", () => {
    const found = impact(
      rows(
        "eni-db ingress tcp/5432 10.0.1.1 x3",
        "eni-db ingress tcp/5432 10.0.1.2 x2",
        "eni-db ingress tcp/5433 10.0.1.2 x1",
        "eni-web1 ingress tcp/443 192.0.2.1 x7",
      ),
    );
    expect(found.connections).toEqual({
      "newly-denied": 5,
      "newly-allowed": 1,
      unchanged: 7,
      undetermined: 0,
    });
    expect(found.records["newly-denied"]).toBe(15);
    expect(found.bytes["newly-denied"]).toBe(500);
    expect(found.tuples).toEqual({
      "newly-denied": 1,
      "newly-allowed": 1,
      unchanged: 1,
      undetermined: 0,
    });
    expect(found.newlyAllowedAre).toBe("attempts-only");
    expect(found.list.map(({ change }) => change)).toEqual([
      "newly-denied",
      "newly-allowed",
      "unchanged",
    ]);
  });

  test("a tuple carries what admitted it, who, where, and what is nearest now", () => {
    const [tuple] = impact(
      rows("eni-db ingress tcp/5432 10.0.1.1 x3", "eni-db ingress tcp/5432 10.0.1.2 x2"),
    ).list;
    expect(tuple).toMatchObject({
      source: { kind: "groups", label: "sg-web", ids: ["sg-web"], names: ["web-name"] },
      destination: { kind: "groups", label: "sg-base, sg-db", ids: ["sg-base", "sg-db"] },
      protocol: 6,
      port: 5432,
      directions: ["ingress"],
      change: "newly-denied",
      seenAtBothEnds: false,
      connections: 5,
      forward: 10,
      replies: 5,
      grades: { measured: 5 },
      peers: {
        distinct: 2,
        top: [
          { name: "10.0.1.1", connections: 3 },
          { name: "10.0.1.2", connections: 2 },
        ],
      },
      interfaces: { distinct: 1, top: [{ name: "eni-db", connections: 5 }] },
      baselineRules: {
        distinct: 1,
        top: [{ name: "sg-db/ingress/tcp/5432/sg-web", connections: 5 }],
      },
      candidateRules: { distinct: 0, top: [] },
      candidate: [{ verdict: "deny", reason: "no-rule", detail: "", connections: 5 }],
    });
    expect(tuple?.nearestMiss).toMatchObject({
      side: "candidate",
      interfaceId: "eni-db",
      remote: "10.0.1.1",
      groupIds: ["sg-base", "sg-db"],
      rules: 4,
    });
    expect(tuple?.nearestMiss?.nearest.map(({ failing, criteria }) => [failing, criteria])).toEqual(
      [
        [1, ["protocol tcp is not icmp"]],
        [1, ["port 5432 is not 5433"]],
        [1, ["protocol tcp is not udp"]],
      ],
    );
  });

  test("spells out every kind of miss", () => {
    const wanted = rules({
      "sg-web": ["ingress tcp 443 0.0.0.0/0"],
      "sg-db": [
        "ingress tcp 5000-5400 10.0.0.0/16",
        "ingress tcp 5432 sg-web",
        "ingress tcp 5432 sg-db stale",
      ],
      "sg-base": ["ingress tcp 5432 pl-office", "ingress tcp 5432 2001:db8::/32"],
    });
    const row = judged([BASE, wanted], "eni-db ingress tcp/5432 192.0.2.9");
    const [tuple] = impactOf([row], BASE, wanted, 0).list;
    expect(tuple?.source).toMatchObject({ kind: "cidr", label: "0.0.0.0/0" });
    const words = tuple?.nearestMiss?.nearest.flatMap(({ criteria }) => criteria);
    expect(words).toEqual([
      "192.0.2.9 is in none of the 2 entries of pl-office",
      "192.0.2.9 is IPv4, 2001:db8::/32 holds IPv6",
      "group sg-web has 2 addresses, this is none",
    ]);
    const ported = judged([BASE, wanted], "eni-db ingress tcp/5500 192.0.2.9");
    const other = impactOf([ported], BASE, wanted, 0).list[0]?.nearestMiss?.nearest;
    expect(other?.map(({ failing }) => failing)).toEqual([2, 2, 2]);
    const deep = rules({
      "sg-web": [],
      "sg-db": ["ingress tcp 5000-5400 10.9.0.0/16", "ingress tcp 80 sg-db stale"],
      "sg-base": [],
    });
    const last = impactOf(
      [judged([BASE, deep], "eni-db ingress tcp/5500 192.0.2.9")],
      BASE,
      deep,
      0,
    );
    expect(last.list[0]?.nearestMiss?.nearest.map(({ criteria }) => criteria)).toEqual([
      ["port 5500 is outside 5000-5400", "192.0.2.9 is outside 10.9.0.0/16"],
      ["port 5500 is not 80", "sg-db: AWS lists the reference as stale, it matches nothing"],
    ]);
  });

  test("ends: delegated prefixes, prefix lists, interfaces without groups, single addresses", () => {
    const bare = rules({ "sg-web": ["ingress tcp 22 pl-office"], "sg-db": [], "sg-base": [] });
    const label = (text: string, ruleSet: RuleSet = BASE): string => {
      const [tuple] = impactOf([judged([ruleSet, bare], text)], ruleSet, bare, 0).list;
      return `${tuple?.source.kind} ${tuple?.source.label} > ${tuple?.destination.kind} ${tuple?.destination.label}`;
    };
    expect(label("eni-web1 egress tcp/5432 10.0.9.3")).toBe(
      "groups sg-web > groups sg-base, sg-db",
    );
    expect(label("eni-web1 ingress tcp/22 203.0.113.7")).toBe(
      "prefix-list pl-office 203.0.113.0/25 > groups sg-web",
    );
    expect(label("eni-web1 ingress tcp/443 10.0.3.1")).toBe("interface eni-bare > groups sg-web");
    expect(label("eni-bare egress tcp/443 10.0.77.1")).toBe(
      "interface eni-bare > cidr 10.0.0.0/16",
    );
    expect(label("eni-web1 ingress tcp/22 192.0.2.7", bare)).toBe(
      "address 192.0.2.7/32 > groups sg-web",
    );
    expect(label("eni-web1 ingress tcp/22 2001:db8::7", bare)).toBe(
      "address 2001:db8::7/128 > groups sg-web",
    );
  });

  test("a connection that both ends see is two connections and one tuple", () => {
    const nothing = rules({ "sg-web": [], "sg-db": [], "sg-base": [] });
    const both = ["eni-db ingress tcp/5432 10.0.1.1 x3", "eni-web1 egress tcp/5432 10.0.2.1 x3"];
    const openers = both.map((text) => judged([BASE, nothing], text));
    const { list, connections } = impactOf(openers, BASE, nothing, 0);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      connections: 6,
      seenAtBothEnds: true,
      directions: ["egress", "ingress"],
    });
    expect(connections["newly-denied"]).toBe(6);
    const apart = ["eni-db ingress tcp/5432 10.0.1.1", "eni-web2 egress tcp/5432 10.0.2.1"];
    const { list: two } = impactOf(
      apart.map((text) => judged([BASE, nothing], text)),
      BASE,
      nothing,
      0,
    );
    expect(two).toMatchObject([{ connections: 2, seenAtBothEnds: false }]);
  });

  test("an unknown opener is a tuple of its own, the same from both ends", () => {
    const changes = [{ change: "undetermined", cutOver: null }] as const;
    const openers = [
      "eni-db either tcp/5432,5432 10.0.1.1",
      "eni-web1 either tcp/5432,5432 10.0.2.1",
      "eni-web1 egress tcp/5432 10.0.2.1",
    ].map((text) => judged([BASE, CANDIDATE], text, { changes }));
    const { list } = impact(openers);
    const unknown = list.filter(({ directions }) => directions.length === 0);
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toMatchObject({
      source: { label: "sg-base, sg-db" },
      destination: { label: "sg-web" },
      connections: 2,
      nearestMiss: null,
    });
  });

  test("undetermined tuples carry their reasons and what is open", () => {
    const open = rules({
      "sg-web": [],
      "sg-db": ["ingress tcp 5432 pl-unread"],
      "sg-base": [],
    });
    const row = judged([BASE, open], "eni-db ingress tcp/5432 10.0.1.1 x4");
    const { list, connections } = impactOf([row], BASE, open, 0);
    expect(connections.undetermined).toBe(4);
    expect(list[0]).toMatchObject({
      change: "undetermined",
      candidate: [{ verdict: "unknown", reason: "peer-unresolved", detail: "pl-unread" }],
      nearestMiss: {
        side: "candidate",
        nearest: [
          {
            failing: 0,
            criteria: ["10.0.1.1 may be of pl-unread: its members are not known"],
          },
        ],
      },
    });
  });

  test("a denial by a network ACL names no rule as nearest", () => {
    const [row] = rows("eni-web1 ingress tcp/443 192.0.2.1");
    const acl = { verdict: "deny", reason: "acl", detail: "acl-1 ingress 100", rules: [] } as const;
    const denied: JudgedOpener = {
      ...row!,
      rulings: [row!.rulings[0]!, acl],
      changes: [{ change: "newly-denied", cutOver: null }],
    };
    expect(impact([denied]).list[0]).toMatchObject({
      nearestMiss: null,
      candidate: [{ reason: "acl", detail: "acl-1 ingress 100" }],
    });
  });

  test("scanners are left out of the tuples and counted", () => {
    const openers = [
      ...rows("eni-db ingress tcp/5432 10.0.1.1 x3"),
      judged([BASE, CANDIDATE], "eni-db ingress tcp/23 192.0.2.66 x9", { scanner: true }),
      judged([BASE, CANDIDATE], "eni-db ingress tcp/24 192.0.2.66 x1", { scanner: true }),
    ];
    const hidden = impact(openers, { hideScanners: true });
    expect(hidden.hiddenScanners).toEqual({
      connections: 10,
      records: 30,
      forward: 20,
      replies: 10,
      bytes: 1000,
      peers: 1,
    });
    expect(hidden.list).toHaveLength(1);
    expect(hidden.connections.unchanged).toBe(10);
    const shown = impact(openers);
    expect(shown.hiddenScanners).toBeNull();
    expect(shown.list).toHaveLength(3);
  });

  test("a cut-over: what is cut, refused, and what only survives", () => {
    const parts = [
      { change: "newly-denied", cutOver: "refused" },
      { change: "unchanged", cutOver: "survives" },
      { change: "newly-denied", cutOver: "cut" },
      { change: "unchanged", cutOver: null },
    ] as const;
    const openers = parts.map((part, i) =>
      judged([BASE, CANDIDATE], `eni-db ingress tcp/5432 10.0.1.1 x${i + 1}`, { changes: [part] }),
    );
    const found = impact(openers, { onlyChanged: true });
    expect(found.cutOvers).toEqual({ survives: 2, cut: 3, refused: 1 });
    expect(found.list.map(({ cutOver }) => cutOver)).toEqual(["cut", "refused", "survives"]);
    expect(found.list[2]?.nearestMiss?.side).toBe("candidate");
    expect(found.list.map((tuple) => tuple.survivesUntil)).toEqual([
      null,
      null,
      1_700_000_060 + 432_000,
    ]);
  });

  test("what survives under the baseline's entry names what the candidate lacks", () => {
    const row = judged([BASE, BASE], "eni-db ingress tcp/5432 10.0.1.1", {
      changes: [{ change: "unchanged", cutOver: "survives" }],
    });
    expect(impact([row]).list[0]?.nearestMiss).toMatchObject({
      side: "candidate",
      nearest: [{ failing: 1 }, { failing: 1 }, { failing: 1 }],
    });
  });

  test.each([
    ["tcp/5432", 350],
    ["udp/53", 90],
    ["icmp", 31],
    ["47", 601],
  ])("%s survives for the longest timer of its interface", (traffic, seconds) => {
    const own = buildRuleSet({
      ...ACCOUNT,
      interfaces: {
        "eni-db": { groups: [], timers: { tcpEstablished: 350, udp: 70, udpStream: 90 } },
      },
    });
    const changes = [{ change: "unchanged", cutOver: "survives" }] as const;
    const row = judged([own, own], `eni-db ingress ${traffic} 10.0.1.1`, { changes });
    const timers = { ...DEFAULT_TIMERS, icmp: 31, other: 601 };
    const [tuple] = impactOf([row], own, own, 0, { timers }).list;
    expect(tuple?.survivesUntil).toBe(row.last + seconds);
  });

  test("ranks by connections inside a change; the limit says what it left out", () => {
    const openers = rows(
      "eni-web1 ingress tcp/443 192.0.2.1 x100",
      "eni-db ingress tcp/5432 10.0.1.1 x1",
      "eni-db ingress tcp/22 198.51.100.1 x5",
      "eni-db ingress tcp/5433 10.0.1.1 x50",
    );
    expect(impact(openers).list.map(({ connections }) => connections)).toEqual([5, 1, 50, 100]);
    const few = impact(openers, { limit: 2, onlyChanged: true });
    expect(few.list.map(({ connections }) => connections)).toEqual([5, 1]);
    expect(few.more).toBe(1);
    expect(few.tuples.unchanged).toBeNull();
    expect(few.connections.unchanged).toBe(100);
  });

  test("rows that the candidate did not judge are refused", () => {
    expect(() => impactOf(rows("eni-db ingress tcp/22 10.0.1.1"), BASE, CANDIDATE, 1)).toThrow(
      "not judged by candidate 1",
    );
  });
});

describe("properties of impactOf", () => {
  const remote = fc.constantFrom("10.0.1.1", "10.0.2.1", "10.0.9.3", "192.0.2.1", "2001:db8::1");
  const way = fc.constantFrom("ingress", "egress", "either");
  const face = fc.constantFrom("eni-web1", "eni-web2", "eni-db", "eni-bare", "eni-lost");
  const traffic = fc.constantFrom("tcp/443,50000", "tcp/5432,5432", "udp/53,53", "icmp");
  // The earliest stands first, as in every row of the core.
  const samples = fc
    .array(
      fc.record({
        file: fc.constantFrom("a.log", "b.log"),
        line: fc.integer({ min: 1, max: 9 }),
        start: fc.integer({ min: 1_700_000_000, max: 1_700_000_009 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((found) => found.toSorted((a, b) => a.start - b.start));
  const row = fc
    .tuple(face, way, traffic, remote, fc.integer({ min: 1, max: 9 }), samples, fc.boolean())
    .map(([at, direction, what, from, times, found, scanner]) => {
      const text = `${at} ${direction} ${what} ${from} x${times}`;
      return judged([BASE, CANDIDATE], text, { samples: found, scanner });
    });

  test("the order of the rows changes nothing; the tuples add up to the totals", () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (openers, keys) => {
          const found = impact(openers);
          const order = new Map(openers.map((each) => [each, keys.next().value as number]));
          const shuffled = [...openers].sort((a, b) => order.get(a)! - order.get(b)!);
          expect(impact(shuffled)).toEqual(found);
          for (const change of ["newly-denied", "newly-allowed", "undetermined"] as const) {
            const tuples = found.list.filter((tuple) => tuple.change === change);
            expect(tuples).toHaveLength(found.tuples[change]);
            expect(tuples.reduce((sum, t) => sum + t.connections, 0)).toBe(
              found.connections[change],
            );
            expect(tuples.reduce((sum, t) => sum + t.records, 0)).toBe(found.records[change]);
          }
          for (const tuple of found.list) {
            const known = Object.values(tuple.grades).reduce((sum, n) => sum + n, 0);
            expect(known).toBe(tuple.connections);
            expect(tuple.samples.length).toBeGreaterThan(0);
            expect(tuple.samples.length).toBeLessThanOrEqual(3);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("hidden and shown rows add up", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (openers) => {
        const { list, hiddenScanners } = impact(openers, { hideScanners: true });
        const shown = list.reduce((sum, tuple) => sum + tuple.connections, 0);
        const all = openers.reduce((sum, each) => sum + each.connections, 0);
        expect(shown + (hiddenScanners?.connections ?? 0)).toBe(all);
      }),
      { numRuns: 50 },
    );
  });
});
