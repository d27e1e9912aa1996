import { describe, expect, it } from "vitest";
import type { FlowError } from "../../../src/errors.js";
import type { RuleSet } from "../../../src/model/rule-set.js";
import {
  type LoadedCandidate,
  loadCandidate,
  loadRuleSet,
  type RuleDocument,
} from "../../../src/rules/index.js";
import { group as awsGroup, json, networkInterface, permission } from "../documents.js";
import {
  block,
  configured,
  document,
  group,
  instance,
  OPEN_EGRESS,
  type PlanParts,
  plan,
  refers,
  resource,
  type Values,
} from "./terraform-json.js";

const NOTHING: RuleSet = loadRuleSet([]).ruleSet;

/** The plan over its own rules before, as `--plan` alone takes it. */
function apply(parts: PlanParts): { readonly before: RuleSet; readonly after: LoadedCandidate } {
  const text = document(plan(parts));
  const before = loadRuleSet([text]).ruleSet;
  return { before, after: loadCandidate(before, [text]) };
}

function over(baseline: readonly RuleDocument[], parts: PlanParts): LoadedCandidate {
  return loadCandidate(loadRuleSet(baseline).ruleSet, [document(plan(parts))]);
}

function rules({ ruleSet }: { readonly ruleSet: RuleSet }, id: string): readonly string[] {
  return (ruleSet.groups.get(id)?.rules ?? []).map((rule) =>
    rule.id.slice(rule.groupId.length + 1),
  );
}

function codes({ report }: LoadedCandidate): readonly string[] {
  return report.findings.map(({ code }) => code);
}

function failure(work: () => unknown): FlowError {
  try {
    work();
  } catch (error) {
    return error as FlowError;
  }
  throw new Error("nothing was refused");
}

const SSH = block({ from_port: 22, to_port: 22, cidr_blocks: ["10.0.0.0/8"] });
const WEB = block({ cidr_blocks: ["0.0.0.0/0"] });

function rule(rest: Values): Values {
  return {
    id: "sgr-1",
    security_group_rule_id: "sgr-1",
    security_group_id: "sg-1",
    ip_protocol: "tcp",
    from_port: 5432,
    to_port: 5432,
    cidr_ipv4: "10.0.0.0/8",
    cidr_ipv6: null,
    prefix_list_id: null,
    referenced_security_group_id: null,
    description: null,
    ...rest,
  };
}

