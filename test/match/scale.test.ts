import { describe, expect, it } from "vitest";
import type { Address, Cidr } from "../../src/model/address.js";
import type { Group, NetworkInterface, Rule, RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { MatchCore } from "./core.js";
import { answer } from "./oracle.js";
import { type Random, random } from "./random.js";
import { group, ruleSet } from "./rule-sets.js";

const GROUPS = 10_000;
const RULES_PER_GROUP = 10;
const INTERFACES = 50_000;
const LIST_ENTRIES = 10_000;
const PORTS = [
  22, 53, 80, 123, 443, 1433, 3306, 5432, 6379, 8080, 8443, 9092, 9200, 10250, 15017, 27017,
];

function groupId(index: number): string {
  return `sg-${String(index).padStart(8, "0")}`;
}

function four(value: number, length: number): Cidr {
  const host = 2 ** (32 - length);
  return { address: { family: 4, value: BigInt(Math.floor(value / host) * host) }, length };
}

/** Tenths of an account's rules by peer: group references, blocks, the big prefix list. */
function randomRule(r: Random, base: Rule, groupIndex: number, index: number): Rule {
  const kind = r.below(10);
  const port = r.pick(PORTS);
  const shared = {
    ...base,
    id: `${groupIndex}/${index}`,
    groupId: groupId(groupIndex),
    direction: index < 8 ? ("ingress" as const) : ("egress" as const),
    protocol: r.pick([6, 6, 6, 17, -1]),
    fromPort: r.chance(0.1) ? r.below(port) : port,
    toPort: port,
  };
  const rule = shared.protocol === -1 ? { ...shared, fromPort: 0, toPort: 65535 } : shared;
  if (kind < 5) return { ...rule, peer: { kind: "group", id: groupId(r.below(GROUPS)) } };
  if (kind < 6) return { ...rule, peer: { kind: "prefix-list", id: "pl-big" } };
  const length = r.pick([0, 8, 16, 24, 24, 28, 32]);
  return { ...rule, peer: { kind: "cidr", cidr: four(0x0a000000 + r.below(2 ** 24), length) } };
}

function largeAccount(seed: number): RuleSet {
  const r = random(seed);
  const base = group("sg-base", [{ peer: "0.0.0.0/0" }]).rules[0]!;
  const groups = Array.from({ length: GROUPS }, (_, g): Group => {
    const rules = Array.from({ length: RULES_PER_GROUP }, (_, i) => randomRule(r, base, g, i));
    return { id: groupId(g), vpcId: "vpc-1", rules, at: base.at };
  });
  const interfaces = Array.from({ length: INTERFACES }, (_, i): NetworkInterface => {
    // Three quarters share the groups of a fleet, the others carry sets of their own.
    const fleet = random(i % 4 === 0 ? i : i % 997);
    const groupIds = Array.from({ length: 1 + fleet.below(5) }, () => groupId(fleet.below(GROUPS)));
    const addresses: Address[] = [{ family: 4, value: 0x0a000000n + BigInt(i * 5) }];
    if (i % 10 === 0) addresses.push({ family: 6, value: (0x20010db8n << 96n) + BigInt(i) });
    return {
      id: `eni-${i}`,
      groupIds,
      addresses,
      prefixes: [],
      ...(i % 3 === 0 ? { attachedAt: 1_700_000_000 + r.below(10_000_000) } : {}),
      at: base.at,
    };
  });
  const cidrs = Array.from({ length: LIST_ENTRIES }, () =>
    four(r.below(2 ** 32), r.pick([14, 16, 20, 22, 24, 28, 32])),
  );
  const set = ruleSet({ groups, interfaces });
  return { ...set, prefixLists: new Map([["pl-big", { id: "pl-big", cidrs, at: base.at }]]) };
}

describe("a large account", () => {
  it("of 10,000 groups, 100,000 rules, 50,000 interfaces and a list of 10,000 CIDRs compiles and fits", () => {
    const account = largeAccount(5);
    const begun = performance.now();
    const compiled = compileRuleSet(account, DEFAULT_TIMERS);
    const seconds = (performance.now() - begun) / 1000;
    const mebibytes = compiled.image.length / 1_048_576;
    console.log(
      `large account: compiled in ${seconds.toFixed(1)} s, image ${mebibytes.toFixed(0)} MiB`,
    );
    expect(compiled.rules.length).toBe(GROUPS * RULES_PER_GROUP);
    expect(compiled.image.length).toBeLessThan(512 * 1_048_576);

    const core = new MatchCore("release", compiled);
    const r = random(6);
    let hits = 0;
    for (let probe = 0; probe < 60; probe++) {
      const owner = account.interfaces.get(`eni-${r.below(INTERFACES)}`)!;
      const other = account.interfaces.get(`eni-${r.below(INTERFACES)}`)!;
      const remote = r.chance(0.6)
        ? r.pick(other.addresses)
        : ({ family: 4, value: BigInt(r.below(2 ** 32)) } as const);
      const direction = r.chance(0.8) ? "ingress" : "egress";
      const question = {
        groupIds: owner.groupIds,
        direction,
        remote,
        protocol: r.pick([6, 17]),
        port: r.pick(PORTS),
        time: 1_700_000_000 + r.below(10_000_000),
        evidence: new Set<string>(),
      } as const;
      const want = answer(account, question);
      hits += want.rules.length;
      const { protocol, port, time } = question;
      const got = core.classify(core.policyOf(owner.id, direction), remote, protocol, port, time);
      expect({ rules: got.rules, accepted: got.accepted }).toEqual({
        rules: want.rules,
        accepted: want.accepted,
      });
    }
    expect(hits).toBeGreaterThan(10);
  });
});
