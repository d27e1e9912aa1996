import { parseCidr } from "../../src/model/address.js";
import type { AclEntry, NetworkAcl, NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { randomCase, randomOf } from "./random-case.js";

const AT = { file: "random", line: 1, column: 1 };
const BLOCKS = [
  "0.0.0.0/0",
  "0.0.0.0/0",
  "::/0",
  "10.0.0.0/8",
  "10.0.1.0/24",
  "198.51.100.0/24",
  "fd00::/64",
  "203.0.113.5/32",
];
const PROTOCOLS = [-1, -1, 6, 6, 17, 1, 58, 47];
const PORTS = [0, 22, 80, 443, 1024, 5432, 32768, 40000, 65535];
/** The random logs begin here and last up to eight hours. */
const BEGIN = 1_700_000_100;

export interface RandomCandidates {
  readonly text: string;
  readonly baseline: Timeline;
  readonly candidates: readonly Timeline[];
  readonly cutOverAt?: number;
}

/** A random log with a baseline and candidates over the same interfaces; everything follows from the seed. */
export function randomCandidates(seed: number, records: number): RandomCandidates {
  const { ruleSet, text } = randomCase(seed, records);
  const random = randomOf(seed ^ 0x5eed);
  const chance = (p: number): boolean => random() < p;
  const span = chance(0.5) ? 600 : 8000;
  const acls = chance(0.5);
  const vary = (from: RuleSet): RuleSet => variant(acls ? withAcls(from, random) : from, random);
  const other = (): RuleSet => {
    const fresh = randomCase(seed * 31 + 7 + Math.floor(random() * 1e6), 0).ruleSet;
    // Now and then only the groups differ, as in most candidates.
    return vary(chance(0.5) ? { ...ruleSet, groups: fresh.groups } : fresh);
  };
  const line = (name: string): Timeline => {
    if (chance(0.7)) return always(name, other());
    const periods = [{ from: 0, ruleSet: other() }];
    let from = BEGIN;
    for (let i = 0; i < 1 + Math.floor(random() * 3); i++) {
      from += 1 + Math.floor(random() * span);
      periods.push({ from, ruleSet: other() });
    }
    return { name, periods };
  };
  const baseline = chance(0.6) ? always("baseline", vary(ruleSet)) : line("baseline");
  const candidates = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) =>
    chance(0.1) ? { ...baseline, name: `c${i}` } : line(`c${i}`),
  );
  if (chance(0.6)) return { text, baseline, candidates };
  // A cut-over leads to one rule set.
  const plain = candidates.map(({ name, periods }) => always(name, periods[0]!.ruleSet));
  return { text, baseline, candidates: plain, cutOverAt: BEGIN + Math.floor(random() * span) };
}

// Interfaces may be missing, carry other groups, or stand in a subnet.
function variant(ruleSet: RuleSet, random: () => number): RuleSet {
  const interfaces = new Map<string, NetworkInterface>();
  for (const face of ruleSet.interfaces.values()) {
    if (random() < 0.1) continue;
    const groupIds = random() < 0.15 ? [] : face.groupIds;
    const placed = random() < 0.5 ? { vpcId: "vpc-1", subnetId: "subnet-2" } : {};
    interfaces.set(face.id, { ...placed, ...face, groupIds });
  }
  return { ...ruleSet, interfaces };
}

function withAcls(ruleSet: RuleSet, random: () => number): RuleSet {
  const acls = new Map<string, NetworkAcl>();
  const add = (id: string, subnetIds: readonly string[], isDefault: boolean): void => {
    acls.set(id, { id, vpcId: "vpc-1", isDefault, subnetIds, entries: entries(random), at: AT });
  };
  if (random() < 0.8) add("acl-1", ["subnet-1"], false);
  if (random() < 0.6) add("acl-2", ["subnet-2"], false);
  if (random() < 0.5) add("acl-default", [], true);
  return { ...ruleSet, acls };
}

function entries(random: () => number): AclEntry[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const made: AclEntry[] = [];
  for (const direction of ["ingress", "egress"] as const) {
    const count = Math.floor(random() * 6);
    for (let i = 0; i < count; i++) {
      const protocol = pick(PROTOCOLS);
      const ports = protocol === 6 || protocol === 17;
      const icmp = (protocol === 1 || protocol === 58) && random() < 0.6;
      const [a, b] = [pick(PORTS), pick(PORTS)];
      made.push({
        number: 100 + 10 * i,
        direction,
        action: random() < 0.7 ? "allow" : "deny",
        protocol,
        fromPort: ports ? Math.min(a, b) : 0,
        toPort: ports ? Math.max(a, b) : 65_535,
        icmpType: icmp ? 8 : -1,
        icmpCode: icmp ? 0 : -1,
        cidr: parseCidr(pick(BLOCKS)),
        at: AT,
      });
    }
    const closing = { protocol: -1, fromPort: 0, toPort: 65_535, icmpType: -1, icmpCode: -1 };
    for (const cidr of ["0.0.0.0/0", "::/0"])
      made.push({
        number: 32_767,
        direction,
        action: "deny",
        ...closing,
        cidr: parseCidr(cidr),
        at: AT,
      });
  }
  return made;
}
