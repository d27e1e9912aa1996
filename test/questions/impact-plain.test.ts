import fc from "fast-check";
import { expect, test } from "vitest";
import { CHANGES, type JudgedOpener, type OpenerChange } from "../../src/model/opener.js";
import { TupleTally } from "../../src/questions/impact-tally.js";
import { type Impact, type ImpactTuple, impactOf, impactsOf } from "../../src/questions/index.js";
import type { TupleEnd } from "../../src/questions/tuple.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";
import { type PlainTuple, plainTuples } from "./impact-plain.js";
import { judged } from "./judged-rows.js";

/** Two VPCs that share addresses, an address in a delegated prefix, an interface without groups. */
const ACCOUNT: RuleSetSketch = {
  interfaces: {
    "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.1", "fd00::1"], vpcId: "vpc-1" },
    "eni-db": { groups: ["sg-db", "sg-web"], addresses: ["10.0.2.1"], vpcId: "vpc-1" },
    "eni-node": { groups: ["sg-db"], addresses: ["10.0.9.1"], prefixes: ["10.0.2.0/28"] },
    "eni-twin": { groups: ["sg-twin"], addresses: ["10.0.1.1", "10.0.2.1"], vpcId: "vpc-2" },
    "eni-bare": { groups: [], addresses: ["10.0.3.1"], vpcId: "vpc-2" },
  },
  prefixLists: { "pl-a": ["198.51.100.0/24", "192.0.2.0/25"], "pl-b": ["192.0.2.0/25", "::/0"] },
};
const GROUPS = { "sg-db": {}, "sg-twin": {} };

const BASE = buildRuleSet({
  ...ACCOUNT,
  groups: {
    ...GROUPS,
    "sg-web": { rules: ["ingress tcp 443 192.0.2.0/24", "ingress tcp 443 pl-b"], name: "web" },
  },
});
const CANDIDATES = [
  buildRuleSet({
    ...ACCOUNT,
    groups: {
      ...GROUPS,
      "sg-web": { rules: ["ingress tcp 443 192.0.2.0/25", "ingress tcp 443 pl-a"] },
      "sg-db": { rules: ["ingress tcp 0-65535 0.0.0.0/1", "ingress all all fd00::/8"] },
    },
  }),
  // Knows an interface more; shares them with the baseline no longer.
  buildRuleSet({
    interfaces: {
      ...ACCOUNT.interfaces,
      "eni-new": { groups: ["sg-new"], addresses: ["198.51.100.7", "10.0.1.1"] },
    },
    groups: { "sg-new": { rules: ["ingress tcp 443 192.0.2.64/26"], name: "new" } },
    attach: ["sg-new"],
  }),
  { ...BASE, attach: ["sg-db"] },
];
const SETS = [BASE, ...CANDIDATES];

const remote = fc.constantFrom(
  ...["10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.2.9", "10.0.9.1", "198.51.100.7", "fd00::1"],
  ...["192.0.2.1", "192.0.2.65", "192.0.2.200", "203.0.113.1", "64.0.0.1", "2001:db8::1"],
);
const face = fc.constantFrom("eni-web", "eni-db", "eni-twin", "eni-bare", "eni-new", "eni-lost");
const traffic = fc.constantFrom("tcp/443,50000", "tcp/80,80", "udp/53,53", "icmp");
const change: fc.Arbitrary<OpenerChange> = fc.record({
  change: fc.constantFrom(...CHANGES),
  cutOver: fc.constantFrom(null, null, "survives", "cut", "refused"),
});
const more = fc.record({
  changes: fc.array(change, { minLength: 3, maxLength: 3 }),
  grade: fc.constantFrom("measured", "inferred", "unknown"),
  openingsAssumed: fc.nat({ max: 3 }),
  forward: fc.nat({ max: 3 }),
  bytes: fc.nat({ max: 99 }),
  first: fc.integer({ min: 1_700_000_000, max: 1_700_000_009 }),
  last: fc.integer({ min: 1_700_000_010, max: 1_700_000_019 }),
  scanner: fc.boolean(),
  samples: fc.array(
    fc.record({
      file: fc.constantFrom("a.log", "b.log"),
      line: fc.integer({ min: 1, max: 9 }),
      start: fc.integer({ min: 1_700_000_000, max: 1_700_000_004 }),
    }),
    { maxLength: 3 },
  ),
});
const way = fc.constantFrom("ingress", "egress", "either");
const row: fc.Arbitrary<JudgedOpener> = fc
  .tuple(face, way, traffic, remote, fc.integer({ min: 1, max: 3 }), more)
  .map(([at, direction, what, from, times, rest]) =>
    judged(SETS, `${at} ${direction} ${what} ${from} x${times}`, rest),
  );
const rows = fc.array(row, { maxLength: 40 });

/** What the plain definition tells, of what an impact tells. */
function comparable(tuple: ImpactTuple): PlainTuple {
  const { survivesUntil: _, nearestMiss: __, ...rest } = tuple;
  return { ...rest, source: endOf(tuple.source), destination: endOf(tuple.destination) };
}

function endOf({ kind, label }: TupleEnd): PlainTuple["source"] {
  return { kind, label };
}

test("the list is that of the plain definition, for every candidate", () => {
  fc.assert(
    fc.property(rows, (openers) => {
      impactsOf(openers, BASE, CANDIDATES, { limit: 1000 }).forEach(
        ({ list, more: left }, index) => {
          const plain = plainTuples(openers, [BASE, CANDIDATES[index]!], index);
          expect(list.map(comparable)).toEqual(plain);
          expect(left).toBe(0);
        },
      );
    }),
    { numRuns: 150 },
  );
});

test("several candidates together are answered as each alone", () => {
  const options = fc.record({
    onlyChanged: fc.boolean(),
    hideScanners: fc.boolean(),
    limit: fc.constantFrom(0, 1, 3, 100),
  });
  fc.assert(
    fc.property(rows, options, (openers, wanted) => {
      const alone = CANDIDATES.map((set, i): Impact => impactOf(openers, BASE, set, i, wanted));
      expect(impactsOf(openers, BASE, CANDIDATES, wanted)).toEqual(alone);
      for (const [index, { list, more: left }] of alone.entries()) {
        const all = impactOf(openers, BASE, CANDIDATES[index]!, index, { ...wanted, limit: 1000 });
        expect(list).toEqual(all.list.slice(0, wanted.limit));
        expect(left).toBe(all.list.length - list.length);
      }
    }),
    { numRuns: 60 },
  );
});

test("a tally of many tuples keeps them apart and adds up each", () => {
  const tally = new TupleTally();
  const numbers = new Map<string, number>();
  const sums = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const [source, destination, kind] = [(i % 700) - 350, i % 11, (i * 7919) % 13] as const;
    const number = tally.add(source, destination, kind, i, 1);
    const key = `${source} ${destination} ${kind}`;
    expect(numbers.get(key) ?? tally.count - 1).toBe(number);
    numbers.set(key, number);
    sums.set(number, (sums.get(number) ?? 0) + i);
  }
  expect(tally.count).toBe(numbers.size);
  expect(numbers.size).toBeGreaterThan(5000);
  for (const [number, sum] of sums) expect(tally.connections[number]).toBe(sum);
});