describe("before and after", () => {
  it("takes away and adds what a group's own list changes", () => {
    const before = group("sg-1", "web", { ingress: [SSH, WEB], egress: [OPEN_EGRESS] });
    const { before: now, after } = apply({
      prior: [resource("aws_security_group.web", before)],
      changes: [
        {
          address: "aws_security_group.web",
          actions: ["update"],
          before,
          after: {
            ...before,
            ingress: [WEB, block({ from_port: 80, to_port: 80, cidr_blocks: ["0.0.0.0/0"] })],
          },
        },
      ],
    });
    expect(rules({ ruleSet: now }, "sg-1")).toEqual([
      "ingress/tcp/22/10.0.0.0/8",
      "ingress/tcp/443/0.0.0.0/0",
      "egress/all/all/0.0.0.0/0",
    ]);
    expect(rules(after, "sg-1")).toEqual([
      "ingress/tcp/443/0.0.0.0/0",
      "egress/all/all/0.0.0.0/0",
      "ingress/tcp/80/0.0.0.0/0",
    ]);
    expect(codes(after)).toEqual([]);
    expect(after.report.entries.map(({ id, action }) => [id, action])).toEqual([
      ["sg-1", "replaced"],
    ]);
  });

  it("never takes the list of a group for rules of its own: it mirrors what others made", () => {
    // The list is in no configuration: it repeats the rule that goes, and one made by hand.
    const mirror = group("sg-1", "db", {
      ingress: [SSH, block({ from_port: 5432, to_port: 5432, cidr_blocks: ["10.0.0.0/8"] })],
    });
    const { after } = apply({
      prior: [
        resource("aws_security_group.db", mirror),
        resource("aws_vpc_security_group_ingress_rule.app", rule({})),
      ],
      changes: [
        { address: "aws_security_group.db", actions: ["no-op"], before: mirror, after: mirror },
        {
          address: "aws_vpc_security_group_ingress_rule.app",
          actions: ["delete"],
          before: rule({}),
        },
      ],
    });
    expect(rules(after, "sg-1")).toEqual(["ingress/tcp/22/10.0.0.0/8"]);
  });

  it("gives a new group no egress but what is written, in a list or as rules of its own", () => {
    const { after } = apply({
      changes: [
        {
          address: "aws_security_group.new",
          actions: ["create"],
          after: { name: "new", description: "x", vpc_id: "vpc-1", ingress: [WEB] },
          unknown: {
            id: true,
            arn: true,
            egress: true,
            ingress: [{ cidr_blocks: [false] }],
            owner_id: true,
          },
        },
        {
          address: "aws_vpc_security_group_egress_rule.all",
          actions: ["create"],
          after: { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0", from_port: null, to_port: null },
          unknown: { id: true, security_group_id: true, security_group_rule_id: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_security_group.new", {
            name: { constant_value: "new" },
            ingress: { constant_value: [] },
          }),
          configured("aws_vpc_security_group_egress_rule.all", {
            security_group_id: refers("aws_security_group.new.id"),
          }),
        ],
      },
    });
    expect(rules(after, "aws_security_group.new")).toEqual([
      "ingress/tcp/443/0.0.0.0/0",
      "egress/all/all/0.0.0.0/0",
    ]);
    expect(codes(after)).toEqual([]);
  });

  it("does not know a new group's list where the plan may hide its blocks", () => {
    // Older plans print no blocks, none prints dynamic ones.
    const parts = (version: string): PlanParts => ({
      changes: [
        {
          address: "aws_security_group.new",
          actions: ["create"],
          after: { name: "new" },
          unknown: { id: true, ingress: true, egress: true },
        },
      ],
      configuration: { resources: [configured("aws_security_group.new", {})] },
      more: { terraform_version: version },
    });
    for (const version of ["1.0.11", "1.9.5"]) {
      const { after } = apply(parts(version));
      expect(rules(after, "aws_security_group.new")).toEqual([
        "ingress/all/all/undecided:aws_security_group.new.ingress",
        "egress/all/all/undecided:aws_security_group.new.egress",
      ]);
      expect(codes(after)).toEqual(["known-after-apply", "known-after-apply"]);
    }
  });

  it("deletes groups, whose references become stale", () => {
    const db = group("sg-1", "db", {
      ingress: [block({ from_port: 5432, to_port: 5432, security_groups: ["sg-2"] })],
    });
    const app = group("sg-2", "app");
    const { after } = apply({
      prior: [resource("aws_security_group.db", db), resource("aws_security_group.app", app)],
      changes: [{ address: "aws_security_group.app", actions: ["delete"], before: app }],
    });
    expect(after.ruleSet.groups.has("sg-2")).toBe(false);
    expect(after.ruleSet.groups.get("sg-1")?.rules[0]).toMatchObject({ stale: true });
    expect(codes(after)).toEqual(["reference-stale"]);
    expect(after.report.entries.map(({ id, action }) => `${id} ${action}`)).toContain(
      "sg-2 deleted",
    );
  });

  it("leaves what Terraform forgets, and the default group, as they are", () => {
    const web = group("sg-1", "web", { ingress: [WEB] });
    const home = group("sg-d", "default", { ingress: [SSH] });
    const { after } = apply({
      prior: [
        resource("aws_security_group.web", web),
        resource("aws_default_security_group.home", home),
      ],
      changes: [
        { address: "aws_security_group.web", actions: ["forget"], before: web },
        { address: "aws_default_security_group.home", actions: ["delete"], before: home },
      ],
    });
    expect([...after.ruleSet.groups.keys()]).toEqual(["sg-1", "sg-d"]);
    expect(codes(after)).toEqual(["no-longer-managed", "default-group-left"]);
  });
});

