// Groups that change on interfaces which AWS made for something: whatever cannot be told is undecided, never as it was.
import { describe, expect, it } from "vitest";
import { type LoadedCandidate, loadCandidate, loadRuleSet } from "../../src/rules/index.js";
import { group, json, networkInterface, permission } from "./documents.js";
import {
  type Change,
  configured,
  document,
  plan,
  refers,
  resource,
  state,
} from "./terraform/terraform-json.js";

const WEB = permission({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
const OPEN = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
const DNS = { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: "10.0.0.2/32" }] };

/** Every one carries sg-1, the second function sg-2, the last both. */
const BASE = loadRuleSet([
  json({
    SecurityGroups: [
      group("sg-1", [WEB], [OPEN, DNS]),
      group("sg-2", [WEB], [DNS]),
      group("sg-3", [], []),
    ],
    NetworkInterfaces: [
      networkInterface("eni-db", ["sg-1"], { RequesterId: "amazon-rds" }),
      networkInterface("eni-fn", ["sg-1"], { InterfaceType: "lambda" }),
      networkInterface("eni-fn2", ["sg-2"], { InterfaceType: "lambda" }),
      networkInterface("eni-elb", ["sg-1"], { Description: "ELB shop" }),
      networkInterface("eni-alb", ["sg-1"], { Description: "ELB app/shop/50dc6c495c0c9188" }),
      networkInterface("eni-vpce", ["sg-1"], { Description: "VPC Endpoint Interface vpce-1" }),
      networkInterface("eni-ec2", ["sg-1"], { Attachment: { InstanceId: "i-1" } }),
      networkInterface("eni-any", ["sg-1", "sg-2"]),
    ],
  }),
]).ruleSet;

/** Groups of the interfaces that do not carry what they did. */
function moved({ ruleSet }: LoadedCandidate): Record<string, readonly string[]> {
  const found = [...BASE.interfaces.values()].flatMap(({ id, groupIds }) => {
    const next = ruleSet.interfaces.get(id)?.groupIds ?? ["gone"];
    return next.join() === groupIds.join() ? [] : [[id.slice(4), next] as const];
  });
  return Object.fromEntries(found);
}

function codes({ report }: LoadedCandidate): readonly string[] {
  return report.findings.map(({ code }) => code);
}

