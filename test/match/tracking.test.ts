import { describe, expect, it } from "vitest";
import * as contract from "../../src/contract.js";
import { type Address, cidrContains, parseCidr, sameAddress } from "../../src/model/address.js";
import type { NetworkInterface, Rule, RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import type { Direction } from "../../src/model/verdict.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { instantiateMatch, MatchCore, TARGETS } from "./core.js";
import { type Random, random } from "./random.js";
import { address, group, networkInterface, type RuleParts, ruleSet } from "./rule-sets.js";

// Semantics 6.1, restated: what AWS tracks whatever the rules say.
const AUTOMATIC = [
  "network_load_balancer",
  "natGateway",
  "nat_gateway",
  "global_accelerator_managed",
  "vpc_endpoint",
  "lambda",
];
const TYPES = [...AUTOMATIC, "interface", "efa", "transit_gateway"];
const PEERS = ["0.0.0.0/0", "0.0.0.0/0", "::/0", "10.0.0.0/8", "0.0.0.0/1", "sg-a", "pl-none"];
const OWN = ["10.0.0.1", "10.0.0.2", "10.0.9.9", "2001:db8::1", "198.51.100.1"];
const REMOTES = [...OWN, "10.0.5.5", "10.0.6.1", "203.0.113.9", "2001:db8::2", "2001:db8:1::7"];
const GROUPS = ["sg-a", "sg-b", "sg-classic"];
const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

function randomRule(r: Random): RuleParts {
  const protocol = r.pick([-1, 6, 6, 17, 17, 1, 47]);
  const [fromPort, toPort] = r.pick([
    [0, 65535],
    [0, 65535],
    [1, 65535],
    [0, 65534],
    [443, 443],
  ] as const);
  const hasPorts = protocol === 6 || protocol === 17;
  return {
    direction: r.pick(DIRECTIONS),
    protocol,
    fromPort: hasPorts ? fromPort : 0,
    toPort: hasPorts ? toPort : 65535,
    peer: r.pick(PEERS),
  };
}

function randomRuleSet(r: Random): RuleSet {
  const groups = GROUPS.map((id) => {
    const built = group(
      id,
      Array.from({ length: r.below(4) }, () => randomRule(r)),
    );
    if (id !== "sg-classic") return built;
    const { vpcId: _none, ...classic } = built;
    return classic;
  });
  const interfaces = Array.from({ length: 6 }, (_, i) =>
    networkInterface(
      `eni-${i}`,
      GROUPS.filter(() => r.chance(0.5)),
      OWN.filter(() => r.chance(0.2)),
      {
        type: r.pick(TYPES),
        prefixes: r.chance(0.3) ? [parseCidr(r.pick(["10.0.5.0/28", "2001:db8:1::/80"]))] : [],
        ...(r.chance(0.3) ? { attachedAt: 200 } : {}),
      },
    ),
  );
  return ruleSet({ groups, interfaces });
}

function isOwn(owner: NetworkInterface, remote: Address): boolean {
  return (
    owner.addresses.some((one) => sameAddress(one, remote)) ||
    owner.prefixes.some((block) => cidrContains(block, remote))
  );
}

function isAutomatic(owner: NetworkInterface): boolean {
  return AUTOMATIC.includes(owner.type ?? "");
}

/** Whether some rule of the interface's groups in the direction admits the whole family and fits. */
function admitsAll(
  set: RuleSet,
  owner: NetworkInterface,
  direction: Direction,
  family: 4 | 6,
  fits: (rule: Rule) => boolean,
): boolean {
  return owner.groupIds.some((id) => {
    const found = set.groups.get(id)!;
    const isClassic =
      found.vpcId === undefined && found.rules.every((rule) => rule.direction === "ingress");
    if (isClassic && direction === "egress") return true;
    return found.rules.some(
      (rule) =>
        rule.direction === direction &&
        rule.peer.kind === "cidr" &&
        rule.peer.cidr.length === 0 &&
        rule.peer.cidr.address.family === family &&
        fits(rule),
    );
  });
}

function opensAll(rule: Rule, protocol: number, port: number): boolean {
  if (rule.protocol === -1) return true;
  return rule.protocol === protocol && rule.fromPort <= port && port <= rule.toPort;
}

function answersAll(rule: Rule, protocol: number): boolean {
  if (rule.protocol === -1) return true;
  return rule.protocol === protocol && rule.fromPort === 0 && rule.toPort === 65535;
}

function answersOf(set: RuleSet, owner: NetworkInterface, direction: Direction): number {
  const bits = [
    [6, 4, contract.ANSWERS_TCP4],
    [6, 6, contract.ANSWERS_TCP6],
    [17, 4, contract.ANSWERS_UDP4],
    [17, 6, contract.ANSWERS_UDP6],
  ] as const;
  return bits.reduce((answers, [protocol, family, bit]) => {
    const fits = (rule: Rule): boolean => answersAll(rule, protocol);
    return admitsAll(set, owner, direction, family, fits) ? answers | bit : answers;
  }, 0);
}

describe.each(TARGETS)("tracking against the text of 6.1 (%s)", (target) => {
  const shared = instantiateMatch(target);

  it.each([1, 2, 3])("openness, answers and automatic paths agree, seed %i", (seed) => {
    const r = random(seed);
    let open = 0;
    let kept = 0;
    for (let round = 0; round < 60; round++) {
      const set = randomRuleSet(r);
      const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
      for (const owner of set.interfaces.values()) {
        const flags = core.field(owner.id, contract.IMAGE_INTERFACE_FLAGS);
        expect((flags & contract.IMAGE_FLAG_AUTOMATIC) !== 0).toBe(isAutomatic(owner));
        for (const direction of DIRECTIONS) {
          const policy = core.policyOf(owner.id, direction);
          const label = `seed ${seed} round ${round} ${owner.id} ${direction}`;
          expect(core.exports.policyAnswers(core.matcher, policy), label).toBe(
            answersOf(set, owner, direction),
          );
          for (let probe = 0; probe < 12; probe++) {
            const text = r.pick(REMOTES);
            const remote = address(text);
            const [protocol, port] = [r.pick([47, 6, 17, 1, 58]), r.pick([0, 1, 443, 65535])];
            const isAll = admitsAll(set, owner, direction, remote.family, (rule) =>
              opensAll(rule, protocol, port),
            );
            const byRules = (protocol === 6 || protocol === 17) && isAll;
            const ends = [...set.interfaces.values()].filter((other) => isOwn(other, remote));
            const want = byRules && !ends.some(isAutomatic);
            const got = core.classify(policy, remote, protocol, port, r.pick([100, 300]));
            expect(got.isOpen, `${label} ${text} ${protocol} ${port}`).toBe(want);
            if (want) open++;
            if (byRules && !want) kept++;
          }
        }
      }
      core.free();
    }
    expect(open).toBeGreaterThan(300);
    expect(kept).toBeGreaterThan(100);
  });

  it("leaves every other protocol tracked, whichever is asked first", () => {
    const set = ruleSet({
      groups: [group("sg-1", [{ protocol: -1, peer: "0.0.0.0/0" }])],
      interfaces: [networkInterface("eni-1", ["sg-1"])],
    });
    const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS), shared);
    const policy = core.policyOf("eni-1", "ingress");
    const open = [47, 6, 50, 17, 1, 6, 47].map(
      (protocol) => core.classify(policy, address("192.0.2.1"), protocol, 80).isOpen,
    );
    expect(open).toEqual([false, true, false, true, false, true, false]);
    expect(core.exports.policyAnswers(core.matcher, 0)).toBe(0);
    core.free();
  });
});