describe("over the rules of the account", () => {
  const ACCOUNT = [
    json({
      SecurityGroups: [
        awsGroup("sg-1", [
          permission({ IpRanges: [{ CidrIp: "192.0.2.1/32", Description: "by hand" }] }),
          permission({ FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }),
        ]),
        awsGroup("sg-d", [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })], [], {
          GroupName: "default",
        }),
      ],
    }),
    json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-1", "sg-hand"])] }, "eni.json"),
  ];

  it("keeps what the plan knows nothing of", () => {
    const before = group("sg-1", "web", { ingress: [SSH] });
    const after = over(ACCOUNT, {
      prior: [resource("aws_security_group.web", before)],
      changes: [
        {
          address: "aws_security_group.web",
          actions: ["update"],
          before,
          after: { ...before, ingress: [] },
        },
      ],
    });
    expect(rules(after, "sg-1")).toEqual(["ingress/tcp/443/192.0.2.1/32"]);
    expect(after.report.inherited).toMatchObject({ group: 1, interface: 1 });
  });

  it("says where plan and rules are of different times", () => {
    const before = rule({ id: "sgr-9", from_port: 9, to_port: 9 });
    const after = over(ACCOUNT, {
      prior: [resource("aws_vpc_security_group_ingress_rule.x", before)],
      changes: [{ address: "aws_vpc_security_group_ingress_rule.x", actions: ["delete"], before }],
    });
    expect(codes(after)).toEqual(["rule-not-there"]);
    expect(rules(after, "sg-1")).toHaveLength(2);
  });

  it("adopts the default group of a VPC, which loses all its rules", () => {
    const after = over(ACCOUNT, {
      changes: [
        {
          address: "aws_default_security_group.home",
          actions: ["create"],
          after: { vpc_id: "vpc-1", egress: [OPEN_EGRESS] },
          unknown: { id: true, ingress: true, name: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_default_security_group.home", { egress: { constant_value: [] } }),
        ],
      },
    });
    expect(rules(after, "sg-d")).toEqual([
      "ingress/all/all/undecided:aws_default_security_group.home.ingress",
      "egress/all/all/0.0.0.0/0",
    ]);
    expect(after.ruleSet.groups.get("sg-d")?.name).toBe("default");
  });

  it("changes groups of interfaces by the difference alone", () => {
    const before = instance("i-1", "eni-1", "10.0.0.5", ["sg-1"]);
    const after = over(ACCOUNT, {
      prior: [resource("aws_instance.web", before)],
      changes: [
        {
          address: "aws_instance.web",
          actions: ["update"],
          before,
          after: { ...before, vpc_security_group_ids: ["sg-d"] },
        },
      ],
    });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-d", "sg-hand"]);
  });

  it("finds the interfaces of a load balancer by their descriptions", () => {
    const account = [
      ...ACCOUNT,
      json(
        {
          NetworkInterfaces: [
            networkInterface("eni-7", ["sg-1"], { Description: "ELB app/front/50dc6c495c0c9188" }),
          ],
        },
        "lb.json",
      ),
    ];
    const before = {
      id: "arn:lb",
      arn_suffix: "app/front/50dc6c495c0c9188",
      load_balancer_type: "application",
      security_groups: ["sg-1"],
    };
    const after = over(account, {
      prior: [resource("aws_lb.front", before)],
      changes: [
        {
          address: "aws_lb.front",
          actions: ["update"],
          before,
          after: { ...before, security_groups: ["sg-d"] },
        },
      ],
    });
    expect(after.ruleSet.interfaces.get("eni-7")?.groupIds).toEqual(["sg-d"]);
  });

  it("does not let a plan that is no candidate's hide: over nothing it knows its own before", () => {
    const before = group("sg-1", "web", { ingress: [SSH] });
    const parts: PlanParts = {
      prior: [resource("aws_security_group.web", before)],
      changes: [
        {
          address: "aws_security_group.web",
          actions: ["update"],
          before,
          after: { ...before, ingress: [WEB] },
        },
      ],
    };
    const after = loadCandidate(NOTHING, [document(plan(parts))]);
    expect(rules(after, "sg-1")).toEqual(["ingress/tcp/443/0.0.0.0/0"]);
  });
});

