// Rule documents with values that lie: each loads whole or is refused with its place, and what loads is judged by the
// core as by the reference.
import { describe, expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { ENGINES, REFERENCE } from "../support/engines.js";
import { randomOf } from "../support/random-case.js";
import { line, V2 } from "./run.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 40);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);

const GROUP = {
  GroupId: "sg-a",
  GroupName: "a",
  VpcId: "vpc-1",
  OwnerId: "111122223333",
  IpPermissions: [
    {
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: "10.0.0.0/8" }],
      Ipv6Ranges: [{ CidrIpv6: "fd00::/64" }],
      PrefixListIds: [{ PrefixListId: "pl-1" }],
      UserIdGroupPairs: [{ GroupId: "sg-a", UserId: "111122223333" }],
    },
    { IpProtocol: "icmp", FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
  ],
  IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
};

const DOCUMENT = {
  SecurityGroups: [GROUP],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-1",
      VpcId: "vpc-1",
      SubnetId: "subnet-1",
      InterfaceType: "interface",
      Groups: [{ GroupId: "sg-a", GroupName: "a" }],
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.1", Primary: true }],
      Ipv6Addresses: [{ Ipv6Address: "fd00::1" }],
      ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 350, UdpTimeout: 40 },
    },
  ],
  PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "p", Cidrs: ["198.51.100.0/24"] }],
  Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" }],
};

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  -2,
  1.5,
  443,
  65_535,
  65_536,
  1e308,
  2 ** 53,
  "",
  " ",
  "-1",
  "0",
  "tcp",
  "TCP",
  "udp",
  "6",
  "17",
  "256",
  "icmpv6",
  "58",
  "all",
  "10.0.0.0/8",
  "010.0.0.1/8",
  "10.0.0.1/8",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0",
  "0.0.0.0/0",
  "::/0",
  "fd00::1/64",
  "fd00::/129",
  "::ffff:10.0.0.0/104",
  "sg-a",
  "sg-b",
  "eni-1",
  "10.0.0.9",
  "fd00::9",
  "network_load_balancer",
  [],
  {},
  [[]],
  "\u0000",
  "__proto__",
];

const LOG = [
  V2,
  ...["10.0.0.9", "198.51.100.7", "203.0.113.5"].flatMap((src) =>
    [6, 17, 1, 47].flatMap((protocol) => [
      line({ src, protocol }),
      line({ src, protocol, dport: 22, sport: 50_000 }),
      line({ src: "10.0.0.1", dst: src, protocol, sport: 443, dport: 40_000, action: "REJECT" }),
    ]),
  ),
  line({ src: "fd00::9", dst: "fd00::1" }),
  line({ src: "2001:db8::1", dst: "fd00::1", protocol: 58 }),
].join("\n");

/** Every place of a value inside the document, as a path of keys. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

function spoil(path: readonly string[], value: unknown): string {
  const copy: unknown = structuredClone(DOCUMENT);
  if (path.length === 0) return JSON.stringify(value);
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path[path.length - 1]!] = value;
  return JSON.stringify(copy);
}

/** How the document ends: the code of the refusal, or the verdicts that all engines agree on. */
async function outcomeOf(text: string): Promise<string> {
  try {
    const { ruleSet } = loadRuleSet([{ name: "rules.json", text, explicit: true }]);
    const files = [{ name: "a.log", text: LOG }];
    const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
    const expected = await REFERENCE.evaluate(files, ruleSet, options);
    for (const engine of ENGINES) {
      const { judgements } = await engine.evaluate(files, ruleSet, options);
      expect({ text, judgements }).toEqual({ text, judgements: expected.judgements });
    }
    return "judged";
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    expect(error.message).toMatch(/rules\.json/);
    return error.code;
  }
}

describe("a rule document with one or two values spoiled", () => {
  const PLACES = places(DOCUMENT);
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const random = randomOf(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    for (let i = 0; i < 12; i++) {
      const outcome = await outcomeOf(spoil(pick(PLACES), pick(VALUES)));
      expect(outcome).toMatch(/^[a-z][a-z0-9-]+$/);
    }
  });

  test("the document itself loads", async () => {
    expect(await outcomeOf(JSON.stringify(DOCUMENT))).toBe("judged");
  });
});

describe("blocks that are not what they seem", () => {
  test.each([
    "010.0.0.1/8",
    "010.0.0.0/8",
    "10.0.0.1/8",
    "10.0.0.0/08",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0",
    "10.0.0/8",
    "0x0a.0.0.0/8",
    "167772160/8",
    "10.0.0.0/8 ",
    "\u0661\u0660.0.0.0/8",
  ])("%s is refused, with its place", async (cidr) => {
    const path = ["SecurityGroups", "0", "IpPermissions", "0", "IpRanges", "0", "CidrIp"];
    const error = await outcomeOf(spoil(path, cidr));
    expect(error).toBe("cidr-invalid");
  });
});

test.each(["{", "[", "nul", '{"SecurityGroups":', "\u0000", "{}{}", "[]", "12", '""', "<xml/>"])(
  "%j is no rule document, and is told so",
  async (text) => {
    expect(await outcomeOf(text)).toMatch(/^(rules|json)-/);
  },
);
