import { describe, expect, test } from "vitest";
import type { FlowError } from "../../src/errors.js";
import { formatAddress, formatCidr } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import {
  inheritRuleSet,
  type LoadedCandidate,
  loadCandidate,
  type RuleDocument,
  type RuleOptions,
} from "../../src/rules/index.js";
import {
  group,
  groupRule,
  groups,
  json,
  load,
  networkInterface,
  permission,
  warningCodes,
} from "./documents.js";

const LIST = permission({ PrefixListIds: [{ PrefixListId: "pl-1" }] });
const FROM_B = permission({ UserIdGroupPairs: [{ GroupId: "sg-b", UserId: "111111111111" }] });
const OFFICE = permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] });

const BASE: RuleSet = load(
  [
    groups([group("sg-a", [FROM_B, LIST]), group("sg-b", [OFFICE])]),
    json(
      {
        SecurityGroupRules: [
          groupRule("sgr-b", "sg-a", {
            ReferencedGroupInfo: { GroupId: "sg-b", UserId: "111111111111" },
          }),
          groupRule("sgr-pl", "sg-a", { PrefixListId: "pl-1" }),
        ],
      },
      "rules.json",
    ),
    json(
      {
        NetworkInterfaces: [
          networkInterface("eni-1", ["sg-a"]),
          networkInterface("eni-2", ["sg-b"], { PrivateIpAddress: "10.0.0.6" }),
        ],
      },
      "interfaces.json",
    ),
    json({ PrefixListId: "pl-1", Entries: [{ Cidr: "192.0.2.0/24" }] }, "entries.json"),
    json({ Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" }] }, "vpcs.json"),
    json(
      { Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" }] },
      "subnets.json",
    ),
    json(
      { VpcPeeringConnections: [{ VpcPeeringConnectionId: "pcx-1", Status: { Code: "active" } }] },
      "peerings.json",
    ),
    json(
      {
        NetworkAcls: [
          {
            NetworkAclId: "acl-1",
            VpcId: "vpc-1",
            IsDefault: true,
            Associations: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
            Entries: [],
          },
        ],
      },
      "acls.json",
    ),
  ],
  { attach: ["sg-b"], snapshotComplete: true },
).ruleSet;

function candidate(
  documents: RuleDocument[],
  options: RuleOptions = {},
  base = BASE,
): LoadedCandidate {
  return loadCandidate(base, documents, options);
}

function stopped(...documents: RuleDocument[]): string {
  try {
    candidate(documents);
  } catch (error) {
    return `${(error as FlowError).code} ${(error as FlowError).message}`;
  }
  return "loaded";
}

function told({ report }: LoadedCandidate): string[] {
  return report.entries.map(({ kind, id, action, at }) => `${action} ${kind} ${id} ${at.file}`);
}

function idsOf(ruleSet: RuleSet, id: string): string[] {
  return ruleSet.groups.get(id)!.rules.map((rule) => rule.id);
}

describe("what a candidate inherits", () => {
  test("everything, where it contains nothing", () => {
    const loaded = candidate([]);
    expect(loaded.ruleSet).toEqual(BASE);
    expect(loaded.report).toEqual({
      entries: [],
      inherited: {
        group: 2,
        "prefix list": 1,
        interface: 2,
        vpc: 1,
        subnet: 1,
        peering: 1,
        acl: 1,
      },
      findings: [],
    });
  });

  test("one group is replaced whole; rules that both have keep their ids", () => {
    const loaded = candidate([groups([group("sg-a", [LIST, OFFICE])], "new.json")]);
    expect(idsOf(loaded.ruleSet, "sg-a")).toEqual(["sgr-pl", "sg-a/ingress/tcp/443/10.0.0.0/8"]);
    expect(loaded.ruleSet.groups.get("sg-b")).toBe(BASE.groups.get("sg-b"));
    expect(told(loaded)).toEqual(["replaced group sg-a new.json"]);
    expect(loaded.report.inherited.group).toBe(1);
    expect(loaded.ruleSet.attach).toEqual(["sg-b"]);
    expect(loaded.ruleSet.snapshotComplete).toBe(true);
  });

  test("added groups stand in the order of ids; the same again is told as such", () => {
    const loaded = candidate([
      groups([group("sg-b", [OFFICE]), group("sg-aa", [FROM_B])], "new.json"),
    ]);
    expect([...loaded.ruleSet.groups.keys()]).toEqual(["sg-a", "sg-aa", "sg-b"]);
    expect(told(loaded)).toEqual(["added group sg-aa new.json", "same group sg-b new.json"]);
  });

  test("a group by hand takes name, VPC and owner from the baseline", () => {
    const bare = { GroupId: "sg-a", IpPermissions: [FROM_B], IpPermissionsEgress: [] };
    const loaded = candidate([json(bare, "new.json")]);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.ruleSet.groups.get("sg-a")).toMatchObject({
      name: "name of sg-a",
      vpcId: "vpc-1",
      accountId: "111111111111",
      rules: [{ id: "sgr-b", peer: { kind: "group", id: "sg-b" } }],
    });
    const classic = candidate([json({ ...bare, GroupId: "sg-new" }, "new.json")]);
    expect(warningCodes(classic)).toEqual(["group-classic"]);
  });

  test("rules alone replace their group; ids are then those of the candidate", () => {
    const rules = [groupRule("sgr-new", "sg-a", { PrefixListId: "pl-1" })];
    const loaded = candidate([json({ SecurityGroupRules: rules }, "new.json")]);
    expect(idsOf(loaded.ruleSet, "sg-a")).toEqual(["sgr-new"]);
    expect(loaded.ruleSet.groups.get("sg-a")).toMatchObject({ vpcId: "vpc-1" });
    const other = [groupRule("sgr-new", "sg-new", { PrefixListId: "pl-1" })];
    const attached = networkInterface("eni-3", ["sg-new"], { VpcId: "vpc-3" });
    const added = candidate([json({ SecurityGroupRules: other, NetworkInterfaces: [attached] })]);
    expect(added.ruleSet.groups.get("sg-new")).toMatchObject({ vpcId: "vpc-3" });
  });

  test("prefix lists one by one; a list without entries keeps those of the baseline", () => {
    const named = { PrefixListId: "pl-1", PrefixListName: "office" };
    const loaded = candidate([
      json({ PrefixLists: [named, { PrefixListId: "pl-2" }] }, "lists.json"),
      json({ Entries: [{ Cidr: "198.51.100.0/24" }] }, "pl-2-entries.json"),
    ]);
    const { prefixLists } = loaded.ruleSet;
    expect(prefixLists.get("pl-1")).toMatchObject({ name: "office" });
    expect(prefixLists.get("pl-1")?.cidrs?.map(formatCidr)).toEqual(["192.0.2.0/24"]);
    expect(prefixLists.get("pl-2")?.cidrs?.map(formatCidr)).toEqual(["198.51.100.0/24"]);
    expect(told(loaded)).toEqual([
      "replaced prefix list pl-1 lists.json",
      "added prefix list pl-2 lists.json",
    ]);
  });

  test("entries whose list only the baseline mentions find it by the file name", () => {
    const loaded = candidate([json({ Entries: [] }, "pl-1-entries.json")]);
    expect(loaded.ruleSet.prefixLists.get("pl-1")?.cidrs).toEqual([]);
    expect(loaded.ruleSet.prefixLists.size).toBe(1);
  });

  test("interfaces one by one", () => {
    const loaded = candidate([
      json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a", "sg-b"])] }, "new.json"),
    ]);
    expect(loaded.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-a", "sg-b"]);
    expect(loaded.ruleSet.interfaces.get("eni-2")?.groupIds).toEqual(["sg-b"]);
    expect(told(loaded)).toEqual(["replaced interface eni-1 new.json"]);
  });

  test("VPCs, subnets and peerings too", () => {
    const loaded = candidate([
      json(
        {
          Vpcs: [{ VpcId: "vpc-2", CidrBlock: "10.2.0.0/16" }],
          Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" }],
          VpcPeeringConnections: [{ VpcPeeringConnectionId: "pcx-1", Status: { Code: "gone" } }],
        },
        "new.json",
      ),
    ]);
    expect(told(loaded)).toEqual([
      "added vpc vpc-2 new.json",
      "same subnet subnet-1 new.json",
      "replaced peering pcx-1 new.json",
    ]);
    expect([...loaded.ruleSet.vpcs.keys()]).toEqual(["vpc-1", "vpc-2"]);
    expect(loaded.ruleSet.peerings).toMatchObject([{ id: "pcx-1", status: "gone" }]);
  });

  test("a subnet leaves the ACL it had for the one that the candidate gives it", () => {
    const acl = { NetworkAclId: "acl-2", Entries: [], Associations: [{ SubnetId: "subnet-2" }] };
    const loaded = candidate([json({ NetworkAcls: [acl] }, "new.json")]);
    expect([...loaded.ruleSet.acls.values()].map(({ subnetIds }) => subnetIds)).toEqual([
      ["subnet-1"],
      ["subnet-2"],
    ]);
    expect(told(loaded)).toEqual(["replaced acl acl-1 acls.json", "added acl acl-2 new.json"]);
    const second = { ...acl, Associations: [], IsDefault: true, VpcId: "vpc-1" };
    expect(stopped(json({ NetworkAcls: [second] }, "new.json"))).toContain("acl-default-twice");
  });

  test("options: groups of an interface change, its addresses stay unless given", () => {
    const options = { interfaces: ["eni-1=sg-b", "eni-2=sg-a@10.0.0.9"], attach: ["sg-a"] };
    const { ruleSet } = candidate([], { ...options, snapshotComplete: false });
    const [first, second] = [ruleSet.interfaces.get("eni-1")!, ruleSet.interfaces.get("eni-2")!];
    expect(first).toMatchObject({ groupIds: ["sg-b"], subnetId: "subnet-1" });
    expect(first.addresses.map(formatAddress)).toEqual(["10.0.0.5"]);
    expect(second.addresses.map(formatAddress)).toEqual(["10.0.0.9"]);
    expect(ruleSet).toMatchObject({ attach: ["sg-a"], snapshotComplete: false });
  });
});

describe("stale references", () => {
  const pair = { GroupId: "sg-gone" };
  const withGone = (rest = {}): RuleDocument =>
    groups([group("sg-a", [permission({ UserIdGroupPairs: [{ ...pair, ...rest }] })])]);
  const stale = (groupId: string): object => ({
    GroupId: groupId,
    StaleIpPermissions: [permission({ UserIdGroupPairs: [pair] })],
  });
  const lists = (...groupIds: string[]): RuleDocument =>
    json({ StaleSecurityGroupSet: groupIds.map(stale) }, "stale.json");
  const base = load([withGone(), lists("sg-a")]).ruleSet;
  const isStale = (documents: RuleDocument[], from = base): boolean | undefined =>
    candidate(documents, {}, from).ruleSet.groups.get("sg-a")?.rules[0]?.stale;

  test("stay stale unless the candidate says otherwise", () => {
    expect(isStale([])).toBe(true);
    expect(isStale([withGone()])).toBe(true);
    expect(isStale([withGone({ PeeringStatus: "active" })])).toBe(false);
    expect(isStale([withGone(), lists()])).toBe(false);
  });

  test("a candidate's list marks inherited groups too", () => {
    const live = load([withGone()]).ruleSet;
    expect(isStale([], live)).toBe(false);
    expect(isStale([lists("sg-a")], live)).toBe(true);
    const loaded = candidate([lists("sg-a", "sg-none")], {}, live);
    expect(warningCodes(loaded)).toEqual(["stale-unmatched"]);
    expect(told(loaded)).toEqual(["replaced group sg-a groups.json"]);
  });
});

describe("strictness", () => {
  test.each<[string, string]>([
    ["{", "json-truncated new.json:1:2"],
    ["{}", "rules-unrecognised new.json:1:1"],
    ['{"SecurityGroups": [{"GroupId": "sg-a"}]}', "rules-shape new.json:1:21"],
  ])("%s stops the load", (text, expected) => {
    expect(stopped({ name: "new.json", text })).toContain(expected);
  });

  test("two documents of one candidate must agree, whatever the baseline says", () => {
    const a = groups([group("sg-a", [OFFICE])], "1.json");
    const b = groups([group("sg-a", [LIST])], "2.json");
    expect(stopped(a, b)).toContain("group-differs 2.json");
  });
});

test("inheriting from an empty rule set changes nothing, and inheriting nothing is the baseline", () => {
  const empty = load([]).ruleSet;
  expect(inheritRuleSet(empty, BASE)).toEqual(BASE);
  expect(inheritRuleSet(BASE, empty)).toEqual(BASE);
});
