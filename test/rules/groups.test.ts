import { describe, expect, test } from "vitest";
import {
  ANY,
  failure,
  group,
  groupRule,
  groups,
  json,
  load,
  networkInterface,
  permission,
  ruleIds,
  warningCodes,
} from "./documents.js";

const WEB = permission({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
const PEERED = permission({
  UserIdGroupPairs: [{ GroupId: "sg-b", UserId: "111111111111", PeeringStatus: "deleted" }],
});

describe("describe-security-groups", () => {
  test("keeps what the model carries", () => {
    const text = `{
  "SecurityGroups": [
    { "GroupId": "sg-a", "GroupName": "web", "VpcId": "vpc-1", "OwnerId": "111111111111",
      "IpPermissionsEgress": [],
      "IpPermissions": [{ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "IpRanges": [{ "CidrIp": "10.0.0.0/8", "Description": "office" },
                     { "CidrIp": "192.0.2.0/24" }] }] } ] }`;
    const { ruleSet, warnings } = load([{ name: "g.json", text }]);
    const found = ruleSet.groups.get("sg-a");
    expect(found).toMatchObject({
      id: "sg-a",
      name: "web",
      vpcId: "vpc-1",
      accountId: "111111111111",
    });
    expect(found?.at).toEqual({ file: "g.json", line: 3, column: 5 });
    expect(found?.rules.map(({ at, description }) => [at.line, at.column, description])).toEqual([
      [6, 22, "office"],
      [7, 22, undefined],
    ]);
    expect(warnings).toEqual([]);
  });

  test("rules of one direction stand in document order, whichever list comes first", () => {
    const text = `{"SecurityGroups":[{"GroupId":"sg-a","VpcId":"vpc-1",
      "IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}],
      "IpPermissions":[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-a"}],"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]}]}`;
    expect(ruleIds(load([{ name: "g.json", text }]))).toEqual([
      "sg-a/egress/all/all/0.0.0.0/0",
      "sg-a/ingress/all/all/sg-a",
      "sg-a/ingress/all/all/10.0.0.0/8",
    ]);
  });

  test("groups come sorted by id, whatever the order of files", () => {
    const a = groups([group("sg-b"), group("sg-a")], "1.json");
    const b = groups([group("sg-0")], "2.json");
    expect([...load([a, b]).ruleSet.groups.keys()]).toEqual(["sg-0", "sg-a", "sg-b"]);
    expect(load([b, a])).toEqual(load([a, b]));
  });

  test("no VpcId is EC2-Classic", () => {
    const loaded = load([groups([group("sg-a", [], [], { VpcId: undefined })])]);
    expect(loaded.ruleSet.groups.get("sg-a")).not.toHaveProperty("vpcId");
    expect(warningCodes(loaded)).toEqual(["group-classic"]);
  });

  test("a permission without peers is no rule, and a warning with its place", () => {
    const loaded = load([groups([group("sg-a", [permission({ IpRanges: [] })])])]);
    expect(ruleIds(loaded)).toEqual([]);
    expect(loaded.warnings).toEqual([
      {
        code: "permission-without-peers",
        message: "sg-a: this ingress permission for tcp/443 names no peer and admits nothing",
        at: expect.stringMatching(/^groups\.json:1:\d+$/),
      },
    ]);
  });

  test("one missing list of rules is empty, with a warning; both missing stop the load", () => {
    const one = load([groups([group("sg-a", [WEB], [], { IpPermissionsEgress: undefined })])]);
    expect(warningCodes(one)).toEqual(["key-missing"]);
    const mention = { SecurityGroups: [{ GroupId: "sg-a", GroupName: "web" }] };
    expect(failure([json(mention)])).toContain(
      "SecurityGroups.0.IpPermissions: the key is missing",
    );
  });

  test.each([
    ["010.0.0.1/8", "is not an IP address block"],
    ["10.0.0.1/8", "has bits set beyond its length; the block is 10.0.0.0/8"],
    ["10.0.0.0", "has no prefix length"],
    ["10.0.0.0/33", "has a prefix length outside 0-32"],
    ["10.0.0.0/08", "has a prefix length outside"],
    [" 10.0.0.0/8", "is not an IP address block"],
    ["2001:db8::/32", "is not an IPv4 block"],
    ["", "has no prefix length"],
  ])("CidrIp %j stops the load", (CidrIp, expected) => {
    const document = groups([group("sg-a", [permission({ IpRanges: [{ CidrIp }] })])]);
    const column = document.text.indexOf('"CidrIp":') + '"CidrIp":'.length + 1;
    const path = "SecurityGroups.0.IpPermissions.0.IpRanges.0.CidrIp";
    const message = failure([document]);
    expect(message).toContain(`groups.json:1:${column}: ${path}: ${JSON.stringify(CidrIp)} `);
    expect(message).toContain(expected);
  });

  test.each<[object, string]>([
    [{ GroupId: "" }, 'GroupId: "" is not an id'],
    [{ GroupId: "sg a" }, 'GroupId: "sg a" is not an id'],
    [{ GroupId: "sg-a/b" }, "is not an id"],
    [{ GroupId: "sg-\u0007" }, "is not an id"],
    [{ GroupId: 7 }, "GroupId: expected string, found 7"],
    [{ GroupId: null }, "GroupId: expected string, found null"],
    [{ GroupId: undefined }, "GroupId: the key is missing"],
    [{ VpcId: {} }, "VpcId: expected string, found an object"],
    [{ IpPermissions: {} }, "IpPermissions: expected an array, found an object"],
    [{ IpPermissions: ["x"] }, 'IpPermissions.0: expected an object, found "x"'],
    [{ IpPermissions: [[]] }, "IpPermissions.0: expected an object, found an array of 0"],
    [
      { IpPermissions: [permission({ IpRanges: ["10.0.0.0/8"] })] },
      'IpPermissions.0.IpRanges.0: expected an object, found "10.0.0.0/8"',
    ],
  ])("%j stops the load", (rest, expected) => {
    expect(failure([groups([group("sg-a", [], [], rest)])])).toContain(expected);
  });
});

describe("the same group twice", () => {
  test("with the same content is one group, whatever the order of its rules", () => {
    const two = permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] });
    const loaded = load([
      groups([group("sg-a", [WEB, two])], "1.json"),
      groups([group("sg-a", [two, WEB])], "2.json"),
    ]);
    expect(ruleIds(loaded)).toHaveLength(2);
  });

  test.each<[string, object]>([
    ["the rule ingress/tcp/443/0.0.0.0/0 stands only there", group("sg-a")],
    ["the rule egress/all/all/0.0.0.0/0 stands only here", group("sg-a", [WEB], [ANY])],
    ["vpcId vpc-1 there, vpc-2 here", group("sg-a", [WEB], [], { VpcId: "vpc-2" })],
  ])("%s", (expected, other) => {
    const message = failure([groups([group("sg-a", [WEB])], "1.json"), groups([other], "2.json")]);
    expect(message).toContain(
      "group-differs 2.json:1:20: SecurityGroups.0: the group sg-a also stands",
    );
    expect(message).toContain(`at 1.json:1:20 and differs: ${expected}`);
  });
});

