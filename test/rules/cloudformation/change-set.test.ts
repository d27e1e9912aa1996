import { describe, expect, it } from "vitest";
import type { FlowError } from "../../../src/errors.js";
import type { RuleSet } from "../../../src/model/rule-set.js";
import { type LoadedCandidate, loadCandidate, loadRuleSet } from "../../../src/rules/index.js";
import { group, json, networkInterface, permission } from "../documents.js";

const UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}";

interface Change {
  readonly type: string;
  readonly action: string;
  readonly id?: string;
  readonly physical?: string;
  readonly replacement?: string;
  readonly before?: object;
  readonly after?: object;
  readonly more?: object;
}

function changeSet(...changes: readonly Change[]): object {
  return {
    ChangeSetName: "next",
    ChangeSetId: "arn:aws:cloudformation:eu-west-1:111111111111:changeSet/next/1",
    StackName: "net",
    Status: "CREATE_COMPLETE",
    Changes: changes.map(
      ({ type, action, id = "It", physical, replacement, before, after, more }) => ({
        Type: "Resource",
        ResourceChange: {
          Action: action,
          LogicalResourceId: id,
          ...(physical === undefined ? {} : { PhysicalResourceId: physical }),
          ResourceType: type,
          ...(replacement === undefined ? {} : { Replacement: replacement }),
          Scope: [],
          Details: [],
          ...(before === undefined
            ? {}
            : { BeforeContext: JSON.stringify({ Properties: before }) }),
          ...(after === undefined ? {} : { AfterContext: JSON.stringify({ Properties: after }) }),
          ...more,
        },
      }),
    ),
  };
}

const BASE: RuleSet = loadRuleSet([
  json({
    SecurityGroups: [
      group(
        "sg-1",
        [
          permission({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] }),
          permission({ FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "192.0.2.1/32" }] }),
        ],
        [
          {
            IpProtocol: "-1",
            IpRanges: [{ CidrIp: "0.0.0.0/0" }],
            Ipv6Ranges: [{ CidrIpv6: "::/0" }],
          },
        ],
      ),
    ],
    PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "office", Cidrs: ["192.0.2.0/24"] }],
    NetworkInterfaces: [
      networkInterface("eni-1", ["sg-1"], { Attachment: { InstanceId: "i-1" } }),
      networkInterface("eni-2", ["sg-1"], {
        PrivateIpAddress: "10.0.0.6",
        Description: "ELB app/front/50dc6c495c0c9188",
      }),
    ],
  }),
]).ruleSet;

function over(...changes: readonly Change[]): LoadedCandidate {
  return loadCandidate(BASE, [json(changeSet(...changes), "changes.json")]);
}

function rules({ ruleSet }: LoadedCandidate, id: string): readonly string[] {
  return (ruleSet.groups.get(id)?.rules ?? []).map((rule) => rule.id.slice(id.length + 1));
}

function codes({ report }: LoadedCandidate): readonly string[] {
  return report.findings.map(({ code }) => code);
}

const GROUP = "AWS::EC2::SecurityGroup";
const WEB = { IpProtocol: "tcp", FromPort: "443", ToPort: "443", CidrIp: "0.0.0.0/0" };
const NEXT = { IpProtocol: "tcp", FromPort: "8443", ToPort: "8443", CidrIp: "0.0.0.0/0" };

