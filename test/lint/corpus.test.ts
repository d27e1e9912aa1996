import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { condenseRuleSet, lintRuleSet, proveEquivalence } from "../../src/lint/index.js";
import { type Cidr, familyBits, parseAddress } from "../../src/model/address.js";
import type { Rule, RuleSet } from "../../src/model/rule-set.js";
import { groupsAsAwsJson, type LoadedRules, loadRuleSet } from "../../src/rules/index.js";
import { buildRule, buildRuleSet } from "../support/rule-set-builder.js";
import { admits, type Packet } from "./brute-force.js";

const CORPUS = process.env.FLOW_CORPUS;
const FOLDER = CORPUS ?? "";

/** Folders whose documents belong together, and single documents. */
function inputs(): string[][] {
  const folders = [
    ...readdirSync(join(FOLDER, "aws-api-recorded")).map((name) =>
      join(FOLDER, "aws-api-recorded", name),
    ),
    ...["hybrid-cloud-us-west-2", "test-public-subnet", "test-vpc-endpoint-gateway"].map((name) =>
      join(FOLDER, "batfish", name),
    ),
    join(FOLDER, "cloudmapper-demo"),
  ].map((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const eks = ["10", "11", "12", "13"].map((version) => [
    join(FOLDER, "eks-2024-12-14", "describe-network-interfaces.json"),
    join(FOLDER, "eks-2024-12-14", `describe-security-groups.v2.0.${version}.json`),
  ]);
  const np = ["input_aws_acl_1.json", "input_aws_sg_1.json"].map((name) => [
    join(FOLDER, "np-guard", name),
  ]);
  return [...folders, ...eks, ...np].map((paths) =>
    paths.filter((path) => path.endsWith(".json") && statSync(path).isFile()),
  );
}

/** What cannot be loaded is the loader's own suite. */
function tryLoad(paths: readonly string[]): LoadedRules | undefined {
  try {
    return loadRuleSet(
      paths.map((path) => ({ name: path, text: readFileSync(path, "utf8"), explicit: false })),
    );
  } catch {
    return undefined;
  }
}

// @source destination sourcePorts destinationPorts protocol/mask: projected to what a rule of a group tests.
const LINE =
  /^@(\S+)\/(\d+)\s+\S+\s+\d+ : \d+\s+(\d+) : (\d+)\s+(?:0x)?([0-9a-fA-F]+)\/(?:0x)?([0-9a-fA-F]+)/;

function projected(name: string): Rule[] {
  const lines = readFileSync(join(FOLDER, "classbench", name), "utf8").split("\n");
  return lines.flatMap((line, i): Rule[] => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, source, length, from, to, protocol, mask] = match;
    const number = Number.parseInt(mask!, 16) === 0 ? -1 : Number.parseInt(protocol!, 16);
    const ported = number === 6 || number === 17;
    const address = parseAddress(source!)!;
    const host = BigInt(familyBits(address.family) - Number(length));
    const cidr: Cidr = {
      address: { family: address.family, value: (address.value >> host) << host },
      length: Number(length),
    };
    return [
      {
        ...buildRule("sg-1", "ingress all all 0.0.0.0/0"),
        id: `r${i}`,
        protocol: number,
        fromPort: ported ? Number(from) : 0,
        toPort: ported ? Number(to) : 65_535,
        peer: { kind: "cidr", cidr },
      },
    ];
  });
}

describe.skipIf(CORPUS === undefined)("the corpus", () => {
  it("every account that loads is linted, condensed, written, read back, and proved the same", () => {
    let accounts = 0;
    let dropped = 0;
    for (const paths of inputs()) {
      const ruleSet = tryLoad(paths)?.ruleSet;
      if (ruleSet === undefined || ruleSet.groups.size === 0) continue;
      accounts++;
      expect(Array.isArray(lintRuleSet(ruleSet))).toBe(true);
      const condensed = condenseRuleSet(ruleSet);
      dropped += condensed.dropped.length;
      const text = groupsAsAwsJson(condensed.ruleSet.groups.values());
      const { groups } = loadRuleSet([{ name: "condensed.json", text, explicit: true }]).ruleSet;
      expect(proveEquivalence(ruleSet, { ...ruleSet, groups })).toMatchObject({ equal: true });
      const across = condenseRuleSet(ruleSet, { acrossGroups: true });
      expect(proveEquivalence(ruleSet, across.ruleSet, { per: "interface" })).toMatchObject({
        equal: true,
      });
    }
    expect(accounts).toBeGreaterThan(60);
    expect(dropped).toBeGreaterThan(150);
  });

  it.each(readClassbench())("ClassBench %s, as one group", (name) => {
    const rules = projected(name);
    const before: RuleSet = buildRuleSet({ groups: { "sg-1": {} } });
    const withRules = (list: readonly Rule[]): RuleSet => ({
      ...before,
      groups: new Map([["sg-1", { ...before.groups.get("sg-1")!, rules: list }]]),
    });
    const given = withRules(rules);
    const { ruleSet: condensed } = condenseRuleSet(given);
    expect(proveEquivalence(given, condensed)).toMatchObject({ equal: true });
    const left = condensed.groups.get("sg-1")!.rules;
    expect(left.length).toBeLessThan(rules.length);
    for (let i = 0; i < 300; i++) {
      const rule = rules[(i * 7919) % rules.length]!;
      if (rule.peer.kind !== "cidr") continue;
      const packet: Packet = {
        protocol: rule.protocol < 0 ? 6 : rule.protocol,
        port: Math.min(65_535, rule.toPort + (i % 3) - 1),
        icmpType: 0,
        icmpCode: 0,
        address: { ...rule.peer.cidr.address, value: rule.peer.cidr.address.value + BigInt(i % 5) },
        memberOf: [],
      };
      expect(admits(left, packet)).toBe(admits(rules, packet));
    }
  });
});

function readClassbench(): string[] {
  if (CORPUS === undefined) return ["(no corpus)"];
  return readdirSync(join(FOLDER, "classbench")).filter((name) => /_(1k|10k)$/.test(name));
}