describe("known only after apply", () => {
  const DB = group("sg-1", "db");

  function added(after: Values, unknown: unknown, configuration?: Values): LoadedCandidate {
    return apply({
      prior: [resource("aws_security_group.db", DB)],
      changes: [
        { address: "aws_vpc_security_group_ingress_rule.new", actions: ["create"], after, unknown },
      ],
      ...(configuration === undefined ? {} : { configuration }),
    }).after;
  }

  it("names an open block, never leaves it out", () => {
    const { cidr_ipv4: _, ...known } = rule({ id: undefined, security_group_rule_id: undefined });
    const after = added(known, { id: true, cidr_ipv4: true });
    expect(rules(after, "sg-1")).toEqual([
      "ingress/tcp/5432/undecided:aws_vpc_security_group_ingress_rule.new.cidr_ipv4",
    ]);
    expect(codes(after)).toEqual(["known-after-apply"]);
    expect(after.report.findings[0]).toMatchObject({
      subject: "aws_vpc_security_group_ingress_rule.new",
    });
  });

  it("takes open ports and protocols for the widest, towards nobody that is known", () => {
    const { from_port: _, ...ports } = rule({ security_group_rule_id: undefined });
    expect(rules(added(ports, { from_port: true }), "sg-1")).toEqual([
      "ingress/tcp/0-65535/undecided:aws_vpc_security_group_ingress_rule.new.from_port",
    ]);
    const { ip_protocol: __, ...protocol } = rule({ security_group_rule_id: undefined });
    expect(rules(added(protocol, { ip_protocol: true }), "sg-1")).toEqual([
      "ingress/all/all/undecided:aws_vpc_security_group_ingress_rule.new.ip_protocol",
    ]);
  });

  it("reads open elements of lists one by one", () => {
    const list = {
      type: "ingress",
      security_group_id: "sg-1",
      protocol: "tcp",
      from_port: 1,
      to_port: 1,
      cidr_blocks: ["10.0.0.0/8", null],
      self: false,
    };
    const { after } = apply({
      prior: [resource("aws_security_group.db", DB)],
      changes: [
        {
          address: "aws_security_group_rule.new",
          actions: ["create"],
          after: list,
          unknown: { id: true, cidr_blocks: [false, true] },
        },
      ],
    });
    expect(rules(after, "sg-1")).toEqual([
      "ingress/tcp/1/10.0.0.0/8",
      "ingress/tcp/1/undecided:aws_security_group_rule.new.cidr_blocks[1]",
    ]);
  });

  const NEW_GROUP = {
    address: "aws_security_group.app",
    actions: ["create"],
    after: { name: "app", ingress: [], egress: [] },
    unknown: { id: true },
  };

  function referring(expression: Values, more: Values = {}): LoadedCandidate {
    const {
      referenced_security_group_id: _,
      cidr_ipv4: __,
      ...known
    } = rule({
      security_group_rule_id: undefined,
    });
    return apply({
      prior: [resource("aws_security_group.db", DB)],
      changes: [
        NEW_GROUP,
        {
          address: "aws_vpc_security_group_ingress_rule.new",
          actions: ["create"],
          after: known,
          unknown: { referenced_security_group_id: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_vpc_security_group_ingress_rule.new", {
            referenced_security_group_id: expression,
          }),
        ],
        ...more,
      },
    }).after;
  }

  it("follows references to groups, by their addresses", () => {
    const after = referring(refers("aws_security_group.app.id"));
    expect(rules(after, "sg-1")).toEqual(["ingress/tcp/5432/aws_security_group.app"]);
    expect(codes(after)).toEqual([]);
  });

  it("follows outputs of modules, and stops where anything else has a part", () => {
    const module_calls = {
      net: {
        source: "./net",
        module: { outputs: { app: { expression: refers("aws_security_group.app.id") } } },
      },
    };
    // In the module there is no such group.
    expect(rules(referring(refers("module.net.app"), { module_calls }), "sg-1")).toEqual([
      "ingress/tcp/5432/undecided:aws_vpc_security_group_ingress_rule.new.referenced_security_group_id",
    ]);
    for (const stranger of [
      "local.group",
      "var.group",
      "aws_security_group.app.vpc_id",
      "aws_vpc.main.id",
    ])
      expect(rules(referring(refers(stranger)), "sg-1")).toEqual([
        "ingress/tcp/5432/undecided:aws_vpc_security_group_ingress_rule.new.referenced_security_group_id",
      ]);
  });

  it("follows variables into modules, with for_each and count", () => {
    const inside = 'module.app["eu"].aws_vpc_security_group_ingress_rule.own["a"]';
    const {
      referenced_security_group_id: _,
      cidr_ipv4: __,
      security_group_id: ___,
      ...known
    } = rule({
      security_group_rule_id: undefined,
    });
    const made = (key: string) => ({
      ...NEW_GROUP,
      address: `module.app["eu"].aws_security_group.each["${key}"]`,
    });
    const { after } = apply({
      prior: [resource("aws_security_group.db", DB)],
      changes: [
        made("a"),
        made("b"),
        {
          address: inside,
          actions: ["create"],
          after: known,
          unknown: { referenced_security_group_id: true, security_group_id: true },
        },
      ],
      configuration: {
        module_calls: {
          app: {
            source: "./app",
            for_each_expression: { constant_value: ["eu"] },
            expressions: { peer: refers("aws_security_group.db.id") },
            module: {
              resources: [
                configured(inside, {
                  referenced_security_group_id: refers("var.peer"),
                  security_group_id: refers("aws_security_group.each", "each.key"),
                }),
              ],
            },
          },
        },
      },
    });
    expect(rules(after, 'module.app["eu"].aws_security_group.each["a"]')).toEqual([
      "ingress/tcp/5432/sg-1",
    ]);
    expect(rules(after, 'module.app["eu"].aws_security_group.each["b"]')).toEqual([]);
  });

  it("gives a rule whose group nothing tells to every group that is made, as undecided", () => {
    const { security_group_id: _, ...known } = rule({ security_group_rule_id: undefined });
    const { after } = apply({
      prior: [resource("aws_security_group.db", DB)],
      changes: [
        NEW_GROUP,
        {
          address: "aws_vpc_security_group_ingress_rule.new",
          actions: ["create"],
          after: known,
          unknown: { security_group_id: true },
        },
      ],
    });
    expect(codes(after)).toContain("rule-without-group");
    expect(rules(after, "aws_security_group.app")).toHaveLength(1);
    expect(rules(after, "sg-1")).toEqual([]);
  });
});

