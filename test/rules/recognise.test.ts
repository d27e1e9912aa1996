import { describe, expect, test } from "vitest";
import type { LoadedRules, RuleDocument } from "../../src/rules/index.js";
import {
  failure,
  group,
  groupRule,
  json,
  load,
  networkInterface,
  ruleIds,
  warningCodes,
} from "./documents.js";

const GROUP = group("sg-a");
const INTERFACE = networkInterface("eni-1", ["sg-a"]);
const RULE = groupRule("sgr-1", "sg-b", { CidrIpv4: "0.0.0.0/0" });
const VPC = { VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" };
const SUBNET = { SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" };
const PEERING = { VpcPeeringConnectionId: "pcx-1", Status: { Code: "active" } };
const LIST = { PrefixListId: "pl-1", PrefixListName: "office" };
const ACL = { NetworkAclId: "acl-1", Associations: [], Entries: [] };
const STALE = { GroupId: "sg-a", StaleIpPermissions: [] };

function kindsOf(value: unknown, name = "a.json"): [string, number][] {
  return [...(load([json(value, name)]).documents[0]?.counts ?? [])];
}

describe("what a document holds", () => {
  test.each<[unknown, [string, number][]]>([
    [{ SecurityGroups: [GROUP] }, [["describe-security-groups", 1]]],
    [{ SecurityGroupRules: [RULE] }, [["describe-security-group-rules", 1]]],
    [{ NetworkInterfaces: [INTERFACE] }, [["describe-network-interfaces", 1]]],
    [{ PrefixLists: [LIST] }, [["describe-managed-prefix-lists", 1]]],
    [{ PrefixLists: [{ ...LIST, Cidrs: [] }] }, [["describe-prefix-lists", 1]]],
    [{ PrefixListId: "pl-1", Entries: [] }, [["get-managed-prefix-list-entries", 0]]],
    [{ Vpcs: [VPC] }, [["describe-vpcs", 1]]],
    [{ Subnets: [SUBNET] }, [["describe-subnets", 1]]],
    [{ VpcPeeringConnections: [PEERING] }, [["describe-vpc-peering-connections", 1]]],
    [{ StaleSecurityGroupSet: [STALE] }, [["describe-stale-security-groups", 1]]],
    [{ NetworkAcls: [ACL] }, [["describe-network-acls", 1]]],
    [[ACL], [["describe-network-acls", 1]]],
    [{ SecurityGroups: [] }, [["describe-security-groups", 0]]],
    [
      { SecurityGroups: [GROUP], Vpcs: [VPC], comment: "two in one" },
      [
        ["describe-security-groups", 1],
        ["describe-vpcs", 1],
      ],
    ],
    [
      { status_code: 200, data: { Vpcs: [VPC], ResponseMetadata: { RequestId: "x" } } },
      [["describe-vpcs", 1]],
    ],
    [[{ SecurityGroups: [GROUP] }, { SecurityGroups: [] }], [["describe-security-groups", 1]]],
    [[{ status_code: 200, data: { Vpcs: [VPC] } }], [["describe-vpcs", 1]]],
    [[GROUP, group("sg-b")], [["describe-security-groups", 2]]],
    [GROUP, [["describe-security-groups", 1]]],
    [[RULE], [["describe-security-group-rules", 1]]],
    [[INTERFACE], [["describe-network-interfaces", 1]]],
    [[VPC], [["describe-vpcs", 1]]],
    [[SUBNET], [["describe-subnets", 1]]],
    [[PEERING], [["describe-vpc-peering-connections", 1]]],
    [[LIST], [["describe-managed-prefix-lists", 1]]],
    [[STALE], [["describe-stale-security-groups", 1]]],
  ])("%j", (value, expected) => {
    expect(kindsOf(value)).toEqual(expected);
  });

  test("the name does not matter", () => {
    expect(kindsOf({ Vpcs: [VPC] }, "security-groups.txt")).toEqual([["describe-vpcs", 1]]);
  });

  test("concatenated pages, and one object a line", () => {
    const pages = [{ SecurityGroups: [GROUP] }, { SecurityGroups: [GROUP, group("sg-b")] }];
    const text = pages.map((page) => JSON.stringify(page, null, 2)).join("\n");
    expect([...load([{ name: "g.json", text }]).ruleSet.groups.keys()]).toEqual(["sg-a", "sg-b"]);
    const lines = [GROUP, group("sg-b")].map((item) => JSON.stringify(item)).join("\n");
    expect(load([{ name: "g.json", text: lines }]).ruleSet.groups.get("sg-b")?.at.line).toBe(2);
  });

  test("places of a wrapped answer", () => {
    const wrapped = { status_code: 200, data: { SecurityGroups: [{ ...GROUP, VpcId: 1 }] } };
    expect(failure([json([wrapped])])).toContain(
      "0.data.SecurityGroups.0.VpcId: expected string, found 1",
    );
  });

  test("when AWS answered", () => {
    const answer = (date: string): object => ({
      status_code: 200,
      data: { Vpcs: [], ResponseMetadata: { HTTPHeaders: { date } } },
    });
    const loaded = load([
      json(answer("Tue, 27 Jun 2017 15:40:54 GMT"), "a.json"),
      json(answer("Tue, 27 Jun 2017 15:40:00 GMT"), "b.json"),
      json(answer("some day"), "c.json"),
    ]);
    expect(loaded.takenAt).toBe(1498578000);
    expect(loaded.documents.map(({ takenAt }) => takenAt)).toEqual([
      1498578054,
      1498578000,
      undefined,
    ]);
  });

  test("the snapshot is not older than its latest attachment", () => {
    const attached = (id: string, AttachTime: string): object =>
      networkInterface(id, ["sg-a"], { Attachment: { AttachTime } });
    const items = [
      attached("eni-1", "2020-01-02T00:00:00Z"),
      attached("eni-2", "2020-01-01T00:00:00Z"),
    ];
    expect(load([json({ NetworkInterfaces: items })]).notBefore).toBe(1577923200);
  });
});

describe("cut answers", () => {
  test("NextToken is a loud warning", () => {
    const loaded = load([json({ SecurityGroups: [GROUP], NextToken: "abc" })]);
    expect(warningCodes(loaded)).toEqual(["document-cut"]);
    expect(loaded.documents[0]?.cut).toBe(true);
  });

  test("rules on a missing page are undecided", () => {
    const rule = {
      SecurityGroupRuleId: "sgr-1",
      GroupId: "sg-a",
      IsEgress: false,
      IpProtocol: "tcp",
      FromPort: 22,
      ToPort: 22,
      CidrIpv4: "10.0.0.0/8",
    };
    const first = json({ SecurityGroupRules: [rule], NextToken: "x" }, "1.json");
    const last = json(
      { SecurityGroupRules: [{ ...rule, SecurityGroupRuleId: "sgr-2", FromPort: 1, ToPort: 1 }] },
      "2.json",
    );
    const ids = ({ ruleSet }: LoadedRules): string[] | undefined =>
      ruleSet.groups.get("sg-a")?.rules.map(({ id }) => id);
    const cut = load([first]);
    expect(ids(cut)).toEqual([
      "sgr-1",
      "sg-a/ingress/all/all/undecided:sg-a.rules",
      "sg-a/egress/all/all/undecided:sg-a.rules",
    ]);
    expect(warningCodes(cut)).toEqual(["document-cut", "group-rules-cut"]);
    expect(ids(load([first, last]))).toEqual(["sgr-1", "sgr-2"]);
  });

  test("entries on a missing page are undecided", () => {
    const first = json({ Entries: [{ Cidr: "10.0.0.0/8" }], NextToken: "x" }, "pl-1.a.json");
    const cut = load([first]);
    expect(cut.ruleSet.prefixLists.get("pl-1")?.cidrs).toBeUndefined();
    expect(warningCodes(cut)).toEqual(["document-cut", "prefix-list-cut"]);
    const last = json({ Entries: [{ Cidr: "11.0.0.0/8" }] }, "pl-1.b.json");
    expect(load([first, last]).ruleSet.prefixLists.get("pl-1")?.cidrs).toHaveLength(2);
  });

  test("a default network ACL holds for no subnet whose own list may be missing", () => {
    const acl = {
      NetworkAclId: "acl-1",
      VpcId: "vpc-1",
      IsDefault: true,
      Entries: [],
      Associations: [],
    };
    const isDefault = ({ ruleSet }: LoadedRules): boolean | undefined =>
      ruleSet.acls.get("acl-1")?.isDefault;
    expect(isDefault(load([json({ NetworkAcls: [acl] })]))).toBe(true);
    const cut = load([json({ NetworkAcls: [acl], NextToken: "x" })]);
    expect(isDefault(cut)).toBe(false);
    expect(warningCodes(cut)).toEqual(["document-cut", "network-acls-cut"]);
  });

  test("a snapshot whose last page of interfaces is missing is not complete", () => {
    const first = json({ NetworkInterfaces: [], NextToken: "x" });
    const cut = load([first], { snapshotComplete: true });
    expect(cut.ruleSet.snapshotComplete).toBe(false);
    expect(warningCodes(cut)).toEqual(["document-cut", "snapshot-not-complete"]);
  });

  test.each([[null], [""]])("NextToken %j is none", (NextToken) => {
    expect(warningCodes(load([json({ SecurityGroups: [GROUP], NextToken })]))).toEqual([]);
  });

  test("a later page of the same document goes on", () => {
    const pages = [
      { SecurityGroups: [GROUP], NextToken: "abc" },
      { SecurityGroups: [group("sg-b")] },
    ];
    expect(warningCodes(load([json(pages)]))).toEqual([]);
  });
});

describe("what is no rule document", () => {
  const folder = (text: string, name: string): RuleDocument => ({ name, text, explicit: false });

  test.each<[string, string, string]>([
    ["rules-empty a.json: the file is empty", "a.json", " \n"],
    ["json-syntax notes.txt:1:1", "notes.txt", "groups of 2024"],
    ['rules-unrecognised a.json:1:1: "x" is not an answer', "a.json", '"x"'],
    ["rules-unrecognised a.json:1:1: an array of 0 is not an answer", "a.json", "[]"],
    ["rules-unrecognised a.json:1:1: an empty object is not an answer", "a.json", "{}"],
    ["an object with the keys name, b is not an answer", "a.json", '{"name": "x", "b": 1}'],
    ["rules-unrecognised a.json:1:14", "a.json", '{"Vpcs": []} 7'],
    [
      "rules-shape a.json:1:20: SecurityGroups: expected an array",
      "a.json",
      '{"SecurityGroups": {}}',
    ],
    ["rules-shape a.json:1:10: Vpcs.0: expected an object, found 7", "a.json", '{"Vpcs":[7]}'],
  ])("%s", (expected, name, text) => {
    expect(failure([{ name, text }])).toContain(expected);
  });

  test("an instance mentions groups and interfaces, but is no answer about them", () => {
    const instance = {
      InstanceId: "i-1",
      SecurityGroups: [{ GroupId: "sg-a" }],
      NetworkInterfaces: [],
    };
    expect(failure([json([instance])])).toContain("rules-unrecognised");
  });

  test("a network ACL has entries, but not of a prefix list", () => {
    expect(load([json([ACL])]).ruleSet).toMatchObject({ prefixLists: new Map() });
    expect(load([json([ACL])]).ruleSet.acls.size).toBe(1);
  });

  test("a collected account: interfaces stand in its instances", () => {
    const collection = {
      collector_version: "0.13.0",
      provider: "aws",
      instances: [{ InstanceId: "i-1", SecurityGroups: [], NetworkInterfaces: [INTERFACE] }, {}],
      internet_gateways: [{}],
      network_acls: [ACL],
      security_groups: [GROUP],
      subnets: [SUBNET],
      vpcs: [VPC],
    };
    expect(new Map(kindsOf(collection))).toEqual(
      new Map([
        ["describe-network-interfaces", 1],
        ["describe-network-acls", 1],
        ["describe-security-groups", 1],
        ["describe-subnets", 1],
        ["describe-vpcs", 1],
      ]),
    );
    expect(failure([json({ ...collection, instances: [{ NetworkInterfaces: [{}] }] })])).toContain(
      "instances.0.NetworkInterfaces.0.NetworkInterfaceId: the key is missing",
    );
    expect(failure([json({ ...collection, provider: "ibm" })])).toContain("rules-unrecognised");
  });

  test("mixed arrays are ambiguous", () => {
    expect(failure([json([GROUP, VPC])])).toContain(
      "1: the array began with items of describe-security-groups, this one is describe-vpcs",
    );
    expect(failure([json([GROUP, 7])])).toContain("this one is none");
    expect(failure([json([{ Vpcs: [] }, 7])])).toContain("rules-unrecognised");
  });

  test("an error answer always stops the load", () => {
    const error = { Code: "UnauthorizedOperation", Message: "You are not authorized" };
    const expected =
      "AWS answered with an error instead of data: UnauthorizedOperation: You are not authorized";
    expect(failure([json({ status_code: 400, data: { Error: error } })])).toContain(
      `data.Error: ${expected}`,
    );
    expect(failure([{ ...json({ Error: error }), explicit: false }])).toContain(expected);
  });

  test.each<[string, string, string, string]>([
    [
      "routes.json",
      '{"RouteTables": [], "NextToken": null}',
      "not-used",
      "not used here: RouteTables",
    ],
    [
      "ec2.json",
      '{"Reservations": [{"Instances": []}]}',
      "not-used",
      "not used here: Reservations",
    ],
    ["package.json", '{"name": "x"}', "skipped", "no rules"],
    ["list.json", "[]", "skipped", "no rules"],
    ["README.md", "# Rules", "skipped", "neither JSON nor YAML"],
    ["enis.tsv", "eni-1\tsg-a", "skipped", "neither JSON nor YAML"],
    ["keep", "", "skipped", "empty"],
  ])("in a folder %s is left aside", (name, text, status, note) => {
    const loaded = load([folder(text, name)]);
    expect(loaded.documents).toMatchObject([{ name, status, note }]);
    expect(warningCodes(loaded)).toEqual([`document-${status}`]);
  });

  test.each<[string, string, string]>([
    ["groups.json", '{"SecurityGroups": [', "json-truncated"],
    ["groups.txt", '{"SecurityGroups": [', "json-truncated"],
    ["empty.json", "", "rules-empty"],
    ["half.json", '{"Vpcs": []} {"name": "x"}', "rules-unrecognised"],
  ])("but %s may have been rules and stops the load", (name, text, code) => {
    expect(failure([folder(text, name)])).toContain(code);
  });

  test("an unused list beside a used one is noted", () => {
    const loaded = load([json({ Vpcs: [VPC], RouteTables: [] })]);
    expect(loaded.documents).toMatchObject([
      { status: "used", note: "not used here: RouteTables" },
    ]);
    expect(loaded.warnings).toEqual([]);
  });
});

test("no documents make an empty rule set", () => {
  const loaded = load([]);
  expect(ruleIds(loaded)).toEqual([]);
  expect(loaded.ruleSet).toMatchObject({ attach: [], snapshotComplete: false, peerings: [] });
});
