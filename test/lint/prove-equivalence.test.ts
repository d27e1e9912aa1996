import { describe, expect, it } from "vitest";
import { condenseRuleSet, lintRuleSet, proveEquivalence } from "../../src/lint/index.js";
import { formatAddress } from "../../src/model/address.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";

const REST: RuleSetSketch = {
  interfaces: {
    "eni-1": { groups: ["sg-1"] },
    "eni-2": { groups: ["sg-2"], addresses: ["10.0.0.7", "fd00::7"] },
  },
  prefixLists: { "pl-1": ["10.0.0.0/24"], "pl-dark": null },
};

function setOf(...rules: string[]) {
  return buildRuleSet({ ...REST, groups: { "sg-1": { rules }, "sg-2": {} } });
}

/** `before -> after` with the packet that tells them apart, or nothing. */
function told(
  before: readonly string[],
  after: readonly string[],
  members: "any" | "known" = "any",
): string {
  const { equal, counterExample } = proveEquivalence(setOf(...before), setOf(...after), {
    members,
  });
  if (counterExample === undefined) return String(equal);
  const { about, direction, protocol, port, icmpType, icmpCode, address, member } = counterExample;
  const service = [protocol, port ?? [icmpType, icmpCode].filter((n) => n !== null).join(":")].join(
    "/",
  );
  const sides = `${counterExample.before} -> ${counterExample.after}`;
  return `${about} ${direction} ${service} ${formatAddress(address)}${member === null ? "" : ` of ${member}`}: ${sides}`;
}

