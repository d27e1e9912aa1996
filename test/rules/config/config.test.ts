import { describe, expect, it } from "vitest";
import type { FlowError } from "../../../src/errors.js";
import { formatAddress, formatCidr } from "../../../src/model/address.js";
import {
  type DatedRules,
  historyOf,
  loadHistory,
  loadRuleSet,
  type RuleDocument,
} from "../../../src/rules/index.js";
import { file, groupState, interfaceState, item } from "./items.js";

const GROUP = "SecurityGroup";
const ENI = "NetworkInterface";

function document(value: unknown, name = "config.json"): RuleDocument {
  return { name, text: JSON.stringify(value, undefined, 1) };
}

function history(
  documents: readonly RuleDocument[],
  when: { readonly from?: number; readonly until?: number } = {},
): readonly DatedRules[] {
  return loadHistory({ name: "config", from: 0, ...when }, documents, {});
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

function failure(...items: object[]): string {
  try {
    loadRuleSet([document(file(...items))]);
  } catch (error) {
    const { message, hint = "" } = error as FlowError;
    return `${message} | ${hint}`;
  }
  throw new Error("nothing was refused");
}

function ruleIds({ loaded }: DatedRules): string[] {
  return [...loaded.ruleSet.groups.values()].flatMap(({ rules }) => rules.map(({ id }) => id));
}

const T1 = "2024-12-14T10:00:00.643Z";
const T2 = "2024-12-14T11:00:00.000Z";
const T3 = "2024-12-14T12:00:00.000Z";

const FIRST = item({
  type: GROUP,
  id: "sg-a",
  at: T1,
  configuration: groupState("sg-a", [{ port: 443, from: "10.0.0.0/8" }]),
});
const SECOND = item({
  type: GROUP,
  id: "sg-a",
  at: T2,
  configuration: groupState("sg-a", [{ port: 22, from: "10.0.0.0/8" }]),
});
const CARRIER = item({
  type: ENI,
  id: "eni-1",
  at: T1,
  configuration: interfaceState("eni-1", ["sg-a"], "10.0.0.5"),
});

describe("items of AWS Config", () => {
  it("are groups and interfaces as describe- answers tell them", () => {
    const { ruleSet, warnings, documents } = loadRuleSet([document(file(FIRST, CARRIER))]);
    expect(warnings).toEqual([]);
    expect(ruleSet.groups.get("sg-a")).toMatchObject({
      name: "name of sg-a",
      vpcId: "vpc-1",
      accountId: "123456789012",
      rules: [{ id: "sg-a/ingress/tcp/443/10.0.0.0/8" }],
    });
    const carrier = ruleSet.interfaces.get("eni-1")!;
    expect(carrier).toMatchObject({
      groupIds: ["sg-a"],
      vpcId: "vpc-1",
      subnetId: "subnet-1",
      type: "interface",
      instanceId: "i-1",
      attachedAt: seconds("2024-01-01T00:00:00Z"),
    });
    expect(carrier.addresses.map(formatAddress)).toEqual(["10.0.0.5"]);
    expect([...documents[0]!.counts]).toEqual([
      ["AWS Config: AWS::EC2::SecurityGroup", 1],
      ["AWS Config: AWS::EC2::NetworkInterface", 1],
    ]);
  });

  it("are the latest where one rule set is asked for", () => {
    const { ruleSet } = loadRuleSet([document(file(SECOND, FIRST))]);
    expect(ruleSet.groups.get("sg-a")?.rules.map(({ id }) => id)).toEqual([
      "sg-a/ingress/tcp/22/10.0.0.0/8",
    ]);
  });

  it("are a history where times are followed, in whatever order and files they come", () => {
    const gone = item({ type: ENI, id: "eni-1", at: T3, status: "ResourceDeleted" });
    for (const documents of [
      [document(file(FIRST, SECOND, CARRIER, gone))],
      [document(file(gone, CARRIER), "b.json"), document(file(SECOND, FIRST), "a.json")],
    ]) {
      const dated = history(documents);
      expect(dated.map(({ from }) => from)).toEqual([
        Math.floor(seconds(T1)),
        seconds(T2),
        seconds(T3),
      ]);
      expect(dated.map(ruleIds)).toEqual([
        ["sg-a/ingress/tcp/443/10.0.0.0/8"],
        ["sg-a/ingress/tcp/22/10.0.0.0/8"],
        ["sg-a/ingress/tcp/22/10.0.0.0/8"],
      ]);
      const carriers = historyOf(dated).map(({ ruleSet }) => [...ruleSet.interfaces.keys()]);
      expect(carriers).toEqual([["eni-1"], ["eni-1"], []]);
    }
  });

  it("follow groups that come to an interface and leave it", () => {
    const moved = item({
      type: ENI,
      id: "eni-1",
      at: T2,
      configuration: interfaceState("eni-1", ["sg-b"], "10.0.0.5"),
    });
    const dated = history([document(file(CARRIER, moved))]);
    expect(dated.map(({ loaded }) => loaded.ruleSet.interfaces.get("eni-1")?.groupIds)).toEqual([
      ["sg-a"],
      ["sg-b"],
    ]);
  });

  it("begin where the rules' own time begins, and end where the next rules hold", () => {
    const third = item({
      type: GROUP,
      id: "sg-a",
      at: T3,
      configuration: groupState("sg-a", []),
    });
    const documents = [document(file(FIRST, SECOND, third, CARRIER))];
    const from = seconds(T2) + 60;
    expect(history(documents, { from }).map((each) => [each.from, ruleIds(each)])).toEqual([
      [from, ["sg-a/ingress/tcp/22/10.0.0.0/8"]],
      [seconds(T3), []],
    ]);
    expect(history(documents, { until: seconds(T3) }).map((each) => each.from)).toEqual([
      Math.floor(seconds(T1)),
      seconds(T2),
    ]);
    expect(history(documents, { until: 1000 }).map((each) => each.from)).toEqual([999]);
  });

  it("make no time of what changes nothing", () => {
    const again = { ...FIRST, configurationItemCaptureTime: T2, tags: { owner: "x" } };
    expect(history([document(file(FIRST, again))])).toHaveLength(1);
  });

  it("stand beside answers of the CLI, which hold all the time", () => {
    const list = document({ PrefixListId: "pl-1", Entries: [{ Cidr: "192.0.2.0/24" }] }, "pl.json");
    const dated = history([document(file(FIRST, SECOND)), list]);
    for (const { loaded } of dated)
      expect(loaded.ruleSet.prefixLists.get("pl-1")?.cidrs?.map(formatCidr)).toEqual([
        "192.0.2.0/24",
      ]);
    expect(dated).toHaveLength(2);
  });

  it("leave the entries of a prefix list open unless they tell them", () => {
    const prefixList = { PrefixListId: "pl-1", PrefixListName: "office", MaxEntries: 5 };
    const bare = item({ type: "PrefixList", id: "pl-1", at: T1, configuration: prefixList });
    const told = item({
      type: "PrefixList",
      id: "pl-1",
      at: T2,
      configuration: { ...prefixList, Entries: [{ Cidr: "192.0.2.0/24", Description: "x" }] },
    });
    const lists = history([document(file(bare, told))]).map(({ loaded }) =>
      loaded.ruleSet.prefixLists.get("pl-1"),
    );
    expect(lists[0]).toMatchObject({ name: "office", maxEntries: 5, cidrs: undefined });
    expect(lists[1]?.cidrs?.map(formatCidr)).toEqual(["192.0.2.0/24"]);
  });

  it("read networks and their lists too", () => {
    const { ruleSet } = loadRuleSet([
      document(
        file(
          item({
            type: "VPC",
            id: "vpc-1",
            at: T1,
            configuration: {
              cidrBlock: "10.0.0.0/16",
              vpcId: "vpc-1",
              cidrBlockAssociationSet: [
                { cidrBlock: "10.0.0.0/16", cidrBlockState: { state: "associated" } },
                { cidrBlock: "10.9.0.0/16", cidrBlockState: { state: "disassociated" } },
              ],
            },
          }),
          item({
            type: "Subnet",
            id: "subnet-1",
            at: T1,
            configuration: { subnetId: "subnet-1", vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" },
          }),
          item({
            type: "VPCPeeringConnection",
            id: "pcx-1",
            at: T1,
            configuration: {
              vpcPeeringConnectionId: "pcx-1",
              status: { code: "active", message: "Active" },
              accepterVpcInfo: { vpcId: "vpc-2", cidrBlock: "10.8.0.0/16" },
            },
          }),
          item({
            type: "NetworkAcl",
            id: "acl-1",
            at: T1,
            configuration: {
              networkAclId: "acl-1",
              vpcId: "vpc-1",
              isDefault: true,
              associations: [{ subnetId: "subnet-1", networkAclId: "acl-1" }],
              entries: [
                {
                  cidrBlock: "0.0.0.0/0",
                  egress: false,
                  protocol: "6",
                  portRange: { from: 1, to: 99 },
                  ruleAction: "allow",
                  ruleNumber: 100,
                },
              ],
            },
          }),
        ),
      ),
    ]);
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs.map(formatCidr)).toEqual(["10.0.0.0/16"]);
    expect(ruleSet.subnets.get("subnet-1")?.cidrs.map(formatCidr)).toEqual(["10.0.0.0/24"]);
    expect(ruleSet.peerings[0]).toMatchObject({ id: "pcx-1", status: "active", vpcIds: ["vpc-2"] });
    expect(ruleSet.acls.get("acl-1")?.entries[0]).toMatchObject({ number: 100, toPort: 99 });
  });

  it("read the texts that the API answers, and blocks as old items write them", () => {
    const old = {
      ...groupState("sg-a", []),
      ipPermissions: [
        {
          ipProtocol: "-1",
          ipRanges: ["10.0.0.0/8"],
          prefixListIds: ["pl-1"],
          userIdGroupPairs: [],
        },
      ],
    };
    const answer = {
      configurationItems: [
        {
          version: "1.3",
          accountId: "123456789012",
          configurationItemCaptureTime: 1734170400.643,
          configurationItemStatus: "ResourceDiscovered",
          configurationStateId: "1734170400643",
          resourceType: "AWS::EC2::SecurityGroup",
          resourceId: "sg-a",
          configuration: JSON.stringify(old),
          supplementaryConfiguration: {},
        },
        {
          configurationItemCaptureTime: "2024-12-14T10:00:00.643000+00:00",
          configurationItemStatus: "OK",
          configurationStateId: "1734170400643",
          resourceType: "AWS::EC2::NetworkInterface",
          resourceId: "eni-1",
          configuration: JSON.stringify(
            interfaceState("eni-1", ["sg-a"], "10.0.0.5", {
              attachment: { attachTime: 1704067200000, instanceId: "i-1" },
            }),
          ),
        },
      ],
      nextToken: "more",
    };
    const { ruleSet, warnings } = loadRuleSet([document(answer)]);
    expect(ruleSet.groups.get("sg-a")?.rules.map(({ id }) => id)).toEqual([
      "sg-a/ingress/all/all/10.0.0.0/8",
      "sg-a/ingress/all/all/pl-1",
    ]);
    expect(ruleSet.interfaces.get("eni-1")?.attachedAt).toBe(1704067200);
    expect(warnings.map(({ code }) => code)).toEqual(["document-cut"]);
  });

  it("lack what an answer names as not processed, and say so", () => {
    const answer = {
      baseConfigurationItems: [
        {
          configurationItemCaptureTime: "2024-01-01T00:00:00Z",
          configurationItemStatus: "ResourceDeleted",
          resourceType: "AWS::EC2::SecurityGroup",
          resourceId: "sg-1",
        },
      ],
      unprocessedResourceKeys: [{ resourceType: "AWS::EC2::SecurityGroup", resourceId: "sg-2" }],
    };
    const { warnings } = loadRuleSet([document(answer)]);
    expect(warnings.map(({ code }) => code)).toContain("document-cut");
    expect(warnings.find(({ code }) => code === "document-cut")?.message).toContain("names 1");
  });

  it("are known as single items, lists of them and notifications", () => {
    for (const value of [FIRST, [FIRST], { configurationItem: FIRST, messageType: "x" }])
      expect(loadRuleSet([document(value)]).ruleSet.groups.size).toBe(1);
  });

  it("take the later state of one second, and refuse two that contradict each other", () => {
    const changed = { ...SECOND, configurationItemCaptureTime: T1 };
    const states = [
      { ...changed, configurationStateId: 12 },
      { ...FIRST, configurationStateId: 11 },
    ];
    const { ruleSet } = loadRuleSet([document(file(...states))]);
    expect(ruleSet.groups.get("sg-a")?.rules[0]?.fromPort).toBe(22);
    expect(failure(FIRST, changed)).toMatch(
      /^config.json:\d+:\d+: AWS::EC2::SecurityGroup sg-a: .*differs \| leave one of them out$/,
    );
  });

  it("say that nobody knows what Config does not follow any more", () => {
    const lost = item({ type: GROUP, id: "sg-a", at: T2, status: "ResourceNotRecorded" });
    const dated = history([document(file(FIRST, lost))]);
    expect(dated.map(ruleIds)).toEqual([["sg-a/ingress/tcp/443/10.0.0.0/8"], []]);
    expect(dated[1]?.loaded.warnings.map(({ code }) => code)).toEqual(["config-not-recorded"]);
  });

  it("count what the rules do not need, and are told apart where there is nothing else", () => {
    const bucket = { ...FIRST, resourceType: "AWS::S3::Bucket", resourceId: "b" };
    const { documents } = loadRuleSet([document(file(bucket))]);
    expect(documents[0]).toMatchObject({
      status: "used",
      note: "AWS Config without items of groups; not used here: AWS::S3::Bucket",
    });
  });

  it.each<readonly [string, object]>([
    ["a configuration", { configuration: null }],
    ["one that is JSON", { configuration: "no JSON" }],
    ["a status that is known", { configurationItemStatus: "New" }],
    ["an id", { resourceId: "" }],
  ])("need not have %s where they are of what the rules do not need", (_, rest) => {
    const { documents, ruleSet } = loadRuleSet([
      document(file(FIRST, { ...FIRST, resourceType: "AWS::S3::Bucket", ...rest })),
    ]);
    expect([...ruleSet.groups.keys()]).toEqual(["sg-a"]);
    expect(documents[0]?.note).toBe("not used here: AWS::S3::Bucket");
  });

  it("are found in what SNS and EventBridge deliver", () => {
    const notice = { messageType: "ConfigurationItemChangeNotification", configurationItem: FIRST };
    for (const value of [
      { Type: "Notification", Message: JSON.stringify(notice) },
      { "detail-type": "Config Configuration Item Change", detail: notice },
    ])
      expect([...loadRuleSet([document(value)]).ruleSet.groups.keys()]).toEqual(["sg-a"]);
  });

  it("stop where something is wrong, with its place, what is allowed and what to do", () => {
    const broken = (configuration: unknown, rest = {}): string =>
      failure({ ...item({ type: GROUP, id: "sg-a", at: T1, configuration }), ...rest });
    const place = /^config\.json:\d+:\d+: /;
    const protocol = broken({ ...groupState("sg-a", []), ipPermissions: [{ ipProtocol: 6 }] });
    expect(protocol).toMatch(place);
    expect(protocol).toContain(
      "AWS::EC2::SecurityGroup sg-a: IpPermissions.0.IpProtocol: expected",
    );
    expect(broken(null)).toContain("ask Config for whole items");
    expect(broken("{")).toMatch(place);
    expect(broken(groupState("sg-a", [{ port: 1, from: "10.0.0.1/8" }]))).toContain("10.0.0.0/8");
    expect(broken({}, { configurationItemStatus: "Fine" })).toContain("known are OK, ");
    expect(broken({}, { configurationItemCaptureTime: "yesterday" })).toContain("is not a time");
    expect(broken({}, { resourceId: 7 })).toContain("resourceId: expected a text, found 7");
    expect(broken({}, { configurationStateId: 1.5 })).toContain("whole number");
  });

  it("names the line of the fault itself", () => {
    const text = document(
      file(
        item({
          type: ENI,
          id: "eni-1",
          at: T1,
          configuration: { networkInterfaceId: "eni-1", groups: 7 },
        }),
      ),
    ).text;
    const line = text.split("\n").findIndex((each) => each.includes('"groups": 7')) + 1;
    expect(() => loadRuleSet([{ name: "c.json", text }])).toThrow(`c.json:${line}:`);
  });

  it("are refused where there are more times than can be followed", () => {
    const many = Array.from({ length: 1003 }, (_, i) =>
      item({
        type: GROUP,
        id: "sg-a",
        at: new Date(1.7e12 + i * 60_000).toISOString(),
        configuration: groupState("sg-a", [{ port: i + 1, from: "10.0.0.0/8" }]),
      }),
    );
    const documents = [document(file(...many))];
    expect(() => history(documents)).toThrow("1002 times");
    expect(history(documents, { from: 1.7e9 + 900 * 60 })).toHaveLength(103);
  });
});