describe("groups of interfaces that are known only after apply", () => {
  const OLD = group("sg-1", "web", { ingress: [WEB] });
  const BOX = instance("i-1", "eni-1", "10.0.0.5", ["sg-1"]);

  function moved(
    before: Values,
    references: Values,
    more: PlanParts["changes"] = [],
  ): LoadedCandidate {
    const { vpc_security_group_ids: _, ...known } = before;
    return apply({
      prior: [resource("aws_security_group.web", OLD), resource("aws_instance.web", before)],
      changes: [
        ...more,
        {
          address: "aws_instance.web",
          actions: ["update"],
          before,
          after: known,
          unknown: { vpc_security_group_ids: true },
        },
      ],
      configuration: {
        resources: [configured("aws_instance.web", { vpc_security_group_ids: references })],
      },
    }).after;
  }

  const REPLACED = {
    address: "aws_security_group.web",
    actions: ["create", "delete"],
    before: OLD,
    after: { name: "web2", ingress: [SSH], egress: [] },
    unknown: { id: true },
  };

  it("follows a replaced group to its successor", () => {
    const after = moved(BOX, refers("aws_security_group.web.id"), [REPLACED]);
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["aws_security_group.web"]);
    expect(rules(after, "aws_security_group.web")).toEqual(["ingress/tcp/22/10.0.0.0/8"]);
    expect(after.ruleSet.groups.has("sg-1")).toBe(false);
    expect(codes(after)).toEqual(["replace-successor", "decided-by-reference"]);
  });

  it("leaves the rest open where something else stood among them", () => {
    const other = { ...BOX, vpc_security_group_ids: ["sg-1", "sg-hand"] };
    const after = moved(other, refers("aws_security_group.web.id"), [REPLACED]);
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "aws_security_group.web",
      "undecided:aws_instance.web.vpc_security_group_ids",
    ]);
  });

  it("does not decide what no reference tells", () => {
    const after = moved(BOX, refers("local.groups"));
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "undecided:aws_instance.web.vpc_security_group_ids",
    ]);
    expect(codes(after)).toEqual(["known-after-apply"]);
  });

  it("says that AWS refuses to delete a group that somebody else carries", () => {
    const after = loadCandidate(
      loadRuleSet([
        json({ SecurityGroups: [awsGroup("sg-1")] }),
        json({ NetworkInterfaces: [networkInterface("eni-asg", ["sg-1"])] }, "eni.json"),
      ]).ruleSet,
      [
        document(
          plan({
            prior: [resource("aws_security_group.web", OLD)],
            changes: [{ ...REPLACED, actions: ["delete", "create"] }],
          }),
        ),
      ],
    );
    expect(codes(after)).toEqual(["replace-gap", "deleted-group-carried"]);
    expect(after.ruleSet.interfaces.get("eni-asg")?.groupIds).toEqual(["sg-1"]);
  });

  it("attaches and detaches by resources of their own, also to what is made", () => {
    const attachment = { network_interface_id: "eni-1", security_group_id: "sg-x" };
    const { after } = apply({
      prior: [
        resource("aws_security_group.web", OLD),
        resource("aws_instance.web", { ...BOX, vpc_security_group_ids: ["sg-1", "sg-x"] }),
        resource("aws_network_interface_sg_attachment.x", { id: "a", ...attachment }),
      ],
      changes: [
        {
          address: "aws_network_interface_sg_attachment.x",
          actions: ["delete"],
          before: { id: "a", ...attachment },
        },
        {
          address: "aws_security_group.new",
          actions: ["create"],
          after: { name: "n", ingress: [], egress: [] },
          unknown: { id: true },
        },
        {
          address: "aws_network_interface_sg_attachment.new",
          actions: ["create"],
          after: { network_interface_id: "eni-1" },
          unknown: { id: true, security_group_id: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_network_interface_sg_attachment.new", {
            security_group_id: refers("aws_security_group.new.id"),
          }),
        ],
      },
    });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "aws_security_group.new",
      "sg-1",
    ]);
  });

  it("lets the interface of a replaced instance stand for its successor", () => {
    const { after } = apply({
      prior: [resource("aws_security_group.web", OLD), resource("aws_instance.web", BOX)],
      changes: [
        {
          address: "aws_instance.web",
          actions: ["delete", "create"],
          before: BOX,
          after: { vpc_security_group_ids: ["sg-2"], subnet_id: "subnet-1" },
          unknown: { id: true, primary_network_interface_id: true, private_ip: true },
        },
      ],
    });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-2"]);
    expect(codes(after)).toEqual(["replace-gap"]);
  });
});

