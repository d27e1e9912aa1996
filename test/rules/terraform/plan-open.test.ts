// What a plan does not decide: nothing of it is guessed.
import { describe, expect, it } from "vitest";
import { type LoadedCandidate, loadCandidate, loadRuleSet } from "../../../src/rules/index.js";
import {
  block,
  type Change,
  configured,
  document,
  group,
  instance,
  type PlanParts,
  plan,
  refers,
  resource,
  type Values,
} from "./terraform-json.js";

const DB = group("sg-t", "db");

/** A plan over its own rules before, which hold the group `sg-t`. */
function apply({ prior = [], ...parts }: PlanParts): LoadedCandidate {
  const text = document(
    plan({ prior: [resource("aws_security_group.db", DB), ...prior], ...parts }),
  );
  return loadCandidate(loadRuleSet([text]).ruleSet, [text]);
}

function made(address: string): Change {
  return {
    address,
    actions: ["create"],
    after: { name: "n", ingress: [], egress: [] },
    unknown: { id: true },
  };
}

function peers({ ruleSet }: LoadedCandidate, id: string): readonly string[] {
  return (ruleSet.groups.get(id)?.rules ?? []).map((rule) =>
    rule.id
      .slice(rule.groupId.length + 1)
      .replace(/^(in|e)gress\/tcp\//, "")
      .replace(/undecided:.*/, "undecided"),
  );
}

function codes({ report }: LoadedCandidate): readonly string[] {
  return report.findings.map(({ code }) => code);
}

const [A, B] = ["aws_security_group.a", "aws_security_group.b"];

describe("open peers of blocks", () => {
  const open = (port: number): Values => {
    const { security_groups: _, ...rest } = block({ from_port: port, to_port: port });
    return rest;
  };
  const written = (port: number, ...references: string[]): Values => ({
    from_port: { constant_value: port },
    security_groups: refers(...references),
  });

  function listed(ingress: unknown, ports: readonly number[]): LoadedCandidate {
    return apply({
      changes: [
        made(A),
        made(B),
        {
          address: "aws_security_group.t",
          actions: ["create"],
          after: { name: "t", ingress: ports.map(open), egress: [] },
          unknown: { id: true, ingress: ports.map(() => ({ security_groups: true })) },
        },
      ],
      configuration: { resources: [configured("aws_security_group.t", { ingress })] },
    });
  }

  it.each<readonly [string, unknown, readonly number[], readonly string[]]>([
    [
      "told apart by their ports",
      [written(22, `${A}.id`), written(443, `${B}.id`)],
      [443, 22],
      [`443/${B}`, `22/${A}`],
    ],
    [
      "alike, referring to different groups",
      [written(22, `${A}.id`), written(22, `${B}.id`)],
      [22, 22],
      ["22/undecided", "22/undecided"],
    ],
    [
      "alike, referring to the same",
      [{ security_groups: refers(`${A}.id`) }, { security_groups: refers(`${A}.id`) }],
      [22, 443],
      [`22/${A}`, `443/${A}`],
    ],
    ["beside a dynamic one", [written(22, `${A}.id`)], [22, 22], ["22/undecided", "22/undecided"]],
    ["one expression, one block", refers(`${A}.id`), [22], [`22/${A}`]],
    ["one expression, two groups", refers(`${A}.id`, `${B}.id`), [22], ["22/undecided"]],
    ["one expression, two blocks", refers(`${A}.id`), [22, 443], ["22/undecided", "443/undecided"]],
  ])("%s", (_, ingress, ports, found) => {
    const after = listed(ingress, ports);
    expect(peers(after, "aws_security_group.t")).toEqual(found);
    expect(new Set(codes(after))).toEqual(
      new Set([
        found.some((text) => text.includes("undecided"))
          ? "known-after-apply"
          : "decided-by-reference",
      ]),
    );
  });
});

describe("one open value", () => {
  const all = (index: string): string => `aws_security_group.all[${index}]`;
  const OPEN_RULE = { security_group_id: "sg-t", ip_protocol: "tcp", from_port: 22, to_port: 22 };

  it.each<readonly [string, string, readonly string[], readonly string[], string]>([
    ["a condition", '"x"', ["each.key", `${A}.id`, `${B}.id`], [A, B], "22/undecided"],
    ["one group and the key", '"x"', ["each.key", `${A}.id`], [A], "22/undecided"],
    [
      "the instance of the key",
      '"x"',
      ["aws_security_group.all", "each.key"],
      [all('"x"'), all('"y"')],
      `22/${all('"x"')}`,
    ],
    [
      "a key of others",
      '"x"',
      ["aws_security_group.all", "each.key"],
      [all('"y"')],
      "22/undecided",
    ],
    ["a number", "0", ["aws_security_group.all", "count.index"], [all("0")], "22/undecided"],
    [
      "a choice by length",
      "0",
      ["aws_security_group.all", `${all("0")}.id`, `${B}.id`],
      [all("0"), B],
      "22/undecided",
    ],
    ["one instance as a whole", "0", ["aws_security_group.all"], [all("0")], `22/${all("0")}`],
  ])("%s", (_, index, references, groups, found) => {
    const address = "aws_vpc_security_group_ingress_rule.r";
    const after = apply({
      changes: [
        ...groups.map(made),
        {
          address: `${address}[${index}]`,
          actions: ["create"],
          after: OPEN_RULE,
          unknown: { id: true, referenced_security_group_id: true },
        },
      ],
      configuration: {
        resources: [configured(address, { referenced_security_group_id: refers(...references) })],
      },
    });
    expect(peers(after, "sg-t")).toEqual([found]);
  });
});

describe("open groups of an interface", () => {
  const BOX = instance("i-1", "eni-1", "10.0.0.5", ["sg-t"]);
  const { vpc_security_group_ids: _, ...KNOWN } = BOX;
  const [WEB, STORE] = ['aws_security_group.all["web"]', 'aws_security_group.all["db"]'];
  const UNDECIDED = "undecided:aws_instance.i.vpc_security_group_ids";

  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ["all of several, or fewer", ["aws_security_group.all"], [WEB, STORE], [UNDECIDED]],
    ["one, as a whole", ["aws_security_group.all"], [WEB], [WEB]],
    ["two by their ids", [`${A}.id`, `${B}.id`], [A, B], [A, B]],
    ["two as a whole", [A, B], [A, B], [UNDECIDED]],
  ])("%s", (_, references, groups, carried) => {
    const after = apply({
      prior: [resource("aws_instance.i", BOX)],
      changes: [
        ...groups.map(made),
        {
          address: "aws_instance.i",
          actions: ["update"],
          before: BOX,
          after: KNOWN,
          unknown: { vpc_security_group_ids: true },
        },
      ],
      configuration: {
        resources: [
          configured("aws_instance.i", { vpc_security_group_ids: refers(...references) }),
        ],
      },
    });
    expect(after.ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(carried);
  });
});

