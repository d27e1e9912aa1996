import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { FlowError } from "../../src/errors.js";
import { formatAddress, formatCidr } from "../../src/model/address.js";
import {
  inspectRules,
  type LoadedRules,
  loadCandidate,
  loadRuleSet,
} from "../../src/rules/index.js";
import { ROOT } from "../support/packed.js";
import { schemaFaults } from "../support/schemas.js";

function load(text: string): LoadedRules {
  return loadRuleSet([{ name: "net.yaml", text }]);
}

function refusal(text: string): string {
  try {
    load(text);
  } catch (error) {
    const { message, hint = "" } = error as FlowError;
    return `${message} | ${hint}`;
  }
  throw new Error("nothing was refused");
}

const WHOLE = `# Written by hand.
version: 1
groups:
  - id: sg-web
    name: web
    vpc: vpc-1
    account: "011122223333"
    ingress:
      - {from: any, port: tcp/443, description: the world}
      - from: [10.0.0.0/8, pl-office, group app]
        port: [tcp/80, tcp/8000-8100]
      - {from: self, port: icmp/8}
      - {from: 444455556666/sg-far, port: ip/50}
    egress:
      - {to: any, port: any}
  - id: sg-app
    name: app
    ingress: []
    egress: []
prefix-lists:
  - {id: pl-office, name: office, entries: [192.0.2.0/24, "2001:db8::/32"]}
  - {id: pl-unknown}
interfaces:
  - id: eni-1
    groups: [web, sg-app]
    addresses: [10.0.0.5, fd00::5]
    prefixes: [10.0.4.0/28]
    vpc: vpc-1
    subnet: subnet-1
    type: interface
    attached: 2024-12-14T10:33:00Z
vpcs:
  - {id: vpc-1, blocks: [10.0.0.0/16]}
subnets:
  - {id: subnet-1, vpc: vpc-1, blocks: [10.0.0.0/24]}
`;

