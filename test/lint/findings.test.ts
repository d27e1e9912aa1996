import { describe, expect, it } from "vitest";
import { countRules, lintRuleSet } from "../../src/lint/index.js";
import type { Group, RuleSet } from "../../src/model/rule-set.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { buildRuleSet, type GroupSketch, type RuleSetSketch } from "../support/rule-set-builder.js";

const OUT = "egress tcp 443 10.0.0.0/8";

/** `level code message` of every finding about a group with these ingress rules, which one interface carries. */
function foundFor(rules: readonly string[], rest: RuleSetSketch = {}): string[] {
  return found(
    buildRuleSet({
      interfaces: { "eni-1": { groups: ["sg-1"], addresses: ["10.0.0.5"] } },
      ...rest,
      groups: { "sg-1": { rules: [...rules, OUT] }, ...rest.groups },
    }),
  );
}

function found(ruleSet: RuleSet): string[] {
  return lintRuleSet(ruleSet).map(({ level, code, message }) => `${level} ${code} ${message}`);
}

function withGroup(
  change: (group: Group) => Group,
  sketch: GroupSketch = { rules: [OUT] },
): RuleSet {
  const ruleSet = buildRuleSet({
    groups: { "sg-1": sketch },
    interfaces: { "eni-1": { groups: ["sg-1"] } },
  });
  return { ...ruleSet, groups: new Map([["sg-1", change(ruleSet.groups.get("sg-1")!)]]) };
}

describe("what is open to the world", () => {
  it.each<[string, string[]]>([
    ["ingress tcp 22 0.0.0.0/0", ["error world-open tcp/22 (SSH) is open to everybody: 0.0.0.0/0"]],
    [
      "ingress tcp 5432 ::/0",
      ["error world-open tcp/5432 (PostgreSQL) is open to everybody: ::/0"],
    ],
    [
      "ingress tcp 3300-3400 0.0.0.0/0",
      ["error world-open tcp/3300-3400 (MySQL, RDP) is open to everybody: 0.0.0.0/0"],
    ],
    [
      "ingress tcp 1-65535 0.0.0.0/0",
      [
        "error world-open tcp/1-65535 (FTP, SSH, Telnet and 29 more such services) is open to everybody: 0.0.0.0/0",
      ],
    ],
    [
      "ingress tcp 0-65535 0.0.0.0/0",
      ["error world-open tcp on all ports (every port) is open to everybody: 0.0.0.0/0"],
    ],
    [
      "ingress all all 0.0.0.0/0",
      [
        "error world-open all traffic (every port of every protocol) is open to everybody: 0.0.0.0/0",
      ],
    ],
    ["ingress tcp 8080 0.0.0.0/0", ["warning world-open tcp/8080 is open to everybody: 0.0.0.0/0"]],
    [
      "ingress 47 all 0.0.0.0/0",
      ["warning world-open protocol 47 is open to everybody: 0.0.0.0/0"],
    ],
    [
      "ingress 50 all 0.0.0.0/0",
      ["note world-open protocol 50 (IPsec) is open to everybody: 0.0.0.0/0"],
    ],
    ["ingress tcp 443 0.0.0.0/0", ["note world-open tcp/443 is open to everybody: 0.0.0.0/0"]],
    ["ingress icmp 8/0 0.0.0.0/0", ["note world-open icmp/8:0 is open to everybody: 0.0.0.0/0"]],
    ["ingress icmp 3/4 0.0.0.0/0", []],
    ["ingress icmpv6 all ::/0", []],
    [
      "ingress tcp 22 128.0.0.0/1",
      ["error world-open tcp/22 (SSH) is open to 50 % of all addresses: 128.0.0.0/1"],
    ],
    [
      "ingress tcp 22 2000::/3",
      ["error world-open tcp/22 (SSH) is open to 13 % of all addresses: 2000::/3"],
    ],
    ["ingress tcp 22 10.0.0.0/8", []],
    ["ingress tcp 22 fc00::/7", []],
    ["egress tcp 22 0.0.0.0/0", []],
  ])("%s", (rule, expected) => {
    expect(foundFor([rule])).toEqual(expected);
  });

  it("is one finding for both families, for the world in parts, and for all that is public by nature", () => {
    expect(foundFor(["ingress tcp 22 0.0.0.0/0", "ingress tcp 22 ::/0"])).toEqual([
      "error world-open tcp/22 (SSH) is open to everybody: 0.0.0.0/0 and ::/0",
    ]);
    expect(foundFor(["ingress tcp 22 0.0.0.0/1", "ingress tcp 22 128.0.0.0/1"])).toEqual([
      "error world-open tcp/22 (SSH) is open to everybody in parts: 0.0.0.0/1 and 128.0.0.0/1",
    ]);
    expect(foundFor(["ingress tcp 80 0.0.0.0/0", "ingress tcp 443 0.0.0.0/0"])).toEqual([
      "note world-open tcp/80 and tcp/443 are open to everybody: 0.0.0.0/0",
    ]);
  });

  it("is seen through a prefix list", () => {
    const rest = { prefixLists: { "pl-1": ["0.0.0.0/0"] } };
    expect(foundFor(["ingress tcp 22 pl-1"], rest)).toEqual([
      "error world-open tcp/22 (SSH) is open to everybody: pl-1",
    ]);
  });

  it("is milder where no interface carries the group, and not told where it is a note", () => {
    const idle = {
      interfaces: { "eni-1": { groups: ["sg-2"] } },
      groups: { "sg-2": { rules: [OUT] } },
    };
    expect(foundFor(["ingress tcp 22 0.0.0.0/0", "ingress tcp 443 0.0.0.0/0"], idle)).toEqual([
      "warning world-open tcp/22 (SSH) is open to everybody: 0.0.0.0/0; no interface carries the group",
      "note group-unused no interface carries the group and no other group names it",
    ]);
  });

  it("is one note for all groups that let everything out", () => {
    const groups = {
      "sg-1": { rules: ["egress all all 0.0.0.0/0"] },
      "sg-2": { rules: ["egress all all 0.0.0.0/0"] },
    };
    const findings = lintRuleSet(buildRuleSet({ groups }));
    expect(findings).toMatchObject([
      {
        code: "egress-open",
        level: "note",
        subject: { kind: "rule-set", id: "" },
        ruleIds: ["sg-1/egress/all/all/0.0.0.0/0", "sg-2/egress/all/all/0.0.0.0/0"],
        message: "2 groups let everything out to everybody, as AWS's default does",
      },
    ]);
  });
});

