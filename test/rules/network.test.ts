import { describe, expect, test } from "vitest";
import { formatAddress, formatCidr } from "../../src/model/address.js";
import type { NetworkInterface } from "../../src/model/rule-set.js";
import { failure, json, load, networkInterface } from "./documents.js";

function one(rest: object): NetworkInterface {
  const { ruleSet } = load([
    json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a"], rest)] }),
  ]);
  return ruleSet.interfaces.get("eni-1")!;
}

function refused(rest: object): string {
  return failure([json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a"], rest)] })]);
}

describe("describe-network-interfaces", () => {
  test("addresses: primary first, then secondary, then IPv6, each once", () => {
    const found = one({
      Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }, { Ipv6Address: "2001:DB8:0::1" }],
      PrivateIpAddress: "10.0.0.5",
      PrivateIpAddresses: [
        { Primary: false, PrivateIpAddress: "10.0.0.6" },
        { Primary: true, PrivateIpAddress: "10.0.0.5" },
      ],
      Ipv4Prefixes: [{ Ipv4Prefix: "10.0.1.0/28" }],
      Ipv6Prefixes: [{ Ipv6Prefix: "2001:db8:0:1::/80" }],
    });
    expect(found.addresses.map(formatAddress)).toEqual(["10.0.0.5", "10.0.0.6", "2001:db8::1"]);
    expect(found.prefixes.map(formatCidr)).toEqual(["10.0.1.0/28", "2001:db8:0:1::/80"]);
    expect(found).toMatchObject({
      vpcId: "vpc-1",
      subnetId: "subnet-1",
      type: "interface",
      groupIds: ["sg-a"],
      at: { file: "a.json", line: 1, column: 23 },
    });
  });

  test("the primary is first even if only the list says so", () => {
    const found = one({
      PrivateIpAddress: undefined,
      PrivateIpAddresses: [
        { PrivateIpAddress: "10.0.0.6" },
        { Primary: true, PrivateIpAddress: "10.0.0.5" },
      ],
    });
    expect(found.addresses.map(formatAddress)).toEqual(["10.0.0.5", "10.0.0.6"]);
  });

  test("no groups, no addresses and no type are kept as such", () => {
    const found = one({ Groups: [], PrivateIpAddress: null, InterfaceType: undefined });
    expect(found).toMatchObject({ groupIds: [], addresses: [], prefixes: [] });
    expect(found).not.toHaveProperty("type");
    expect(found).not.toHaveProperty("attachedAt");
    expect(found).not.toHaveProperty("timers");
  });

  test.each<[unknown, number]>([
    ["2018-11-27T03:36:34+00:00", 1543289794],
    ["2018-11-27T03:36:34.000Z", 1543289794],
    ["2018-11-27 03:36:34+00:00", 1543289794],
    ["2018-11-27T05:36:34+02:00", 1543289794],
    ["2018-11-26T22:06:34-0530", 1543289794],
    [
      {
        __class__: "datetime",
        year: 2018,
        month: 11,
        day: 27,
        hour: 3,
        minute: 36,
        second: 34,
        microsecond: 7,
      },
      1543289794,
    ],
  ])("AttachTime %j", (AttachTime, expected) => {
    expect(one({ Attachment: { AttachTime, Status: "attached" } }).attachedAt).toBe(expected);
  });

  test.each([
    ["yesterday"],
    ["2018-11-27T03:36:34"],
    ["2018-02-30T03:36:34Z"],
    ["2018-11-27T24:36:34Z"],
    [1543289794],
    [{ __class__: "date", year: 2018, month: 1, day: 1 }],
    [{ __class__: "datetime", year: 2018 }],
    [{ __class__: "datetime", year: 2018, month: 13, day: 1 }],
  ])("AttachTime %j stops the load", (AttachTime) => {
    expect(refused({ Attachment: { AttachTime } })).toMatch(
      /^rules-time a\.json:1:\d+: NetworkInterfaces\.0\.Attachment\.AttachTime: .* is not a time/,
    );
  });

  test("timers", () => {
    const given = { TcpEstablishedTimeout: 350, UdpStreamTimeout: 60 };
    expect(one({ ConnectionTrackingConfiguration: given }).timers).toEqual({
      tcpEstablished: 350,
      udpStream: 60,
    });
    expect(one({ ConnectionTrackingConfiguration: {} })).not.toHaveProperty("timers");
    expect(refused({ ConnectionTrackingConfiguration: { UdpTimeout: 0 } })).toContain(
      "NetworkInterfaces.0.ConnectionTrackingConfiguration.UdpTimeout: 0 is not a number of seconds",
    );
  });

  test.each<[object, string]>([
    [{ Groups: undefined }, "Groups: the key is missing"],
    [{ Groups: null }, "Groups: expected an array, found null"],
    [{ Groups: [{}] }, "Groups.0.GroupId: the key is missing"],
    [{ PrivateIpAddress: "10.0.0.05" }, 'PrivateIpAddress: "10.0.0.05" is not an IPv4 address'],
    [{ PrivateIpAddress: "::1" }, 'PrivateIpAddress: "::1" is not an IPv4 address'],
    [{ Ipv6Addresses: [{ Ipv6Address: "10.0.0.1" }] }, "Ipv6Addresses.0.Ipv6Address: "],
    [{ Ipv4Prefixes: [{ Ipv4Prefix: "10.0.0.1/28" }] }, "Ipv4Prefixes.0.Ipv4Prefix: "],
    [{ Attachment: [] }, "Attachment: expected an object, found an array of 0"],
  ])("%j stops the load", (rest, expected) => {
    expect(refused(rest)).toContain(`NetworkInterfaces.0.${expected}`);
  });

  test("twice the same is one; a difference names both places and the fields", () => {
    const a = json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-b", "sg-a"])] }, "1.json");
    const b = json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a", "sg-b"])] }, "2.json");
    expect(load([a, b]).ruleSet.interfaces.size).toBe(1);
    const c = json(
      {
        NetworkInterfaces: [networkInterface("eni-1", ["sg-a"], { PrivateIpAddress: "10.0.0.9" })],
      },
      "3.json",
    );
    expect(failure([a, c])).toContain(
      "interface-differs 3.json:1:23: NetworkInterfaces.0: the interface eni-1 also stands at 1.json:1:23 " +
        "and differs in groupIds, addresses",
    );
  });
});

