import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRuleSets } from "../../src/compile/compile-rule-sets.js";
import { formatAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { account, entries, PORTS, REMOTES } from "./acl-accounts.js";
import { aclAnswer, type Packet } from "./acl-oracle.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { answer } from "./oracle.js";
import { acl, networkInterface, ruleSet } from "./rule-sets.js";

function packets(): Packet[] {
  return REMOTES.flatMap((remote) =>
    ([6, 17, 1, 58, 47] as const).flatMap((protocol) =>
      (protocol === 6 ? PORTS : [80]).flatMap((to): Packet[] => [
        { direction: "ingress", remote, protocol, port: to },
        { direction: "egress", remote, protocol, port: to },
      ]),
    ),
  );
}

const PACKETS = packets();

describe.each(TARGETS)("network ACLs against a walk over their entries (%s)", (target) => {
  const shared = instantiateMatch(target);

  function compare(set: RuleSet, core: MatchCore, seen: Map<string, number>): void {
    for (const owner of set.interfaces.values()) {
      const known = aclAnswer(set, owner, PACKETS[0]!) !== undefined;
      const policies = [core.aclOf(owner.id, "ingress"), core.aclOf(owner.id, "egress")];
      expect(
        policies.map((policy) => policy > 0),
        owner.id,
      ).toEqual([known, known]);
      if (!known) continue;
      for (const [n, packet] of PACKETS.entries()) {
        const want = aclAnswer(set, owner, packet)!;
        const { remote, protocol, port: to } = packet;
        const policy = core.aclOf(owner.id, packet.direction);
        // When an address joined its groups is nothing to a list: both times answer alike.
        const got = core.classify(policy, remote, protocol, to, n % 3 === 0 ? 1000 : 0);
        const expected = { accepted: want, rejected: want, rules: [], nlbAsk: 0n, isOpen: false };
        seen.set(want.reason, (seen.get(want.reason) ?? 0) + 1);
        if (isSame(got.accepted, want) && isSame(got.rejected, want) && got.rules.length === 0)
          continue;
        expect(
          got,
          `${owner.id} ${packet.direction} ${protocol} ${formatAddress(remote)} ${to}`,
        ).toEqual(expected);
      }
      expect(core.exports.policyAnswers(core.matcher, policies[0]!)).toBe(0);
    }
  }

  it("first match decides, in every kind of account", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(account, (set) => {
        const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
        try {
          compare(set, core, seen);
        } finally {
          core.free();
        }
      }),
      // Shrinking an account of a hundred entries takes longer than reading the packet that failed.
      { numRuns: 150, seed: 17, endOnFailure: true },
    );
    // A generator that never reached an answer would prove nothing about it.
    for (const reason of ["rule", "acl", "icmp-type"])
      expect(seen.get(reason) ?? 0, reason).toBeGreaterThan(500);
    expect(shared.arenaUsed()).toBe(0);
  });

  it("each rule set has its own lists beside the others, and its groups judge as before", () => {
    fc.assert(
      fc.property(fc.array(account, { minLength: 2, maxLength: 3 }), (sets) => {
        const compiled = compileRuleSets(sets, DEFAULT_TIMERS);
        const cores = compiled.map((one) => new MatchCore(target, one, shared));
        try {
          for (const [k, core] of cores.entries()) {
            const set = sets[k]!;
            compare(set, core, new Map());
            for (const id of compiled[0]!.interfaceIds) {
              const owner = set.interfaces.get(id);
              if (owner === undefined) {
                expect([core.aclOf(id, "ingress"), core.aclOf(id, "egress")]).toEqual([0, 0]);
                continue;
              }
              for (const remote of REMOTES) {
                const question = {
                  remote,
                  protocol: 6,
                  port: 80,
                  time: 0,
                  evidence: new Set([""]),
                };
                const { groupIds } = owner;
                const policy = core.policyOf(id, "ingress");
                const got = core.classify(policy, remote, 6, 80);
                const want = answer(set, { ...question, groupIds, direction: "ingress" });
                expect(got.accepted, `${k} ${id} ${formatAddress(remote)}`).toEqual(want.accepted);
                expect(got.rules).toEqual(want.rules);
              }
            }
          }
        } finally {
          for (const core of cores) core.free();
        }
      }),
      { numRuns: 40, seed: 18, endOnFailure: true },
    );
    expect(shared.arenaUsed()).toBe(0);
  });

  it("finds the first of more entries than one word holds", () => {
    let longest = 0;
    fc.assert(
      fc.property(entries(200), (parts) => {
        longest = Math.max(longest, parts.length);
        const set = ruleSet({
          groups: [],
          interfaces: [networkInterface("eni-1", [], [], { subnetId: "subnet-1" })],
          acls: [acl("acl-a", parts, { subnetIds: ["subnet-1"] })],
        });
        const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
        try {
          compare(set, core, new Map());
        } finally {
          core.free();
        }
      }),
      { numRuns: 60, seed: 19, endOnFailure: true },
    );
    expect(longest).toBeGreaterThan(128);
  });
});

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
