import { describe, expect, test } from "vitest";
import { formatCidr } from "../../../src/model/address.js";
import { ruleSetDifferences } from "../../../src/rules/index.js";
import { BASE, edited, refusal, ruleKeys } from "./edit-documents.js";

describe("rules", () => {
  test("an authorised rule stands last, named by its content, at the place of its edit", () => {
    const { ruleSet, outcomes } = edited(
      '\n  authorize web ingress tcp 8080 sg-db description "why not"',
    );
    expect(ruleSet.groups.get("sg-web")?.rules.at(-1)).toEqual({
      id: "sg-web/ingress/tcp/8080/sg-db",
      groupId: "sg-web",
      direction: "ingress",
      protocol: 6,
      fromPort: 8080,
      toPort: 8080,
      icmpType: -1,
      icmpCode: -1,
      peer: { kind: "group", id: "sg-db" },
      stale: false,
      description: "why not",
      at: { file: "edits.txt", line: 2, column: 3 },
    });
    expect(outcomes).toMatchObject([
      {
        line: 'authorize web ingress tcp 8080 sg-db description "why not"',
        did: "sg-web admits ingress tcp 8080 sg-db",
        notes: [],
      },
    ]);
  });

  test("a revoked rule is gone, the baseline stays, and untouched groups are the same objects", () => {
    const before = structuredClone(BASE);
    const { ruleSet, outcomes } = edited("revoke sg-web ingress tcp 22 10.0.0.0/8");
    expect(ruleKeys(ruleSet, "sg-web")).toEqual([
      "sg-web/ingress/tcp/443/0.0.0.0/0",
      "sg-web/ingress/tcp/443/222222222222/sg-far",
      "sg-web/egress/all/all/0.0.0.0/0",
    ]);
    expect(outcomes[0]?.did).toMatch(
      /^sg-web loses ingress tcp 22 10\.0\.0\.0\/8 \(sg-web\/ingress\/tcp\/22\/10\.0\.0\.0\/8 at groups\.json:1:\d+\)$/,
    );
    expect(BASE).toEqual(before);
    expect(ruleSet.groups.get("sg-db")).toBe(BASE.groups.get("sg-db"));
    expect(ruleSetDifferences(BASE, ruleSet)).toEqual([
      "group sg-web, rule ingress/tcp/22/10.0.0.0/8: is gone",
    ]);
  });

  test("no edits change nothing", () => {
    const { ruleSet, outcomes } = edited("# nothing\n");
    expect(ruleSet).toEqual(BASE);
    expect(outcomes).toEqual([]);
  });

  test("group peers: by name, own account, other accounts, mentioned only", () => {
    const { ruleSet, outcomes } = edited(
      [
        "authorize sg-web ingress tcp 1 'the data base'",
        "authorize sg-web ingress tcp 2 111111111111/sg-db",
        "authorize sg-web ingress tcp 3 333333333333/sg-new",
        "authorize sg-web ingress tcp 4 sg-unseen",
        "authorize sg-web ingress tcp 5 pl-2",
        "authorize sg-web ingress tcp 6 sg-web",
        "revoke sg-web ingress tcp 443 sg-far",
        "revoke sg-db ingress tcp 5432 111111111111/sg-web",
        "revoke sg-web ingress tcp 1 'the data base'",
      ].join("\n"),
    );
    expect(ruleKeys(ruleSet, "sg-web").slice(3)).toEqual([
      "sg-web/ingress/tcp/2/sg-db",
      "sg-web/ingress/tcp/3/333333333333/sg-new",
      "sg-web/ingress/tcp/4/sg-unseen",
      "sg-web/ingress/tcp/5/pl-2",
      "sg-web/ingress/tcp/6/sg-web",
    ]);
    expect(ruleKeys(ruleSet, "sg-db")).toEqual([
      "sg-db/ingress/tcp/5432/sg-unseen",
      "sg-db/ingress/tcp/5432/pl-1",
    ]);
    expect(outcomes.flatMap(({ notes }) => notes)).toEqual([
      "sg-unseen is described nowhere",
      "the entries of pl-2 are not known: what only they admit is unknown",
    ]);
  });

  test("by id, where describe-security-group-rules named it", () => {
    const { ruleSet } = edited("revoke sg-id ingress sgr-1");
    expect(ruleKeys(ruleSet, "sg-id")).toEqual([]);
  });

  test.each<[string, string]>([
    [
      "revoke sg-web ingress tcp 22 0.0.0.0/0",
      "edit-without-effect edits.txt:1:1: sg-web has no rule ingress tcp 22 0.0.0.0/0 | the nearest rules of sg-web: ingress tcp 22 10.0.0.0/8 (sg-web/ingress/tcp/22/10.0.0.0/8 at groups.json:1:",
    ],
    ["revoke sg-web egress tcp 443 0.0.0.0/0", "the nearest rules of sg-web: "],
    ["revoke sg-dup1 egress tcp 443 0.0.0.0/0", "| sg-dup1 has no rules"],
    ["revoke sg-web ingress tcp 443 333333333333/sg-far", "edit-without-effect"],
    [
      "revoke sg-id ingress sgr-2",
      "edit-without-effect edits.txt:1:1: sg-id has no ingress rule sgr-2 | nearest: sgr-1",
    ],
    ["revoke sg-id egress sgr-1", "sg-id has no egress rule sgr-1 | ids such as sgr-..."],
    [
      "authorize sg-web ingress tcp 443 0.0.0.0/0 description everybody",
      "sg-web has this rule already: ingress tcp 443 0.0.0.0/0 (sg-web/ingress/tcp/443/0.0.0.0/0 at groups.json:1:",
    ],
    [
      "authorize sg-web ingress tcp 443 0.0.0.0/0",
      "to change its description, revoke the rule first",
    ],
    [
      "authorize sg-web ingress tcp 1 ::/0\nauthorize web ingress 6 1-1 ::0/0",
      "edit-without-effect edits.txt:2:1: sg-web has this rule already: ingress tcp 1 ::/0 (sg-web/ingress/tcp/1/::/0 at edits.txt:1:1)",
    ],
    [
      "revoke sg-we ingress tcp 1 ::/0",
      'edit-group-unknown edits.txt:1:1: no group has the id or name "sg-we" | nearest: sg-web, ',
    ],
    ["authorize sg-web ingress tcp 1 sg-bd", "nearest: sg-id, sg-db; "],
    ["authorize sg-web ingress tcp 1 twin", "edit-group-ambiguous"],
    [
      "authorize twin ingress tcp 1 ::/0",
      'several groups are called "twin", such as sg-dup1 and sg-dup2',
    ],
  ])("%j is refused", (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });
});

