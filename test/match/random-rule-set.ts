import { type Address, parseCidr } from "../../src/model/address.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import type { Random } from "./random.js";
import {
  address,
  group,
  networkInterface,
  prefixList,
  type RuleParts,
  ruleSet,
  vpc,
} from "./rule-sets.js";

// Few blocks, nested and adjacent, so that rules overlap often; the addresses probed lie on and beside their edges.
const CIDRS = [
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.0.0.0/16",
  "10.0.1.0/24",
  "10.0.1.128/25",
  "10.0.1.7/32",
  "10.0.1.0/31",
  "11.0.0.0/9",
  "8.0.0.0/5",
  "192.168.4.0/22",
  "203.0.113.0/24",
  "255.255.255.255/32",
  "0.0.0.0/32",
  "::/0",
  "2001:db8::/32",
  "2001:db8:1::/48",
  "2001:db8:1::5/128",
  "fc00::/7",
  "fd00:1::/32",
  "ffff::/16",
  "::/1",
  "2001:db8:1:0:8000::/65",
  "::ffff:0:0/96",
];
const LISTS = ["pl-a", "pl-b", "pl-unknown", "pl-absent"];
export const GROUPS: readonly string[] = [
  "sg-a",
  "sg-b",
  "sg-c",
  "sg-d",
  "sg-lb",
  "sg-lb2",
  "sg-empty",
  "sg-classic",
];
const PEER_GROUPS = [
  ...GROUPS,
  "sg-absent",
  "210987654321/sg-empty",
  "210987654321/sg-gone",
  "123456789012/sg-a",
];
const OWN = [
  "10.0.1.7",
  "10.0.1.8",
  "10.0.2.9",
  "192.168.4.1",
  "2001:db8:1::5",
  "fd00:1::9",
  "203.0.113.5",
  "100.64.0.1",
];
const PROTOCOLS = [-1, 6, 6, 6, 17, 17, 1, 1, 58, 47, 0, 255];
export const PORTS: readonly number[] = [
  0, 1, 22, 23, 79, 80, 81, 443, 1023, 1024, 8080, 32768, 65534, 65535,
];

const EIGHT = Array.from({ length: 8 }, (_, i) => `eni-${i}`);

function randomRule(r: Random): RuleParts {
  const protocol = r.pick(PROTOCOLS);
  const [a, b] = [r.pick(PORTS), r.pick(PORTS)];
  const hasPorts = protocol === 6 || protocol === 17;
  const isIcmp = protocol === 1 || protocol === 58;
  const kind = r.below(10);
  return {
    direction: r.chance(0.7) ? "ingress" : "egress",
    protocol,
    fromPort: hasPorts ? Math.min(a, b) : 0,
    toPort: hasPorts ? Math.max(a, b) : 65535,
    icmpType: isIcmp && r.chance(0.5) ? 8 : -1,
    stale: r.chance(0.05),
    peer: kind < 5 ? r.pick(CIDRS) : kind < 7 ? r.pick(LISTS) : r.pick(PEER_GROUPS),
  };
}

function randomInterface(r: Random, id: string): NetworkInterface {
  const groups = Array.from({ length: r.below(4) }, () =>
    r.chance(0.06) ? r.pick(["sg-undocumented", "undecided:groups"]) : r.pick(GROUPS),
  );
  const isBalancer = r.chance(0.2);
  return networkInterface(
    id,
    isBalancer ? [...groups, "sg-lb"] : groups,
    Array.from({ length: r.below(3) }, () => r.pick(OWN)),
    {
      prefixes: r.chance(0.25) ? [parseCidr(r.pick(["10.0.1.0/28", "2001:db8:1::/80"]))] : [],
      ...(r.chance(0.4) ? { attachedAt: r.pick([100, 200, 300]) } : {}),
      ...(isBalancer ? { type: "network_load_balancer" } : {}),
      ...(!isBalancer && r.chance(0.3)
        ? { type: r.pick(["interface", "lambda", "natGateway"]) }
        : {}),
    },
  );
}

/** A rule set with every kind of peer; `ids`: its interfaces. */
export function randomRuleSet(r: Random, ids: readonly string[] = EIGHT): RuleSet {
  const ruleCount = r.chance(0.2) ? 40 : 5;
  const groups = GROUPS.map((id) => {
    const count = id === "sg-empty" ? 0 : r.below(ruleCount);
    const parts = Array.from({ length: count }, () => randomRule(r));
    const built = group(id, parts, r.chance(0.7) ? { accountId: "123456789012" } : {});
    if (id !== "sg-classic") return built;
    const { vpcId: _none, ...classic } = built;
    return { ...classic, rules: classic.rules.filter((rule) => rule.direction === "ingress") };
  });
  return ruleSet({
    groups,
    interfaces: ids.map((id) => randomInterface(r, id)),
    prefixLists: [
      prefixList(
        "pl-a",
        Array.from({ length: 6 }, () => r.pick(CIDRS)),
      ),
      prefixList("pl-b", []),
      prefixList("pl-unknown", undefined),
    ],
    vpcs: r.chance(0.5) ? [vpc("vpc-1", ["11.0.0.0/16", "2001:db8::/56"])] : [],
    snapshotComplete: r.chance(0.3),
    attach: r.chance(0.5) ? ["sg-b", "sg-a"] : [],
  });
}

/** Edges of every block, the interfaces' addresses, and neighbours of both. */
export function probes(): Address[] {
  const found: Address[] = OWN.map(address);
  for (const text of CIDRS) {
    const { address: first, length } = parseCidr(text);
    const bits = first.family === 4 ? 32 : 128;
    const last = first.value + (1n << BigInt(bits - length)) - 1n;
    for (const value of [
      first.value - 1n,
      first.value,
      first.value + 1n,
      last - 1n,
      last,
      last + 1n,
    ]) {
      if (value >= 0n && value < 1n << BigInt(bits)) found.push({ family: first.family, value });
    }
  }
  // An IPv6 text that embeds IPv4 is IPv4 to the core; no log has one, so it is left out here.
  return found.filter((a) => a.family === 4 || a.value >> 32n !== 0xffffn);
}