describe("rules written by hand", () => {
  it("hold all that a rule set is made of", () => {
    const loaded = load(WHOLE);
    const { ruleSet, warnings } = loaded;
    expect(warnings).toEqual([]);
    expect(ruleSet.groups.get("sg-web")).toMatchObject({
      name: "web",
      vpcId: "vpc-1",
      accountId: "011122223333",
      at: { file: "net.yaml", line: 4, column: 5 },
    });
    expect(ruleSet.groups.get("sg-web")?.rules.map(({ id }) => id.slice("sg-web/".length))).toEqual(
      [
        "ingress/tcp/443/0.0.0.0/0",
        "ingress/tcp/443/::/0",
        "ingress/tcp/80/10.0.0.0/8",
        "ingress/tcp/80/pl-office",
        "ingress/tcp/80/sg-app",
        "ingress/tcp/8000-8100/10.0.0.0/8",
        "ingress/tcp/8000-8100/pl-office",
        "ingress/tcp/8000-8100/sg-app",
        "ingress/icmp/8:all/sg-web",
        "ingress/50/all/444455556666/sg-far",
        "egress/all/all/0.0.0.0/0",
        "egress/all/all/::/0",
      ],
    );
    const [first] = ruleSet.groups.get("sg-web")!.rules;
    expect(first).toMatchObject({
      description: "the world",
      at: { file: "net.yaml", line: 9, column: 9 },
    });
    expect(ruleSet.groups.get("sg-app")?.rules).toEqual([]);
    expect(ruleSet.prefixLists.get("pl-office")?.cidrs?.map(formatCidr)).toEqual([
      "192.0.2.0/24",
      "2001:db8::/32",
    ]);
    expect(ruleSet.prefixLists.get("pl-unknown")?.cidrs).toBeUndefined();
    const carrier = ruleSet.interfaces.get("eni-1")!;
    expect(carrier.groupIds).toEqual(["sg-app", "sg-web"]);
    expect(carrier.addresses.map(formatAddress)).toEqual(["10.0.0.5", "fd00::5"]);
    expect(carrier).toMatchObject({ vpcId: "vpc-1", subnetId: "subnet-1", attachedAt: 1734172380 });
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs.map(formatCidr)).toEqual(["10.0.0.0/16"]);
    expect(ruleSet.subnets.get("subnet-1")).toMatchObject({ vpcId: "vpc-1" });
    expect(inspectRules(loaded)[0]?.message).toBe(
      "net.yaml: by hand: groups (2), by hand: prefix-lists (2), by hand: interfaces (1), by hand: vpcs (1), by hand: subnets (1)",
    );
  });

  it("may be JSON, and a candidate over others", () => {
    const before = load(WHOLE).ruleSet;
    const text = JSON.stringify({
      version: 1,
      groups: [{ id: "sg-app", ingress: [{ from: "sg-web", port: "tcp/1" }], egress: [] }],
    });
    const after = loadCandidate(before, [{ name: "next.json", text }]);
    expect(after.ruleSet.groups.get("sg-app")).toMatchObject({ name: "app" });
    expect(after.ruleSet.groups.get("sg-app")?.rules).toHaveLength(1);
    expect(after.report.inherited).toMatchObject({ group: 1, interface: 1 });
  });

  it("leave of interfaces in a candidate what they do not tell", () => {
    const before = load(WHOLE).ruleSet;
    const [carrier] = [...before.interfaces.values()];
    const text = `version: 1\ninterfaces: [{id: ${carrier!.id}, groups: [sg-new]}]\n`;
    const after = loadCandidate(before, [{ name: "next.yaml", text }]).ruleSet.interfaces;
    const { at: _, ...known } = carrier!;
    expect(after.get(carrier!.id)).toMatchObject({ ...known, groupIds: ["sg-new"] });
  });

  it.each([
    ["any", "ip/1", "ingress/icmp/all/0.0.0.0/0"],
    ["10.0.0.0/8", "ip/58", "ingress/icmpv6/all/10.0.0.0/8"],
    ["10.0.0.0/8", "ip/6", "ingress/tcp/0-65535/10.0.0.0/8"],
    ["pl-1", "tcp", "ingress/tcp/0-65535/pl-1"],
    ["group pl-1", "tcp", "ingress/tcp/0-65535/sg-2"],
  ])("name protocols by number, and lists before groups: %s %s", (from, port, key) => {
    const { ruleSet } = load(
      "version: 1\ngroups:\n  - {id: sg-2, name: pl-1, ingress: [], egress: []}\n" +
        `  - {id: sg-1, egress: [], ingress: [{from: ${from}, port: ${port}}]}\n`,
    );
    expect(ruleSet.groups.get("sg-1")?.rules[0]?.id).toBe(`sg-1/${key}`);
  });

  it("are as the shipped schema says", () => {
    const whole: unknown = parse(WHOLE);
    expect(schemaFaults("rules", whole)).toEqual([]);
    expect(schemaFaults("rules", { version: 1, rules: [] })).not.toEqual([]);
    const half = { version: 1, groups: [{ id: "sg-1", ingress: [] }] };
    expect(schemaFaults("rules", half)).not.toEqual([]);
  });

  it("are read as docs/FORMATS.md shows them", () => {
    const text = readFileSync(join(ROOT, "docs/FORMATS.md"), "utf8");
    const [, shown = ""] = /^### By hand$[\s\S]*?^```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];
    expect(schemaFaults("rules", parse(shown))).toEqual([]);
    expect(load(shown).ruleSet.groups.get("sg-web")?.rules).toHaveLength(11);
  });

  it("does not take a group without a VPC for one of EC2-Classic, whose egress is open", () => {
    const { ruleSet } = load("version: 1\ngroups:\n  - {id: a, ingress: [], egress: []}\n");
    expect(ruleSet.groups.get("a")?.vpcId).toBe("unknown");
  });
});

const GROUP = "version: 1\ngroups:\n  - id: sg-1\n    egress: []\n    ingress:\n      - ";