describe("a Terraform plan moves groups", () => {
  function planned(...changes: readonly Change[]): LoadedCandidate {
    return loadCandidate(BASE, [document(plan({ changes }))]);
  }

  function update(type: string, attribute: string, rest: object = {}): Change {
    const address = `${type}.it`;
    const values = (group: string): object =>
      attribute.split(".").reduceRight<object | string[]>(
        (inner, key) => {
          return Array.isArray(inner) ? { [key]: inner } : { [key]: [inner] };
        },
        [group],
      ) as object;
    return {
      address,
      actions: ["update"],
      before: { ...values("sg-1"), ...rest },
      after: { ...values("sg-3"), ...rest },
    };
  }

  const lost = (address: string): readonly string[] => [`undecided:${address}`];
  it.each<readonly [string, Change, object]>([
    [
      "a database: whatever RDS may have made that carries the old group",
      update("aws_db_instance", "vpc_security_group_ids"),
      {
        db: lost("aws_db_instance.it.vpc_security_group_ids"),
        any: ["sg-2", ...lost("aws_db_instance.it.vpc_security_group_ids")],
      },
    ],
    [
      "a function, in a block",
      update("aws_lambda_function", "vpc_config.security_group_ids"),
      {
        fn: lost("aws_lambda_function.it.vpc_config.security_group_ids"),
        any: ["sg-2", ...lost("aws_lambda_function.it.vpc_config.security_group_ids")],
      },
    ],
    [
      "a classic load balancer, by its name",
      update("aws_elb", "security_groups", { name: "shop" }),
      { elb: ["sg-3"] },
    ],
    [
      "an endpoint that tells its interfaces",
      update("aws_vpc_endpoint", "security_group_ids", { network_interface_ids: ["eni-vpce"] }),
      { vpce: ["sg-3"] },
    ],
    [
      "a launch template: instances",
      update("aws_launch_template", "vpc_security_group_ids"),
      {
        ec2: lost("aws_launch_template.it.vpc_security_group_ids"),
        any: ["sg-2", ...lost("aws_launch_template.it.vpc_security_group_ids")],
      },
    ],
    [
      "a database that is gone",
      { ...update("aws_db_instance", "vpc_security_group_ids"), actions: ["delete"], after: null },
      {
        db: lost("aws_db_instance.it.vpc_security_group_ids"),
        any: ["sg-2", ...lost("aws_db_instance.it.vpc_security_group_ids")],
      },
    ],
    [
      "a load balancer that is gone",
      {
        ...update("aws_elb", "security_groups", { name: "shop" }),
        actions: ["delete"],
        after: null,
      },
      { elb: ["gone"] },
    ],
    [
      "a group more on an endpoint",
      {
        address: "aws_vpc_endpoint_security_group_association.it",
        actions: ["create"],
        after: { vpc_endpoint_id: "vpce-1", security_group_id: "sg-2" },
      },
      { vpce: ["sg-1", "sg-2"] },
    ],
    [
      "a group less on an endpoint",
      {
        address: "aws_vpc_endpoint_security_group_association.it",
        actions: ["delete"],
        before: { vpc_endpoint_id: "vpce-1", security_group_id: "sg-1" },
      },
      { vpce: [] },
    ],
    [
      "a database that is yet to be made",
      {
        address: "aws_db_instance.it",
        actions: ["create"],
        after: { vpc_security_group_ids: ["sg-1"] },
      },
      {},
    ],
    [
      "a database that keeps its groups",
      {
        address: "aws_db_instance.it",
        actions: ["update"],
        before: { vpc_security_group_ids: ["sg-1"], port: 1 },
        after: { vpc_security_group_ids: ["sg-1"], port: 2 },
      },
      {},
    ],
  ])("of %s", (_, change, expected) => {
    expect(moved(planned(change))).toEqual(expected);
  });

  it("of a type that nobody knows, on all that carry the old group but what the plan holds itself", () => {
    const change = update("aws_new_thing", "security_group_ids", { id: "x" });
    const prior = [resource("aws_instance.i", { id: "i-1", vpc_security_group_ids: ["sg-1"] })];
    const found = moved(loadCandidate(BASE, [document(plan({ prior, changes: [change] }))]));
    expect(Object.keys(found)).toEqual(["db", "fn", "elb", "alb", "vpce", "any"]);
  });

  it("and keeps what stays either way, or what the configuration names", () => {
    const change: Change = {
      address: "aws_db_instance.it",
      actions: ["update"],
      before: { vpc_security_group_ids: ["sg-1"] },
      after: {},
      unknown: { vpc_security_group_ids: true },
    };
    const added: Change = { address: "aws_security_group.new", actions: ["create"], after: {} };
    const configuration = {
      resources: [
        configured("aws_db_instance.it", {
          vpc_security_group_ids: refers("aws_security_group.new.id", "aws_security_group.old.id"),
        }),
      ],
    };
    const prior = [resource("aws_security_group.old", { id: "sg-1", vpc_id: "vpc-1" })];
    const text = document(plan({ prior, changes: [change, added], configuration }));
    expect(moved(loadCandidate(BASE, [text])).db).toEqual([
      "sg-1",
      "undecided:aws_db_instance.it.vpc_security_group_ids",
    ]);
  });

  it("and says which interfaces it may be", () => {
    const [finding, ...more] = planned(update("aws_db_instance", "vpc_security_group_ids")).report
      .findings;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: "interface-unknown", subject: "aws_db_instance.it" });
    expect(finding?.message).toContain("it may be eni-db, eni-any");
  });
});