describe("replacements of rules", () => {
  const DB = group("sg-1", "db");
  const cases: readonly (readonly [readonly string[], Values, string[]])[] = [
    [["delete", "create"], {}, ["replace-gap"]],
    [["delete", "create"], { from_port: 1, to_port: 1 }, ["replace-gap"]],
    [["create", "delete"], {}, ["replace-clash"]],
    [["create", "delete"], { from_port: 1, to_port: 1 }, []],
  ];
  it.each(cases)("tells what %j means", (actions, next, found) => {
    const { after } = apply({
      prior: [
        resource("aws_security_group.db", DB),
        resource("aws_vpc_security_group_ingress_rule.app", rule({})),
      ],
      changes: [
        {
          address: "aws_vpc_security_group_ingress_rule.app",
          actions,
          before: rule({}),
          after: rule({ id: undefined, security_group_rule_id: undefined, ...next }),
          unknown: { id: true, security_group_rule_id: true },
        },
      ],
    });
    expect(codes(after)).toEqual(found);
    expect(rules(after, "sg-1")).toHaveLength(1);
  });

  it("says that lists and rules of their own undo each other", () => {
    const before = group("sg-1", "db", { ingress: [SSH] });
    const { after } = apply({
      prior: [
        resource("aws_security_group.db", before),
        resource("aws_vpc_security_group_ingress_rule.app", rule({})),
      ],
      changes: [
        {
          address: "aws_security_group.db",
          actions: ["update"],
          before,
          after: { ...before, ingress: [WEB] },
        },
        {
          address: "aws_vpc_security_group_ingress_rule.app",
          actions: ["no-op"],
          before: rule({}),
          after: rule({}),
        },
      ],
    });
    expect(codes(after)).toEqual(["mixed-rules"]);
  });
});

