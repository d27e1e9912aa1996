import { describe, expect, test } from "vitest";
import { formatCidr } from "../../src/model/address.js";
import type { NetworkAcl } from "../../src/model/rule-set.js";
import { failure, json, load } from "./documents.js";

function entry(rest: object): object {
  return {
    RuleNumber: 100,
    Protocol: "-1",
    RuleAction: "allow",
    Egress: false,
    CidrBlock: "0.0.0.0/0",
    ...rest,
  };
}

function acl(entries: object[], rest: object = {}): object {
  return {
    NetworkAclId: "acl-1",
    VpcId: "vpc-1",
    IsDefault: false,
    Associations: [],
    Entries: entries,
    ...rest,
  };
}

function one(entries: object[], rest: object = {}): NetworkAcl {
  return load([json({ NetworkAcls: [acl(entries, rest)] })]).ruleSet.acls.get("acl-1")!;
}

function refused(rest: object): string {
  return failure([json({ NetworkAcls: [acl([entry(rest)])] })]);
}

const TCP = { Protocol: "6", PortRange: { From: 22, To: 22 } };
const ICMP = { Protocol: "1", IcmpTypeCode: { Type: 8, Code: 0 } };
const V6 = { CidrBlock: undefined, Ipv6CidrBlock: "::/0" };