describe("a change set as a candidate", () => {
  it("changes what it names, and leaves what was made by hand", () => {
    const after = over({
      type: GROUP,
      action: "Modify",
      physical: "sg-1",
      replacement: "False",
      before: { SecurityGroupIngress: [WEB] },
      after: { SecurityGroupIngress: [NEXT] },
    });
    expect(rules(after, "sg-1")).toEqual([
      "ingress/tcp/22/192.0.2.1/32",
      "egress/all/all/0.0.0.0/0",
      "egress/all/all/::/0",
      "ingress/tcp/8443/0.0.0.0/0",
    ]);
    expect(codes(after)).toEqual(["replace-gap"]);
    expect(after.report.findings[0]).toMatchObject({ subject: "It", at: { file: "changes.json" } });
  });

  it("says that nobody knows whether AWS's open egress stays beside the first that is written", () => {
    const after = over({
      type: GROUP,
      action: "Modify",
      physical: "sg-1",
      before: {},
      after: { SecurityGroupEgress: [NEXT] },
    });
    expect(rules(after, "sg-1").slice(2)).toEqual([
      "egress/tcp/8443/0.0.0.0/0",
      "egress/all/all/undecided:It.SecurityGroupEgress",
    ]);
  });

  it("makes groups, with AWS's open egress where none is written, and replaces them", () => {
    const made = over({
      type: GROUP,
      action: "Add",
      id: "New",
      after: { SecurityGroupIngress: [WEB] },
    });
    expect(rules(made, "New")).toEqual([
      "ingress/tcp/443/0.0.0.0/0",
      "egress/all/all/0.0.0.0/0",
      "egress/all/all/::/0",
    ]);
    const replaced = over({
      type: GROUP,
      action: "Modify",
      physical: "sg-1",
      replacement: "True",
      before: {},
      after: { SecurityGroupIngress: [WEB] },
    });
    expect([...replaced.ruleSet.groups.keys()]).toEqual(["It"]);
    expect(codes(replaced)).toEqual(["replace-successor", "deleted-group-carried"]);
  });

  it("takes rules of their own, and does not decide what is known only afterwards", () => {
    const after = over(
      { type: GROUP, action: "Add", id: "New", after: {} },
      {
        type: "AWS::EC2::SecurityGroupIngress",
        action: "Add",
        id: "A",
        after: { ...NEXT, GroupId: "sg-1", CidrIp: undefined, SourceSecurityGroupId: UNKNOWN },
      },
      {
        type: "AWS::EC2::SecurityGroupIngress",
        action: "Modify",
        id: "B",
        replacement: "True",
        before: { ...WEB, GroupId: "sg-1" },
        after: { ...WEB, GroupId: "sg-1" },
      },
      {
        type: "AWS::EC2::SecurityGroupIngress",
        action: "Add",
        id: "C",
        after: { ...NEXT, GroupId: UNKNOWN },
      },
    );
    expect(rules(after, "sg-1")).toContain(
      "ingress/tcp/8443/undecided:A.Properties.SourceSecurityGroupId",
    );
    expect(rules(after, "sg-1")).toContain("ingress/tcp/443/0.0.0.0/0");
    expect(rules(after, "New")).toContain("ingress/tcp/8443/undecided:C.Properties");
    expect([...codes(after)].sort()).toEqual([
      "known-after-apply",
      "known-after-apply",
      "replace-clash",
      "rule-without-group",
    ]);
  });

  it("changes groups of instances, interfaces and balancers, and entries of lists", () => {
    const after = over(
      {
        type: "AWS::EC2::Instance",
        action: "Modify",
        physical: "i-1",
        before: { SecurityGroupIds: ["sg-1"] },
        after: { SecurityGroupIds: ["sg-9", UNKNOWN] },
      },
      {
        type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        action: "Modify",
        physical:
          "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/50dc6c495c0c9188",
        before: { SecurityGroups: ["sg-1"] },
        after: { SecurityGroups: ["sg-2"] },
      },
      {
        type: "AWS::EC2::PrefixList",
        action: "Modify",
        physical: "pl-1",
        before: { Entries: [{ Cidr: "192.0.2.0/24" }] },
        after: { Entries: [{ Cidr: "198.51.100.0/24" }] },
      },
      {
        type: "AWS::EC2::NetworkInterface",
        action: "Remove",
        physical: "eni-9",
        before: { GroupSet: ["sg-1"] },
      },
    );
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "sg-9",
      "undecided:It.SecurityGroupIds[1]",
    ]);
    expect(after.ruleSet.interfaces.get("eni-2")?.groupIds).toEqual(["sg-2"]);
    expect(after.ruleSet.prefixLists.get("pl-1")?.cidrs).toHaveLength(1);
  });

  it("leaves what is retained or imported", () => {
    const after = over(
      {
        type: GROUP,
        action: "Remove",
        physical: "sg-1",
        before: {},
        more: { PolicyAction: "Retain" },
      },
      { type: GROUP, action: "Import", physical: "sg-1" },
    );
    expect(after.ruleSet.groups.has("sg-1")).toBe(true);
    expect(codes(after)).toEqual(["no-longer-managed", "no-longer-managed"]);
  });

  it("moves an instance whose groups are named", () => {
    const named = (before: object, after: object) =>
      over({ type: "AWS::EC2::Instance", action: "Modify", physical: "i-1", before, after });
    const away = named({ SecurityGroups: ["name of sg-1"] }, { SecurityGroups: ["other"] });
    expect(away.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "undecided:It.SecurityGroups[0]",
    ]);
    const same = named({ SecurityGroups: ["name of sg-1"] }, { SecurityGroupIds: ["sg-1"] });
    expect(same.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-1"]);
  });

  it("leaves a rule open wherever it may be", () => {
    const SSH = { IpProtocol: "tcp", FromPort: "22", ToPort: "22", CidrIp: "0.0.0.0/0" };
    const come = over({
      type: `${GROUP}Ingress`,
      action: "Add",
      after: { ...SSH, GroupId: UNKNOWN },
    });
    expect(rules(come, "sg-1")).toContain("ingress/tcp/22/undecided:It.Properties");
    const moved = over({
      type: `${GROUP}Ingress`,
      action: "Modify",
      physical: "r",
      replacement: "Conditional",
      before: { ...SSH, CidrIp: "192.0.2.1/32", GroupId: "sg-1" },
      after: { ...SSH, CidrIp: "192.0.2.1/32", GroupId: UNKNOWN },
    });
    expect(rules(moved, "sg-1")).toContain("ingress/tcp/22/undecided:It.Properties");
    expect(rules(moved, "sg-1")).not.toContain("ingress/tcp/22/192.0.2.1/32");
  });

  it("leaves what is as the template says already", () => {
    const after = over(
      { type: GROUP, action: "SyncWithActual", physical: "sg-1" },
      { type: "AWS::RDS::DBInstance", action: "SyncWithActual", physical: "db", id: "Db" },
    );
    expect(after.ruleSet.groups).toEqual(BASE.groups);
    expect(codes(after)).toEqual([]);
  });
});