describe("describe-security-group-rules", () => {
  const RULES = json(
    {
      SecurityGroupRules: [
        groupRule("sgr-1", "sg-a", { CidrIpv4: "0.0.0.0/0" }),
        groupRule("sgr-2", "sg-a", {
          IsEgress: true,
          IpProtocol: "-1",
          FromPort: -1,
          ToPort: -1,
          CidrIpv4: "0.0.0.0/0",
        }),
      ],
    },
    "rules.json",
  );

  test("gives the rules of described groups their ids", () => {
    const loaded = load([groups([group("sg-a", [WEB], [ANY])]), RULES]);
    expect(ruleIds(loaded)).toEqual(["sgr-1", "sgr-2"]);
    expect(loaded.ruleSet.groups.get("sg-a")?.rules[0]?.at.file).toBe("groups.json");
  });

  test("groups it does not mention keep identities of their content", () => {
    const loaded = load([groups([group("sg-a", [WEB], [ANY]), group("sg-z", [WEB])]), RULES]);
    expect(ruleIds(loaded)).toEqual(["sgr-1", "sgr-2", "sg-z/ingress/tcp/443/0.0.0.0/0"]);
  });

  test("a difference names both places", () => {
    const missing = failure([groups([group("sg-a", [WEB])]), RULES]);
    expect(missing).toContain("group-differs rules.json:1:");
    expect(missing).toContain(
      "egress/all/all/0.0.0.0/0 here, but not in the describe-security-groups answer at groups.json:1:20",
    );
    const more = failure([groups([group("sg-a", [WEB, PEERED], [ANY])]), RULES]);
    expect(more).toContain("group-differs groups.json:1:");
    expect(more).toContain(
      "but not in the describe-security-group-rules answer at rules.json:1:24",
    );
  });

  test("alone it makes groups whose VPC is that of their interfaces, or unknown, never Classic", () => {
    const alone = load([RULES]).ruleSet.groups.get("sg-a");
    expect(alone).toMatchObject({ vpcId: "unknown", accountId: "111111111111" });
    const interfaces = json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a"])] }, "i.json");
    expect(load([RULES, interfaces]).ruleSet.groups.get("sg-a")?.vpcId).toBe("vpc-1");
  });

  test("the same rule id twice", () => {
    expect(ruleIds(load([RULES, { ...RULES, name: "again.json" }]))).toEqual(["sgr-1", "sgr-2"]);
    const changed = {
      SecurityGroupRules: [groupRule("sgr-1", "sg-a", { CidrIpv4: "10.0.0.0/8" })],
    };
    expect(failure([RULES, json(changed, "z.json")])).toContain(
      "rule-differs z.json:1:24: SecurityGroupRules.0: the rule sgr-1 also stands at rules.json:1:24 and differs: " +
        "sg-a/ingress/tcp/443/0.0.0.0/0 there, sg-a/ingress/tcp/443/10.0.0.0/8 here",
    );
  });

  test("the same content under two ids is one rule", () => {
    const twice = {
      SecurityGroupRules: [
        groupRule("sgr-1", "sg-a", { CidrIpv4: "0.0.0.0/0" }),
        groupRule("sgr-9", "sg-a", { CidrIpv4: "0.0.0.0/0" }),
      ],
    };
    expect(ruleIds(load([json(twice)]))).toEqual(["sgr-1"]);
  });

  test("every kind of peer", () => {
    const items = [
      groupRule("sgr-1", "sg-a", { CidrIpv6: "::/0" }),
      groupRule("sgr-2", "sg-a", { PrefixListId: "pl-1" }),
      groupRule("sgr-3", "sg-a", {
        ReferencedGroupInfo: { GroupId: "sg-b", UserId: "222222222222" },
      }),
      groupRule("sgr-4", "sg-a", {
        ReferencedGroupInfo: { GroupId: "sg-c", PeeringStatus: "deleted" },
      }),
    ];
    const { ruleSet } = load([json({ SecurityGroupRules: items })]);
    expect(ruleSet.groups.get("sg-a")?.rules.map(({ peer, stale }) => [peer, stale])).toEqual([
      [{ kind: "cidr", cidr: { address: { family: 6, value: 0n }, length: 0 } }, false],
      [{ kind: "prefix-list", id: "pl-1" }, false],
      [{ kind: "group", id: "sg-b", account: "222222222222" }, false],
      [{ kind: "group", id: "sg-c" }, true],
    ]);
  });

  test.each<[object, string]>([
    [{}, "exactly one of CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, found none"],
    [{ CidrIpv4: "0.0.0.0/0", PrefixListId: "pl-1" }, "found CidrIpv4, PrefixListId"],
    [{ CidrIpv4: "::/0" }, 'CidrIpv4: "::/0" is not an IPv4 block'],
    [{ CidrIpv4: "0.0.0.0/0", IsEgress: "false" }, 'IsEgress: expected boolean, found "false"'],
    [{ ReferencedGroupInfo: {} }, "ReferencedGroupInfo.GroupId: the key is missing"],
  ])("%j stops the load", (rest, expected) => {
    expect(failure([json({ SecurityGroupRules: [groupRule("sgr-1", "sg-a", rest)] })])).toContain(
      expected,
    );
  });
});

