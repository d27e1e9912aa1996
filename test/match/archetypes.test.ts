import { describe, expect, it } from "vitest";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { address, group, networkInterface, type RuleParts, ruleSet } from "./rule-sets.js";

/** Eight kinds of rule; `fits`: the truth for one record, written down without addresses or bitsets. */
interface Archetype {
  readonly rule: RuleParts;
  fits(record: GridRecord): boolean;
  /** It names one ICMP type: it may match (semantics 3.6). */
  readonly typed?: true;
}

interface GridRecord {
  readonly from: "office" | "member" | "world" | "office6";
  readonly protocol: number;
  readonly port: number;
}

const ADDRESSES = {
  office: "198.51.100.7",
  member: "10.0.0.9",
  world: "203.0.113.1",
  office6: "2001:db8::7",
};
const FROM = Object.keys(ADDRESSES) as GridRecord["from"][];
const PROTOCOLS = [6, 17, 1, 58, 47];
const PORTS = [21, 22, 80, 81];

const isFour = (record: GridRecord): boolean => record.from !== "office6";
const TCP = { protocol: 6 };

const ARCHETYPES: readonly Archetype[] = [
  { rule: { protocol: -1, peer: "198.51.100.0/24" }, fits: (r) => r.from === "office" },
  {
    rule: { ...TCP, fromPort: 22, toPort: 22, peer: "0.0.0.0/0" },
    fits: (r) => r.protocol === 6 && r.port === 22 && isFour(r),
  },
  {
    rule: { ...TCP, fromPort: 22, toPort: 80, peer: "sg-peer" },
    fits: (r) => r.protocol === 6 && r.port >= 22 && r.port <= 80 && r.from === "member",
  },
  {
    rule: { protocol: 17, fromPort: 0, toPort: 80, peer: "::/0" },
    fits: (r) => r.protocol === 17 && r.port <= 80 && !isFour(r),
  },
  {
    rule: { protocol: 1, icmpType: 8, peer: "0.0.0.0/0" },
    fits: (r) => r.protocol === 1 && isFour(r),
    typed: true,
  },
  {
    rule: { protocol: 58, peer: "2001:db8::/32" },
    fits: (r) => r.protocol === 58 && !isFour(r),
  },
  {
    rule: { protocol: 47, peer: "203.0.113.1/32" },
    fits: (r) => r.protocol === 47 && r.from === "world",
  },
  { rule: { ...TCP, peer: "10.0.0.0/8", stale: true }, fits: () => false },
];

function grid(): GridRecord[] {
  return FROM.flatMap((from) =>
    PROTOCOLS.flatMap((protocol) => PORTS.map((port) => ({ from, protocol, port }))),
  );
}

function expected(subset: number, record: GridRecord): string {
  const present = ARCHETYPES.map((archetype, index) => ({ archetype, index })).filter(
    ({ index }) => (subset >> index) & 1,
  );
  const fitting = present.filter(({ archetype }) => archetype.fits(record));
  const rules = fitting.filter(({ archetype }) => !archetype.typed).map(({ index }) => index);
  if (rules.length > 0) return `allow rule ${rules.join()} | allow rule`;
  const isIcmp = record.protocol === 1 || record.protocol === 58;
  if (fitting.length > 0) return "unknown icmp-type  | unknown icmp-type";
  return isIcmp ? "unknown icmp-related  | deny no-rule" : "deny no-rule  | deny no-rule";
}

describe.each(TARGETS)("every subset of eight kinds of rule (%s)", (target) => {
  const shared = instantiateMatch(target);

  it("gives the written truth for a grid of records", () => {
    for (let subset = 0; subset < 256; subset++) {
      const rules = ARCHETYPES.flatMap(({ rule }, index) =>
        (subset >> index) & 1 ? [{ ...rule, id: String(index) }] : [],
      );
      const set = ruleSet({
        groups: [group("sg-own", rules), group("sg-peer", [])],
        interfaces: [
          networkInterface("eni-own", ["sg-own"]),
          networkInterface("eni-peer", ["sg-peer"], [ADDRESSES.member]),
        ],
      });
      const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
      const policy = core.policyOf("eni-own", "ingress");
      const wrong = grid().flatMap((record) => {
        const { protocol, port } = record;
        const {
          rules: ids,
          accepted,
          rejected,
        } = core.classify(policy, address(ADDRESSES[record.from]), protocol, port);
        const got = `${accepted.verdict} ${accepted.reason} ${ids.join()} | ${rejected.verdict} ${rejected.reason}`;
        const want = expected(subset, record);
        return got === want ? [] : [{ subset, record, got, want }];
      });
      expect(wrong).toEqual([]);
      core.free();
    }
  });
});
