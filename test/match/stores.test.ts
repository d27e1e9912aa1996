import { describe, expect, it } from "vitest";
import type { Address } from "../../src/model/address.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { address, group, networkInterface, type RuleParts, ruleSet } from "./rule-sets.js";

function four(value: number): Address {
  return { family: 4, value: BigInt(value) };
}

/** Every address of 10.0.0.0/18 has a rule of its own: as many rule sets and outcomes as addresses. */
function manySets(count: number): RuleParts[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    protocol: -1,
    peer: `10.0.${i >> 8}.${i & 255}/32`,
  }));
}

describe.each(TARGETS)("outcome and rule-set stores (%s)", (target) => {
  it("grow when the host makes room; numbers keep their meaning", () => {
    const count = 12_000;
    const rules = [...manySets(count), { id: "all", protocol: -1, peer: "10.0.0.0/8" }];
    const set = ruleSet({
      groups: [group("sg-1", rules)],
      interfaces: [networkInterface("eni-1", ["sg-1"])],
    });
    const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
    const policy = core.policyOf("eni-1", "ingress");
    const base = 0x0a000000;
    const first = Array.from({ length: count }, (_, i) => core.ask(policy, four(base + i), 47, 0));
    expect(new Set(first).size).toBe(count);
    expect(core.exports.outcomeCount(core.matcher)).toBe(count + 1);
    expect(core.exports.ruleSetCount(core.matcher)).toBe(count + 1);
    for (let i = 0; i < count; i += 7) {
      expect(core.outcome(first[i]!).rules).toEqual([String(i), "all"]);
      expect(core.ask(policy, four(base + i), 6, 80)).toBe(first[i]);
    }
  });

  it("give back every block, in any order, with several rule sets side by side", () => {
    const shared = instantiateMatch(target);
    const cores = [1, 2, 3].map((n) => {
      const set = ruleSet({
        groups: [group("sg-1", [{ id: `rule ${n}`, peer: `10.0.0.${n}/32` }])],
        interfaces: [networkInterface("eni-1", ["sg-1"])],
      });
      return new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
    });
    cores.forEach((core, index) => {
      const policy = core.policyOf("eni-1", "ingress");
      expect(core.classify(policy, address(`10.0.0.${index + 1}`), 6, 1).rules).toEqual([
        `rule ${index + 1}`,
      ]);
      expect(core.classify(policy, address("10.0.0.9"), 6, 1).rules).toEqual([]);
    });
    for (const at of [1, 0, 2]) cores[at]!.free();
    expect(shared.arenaUsed()).toBe(0);
  });

  it("answer alike for a policy with a table and for one whose pairs overflow the shared cache", () => {
    // 1,500 services x 3,000 classes: more cells than the pool has. 225,000 pairs asked: the cache holds 131,072.
    const hosts = 3000;
    const rules = [
      ...Array.from({ length: 1500 }, (_, i) => ({
        id: `p${i}`,
        fromPort: i,
        toPort: i,
        peer: "0.0.0.0/0",
      })),
      ...manySets(hosts),
    ];
    const set = ruleSet({
      groups: [group("sg-large", rules), group("sg-small", manySets(hosts))],
      interfaces: [
        networkInterface("eni-1", ["sg-large"]),
        networkInterface("eni-2", ["sg-small"]),
      ],
    });
    const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
    const large = core.policyOf("eni-1", "ingress");
    const small = core.policyOf("eni-2", "ingress");
    for (let round = 0; round < 2; round++) {
      for (let host = 0; host < hosts; host++) {
        const remote = four(0x0a000000 + host);
        for (let port = 0; port < 1500; port += 20) {
          const outcome = core.ask(large, remote, 6, port);
          if ((host + port) % 997 === 0)
            expect(core.outcome(outcome).rules).toEqual([`p${port}`, String(host)]);
        }
        if (host % 97 === 0)
          expect(core.classify(small, remote, 17, 9).rules).toEqual([String(host)]);
      }
    }
    expect(core.exports.ruleSetCount(core.matcher)).toBe(1 + hosts * 75 + Math.ceil(hosts / 97));
  });
});