describe("accounts of referenced groups", () => {
  test.each<[object, string | undefined, string | undefined, string]>([
    [{ GroupId: "sg-b", UserId: "111111111111" }, "111111111111", undefined, "sg-b"],
    [
      { GroupId: "sg-b", UserId: "222222222222" },
      "111111111111",
      "222222222222",
      "222222222222/sg-b",
    ],
    [{ GroupId: "sg-b" }, "111111111111", undefined, "sg-b"],
    [{ GroupId: "sg-a", UserId: "222222222222" }, "111111111111", undefined, "sg-a"],
    [{ GroupId: "222222222222/sg-b" }, "111111111111", "222222222222", "222222222222/sg-b"],
    [{ GroupId: "111111111111/sg-b" }, "111111111111", undefined, "sg-b"],
    [{ GroupId: "sg-b", UserId: "222222222222" }, undefined, "222222222222", "222222222222/sg-b"],
  ])("%j seen by %s", (pair, OwnerId, account, suffix) => {
    const rules = [permission({ UserIdGroupPairs: [pair] })];
    const { ruleSet } = load([groups([group("sg-a", rules, [], { OwnerId })])]);
    const rule = ruleSet.groups.get("sg-a")?.rules[0];
    expect(rule?.peer).toEqual({
      kind: "group",
      id: suffix.slice(suffix.indexOf("/") + 1),
      ...(account === undefined ? {} : { account }),
    });
    expect(rule?.id).toBe(`sg-a/ingress/tcp/443/${suffix}`);
  });

  test("two slashes stop the load", () => {
    const rules = [permission({ UserIdGroupPairs: [{ GroupId: "1/2/sg-b" }] })];
    expect(failure([groups([group("sg-a", rules)])])).toContain('"2/sg-b" is not an id');
  });
});

