// Arbitrary rule sets of a small world, so that two of them have much in common.
import fc from "fast-check";
import type { RuleSet } from "../../src/model/rule-set.js";
import { loadRuleSet } from "../../src/rules/index.js";

const ACCOUNT = "111111111111";
const OTHER = "222222222222";
const GROUPS = ["sg-a", "sg-b", "sg-c", "sg-d"];
const LISTS = ["pl-1", "pl-2"];

function subset<T>(items: readonly T[], minLength = 0): fc.Arbitrary<T[]> {
  return fc.subarray([...items], { minLength });
}

const description = fc.option(
  fc.oneof(
    fc.constantFrom(
      "plain",
      'with "quotes"',
      "back\\slash",
      "$\u007bx} %{y}",
      "# no comment",
      "a\nb",
    ),
    fc.string({ unit: "grapheme", maxLength: 12 }),
  ),
  { nil: undefined },
);

const traffic = fc.oneof(
  fc.constantFrom(
    { IpProtocol: "-1" },
    { IpProtocol: "50" },
    { IpProtocol: "tcp", FromPort: 22, ToPort: 22 },
    { IpProtocol: "tcp", FromPort: 0, ToPort: 65_535 },
    { IpProtocol: "udp", FromPort: 53, ToPort: 1024 },
    { IpProtocol: "icmp", FromPort: 8, ToPort: 0 },
    { IpProtocol: "icmp", FromPort: 3, ToPort: -1 },
    { IpProtocol: "icmp", FromPort: -1, ToPort: -1 },
    { IpProtocol: "icmpv6" },
  ),
);

function peer(groups: readonly string[], stale: boolean): fc.Arbitrary<object> {
  const status = stale ? fc.constantFrom(undefined, "active", "deleted") : fc.constant(undefined);
  const described = <T extends object>(key: string, items: fc.Arbitrary<T>): fc.Arbitrary<object> =>
    fc
      .tuple(items, description)
      .map(([item, Description]) => ({ [key]: [{ ...item, Description }] }));
  return fc.oneof(
    described("IpRanges", fc.constantFrom({ CidrIp: "0.0.0.0/0" }, { CidrIp: "10.0.0.0/8" })),
    described("Ipv6Ranges", fc.constantFrom({ CidrIpv6: "::/0" }, { CidrIpv6: "2001:db8::/32" })),
    described("PrefixListIds", fc.constantFrom(...LISTS.map((PrefixListId) => ({ PrefixListId })))),
    described(
      "UserIdGroupPairs",
      fc.record({
        GroupId: fc.constantFrom(...groups),
        UserId: fc.constantFrom(ACCOUNT, OTHER),
        PeeringStatus: status,
      }),
    ),
  );
}

function permissions(groups: readonly string[], stale: boolean): fc.Arbitrary<object[]> {
  const one = fc.tuple(traffic, peer(groups, stale)).map(([a, b]) => ({ ...a, ...b }));
  return fc.array(one, { maxLength: 6 });
}

export interface WorldOptions {
  /** Ids of the groups that are described; rules refer to them and to no other. */
  readonly groups?: readonly string[];
  /** Whether references may say that their peering lives or is gone. */
  readonly stale?: boolean;
}

function group(GroupId: string, groups: readonly string[], stale: boolean): fc.Arbitrary<object> {
  return fc.record({
    GroupId: fc.constant(GroupId),
    GroupName: fc.constant(`name of ${GroupId}`),
    VpcId: fc.constant("vpc-1"),
    OwnerId: fc.constant(ACCOUNT),
    IpPermissions: permissions(groups, stale),
    IpPermissionsEgress: permissions(groups, stale),
  });
}

function networkInterface(id: string, groups: readonly string[]): fc.Arbitrary<object> {
  return subset(groups, 1).map((ids) => ({
    NetworkInterfaceId: id,
    VpcId: "vpc-1",
    SubnetId: "subnet-1",
    InterfaceType: "interface",
    Groups: ids.map((GroupId) => ({ GroupId })),
    PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.5" }, { PrivateIpAddress: "10.0.0.6" }],
    Ipv6Addresses: [{ Ipv6Address: "2001:db8::5" }],
    Ipv4Prefixes: [{ Ipv4Prefix: "10.0.1.0/28" }],
    Attachment: { AttachTime: "2024-01-02T03:04:05Z" },
    ConnectionTrackingConfiguration: { UdpTimeout: 40 },
  }));
}

function prefixList(PrefixListId: string): fc.Arbitrary<object> {
  const blocks = fc.oneof(
    subset(["10.0.0.0/8", "192.0.2.0/24", "198.51.100.7/32"]),
    subset(["2001:db8::/32", "::/0"]),
  );
  return blocks.map((Cidrs) => ({
    PrefixListId,
    PrefixListName: `name of ${PrefixListId}`,
    MaxEntries: 10,
    Cidrs,
  }));
}

/** One world: groups, interfaces and lists vary, their ids do not; the rest is fixed. */
export function ruleSets({
  groups = GROUPS,
  stale = false,
}: WorldOptions = {}): fc.Arbitrary<RuleSet> {
  return fc
    .record({
      SecurityGroups: fc.tuple(...groups.map((id) => group(id, groups, stale))),
      NetworkInterfaces: fc.tuple(
        ...["eni-1", "eni-2", "eni-3"].map((id) => networkInterface(id, groups)),
      ),
      PrefixLists: fc.tuple(...LISTS.map(prefixList)),
    })
    .map((world) => load({ ...world, ...FIXED }));
}

const FIXED = {
  Vpcs: [
    {
      VpcId: "vpc-1",
      CidrBlock: "10.0.0.0/16",
      CidrBlockAssociationSet: [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "100.64.0.0/16" }],
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
    },
  ],
  Subnets: [
    {
      SubnetId: "subnet-1",
      VpcId: "vpc-1",
      CidrBlock: "10.0.0.0/24",
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/64" }],
    },
    { SubnetId: "subnet-2", Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8:1::/64" }] },
  ],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: "pcx-1",
      Status: { Code: "active" },
      RequesterVpcInfo: { VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" },
      AccepterVpcInfo: { VpcId: "vpc-2", CidrBlock: "10.2.0.0/16" },
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: "acl-1",
      VpcId: "vpc-1",
      IsDefault: true,
      Associations: [{ SubnetId: "subnet-1" }],
      Entries: [
        ["6", { CidrBlock: "10.0.0.0/8", PortRange: { From: 22, To: 80 } }],
        ["58", { Ipv6CidrBlock: "::/0", IcmpTypeCode: { Type: 128, Code: 0 } }],
        ["58", { CidrBlock: "0.0.0.0/0" }],
        ["-1", { Ipv6CidrBlock: "::/0", RuleNumber: 32_768, RuleAction: "deny" }],
        ["-1", { CidrBlock: "0.0.0.0/0", RuleNumber: 32_767, RuleAction: "deny" }],
      ].map(([Protocol, rest], i) => ({
        RuleNumber: 100 + i,
        RuleAction: "allow",
        Egress: i % 2 === 0,
        Protocol,
        ...(rest as object),
      })),
    },
  ],
};

function load(documents: object): RuleSet {
  return loadRuleSet([{ name: "world.json", text: JSON.stringify(documents) }]).ruleSet;
}
