// What a template, a state or rules by hand leave out of a thing that the baseline knows is no change of it.
import { describe, expect, it } from "vitest";
import type { RuleSet } from "../../src/model/rule-set.js";
import { loadCandidate, loadRuleSet, type RuleDocument } from "../../src/rules/index.js";
import { group, json, networkInterface } from "./documents.js";
import { document, resource, state } from "./terraform/terraform-json.js";

const VPC = {
  VpcId: "vpc-1",
  CidrBlock: "10.0.0.0/16",
  CidrBlockAssociationSet: [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "10.1.0.0/16" }],
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
};
const BASE: RuleSet = loadRuleSet([
  json({ SecurityGroups: [group("sg-1", []), group("sg-2", [])] }),
  json({
    NetworkInterfaces: [
      {
        ...networkInterface("eni-1", ["sg-1"], {
          InterfaceType: "efa",
          Ipv6Addresses: [{ Ipv6Address: "2001:db8::5" }],
          Attachment: { AttachTime: "2026-03-01T00:00:00Z", InstanceId: "i-1" },
        }),
      },
    ],
  }),
  json({ Vpcs: [VPC] }),
]).ruleSet;

const STACK = json({
  StackResources: [
    { LogicalResourceId: "Eni", PhysicalResourceId: "eni-1" },
    { LogicalResourceId: "Net", PhysicalResourceId: "vpc-1" },
  ],
});
const TEMPLATE = json({
  Resources: {
    Net: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
    Eni: {
      Type: "AWS::EC2::NetworkInterface",
      Properties: { SubnetId: "subnet-1", GroupSet: ["sg-2"], PrivateIpAddress: "10.0.0.5" },
    },
  },
});
const STATE = document(
  state(
    resource("aws_vpc.net", { id: "vpc-1", cidr_block: "10.0.0.0/16" }),
    resource("aws_network_interface.a", {
      id: "eni-1",
      subnet_id: "subnet-1",
      security_groups: ["sg-2"],
      private_ips: ["10.0.0.5"],
    }),
  ),
);
const HAND: RuleDocument = {
  name: "hand.yaml",
  text: "version: 1\ninterfaces:\n  - id: eni-1\n    groups: [sg-2]\n",
};

/** Whoever writes addresses by hand means these. */
const HAND_ADDRESSES: RuleDocument = {
  name: "hand.yaml",
  text: "version: 1\ninterfaces:\n  - id: eni-1\n    groups: [sg-2]\n    addresses: [10.0.0.6]\n",
};

describe("an interface and a VPC that the candidate tells in part", () => {
  it.each<readonly [string, readonly RuleDocument[]]>([
    ["a template", [TEMPLATE, STACK]],
    ["a state", [STATE]],
    ["rules by hand", [HAND]],
  ])("%s", (_, documents) => {
    const { ruleSet } = loadCandidate(BASE, documents);
    const { at: _at, subnetId: _subnet, ...known } = BASE.interfaces.get("eni-1")!;
    expect(ruleSet.interfaces.get("eni-1")).toMatchObject({ ...known, groupIds: ["sg-2"] });
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs).toEqual(BASE.vpcs.get("vpc-1")?.cidrs);
  });

  it("takes addresses as they are written by hand", () => {
    const { ruleSet } = loadCandidate(BASE, [HAND_ADDRESSES]);
    expect(ruleSet.interfaces.get("eni-1")?.addresses).toHaveLength(1);
  });
});

describe("an interface and a VPC that several documents of one load tell", () => {
  const ANSWERS: readonly RuleDocument[] = [
    json({ SecurityGroups: [group("sg-1", []), group("sg-2", [])] }, "groups.json"),
    json(
      {
        NetworkInterfaces: [
          networkInterface("eni-1", ["sg-2"], {
            Attachment: { AttachTime: "2026-03-01T00:00:00Z", InstanceId: "i-1" },
            Ipv6Addresses: [{ Ipv6Address: "2001:db8::5" }],
          }),
        ],
      },
      "interfaces.json",
    ),
    json({ Vpcs: [VPC] }, "vpcs.json"),
  ];

  it.each([
    ["before", "a-state.json"],
    ["behind", "z-state.json"],
  ])("a state %s the answers adds what it knows and takes nothing", (_, name) => {
    const alone = loadRuleSet(ANSWERS).ruleSet;
    const { ruleSet } = loadRuleSet([{ ...STATE, name }, ...ANSWERS]);
    const { at: _at, ...known } = alone.interfaces.get("eni-1")!;
    expect(ruleSet.interfaces.get("eni-1")).toMatchObject(known);
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs).toEqual(alone.vpcs.get("vpc-1")?.cidrs);
  });

  it("is refused where they say different things", () => {
    const other = json(
      {
        NetworkInterfaces: [networkInterface("eni-1", ["sg-1"], { PrivateIpAddress: "10.0.0.9" })],
      },
      "other.json",
    );
    expect(() => loadRuleSet([STATE, other, ANSWERS[0]!])).toThrowError(
      /differs in groupIds, addresses/,
    );
  });
});