describe("the same thing under another address", () => {
  const LIST = { id: "pl-1", name: "office", max_entries: 5, entry: [{ cidr: "10.0.0.0/8" }] };
  const ENTRY = { id: "pl-1,10.0.0.0/8", prefix_list_id: "pl-1", cidr: "10.0.0.0/8" };
  const ATTACHMENT = { id: "x", security_group_id: "sg-1", network_interface_id: "eni-1" };

  it.each<readonly [string, Values, Values, readonly string[]]>([
    [
      "aws_vpc_security_group_ingress_rule",
      rule({}),
      rule({ id: "sgr-2", security_group_rule_id: "sgr-2" }),
      ["replace-clash"],
    ],
    [
      "aws_vpc_security_group_ingress_rule",
      rule({}),
      rule({ id: "sgr-2", security_group_rule_id: "sgr-2", to_port: 5433 }),
      [],
    ],
    ["aws_ec2_managed_prefix_list_entry", ENTRY, ENTRY, ["replace-clash"]],
    ["aws_network_interface_sg_attachment", ATTACHMENT, ATTACHMENT, ["replace-clash"]],
  ])("%s: told, because Terraform does the two in no order", (type, old, next, told) => {
    const { after } = apply({
      prior: [
        resource("aws_security_group.db", group("sg-1", "db")),
        resource("aws_ec2_managed_prefix_list.office", LIST),
        resource("aws_network_interface.a", {
          id: "eni-1",
          private_ips: ["10.0.0.5"],
          security_groups: ["sg-1"],
        }),
        resource(`${type}.old`, old),
      ],
      changes: [
        { address: `${type}.old`, actions: ["delete"], before: old },
        { address: `module.m.${type}.new`, actions: ["create"], after: next, unknown: {} },
      ],
    });
    expect(codes(after)).toEqual(told);
  });
});

