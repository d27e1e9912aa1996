// One valid document with every kind of answer, spoiled in every place: it loads or stops with a FlowError that says
// where. Anything else that is thrown is our bug.
import { expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { fetchCommands, inspectRules, loadRuleSet } from "../../src/rules/index.js";
import { group, groupRule, networkInterface, permission } from "./documents.js";

const PEERS = permission({
  IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "office" }],
  Ipv6Ranges: [{ CidrIpv6: "::/0" }],
  PrefixListIds: [{ PrefixListId: "pl-1" }],
  UserIdGroupPairs: [{ GroupId: "sg-a", UserId: "222222222222", PeeringStatus: "active" }],
});

const SIDE = {
  VpcId: "vpc-2",
  CidrBlock: "10.2.0.0/16",
  CidrBlockSet: [{ CidrBlock: "10.2.0.0/16" }],
  Ipv6CidrBlockSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
};

const ALL = {
  status_code: 200,
  data: {
    SecurityGroups: [group("sg-a", [PEERS], [{ IpProtocol: "icmp", FromPort: 8, ToPort: 0 }])],
    SecurityGroupRules: [
      groupRule("sgr-1", "sg-b", { CidrIpv4: "10.0.0.0/8" }),
      groupRule("sgr-2", "sg-b", { ReferencedGroupInfo: { GroupId: "sg-a" } }),
    ],
    StaleSecurityGroupSet: [
      {
        GroupId: "sg-a",
        StaleIpPermissions: [permission({ UserIdGroupPairs: [{ GroupId: "sg-a" }] })],
      },
    ],
    NetworkInterfaces: [
      networkInterface("eni-1", ["sg-a"], {
        PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.5", Primary: true }],
        Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }],
        Ipv4Prefixes: [{ Ipv4Prefix: "10.0.1.0/28" }],
        Ipv6Prefixes: [{ Ipv6Prefix: "2001:db8::/80" }],
        Attachment: { AttachTime: { __class__: "datetime", year: 2020, month: 1, day: 1 } },
        ConnectionTrackingConfiguration: { UdpTimeout: 30 },
      }),
    ],
    PrefixLists: [{ PrefixListId: "pl-2", PrefixListName: "x", Cidrs: ["10.0.0.0/8"] }],
    PrefixListId: "pl-1",
    Entries: [{ Cidr: "192.0.2.0/24" }],
    Vpcs: [
      {
        VpcId: "vpc-1",
        CidrBlock: "10.0.0.0/16",
        CidrBlockAssociationSet: [
          { CidrBlock: "10.0.0.0/16", CidrBlockState: { State: "associated" } },
        ],
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
      },
    ],
    Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" }],
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: "pcx-1",
        Status: { Code: "active" },
        AccepterVpcInfo: SIDE,
        RequesterVpcInfo: SIDE,
      },
    ],
    NetworkAcls: [
      {
        NetworkAclId: "acl-1",
        VpcId: "vpc-1",
        IsDefault: true,
        Associations: [{ NetworkAclId: "acl-1", SubnetId: "subnet-1" }],
        Entries: [
          {
            RuleNumber: 100,
            Protocol: "6",
            RuleAction: "allow",
            Egress: false,
            CidrBlock: "10.0.0.0/8",
            PortRange: { From: 22, To: 22 },
          },
          {
            RuleNumber: 110,
            Protocol: "58",
            RuleAction: "deny",
            Egress: true,
            Ipv6CidrBlock: "::/0",
            IcmpTypeCode: { Type: 128, Code: 0 },
          },
        ],
      },
    ],
    NextToken: null,
    ResponseMetadata: { HTTPHeaders: { date: "Tue, 27 Jun 2017 15:40:54 GMT" } },
  },
};

const POISON: unknown[] = [
  null,
  true,
  -1,
  1e300,
  0.5,
  "",
  "x",
  "__proto__",
  "\u0000",
  "9".repeat(400),
  "1.2.3.4/5",
  [],
  {},
  [null],
  [[]],
  [{}],
  ["x"],
  { __proto__: null, constructor: 1 },
  { Code: "x" },
];