describe("rules and entries that nothing leads to", () => {
  const RULE = "aws_vpc_security_group_ingress_rule.r";
  const NEW_RULE: Change = {
    address: RULE,
    actions: ["create"],
    after: { ip_protocol: "tcp", from_port: 22, to_port: 22, cidr_ipv4: "0.0.0.0/0" },
    unknown: { id: true, security_group_id: true },
  };
  const configuration = {
    resources: [configured(RULE, { security_group_id: refers("local.sg") })],
  };
  const LOOKUP: Change = {
    address: "data.aws_security_group.x",
    actions: ["read"],
    after: { name: "x" },
    unknown: { id: true },
  };

  it.each<readonly [string, readonly Change[], readonly string[], readonly string[]]>([
    ["no group is made: it is one that exists", [], ["22/undecided"], []],
    ["a group is made: it is its own", [made(A)], [], ["22/undecided"]],
    ["one is made, others are looked up", [made(A), LOOKUP], ["22/undecided"], ["22/undecided"]],
    [
      "one is made, an id comes from another state",
      [made(A), { ...LOOKUP, address: "data.terraform_remote_state.net" }],
      ["22/undecided"],
      ["22/undecided"],
    ],
  ])("%s", (_, groups, existing, own) => {
    const after = apply({ changes: [...groups, NEW_RULE], configuration });
    expect(codes(after)).toEqual(["rule-without-group"]);
    expect(peers(after, "sg-t")).toEqual(existing);
    expect(peers(after, A)).toEqual(own);
  });

  it.each([
    [false, undefined],
    [true, 1],
  ])("knows a new prefix list by entries of their own: %s", (hasEntry, count) => {
    const list = "aws_ec2_managed_prefix_list.l";
    const entry = "aws_ec2_managed_prefix_list_entry.e";
    const after = apply({
      changes: [
        {
          address: list,
          actions: ["create"],
          after: { name: "x", max_entries: 5 },
          unknown: { id: true, entry: true },
        },
        ...(hasEntry
          ? [
              {
                address: entry,
                actions: ["create"],
                after: { cidr: "10.0.0.0/8" },
                unknown: { id: true, prefix_list_id: true },
              },
            ]
          : []),
      ],
      configuration: {
        resources: [
          configured(list, { name: { constant_value: "x" } }),
          configured(entry, { prefix_list_id: refers(`${list}.id`) }),
        ],
      },
    });
    expect(after.ruleSet.prefixLists.get(list)?.cidrs?.length).toBe(count);
    expect(codes(after)).toEqual(hasEntry ? [] : ["known-after-apply"]);
  });
});