describe("VPCs, subnets and peerings", () => {
  test("blocks of a VPC: primary first, without those that are gone", () => {
    const { ruleSet } = load([
      json({
        Vpcs: [
          {
            VpcId: "vpc-1",
            CidrBlock: "10.1.0.0/16",
            CidrBlockAssociationSet: [
              { CidrBlock: "100.64.0.0/16", CidrBlockState: { State: "associated" } },
              { CidrBlock: "10.1.0.0/16", CidrBlockState: { State: "associated" } },
              { CidrBlock: "10.9.0.0/16", CidrBlockState: { State: "disassociated" } },
            ],
            Ipv6CidrBlockAssociationSet: [
              { Ipv6CidrBlock: "2001:db8::/56", Ipv6CidrBlockState: { State: "associated" } },
              { Ipv6CidrBlock: "2001:db9::/56", Ipv6CidrBlockState: { State: "failed" } },
            ],
          },
        ],
      }),
    ]);
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs.map(formatCidr)).toEqual([
      "10.1.0.0/16",
      "100.64.0.0/16",
      "2001:db8::/56",
    ]);
  });

  test("an IPv6-only subnet", () => {
    const { ruleSet } = load([
      json({
        Subnets: [
          {
            SubnetId: "subnet-1",
            VpcId: "vpc-1",
            CidrBlock: "",
            Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/64" }],
          },
        ],
      }),
    ]);
    expect(ruleSet.subnets.get("subnet-1")).toMatchObject({ vpcId: "vpc-1" });
    expect(ruleSet.subnets.get("subnet-1")?.cidrs.map(formatCidr)).toEqual(["2001:db8::/64"]);
  });

  test("a peering carries the blocks of both sides", () => {
    const { ruleSet } = load([
      json({
        VpcPeeringConnections: [
          {
            VpcPeeringConnectionId: "pcx-1",
            Status: { Code: "active", Message: "Active" },
            RequesterVpcInfo: { VpcId: "vpc-1", CidrBlock: "10.1.0.0/16" },
            AccepterVpcInfo: {
              VpcId: "vpc-2",
              CidrBlock: "10.2.0.0/16",
              CidrBlockSet: [{ CidrBlock: "10.2.0.0/16" }, { CidrBlock: "10.3.0.0/16" }],
              Ipv6CidrBlockSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
            },
          },
        ],
      }),
    ]);
    expect(ruleSet.peerings).toMatchObject([
      { id: "pcx-1", status: "active", vpcIds: ["vpc-1", "vpc-2"] },
    ]);
    expect(ruleSet.peerings[0]?.cidrs.map(formatCidr)).toEqual([
      "10.1.0.0/16",
      "10.2.0.0/16",
      "10.3.0.0/16",
      "2001:db8::/56",
    ]);
  });

  test.each<[string, object, object]>([
    [
      "vpc",
      { Vpcs: [{ VpcId: "v", CidrBlock: "10.0.0.0/16" }] },
      { Vpcs: [{ VpcId: "v", CidrBlock: "10.1.0.0/16" }] },
    ],
    [
      "subnet",
      { Subnets: [{ SubnetId: "s", VpcId: "v", CidrBlock: "10.0.0.0/24" }] },
      { Subnets: [{ SubnetId: "s", VpcId: "w", CidrBlock: "10.0.0.0/24" }] },
    ],
    [
      "peering",
      { VpcPeeringConnections: [{ VpcPeeringConnectionId: "p", Status: { Code: "active" } }] },
      { VpcPeeringConnections: [{ VpcPeeringConnectionId: "p", Status: { Code: "deleted" } }] },
    ],
  ])("the same %s twice with different content stops the load", (noun, a, b) => {
    expect(load([json(a, "1.json"), json(a, "2.json")]).warnings).toEqual([]);
    expect(failure([json(a, "1.json"), json(b, "2.json")])).toMatch(
      new RegExp(
        `^${noun}-differs 2\\.json:1:\\d+: .* also stands at 1\\.json:1:\\d+ and differs in `,
      ),
    );
  });
});