type Node = Record<string | number, unknown>;

/** Every place of the value, as a setter on a fresh copy. */
function* places(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield [...path, key];
    yield* places((value as Node)[key], [...path, key]);
  }
}

function outcome(text: string): string {
  try {
    const loaded = loadRuleSet([{ name: "a.json", text }]);
    inspectRules(loaded);
    fetchCommands(loaded);
    return "loaded";
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return `${error.code} ${error.at}`;
  }
}

test("the document is valid", () => {
  expect(outcome(JSON.stringify(ALL))).toBe("loaded");
});

test("every value replaced by every poison, and every key left out", () => {
  let stopped = 0;
  for (const path of places(ALL)) {
    for (const poison of [...POISON, undefined]) {
      const copy = structuredClone(ALL) as unknown as Node;
      let parent = copy;
      for (const step of path.slice(0, -1)) parent = parent[step] as Node;
      parent[path.at(-1)!] = poison;
      const result = outcome(JSON.stringify(copy));
      if (result === "loaded") continue;
      stopped++;
      expect(result, `${path.join(".")} = ${JSON.stringify(poison)}`).toMatch(
        /^[a-z0-9-]+ a\.json(:1:\d+)?$/,
      );
    }
  }
  expect(stopped).toBeGreaterThan(1000);
});

test("every cut of the text stops", () => {
  const text = JSON.stringify(ALL);
  for (let length = 0; length < text.length; length++)
    expect(outcome(text.slice(0, length))).toMatch(/^(json-truncated|json-syntax|rules-empty) /);
});

test("every character replaced", () => {
  const text = JSON.stringify(ALL);
  for (let at = 0; at < text.length; at++)
    for (const character of ['"', "{", "]", ",", "\\", "0", "\u0000"])
      expect(outcome(text.slice(0, at) + character + text.slice(at + 1))).toMatch(
        /^(loaded|[a-z0-9-]+ a\.json)/,
      );
});

test("a hundred thousand peers, addresses and stale references in one object do not overflow anything", () => {
  const many = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: 100_000 }, (_, i) => make(i));
  const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const pairs = many((i) => ({ GroupId: `sg-${i}` }));
  const document = {
    SecurityGroups: [group("sg-x", [permission({ UserIdGroupPairs: pairs })])],
    StaleSecurityGroupSet: [
      { GroupId: "sg-x", StaleIpPermissions: [permission({ UserIdGroupPairs: pairs })] },
    ],
    NetworkInterfaces: [
      networkInterface("eni-1", ["sg-x"], {
        PrivateIpAddresses: many((i) => ({ PrivateIpAddress: address(i) })),
      }),
    ],
    Vpcs: [
      { VpcId: "vpc-1", CidrBlockAssociationSet: many((i) => ({ CidrBlock: `${address(i)}/32` })) },
    ],
  };
  const { ruleSet } = loadRuleSet([{ name: "a.json", text: JSON.stringify(document) }]);
  expect(ruleSet.groups.get("sg-x")?.rules.every(({ stale }) => stale)).toBe(true);
  expect(ruleSet.interfaces.get("eni-1")?.addresses).toHaveLength(100_000);
  expect(ruleSet.vpcs.get("vpc-1")?.cidrs).toHaveLength(100_000);
});

test("many warnings with places stay cheap", () => {
  const items = Array.from({ length: 10_000 }, (_, i) =>
    group(`sg-${i}`, [], [], { VpcId: undefined }),
  );
  const { warnings } = loadRuleSet([
    { name: "a.json", text: JSON.stringify({ SecurityGroups: items }, null, 1) },
  ]);
  expect(warnings).toHaveLength(10_000);
  expect(warnings.at(-1)?.at).toBe(`a.json:${3 + 7 * 9_999}:3`);
});