const ANY = "egress/all/all/";
const OUT = { IpProtocol: "tcp", FromPort: "443", ToPort: "443", CidrIp: "10.0.0.0/8" };

describe("what a change set does not tell", () => {
  it.each<readonly [string, Change, readonly string[]]>([
    [
      "is left out",
      { type: "", action: "Modify", before: { GroupSet: ["sg-1"] }, after: {} },
      ["undecided:It.GroupSet"],
    ],
    [
      "is empty",
      { type: "", action: "Modify", before: { GroupSet: ["sg-1"] }, after: { GroupSet: [] } },
      ["undecided:It.GroupSet"],
    ],
    [
      "is written first",
      { type: "", action: "Modify", before: {}, after: { GroupSet: ["sg-2"] } },
      ["sg-2"],
    ],
    [
      "is not written before nor after",
      { type: "", action: "Modify", before: {}, after: { Description: "x" } },
      ["sg-1"],
    ],
    [
      "stays beside a successor",
      {
        type: "",
        action: "Modify",
        replacement: "True",
        before: { GroupSet: ["sg-1"] },
        after: { GroupSet: ["sg-2"] },
        more: { PolicyAction: "ReplaceAndRetain" },
      },
      ["sg-1"],
    ],
  ])("an interface whose list of groups %s", (_, change, expected) => {
    const after = over({ ...change, type: "AWS::EC2::NetworkInterface", physical: "eni-1" });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(expected);
  });

  it.each<readonly [string, readonly string[], readonly string[], readonly string[], number]>([
    ["the one that had them", ["sg-2"], ["sg-3"], ["sg-2"], 0],
    [
      "all, undecided, where none had them",
      ["sg-9"],
      ["undecided:It.interfaces"],
      ["undecided:It.interfaces"],
      1,
    ],
    [
      "all, undecided, where nothing was written",
      [],
      ["undecided:It.interfaces"],
      ["undecided:It.interfaces"],
      1,
    ],
  ])("of an instance with several interfaces: %s", (_, before, first, second, told) => {
    const base = loadRuleSet([
      json({
        SecurityGroups: [group("sg-1", [], []), group("sg-2", [], [])],
        NetworkInterfaces: [
          networkInterface("eni-1", ["sg-2"], { Attachment: { InstanceId: "i-1" } }),
          networkInterface("eni-2", [told === 0 ? "sg-1" : "sg-2"], {
            PrivateIpAddress: "10.0.0.6",
            Attachment: { InstanceId: "i-1" },
          }),
        ],
      }),
    ]).ruleSet;
    const change: Change = {
      type: "AWS::EC2::Instance",
      action: "Modify",
      physical: "i-1",
      before: { SecurityGroupIds: before },
      after: { SecurityGroupIds: ["sg-3"] },
    };
    const after = loadCandidate(base, [json(changeSet(change), "changes.json")]);
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(first);
    expect(after.ruleSet.interfaces.get("eni-2")?.groupIds).toEqual(told === 0 ? ["sg-1"] : second);
    expect(codes(after).filter((code) => code === "interface-unknown")).toHaveLength(told);
  });

  it("whether AWS's open egress stays beside a rule of its own", () => {
    const rule = (GroupId: string): Change => ({
      type: "AWS::EC2::SecurityGroupEgress",
      action: "Add",
      id: "Out",
      after: { ...OUT, GroupId },
    });
    const made = over({ type: GROUP, action: "Add", id: "New", after: {} }, rule(UNKNOWN));
    expect(rules(made, "New")).toEqual([
      `${ANY}undecided:New.SecurityGroupEgress`,
      "egress/tcp/443/undecided:Out.Properties",
    ]);
    const known = over(rule("sg-1"));
    expect(rules(known, "sg-1").slice(2)).toEqual([
      "egress/tcp/443/10.0.0.0/8",
      `${ANY}undecided:Out.Properties`,
    ]);
    expect(codes(known)).toEqual(["known-after-apply"]);
    const taken = over({
      type: GROUP,
      action: "Modify",
      physical: "sg-1",
      before: { SecurityGroupEgress: [{ IpProtocol: "-1", CidrIp: "0.0.0.0/0" }] },
      after: {},
    });
    expect(rules(taken, "sg-1").slice(2)).toEqual([`${ANY}undecided:It.SecurityGroupEgress`]);
  });

  it.each<readonly [string, object, readonly string[], readonly string[]]>([
    ["its name tells", { GroupName: "sg-1-name" }, ["ingress/tcp/22/192.0.2.1/32"], []],
    [
      "only its rules tell",
      { GroupId: UNKNOWN },
      ["ingress/tcp/22/192.0.2.1/32", "ingress/all/all/undecided:It.Properties"],
      ["rule-without-group", "known-after-apply"],
    ],
    [
      "nothing tells",
      { GroupName: "other" },
      ["ingress/tcp/443/0.0.0.0/0", "ingress/tcp/22/192.0.2.1/32"],
      ["rule-without-group", "known-after-apply"],
    ],
  ])("the group that loses a rule, where %s", (_, group, ingress, found) => {
    const base = { ...BASE, groups: new Map(BASE.groups) };
    base.groups.set("sg-1", { ...BASE.groups.get("sg-1")!, name: "sg-1-name" });
    const change: Change = {
      type: "AWS::EC2::SecurityGroupIngress",
      action: "Remove",
      physical: "sgr-1",
      before: { ...WEB, ...group },
    };
    const after = loadCandidate(base, [json(changeSet(change), "changes.json")]);
    expect(rules(after, "sg-1").filter((rule) => rule.startsWith("in"))).toEqual(ingress);
    expect(codes(after)).toEqual(found);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    [
      "a database",
      {
        type: "AWS::RDS::DBInstance",
        action: "Modify",
        before: { VPCSecurityGroups: ["sg-1"] },
        after: { VPCSecurityGroups: ["sg-2"] },
      },
      ["interface-unknown"],
    ],
    [
      "a function",
      {
        type: "AWS::Lambda::Function",
        action: "Modify",
        before: { VpcConfig: { SecurityGroupIds: ["sg-1"] } },
        after: { VpcConfig: { SecurityGroupIds: ["sg-2"] } },
      },
      ["interface-unknown"],
    ],
    [
      "a database that keeps its groups",
      {
        type: "AWS::RDS::DBInstance",
        action: "Modify",
        before: { VPCSecurityGroups: ["sg-1"], Port: 1 },
        after: { VPCSecurityGroups: ["sg-1"], Port: 2 },
      },
      [],
    ],
    ["a stack inside", { type: "AWS::CloudFormation::Stack", action: "Modify" }, ["plan-partial"]],
  ])("the interfaces of %s", (_, change, expected) => {
    expect(codes(over(change))).toEqual(expected);
  });

  it("takes nothing away from what stays beside its successor", () => {
    const after = over({
      type: GROUP,
      action: "Modify",
      physical: "sg-1",
      replacement: "True",
      before: {},
      after: {},
      more: { PolicyAction: "ReplaceAndRetain" },
    });
    expect([...after.ruleSet.groups.keys()]).toEqual(["It", "sg-1"]);
    expect(codes(after)).toEqual(["no-longer-managed", "replace-successor"]);
  });
});