describe("references", () => {
  const empty = { "sg-2": { rules: [OUT], accountId: "111122223333" } };

  it.each<[string, string[], string[]]>([
    [
      "stale",
      ["ingress tcp 1 sg-9 stale", "ingress tcp 5 sg-9 stale"],
      ["warning stale-reference sg-9 is gone or no longer peered: rules for it match nothing"],
    ],
    [
      "unknown",
      ["ingress tcp 1 sg-9"],
      [
        "warning unresolved-reference sg-9 is described by no document and carried by no interface: whom the rule for it admits is unknown",
      ],
    ],
    [
      "a list without entries",
      ["ingress tcp 1 pl-dark"],
      [
        "note unresolved-reference the entries of pl-dark are not given: whom the rule for it admits is unknown",
      ],
    ],
    [
      "a list nobody described",
      ["ingress tcp 1 pl-x"],
      [
        "note unresolved-reference the entries of pl-x are not given: whom the rule for it admits is unknown",
      ],
    ],
    [
      "nobody carries it",
      ["ingress tcp 1 sg-2"],
      ["note empty-reference nothing belongs to sg-2 at present: the rule for it admits nobody"],
    ],
    ["itself, carried", ["ingress tcp 1 sg-1"], []],
  ])("%s", (_, rules, expected) => {
    const told = foundFor(rules, { groups: empty, prefixLists: { "pl-dark": null } });
    expect(told.filter((text) => text.includes("reference"))).toEqual(expected);
  });

  it("of another account are told apart where the own account is known", () => {
    const groups = {
      "sg-1": { rules: ["ingress tcp 1 999999999999/sg-9", OUT], accountId: "111122223333" },
    };
    expect(found(buildRuleSet({ groups }))).toEqual([
      "note unresolved-reference 999999999999/sg-9 is of another account: whom the rule for it admits is not visible here",
    ]);
  });

  it("without interfaces nothing is called empty or unused", () => {
    expect(
      found(buildRuleSet({ groups: { ...empty, "sg-1": { rules: ["ingress tcp 1 sg-2", OUT] } } })),
    ).toEqual([]);
  });

  it("beside blocks that hold all members are told, once, and not as shadowed", () => {
    const rest = {
      groups: { "sg-2": { rules: [OUT] } },
      interfaces: {
        "eni-1": { groups: ["sg-1"] },
        "eni-2": { groups: ["sg-2"], addresses: ["10.1.0.1"] },
      },
    };
    const rules = ["ingress tcp 81 sg-2", "ingress tcp 82 sg-2", "ingress tcp 80-89 10.1.0.0/16"];
    expect(foundFor(rules, rest)).toEqual(
      [
        "note mergeable-rules 2 rules admit what one would: ingress tcp/81-82 from sg-2",
        "note covered-reference 2 ingress references add nothing today, for the same is open to 10.1.0.0/16, where all members are: tcp/81 from sg-2 and tcp/82 from sg-2",
      ].reverse(),
    );
    expect(foundFor(["ingress tcp 80 sg-2", "ingress tcp 80 10.2.0.0/16"], rest)).toEqual([]);
  });
});

