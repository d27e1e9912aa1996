import { describe, expect, test } from "vitest";
import type { FlowError } from "../../src/errors.js";
import { formatCidr } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type DatedRules, historyOf, type RuleDocument } from "../../src/rules/index.js";
import { group, groupRule, groups, json, load, networkInterface, permission } from "./documents.js";

function dated(from: number, ...documents: RuleDocument[]): DatedRules {
  return { name: `rules@${from}`, from, loaded: load(documents) };
}

const interfaces = (id: string): RuleDocument =>
  json({ NetworkInterfaces: [networkInterface(id, ["sg-a"])] }, "interfaces.json");
const network = (n: number): RuleDocument =>
  json(
    {
      Vpcs: [{ VpcId: `vpc-${n}`, CidrBlock: "10.0.0.0/16" }],
      Subnets: [{ SubnetId: `subnet-${n}`, VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" }],
      VpcPeeringConnections: [{ VpcPeeringConnectionId: `pcx-${n}`, Status: { Code: "active" } }],
      NetworkAcls: [{ NetworkAclId: `acl-${n}`, Associations: [], Entries: [] }],
    },
    "network.json",
  );

function idsOf({
  groups: described,
  interfaces: carriers,
  vpcs,
  subnets,
  peerings,
  acls,
}: RuleSet): string[] {
  return [
    ...described.keys(),
    ...carriers.keys(),
    ...vpcs.keys(),
    ...subnets.keys(),
    ...peerings.map(({ id }) => id),
    ...acls.keys(),
  ];
}

function entriesOf({ prefixLists }: RuleSet): string[] {
  return Array.from(
    prefixLists.values(),
    ({ id, name, cidrs }) => `${id} ${name ?? "-"} ${cidrs?.map(formatCidr).join() ?? "?"}`,
  );
}

describe("a history", () => {
  test("stands in order of time; a rule set that has every kind stands alone", () => {
    const first = dated(0, groups([group("sg-a"), group("sg-b")]), interfaces("eni-1"), network(1));
    const later = dated(100, groups([group("sg-a")]), interfaces("eni-2"), network(2));
    const periods = historyOf([later, first]);
    expect(periods.map(({ from }) => from)).toEqual([0, 100]);
    expect(periods[0]?.ruleSet).toBe(first.loaded.ruleSet);
    expect(idsOf(periods[1]!.ruleSet)).toEqual([
      "sg-a",
      "eni-2",
      "vpc-2",
      "subnet-2",
      "pcx-2",
      "acl-2",
    ]);
  });

  test("kinds that a rule set lacks are those of the one before, through several", () => {
    const periods = historyOf([
      dated(0, groups([group("sg-a")]), interfaces("eni-1"), network(1)),
      dated(1, interfaces("eni-2")),
      dated(
        2,
        json({ SecurityGroupRules: [groupRule("sgr-1", "sg-r", { PrefixListId: "pl-1" })] }),
      ),
      dated(3, json({ SecurityGroups: [], NetworkInterfaces: [] })),
    ]);
    const network1 = ["vpc-1", "subnet-1", "pcx-1", "acl-1"];
    expect(periods.map(({ ruleSet }) => idsOf(ruleSet))).toEqual([
      ["sg-a", "eni-1", ...network1],
      ["sg-a", "eni-2", ...network1],
      ["sg-r", "eni-2", ...network1],
      network1,
    ]);
  });

  test("options of one period hold for those after it", () => {
    const loaded = load([groups([group("sg-a")])], {
      attach: ["sg-a"],
      interfaces: ["eni-9=sg-a"],
      snapshotComplete: true,
    });
    const periods = historyOf([{ name: "x", from: 0, loaded }, dated(5, groups([]))]);
    expect(periods[1]?.ruleSet).toMatchObject({ attach: ["sg-a"], snapshotComplete: true });
    expect([...periods[1]!.ruleSet.interfaces.keys()]).toEqual(["eni-9"]);
  });

  test("prefix lists: descriptions and entries are two kinds", () => {
    const described = (name: string): RuleDocument =>
      json({ PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: name }] }, "lists.json");
    const entries = (id: string, Cidr: string): RuleDocument =>
      json({ PrefixListId: id, Entries: [{ Cidr }] }, `${id}.json`);
    const periods = historyOf([
      dated(0, described("old"), entries("pl-1", "10.0.0.0/8")),
      dated(1, described("new")),
      dated(2, entries("pl-1", "10.1.0.0/16"), entries("pl-2", "10.2.0.0/16")),
      dated(3, groups([group("sg-a", [permission({ PrefixListIds: [] })])])),
      dated(4, described("last"), entries("pl-3", "10.3.0.0/16")),
      dated(5, json({ PrefixLists: [{ PrefixListId: "pl-9", Cidrs: ["10.9.0.0/16"] }] })),
    ]);
    expect(periods.map(({ ruleSet }) => entriesOf(ruleSet))).toEqual([
      ["pl-1 old 10.0.0.0/8"],
      ["pl-1 new 10.0.0.0/8"],
      ["pl-1 new 10.1.0.0/16", "pl-2 - 10.2.0.0/16"],
      ["pl-1 new 10.1.0.0/16", "pl-2 - 10.2.0.0/16"],
      ["pl-1 last ?", "pl-3 - 10.3.0.0/16"],
      ["pl-9 - 10.9.0.0/16"],
    ]);
  });

  test.each<[string, DatedRules[], string]>([
    ["none", [], "history-empty a history has at least one rule set"],
    [
      "two without a time",
      [dated(0), dated(0)],
      "history-same-time rules@0: rules@0 and rules@0 begin at the same time, the beginning of time",
    ],
    [
      "two at one time",
      [dated(7), dated(0), dated(7)],
      "history-same-time rules@7: rules@7 and rules@7 begin at the same time",
    ],
  ])("%s is refused", (_, items, expected) => {
    let message = "";
    try {
      historyOf(items);
    } catch (error) {
      message = `${(error as FlowError).code} ${(error as FlowError).message}`;
    }
    expect(message).toBe(expected);
  });
});
