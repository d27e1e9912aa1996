import type { RuleSet } from "../../src/model/rule-set.js";
import { buildRuleSet, type GroupSketch, type InterfaceSketch } from "./rule-set-builder.js";

/** A small seeded generator (mulberry32): the same numbers on every platform. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomCase {
  readonly ruleSet: RuleSet;
  readonly text: string;
}

const FIELDS_V2 =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
const FIELDS_RICH = `${FIELDS_V2} tcp-flags pkt-srcaddr pkt-dstaddr flow-direction resource-id reject-reason`;
const SHUFFLED = FIELDS_RICH.split(" ").reverse().join(" ");

// Few endpoints and ports, so that keys collide, connections are reused and fan-out builds up.
const LOCALS = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2", "fd00::1", "fd00::2", "10.0.7.5"];
const REMOTES = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.1.1",
  "10.0.9.9",
  "10.9.0.9",
  "198.51.100.7",
  "203.0.113.5",
  "169.254.169.254",
  "10.0.0.3",
  "fd00::1",
  "fd00::9",
  "2001:db8::5",
  "192.168.3.3",
];
const PORTS = [
  20, 22, 53, 80, 443, 999, 1024, 2049, 5432, 8080, 32767, 32768, 40000, 40001, 40002, 60000, 67,
  68,
];
const PEERS = [
  "10.0.0.0/8",
  "0.0.0.0/0",
  "::/0",
  "10.0.1.0/24",
  "198.51.100.0/24",
  "fd00::/64",
  "sg-a",
  "sg-b",
  "sg-c",
  "sg-gone",
  "sg-lb",
  "999999999999/sg-far",
  "pl-1",
  "pl-2",
  "203.0.113.5/32",
];
const PROTOCOLS = ["tcp", "udp", "icmp", "icmpv6", "all", "47"];

/** A random rule set and a random log over it, as text; everything follows from the seed. */
export function randomCase(seed: number, records: number): RandomCase {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const chance = (p: number): boolean => random() < p;
  const ruleSet = randomRuleSet(pick, chance, random);
  const text = randomLog(pick, chance, random, records);
  return { ruleSet, text };
}

type Pick = <T>(list: readonly T[]) => T;
type Chance = (p: number) => boolean;

function randomRule(pick: Pick, chance: Chance): string {
  const protocol = pick(PROTOCOLS);
  let ports = "all";
  if ((protocol === "tcp" || protocol === "udp") && chance(0.8)) {
    const from = pick(PORTS);
    ports = chance(0.6) ? String(from) : `${Math.min(from, 1000)}-${Math.max(from, 1000)}`;
  }
  if ((protocol === "icmp" || protocol === "icmpv6") && chance(0.6)) ports = "8/0";
  const stale = chance(0.03) ? " stale" : "";
  return `${chance(0.6) ? "ingress" : "egress"} ${protocol} ${ports} ${pick(PEERS)}${stale}`;
}

function randomRuleSet(pick: Pick, chance: Chance, random: () => number): RuleSet {
  const group = (vpc: boolean): GroupSketch => ({
    rules: [
      ...new Set(Array.from({ length: Math.floor(random() * 7) }, () => randomRule(pick, chance))),
    ],
    ...(vpc ? {} : { vpcId: null }),
    accountId: "111122223333",
  });
  const interfaces: Record<string, InterfaceSketch> = {
    "eni-1": {
      groups: ["sg-a"],
      addresses: ["10.0.0.1", "10.0.0.2", "fd00::1"],
      vpcId: "vpc-1",
      subnetId: "subnet-1",
    },
    "eni-2": {
      groups: ["sg-b", chance(0.2) ? "undecided:eni-2.groups" : "sg-a"],
      addresses: ["10.0.1.1"],
      prefixes: ["10.0.7.0/28"],
      ...(chance(0.5) ? { attachedAt: 1_700_000_100 + Math.floor(random() * 3000) } : {}),
      timers: { tcpEstablished: 350, udp: 40, udpStream: 100 },
    },
    "eni-3": { groups: chance(0.3) ? [] : ["sg-c"], addresses: [] },
    "eni-4": { groups: ["sg-missing", "sg-b"], addresses: ["10.0.1.2", "fd00::2"] },
    "eni-lb": { groups: ["sg-lb"], addresses: ["10.0.0.3"], type: "network_load_balancer" },
  };
  return buildRuleSet({
    groups: {
      "sg-a": group(true),
      "sg-b": group(true),
      "sg-c": group(!chance(0.2)),
      "sg-lb": group(true),
    },
    interfaces,
    prefixLists: {
      "pl-1": ["198.51.100.0/25", "10.9.0.0/16"],
      ...(chance(0.5) ? { "pl-2": null } : {}),
    },
    ...(chance(0.6) ? { vpcs: { "vpc-1": ["10.0.0.0/16"] } } : {}),
    ...(chance(0.4) ? { subnets: { "subnet-1": ["10.0.0.0/24"] } } : {}),
    ...(chance(0.2) ? { attach: ["sg-a"] } : {}),
    snapshotComplete: chance(0.2),
  });
}