describe("superfluous rules", () => {
  it("are told by the rule that covers them, together", () => {
    const rules = [
      "ingress tcp 22 10.1.0.0/16",
      "ingress tcp 23 10.2.0.0/16",
      "ingress tcp 20-30 10.0.0.0/8",
    ];
    const [finding, ...others] = lintRuleSet(
      buildRuleSet({ groups: { "sg-1": { rules: [...rules, OUT] } } }),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: "shadowed-rule",
      level: "warning",
      ruleIds: ["sg-1/ingress/tcp/22/10.1.0.0/16", "sg-1/ingress/tcp/23/10.2.0.0/16"],
      relatedIds: ["sg-1/ingress/tcp/20-30/10.0.0.0/8"],
      message:
        "2 ingress rules are covered by tcp/20-30 from 10.0.0.0/8; they are tcp/22 from 10.1.0.0/16 and tcp/23 from 10.2.0.0/16",
    });
  });

  it.each<[string, string[], string]>([
    [
      "one",
      ["ingress tcp 22 10.1.0.0/16", "ingress tcp 22 10.0.0.0/8"],
      "warning shadowed-rule ingress tcp/22 from 10.1.0.0/16 is covered by tcp/22 from 10.0.0.0/8",
    ],
    [
      "several",
      [
        "ingress tcp 20-30 172.16.0.0/13",
        "ingress tcp 1-25 172.16.0.0/13",
        "ingress tcp 24-90 172.16.0.0/12",
      ],
      "warning shadowed-rule ingress tcp/20-30 from 172.16.0.0/13 is covered by 2 rules together: tcp/1-25 from 172.16.0.0/13 and tcp/24-90 from 172.16.0.0/12",
    ],
    [
      "a twin",
      ["ingress tcp 22 10.0.0.0/8", "ingress tcp 22 10.0.0.0/8"],
      "warning duplicate-rule ingress tcp/22 from 10.0.0.0/8 stands twice",
    ],
    [
      "neighbours",
      ["ingress tcp 22 10.0.0.0/9", "ingress tcp 22 10.128.0.0/9"],
      "note mergeable-rules 2 rules admit what one would: ingress tcp/22 from 10.0.0.0/8",
    ],
  ])("%s", (_, rules, expected) => {
    expect(foundFor(rules)).toEqual([expected]);
  });
});