describe("the proof of equivalence", () => {
  it.each<[string[], string[], string]>([
    [[], [], "true"],
    [
      ["ingress tcp 80 10.0.0.0/24"],
      ["ingress tcp 80 10.0.0.0/25", "ingress tcp 80 10.0.0.128/25"],
      "true",
    ],
    [
      ["ingress tcp 80 10.0.0.0/24"],
      ["ingress tcp 80 10.0.0.0/25"],
      "admission ingress 6/80 10.0.0.128: true -> false",
    ],
    [
      ["ingress tcp 80 10.0.0.0/25"],
      ["ingress tcp 80 10.0.0.0/24"],
      "admission ingress 6/80 10.0.0.128: false -> true",
    ],
    [
      ["ingress tcp 80-90 10.0.0.0/24"],
      ["ingress tcp 80-89 10.0.0.0/24"],
      "admission ingress 6/90 10.0.0.0: true -> false",
    ],
    [
      ["ingress udp 53 10.0.0.0/8"],
      ["ingress tcp 53 10.0.0.0/8"],
      "admission ingress 6/53 10.0.0.0: false -> true",
    ],
    [
      ["egress tcp 80 ::/0"],
      ["egress tcp 80 0.0.0.0/0"],
      "admission egress 6/80 0.0.0.0: false -> true",
    ],
    [
      ["ingress icmp 8/-1 10.0.0.0/8"],
      ["ingress icmp 8/0 10.0.0.0/8"],
      "admission ingress 1/8:1 10.0.0.0: true -> false",
    ],
    [
      ["ingress all all 10.0.0.0/8"],
      [
        "ingress tcp all 10.0.0.0/8",
        "ingress udp all 10.0.0.0/8",
        "ingress icmp all 10.0.0.0/8",
        "ingress icmpv6 all 10.0.0.0/8",
      ],
      "admission ingress 0/ 10.0.0.0: true -> false",
    ],
    [["ingress tcp 80 sg-2"], [], "admission ingress 6/80 0.0.0.0 of sg-2: true -> false"],
    [
      ["ingress tcp 80 sg-2", "ingress tcp 80 0.0.0.0/0"],
      ["ingress tcp 80 0.0.0.0/0"],
      "admission ingress 6/80 :: of sg-2: true -> false",
    ],
    [
      ["ingress tcp 80 sg-2", "ingress tcp 80 0.0.0.0/0", "ingress tcp 80 ::/0"],
      ["ingress tcp 80 0.0.0.0/0", "ingress tcp 80 ::/0"],
      "true",
    ],
    [["ingress tcp 80 pl-1", "ingress tcp 80 0.0.0.0/0"], ["ingress tcp 80 0.0.0.0/0"], "true"],
    [
      ["ingress tcp 80 pl-dark", "ingress tcp 80 0.0.0.0/0"],
      ["ingress tcp 80 0.0.0.0/0"],
      "admission ingress 6/80 :: of pl-dark: true -> false",
    ],
    [
      ["ingress tcp 80 sg-2 stale"],
      ["ingress tcp 80 sg-2"],
      "admission ingress 6/80 0.0.0.0 of stale sg-2: true -> false",
    ],
    [
      ["ingress tcp 80 0.0.0.0/0"],
      ["ingress tcp 80 0.0.0.0/1", "ingress tcp 80 128.0.0.0/1"],
      "tracking ingress 6/80 0.0.0.0: true -> false",
    ],
    [
      ["egress tcp all 0.0.0.0/0"],
      ["egress tcp 0-1023 0.0.0.0/0", "egress tcp 1024-65535 0.0.0.0/0"],
      "tracking egress 6/0 0.0.0.0: true -> false",
    ],
    [
      ["egress tcp 1-1023 0.0.0.0/0"],
      ["egress tcp 1-100 0.0.0.0/0", "egress tcp 101-1023 0.0.0.0/0"],
      "true",
    ],
    [
      ["ingress icmp all 0.0.0.0/0"],
      ["ingress icmp all 0.0.0.0/1", "ingress icmp all 128.0.0.0/1"],
      "true",
    ],
  ])("%s against %s: %s", (before, after, expected) => {
    expect(told(before, after)).toBe(expected);
  });

  it.each<[string[], string[], string]>([
    [["ingress tcp 80 sg-2"], ["ingress tcp 80 10.0.0.7/32", "ingress tcp 80 fd00::7/128"], "true"],
    [
      ["ingress tcp 80 sg-2"],
      ["ingress tcp 80 10.0.0.7/32"],
      "admission ingress 6/80 fd00::7: true -> false",
    ],
    [["ingress tcp 80 pl-1"], ["ingress tcp 80 10.0.0.0/24"], "true"],
    [["ingress tcp 80 sg-2 stale"], [], "true"],
    [["ingress tcp 80 pl-dark"], [], "admission ingress 6/80 0.0.0.0 of pl-dark: true -> false"],
  ])("by the addresses of today: %s against %s: %s", (before, after, expected) => {
    expect(told(before, after, "known")).toBe(expected);
    expect(told(before, after)).not.toBe("true");
  });

  it("knows that EC2-Classic groups without egress rules let everything out", () => {
    const classic = (...rules: string[]) =>
      buildRuleSet({ groups: { "sg-1": { vpcId: null, rules } } });
    const open = ["egress all all 0.0.0.0/0", "egress all all ::/0"];
    expect(proveEquivalence(classic(), classic(...open)).equal).toBe(true);
    expect(proveEquivalence(classic(), classic(open[0]!)).counterExample?.address.family).toBe(6);
  });

  it("counts what it compared, group by group or interface by interface", () => {
    const ruleSet = setOf("ingress tcp 80 10.0.0.0/24");
    // Ingress of sg-1: (3 + 1) address classes × 3 service classes; the three empty policies: 2 × 1 each.
    expect(proveEquivalence(ruleSet, ruleSet)).toMatchObject({
      equal: true,
      policies: 2,
      classes: 12 + 3 * 2,
    });
    expect(proveEquivalence(ruleSet, ruleSet, { per: "interface" })).toMatchObject({ policies: 2 });
  });

  it("misses no group, on either side", () => {
    const one = setOf("ingress tcp 80 10.0.0.0/24");
    const none = { ...one, groups: new Map() };
    expect(proveEquivalence(one, none).counterExample).toMatchObject({
      groupIds: ["sg-1"],
      before: true,
    });
    expect(proveEquivalence(none, one).counterExample).toMatchObject({
      groupIds: ["sg-1"],
      after: true,
    });
  });

  it("ten thousand rules of one group take seconds", () => {
    const block = (i: number, length: number): string =>
      `${10 + (i % 7)}.${(i * 37) % 256}.${length > 16 ? (i * 11) % 256 : 0}.0/${length}`;
    const rules = Array.from({ length: 10_000 }, (_, i) => {
      const from = (i * 7919) % 60_000;
      const to = i % 3 === 0 ? from + ((i * 31) % 2000) : from;
      return `ingress ${i % 4 === 0 ? "udp" : "tcp"} ${from}-${to} ${block(i, i % 2 === 0 ? 24 : 16)}`;
    });
    const ruleSet = setOf(...rules);
    const began = performance.now();
    const { ruleSet: condensed, dropped } = condenseRuleSet(ruleSet);
    expect(proveEquivalence(ruleSet, condensed).equal).toBe(true);
    expect(lintRuleSet(ruleSet).length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(dropped.length).toBeGreaterThan(100);
  });
});
