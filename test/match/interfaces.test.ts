import { describe, expect, it } from "vitest";
import * as contract from "../../src/contract.js";
import { parseCidr } from "../../src/model/address.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { MatchCore, TARGETS } from "./core.js";
import { address, group, networkInterface, ruleSet, subnet, vpc } from "./rule-sets.js";

const compiled = compileRuleSet(
  ruleSet({
    groups: [
      group("sg-web", [
        { peer: "sg-lb" },
        { direction: "egress", protocol: -1, peer: "0.0.0.0/0" },
      ]),
      group("sg-lb", [{ peer: "0.0.0.0/0" }]),
      group("sg-other", [{ direction: "egress", protocol: -1, peer: "sg-nat" }]),
      group("sg-nat", []),
    ],
    interfaces: [
      networkInterface("eni-web", ["sg-web"], ["10.0.0.5", "10.0.0.6", "2001:db8::5"], {
        prefixes: [parseCidr("10.0.4.0/28"), parseCidr("2001:db8:0:1::/80")],
        vpcId: "vpc-1",
        subnetId: "subnet-1",
        timers: { tcpEstablished: 350, udpStream: 90 },
      }),
      networkInterface("eni-lb", ["sg-lb"], ["10.0.0.9"], { type: "network_load_balancer" }),
      networkInterface("eni-lb-twin", ["sg-lb"], []),
      networkInterface("eni-bare", []),
      networkInterface("eni-nat", ["sg-nat"], ["10.0.9.9"], { type: "network_load_balancer" }),
    ],
    vpcs: [vpc("vpc-1", ["2001:db8::/56", "10.0.0.0/16", "10.1.0.0/16"])],
    subnets: [subnet("subnet-1", ["10.0.0.0/24", "10.1.7.0/24", "2001:db8::/64"])],
    attach: ["sg-lb"],
  }),
  DEFAULT_TIMERS,
);

