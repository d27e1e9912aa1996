import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, cidrContains, parseAddress } from "../../src/model/address.js";
import type { AclEntry, NetworkAcl } from "../../src/model/rule-set.js";
import {
  type AclQuestion,
  aclDetail,
  aclOf,
  firstMatch,
  staysInSubnet,
} from "../../src/reference/acl.js";
import { snapshotOf } from "../../src/reference/snapshot.js";
import { buildAcl, buildAcls } from "../support/acl-builder.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

function address(text: string): Address {
  return parseAddress(text) ?? { family: 4, value: 0n };
}

function packet(text: string): AclQuestion {
  const [direction, protocol, remote = "", port = "0"] = text.split(" ");
  return {
    direction: direction as AclQuestion["direction"],
    protocol: Number(protocol),
    destinationPort: Number(port),
    remote: address(remote),
  };
}

function said(acl: NetworkAcl, text: string): string {
  const question = packet(text);
  const answer = firstMatch(acl, question);
  return `${answer.verdict} ${aclDetail(answer, question.direction)}`;
}

describe("first match (semantics 10.1)", () => {
  const acl = buildAcl("acl-1", {
    entries: [
      "ingress 200 allow all all 10.0.0.0/8",
      "ingress 100 deny tcp 22-23 10.0.0.0/8",
      "ingress 90 allow tcp 22 10.0.1.0/24",
      "ingress 300 allow 58 all ::/0",
      "egress 100 allow 50 all 0.0.0.0/0",
      "egress 32767 deny all all 0.0.0.0/0",
    ],
  });

  test.each([
    ["ingress 6 10.0.1.7 22", "allow acl-1 ingress 90"],
    ["ingress 6 10.0.2.7 22", "deny acl-1 ingress 100"],
    ["ingress 6 10.0.2.7 23", "deny acl-1 ingress 100"],
    ["ingress 6 10.0.2.7 24", "allow acl-1 ingress 200"],
    ["ingress 17 10.0.2.7 22", "allow acl-1 ingress 200"],
    ["ingress 6 11.0.0.1 22", "deny acl-1 ingress *"],
    ["ingress 58 2001:db8::1", "allow acl-1 ingress 300"],
    ["ingress 1 11.0.0.1", "deny acl-1 ingress *"],
    ["egress 50 10.0.0.1", "allow acl-1 egress 100"],
    ["egress 6 10.0.0.1 22", "deny acl-1 egress *"],
    ["egress 6 2001:db8::1 22", "deny acl-1 egress *"],
  ])("%s: %s", (question, answer) => {
    expect(said(acl, question)).toBe(answer);
  });
});