describe("describe-network-acls", () => {
  test("an ACL with its subnets and place", () => {
    expect(
      one([], {
        IsDefault: true,
        Associations: [
          { SubnetId: "subnet-2", NetworkAclId: "acl-1" },
          { SubnetId: "subnet-1" },
          { SubnetId: "subnet-2", NetworkAclId: null },
        ],
      }),
    ).toEqual({
      id: "acl-1",
      vpcId: "vpc-1",
      isDefault: true,
      subnetIds: ["subnet-1", "subnet-2"],
      entries: [],
      at: { file: "a.json", line: 1, column: 17 },
    });
    expect(one([], { VpcId: null, IsDefault: undefined })).toMatchObject({ isDefault: false });
    expect(one([], { VpcId: null })).not.toHaveProperty("vpcId");
  });

  test("entries stand by direction, then number; `*` is 32767 in both families", () => {
    const { entries } = one([
      entry({ RuleNumber: 32_768, RuleAction: "deny", ...V6 }),
      entry({ RuleNumber: 32_767, RuleAction: "deny" }),
      entry({ RuleNumber: 200, Egress: true }),
      entry({ RuleNumber: 100, Egress: true, ...V6 }),
      entry({ RuleNumber: 100, Egress: true }),
      entry({ RuleNumber: 9 }),
    ]);
    expect(
      entries.map(({ direction, number, action, cidr }) =>
        [direction, number, action, formatCidr(cidr)].join(" "),
      ),
    ).toEqual([
      "ingress 9 allow 0.0.0.0/0",
      "ingress 32767 deny ::/0",
      "ingress 32767 deny 0.0.0.0/0",
      "egress 100 allow ::/0",
      "egress 100 allow 0.0.0.0/0",
      "egress 200 allow 0.0.0.0/0",
    ]);
  });

  test.each<[object, number[]]>([
    [{}, [-1, 0, 65_535, -1, -1]],
    [{ PortRange: { From: 22, To: 22 } }, [-1, 0, 65_535, -1, -1]],
    [{ Protocol: "all", PortRange: null, IcmpTypeCode: null }, [-1, 0, 65_535, -1, -1]],
    [TCP, [6, 22, 22, -1, -1]],
    [{ ...TCP, Protocol: "TCP" }, [6, 22, 22, -1, -1]],
    [{ ...TCP, IcmpTypeCode: { Type: 0, Code: 0 } }, [6, 22, 22, -1, -1]],
    [{ Protocol: "17", PortRange: { From: 0, To: 65_535 } }, [17, 0, 65_535, -1, -1]],
    [{ Protocol: "50" }, [50, 0, 65_535, -1, -1]],
    [ICMP, [1, 0, 65_535, 8, 0]],
    [{ ...ICMP, IcmpTypeCode: { Type: 3, Code: -1 } }, [1, 0, 65_535, 3, -1]],
    [{ ...ICMP, IcmpTypeCode: { Type: -1, Code: -1 } }, [1, 0, 65_535, -1, -1]],
    [{ ...ICMP, Protocol: "58", ...V6 }, [58, 0, 65_535, 8, 0]],
    [{ Protocol: "58" }, [58, 0, 65_535, -1, -1]],
  ])("%j is read", (rest, expected) => {
    const [found] = one([entry(rest)]).entries;
    const { protocol, fromPort, toPort, icmpType, icmpCode } = found!;
    expect([protocol, fromPort, toPort, icmpType, icmpCode]).toEqual(expected);
  });

  test.each<[object, string]>([
    [{ RuleNumber: 0 }, "acl-number"],
    [{ RuleNumber: -1 }, "acl-number"],
    [{ RuleNumber: 32_769 }, "acl-number"],
    [{ RuleNumber: 1.5 }, "rules-shape"],
    [{ RuleNumber: "100" }, "rules-shape"],
    [{ RuleNumber: 32_767 }, "acl-closing-entry"],
    [{ RuleAction: "ALLOW" }, "rules-shape"],
    [{ Egress: undefined }, "rules-shape"],
    [{ Egress: "false" }, "rules-shape"],
    [{ CidrBlock: undefined }, "rules-shape"],
    [{ Ipv6CidrBlock: "::/0" }, "rules-shape"],
    [{ CidrBlock: "10.0.0.1/8" }, "cidr-invalid"],
    [{ CidrBlock: "::/0" }, "cidr-family"],
    [{ Protocol: "256" }, "protocol-unknown"],
    [{ Protocol: 6 }, "rules-shape"],
    [{ Protocol: "6" }, "ports-missing"],
    [{ ...TCP, PortRange: { From: 22 } }, "rules-shape"],
    [{ ...TCP, PortRange: { From: 23, To: 22 } }, "ports-reversed"],
    [{ ...TCP, PortRange: { From: -1, To: -1 } }, "ports-out-of-range"],
    [{ ...TCP, PortRange: { From: 1, To: 65_536 } }, "ports-out-of-range"],
    [{ Protocol: "1" }, "icmp-type-missing"],
    [{ Protocol: "58", ...V6 }, "icmp-type-missing"],
    [{ ...ICMP, IcmpTypeCode: { Type: 256, Code: 0 } }, "ports-out-of-range"],
    [{ ...ICMP, IcmpTypeCode: { Type: 8, Code: -2 } }, "ports-out-of-range"],
    [{ ...ICMP, IcmpTypeCode: { Type: -1, Code: 0 } }, "icmp-code-without-type"],
  ])("%j stops the load, with its place", (rest, code) => {
    expect(refused(rest)).toMatch(
      new RegExp(`^${code} a\\.json:1:\\d+: NetworkAcls\\.0\\.Entries\\.0`),
    );
  });

  test("a number stands once per direction and family", () => {
    expect(one([entry({}), entry({ Egress: true }), entry(V6)]).entries).toHaveLength(3);
    const twice = json({ NetworkAcls: [acl([entry({}), entry({ CidrBlock: "10.0.0.0/8" })])] });
    expect(failure([twice])).toMatch(
      /^acl-number-twice a\.json:1:\d+: NetworkAcls\.0\.Entries\.1: the ingress entry 100 for IPv4 also stands at a\.json:1:\d+$/,
    );
    const closing = [32_767, 32_768].map((RuleNumber) => entry({ RuleNumber, RuleAction: "deny" }));
    expect(failure([json({ NetworkAcls: [acl(closing)] })])).toContain("acl-number-twice");
  });

  test.each<[object, string]>([
    [{ NetworkAclId: "acl 1" }, "rules-id"],
    [{ Associations: undefined }, "Associations: the key is missing"],
    [{ Entries: undefined }, "Entries: the key is missing"],
    [{ Associations: [{}] }, "Associations.0.SubnetId: the key is missing"],
    [
      { Associations: [{ SubnetId: "subnet-1", NetworkAclId: "acl-2" }] },
      "the association names acl-2, but stands in acl-1",
    ],
  ])("an ACL with %j stops the load", (rest, expected) => {
    expect(failure([json({ NetworkAcls: [acl([], rest)] })])).toContain(expected);
  });

  test("twice the same is one; a difference, a subnet of two ACLs and a second default stop the load", () => {
    const first = acl([], { Associations: [{ SubnetId: "subnet-1" }], IsDefault: true });
    const second = { ...first, NetworkAclId: "acl-2" };
    const fail = (...items: object[]): string =>
      failure(items.map((item, i) => json({ NetworkAcls: [item] }, `${i + 1}.json`)));
    expect(fail(first, first)).toBe("loaded");
    expect(fail(first, { ...first, IsDefault: false })).toContain(
      "network-acl-differs 2.json:1:17: NetworkAcls.0: the network ACL acl-1 also stands at 1.json:1:17 and differs in isDefault",
    );
    expect(fail(first, { ...second, IsDefault: false })).toBe(
      "acl-subnet-twice 2.json:1:17: acl-2 is the ACL of subnet-1, and so is acl-1 at 1.json:1:17",
    );
    expect(fail(first, { ...second, Associations: [] })).toBe(
      "acl-default-twice 2.json:1:17: acl-2 is the ACL of vpc-1 by default, and so is acl-1 at 1.json:1:17",
    );
    expect(fail(first, { ...second, Associations: [], VpcId: "vpc-2" })).toBe("loaded");
  });
});