describe.each(TARGETS)("interfaces of the image (%s)", (target) => {
  const core = new MatchCore(target, compiled);

  it("lists them by id", () => {
    expect(compiled.interfaceIds).toEqual([
      "eni-bare",
      "eni-lb",
      "eni-lb-twin",
      "eni-nat",
      "eni-web",
    ]);
    expect(core.exports.interfaceCount(core.matcher)).toBe(5);
    const texts = compiled.interfaceIds.map((id) => {
      const view = new DataView(compiled.image.buffer);
      const section =
        contract.IMAGE_OFF_SECTIONS + contract.SECTION_IDS * contract.IMAGE_SECTION_BYTES;
      const from = view.getUint32(section, true) + core.field(id, contract.IMAGE_INTERFACE_ID);
      const length = core.field(id, contract.IMAGE_INTERFACE_ID_BYTES);
      return new TextDecoder().decode(compiled.image.subarray(from, from + length));
    });
    expect(texts).toEqual(compiled.interfaceIds);
  });

  it.each([
    ["10.0.0.5", true],
    ["10.0.0.6", true],
    ["10.0.0.4", false],
    ["10.0.0.7", false],
    ["10.0.3.255", false],
    ["10.0.4.0", true],
    ["10.0.4.15", true],
    ["10.0.4.16", false],
    ["2001:db8::5", true],
    ["2001:db8::6", false],
    ["2001:db8:0:1::", true],
    ["2001:db8:0:1:0:ffff:ffff:ffff", true],
    ["2001:db8:0:1:1::", false],
    ["::ffff:10.0.0.5", false],
    ["::10.0.0.5", false],
  ])("eni-web has %s: %s", (text, expected) => {
    expect(core.isLocal("eni-web", address(text))).toBe(expected);
  });

  it("knows no address of an interface without any", () => {
    expect(core.isLocal("eni-bare", address("0.0.0.0"))).toBe(false);
    const index = (id: string): number => compiled.interfaceIds.indexOf(id);
    expect(core.exports.hasAddresses(core.matcher, index("eni-bare"))).toBe(0);
    expect(core.exports.hasAddresses(core.matcher, index("eni-web"))).toBe(1);
  });

  it.each([
    ["eni-web", "169.254.169.253", true],
    ["eni-web", "169.254.170.2", true],
    ["eni-web", "169.254.169.252", false],
    ["eni-web", "169.254.0.1", false],
    ["eni-web", "fd00:ec2::253", true],
    ["eni-web", "fd00:ec2::240", true],
    ["eni-web", "fd00:ec2::252", false],
    ["eni-web", "fd00:ec3::253", false],
    ["eni-web", "10.0.0.2", true],
    ["eni-web", "10.0.0.1", true],
    ["eni-web", "10.1.7.1", true],
    ["eni-web", "10.1.0.2", false],
    ["eni-web", "10.0.0.3", false],
    ["eni-web", "2001:db8::2", false],
    ["eni-lb", "10.0.0.2", false],
    [null, "10.0.0.2", false],
    [null, "169.254.169.123", true],
    [null, "fd00:ec2::123", true],
  ])("is a service for %s: %s %s", (id, text, expected) => {
    expect(core.isService(id, address(text))).toBe(expected);
  });

  it("takes timers from the interface, else from the options", () => {
    const timersOf = (id: string): number[] =>
      [0, 4, 8, 12, 16, 20].map((at) => core.field(id, contract.IMAGE_INTERFACE_TIMERS + at));
    expect(timersOf("eni-web")).toEqual([350, 60, 30, 90, 30, 600]);
    expect(timersOf("eni-lb")).toEqual([432000, 60, 30, 180, 30, 600]);
  });

  it("flags membership, groups, addresses, load-balancer evidence and automatic tracking", () => {
    const flags = (id: string): number => core.field(id, contract.IMAGE_INTERFACE_FLAGS);
    const { IMAGE_FLAG_KNOWN: known, IMAGE_FLAG_AUTOMATIC: automatic } = contract;
    const groups = known | contract.IMAGE_FLAG_HAS_GROUPS;
    const addresses = contract.IMAGE_FLAG_ADDRESSES;
    const evidence = contract.IMAGE_FLAG_NLB_EVIDENCE;
    expect(flags("eni-bare")).toBe(known);
    expect(flags("eni-web")).toBe(groups | addresses);
    expect(flags("eni-lb")).toBe(groups | addresses | evidence | automatic);
    expect(flags("eni-lb-twin")).toBe(groups | evidence);
    // No ingress rule refers to its group: its clients are evidence for nothing.
    expect(flags("eni-nat")).toBe(groups | addresses | automatic);
  });

  it("names the carriers of a load balancer's group per slot, for ingress only", () => {
    expect(core.slotsOf(core.policyOf("eni-web", "ingress"))).toEqual([["eni-lb", "eni-lb-twin"]]);
    expect(core.slotsOf(core.policyOf("eni-lb", "ingress"))).toEqual([]);
    expect(core.slotsOf(core.policyOf("eni-web", "egress"))).toEqual([]);
  });

  it("gives attached interfaces the policies of the attached groups", () => {
    const { defaultPolicy } = core.exports;
    expect(defaultPolicy(core.matcher, contract.DIRECTION_INGRESS)).toBe(
      core.policyOf("eni-lb", "ingress"),
    );
    expect(defaultPolicy(core.matcher, contract.DIRECTION_EGRESS)).toBe(
      core.policyOf("eni-lb", "egress"),
    );
    expect(core.policyOf("eni-bare", "ingress")).toBe(0);
  });

  it("denies under policy 0", () => {
    const { rules, accepted } = core.classify(0, address("10.0.0.1"), 6, 1);
    expect({ rules, ...accepted }).toEqual({
      rules: [],
      verdict: "deny",
      reason: "no-rule",
      detail: "",
    });
  });
});
