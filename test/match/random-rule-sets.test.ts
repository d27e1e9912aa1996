import { describe, expect, it } from "vitest";
import { formatAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { answer } from "./oracle.js";
import { random } from "./random.js";
import { GROUPS, PORTS, probes, randomRuleSet } from "./random-rule-set.js";

/** Interfaces that carry the group, as one string. */
function carriersOf(rules: RuleSet, id: string): string {
  const carriers = [...rules.interfaces.values()].filter((owner) => owner.groupIds.includes(id));
  return carriers
    .map((owner) => owner.id)
    .sort()
    .join();
}

describe.each(TARGETS)("random rule sets against a linear scan (%s)", (target) => {
  const remotes = probes();

  it.each([1, 2, 3, 4])("all matching rules, verdicts and reasons agree, seed %i", (seed) => {
    const r = random(seed);
    const shared = instantiateMatch(target);
    let allowed = 0;
    let spokenFor = 0;
    for (let round = 0; round < 40; round++) {
      const rules = randomRuleSet(r);
      const core = new MatchCore(target, compileRuleSet(rules, DEFAULT_TIMERS), shared);
      const owners = [...rules.interfaces.values()].filter((owner) => owner.groupIds.length > 0);
      for (let probe = 0; probe < 120 && owners.length > 0; probe++) {
        const owner = r.pick(owners);
        const direction = r.chance(0.7) ? "ingress" : "egress";
        const question = {
          groupIds: owner.groupIds,
          direction,
          remote: r.pick(remotes),
          protocol: r.pick([6, 6, 17, 1, 58, 47, 0, 2]),
          port: r.chance(0.7) ? r.pick(PORTS) : r.below(65536),
          time: r.pick([0, 99, 100, 150, 200, 250, 300, 1000]),
        } as const;
        const { remote, protocol, port, time } = question;
        const policy = core.policyOf(owner.id, direction);
        const expected = answer(rules, { ...question, evidence: new Set() });
        const got = core.classify(policy, remote, protocol, port, time);
        const label = `seed ${seed} round ${round} ${owner.id} ${JSON.stringify({ ...question, remote: formatAddress(remote) })}`;
        expect({ rules: got.rules, accepted: got.accepted, rejected: got.rejected }, label).toEqual(
          {
            rules: expected.rules,
            accepted: expected.accepted,
            rejected: expected.rejected,
          },
        );
        if (expected.rules.length > 0) allowed++;
        // Slots have no names; groups that the same interfaces carry have the same evidence.
        const slots = core.slotsOf(policy).map((ids) => ids.sort().join());
        const asked = slots.filter((_, slot) => (got.nlbAsk >> BigInt(slot)) & 1n);
        expect([...asked].sort(), label).toEqual(
          expected.asks.map((id) => carriersOf(rules, id)).sort(),
        );
        for (const carriers of new Set(asked)) {
          const mask = slots.reduce(
            (bits, key, slot) => (key === carriers ? bits | (1n << BigInt(slot)) : bits),
            0n,
          );
          const evidence = new Set(GROUPS.filter((id) => carriersOf(rules, id) === carriers));
          const spoken = core.classify(policy, remote, protocol, port, time, mask);
          const then = answer(rules, { ...question, evidence });
          expect({ rules: spoken.rules, accepted: spoken.accepted }, label).toEqual({
            rules: then.rules,
            accepted: then.accepted,
          });
          spokenFor++;
        }
      }
      core.free();
    }
    // A generator that never lets anything through would prove nothing.
    expect(allowed).toBeGreaterThan(300);
    expect(spokenFor).toBeGreaterThan(100);
    expect(shared.arenaUsed()).toBe(0);
  });
});