describe("what is refused of change sets", () => {
  function refusal(work: () => unknown): FlowError {
    try {
      work();
    } catch (error) {
      return error as FlowError;
    }
    throw new Error("nothing was refused");
  }

  it("one that does not tell values, with the command that does", () => {
    const error = refusal(() => over({ type: GROUP, action: "Modify", physical: "sg-1" }));
    expect(error.code).toBe("change-set-values");
    expect(error.hint).toContain("--include-property-values");
  });

  it("one that is to be the rules", () => {
    const error = refusal(() => loadRuleSet([json(changeSet())]));
    expect(error.code).toBe("change-set-alone");
  });

  it("values that are no rules, at the place of their text", () => {
    const error = refusal(() =>
      over({
        type: GROUP,
        action: "Add",
        after: { SecurityGroupIngress: [{ ...WEB, FromPort: "99999" }] },
      }),
    );
    expect(error.message).toMatch(
      /^changes\.json:1:\d+: It: Properties\.SecurityGroupIngress\.0\.FromPort: 99999 is outside 0-65535$/,
    );
    const broken = changeSet({
      type: GROUP,
      action: "Add",
      more: { AfterContext: '{"Properties": ' },
    });
    const cut = refusal(() => loadCandidate(BASE, [json(broken, "changes.json")]));
    expect(cut.code).toBe("json-truncated");
    expect(cut.message).toMatch(
      /^changes\.json:1:\d+: It: Changes\.0\.ResourceChange\.AfterContext: in the text/,
    );
  });
});

describe("the status of a change set", () => {
  const withStatus = (Status: string, StatusReason?: string) => () =>
    loadCandidate(BASE, [
      json({ ...changeSet(), Status, ...(StatusReason === undefined ? {} : { StatusReason }) }),
    ]);

  it.each([
    ["CREATE_IN_PROGRESS", undefined],
    ["CREATE_PENDING", undefined],
    ["FAILED", "Parameters: [X] must have values"],
    ["DELETE_COMPLETE", undefined],
  ])("%s tells nothing: refused", (status, reason) => {
    expect(withStatus(status, reason)).toThrowError(
      expect.objectContaining({ code: "change-set-status" }),
    );
  });

  it.each([
    "The submitted information didn't contain changes. Submit different information to create a change set.",
    "No updates are to be performed.",
  ])("%s: nothing changes", (reason) => {
    const { ruleSet, report } = withStatus("FAILED", reason)();
    expect(ruleSet.groups).toEqual(BASE.groups);
    expect(report.findings).toEqual([]);
  });
});