describe("quotas", () => {
  const many = (count: number, peer: (i: number) => string): string[] =>
    Array.from({ length: count }, (_, i) => `ingress tcp ${2 * i} ${peer(i)}`);

  it.each<[number, string[]]>([
    [53, []],
    [
      54,
      [
        "note quota-rules as AWS counts, the group has 54 IPv4 ingress rules; the quota is 60 unless raised",
      ],
    ],
    [
      60,
      [
        "note quota-rules as AWS counts, the group has 60 IPv4 ingress rules; the quota is 60 unless raised",
      ],
    ],
    [
      61,
      [
        "warning quota-rules as AWS counts, the group has 61 IPv4 ingress rules; the quota is 60 unless raised",
      ],
    ],
    [
      1001,
      [
        "error quota-rules as AWS counts, the group has 1001 IPv4 ingress rules; the quota is 60 unless raised",
      ],
    ],
  ])("%i rules", (count, expected) => {
    expect(foundFor(many(count, () => "10.0.0.0/8"))).toEqual(expected);
  });

  it("families count apart, a group in both, a list by its size in its own", () => {
    const base = buildRuleSet({
      groups: {
        "sg-1": {
          rules: [
            "ingress tcp 1 10.0.0.0/8",
            "ingress tcp 1 ::/0",
            "ingress tcp 1 sg-1",
            "ingress tcp 1 pl-sized",
            "ingress tcp 1 pl-s3",
            "ingress tcp 1 pl-bare",
          ],
        },
      },
      prefixLists: {
        "pl-sized": ["10.0.0.0/8"],
        "pl-s3": ["10.0.0.0/8", "11.0.0.0/8"],
        "pl-bare": ["fd00::/8", "fe00::/8"],
      },
    });
    const lists = new Map(base.prefixLists);
    lists.set("pl-sized", { ...lists.get("pl-sized")!, maxEntries: 20 });
    lists.set("pl-s3", { ...lists.get("pl-s3")!, name: "com.amazonaws.eu-central-1.s3" });
    const counts = countRules(base.groups.get("sg-1")!, { ...base, prefixLists: lists });
    expect(counts.filter(({ direction }) => direction === "ingress")).toEqual([
      { direction: "ingress", family: 4, rules: 1 + 1 + 20 + 1, atLeast: false },
      { direction: "ingress", family: 6, rules: 1 + 1 + 2, atLeast: true },
    ]);
  });

  it("a list's size comes from its description, its entries from elsewhere", () => {
    const list = {
      PrefixListId: "pl-1",
      PrefixListName: "office",
      MaxEntries: 40,
      AddressFamily: "IPv4",
    };
    const permission = {
      IpProtocol: "tcp",
      FromPort: 22,
      ToPort: 22,
      PrefixListIds: [{ PrefixListId: "pl-1" }],
    };
    const group = {
      GroupId: "sg-1",
      VpcId: "vpc-1",
      IpPermissions: [permission],
      IpPermissionsEgress: [],
    };
    const documents = {
      "lists.json": { PrefixLists: [list] },
      "groups.json": { SecurityGroups: [group] },
      "pl-1.json": { Entries: [{ Cidr: "10.0.0.0/8" }] },
    };
    const { ruleSet } = loadRuleSet(
      Object.entries(documents).map(([name, value]) => ({
        name,
        text: JSON.stringify(value),
        explicit: true,
      })),
    );
    expect(countRules(ruleSet.groups.get("sg-1")!, ruleSet)[0]).toEqual({
      direction: "ingress",
      family: 4,
      rules: 40,
      atLeast: false,
    });
  });

  it("groups of an interface, and their product with rules", () => {
    const ids = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"];
    const groups = Object.fromEntries(ids.map((id) => [id, { rules: [OUT] }]));
    const carried = (count: number): RuleSetSketch => ({
      groups,
      interfaces: { "eni-1": { groups: ids.slice(0, count) } },
    });
    const codes = (texts: readonly string[]): string[] =>
      texts.filter((text) => text.includes("quota-"));
    expect(codes(found(buildRuleSet(carried(5))))).toEqual([]);
    expect(codes(found(buildRuleSet(carried(6))))).toEqual([
      "warning quota-groups the interface carries 6 groups; the quota is 5 unless raised, 16 at most",
    ]);
    const large = { ...groups, "sg-1": { rules: [...many(201, () => "10.0.0.0/8"), OUT] } };
    expect(codes(found(buildRuleSet({ ...carried(5), groups: large })))).toEqual([
      "warning quota-rules as AWS counts, the group has 201 IPv4 ingress rules; the quota is 60 unless raised",
      "warning quota-product 5 groups × 201 rules (the most of one of them) is 1005; AWS grants quotas up to a product of 1000",
    ]);
  });
});

