import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleSet } from "../../../src/model/rule-set.js";
import {
  groupsAsAwsJson,
  loadRuleSet,
  ruleSetAsAwsJson,
  ruleSetDifferences,
} from "../../../src/rules/index.js";
import {
  group,
  groupRule,
  groups,
  json,
  load,
  networkInterface,
  permission,
} from "../documents.js";
import { ruleSets } from "../rule-sets.js";

function reload(ruleSet: RuleSet): RuleSet {
  return loadRuleSet([{ name: "written.json", text: ruleSetAsAwsJson(ruleSet) }]).ruleSet;
}

describe("rule sets as AWS prints them", () => {
  test("rules of one direction, protocol and ports are one permission", () => {
    const { ruleSet } = load([
      groups([
        group(
          "sg-a",
          [
            permission({ IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "office" }] }),
            { IpProtocol: "icmp", FromPort: 8, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
            permission({ UserIdGroupPairs: [{ GroupId: "sg-b", PeeringStatus: "deleted" }] }),
          ],
          [{ IpProtocol: "-1", PrefixListIds: [{ PrefixListId: "pl-1" }] }],
        ),
      ]),
    ]);
    const empty = { IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
    expect(JSON.parse(groupsAsAwsJson(ruleSet.groups.values()))).toEqual({
      SecurityGroups: [
        {
          GroupId: "sg-a",
          GroupName: "name of sg-a",
          VpcId: "vpc-1",
          OwnerId: "111111111111",
          IpPermissions: [
            {
              ...empty,
              IpProtocol: "tcp",
              FromPort: 443,
              ToPort: 443,
              IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "office" }],
              UserIdGroupPairs: [
                { GroupId: "sg-b", UserId: "111111111111", PeeringStatus: "deleted" },
              ],
            },
            {
              ...empty,
              IpProtocol: "icmp",
              FromPort: 8,
              ToPort: -1,
              Ipv6Ranges: [{ CidrIpv6: "::/0" }],
            },
          ],
          IpPermissionsEgress: [
            { ...empty, IpProtocol: "-1", PrefixListIds: [{ PrefixListId: "pl-1" }] },
          ],
        },
      ],
    });
  });

  test("loading what was written gives the same content, whatever the rule set", () => {
    fc.assert(
      fc.property(ruleSets({ stale: true }), (ruleSet) => {
        expect(ruleSetDifferences(ruleSet, reload(ruleSet))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("writing what was loaded gives the same text", () => {
    fc.assert(
      fc.property(ruleSets({ stale: true }), (ruleSet) => {
        const text = ruleSetAsAwsJson(reload(ruleSet));
        expect(ruleSetAsAwsJson(loadRuleSet([{ name: "a", text }]).ruleSet)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test("ids of rules, where each rule of the group has one; unknown lists, VPCs and owners", () => {
    const { ruleSet } = load([
      groups([
        group("sg-a", [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })]),
        group("sg-classic", [], [], { VpcId: undefined, OwnerId: undefined, GroupName: null }),
        group("sg-plain", [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })]),
      ]),
      json(
        {
          SecurityGroupRules: [
            groupRule("sgr-1", "sg-a", { CidrIpv4: "10.0.0.0/8" }),
            groupRule("sgr-2", "sg-alone", {
              ReferencedGroupInfo: { GroupId: "sg-b", UserId: "222222222222" },
            }),
          ],
          PrefixLists: [{ PrefixListId: "pl-1" }],
          NetworkInterfaces: [
            networkInterface("eni-1", [], { PrivateIpAddress: null, VpcId: null }),
          ],
        },
        "rest.json",
      ),
    ]);
    const again = reload(ruleSet);
    expect(ruleSetDifferences(ruleSet, again)).toEqual([]);
    expect(again.groups.get("sg-a")?.rules[0]?.id).toBe("sgr-1");
    expect(again.groups.get("sg-plain")?.rules[0]?.id).toBe("sg-plain/ingress/tcp/443/10.0.0.0/8");
    expect(again.groups.get("sg-classic")).not.toHaveProperty("vpcId");
    expect(again.prefixLists.get("pl-1")?.cidrs).toBeUndefined();
  });

  test("an empty rule set has a document too", () => {
    expect(ruleSetAsAwsJson(load([]).ruleSet)).toBe('{\n  "SecurityGroups": []\n}\n');
  });
});