describe("stale references", () => {
  const stale = (rest: object, GroupId = "sg-a"): object => ({
    StaleSecurityGroupSet: [{ GroupId, GroupName: "web", VpcId: "vpc-1", ...rest }],
  });

  test("PeeringStatus deleted", () => {
    const { ruleSet } = load([groups([group("sg-a", [PEERED, WEB])])]);
    expect(ruleSet.groups.get("sg-a")?.rules.map((rule) => rule.stale)).toEqual([true, false]);
  });

  test("one live peering keeps the reference", () => {
    const live = permission({ UserIdGroupPairs: [{ GroupId: "sg-b", PeeringStatus: "active" }] });
    const { ruleSet } = load([groups([group("sg-a", [PEERED, live])])]);
    expect(ruleSet.groups.get("sg-a")?.rules.map((rule) => rule.stale)).toEqual([false]);
  });

  test("describe-stale-security-groups marks the rules of its direction, protocol and ports", () => {
    const pair = { UserIdGroupPairs: [{ GroupId: "sg-b", UserId: "222222222222" }] };
    const document = groups([
      group("sg-a", [permission(pair), permission({ ...pair, ToPort: 444 })], [permission(pair)]),
    ]);
    const answer = stale({
      StaleIpPermissions: [permission({ ...pair, IpRanges: [], PrefixListIds: [] })],
    });
    const loaded = load([document, json(answer, "stale.json")]);
    expect(loaded.ruleSet.groups.get("sg-a")?.rules.map((rule) => rule.stale)).toEqual([
      true,
      false,
      false,
    ]);
    expect(loaded.warnings).toEqual([]);
  });

  test("an entry that no rule fits is a warning", () => {
    const pair = { UserIdGroupPairs: [{ GroupId: "sg-gone" }] };
    const answer = json(stale({ StaleIpPermissionsEgress: [permission(pair)] }), "stale.json");
    expect(warningCodes(load([groups([group("sg-a", [WEB])]), answer]))).toEqual([
      "stale-unmatched",
    ]);
  });
});
