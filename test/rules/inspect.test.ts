import { describe, expect, test } from "vitest";
import {
  fetchCommands,
  inspectRules,
  type LoadedRules,
  type RuleDocument,
} from "../../src/rules/index.js";
import { group, groupRule, groups, json, load, networkInterface, permission } from "./documents.js";

function references(...pairs: object[]): object {
  return permission({ UserIdGroupPairs: pairs });
}

function subjects(loaded: LoadedRules): Record<string, readonly string[]> {
  const found = inspectRules(loaded).filter(({ kind }) => kind === "unresolved");
  return Object.fromEntries(found.map((finding) => [finding.code, finding.subjects]));
}

function neededCommands(documents: RuleDocument[]): string[] {
  return fetchCommands(load(documents))
    .filter(({ needed }) => needed)
    .map(({ command }) => command);
}

const INTERFACES = (...items: object[]): RuleDocument =>
  json({ NetworkInterfaces: items }, "interfaces.json");
const ATTACHED = { Attachment: { AttachTime: "2020-01-01T00:00:00Z" } };

describe("what does not resolve", () => {
  test("nothing, where everything is there", () => {
    const loaded = load([
      groups([group("sg-a", [references({ GroupId: "sg-a" })])]),
      INTERFACES(networkInterface("eni-1", ["sg-a"], ATTACHED)),
    ]);
    expect(subjects(loaded)).toEqual({});
  });

  test("every kind of dangling reference", () => {
    const loaded = load(
      [
        groups([
          group("sg-a", [
            references(
              { GroupId: "sg-none" },
              { GroupId: "sg-far", UserId: "222222222222" },
              { GroupId: "sg-seen", UserId: "222222222222" },
              { GroupId: "sg-gone", PeeringStatus: "deleted" },
              { GroupId: "sg-empty" },
              { GroupId: "sg-lb" },
            ),
            permission({ PrefixListIds: [{ PrefixListId: "pl-2" }, { PrefixListId: "pl-1" }] }),
          ]),
          group("sg-empty"),
        ]),
        json(
          { PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "known by name" }] },
          "lists.json",
        ),
        INTERFACES(
          networkInterface("eni-1", ["sg-seen"], ATTACHED),
          networkInterface("eni-2", ["sg-lb"], { InterfaceType: "network_load_balancer" }),
          networkInterface("eni-3", ["sg-a"], { PrivateIpAddress: undefined }),
        ),
      ],
      { attach: ["sg-a", "sg-later"] },
    );
    expect(subjects(loaded)).toEqual({
      "interface-group-undescribed": ["sg-lb", "sg-seen"],
      "attach-group-undescribed": ["sg-later"],
      "reference-group-unknown": ["sg-none"],
      "reference-other-account": ["222222222222/sg-far"],
      "reference-prefix-list-unknown": ["pl-1", "pl-2"],
      "reference-group-empty": ["sg-empty"],
      "reference-stale": ["sg-a/ingress/tcp/443/sg-gone"],
      "reference-load-balancer": ["sg-lb"],
      "member-undated": ["eni-2"],
      "interface-without-addresses": ["eni-3"],
    });
    for (const finding of inspectRules(loaded))
      if (finding.kind !== "recognised") expect(finding.cost, finding.code).not.toBe("");
  });
});

describe("network ACLs", () => {
  const acl = (id: string, subnets: string[], rest: object): object => ({
    NetworkAclId: id,
    VpcId: "vpc-1",
    Associations: subnets.map((SubnetId) => ({ SubnetId })),
    Entries: [],
    ...rest,
  });
  const interfaces = INTERFACES(
    networkInterface("eni-1", [], { SubnetId: "subnet-1" }),
    networkInterface("eni-2", [], { SubnetId: "subnet-2" }),
    networkInterface("eni-3", [], { SubnetId: "subnet-3", VpcId: undefined }),
    networkInterface("eni-4", [], { SubnetId: undefined }),
  );
  const subnets = json({ Subnets: [{ SubnetId: "subnet-3", VpcId: "vpc-1" }] }, "subnets.json");
  const without = (...acls: object[]): readonly string[] =>
    subjects(load([interfaces, subnets, json({ NetworkAcls: acls }, "acls.json")]))[
      "interface-without-acl"
    ] ?? [];

  test("interfaces whose ACL nobody knows are told, where there are ACLs at all", () => {
    expect(without()).toEqual([]);
    expect(without(acl("acl-1", ["subnet-1"], {}))).toEqual(["eni-2", "eni-3", "eni-4"]);
    expect(without(acl("acl-1", ["subnet-1"], { IsDefault: true }))).toEqual(["eni-4"]);
    expect(without(acl("acl-1", [], { IsDefault: true, VpcId: undefined }))).toHaveLength(4);
  });
});

