// Addresses that mean something by themselves: verdicts depend on them (semantics 1.4, 3.5b, 8.1), or readers do.
import { type Cidr, familyBits, parseCidr } from "../model/address.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Pin } from "./prefix-map.js";

/** Blocks that stay what they are; addresses inside them are mapped inside them. */
const BLOCKS: readonly string[] = [
  // Private (3.5b, 8.1).
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
  // Not of the internet: loopback, link-local, multicast, reserved; IPv6's global block, and IPv4 inside IPv6.
  "0.0.0.0/32",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "255.255.255.255/32",
  "::/128",
  "::1/128",
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "2000::/3",
  "fe80::/10",
  "ff00::/8",
  // Services that groups do not filter (1.4).
  "169.254.169.253/32",
  "169.254.169.254/32",
  "169.254.169.123/32",
  "169.254.169.250/32",
  "169.254.169.251/32",
  "169.254.170.2/32",
  "fd00:ec2::253/128",
  "fd00:ec2::254/128",
  "fd00:ec2::123/128",
  "fd00:ec2::250/128",
  "fd00:ec2::240/128",
];

/** Pins of every account, and those of the networks that the rule sets tell. */
export function pinsOf(ruleSets: readonly RuleSet[]): readonly Pin[] {
  const networks = ruleSets
    .flatMap(({ vpcs, subnets }) => [...vpcs.values(), ...subnets.values()])
    .flatMap(({ cidrs }) => cidrs)
    .filter(({ address }) => address.family === 4);
  return [...BLOCKS.map((text) => parseCidr(text)).map(wholePin), ...networks.flatMap(routerPins)];
}

function wholePin({ address, length }: Cidr): Pin {
  return { address, from: 0, to: length };
}

/** Router and resolver of a network are its base plus one and two (1.4): those bits stay behind a mapped base. */
function routerPins({ address: { family, value }, length }: Cidr): Pin[] {
  const to = familyBits(family);
  return [1n, 2n].map((host) => ({ address: { family, value: value | host }, from: length, to }));
}