describe("a Terraform state as a candidate", () => {
  function stated(values: object): LoadedCandidate {
    return loadCandidate(BASE, [document(state(resource("aws_db_instance.it", { ...values })))]);
  }

  it("changes nothing where an interface of the service carries what it says", () => {
    expect(moved(stated({ vpc_security_group_ids: ["sg-1"] }))).toEqual({});
  });

  it("leaves open what it may have changed", () => {
    const found = stated({ vpc_security_group_ids: ["sg-3"] });
    expect(moved(found)).toEqual({ db: ["undecided:aws_db_instance.it.vpc_security_group_ids"] });
    expect(codes(found)).toEqual(["interface-unknown"]);
  });

  it.each<readonly [string, object, object]>([
    ["its groups", { security_groups: ["sg-2"] }, { alb: ["sg-2"] }],
    [
      "none, which an application balancer cannot have",
      { security_groups: null },
      { alb: ["undecided:aws_lb.it.security_groups"] },
    ],
  ])("gives the interfaces of a load balancer %s", (_, groups, expected) => {
    const lb = { arn_suffix: "app/shop/50dc6c495c0c9188", ...groups };
    const found = loadCandidate(BASE, [document(state(resource("aws_lb.it", lb)))]);
    expect(moved(found)).toEqual(expected);
  });
});

describe("a change set moves groups", () => {
  function changed(type: string, before: object | null, after: object | null, more = {}) {
    const context = (Properties: object | null): string | undefined =>
      Properties === null ? undefined : JSON.stringify({ Properties });
    return loadCandidate(BASE, [
      json(
        {
          ChangeSetId: "next",
          Changes: [
            {
              ResourceChange: {
                Action: after === null ? "Remove" : "Modify",
                LogicalResourceId: "It",
                ResourceType: type,
                BeforeContext: context(before),
                AfterContext: context(after),
                ...more,
              },
            },
          ],
        },
        "changes.json",
      ),
    ]);
  }

  it("of a function, beside what stays", () => {
    const found = changed(
      "AWS::Lambda::Function",
      { VpcConfig: { SecurityGroupIds: ["sg-1"] } },
      { VpcConfig: { SecurityGroupIds: ["sg-1", "{{changeSet:KNOWN_AFTER_APPLY}}"] } },
    );
    const open = "undecided:It.VpcConfig.SecurityGroupIds";
    expect(moved(found)).toEqual({ fn: [open], any: ["sg-2", open] });
  });

  it("of a classic load balancer, by its name", () => {
    const lists = [{ SecurityGroups: ["sg-1"] }, { SecurityGroups: ["sg-2"] }] as const;
    const type = "AWS::ElasticLoadBalancing::LoadBalancer";
    expect(moved(changed(type, ...lists, { PhysicalResourceId: "shop" }))).toEqual({
      elb: ["sg-2"],
    });
    expect(moved(changed(type, {}, null, { PhysicalResourceId: "shop" }))).toEqual({
      elb: ["gone"],
    });
  });

  it("and is refused where it does not tell what", () => {
    const Details = [{ Target: { Attribute: "Properties", Name: "VPCSecurityGroups" } }];
    const contexts = { BeforeContext: undefined, AfterContext: undefined };
    expect(() => changed("AWS::RDS::DBInstance", {}, {}, { ...contexts, Details })).toThrow(
      /does not tell what the properties are/,
    );
    expect(codes(changed("AWS::S3::Bucket", {}, {}, { ...contexts, Details: [] }))).toEqual([]);
  });
});

