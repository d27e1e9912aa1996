import { cutOver } from "../../src/analysis/timeline-images.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import type { Timeline } from "../../src/model/timeline.js";
import { DEFAULT_TIMERS, type LookAhead } from "../../src/model/timers.js";
import type { LogOptions } from "../../src/reference/index.js";
import { buildAcls } from "./acl-builder.js";
import { randomCase, randomOf } from "./random-case.js";
import { buildRule } from "./rule-set-builder.js";

/** A random log with a baseline and candidates that differ in rules, interfaces, members, lists and times. */
export interface RandomTimelines {
  readonly text: string;
  readonly baseline: Timeline;
  /** As they are before a cut-over makes them follow the baseline. */
  readonly candidates: readonly Timeline[];
  /** All, as they judge. */
  readonly timelines: readonly Timeline[];
  readonly options: LogOptions;
}

const LOOK_AHEADS: readonly LookAhead[] = [
  { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 },
  { slots: 3, minRecords: 20, maxRecords: 8_000_000 },
  { slots: 1, minRecords: 0, maxRecords: 30 },
];
const BASE = 1_700_000_100;
const SUBNETS = ["subnet-1", "subnet-2", undefined];
const BLOCKS = [
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.0.1.0/24",
  "10.9.0.0/16",
  "198.51.100.0/24",
  "203.0.113.5/32",
  "::/0",
  "fd00::/64",
];
const ENTRY_PROTOCOLS = ["all", "all", "tcp", "udp", "icmp", "icmpv6", "47"];

/** Everything follows from the seed. Two thirds of the cases have network ACLs, half a cut-over. */
export function randomTimelines(seed: number, records: number): RandomTimelines {
  const random = randomOf(seed * 7919 + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const { ruleSet, text } = randomCase(seed, records);
  const listed = random() < 0.66;
  const variant = (): RuleSet => {
    const other = randomCase(Math.floor(random() * 1_000_000), 0).ruleSet;
    const known = random() < 0.9 ? ruleSet.interfaces : other.interfaces;
    return {
      ...(random() < 0.8 ? ruleSet : other),
      groups: opened(random() < 0.8 ? other.groups : ruleSet.groups, pick, random),
      interfaces: new Map(
        [...known]
          .filter(() => random() < 0.95)
          .map(([id, owner]) => [id, varied(owner, pick, random)]),
      ),
      acls: listed ? randomAcls(pick, random) : new Map(),
    };
  };
  const baseline = { name: "baseline", periods: randomPeriods(variant, pick, random) };
  const cutOverAt = BASE + pick([30, 300, 700, 3000, 20_000]);
  const cut = random() < 0.5;
  const candidates = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
    const name = `candidate-${index + 1}`;
    if (random() < 0.1) return { ...baseline, name };
    return { name, periods: randomPeriods(variant, pick, random) };
  });
  const lookAhead = LOOK_AHEADS[seed % LOOK_AHEADS.length]!;
  const judging = cut ? candidates.map((each) => cutOver(baseline, each, cutOverAt)) : candidates;
  return {
    text,
    baseline,
    candidates,
    timelines: [baseline, ...judging],
    options: { timers: DEFAULT_TIMERS, lookAhead, ...(cut ? { cutOverAt } : {}) },
  };
}

/** Rules that admit much, tracked and untracked: without them random rules deny nearly everything. */
const WIDE: readonly string[] = [
  "ingress tcp all 0.0.0.0/0",
  "ingress udp all 0.0.0.0/0",
  "ingress all all 10.0.0.0/8",
  "egress all all 0.0.0.0/0",
  "egress tcp all 10.0.0.0/8",
  "ingress all all ::/0",
];

function opened(groups: RuleSet["groups"], pick: Pick, random: () => number): RuleSet["groups"] {
  return new Map(
    [...groups].map(([id, group]) => {
      const further = new Set(Array.from({ length: Math.floor(random() * 4) }, () => pick(WIDE)));
      const known = new Set(group.rules.map((rule) => rule.id));
      const rules = [...further].map((text) => buildRule(id, text));
      return [id, { ...group, rules: [...group.rules, ...rules.filter((r) => !known.has(r.id))] }];
    }),
  );
}

type Pick = <T>(list: readonly T[]) => T;

function randomPeriods(
  ruleSet: () => RuleSet,
  pick: Pick,
  random: () => number,
): Timeline["periods"] {
  const times = random() < 0.5 ? [] : [pick([40, 400, 2000]), pick([3000, 9000])];
  return [0, ...times.map((time) => BASE + time)].map((from) => ({ from, ruleSet: ruleSet() }));
}

/** The interface in a subnet, now and then with other groups or addresses, or of another type. */
function varied(owner: NetworkInterface, pick: Pick, random: () => number): NetworkInterface {
  const { subnetId: _, ...rest } = owner;
  const subnetId = pick(SUBNETS);
  return {
    ...rest,
    vpcId: "vpc-1",
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(random() < 0.15
      ? { groupIds: pick([[], ["sg-a"], ["sg-b", "sg-c"], ["sg-b", "undecided:groups"]]) }
      : {}),
    ...(random() < 0.1 ? { addresses: [] } : {}),
    ...(random() < 0.1 ? { type: "lambda" } : {}),
  };
}

function randomAcls(pick: Pick, random: () => number): RuleSet["acls"] {
  const entries = Array.from({ length: Math.floor(random() * 8) }, (_, index) => {
    const protocol = pick(ENTRY_PROTOCOLS);
    const action = random() < 0.65 ? "allow" : "deny";
    const number = 1 + Math.floor(random() * 30) * 10 + index;
    return `${pick(["ingress", "egress"])} ${number} ${action} ${protocol} ${portsOf(protocol, pick)} ${pick(BLOCKS)}`;
  });
  const open = ["ingress 900 allow all all 0.0.0.0/0", "egress 900 allow all all 0.0.0.0/0"];
  const closing = ["ingress", "egress"].flatMap((direction) => [
    `${direction} 32767 deny all all 0.0.0.0/0`,
    `${direction} 32768 deny all all ::/0`,
  ]);
  if (random() < 0.5) entries.push(...closing);
  return buildAcls({
    "acl-0": { default: random() < 0.5, entries: open },
    "acl-1": { subnets: ["subnet-1"], entries: random() < 0.7 ? [...entries, ...open] : entries },
  });
}

function portsOf(protocol: string, pick: Pick): string {
  if (protocol === "icmp" || protocol === "icmpv6") return pick(["all", "8/-1", "0/-1"]);
  if (protocol !== "tcp" && protocol !== "udp") return "all";
  return pick(["all", "443", "53", "1024-65535", "1-1023", "40000-40001"]);
}
