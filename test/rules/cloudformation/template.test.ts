import { describe, expect, it } from "vitest";
import type { FlowError } from "../../../src/errors.js";
import { formatAddress, formatCidr } from "../../../src/model/address.js";
import {
  inspectRules,
  type LoadedRules,
  loadCandidate,
  loadRuleSet,
  type RuleDocument,
} from "../../../src/rules/index.js";
import { group as awsGroup, json, networkInterface, permission } from "../documents.js";

function yaml(text: string, name = "stack.yaml"): RuleDocument {
  return { name, text };
}

function load(text: string, ...more: readonly RuleDocument[]): LoadedRules {
  return loadRuleSet([yaml(text), ...more]);
}

function parameters(value: unknown): RuleDocument {
  return { ...json(value, "parameters.json"), isParameters: true };
}

function rules({ ruleSet }: Pick<LoadedRules, "ruleSet">, id: string): readonly string[] {
  return (ruleSet.groups.get(id)?.rules ?? []).map((rule) => rule.id.slice(id.length + 1));
}

function codes({ warnings }: LoadedRules): readonly string[] {
  return warnings.map(({ code }) => code);
}

function refusal(work: () => unknown): FlowError {
  try {
    work();
  } catch (error) {
    return error as FlowError;
  }
  throw new Error("nothing was refused");
}

const HEAD = "AWSTemplateFormatVersion: 2010-09-09\n";

/** A template with one group, whose ingress is given. */
function group(ingress: string, rest = ""): string {
  return `${HEAD}${rest}Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: vpc-1
      SecurityGroupIngress:
${ingress.replace(/^/gm, "        ")}
      SecurityGroupEgress:
        - {IpProtocol: "-1", CidrIp: 127.0.0.1/32}
`;
}

describe("groups of a template", () => {
  it("have the rules of their lists, one peer each", () => {
    const loaded = load(
      group(`- {IpProtocol: tcp, FromPort: 443, ToPort: "443", CidrIp: 0.0.0.0/0, Description: the world}
- {IpProtocol: 6, FromPort: 443, ToPort: 443, CidrIpv6: "::/0"}
- {IpProtocol: icmp, FromPort: 8, ToPort: -1, SourcePrefixListId: pl-1}
- {IpProtocol: -1, SourceSecurityGroupId: sg-far, SourceSecurityGroupOwnerId: 012345678901}
- {IpProtocol: udp, FromPort: 53, ToPort: 53, SourceSecurityGroupId: !Ref Web}
- {IpProtocol: udp, FromPort: 54, ToPort: 54, SourceSecurityGroupId: !GetAtt Web.GroupId}`),
    );
    expect(rules(loaded, "Web")).toEqual([
      "ingress/tcp/443/0.0.0.0/0",
      "ingress/tcp/443/::/0",
      "ingress/icmp/8:all/pl-1",
      "ingress/all/all/012345678901/sg-far",
      "ingress/udp/53/Web",
      "ingress/udp/54/Web",
      "egress/all/all/127.0.0.1/32",
    ]);
    const [first] = loaded.ruleSet.groups.get("Web")!.rules;
    expect(first).toMatchObject({
      description: "the world",
      at: { file: "stack.yaml", line: 9, column: 11 },
    });
    expect(codes(loaded)).toEqual([]);
    expect(inspectRules(loaded)[0]?.message).toBe(
      "stack.yaml: CloudFormation template: AWS::EC2::SecurityGroup (1)",
    );
  });

  it("are open for what goes out where nothing is said, and only then", () => {
    const text = (egress: string) => `${HEAD}Resources:
  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: vpc-1${egress}}}
`;
    const open = ["egress/all/all/0.0.0.0/0", "egress/all/all/::/0"];
    expect(rules(load(text("")), "A")).toEqual(open);
    expect(rules(load(text(", SecurityGroupEgress: []")), "A")).toEqual(open);
    expect(rules(load(text(", SecurityGroupEgress: [!Ref 'AWS::NoValue']")), "A")).toEqual(open);
    const one =
      ", SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}]";
    expect(rules(load(text(one)), "A")).toEqual(["egress/tcp/1/10.0.0.0/8"]);
  });

  it("take rules that are resources of their own; what then goes out by default nobody says", () => {
    const loaded = load(`${HEAD}Resources:
  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: vpc-1}}
  In:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref A, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}
  Out:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !GetAtt [A, GroupId], IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-s3}
  Far:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: sg-elsewhere, IpProtocol: tcp, FromPort: 1, ToPort: 1, SourceSecurityGroupId: !Ref A}
`);
    expect(rules(loaded, "A")).toEqual([
      "egress/all/all/undecided:A.SecurityGroupEgress",
      "ingress/tcp/22/10.0.0.0/8",
      "egress/tcp/443/pl-s3",
    ]);
    expect(rules(loaded, "sg-elsewhere")).toEqual([
      "ingress/tcp/1/A",
      "ingress/all/all/undecided:sg-elsewhere.rules",
      "egress/all/all/undecided:sg-elsewhere.rules",
    ]);
    expect(codes(loaded)).toEqual(["template-open", "group-partial"]);
  });

  it("go by the ids of the stack where these are told", () => {
    const stack = json(
      {
        StackResources: [
          {
            StackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/net/1",
            LogicalResourceId: "Web",
            PhysicalResourceId: "sg-0a",
            ResourceType: "AWS::EC2::SecurityGroup",
          },
        ],
      },
      "stack.json",
    );
    const loaded = load(group("- {IpProtocol: -1, SourceSecurityGroupId: !Ref Web}"), stack);
    expect(rules(loaded, "sg-0a")).toEqual([
      "ingress/all/all/sg-0a",
      "egress/all/all/127.0.0.1/32",
    ]);
    expect(loaded.ruleSet.groups.get("sg-0a")?.accountId).toBe("111122223333");
  });
});