describe("what AWS refuses or reads otherwise", () => {
  it.each<[string, Partial<Group>, string[]]>([
    ["good", { name: "web & more [1] {a};=$!*+@#" }, []],
    ["characters", { name: "wéb" }, ['error name-invalid the name "wéb" holds "é"']],
    ["length", { name: "x".repeat(256) }, ["error name-invalid the name has 256 characters"]],
    [
      "like an id",
      { name: "SG-web" },
      ['note name-invalid the name "SG-web" begins with sg-, as ids do'],
    ],
  ])("names: %s", (_, change, expected) => {
    expect(found(withGroup((group) => ({ ...group, ...change })))).toEqual(expected);
  });

  it("names are taken whatever their case, per VPC", () => {
    const sketch = (name: string, vpcId: string): GroupSketch => ({ name, vpcId, rules: [OUT] });
    const groups = {
      "sg-1": sketch("web", "vpc-1"),
      "sg-2": sketch("WEB", "vpc-1"),
      "sg-3": sketch("web", "vpc-2"),
    };
    expect(found(buildRuleSet({ groups }))).toEqual([
      'error name-taken the name "WEB" is also that of sg-1 in vpc-1',
    ]);
  });

  it.each([
    ["plain", "to the office (Berlin)", []],
    ["ampersand", "a & b", ['error description-invalid a rule\'s description holds "&": "a & b"']],
    [
      "length",
      "x".repeat(256),
      ["error description-invalid a rule's description has 256 characters"],
    ],
  ])("descriptions: %s", (_, description, expected) => {
    const change = (group: Group): Group => ({
      ...group,
      rules: group.rules.map((rule) => ({ ...rule, description })),
    });
    expect(found(withGroup(change))).toEqual(expected);
  });

  it("ICMP codes without a type", () => {
    const change = (group: Group): Group => ({
      ...group,
      rules: group.rules.map((rule) => (rule.protocol === 1 ? { ...rule, icmpCode: 9 } : rule)),
    });
    expect(found(withGroup(change, { rules: ["ingress icmp all 10.0.0.0/8", OUT] }))).toEqual([
      "error icmp-pair ingress icmp from 10.0.0.0/8 has code 9 without a type: AWS refuses it",
    ]);
  });

  it.each<[string, string[]]>([
    [
      "ingress icmp all fd00::/8",
      ["warning icmp-family ingress icmp from fd00::/8 admits nothing: IPv6 uses icmpv6"],
    ],
    [
      "ingress icmpv6 all 10.0.0.0/8",
      ["warning icmp-family ingress icmpv6 from 10.0.0.0/8 admits nothing: IPv4 uses icmp"],
    ],
    ["ingress icmp all 10.0.0.0/8", []],
    ["ingress icmpv6 all fd00::/8", []],
  ])("%s", (rule, expected) => {
    expect(foundFor([rule])).toEqual(expected);
  });

  it("ports of protocols without ports", () => {
    const change = (group: Group): Group => ({
      ...group,
      rules: group.rules.map((rule) =>
        rule.protocol === 6 ? rule : { ...rule, fromPort: 22, toPort: 22 },
      ),
    });
    expect(found(withGroup(change, { rules: ["ingress all all 10.0.0.0/8", OUT] }))).toEqual([
      "warning ports-ignored ingress all traffic from 10.0.0.0/8 names the ports 22-22, which AWS ignores: only tcp and udp have ports",
    ]);
  });
});

describe("groups and interfaces", () => {
  it("names unused groups, spares the default one, and counts references of others", () => {
    const groups = {
      "sg-1": { rules: ["ingress tcp 1 sg-3", OUT] },
      "sg-2": { rules: ["ingress tcp 1 sg-2", OUT] },
      "sg-3": { rules: [OUT] },
      "sg-4": { rules: [OUT], name: "default" },
    };
    const findings = lintRuleSet(
      buildRuleSet({ groups, interfaces: { "eni-1": { groups: ["sg-1"] } } }),
    );
    const unused = findings.filter(({ code }) => code === "group-unused");
    expect(unused.map(({ subject }) => subject.id)).toEqual(["sg-2"]);
  });

  it("names groups that are carried and not described, once", () => {
    const interfaces = { "eni-1": { groups: ["sg-1", "sg-9"] }, "eni-2": { groups: ["sg-9"] } };
    expect(foundFor([], { interfaces })).toEqual([
      "warning group-missing eni-1 and eni-2 carry the group, which no document describes",
    ]);
  });

  it("names interfaces that may open nothing, unless another of their groups lets them", () => {
    const groups = { "sg-2": { rules: ["ingress tcp 1 10.0.0.0/8"] } };
    expect(
      foundFor([], {
        groups,
        interfaces: { "eni-1": { groups: ["sg-2"] }, "eni-2": { groups: ["sg-1", "sg-2"] } },
      }),
    ).toEqual([
      "note egress-missing the group has no egress rule: eni-1 answers, but opens nothing",
    ]);
  });

  it("names carriers of the default group", () => {
    const groups = { "sg-1": { name: "default", rules: [OUT] } };
    expect(foundFor([], { groups })).toEqual([
      "warning default-group-in-use the VPC's default group is carried by eni-1",
    ]);
  });

  it("EC2-Classic groups are not blamed for having no egress", () => {
    const groups = { "sg-1": { vpcId: null, rules: ["ingress tcp 1 10.0.0.0/8"] } };
    expect(foundFor([], { groups })).toEqual([]);
  });

  it("are told in one order, whatever the order of the documents", () => {
    const groups = {
      "sg-1": { rules: ["ingress tcp 22 0.0.0.0/0", "ingress tcp 22 10.0.0.0/8"] },
      "sg-2": { rules: ["ingress tcp 3306 ::/0", "ingress tcp 1 sg-9"] },
    };
    const ruleSet = buildRuleSet({ groups });
    const turned = { ...ruleSet, groups: new Map([...ruleSet.groups].reverse()) };
    expect(lintRuleSet(turned)).toEqual(lintRuleSet(ruleSet));
    expect(lintRuleSet(ruleSet).map(({ level, subject }) => `${subject.id} ${level}`)).toEqual([
      "sg-1 error",
      "sg-1 warning",
      "sg-2 error",
      "sg-2 warning",
    ]);
  });
});
