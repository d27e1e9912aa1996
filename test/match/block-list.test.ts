import { BlockList } from "node:net";
import { describe, expect, it } from "vitest";
import { type Address, type Cidr, formatAddress, formatCidr } from "../../src/model/address.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { MatchCore, TARGETS } from "./core.js";
import { type Random, random } from "./random.js";
import { group, networkInterface, ruleSet } from "./rule-sets.js";

function randomBits(r: Random, bits: number): bigint {
  let value = 0n;
  for (let done = 0; done < bits; done += 16) value = (value << 16n) | BigInt(r.below(65536));
  return value & ((1n << BigInt(bits)) - 1n);
}

// Half of the blocks lie close together, so that they nest and share trie pages.
function randomCidr(r: Random, family: 4 | 6): Cidr {
  const bits = family === 4 ? 32 : 128;
  const near = family === 4 ? 0x0a000000n : 0x20010db8n << 96n;
  const raw = r.chance(0.5) ? near | randomBits(r, bits / 4) : randomBits(r, bits);
  const length = r.chance(0.05) ? 0 : 1 + r.below(bits);
  const host = BigInt(bits - length);
  return { address: { family, value: (raw >> host) << host }, length };
}

function probesOf(r: Random, cidrs: readonly Cidr[]): Address[] {
  return cidrs.flatMap(({ address, length }) => {
    const bits = address.family === 4 ? 32 : 128;
    const size = 1n << BigInt(bits - length);
    const values = [
      address.value - 1n,
      address.value,
      address.value + size - 1n,
      address.value + size,
    ];
    values.push(randomBits(r, bits), address.value + (randomBits(r, bits) % size));
    return values
      .filter((value) => value >= 0n && value < 1n << BigInt(bits))
      .map((value): Address => ({ family: address.family, value }));
  });
}

describe.each(TARGETS)("addresses against node:net BlockList (%s)", (target) => {
  it.each([
    [4, 1],
    [4, 2],
    [6, 3],
    [6, 4],
  ] as const)("IPv%i blocks, seed %i", (family, seed) => {
    const r = random(seed);
    const cidrs = Array.from({ length: 400 }, () => randomCidr(r, family));
    const parts = cidrs.map((cidr, index) => ({
      id: String(index),
      protocol: -1,
      peer: formatCidr(cidr),
    }));
    const set = ruleSet({
      groups: [group("sg-1", parts)],
      interfaces: [networkInterface("eni-1", ["sg-1"])],
    });
    const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
    const policy = core.policyOf("eni-1", "ingress");
    const name = family === 4 ? "ipv4" : "ipv6";
    // One list per rule: the question is which blocks hold the address, not whether one does. BlockList would let an
    // IPv4 rule match ::ffff:a.b.c.d, so families are never mixed here.
    const lists = cidrs.map((cidr) => {
      const list = new BlockList();
      list.addSubnet(formatAddress(cidr.address), cidr.length, name);
      return list;
    });
    const probes = probesOf(r, cidrs).filter((_, index) => index % 4 === 0);
    for (const remote of probes) {
      const text = formatAddress(remote);
      const want = lists.flatMap((list, index) => (list.check(text, name) ? [String(index)] : []));
      expect(core.classify(policy, remote, 47, 0).rules, `seed ${seed} ${text}`).toEqual(want);
    }
  });

  it("never lets an IPv4 block hold an IPv6 address, nor the other way round", () => {
    const set = ruleSet({
      groups: [
        group("sg-1", [
          { id: "four", peer: "0.0.0.0/0" },
          { id: "six", peer: "::/0" },
        ]),
      ],
      interfaces: [networkInterface("eni-1", ["sg-1"])],
    });
    const core = new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
    const policy = core.policyOf("eni-1", "ingress");
    expect(core.classify(policy, { family: 4, value: 0n }, 6, 1).rules).toEqual(["four"]);
    expect(core.classify(policy, { family: 4, value: 0xffffffffn }, 6, 1).rules).toEqual(["four"]);
    expect(core.classify(policy, { family: 6, value: 0n }, 6, 1).rules).toEqual(["six"]);
    expect(core.classify(policy, { family: 6, value: 0x0a000001n }, 6, 1).rules).toEqual(["six"]);
    expect(core.classify(policy, { family: 6, value: (1n << 128n) - 1n }, 6, 1).rules).toEqual([
      "six",
    ]);
  });
});