describe("what was recognised and what is missing", () => {
  test("by document", () => {
    const found = inspectRules(
      load([
        groups([group("sg-a")]),
        { name: "README.md", text: "# Rules", explicit: false },
        json({ Vpcs: [], NextToken: "x" }, "vpcs.json"),
      ]),
    ).filter(({ kind }) => kind === "recognised");
    expect(found.map(({ code, message, cost }) => [code, message, cost])).toEqual([
      ["document-skipped", "README.md: neither JSON nor YAML", ""],
      ["document-used", "groups.json: describe-security-groups (1)", ""],
      [
        "document-used",
        "vpcs.json: describe-vpcs (0)",
        "NextToken is set: a page is missing unless another file holds it",
      ],
    ]);
  });

  test("nothing at all: everything is missing and every base command is printed", () => {
    const missing = inspectRules(load([])).filter(({ kind }) => kind === "missing");
    expect(missing.map(({ code }) => code)).toEqual([
      "no-describe-security-groups",
      "no-describe-network-interfaces",
      "no-describe-security-group-rules",
      "no-describe-vpcs",
      "no-describe-subnets",
      "no-describe-vpc-peering-connections",
      "no-describe-stale-security-groups",
      "no-describe-network-acls",
    ]);
    expect(neededCommands([])).toEqual([
      "aws ec2 describe-security-groups --output json > security-groups.json",
      "aws ec2 describe-security-group-rules --output json > security-group-rules.json",
      "aws ec2 describe-network-interfaces --include-managed-resources --output json > network-interfaces.json",
      "aws ec2 describe-managed-prefix-lists --output json > managed-prefix-lists.json",
      "aws ec2 describe-vpcs --output json > vpcs.json",
      "aws ec2 describe-subnets --output json > subnets.json",
      "aws ec2 describe-vpc-peering-connections --output json > vpc-peering-connections.json",
      "aws ec2 describe-network-acls --output json > network-acls.json",
    ]);
  });

  test("rules alone come from either dialect", () => {
    const rules = json({
      SecurityGroupRules: [groupRule("sgr-1", "sg-a", { CidrIpv4: "0.0.0.0/0" })],
    });
    const codes = inspectRules(load([rules])).map(({ code }) => code);
    expect(codes).not.toContain("no-describe-security-groups");
    expect(codes).not.toContain("no-describe-security-group-rules");
  });

  test("interfaces given by hand are not missing altogether", () => {
    const found = inspectRules(load([], { interfaces: ["eni-1=sg-a"] }));
    expect(found.find(({ code }) => code === "no-describe-network-interfaces")?.cost).toBe(
      "only the interfaces given by --interface are known",
    );
  });
});

describe("commands", () => {
  const ALL: RuleDocument[] = [
    json({ SecurityGroupRules: [] }, "1.json"),
    json({ PrefixLists: [] }, "2.json"),
    json({ Vpcs: [] }, "3.json"),
    json({ Subnets: [] }, "4.json"),
    json({ VpcPeeringConnections: [] }, "5.json"),
    json({ StaleSecurityGroupSet: [] }, "6.json"),
    json({ NetworkAcls: [] }, "7.json"),
  ];

  test("none is needed where all is there", () => {
    const documents = [
      ...ALL,
      groups([group("sg-a")]),
      INTERFACES(networkInterface("eni-1", ["sg-a"])),
    ];
    expect(neededCommands(documents)).toEqual([]);
    expect(fetchCommands(load(documents)).at(-1)).toEqual({
      command:
        "aws ec2 describe-stale-security-groups --vpc-id vpc-1 --output json > stale-security-groups-vpc-1.json",
      file: "stale-security-groups-vpc-1.json",
      needed: false,
    });
  });

  test("entries of each list that lacks them", () => {
    const lists = [{ PrefixListId: "pl-2" }, { PrefixListId: "pl-1" }];
    const rules = groups([group("sg-a", [permission({ PrefixListIds: lists })])]);
    const entries = json({ Entries: [{ Cidr: "10.0.0.0/8" }] }, "pl-1.json");
    const commands = neededCommands([...ALL, rules, entries, INTERFACES()]);
    expect(commands).toEqual([
      "aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-2 --output json > pl-2.json",
    ]);
  });

  test("undescribed groups and cut answers are fetched again", () => {
    const documents = [...ALL, groups([]), INTERFACES(networkInterface("eni-1", ["sg-a"]))];
    expect(neededCommands(documents)).toEqual([
      "aws ec2 describe-security-groups --output json > security-groups.json",
      "aws ec2 describe-security-group-rules --output json > security-group-rules.json",
    ]);
    const cut = json({ NetworkInterfaces: [], NextToken: "x" }, "interfaces.json");
    expect(neededCommands([...ALL, groups([]), cut])).toEqual([
      "aws ec2 describe-network-interfaces --include-managed-resources --output json > network-interfaces.json",
    ]);
  });

  test("ids of hostile files cannot leave their word in a shell", () => {
    const evil = "pl-$(touch$IFSx);'`id`";
    const rules = groups([
      group("sg-a", [permission({ PrefixListIds: [{ PrefixListId: evil }] })]),
    ]);
    const command = fetchCommands(load([rules])).at(-1)?.command;
    const word = "'pl-$(touch$IFSx);'\\''`id`'";
    const file = "'pl-$(touch$IFSx);'\\''`id`.json'";
    expect(command).toBe(
      `aws ec2 get-managed-prefix-list-entries --prefix-list-id ${word} --output json > ${file}`,
    );
  });
});