function randomLog(pick: Pick, chance: Chance, random: () => number, records: number): string {
  const fields = pick([FIELDS_V2, FIELDS_RICH, SHUFFLED]);
  const names = fields.split(" ");
  const lines = [fields];
  const spread = pick([60, 600, 4000, 30_000]);
  const base = 1_700_000_100;
  const v6Share = pick([0, 0.2]);
  const fewTuples = Array.from({ length: 12 }, () => tuple(pick, chance, v6Share));
  for (let i = 0; i < records; i++) {
    const [face, local, remote, localPort, remotePort, protocol] = chance(0.8)
      ? pick(fewTuples)
      : tuple(pick, chance, v6Share);
    const ingress = chance(0.5);
    const start = base + Math.floor(random() * spread);
    const end = start + Math.floor(random() * 70);
    const accept = chance(0.7);
    // Now and then the packet's addresses are of the other family, as behind a translator.
    const mapped = chance(0.02);
    const status = chance(0.97) ? "OK" : pick(["NODATA", "SKIPDATA"]);
    const flags =
      protocol === 6
        ? pick(["0", "2", "18", "1", "4", "3", "19", "-", "6", "2", "18", "66", "24"])
        : "0";
    const known = status === "OK";
    const src = ingress ? remote : local;
    const dst = ingress ? local : remote;
    const values: Record<string, string> = {
      version: "2",
      "account-id": "111122223333",
      "interface-id": chance(0.01) ? "-" : face,
      srcaddr: known && !chance(0.01) ? src : "-",
      dstaddr: known ? dst : "-",
      srcport: known ? String(ingress ? remotePort : localPort) : "-",
      dstport: known && !chance(0.01) ? String(ingress ? localPort : remotePort) : "-",
      protocol: known ? String(protocol) : "-",
      packets: known ? String(1 + Math.floor(random() * 4)) : "-",
      bytes: known ? String(40 + Math.floor(random() * 1000)) : "-",
      start: chance(0.01) ? "-" : String(start),
      end: String(end),
      action: actionOf(known, accept, chance),
      "log-status": status,
      "tcp-flags": known ? flags : "-",
      "pkt-srcaddr": known && chance(0.8) ? translated(src, mapped) : "-",
      "pkt-dstaddr": known && chance(0.8) ? translated(dst, mapped) : "-",
      "flow-direction": known && chance(0.6) ? (ingress ? "ingress" : "egress") : "-",
      "resource-id": chance(0.02) ? "nat-0abc" : "-",
      "reject-reason": accept || chance(0.9) ? "-" : pick(["BPA", "EC"]),
    };
    lines.push(names.map((name) => values[name]).join(" "));
  }
  return `${lines.join("\n")}\n`;
}

function translated(address: string, mapped: boolean): string {
  if (!mapped) return address;
  return address.includes(":") ? "192.0.2.9" : "64:ff9b::9";
}

function actionOf(known: boolean, accept: boolean, chance: Chance): string {
  if (!known || chance(0.01)) return "-";
  return accept ? "ACCEPT" : "REJECT";
}

function tuple(
  pick: Pick,
  chance: Chance,
  v6Share: number,
): [string, string, string, number, number, number] {
  const v6 = chance(v6Share);
  const ofFamily = (text: string): boolean => text.includes(":") === v6;
  const face = pick(["eni-1", "eni-1", "eni-2", "eni-3", "eni-4", "eni-lb", "eni-x"]);
  const own: Record<string, string[]> = {
    "eni-1": ["10.0.0.1", "10.0.0.2", "fd00::1"],
    "eni-2": ["10.0.1.1", "10.0.7.5"],
    "eni-3": ["10.0.5.5", "fd00::3"],
    "eni-4": ["10.0.1.2", "fd00::2"],
    "eni-lb": ["10.0.0.3"],
    "eni-x": ["10.0.6.6"],
  };
  const candidates = (own[face] ?? []).filter(ofFamily);
  const locals = candidates.length > 0 && !chance(0.1) ? candidates : LOCALS.filter(ofFamily);
  return [
    face,
    pick(locals),
    pick(REMOTES.filter(ofFamily)),
    pick(PORTS),
    pick(PORTS),
    pick([6, 6, 6, 17, 17, v6 ? 58 : 1, 47]),
  ];
}