describe("a template over rules", () => {
  const HEAD = "AWSTemplateFormatVersion: 2010-09-09\n";
  function laid(resources: string, parameters?: object): LoadedCandidate {
    const text = `${HEAD}Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\nResources:\n${resources}`;
    const stack = parameters && { ...json(parameters, "stack.json"), isParameters: true };
    return loadCandidate(BASE, [
      { name: "stack.yaml", text },
      ...(stack === undefined ? [] : [stack]),
    ]);
  }
  const db = (groups: string): string =>
    `  Db: {Type: AWS::RDS::DBInstance, Properties: {VPCSecurityGroups: ${groups}}}\n`;

  it.each<readonly [string, string, object]>([
    ["carried by one of its service", db("[sg-1]"), {}],
    ["carried by none", db("[sg-1, sg-2]"), { db: ["sg-1", "undecided:Db.VPCSecurityGroups"] }],
    ["that nothing decides", db("[!Ref P]"), { db: ["undecided:Db.VPCSecurityGroups"] }],
    [
      "in a branch that nothing decides",
      "  Fn: {Type: AWS::Lambda::Function, Properties: {VpcConfig: !If [C, {SecurityGroupIds: [sg-1]}, !Ref AWS::NoValue]}}\n",
      { fn: ["undecided:Fn.VpcConfig"], fn2: ["undecided:Fn.VpcConfig"] },
    ],
    [
      "of an instance that nobody tells",
      "  I: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [sg-2]}}\n",
      { ec2: ["undecided:I.SecurityGroupIds"] },
    ],
    [
      "of a load balancer by its name",
      "  L: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: shop, SecurityGroups: [sg-2]}}\n",
      { alb: ["undecided:L.SecurityGroups"] },
    ],
    [
      "of a load balancer that is yet to be made",
      "  L: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: new, SecurityGroups: [sg-2]}}\n",
      {},
    ],
  ])("settles groups %s", (_, resources, expected) => {
    expect(moved(laid(resources))).toEqual(expected);
  });

  it("takes what its stack does not have for new", () => {
    const topic = {
      LogicalResourceId: "T",
      PhysicalResourceId: "t",
      ResourceType: "AWS::SNS::Topic",
    };
    const stack = { StackResources: [{ ...topic, ResourceStatus: "CREATE_COMPLETE" }] };
    expect(moved(laid(`${db("[sg-3]")}  T: {Type: AWS::SNS::Topic}\n`, stack))).toEqual({});
  });

  function egress({ ruleSet }: LoadedCandidate, id: string): readonly string[] {
    const { rules } = ruleSet.groups.get(id)!;
    return rules.flatMap(({ direction, id: name }) =>
      direction === "egress" ? [name.slice(id.length + 8)] : [],
    );
  }
  const out = (groupId: string, port: number): string =>
    `  Out: {Type: AWS::EC2::SecurityGroupEgress, Properties: {GroupId: ${groupId}, IpProtocol: udp, FromPort: ${port}, ToPort: ${port}, CidrIp: 10.0.0.2/32}}\n`;

  it("does not know whether AWS's open egress outlasts the first rule that it adds elsewhere", () => {
    expect(egress(laid(out("sg-1", 54)), "sg-1")).toEqual([
      "udp/53/10.0.0.2/32",
      "udp/54/10.0.0.2/32",
      "all/all/undecided:Out.Properties",
    ]);
  });

  it("knows it of a group that has the rule, or no open egress", () => {
    const kept = ["all/all/0.0.0.0/0", "udp/53/10.0.0.2/32"];
    expect(egress(laid(out("sg-1", 53)), "sg-1")).toEqual(kept);
    expect(egress(laid(out("sg-2", 54)), "sg-2")).toEqual([kept[1], "udp/54/10.0.0.2/32"]);
  });

  it("leaves a rule of a group that nothing decides open in all that it may be", () => {
    const found = laid(out("!Ref P", 54));
    const open = "all/all/undecided:Out.GroupId";
    expect(egress(found, "sg-1")).toEqual(["udp/53/10.0.0.2/32", open]);
    expect(egress(found, "sg-2")).toEqual(["udp/53/10.0.0.2/32", open]);
  });
});