describe("intrinsic functions", () => {
  const PARAMETERS = `Parameters:
  Office: {Type: String, Default: 192.0.2.0/24}
  Blocks: {Type: CommaDelimitedList, Default: "10.1.0.0/16, 10.2.0.0/16"}
  Open: {Type: String}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>", Default: /net/office}
  Stage: {Type: String, Default: prod}
  Port: {Type: Number, Default: 8443}
Mappings:
  Ports: {prod: {https: 443, hosts: [10.9.0.0/16]}, test: {https: 4443}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
  Either: !Or [!Condition IsTest, !Equals [a, a]]
  Both: !And [!Condition IsProd, !Condition IsTest]
  Unknown: !Equals [!Ref Open, x]
`;

  function peer(value: string, ...more: readonly RuleDocument[]): string {
    const item = `- {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: ${value}}`;
    const [first = ""] = rules(load(group(item, PARAMETERS), ...more), "Web");
    return first.replace(/^ingress\/tcp\/1\//, "");
  }

  it.each([
    ["!Ref Office", "192.0.2.0/24"],
    ["!Select [1, !Ref Blocks]", "10.2.0.0/16"],
    ["!Select [0, !Split ['|', '10.3.0.0/16|x']]", "10.3.0.0/16"],
    [`!Sub '\${Office}'`, "192.0.2.0/24"],
    [`!Sub ['10.\${N}.0.0/16', {N: 4}]`, "10.4.0.0/16"],
    ["!Join ['/', [10.5.0.0, 16]]", "10.5.0.0/16"],
    ["!Select [0, !FindInMap [Ports, !Ref Stage, hosts]]", "10.9.0.0/16"],
    ["!If [IsProd, 10.6.0.0/16, 10.7.0.0/16]", "10.6.0.0/16"],
    ["!If [IsTest, 10.6.0.0/16, 10.7.0.0/16]", "10.7.0.0/16"],
    ["!If [Either, 10.6.0.0/16, 10.7.0.0/16]", "10.6.0.0/16"],
    ["!If [Both, 10.6.0.0/16, 10.7.0.0/16]", "10.7.0.0/16"],
    ["!If [Unknown, 10.6.0.0/16, 10.6.0.0/16]", "10.6.0.0/16"],
    ["!Select [2, !Cidr [10.0.0.0/16, 3, 8]]", "10.0.2.0/24"],
    ["{'Fn::Select': ['0', [10.8.0.0/16]]}", "10.8.0.0/16"],
  ])("%s is decided", (value, expected) => {
    expect(peer(value)).toBe(expected);
  });

  it.each([
    "!Ref Open",
    "!Ref Secret",
    `!Sub '\${Open}/32'`,
    `!Sub '\${AWS::Region}'`,
    "!Join ['', [!Ref Open, /32]]",
    "!If [Unknown, 10.6.0.0/16, 10.7.0.0/16]",
    "!ImportValue office",
    "'{{resolve:ssm:/net/office:1}}'",
    "!GetAtt Web.Anything",
    "!Select [0, !GetAZs '']",
  ])("%s is not, and never left out", (value) => {
    expect(peer(value)).toBe("undecided:Web.SecurityGroupIngress[0].CidrIp");
  });

  it.each([
    [[{ ParameterKey: "Open", ParameterValue: "203.0.113.0/24" }]],
    [{ Parameters: { Open: "203.0.113.0/24" } }],
    [{ Open: "203.0.113.0/24" }],
    [["Open=203.0.113.0/24"]],
    [
      {
        Stacks: [
          {
            StackName: "net",
            Parameters: [{ ParameterKey: "Open", ParameterValue: "203.0.113.0/24" }],
          },
        ],
      },
    ],
  ])("parameters decide, as %j", (value) => {
    expect(peer("!Ref Open", parameters(value))).toBe("203.0.113.0/24");
  });

  it("takes what a parameter of Systems Manager held, and exports of other stacks", () => {
    const stacks = {
      Stacks: [
        {
          StackName: "net",
          Parameters: [
            {
              ParameterKey: "Secret",
              ParameterValue: "/net/office",
              ResolvedValue: "203.0.113.0/24",
            },
          ],
          Outputs: [{ OutputKey: "Office", OutputValue: "198.51.100.0/24", ExportName: "office" }],
        },
      ],
    };
    expect(peer("!Ref Secret", json(stacks, "stacks.json"))).toBe("203.0.113.0/24");
    expect(peer("!ImportValue office", json(stacks, "stacks.json"))).toBe("198.51.100.0/24");
    const exported = { Exports: [{ Name: "prod-office", Value: "198.51.100.0/24" }] };
    expect(
      peer(`!ImportValue {'Fn::Sub': '\${Stage}-office'}`, json(exported, "exports.json")),
    ).toBe("198.51.100.0/24");
  });

  it("decides whole rules, lists and ports", () => {
    const loaded = load(
      group(
        `- !If [IsTest, {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}, !Ref "AWS::NoValue"]
- !If [IsProd, {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !FindInMap [Ports, prod, https], CidrIp: 10.0.0.0/8}, !Ref "AWS::NoValue"]`.replace(
          "!FindInMap [Ports, prod, https]",
          "!Ref Port",
        ),
        PARAMETERS,
      ),
    );
    expect(rules(loaded, "Web")[0]).toBe("ingress/tcp/8443/10.0.0.0/8");
    const open = load(
      group(
        `- !If [Unknown, {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}, !Ref "AWS::NoValue"]
- {IpProtocol: tcp, FromPort: !Ref Open, ToPort: 9, CidrIp: 10.0.0.0/8}
- {IpProtocol: !Ref Open, CidrIp: 10.0.0.0/8}`,
        PARAMETERS,
      ),
    );
    expect(rules(open, "Web").slice(0, 3)).toEqual([
      "ingress/all/all/undecided:Web.SecurityGroupIngress[0]",
      "ingress/tcp/0-65535/undecided:Web.SecurityGroupIngress[1].FromPort",
      "ingress/all/all/undecided:Web.SecurityGroupIngress[2].IpProtocol",
    ]);
    expect(codes(open)).toEqual(["template-open", "template-open", "template-open"]);
  });

  it("leaves out resources whose conditions do not hold, and says so where nothing decides", () => {
    const text = `${HEAD}${PARAMETERS}Resources:
  A: {Type: AWS::EC2::SecurityGroup, Condition: IsTest, Properties: {GroupDescription: a}}
  B: {Type: AWS::EC2::SecurityGroup, Condition: Unknown, Properties: {GroupDescription: b}}
  C:
    Type: AWS::EC2::SecurityGroupIngress
    Condition: Unknown
    Properties: {GroupId: !Ref B, IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}
`;
    const loaded = load(text);
    expect([...loaded.ruleSet.groups.keys()]).toEqual(["B"]);
    expect(rules(loaded, "B")).toContain("ingress/all/all/undecided:C.Condition");
    expect(codes(loaded)).toEqual(["template-condition", "template-open", "template-default"]);
    expect(loaded.warnings[2]?.message).toContain("nothing tells Stage: their defaults are taken");
  });

  it("names a parameter that the template does not have", () => {
    const text = group(
      "- {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: !Ref Office}",
      PARAMETERS,
    );
    const loaded = load(text, parameters({ Offise: "10.0.0.0/8" }));
    expect(codes(loaded)).toEqual(["template-default", "template-parameter-unknown"]);
    expect(loaded.warnings[1]?.message).toContain("no template has a parameter Offise");
  });

  it("takes no default for the value that a stack has and nothing tells", () => {
    const text = group(
      "- {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: !Ref Office}",
      PARAMETERS,
    );
    const stack = { StackResources: [{ LogicalResourceId: "Web", PhysicalResourceId: "sg-1" }] };
    const silent = load(text, parameters(stack));
    const [rule] = rules(silent, "sg-1");
    expect(rule).toBe("ingress/tcp/1/undecided:Web.SecurityGroupIngress[0].CidrIp");
    expect(codes(silent)).toEqual(["template-open", "template-default"]);
    const told = {
      StackName: "s",
      Parameters: [{ ParameterKey: "Stage", ParameterValue: "prod" }],
    };
    const both = load(text, json(stack, "ids.json"), json({ Stacks: [told] }, "stack.json"));
    expect(rules(both, "sg-1")[0]).toBe("ingress/tcp/1/192.0.2.0/24");
  });

  it("makes the block of one with bits beyond its length, as AWS does", () => {
    const loaded = load(
      group(`- {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 192.168.1.0/0}
- {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIpv6: "2001:db8::1/32"}`),
    );
    expect(rules(loaded, "Web").slice(0, 2)).toEqual([
      "ingress/tcp/1/0.0.0.0/0",
      "ingress/tcp/1/2001:db8::/32",
    ]);
    expect(codes(loaded)).toEqual(["cidr-host-bits", "cidr-host-bits"]);
  });
});

describe("carriers whose conditions nothing decides", () => {
  const text = `${HEAD}Parameters: {Open: {Type: String}}
Conditions: {Unknown: !Equals [!Ref Open, x]}
Resources:
  App: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: vpc-1}}
  Eni: {Type: AWS::EC2::NetworkInterface, Condition: Unknown, Properties: {PrivateIpAddress: 10.0.0.7, GroupSet: [!Ref App]}}
  Box: {Type: AWS::EC2::Instance, Condition: Unknown, Properties: {PrivateIpAddress: 10.0.0.8, SecurityGroupIds: [!Ref App]}}
  Net:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Condition: Unknown
    Properties: {Type: network, SecurityGroups: [!Ref App]}
  Any:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: !Ref Open, SecurityGroups: [!Ref App]}
`;
  const carried = ({ ruleSet }: Pick<LoadedRules, "ruleSet">) =>
    [...ruleSet.interfaces.values()].map(({ id, groupIds }) => [id, ...groupIds]);

  it("are no members for sure: nobody at their addresses is", () => {
    const loaded = load(text);
    expect(carried(loaded)).toEqual([
      ["Eni", "undecided:Eni.Condition"],
      ["Box", "undecided:Box.Condition"],
      ["Net", "App", "undecided:Net.Condition"],
      ["Any", "App"],
    ]);
    expect(codes(loaded)).toEqual(Array(3).fill("template-condition"));
    expect(loaded.ruleSet.interfaces.get("Any")?.type).toBe("network_load_balancer");
  });

  it("are there where the stack has them", () => {
    const stack = { StackResources: [{ LogicalResourceId: "Eni", PhysicalResourceId: "eni-1" }] };
    const loaded = load(text, parameters(stack));
    expect(carried(loaded)[0]).toEqual(["eni-1", "App"]);
    expect(codes(loaded)).toHaveLength(2);
  });

  it("keep in a candidate what they have and are given", () => {
    const before = loadRuleSet([
      json({ SecurityGroups: [awsGroup("sg-1"), awsGroup("sg-2")] }, "groups.json"),
      json(
        {
          NetworkInterfaces: [
            networkInterface("eni-1", ["sg-1", "sg-2"], { PrivateIpAddress: "10.0.0.7" }),
            networkInterface("eni-2", ["sg-2"], {
              PrivateIpAddress: "10.0.0.8",
              Attachment: { InstanceId: "i-1" },
            }),
          ],
        },
        "interfaces.json",
      ),
    ]).ruleSet;
    const stack = [
      ["App", "sg-1"],
      ["Eni", "eni-1"],
      ["Box", "i-1"],
    ].map(([LogicalResourceId, PhysicalResourceId]) => ({ LogicalResourceId, PhysicalResourceId }));
    const { ruleSet } = loadCandidate(before, [yaml(text), parameters({ StackResources: stack })]);
    expect(carried({ ruleSet }).slice(0, 2)).toEqual([
      ["eni-1", "sg-1", "undecided:Eni.Condition"],
      ["eni-2", "undecided:Box.Condition"],
    ]);
  });
});

describe("what else a template holds", () => {
  it("reads interfaces, instances, balancers, lists, VPCs and subnets", () => {
    const { ruleSet } = load(`${HEAD}Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  More: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]}}
  Web: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, VpcId: !Ref Vpc}}
  Office: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: office, AddressFamily: IPv4, MaxEntries: 3, Entries: [{Cidr: 192.0.2.0/24}]}}
  Eni:
    Type: AWS::EC2::NetworkInterface
    Properties:
      SubnetId: !Ref Subnet
      GroupSet: [!Ref Web, !GetAtt Web.GroupId, !Ref Group]
      PrivateIpAddress: 10.0.0.5
      PrivateIpAddresses: [{PrivateIpAddress: 10.0.0.5, Primary: true}, {PrivateIpAddress: 10.0.0.6, Primary: false}]
      Ipv6Addresses: [{Ipv6Address: fd00::5}]
  Box: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [!Ref Web], PrivateIpAddress: 10.0.0.9}}
  Bare: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}
  Nlb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, SecurityGroups: [!Ref Web]}}
Parameters:
  Group: {Type: "AWS::EC2::SecurityGroup::Id"}
`);
    const shown = [...ruleSet.interfaces.values()].map(({ id, groupIds, addresses, type }) => [
      id,
      groupIds.join(),
      addresses.map(formatAddress).join(),
      type,
    ]);
    expect(shown).toEqual([
      ["Eni", "Web,undecided:Eni.GroupSet[2]", "10.0.0.5,10.0.0.6,fd00::5", "interface"],
      ["Box", "Web", "10.0.0.9", "interface"],
      ["Bare", "undecided:Bare.SecurityGroupIds", "", "interface"],
      ["Nlb", "Web", "", "network_load_balancer"],
    ]);
    expect(ruleSet.vpcs.get("Vpc")?.cidrs.map(formatCidr)).toEqual(["10.0.0.0/16", "10.1.0.0/16"]);
    expect(ruleSet.subnets.get("Subnet")).toMatchObject({ vpcId: "Vpc" });
    expect(ruleSet.subnets.get("Subnet")?.cidrs.map(formatCidr)).toEqual(["10.0.0.0/24"]);
    expect(ruleSet.groups.get("Web")?.vpcId).toBe("Vpc");
    expect(ruleSet.prefixLists.get("Office")).toMatchObject({ name: "office", maxEntries: 3 });
  });

  it("reads what get-template answers, of either kind", () => {
    const text = group("- {IpProtocol: -1, CidrIp: 10.0.0.0/8}");
    const answer = json({ TemplateBody: text, StagesAvailable: ["Original"] }, "template.json");
    expect(rules(loadRuleSet([answer]), "Web")).toHaveLength(2);
    const body = { Resources: { A: { Type: "AWS::EC2::SecurityGroup", Properties: {} } } };
    expect([...loadRuleSet([json({ TemplateBody: body })]).ruleSet.groups.keys()]).toEqual(["A"]);
  });

  it("says that loops and transforms are not expanded", () => {
    const text = `${HEAD}Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Groups: [Name, [a, b], {"Group\${Name}": {Type: AWS::EC2::SecurityGroup}}]
  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a}}
`;
    const [first] = inspectRules(load(text));
    expect(first?.message).toContain("1 Fn::ForEach are not expanded");
    expect(first?.message).toContain("transforms are not applied");
  });
});

describe("what a template does not tell of groups", () => {
  const OPEN_IN = "ingress/all/all/undecided:A.SecurityGroupIngress";
  const OPEN_OUT = "egress/all/all/undecided:A.SecurityGroupEgress";
  const DEFAULT = ["egress/all/all/0.0.0.0/0", "egress/all/all/::/0"];
  const A =
    "  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: vpc-1}}\n";
  const B =
    "  B: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b, VpcId: vpc-1}}\n";
  const loop = (id: string, type = "SecurityGroupEgress"): string =>
    `  Fn::ForEach::L: [P, ['1'], {"R\${P}": {Type: AWS::EC2::${type}, Properties: {GroupId: ${id}}}}]\n`;

  it.each<readonly [string, string, boolean, boolean]>([
    ["a loop of its rules", `Resources:\n${A}${B}${loop("!GetAtt A.GroupId")}`, true, false],
    ["a loop that goes over groups", `Resources:\n${A}${B}${loop("!Ref P")}`, true, true],
    ["a loop of topics", `Resources:\n${A}${B}${loop("x", "Topic")}`, false, false],
    [
      "a loop in a loop",
      `Resources:\n${A}${B}  Fn::ForEach::O: [Q, [x], {"Fn::ForEach::I": [P, [y], {"R\${P}": {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !Ref B}}}]}]\n`,
      false,
      true,
    ],
    ["a macro", `Transform: [MyMacro]\nResources:\n${A}${B}`, true, true],
    ["AWS's include", `Transform: {Name: AWS::Include}\nResources:\n${A}${B}`, true, true],
    [
      "extensions of the language",
      `Transform: AWS::LanguageExtensions\nResources:\n${A}${B}`,
      false,
      false,
    ],
    ["a transform of resources", `Resources:\n${A}${B}  Fn::Transform: {Name: M}\n`, true, true],
    [
      "a transform in its properties",
      `Resources:\n${A.replace("VpcId: vpc-1", "VpcId: vpc-1, 'Fn::Transform': {Name: 'AWS::Include'}")}${B}`,
      true,
      false,
    ],
    [
      "a stack inside that is handed it",
      `Resources:\n${A}${B}  In: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x, Parameters: {Id: !GetAtt A.GroupId}}}\n`,
      true,
      false,
    ],
    [
      "a stack inside that is handed none, or is not made",
      `Conditions: {No: !Equals [a, b]}\nResources:\n${A}${B}  In: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x, Parameters: {Id: a}}}\n  No: {Type: AWS::CloudFormation::Stack, Condition: No, Properties: {TemplateURL: x, Parameters: {Id: !Ref A}}}\n`,
      false,
      false,
    ],
    [
      "a module, of whose resources others know",
      `Resources:\n${A}${B}  In: {Type: My::Net::Rules::MODULE, Properties: {Ids: !Sub ["\${X},\${B.GroupId}", {X: !If [No, !Ref A, x]}]}}\n  Q: {Type: AWS::SQS::Queue, Properties: {KmsKey: !Ref InKey}}\nConditions: {No: !Equals [a, b]}\n`,
      true,
      true,
    ],
  ])("what is made by %s", (_, text, isA, isB) => {
    const loaded = load(HEAD + text);
    expect(rules(loaded, "A")).toEqual(isA ? [OPEN_IN, OPEN_OUT] : DEFAULT);
    expect(rules(loaded, "B")).toEqual(
      isB ? [OPEN_IN, OPEN_OUT].map((rule) => rule.replace("A.", "B.")) : DEFAULT,
    );
    if (isA || isB) expect(codes(loaded)).not.toEqual([]);
  });

  it("what a macro makes of what is written", () => {
    const text = (transform: string) => `${HEAD}Transform: [${transform}]
Resources:
  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}
  R: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !Ref A, IpProtocol: -1, CidrIp: 10.0.0.0/8}}
  E: {Type: AWS::EC2::NetworkInterface, Properties: {GroupSet: [!Ref A]}}
  L: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: l, AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 10.0.0.0/8}]}}
`;
    const macro = load(text("Hardening"));
    expect(rules(macro, "A")).toEqual([OPEN_IN, OPEN_OUT, "ingress/all/all/undecided:R.Transform"]);
    expect(macro.ruleSet.interfaces.get("E")?.groupIds).toEqual(["undecided:E.Transform"]);
    expect(macro.ruleSet.prefixLists.get("L")?.cidrs).toBeUndefined();
    const include = load(text("AWS::Include"));
    expect(rules(include, "A")).toContain("ingress/all/all/0.0.0.0/0");
    expect(include.ruleSet.interfaces.get("E")?.groupIds).toEqual(["A"]);
  });

  it("whose a rule is: it is undecided in each that may be meant, and in no other", () => {
    const text = (id: string): string => `${HEAD}Parameters: {P: {Type: String}}
Conditions: {OnA: !Equals [!Ref P, a]}
Resources:
${A}${B}  C: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: c}}
  In:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: ${id}, IpProtocol: "-1", CidrIp: 10.0.0.0/8}
  Out:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: ${id}, IpProtocol: "-1", CidrIp: 10.0.0.0/8}
`;
    const either = load(text("!If [OnA, !Ref A, !GetAtt B.GroupId]"));
    for (const id of ["A", "B"])
      expect(rules(either, id)).toEqual([
        `egress/all/all/undecided:${id}.SecurityGroupEgress`,
        "ingress/all/all/undecided:In.GroupId",
        "egress/all/all/undecided:Out.GroupId",
      ]);
    expect(rules(either, "C")).toEqual(DEFAULT);
    expect(codes(either)).toContain("template-rule-without-group");
    expect(rules(load(text("!Ref P")), "C")).toContain("ingress/all/all/undecided:In.GroupId");
  });

  it.each([
    ["SourceSecurityGroupName: web, SourceSecurityGroupOwnerId: '999999999999'", false],
    ["SourceSecurityGroupName: web, SourceSecurityGroupOwnerId: !Ref P", false],
    ["SourceSecurityGroupName: web, SourceSecurityGroupOwnerId: !Ref 'AWS::AccountId'", true],
    ["SourceSecurityGroupName: web, SourceSecurityGroupOwnerId: '111122223333'", true],
    ["SourceSecurityGroupName: web", true],
    ["SourceSecurityGroupId: !Ref Web, SourceSecurityGroupOwnerId: '999999999999'", false],
    ["SourceSecurityGroupId: !Ref Web, SourceSecurityGroupOwnerId: '111122223333'", true],
    ["SourceSecurityGroupId: sg-9, SourceSecurityGroupOwnerId: !Ref P", false],
  ])("which group of which account is meant: {%s}", (peer, isDecided) => {
    const stack = {
      Stacks: [{ StackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/net/1" }],
    };
    const text = group(`- {IpProtocol: -1, ${peer}}`, "Parameters: {P: {Type: String}}\n");
    const loaded = load(
      text.replace("VpcId", "GroupName: web\n      VpcId"),
      json(stack, "s.json"),
    );
    const [first = ""] = rules(loaded, "Web");
    if (isDecided) expect(first).toBe("ingress/all/all/Web");
    else expect(first).toMatch(/undecided:Web\.SecurityGroupIngress\[0\]/);
  });
});

describe("several templates", () => {
  const NET = `${HEAD}Resources:
  Db: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d, VpcId: vpc-1}}
Outputs:
  Sg: {Value: !GetAtt Db.GroupId, Export: {Name: db-sg}}
  Role: {Value: !GetAtt MadeByServerless.Arn, Export: {Name: role}}
`;
  const rule = (groupId: string, type = "Ingress") => `${HEAD}Parameters: {Id: {Type: String}}
Resources:
  R:
    Type: AWS::EC2::SecurityGroup${type}
    Properties: {GroupId: ${groupId}, IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}
`;

  it.each<readonly [string, string, readonly string[]]>([
    ["is exported", rule("!ImportValue db-sg"), ["ingress/tcp/1/10.0.0.0/8"]],
    ["nothing tells", rule("!Ref Id"), ["ingress/all/all/undecided:R.GroupId"]],
    ["lets out by default", rule("!ImportValue db-sg", "Egress"), ["egress/tcp/1/10.0.0.0/8"]],
  ])("have rules of each other's groups: one that %s", (_, text, expected) => {
    for (const names of [
      ["a.yaml", "b.yaml"],
      ["b.yaml", "a.yaml"],
    ]) {
      const loaded = loadRuleSet([yaml(NET, names[0]), yaml(text, names[1])]);
      const found = rules(loaded, "Db");
      expect(found).toEqual(expect.arrayContaining([...expected]));
      const isOpen = found.includes("egress/all/all/0.0.0.0/0");
      expect(isOpen).toBe(!text.includes("SecurityGroupEgress"));
    }
  });
});

describe("values that documents do not tell", () => {
  const TEMPLATE = (value: string): string =>
    group(
      `- {IpProtocol: -1, CidrIp: ${value}}`,
      `Parameters:
  C: {Type: String, Default: 0.0.0.0/0}
  S: {Type: String, NoEcho: true, Default: 0.0.0.0/0}
  N: {Type: "AWS::SSM::Parameter::Value<String>", Default: 10.0.0.0-cidr}
Conditions: {IsDev: !Equals [!Ref "AWS::StackName", dev]}
`,
    ).replace(
      "Resources:\n",
      "Resources:\n  Look: {Type: 'Custom::Alloc', Properties: {CidrBlock: 10.0.0.0/8}}\n",
    );
  const stack = (name: string, ...given: readonly object[]): object => ({
    StackName: name,
    StackId: `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/1`,
    Parameters: given,
  });
  const C = { ParameterKey: "C", ParameterValue: "10.1.0.0/16" };
  const CHOICE = "!If [IsDev, 10.1.0.0/16, 10.2.0.0/16]";

  it.each<readonly [string, string, unknown, string | undefined]>([
    [
      "a value that stays as it was",
      "!Ref C",
      [{ ParameterKey: "C", UsePreviousValue: true }],
      undefined,
    ],
    ["a secret", "!Ref S", [{ ParameterKey: "S", ParameterValue: "****" }], undefined],
    ["a secret of other length", "!Ref S", { S: "*****" }, undefined],
    ["a name of Systems Manager", "!Ref N", { C: "10.1.0.0/16" }, undefined],
    ["a given name of Systems Manager", "!Ref N", { N: "10.9.0.0/16" }, undefined],
    ["what another resource answers", "!GetAtt Look.CidrBlock", { C: "10.1.0.0/16" }, undefined],
    ["one stack", CHOICE, { Stacks: [stack("dev")] }, "10.1.0.0/16"],
    ["one of two stacks", CHOICE, { Stacks: [stack("dev"), stack("prod")] }, undefined],
    [
      "a parameter of one of two stacks",
      "!Ref C",
      { Stacks: [stack("dev", C), stack("prod")] },
      undefined,
    ],
    [
      "a parameter of both stacks",
      "!Ref C",
      { Stacks: [stack("dev", C), stack("prod", C)] },
      "10.1.0.0/16",
    ],
  ])("%s", (_, value, given, expected) => {
    const [first] = rules(load(TEMPLATE(value), parameters(given)), "Web");
    const peer = expected ?? "undecided:Web.SecurityGroupIngress[0].CidrIp";
    expect(first).toBe(`ingress/all/all/${peer}`);
  });
});

describe("interfaces without groups of their own", () => {
  it.each([
    ["AWS::EC2::NetworkInterface, Properties: {SubnetId: subnet-1}", "undecided:It.GroupSet"],
    ["AWS::EC2::NetworkInterface, Properties: {GroupSet: []}", "undecided:It.GroupSet"],
    ["AWS::EC2::Instance, Properties: {ImageId: ami-1}", "undecided:It.SecurityGroupIds"],
    [
      "AWS::EC2::Instance, Properties: {SecurityGroupIds: [!If [No, sg-1, !Ref 'AWS::NoValue']]}",
      "undecided:It.SecurityGroupIds",
    ],
    [
      "AWS::EC2::Instance, Properties: {NetworkInterfaces: [{DeviceIndex: 0, GroupSet: []}]}",
      "undecided:It.GroupSet",
    ],
    ["AWS::ElasticLoadBalancingV2::LoadBalancer", "undecided:It.SecurityGroups"],
  ])("carry AWS's default group, which nothing tells: %s", (resource, expected) => {
    const loaded = load(
      `${HEAD}Conditions: {No: !Equals [a, b]}\nResources:\n  It: {Type: ${resource}}\n`,
    );
    expect(loaded.ruleSet.interfaces.get("It")?.groupIds).toEqual([expected]);
    expect(codes(loaded)).toEqual(["template-open"]);
  });
});

describe("a template as a candidate", () => {
  const ACCOUNT = [
    json({
      SecurityGroups: [
        awsGroup(
          "sg-1",
          [permission({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] })],
          [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
          { GroupName: "web" },
        ),
        awsGroup("sg-2", [], [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })], {
          GroupName: "db",
        }),
      ],
    }),
    json(
      {
        NetworkInterfaces: [
          networkInterface("eni-1", ["sg-1"], { Attachment: { InstanceId: "i-1" } }),
        ],
      },
      "eni.json",
    ),
  ];
  const before = loadRuleSet(ACCOUNT).ruleSet;
  const TEMPLATE = `${HEAD}Resources:
  Web: {Type: AWS::EC2::SecurityGroup, Properties: {GroupName: web, GroupDescription: web, VpcId: vpc-1}}
  Db: {Type: AWS::EC2::SecurityGroup, Properties: {GroupName: db, GroupDescription: db, VpcId: vpc-1}}
  New: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: new, VpcId: vpc-1}}
  Box: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [!Ref New]}}
`;

  it("finds its groups by name or by the stack, and its instances by the stack", () => {
    const stack = { StackResources: [{ LogicalResourceId: "Box", PhysicalResourceId: "i-1" }] };
    const after = loadCandidate(before, [yaml(TEMPLATE), parameters(stack)]);
    // What is open to everybody stays so; whether other egress rules go is nothing a template says.
    expect(rules(after, "sg-1")).toEqual(["egress/all/all/0.0.0.0/0"]);
    expect(rules(after, "sg-2")).toEqual(["egress/all/all/undecided:Db.SecurityGroupEgress"]);
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["New"]);
    expect(codes(after)).toContain("template-group-new");
  });

  it.each<readonly [string, string, object, string | undefined, string | undefined]>([
    [
      "in a VPC that is yet to be made",
      "web, VpcId: !Ref Vpc",
      {},
      undefined,
      "template-group-new",
    ],
    ["in a VPC that is open", "web, VpcId: !Ref P", {}, undefined, "template-group-new"],
    ["in its VPC", "web, VpcId: !Ref Q", {}, "sg-1", "template-default"],
    ["without a VPC", "web", {}, "sg-1", undefined],
    ["by a name in place of its id", "x", { PhysicalResourceId: "web" }, "sg-1", undefined],
    [
      "by a name that nothing has",
      "x",
      { PhysicalResourceId: "y" },
      undefined,
      "template-group-name",
    ],
    [
      "by an id that the stack deleted",
      "x",
      { PhysicalResourceId: "sg-1", ResourceStatus: "DELETE_COMPLETE" },
      undefined,
      "template-group-new",
    ],
  ])("finds a group %s", (_, name, physical, id, code) => {
    const text = `${HEAD}Parameters: {P: {Type: String}, Q: {Type: String, Default: vpc-1}}
Resources:
  It: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, GroupName: ${name}}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
`;
    const stack = { StackResources: [{ LogicalResourceId: "It", ...physical }] };
    const after = loadCandidate(before, [yaml(text), parameters(stack)]);
    expect(after.ruleSet.groups.get(id ?? "It")?.at.file).toBe("stack.yaml");
    expect(after.ruleSet.groups.size).toBe(id === undefined ? 3 : 2);
    // The template holds no rule of the group that it finds.
    if (code === undefined) expect(codes(after)).toEqual(["template-rules-left-out"]);
    else expect(codes(after)).toContain(code);
  });

  it("leaves of interfaces, VPCs and subnets what it does not tell", () => {
    const base = loadRuleSet([
      ...ACCOUNT,
      json(
        {
          NetworkInterfaces: [
            networkInterface("eni-2", ["sg-2"], {
              VpcId: "vpc-1",
              InterfaceType: "efa",
              PrivateIpAddress: "10.0.0.6",
              Ipv6Addresses: [{ Ipv6Address: "2001:db8::6" }],
              Ipv4Prefixes: [{ Ipv4Prefix: "10.0.1.0/28" }],
              Attachment: { InstanceId: "i-2", AttachTime: "2024-01-01T00:00:00.000Z" },
            }),
          ],
        },
        "more.json",
      ),
      json(
        {
          Vpcs: [
            {
              VpcId: "vpc-1",
              CidrBlock: "10.0.0.0/16",
              Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/56" }],
            },
          ],
        },
        "vpcs.json",
      ),
    ]).ruleSet;
    const text = `${HEAD}Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}
  Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: subnet-1, GroupSet: [sg-1]}}
`;
    const stack = [
      ["Vpc", "vpc-1"],
      ["Eni", "eni-2"],
    ].map(([LogicalResourceId, PhysicalResourceId]) => ({ LogicalResourceId, PhysicalResourceId }));
    const { ruleSet } = loadCandidate(base, [yaml(text), parameters({ StackResources: stack })]);
    const { at: _, ...before } = base.interfaces.get("eni-2")!;
    expect(ruleSet.interfaces.get("eni-2")).toMatchObject({ ...before, groupIds: ["sg-1"] });
    const blocks = ruleSet.vpcs.get("vpc-1")?.cidrs.map(formatCidr);
    expect(blocks).toEqual(["10.0.0.0/16", "2001:db8::/56"]);
  });

  it("says what stays that the stack deletes", () => {
    const text = `${HEAD}Conditions: {No: !Equals [a, b]}
Resources:
  It: {Type: AWS::EC2::SecurityGroup, Condition: No, Properties: {GroupDescription: x, GroupName: web, VpcId: vpc-1}}
`;
    const after = loadCandidate(before, [yaml(text)]);
    expect(after.ruleSet.groups.has("sg-1")).toBe(true);
    expect(codes(after)).toEqual(["template-group-left"]);
  });

  it("does not say which of an instance's interfaces has the groups", () => {
    const base = loadRuleSet([
      ...ACCOUNT,
      json(
        {
          NetworkInterfaces: [
            networkInterface("eni-2", ["sg-1", "sg-2"], {
              PrivateIpAddress: "10.0.0.6",
              Attachment: { InstanceId: "i-1" },
            }),
          ],
        },
        "more.json",
      ),
    ]).ruleSet;
    const text = `${HEAD}Resources:\n  Box: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [sg-2]}}\n`;
    const stack = { StackResources: [{ LogicalResourceId: "Box", PhysicalResourceId: "i-1" }] };
    const after = loadCandidate(base, [yaml(text), parameters(stack)]);
    const groups = ["eni-1", "eni-2"].map((id) => after.ruleSet.interfaces.get(id)?.groupIds);
    expect(groups).toEqual([["undecided:Box.interfaces"], ["sg-2", "undecided:Box.interfaces"]]);
    expect(codes(after)).toEqual(["template-instance-interfaces"]);
  });
});

