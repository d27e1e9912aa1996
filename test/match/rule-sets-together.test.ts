import { describe, expect, it } from "vitest";
import { compileRuleSets } from "../../src/compile/compile-rule-sets.js";
import * as contract from "../../src/contract.js";
import { cidrContains, formatAddress, sameAddress } from "../../src/model/address.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { answer } from "./oracle.js";
import { type Random, random } from "./random.js";
import { PORTS, probes, randomRuleSet } from "./random-rule-set.js";

const IDS = Array.from({ length: 10 }, (_, i) => `eni-${i}`);

function factsOf(sets: readonly RuleSet[], id: string): NetworkInterface | undefined {
  return sets.find((set) => set.interfaces.has(id))?.interfaces.get(id);
}

function randomSets(r: Random): RuleSet[] {
  const sets = Array.from({ length: 1 + r.below(4) }, () =>
    randomRuleSet(
      r,
      IDS.filter(() => r.chance(0.7)),
    ),
  );
  if (r.chance(0.5)) sets.push(r.pick(sets));
  return sets;
}

describe.each(TARGETS)("rule sets compiled together (%s)", (target) => {
  const shared = instantiateMatch(target);
  const remotes = probes();

  it.each([1, 2, 3])("each judges by its own rules, on shared facts, seed %i", (seed) => {
    const r = random(seed);
    let allowed = 0;
    let absent = 0;
    for (let round = 0; round < 20; round++) {
      const sets = randomSets(r);
      const compiled = compileRuleSets(sets, DEFAULT_TIMERS);
      const cores = compiled.map((one) => new MatchCore(target, one, shared));
      const ids = compiled[0]!.interfaceIds;
      expect(ids).toEqual(IDS.filter((id) => factsOf(sets, id) !== undefined));
      for (const [k, core] of cores.entries()) {
        const set = sets[k]!;
        for (const [index, id] of ids.entries()) {
          const label = `seed ${seed} round ${round} set ${k} ${id}`;
          const facts = factsOf(sets, id)!;
          const owner = set.interfaces.get(id);
          const flags = core.field(id, contract.IMAGE_INTERFACE_FLAGS);
          const has = (flag: number): boolean => (flags & flag) !== 0;
          // An interface that the rule set lacks carries the attached groups (semantics 1.2).
          const groupIds = owner === undefined ? set.attach : owner.groupIds;
          const isKnown = owner !== undefined || groupIds.length > 0;
          expect(has(contract.IMAGE_FLAG_KNOWN), label).toBe(isKnown);
          expect(has(contract.IMAGE_FLAG_HAS_GROUPS), label).toBe(groupIds.length > 0);
          // Whether a path tracks by itself is told by the rule set that judges (semantics 6.1).
          const isAutomatic = owner?.type !== undefined && owner.type !== "interface";
          expect(has(contract.IMAGE_FLAG_AUTOMATIC), label).toBe(isAutomatic);
          const hasAddresses = facts.addresses.length + facts.prefixes.length > 0;
          expect(has(contract.IMAGE_FLAG_ADDRESSES), label).toBe(hasAddresses);
          expect(core.exports.interfaceCount(core.matcher)).toBe(ids.length);
          const remote = r.pick(remotes);
          const isOwn =
            facts.addresses.some((one) => sameAddress(one, remote)) ||
            facts.prefixes.some((block) => cidrContains(block, remote));
          expect(core.isLocal(id, remote), `${label} ${formatAddress(remote)}`).toBe(isOwn);
          if (owner === undefined) {
            absent++;
            expect(core.policyOf(id, "ingress") > 0, label).toBe(isKnown);
            expect(core.policyOf(id, "egress") > 0, label).toBe(isKnown);
            expect(has(contract.IMAGE_FLAG_NLB_EVIDENCE), label).toBe(false);
            continue;
          }
          if (owner.groupIds.length === 0) continue;
          const policy = core.policyOf(id, "ingress");
          for (const slot of core.slotsOf(policy))
            for (const carrier of slot) expect(set.interfaces.has(carrier), label).toBe(true);
          for (let probe = 0; probe < 6; probe++) {
            const question = {
              groupIds: owner.groupIds,
              direction: r.chance(0.7) ? "ingress" : "egress",
              remote: r.pick(remotes),
              protocol: r.pick([6, 6, 17, 1, 58, 47]),
              port: r.pick(PORTS),
              time: r.pick([0, 100, 250, 1000]),
            } as const;
            const { direction, protocol, port, time } = question;
            const want = answer(set, { ...question, evidence: new Set() });
            const got = core.classify(
              core.policyOf(id, direction),
              question.remote,
              protocol,
              port,
              time,
            );
            expect(
              { rules: got.rules, accepted: got.accepted, rejected: got.rejected },
              `${label} ${JSON.stringify({ ...question, remote: formatAddress(question.remote) })}`,
            ).toEqual({
              rules: want.rules,
              accepted: want.accepted,
              rejected: want.rejected,
            });
            if (got.rules.length > 0) allowed++;
          }
          expect(index).toBe(ids.indexOf(id));
        }
      }
      for (const core of cores) core.free();
    }
    expect(allowed).toBeGreaterThan(100);
    expect(absent).toBeGreaterThan(20);
    expect(shared.arenaUsed()).toBe(0);
  });
});
