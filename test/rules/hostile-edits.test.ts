// Edits as JSON and as command lines, and candidates, spoiled in every place: they do their work or stop with a FlowError
// that says where. Anything else that is thrown is our bug.
import { expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import {
  applyEdits,
  editsBetween,
  groupsAsTerraform,
  loadCandidate,
  parseEdits,
  ruleSetAsAwsJson,
} from "../../src/rules/index.js";
import { group, groupRule, groups, json, load, networkInterface, permission } from "./documents.js";

const PEERS = permission({
  IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "office" }],
  Ipv6Ranges: [{ CidrIpv6: "::/0" }],
  PrefixListIds: [{ PrefixListId: "pl-1" }],
  UserIdGroupPairs: [{ GroupId: "sg-a", UserId: "222222222222", PeeringStatus: "active" }],
});

const BASE = load([
  groups([group("sg-a", [PEERS]), group("sg-b")]),
  json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a"])] }, "interfaces.json"),
]).ruleSet;

const POISON: unknown[] = [
  null,
  true,
  -1,
  1e300,
  0.5,
  "",
  "x",
  "sg-b",
  "__proto__",
  "\u0000",
  "9".repeat(400),
  "1.2.3.4/5",
  [],
  {},
  [null],
  [[]],
  [{}],
];

type Node = Record<string | number, unknown>;

function* places(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield [...path, key];
    yield* places((value as Node)[key], [...path, key]);
  }
}

/** Every value replaced by every poison, and every key left out. */
function* spoiled(value: object): Generator<string> {
  for (const path of places(value))
    for (const poison of [...POISON, undefined]) {
      const copy = structuredClone(value) as Node;
      let parent = copy;
      for (const step of path.slice(0, -1)) parent = parent[step] as Node;
      parent[path.at(-1)!] = poison;
      yield JSON.stringify(copy);
    }
}

function stops(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    expect(error.code).toMatch(/^[a-z0-9-]+$/);
    expect(error.at).toMatch(/^x(\.json)?(:\d+:\d+)?$/);
    return true;
  }
}

const INPUT = { GroupId: "sg-b", IpPermissions: [PEERS] };

test.each<[string, (text: string) => string]>([
  ["a JSON document", (text) => `[{"authorize-security-group-ingress": ${text}}]`],
  [
    "behind --cli-input-json",
    (text) =>
      `aws ec2 authorize-security-group-egress --cli-input-json '${text.replaceAll("'", "'\\''")}'`,
  ],
])("the CLI's input, as %s", (_, around) => {
  let stopped = 0;
  let done = 0;
  for (const text of [JSON.stringify(INPUT), ...spoiled(INPUT)])
    if (stops(() => applyEdits(BASE, parseEdits(around(text), "x")))) stopped++;
    else done++;
  expect(stopped).toBeGreaterThan(150);
  expect(done).toBeGreaterThan(10);
});

test("every cut of a text of edits", () => {
  const text = [
    "authorize sg-b ingress tcp 22 10.0.0.0/8 description 'it is'",
    `aws ec2 authorize-security-group-egress --cli-input-json '${JSON.stringify(INPUT)}'`,
    "attach eni-1 sg-b",
    "delete sg-a # done",
  ].join("\n");
  let stopped = 0;
  for (let length = 0; length <= text.length; length++)
    if (stops(() => applyEdits(BASE, parseEdits(text.slice(0, length), "x")))) stopped++;
  expect(stopped).toBeGreaterThan(300);
});

test("candidates", () => {
  const documents = {
    SecurityGroups: [group("sg-a", [PEERS])],
    SecurityGroupRules: [groupRule("sgr-1", "sg-b", { CidrIpv4: "10.0.0.0/8" })],
    StaleSecurityGroupSet: [
      {
        GroupId: "sg-a",
        StaleIpPermissions: [permission({ UserIdGroupPairs: [{ GroupId: "sg-a" }] })],
      },
    ],
    NetworkInterfaces: [networkInterface("eni-2", ["sg-b"])],
    PrefixLists: [{ PrefixListId: "pl-2", Cidrs: ["10.0.0.0/8"] }],
    NetworkAcls: [{ NetworkAclId: "acl-1", Associations: [{ SubnetId: "subnet-1" }], Entries: [] }],
  };
  let stopped = 0;
  let done = 0;
  for (const text of [JSON.stringify(documents), ...spoiled(documents)]) {
    const stop = stops(() => {
      const { ruleSet } = loadCandidate(BASE, [{ name: "x.json", text }]);
      editsBetween(BASE, ruleSet);
      ruleSetAsAwsJson(ruleSet);
      groupsAsTerraform(ruleSet.groups.values(), { imports: true });
    });
    if (stop) stopped++;
    else done++;
  }
  expect(stopped).toBeGreaterThan(300);
  expect(done).toBeGreaterThan(100);
});

test("a hundred thousand peers in one edit, and names that objects inherit", () => {
  const IpRanges = Array.from({ length: 100_000 }, (_, i) => ({
    CidrIp: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`,
  }));
  const input = { GroupId: "sg-b", IpPermissions: [{ IpProtocol: "-1", IpRanges }] };
  const text = JSON.stringify({ "authorize-security-group-ingress": input });
  const { ruleSet } = applyEdits(BASE, parseEdits(text, "x"));
  expect(ruleSet.groups.get("sg-b")?.rules).toHaveLength(100_000);
  for (const name of ["__proto__", "constructor", "toString"]) {
    expect(stops(() => parseEdits(`${name} sg-a`, "x"))).toBe(true);
    expect(stops(() => applyEdits(BASE, parseEdits(`delete ${name}`, "x")))).toBe(true);
    expect(stops(() => parseEdits(`{"${name}": {"GroupId": "sg-a"}}`, "x"))).toBe(true);
  }
});