describe("what is refused in templates", () => {
  it.each([
    [
      group("- {IpProtocol: tcp, FromPort: 70000, ToPort: 1, CidrIp: 10.0.0.0/8}"),
      "ports-out-of-range",
      /^stack\.yaml:9:39: Web: Resources\.Web\.Properties\.SecurityGroupIngress\.0\.FromPort: 70000/,
    ],
    [
      group("- {IpProtocol: tcp, FromPort: x, ToPort: 1, CidrIp: 10.0.0.0/8}"),
      "rules-shape",
      /expected a port, found "x"/,
    ],
    [
      group("- {IpProtocol: -1, CidrIp: 10.0.0.0/8, CidrIpv6: '::/0'}"),
      "rules-shape",
      /exactly one of CidrIp/,
    ],
    [group("- {CidrIp: 10.0.0.0/8}"), "rules-shape", /IpProtocol: the key is missing/],
    [
      group("- {IpProtocol: -1, CidrIp: !Ref Nothing}"),
      "template-reference",
      /"Nothing" is neither a parameter nor a resource/,
    ],
    [
      group("- {IpProtocol: -1, CidrIp: !If [Nothing, a, b]}"),
      "template-reference",
      /"Nothing" is no condition/,
    ],
    [group("- text"), "rules-shape", /expected a mapping, found "text"/],
    [
      `${HEAD}Resources: {A: {Properties: {}}, B: {Type: x}}`,
      "template-shape",
      /A: Resources\.A\.Type: a resource has no type/,
    ],
    [
      `${HEAD}Conditions: {A: !Not [!Condition A]}\nResources: {B: {Type: x, Condition: A}}`,
      "template-reference",
      /rests on itself/,
    ],
  ])("%#", (text, code, message) => {
    const error = refusal(() => load(text));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("stops where two stacks have the same logical id", () => {
    const stack = (id: string, name: string) =>
      json({ StackResources: [{ LogicalResourceId: "Web", PhysicalResourceId: id }] }, name);
    const text = group("- {IpProtocol: -1, CidrIp: 10.0.0.0/8}");
    const error = refusal(() => load(text, stack("sg-1", "a.json"), stack("sg-2", "b.json")));
    expect(error.code).toBe("template-ambiguous");
  });

  it("stops where two templates have the same logical id", () => {
    const text = group("- {IpProtocol: -1, CidrIp: 10.0.0.0/8}");
    const error = refusal(() => loadRuleSet([yaml(text, "a.yaml"), yaml(text, "b.yaml")]));
    expect(error.code).toBe("template-ambiguous");
    expect(error.message).toMatch(/b\.yaml:.*Web stands in another template too, at a\.yaml/);
  });

  it("does not hang on functions inside functions", () => {
    let value = "'x'";
    for (let i = 0; i < 20; i++) value = `!Sub ['\${A}\${A}\${A}', {A: ${value}}]`;
    const text = group(`- {IpProtocol: -1, CidrIp: ${value}}`);
    const started = performance.now();
    expect(rules(load(text), "Web")[0]).toBe(
      "ingress/all/all/undecided:Web.SecurityGroupIngress[0].CidrIp",
    );
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