describe("network ACLs that change", () => {
  const acl = (id: string, subnets: readonly string[], isDefault = false): object => ({
    NetworkAclId: id,
    VpcId: "vpc-1",
    IsDefault: isDefault,
    Associations: subnets.map((SubnetId) => ({ NetworkAclId: id, SubnetId })),
    Entries: [
      {
        CidrBlock: "0.0.0.0/0",
        Egress: false,
        Protocol: "-1",
        RuleAction: "deny",
        RuleNumber: 100,
      },
    ],
  });
  const RULES = loadRuleSet([
    json({
      SecurityGroups: [group("sg-1", [WEB], [OPEN])],
      NetworkInterfaces: [
        networkInterface("eni-1", ["sg-1"]),
        networkInterface("eni-2", ["sg-1"], { SubnetId: "subnet-2" }),
      ],
      NetworkAcls: [acl("acl-1", ["subnet-1"]), acl("acl-2", [], true)],
    }),
  ]).ruleSet;

  /** Groups, and which list lets through what. */
  function seen({ ruleSet }: LoadedCandidate): readonly string[] {
    return [...ruleSet.interfaces.values()].map(({ groupIds, subnetId = "" }) => {
      const list = [...ruleSet.acls.values()].find(({ subnetIds }) => subnetIds.includes(subnetId));
      return `${groupIds.join()} ${list?.id ?? "default"} ${list?.entries[0]?.action ?? ""}`;
    });
  }
  const KEPT = ["sg-1 acl-1 deny", "sg-1 default "] as const;
  const open = (subject: string): string =>
    `undecided:${subject}.entries undecided:${subject}.entries allow`;

  it.each<readonly [string, Change, readonly string[]]>([
    [
      "a rule of a list",
      {
        address: "aws_network_acl_rule.it",
        actions: ["create"],
        after: { network_acl_id: "acl-1", rule_number: 1 },
      },
      [open("aws_network_acl_rule.it"), KEPT[1]],
    ],
    [
      "the default list",
      {
        address: "aws_default_network_acl.it",
        actions: ["update"],
        before: { id: "acl-2", ingress: [] },
        after: { id: "acl-2", ingress: [{}] },
      },
      [KEPT[0], open("aws_default_network_acl.it")],
    ],
    [
      "a list that comes to a subnet",
      {
        address: "aws_network_acl.it",
        actions: ["create"],
        after: { subnet_ids: ["subnet-2"] },
        unknown: { id: true },
      },
      [KEPT[0], open("aws_network_acl.it")],
    ],
    [
      "names of a list",
      {
        address: "aws_network_acl.it",
        actions: ["update"],
        before: { id: "acl-1", ingress: [], tags: {} },
        after: { id: "acl-1", ingress: [], tags: { a: "b" } },
      },
      KEPT,
    ],
  ])("in a plan: %s", (_, change, expected) => {
    const found = loadCandidate(RULES, [document(plan({ changes: [change] }))]);
    expect(seen(found)).toEqual(expected);
    expect(codes(found)).toEqual(expected === KEPT ? [] : ["plan-partial"]);
  });

  it.each<readonly [string, ReturnType<typeof json>]>([
    ["a state", document(state(resource("aws_network_acl_rule.it", { network_acl_id: "acl-1" })))],
    [
      "a template",
      {
        name: "stack.yaml",
        text: "Resources: {It: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: acl-1}}}",
      },
    ],
  ])("are not read in %s: the lists are undecided", (kind, text) => {
    const found = loadCandidate(RULES, [text]);
    const name = kind === "a state" ? "aws_network_acl_rule.it" : "It";
    expect(seen(found)).toEqual([open(name), KEPT[1]]);
    expect(codes(found)).toEqual(["plan-partial"]);
  });

  it("of a state stay the rules' where other documents tell them", () => {
    const it = state(resource("aws_network_acl_rule.it", { network_acl_id: "acl-1" }));
    const lists = json(
      { NetworkAcls: [acl("acl-1", ["subnet-1"]), acl("acl-2", [], true)] },
      "a.json",
    );
    expect(seen(loadCandidate(RULES, [document(it), lists]))).toEqual(KEPT);
  });

  it("of a template without ids may be any", () => {
    const text = "Resources: {It: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: vpc-1}}}";
    const found = loadCandidate(RULES, [{ name: "stack.yaml", text }]);
    expect(seen(found)).toEqual([open("It"), open("It")]);
  });

  it("in a change set", () => {
    const change = {
      Action: "Add",
      LogicalResourceId: "It",
      ResourceType: "AWS::EC2::NetworkAclEntry",
      AfterContext: JSON.stringify({ Properties: { NetworkAclId: "acl-1" } }),
    };
    const text = json({ ChangeSetId: "x", Changes: [{ ResourceChange: change }] }, "changes.json");
    const found = loadCandidate(RULES, [text]);
    expect(seen(found)).toEqual([open("It"), KEPT[1]]);
    expect(codes(found)).toEqual(["plan-partial"]);
  });
});