describe("attachments", () => {
  test("attach and detach", () => {
    const { ruleSet } = edited("attach eni-1 sg-db\ndetach eni-1 web\nattach eni-1 sg-unseen");
    expect(ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-db", "sg-unseen"]);
    expect(ruleSet.interfaces.get("eni-2")).toBe(BASE.interfaces.get("eni-2"));
  });

  test.each<[string, string]>([
    ["attach eni-1 sg-web", "edit-without-effect edits.txt:1:1: eni-1 carries sg-web already"],
    ["detach eni-1 sg-db", "eni-1 does not carry sg-db | it carries sg-web"],
    ["detach eni-1 sg-web", "edit-last-group edits.txt:1:1: sg-web is the only group of eni-1"],
    [
      "attach eni-3 sg-web",
      'edit-interface-unknown edits.txt:1:1: the rule set has no interface "eni-3" | nearest: eni-1, eni-2; ',
    ],
    ["attach eni-1 sg-typo", "edit-group-unknown"],
  ])("%j is refused", (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });
});

describe("deletion", () => {
  test("takes attachments along and leaves stale references, which it tells", () => {
    const { ruleSet, outcomes } = edited(
      "authorize sg-web ingress tcp 1 sg-db\ndelete 'the data base'\ndelete sg-dup1",
    );
    expect(ruleSet.groups.has("sg-db")).toBe(false);
    expect(ruleSet.interfaces.get("eni-2")?.groupIds).toEqual(["sg-web"]);
    expect(ruleSet.attach).toEqual([]);
    expect(ruleSet.groups.get("sg-web")?.rules.map(({ stale }) => stale)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(outcomes.slice(1).map(({ did, notes }) => [did, ...notes])).toEqual([
      [
        "sg-db is gone",
        "eni-2 no longer carries sg-db",
        "sg-web/ingress/tcp/1/sg-db is stale now: it refers to sg-db and matches nothing",
      ],
      ["sg-dup1 is gone", "--attach no longer names sg-dup1"],
    ]);
  });

  test("knows references and attachments that edits made or took away", () => {
    const { ruleSet, outcomes } = edited(
      [
        "authorize sg-dup1 ingress tcp 1 sg-dup2",
        "authorize sg-id ingress tcp 2 sg-dup2",
        "revoke sg-id ingress tcp 2 sg-dup2",
        "attach eni-1 sg-dup2",
        "attach eni-2 sg-dup2",
        "detach eni-2 sg-dup2",
        "delete sg-dup2",
        "delete sg-id",
      ].join("\n"),
    );
    expect(outcomes.slice(-2).map(({ notes }) => notes)).toEqual([
      [
        "eni-1 no longer carries sg-dup2",
        "sg-dup1/ingress/tcp/1/sg-dup2 is stale now: it refers to sg-dup2 and matches nothing",
      ],
      [],
    ]);
    expect(ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-web"]);
  });

  test.each<[string, string]>([
    ["delete sg-web", "edit-last-group edits.txt:1:1: sg-web is the only group of eni-1"],
    [
      "delete sg-db\nattach eni-1 sg-db",
      "edit-group-unknown edits.txt:2:1: sg-db was deleted by the edit at edits.txt:1:1",
    ],
    [
      "delete sg-db\nauthorize sg-web ingress tcp 1 sg-db",
      "sg-db was deleted by the edit at edits.txt:1:1",
    ],
    ["delete sg-unseen", "edit-group-unknown"],
  ])("%j is refused", (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });
});

describe("prefix lists", () => {
  test("entries come and go", () => {
    const { ruleSet, outcomes } = edited(
      "add-entry pl-1 10.0.0.0/8\nremove-entry pl-1 192.0.2.0/24\nremove-entry pl-1 10.0.0.0/8\nadd-entry pl-1 ::/0",
    );
    expect(ruleSet.prefixLists.get("pl-1")?.cidrs?.map(formatCidr)).toEqual(["::/0"]);
    expect(outcomes.flatMap(({ notes }) => notes)).toEqual([
      "pl-1 has no entries left: rules that name it match nothing",
    ]);
  });

  test.each<[string, string]>([
    [
      "add-entry pl-1 192.0.2.0/24",
      "edit-without-effect edits.txt:1:1: pl-1 has 192.0.2.0/24 already",
    ],
    ["add-entry pl-1 ::/0", "edit-entry-family"],
    ["remove-entry pl-1 192.0.2.0/25", "pl-1 has no entry 192.0.2.0/25 | nearest: 192.0.2.0/24"],
    [
      "add-entry closed 10.0.0.0/8",
      "edit-list-entries edits.txt:1:1: the entries of pl-2 are not known",
    ],
    [
      "add-entry pl-3 10.0.0.0/8",
      'edit-list-unknown edits.txt:1:1: no prefix list has the id or name "pl-3" | nearest: pl-1, pl-2',
    ],
  ])("%j is refused", (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });
});

test("commands of the AWS CLI change the same things", () => {
  const { ruleSet } = edited(
    [
      "aws ec2 revoke-security-group-ingress --group-id sg-web --protocol tcp --port 22 --cidr 10.0.0.0/8",
      "aws ec2 revoke-security-group-ingress --group-id sg-id --security-group-rule-ids sgr-1",
      "aws ec2 authorize-security-group-egress --group-name web --ip-permissions \\",
      `  '[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": "sg-db", "UserId": "111111111111"}]}]'`,
    ].join("\n"),
  );
  expect(ruleKeys(ruleSet, "sg-web")).toEqual([
    "sg-web/ingress/tcp/443/0.0.0.0/0",
    "sg-web/ingress/tcp/443/222222222222/sg-far",
    "sg-web/egress/all/all/0.0.0.0/0",
    "sg-web/egress/tcp/1/sg-db",
  ]);
  expect(ruleKeys(ruleSet, "sg-id")).toEqual([]);
});

test("a name beside an id has to be that group's", () => {
  const revoke = (names: string): string =>
    `aws ec2 revoke-security-group-ingress ${names} --protocol tcp --port 22 --cidr 10.0.0.0/8`;
  expect(ruleKeys(edited(revoke("--group-id sg-web --group-name web")).ruleSet, "sg-web")).toEqual(
    ruleKeys(edited(revoke("--group-id sg-web")).ruleSet, "sg-web"),
  );
  const expected =
    'edit-group-contradiction edits.txt:1:9: sg-web is called "web", not "db" | give the id alone, or the name alone';
  expect(refusal(revoke("--group-id sg-web --group-name db"))).toContain(expected);
  const input = { GroupId: "sg-web", GroupName: "db", SecurityGroupRuleIds: ["sgr-1"] };
  expect(
    refusal(`aws ec2 revoke-security-group-ingress --cli-input-json '${JSON.stringify(input)}'`),
  ).toContain("edit-group-contradiction");
});

test("options and their JSON have to name the same group", () => {
  const input = (options: string, names: object): string =>
    `aws ec2 revoke-security-group-ingress ${options} --cli-input-json '${JSON.stringify({
      ...names,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      ],
    })}'`;
  const keys = ruleKeys(edited(input("--group-id sg-web", {})).ruleSet, "sg-web");
  for (const [options, names] of [
    ["--group-id sg-web", { GroupId: "sg-web" }],
    ["--group-name web", { GroupId: "sg-web" }],
    ["--group-id sg-web --group-name web", { GroupId: null, GroupName: "web" }],
    ["--group-name web", {}],
  ] as const)
    expect(ruleKeys(edited(input(options, names)).ruleSet, "sg-web")).toEqual(keys);
  expect(refusal(input("--group-id sg-web", { GroupId: "sg-db" }))).toContain(
    'edit-group-contradiction edits.txt:1:86: GroupId: found "sg-db", but --group-id says "sg-web" | name one group: leave out --group-id, or the key',
  );
  for (const [options, names] of [
    ["--group-name db", { GroupId: "sg-web" }],
    ["--group-id sg-web", { GroupName: "db" }],
    ["--group-id sg-web --group-name web", { GroupName: "db" }],
  ] as const)
    expect(refusal(input(options, names))).toContain("edit-group-contradiction");
});

test("ten thousand edits of ten thousand rules do not take quadratic time", () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => i);
  const authorized = numbers.map((i) => `authorize sg-db egress tcp ${i} 10.0.0.0/8`).join("\n");
  const grown = edited(authorized).ruleSet;
  expect(grown.groups.get("sg-db")?.rules).toHaveLength(10_003);
  const shrunk = edited(authorized.replaceAll("authorize", "revoke"), grown).ruleSet;
  expect(ruleSetDifferences(BASE, shrunk)).toEqual([]);
});