describe("what is refused, with line and column", () => {
  it.each([
    [
      "version: 2\ngroups: []",
      'net.yaml:1:10: version: "2" is no version that is known | allowed: 1',
    ],
    [
      "version: 1\ngroups: []\nrules: []",
      'net.yaml:3:8: rules: "rules" is no key of the document | allowed: version, groups, prefix-lists, interfaces, vpcs, subnets',
    ],
    [
      "version: 1\ngroups:\n  - id: sg-1\n    ingress: []",
      "net.yaml:3:5: groups.0: a group has no egress | it must be written; keys of a group: id, name, vpc, account, ingress, egress",
    ],
    [
      "version: 1\ngroups:\n  - id: sg-1\n    egress: []\n    ingress:",
      "net.yaml:5:13: groups.0.ingress: ingress is null | write a list: one `- ` per item, or [] for none",
    ],
    [
      `${GROUP}{from: 10.0.0.0/8}`,
      "net.yaml:6:9: groups.0.ingress.0: a rule of ingress has no port | it must be written; keys of a rule of ingress: from, port, description",
    ],
    [
      `${GROUP}{to: 10.0.0.0/8, port: any}`,
      'net.yaml:6:14: groups.0.ingress.0.to: "to" is no key of a rule of ingress | allowed: from, port, description',
    ],
    [`${GROUP}{from: 10.0.0.1/8, port: any}`, "net.yaml:6:16"],
    [
      `${GROUP}{from: 10.0.0.1, port: any}`,
      'net.yaml:6:16: groups.0.ingress.0.from: "10.0.0.1" is no block: a single address is written with /32 or /128',
    ],
    [
      `${GROUP}{from: web, port: any}`,
      'net.yaml:6:16: groups.0.ingress.0.from: "web" is no end of a rule',
    ],
    [`${GROUP}{from: any, port: 22}`, 'net.yaml:6:27: groups.0.ingress.0.port: "22" is no port'],
    [
      `${GROUP}{from: any, port: tcp/70000}`,
      "net.yaml:6:27: groups.0.ingress.0.port: 70000 is outside 0-65535",
    ],
    [
      `${GROUP}{from: any, port: tcp/2-1}`,
      "net.yaml:6:27: groups.0.ingress.0.port: the port range 2-1 is reversed",
    ],
    [
      `${GROUP}{from: &a any, port: tcp}`,
      "net.yaml:6:19: anchors and aliases are not read | write the value out where it is needed",
    ],
    [`${GROUP}{from: any, port: tcp, port: udp}`, 'net.yaml:6:32: the key "port" stands twice'],
    [`${GROUP}{from: any, port: tcp`, "net.yaml:6:"],
    [
      "version: 1\ninterfaces:\n  - {id: eni-1, groups: sg-1}",
      'net.yaml:3:25: interfaces.0.groups: groups is "sg-1" | write a list: one `- ` per item, or [] for none',
    ],
    [
      "version: 1\ninterfaces:\n  - {id: eni-1, groups: [], type: network-load-balancer}",
      'net.yaml:3:35: interfaces.0.type: "network-load-balancer" is no type of an interface | allowed: interface, ',
    ],
    [
      "version: 1\ninterfaces:\n  - {id: eni-1, groups: [sg-1], addresses: [10.0.0.300]}",
      "net.yaml:3:",
    ],
  ])("%j", (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it("leaves assertion files and other YAML alone in folders", () => {
    const texts = ["version: 1\nassertions: []\n", "on: push\njobs: {a: {}}\n", "a: [1\n"];
    for (const text of texts) {
      const { documents } = loadRuleSet([{ name: "x.yml", text, explicit: false }]);
      expect(documents[0]?.status).toBe("skipped");
    }
    expect(() => load(texts[0]!)).toThrow("is not an answer that the rule set knows");
  });
});

describe("hostile YAML", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefgh"
      .split("")
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[i]}`).join(",")}]`),
  ].join("\n");
  it.each([
    ["aliases that explode", bomb, "yaml-alias"],
    ["merges", "a: {b: c}\nd:\n  <<: {e: f}\n", "yaml-alias"],
    ["flows without end", `a: ${"[".repeat(200_000)}`, "yaml-too-deep"],
    [
      "blocks without end",
      `a:\n${Array.from({ length: 150 }, (_, i) => `${" ".repeat(i + 1)}a:`).join("\n")}`,
      "yaml-too-deep",
    ],
    ["sequences without end", `a:\n${"- ".repeat(50_000)}`, "yaml-too-deep"],
    ["tags without end", `a: ${"!a ".repeat(50_000)}`, "yaml-too-deep"],
    ["documents without end", `a: b\n${"---\n".repeat(50_000)}`, "yaml-too-large"],
    ["nothing but exclamation marks", `a: ${"!".repeat(1_000_000)}`, "yaml-syntax"],
    ["too much of it", `a: ${"x".repeat(3_000_000)}`, "yaml-too-large"],
    ["a key that is a list", "version: 1\n? [a, b]\n: c\n", "yaml-"],
  ])("%s", (_, text, code) => {
    const started = performance.now();
    try {
      load(text);
      throw new Error("nothing was refused");
    } catch (error) {
      expect(String((error as FlowError).code)).toContain(code);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("keeps odd keys and scalars as they are written", () => {
    const { ruleSet } = load(
      'version: 1\nprefix-lists:\n  - {id: "0x1F", name: yes}\n  - {id: "012", name: 1e3}\n',
    );
    expect([...ruleSet.prefixLists.values()].map(({ id, name }) => [id, name])).toEqual([
      ["012", "1e3"],
      ["0x1F", "yes"],
    ]);
    expect(refusal("version: 1\ngroups: []\n__proto__: []\n")).toContain("__proto__");
  });
});