describe("against brute force", () => {
  const BLOCKS = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "::/0"];
  const REMOTES = ["10.1.2.3", "10.1.9.9", "10.9.9.9", "11.0.0.1", "2001:db8::1"];
  const entry = fc.record({
    number: fc.integer({ min: 1, max: 32_766 }),
    direction: fc.constantFrom("ingress", "egress"),
    action: fc.constantFrom("allow", "deny"),
    protocol: fc.constantFrom("all", "tcp", "udp", "icmp", "47"),
    port: fc.integer({ min: 0, max: 6 }),
    span: fc.integer({ min: 0, max: 6 }),
    type: fc.option(fc.integer({ min: 0, max: 255 })),
    block: fc.constantFrom(...BLOCKS),
  });
  const question = fc.record({
    direction: fc.constantFrom("ingress" as const, "egress" as const),
    protocol: fc.constantFrom(6, 17, 1, 47),
    destinationPort: fc.integer({ min: 0, max: 12 }),
    remote: fc.constantFrom(...REMOTES).map(address),
  });
  // One entry per ICMP type: two for one type may shadow each other, which 10.1 does not look into.
  const entries = fc
    .uniqueArray(entry, { maxLength: 12, selector: ({ number }) => number })
    .filter((all) => {
      const types = all.flatMap((each) => (each.protocol === "icmp" ? (each.type ?? []) : []));
      return new Set(types).size === types.length;
    });

  /** Walks the numbers one by one for one ICMP type. */
  function walk(all: readonly AclEntry[], asked: AclQuestion, type: number): string {
    for (let number = 1; number <= 32_767; number++)
      for (const each of all) {
        if (each.number !== number || each.direction !== asked.direction) continue;
        if (!cidrContains(each.cidr, asked.remote)) continue;
        if (each.protocol !== -1 && each.protocol !== asked.protocol) continue;
        const ported = asked.protocol === 6 || asked.protocol === 17;
        if (each.protocol !== -1 && ported) {
          if (asked.destinationPort < each.fromPort || asked.destinationPort > each.toPort)
            continue;
        }
        if (each.protocol === 1 && each.icmpType !== -1 && each.icmpType !== type) continue;
        return each.action;
      }
    return "deny";
  }

  test("says what every ICMP type says, and unknown where they differ", () => {
    fc.assert(
      fc.property(entries, question, (all, asked) => {
        const acl = buildAcl("acl-1", {
          entries: all.map((each) => {
            const ports = `${each.port}-${each.port + each.span}`;
            const type = each.type === null ? "all" : `${each.type}/-1`;
            const detail: Readonly<Record<string, string>> = { tcp: ports, udp: ports, icmp: type };
            return `${each.direction} ${each.number} ${each.action} ${each.protocol} ${detail[each.protocol] ?? "all"} ${each.block}`;
          }),
        });
        const named = acl.entries.map(({ icmpType }) => icmpType).filter((type) => type >= 0);
        const types = asked.protocol === 1 ? [...named, 256] : [0];
        const actions = new Set(types.map((type) => walk(acl.entries, asked, type)));
        const expected = actions.size === 1 ? [...actions][0] : "unknown";
        expect(firstMatch(acl, asked).verdict).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe("which list, and where none is passed (semantics 10.2, 10.5)", () => {
  const ruleSet = {
    ...buildRuleSet({
      interfaces: {
        "eni-1": { groups: [], addresses: ["10.0.1.10"], vpcId: "vpc-1", subnetId: "subnet-1" },
        "eni-2": { groups: [], addresses: ["10.0.2.10"], vpcId: "vpc-1", subnetId: "subnet-2" },
        "eni-3": { groups: [], addresses: ["10.0.3.10"], vpcId: "vpc-2", subnetId: "subnet-3" },
        "eni-4": { groups: [], prefixes: ["10.0.2.64/28"], subnetId: "subnet-2" },
        "eni-5": { groups: [], addresses: ["10.0.4.10"], vpcId: "vpc-1" },
      },
      subnets: { "subnet-1": ["10.0.1.0/24"] },
    }),
    acls: buildAcls({
      "acl-0": { default: true, entries: [] },
      "acl-1": { subnets: ["subnet-1"], entries: [] },
    }),
  };
  const snapshot = snapshotOf(ruleSet);

  test.each([
    ["eni-1", "acl-1"],
    ["eni-2", "acl-0"],
    ["eni-3", undefined],
    ["eni-4", undefined],
    ["eni-5", undefined],
    ["eni-9", undefined],
  ])("%s has %s", (id, list) => {
    expect(aclOf(ruleSet, ruleSet.interfaces.get(id))?.id).toBe(list);
  });

  test("the VPC of a subnet stands in for that of the interface", () => {
    const owner = ruleSet.interfaces.get("eni-4");
    const subnet = { id: "subnet-2", vpcId: "vpc-1", cidrs: [], at: ruleSet.acls.get("acl-0")!.at };
    const known = { ...ruleSet, subnets: new Map([["subnet-2", subnet]]) };
    expect(aclOf(known, owner)?.id).toBe("acl-0");
  });

  test.each([
    ["eni-1", "10.0.1.99", true],
    ["eni-1", "10.0.2.10", false],
    ["eni-2", "10.0.2.70", true],
    ["eni-2", "10.0.2.99", false],
    ["eni-5", "10.0.4.10", false],
  ])("%s and %s stay inside: %s", (id, remote, inside) => {
    const owner = ruleSet.interfaces.get(id);
    expect(owner !== undefined && staysInSubnet(snapshot, owner, address(remote))).toBe(inside);
  });
});