describe("what nothing decides of entries and attachments", () => {
  const LIST = { id: "pl-1", name: "office", max_entries: 5, entry: [{ cidr: "192.0.2.0/24" }] };
  const AWS = { id: "pl-9", name: "com.amazonaws.eu-west-1.s3", entry: [{ cidr: "192.0.2.0/24" }] };
  const ENTRY: Change = {
    address: "aws_ec2_managed_prefix_list_entry.e",
    actions: ["create"],
    after: { cidr: "10.0.0.0/8" },
    unknown: { prefix_list_id: true },
  };
  const NEW_LIST: Change = {
    address: "aws_ec2_managed_prefix_list.new",
    actions: ["create"],
    after: { name: "new", max_entries: 5, entry: [] },
    unknown: { id: true },
  };
  const LOOKUP: Change = {
    address: "data.aws_ec2_managed_prefix_list.x",
    actions: ["read"],
    after: { name: "x" },
    unknown: { id: true },
  };

  it.each<readonly [string, readonly Change[], number | undefined, number | undefined]>([
    ["no list is made: it is one that exists", [], undefined, 1],
    ["a list is made: it is its own", [NEW_LIST], 1, 1],
    ["a list is made, another one looked up", [NEW_LIST, LOOKUP], undefined, 1],
  ])("an entry: %s", (_, others, own, aws) => {
    const after = apply({
      prior: [
        resource("aws_ec2_managed_prefix_list.office", LIST),
        resource("aws_ec2_managed_prefix_list.aws", AWS),
      ],
      changes: [...others, ENTRY],
      configuration: {
        resources: [configured(ENTRY.address, { prefix_list_id: refers("local.pl") })],
      },
    });
    expect(codes(after)).toContain("entry-without-list");
    expect(after.ruleSet.prefixLists.get("pl-1")?.cidrs?.length).toBe(own);
    expect(after.ruleSet.prefixLists.get("pl-9")?.cidrs?.length).toBe(aws);
  });

  const ENI = {
    id: "eni-1",
    private_ips: ["10.0.0.5"],
    security_groups: ["sg-t"],
    subnet_id: "subnet-1",
  };
  const ATTACHMENT: Change = {
    address: "aws_network_interface_sg_attachment.t",
    actions: ["create"],
    after: { security_group_id: "sg-t" },
    unknown: { network_interface_id: true },
  };
  const NEW_ENI: Change = {
    address: "aws_network_interface.new",
    actions: ["create"],
    after: { subnet_id: "subnet-1", security_groups: ["sg-t"] },
    unknown: { id: true, private_ips: true },
  };

  it.each<readonly [string, readonly Change[], boolean]>([
    ["no interface is made: it is one that exists", [], true],
    ["an interface is made: it is that one", [NEW_ENI], false],
    [
      "an interface is made, an instance looked up",
      [NEW_ENI, { ...LOOKUP, address: "data.aws_instance.b" }],
      true,
    ],
  ])("an attachment: %s", (_, others, isOpen) => {
    const after = apply({
      prior: [resource("aws_network_interface.a", ENI)],
      changes: [...others, ATTACHMENT],
      configuration: {
        resources: [configured(ATTACHMENT.address, { network_interface_id: refers("local.eni") })],
      },
    });
    expect(codes(after)).toContain(isOpen ? "interface-unknown" : "attachment-without-interface");
    const carried = after.ruleSet.interfaces.get("eni-1")?.groupIds.join();
    const open = `undecided:${ATTACHMENT.address}.network_interface_id`;
    expect(carried).toBe(isOpen ? `sg-t,${open}` : "sg-t");
  });
});

describe("groups on interfaces that Terraform does not tell", () => {
  const lists = (...ids: string[]): Values => ({ id: "x", vpc_security_group_ids: ids });
  const inBlock = (...ids: string[]): Values => ({
    id: "x",
    vpc_config: [{ subnet_ids: ["subnet-1"], security_group_ids: ids }],
  });
  const ASSOCIATION = { security_group_id: "sg-1", vpc_endpoint_id: "vpce-1" };

  it.each<readonly [string, Omit<Change, "address" | "actions">, boolean]>([
    ["aws_db_instance.d", { before: lists("sg-1"), after: lists("sg-2") }, true],
    ["aws_db_instance.d", { before: lists("sg-1", "sg-2"), after: lists("sg-2", "sg-1") }, false],
    ["aws_db_instance.d", { before: lists("sg-1"), after: lists() }, true],
    [
      "aws_db_instance.d",
      {
        before: lists("sg-1"),
        after: { id: "x" },
        unknown: { vpc_security_group_ids: true },
      },
      true,
    ],
    ["aws_lambda_function.f", { before: inBlock("sg-1"), after: inBlock("sg-2") }, true],
    ["aws_lambda_function.f", { before: inBlock("sg-1"), after: inBlock("sg-1") }, false],
    ["aws_elb.e", { before: { security_groups: ["sg-1"] }, after: null }, true],
    ["aws_launch_template.l", { before: null, after: lists("sg-1") }, false],
    ["aws_vpc_endpoint_security_group_association.x", { before: null, after: ASSOCIATION }, true],
  ])("%s %j: told %s", (address, { before = null, after = null, unknown }, told) => {
    const actions = before === null ? ["create"] : after === null ? ["delete"] : ["update"];
    const found = apply({ changes: [{ address, actions, before, after, unknown: unknown ?? {} }] });
    expect(codes(found)).toEqual(told ? ["interface-unknown"] : []);
  });
});
