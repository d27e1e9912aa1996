// Real documents, read in place: FLOW_CORPUS names the folder, and without it these tests are skipped.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/model/address.js";
import {
  applyEdits,
  editsBetween,
  groupsAsTerraform,
  inspectRules,
  loadCandidate,
  loadRuleSet,
  parseEdits,
  type RuleDocument,
  ruleSetAsAwsJson,
  ruleSetDifferences,
} from "../../src/rules/index.js";
import { failure, load } from "./documents.js";

const corpus = process.env.FLOW_CORPUS;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function read(path: string, explicit = true): RuleDocument {
  return { name: relative(corpus!, path), text: readFileSync(path, "utf8"), explicit };
}

function readAll(folder: string): RuleDocument[] {
  return filesOf(join(corpus!, folder)).map((path) => read(path, false));
}

type Loose = Record<string, Record<string, unknown>[]>;

/** Counts rules with JSON.parse and no code of ours: one per peer, equal ones once. */
function countRules(groups: Record<string, unknown>[]): number {
  const rules = new Set<string>();
  for (const group of groups)
    for (const direction of ["IpPermissions", "IpPermissionsEgress"])
      for (const permission of group[direction] as Loose[])
        for (const list of ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"])
          for (const peer of permission[list] ?? []) {
            const { IpProtocol, FromPort, ToPort } = permission;
            const { CidrIp, CidrIpv6, PrefixListId, GroupId, UserId } = peer;
            const account = GroupId === group.GroupId ? "" : UserId;
            rules.add(
              JSON.stringify([
                group.GroupId,
                direction,
                IpProtocol,
                FromPort,
                ToPort,
                CidrIp,
                CidrIpv6,
                PrefixListId,
                GroupId,
                account,
              ]),
            );
          }
  return rules.size;
}

function ruleCount(documents: RuleDocument[]): number {
  const { groups } = loadRuleSet(documents).ruleSet;
  return [...groups.values()].reduce((sum, { rules }) => sum + rules.length, 0);
}

describe.skipIf(corpus === undefined)("corpus", () => {
  test("every recorded answer loads whole, or is refused with the right message", () => {
    const outcomes: Record<string, number> = {};
    for (const path of filesOf(join(corpus!, "aws-api-recorded"))) {
      const document = read(path);
      const { data } = JSON.parse(document.text) as { data: Loose };
      const message = failure([document]);
      const outcome = message.split(" ")[0]!;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === "loaded") {
        const loaded = loadRuleSet([document]);
        const found = [...loaded.documents[0]!.counts.values()];
        const key = Object.keys(data).find((name) => name !== "ResponseMetadata")!;
        expect(found, path).toEqual([data[key]!.length]);
        if (key === "SecurityGroups")
          expect(ruleCount([document]), path).toBe(countRules(data[key]!));
      } else {
        expect(message, path).toMatch(
          new RegExp(
            `^\\S+ ${document.name}:\\d+:\\d+: data\\.(Error|Entries|SecurityGroups|NetworkInterfaces|Subnets|Vpcs)`,
          ),
        );
        if (outcome === "rules-error-answer") expect(data).toHaveProperty("Error");
        if (outcome === "cidr-invalid")
          expect(message).toMatch(/"(192\.168\.0\.1\/31|1\.2\.3\.4\/\d+)" has bits set/);
        if (outcome === "rules-shape") expect(message).toContain("Groups: the key is missing");
        if (outcome === "prefix-list-unnamed") expect(data).toHaveProperty("Entries");
      }
    }
    expect(outcomes).toEqual({
      loaded: 265,
      "cidr-invalid": 10,
      "prefix-list-unnamed": 2,
      "rules-error-answer": 6,
      "rules-shape": 2,
    });
  });

  test("entries of a recorded list join it under a name that tells it", () => {
    const folder = "aws-api-recorded/test_prefix_list_entry";
    const documents = readAll(folder).map((document) => ({
      ...document,
      name: document.name.replace("GetManagedPrefixListEntries_1", "pl-02d12d37020480a5f"),
    }));
    const loaded = load(documents.filter(({ name }) => !name.includes("GetManaged")));
    expect(loaded.ruleSet.prefixLists.get("pl-02d12d37020480a5f")?.cidrs).toHaveLength(1);
  });

  test.each([["v2.0.10"], ["v2.0.11"], ["v2.0.12"], ["v2.0.13"]])(
    "eks %s with its interfaces",
    (version) => {
      const folder = join(corpus!, "eks-2024-12-14");
      const groups = read(join(folder, `describe-security-groups.${version}.json`));
      const interfaces = read(join(folder, "describe-network-interfaces.json"));
      const loaded = load([groups, interfaces]);
      expect(loaded.warnings).toEqual([]);
      const raw = JSON.parse(groups.text) as Loose;
      expect(ruleCount([groups])).toBe(countRules(raw.SecurityGroups!));
      expect(loaded.ruleSet.interfaces.size).toBe(12);
      const worker = loaded.ruleSet.interfaces.get("eni-0be54e9d144fc033e");
      expect(worker?.addresses.map(formatAddress).slice(0, 2)).toEqual(["10.0.2.182", "10.0.2.49"]);
      const places = [...loaded.ruleSet.groups.values()].flatMap(({ rules }) =>
        rules.map(({ at }) => at),
      );
      const lines = groups.text.split("\n");
      for (const { line, column } of places) expect(lines[line - 1]?.[column - 1]).toBe("{");
    },
  );

  test("two versions of the same groups differ, and the message says where", () => {
    const folder = join(corpus!, "eks-2024-12-14");
    const [a, b] = ["v2.0.10", "v2.0.12"].map((version) =>
      read(join(folder, `describe-security-groups.${version}.json`)),
    );
    expect(failure([a!, b!])).toMatch(
      /^group-differs eks-2024-12-14\/describe-security-groups\.v2\.0\.12\.json:\d+:\d+: SecurityGroups\.\d+: the group sg-\w+ also stands at eks-2024-12-14\/describe-security-groups\.v2\.0\.10\.json:\d+:\d+ and differs: the rule /,
    );
  });

  test("the eks versions as candidates, as edits, as AWS JSON", () => {
    const folder = join(corpus!, "eks-2024-12-14");
    const version = (name: string): RuleDocument =>
      read(join(folder, `describe-security-groups.${name}.json`));
    const interfaces = read(join(folder, "describe-network-interfaces.json"));
    const base = load([version("v2.0.10"), interfaces]).ruleSet;
    for (const name of ["v2.0.10", "v2.0.11", "v2.0.12", "v2.0.13"]) {
      const { ruleSet, report, warnings } = loadCandidate(base, [version(name)]);
      expect(warnings).toEqual([]);
      const changed = report.entries.filter(({ action }) => action !== "same");
      expect(changed.length > 0).toBe(name !== "v2.0.10");
      expect(ruleSetDifferences(load([version(name), interfaces]).ruleSet, ruleSet)).toEqual([]);
      const { lines, left } = editsBetween(base, ruleSet);
      expect(left, name).toEqual([]);
      const edited = applyEdits(base, parseEdits(lines.join("\n"), "edits")).ruleSet;
      expect(ruleSetDifferences(edited, ruleSet)).toEqual([]);
      const written = { name: "written.json", text: ruleSetAsAwsJson(ruleSet) };
      expect(ruleSetDifferences(load([written]).ruleSet, ruleSet)).toEqual([]);
    }
  });

  test.each([["np-guard/input_aws_acl_1.json"], ["np-guard/input_aws_sg_1.json"]])(
    "%s, written and read again",
    (name) => {
      const { ruleSet } = load([read(join(corpus!, name))]);
      const written = { name: "written.json", text: ruleSetAsAwsJson(ruleSet) };
      expect(ruleSetDifferences(load([written]).ruleSet, ruleSet)).toEqual([]);
      expect(groupsAsTerraform(ruleSet.groups.values())).toContain("resource ");
    },
  );

  test("a whole account folder, most of it of no use here", () => {
    const asIs = readAll("cloudmapper-demo");
    // Its authors masked a block by hand and left host bits in it.
    expect(failure(asIs)).toContain(
      'ec2-describe-security-groups.json:257:39: SecurityGroups.6.IpPermissions.0.IpRanges.1.CidrIp: "2.2.2.2/28" has bits',
    );
    const loaded = load(
      asIs.map(({ text, ...rest }) => ({
        ...rest,
        text: text.replaceAll("2.2.2.2/28", "2.2.2.0/28"),
      })),
    );
    const { ruleSet, documents } = loaded;
    expect([
      ruleSet.groups.size,
      ruleSet.interfaces.size,
      ruleSet.vpcs.size,
      ruleSet.subnets.size,
    ]).toEqual([8, 1, 1, 4]);
    expect(
      documents.filter(({ status }) => status === "used").map(({ name }) => basename(name)),
    ).toEqual([
      "ec2-describe-network-interfaces.json",
      "ec2-describe-security-groups.json",
      "ec2-describe-subnets.json",
      "ec2-describe-vpc-peering-connections.json",
      "ec2-describe-vpcs.json",
    ]);
    expect(documents.filter(({ status }) => status === "skipped")).toEqual([]);
    expect(ruleSet.interfaces.get("eni-00000001")?.attachedAt).toBe(1543289794);
    expect(inspectRules(loaded).length).toBeGreaterThan(documents.length);
  });

  test.each([
    ["batfish/hybrid-cloud-us-west-2"],
    ["batfish/test-public-subnet"],
    ["batfish/test-vpc-endpoint-gateway"],
    ["batfish/test-multi-account"],
  ])("%s", (folder) => {
    const documents = readAll(folder);
    const { documents: reports } = load(documents);
    for (const { name, status, counts } of reports) {
      const [key, items] = Object.entries(
        JSON.parse(readFileSync(join(corpus!, name), "utf8")) as Loose,
      )[0]!;
      const unused = key === "Reservations";
      expect([name, status]).toEqual([name, unused ? "not-used" : "used"]);
      expect([...counts.values()]).toEqual(unused ? [] : [items.length]);
    }
  });

  test.each([
    ["SecurityGroupTestDeser.json"],
    ["NetworkInterfaceTest.json"],
    ["PrefixListTest.json"],
  ])("batfish/%s", (name) => {
    expect(failure([read(join(corpus!, "batfish", name))])).toBe("loaded");
  });

  test("batfish/SecurityGroupTest.json, but for its two invalid ranges", () => {
    const document = read(join(corpus!, "batfish/SecurityGroupTest.json"));
    expect(failure([document])).toContain(
      "batfish/SecurityGroupTest.json:223:23: SecurityGroups.6.IpPermissions.0.FromPort: -1 is outside 0-65535",
    );
    const { SecurityGroups: all } = JSON.parse(document.text) as Loose;
    const valid = all!.filter(({ GroupName }) => !/invalid|illegal/i.test(String(GroupName)));
    // Two of them share an id, so each is loaded by itself.
    for (const group of valid) {
      const text = JSON.stringify({ SecurityGroups: [group] });
      expect(ruleCount([{ name: "groups.json", text }])).toBe(countRules([group]));
    }
  });

  test.each([["acl"], ["sg"]])("np-guard's %s account, as its collector wrote it", (name) => {
    const document = read(join(corpus!, `np-guard/input_aws_${name}_1.json`));
    const raw = JSON.parse(document.text) as Loose;
    const loaded = load([document]);
    const { acls, groups, subnets, vpcs, interfaces } = loaded.ruleSet;
    expect(ruleCount([document])).toBe(countRules(raw.security_groups!));
    expect([groups.size, subnets.size, vpcs.size]).toEqual([
      raw.security_groups!.length,
      raw.subnets!.length,
      raw.vpcs!.length,
    ]);
    expect(interfaces.size).toBe(
      raw.instances!.flatMap(({ NetworkInterfaces }) => NetworkInterfaces).length,
    );
    for (const acl of raw.network_acls!)
      expect(acls.get(String(acl.NetworkAclId))?.entries).toHaveLength(
        (acl.Entries as unknown[]).length,
      );
    const unresolved = inspectRules(loaded).map(({ code }) => code);
    expect(unresolved).not.toContain("interface-without-acl");
  });

  test.each([
    ["NetworkAclTest.json", ["egress 100 allow -1 0-65535", "ingress 100 deny 6 3306-3306"]],
    ["NetworkAclV6Test.json", ["egress 100 allow -1 0-65535"]],
    ["NetworkAclIcmpTest.json", ["egress 100 allow 1 0-65535", "egress 200 allow 1 0-65535"]],
  ])("batfish/%s", (name, expected) => {
    const { acls } = load([read(join(corpus!, "batfish", name))]).ruleSet;
    const found = [...acls.values()].flatMap(({ entries }) =>
      entries.map(
        ({ direction, number, action, protocol, fromPort, toPort }) =>
          `${direction} ${number} ${action} ${protocol} ${fromPort}-${toPort}`,
      ),
    );
    expect(found.sort()).toEqual(expected);
  });

  test("AWS's published ranges make a large prefix list", () => {
    const ranges = JSON.parse(read(join(corpus!, "batfish/aws-ip-ranges.json")).text) as Loose;
    const blocks = new Set(ranges.prefixes!.map(({ ip_prefix }) => String(ip_prefix)));
    const Entries = Array.from(blocks, (Cidr) => ({ Cidr }));
    const document = { name: "pl-aws.json", text: JSON.stringify({ Entries }) };
    expect(load([document]).ruleSet.prefixLists.get("pl-aws")?.cidrs).toHaveLength(blocks.size);
  });
});