describe("prefix lists", () => {
  const LIST = { id: "pl-1", name: "office", max_entries: 5, entry: [{ cidr: "192.0.2.0/24" }] };
  const entry = (cidr: string) => ({ id: `pl-1,${cidr}`, prefix_list_id: "pl-1", cidr });

  it("changes entries by the difference, and does not decide by a list with an open one", () => {
    const parts = (after: Values, unknown: unknown): PlanParts => ({
      prior: [resource("aws_ec2_managed_prefix_list.office", LIST)],
      changes: [
        {
          address: "aws_ec2_managed_prefix_list.office",
          actions: ["update"],
          before: LIST,
          after,
          unknown,
        },
        {
          address: "aws_ec2_managed_prefix_list_entry.home",
          actions: ["create"],
          after: entry("198.51.100.0/24"),
          unknown: {},
        },
      ],
    });
    const known = apply(parts({ ...LIST, entry: [{ cidr: "203.0.113.0/24" }] }, {})).after;
    expect(known.ruleSet.prefixLists.get("pl-1")?.cidrs).toHaveLength(2);
    const open = apply(parts({ ...LIST, entry: [{}] }, { entry: [{ cidr: true }] })).after;
    expect(open.ruleSet.prefixLists.get("pl-1")?.cidrs).toBeUndefined();
    expect(codes(open)).toEqual(["known-after-apply"]);
  });

  it("knows a list that is made by its address", () => {
    const {
      prefix_list_id: _,
      cidr_ipv4: __,
      ...known
    } = rule({ security_group_rule_id: undefined });
    const { after } = apply({
      prior: [resource("aws_security_group.db", group("sg-1", "db"))],
      changes: [
        {
          address: "aws_ec2_managed_prefix_list.new",
          actions: ["create"],
          after: { name: "new", max_entries: 2, entry: [{ cidr: "192.0.2.0/24" }] },
          unknown: { id: true },
        },
        {
          address: "aws_vpc_security_group_ingress_rule.new",
          actions: ["create"],
          after: known,
          unknown: { prefix_list_id: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_vpc_security_group_ingress_rule.new", {
            prefix_list_id: refers("aws_ec2_managed_prefix_list.new.id"),
          }),
        ],
      },
    });
    expect(rules(after, "sg-1")).toEqual(["ingress/tcp/5432/aws_ec2_managed_prefix_list.new"]);
    expect(after.ruleSet.prefixLists.get("aws_ec2_managed_prefix_list.new")?.cidrs).toHaveLength(1);
  });
});

describe("plans that cannot be used", () => {
  it("refuses failed runs and actions that it does not know", () => {
    expect(failure(() => apply({ more: { errored: true } })).code).toBe("terraform-errored");
    const odd = failure(() =>
      apply({
        changes: [
          { address: "aws_security_group.a", actions: ["destroy"], before: group("sg-1", "a") },
        ],
      }),
    );
    expect(odd.code).toBe("terraform-action");
    expect(odd.message).toContain("aws_security_group.a: resource_changes.0.change.actions");
  });

  it("leaves a group open from which all rules go that another resource does not name", () => {
    const { after } = apply({
      prior: [
        resource("aws_security_group.a", group("sg-1", "a", { ingress: [block({ self: true })] })),
        resource("aws_instance.a", instance("i-1", "eni-1", "10.0.0.5", ["sg-1"])),
      ],
      changes: [
        {
          address: "aws_vpc_security_group_rules_exclusive.x",
          actions: ["create"],
          after: { security_group_id: "sg-1", ingress_rule_ids: [], egress_rule_ids: [] },
        },
      ],
    });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual([
      "undecided:aws_vpc_security_group_rules_exclusive.x.ingress_rule_ids",
    ]);
    expect(codes(after)).toEqual(["mixed-rules"]);
  });

  it("refuses a plan that was stripped of its changes", () => {
    const { resource_changes: _, ...stripped } = plan({
      prior: [resource("aws_security_group.a", group("sg-1", "a"))],
    });
    const refused = failure(() => loadRuleSet([document(stripped)]));
    expect(refused.code).toBe("rules-shape");
    expect(refused.message).toContain("resource_changes: this plan does not tell its changes");
  });

  it("says that a plan of -target does not cover everything", () => {
    expect(codes(apply({ more: { complete: false } }).after)).toEqual(["plan-partial"]);
  });

  it("leaves the other object alone where one is deposed", () => {
    const web = group("sg-1", "web");
    const { after } = apply({
      prior: [resource("aws_security_group.web", web)],
      changes: [
        { address: "aws_security_group.web", actions: ["no-op"], before: web, after: web },
        {
          address: "aws_security_group.web",
          actions: ["delete"],
          before: group("sg-0", "web"),
          more: { deposed: "ab12cd34" },
        },
      ],
    });
    expect([...after.ruleSet.groups.keys()]).toEqual(["sg-1"]);
  });
});
