// The tests of a rule in words.

import type { Criterion } from "../reference/explain-rule.js";

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ["1", "icmp"],
  ["6", "tcp"],
  ["17", "udp"],
  ["58", "icmpv6"],
]);

const OPEN_PEERS: Readonly<Record<NonNullable<Criterion["because"]>, string>> = {
  "members-unknown": "its members are not known",
  "address-unknown": "the address is private and of no known interface",
  "attached-later": "the address joined it only after the record",
  "balancer-client": "a load balancer of it may keep client addresses",
  stale: "AWS lists the reference as stale, it matches nothing",
};

/**
 * Why a rule misses, or what is open, as one clause: `10.1.2.3 is outside 10.0.0.0/16`, `port 5433 is not 5432`,
 * `group sg-x has 14 addresses, this is none`.
 */
export function criterionInWords(criterion: Criterion): string {
  const { found, allowed } = criterion;
  if (criterion.criterion === "protocol")
    return `protocol ${protocolName(found)} is not ${protocolName(allowed)}`;
  if (criterion.criterion === "port")
    return allowed.includes("-")
      ? `port ${found} is outside ${allowed}`
      : `port ${found} is not ${allowed}`;
  if (criterion.criterion === "icmp-type")
    return found === ""
      ? `the rule asks for ICMP type ${allowed}, the log carries none`
      : `ICMP type ${found} is not ${allowed}`;
  return peerInWords(criterion);
}

function protocolName(number: string): string {
  return PROTOCOLS.get(number) ?? number;
}

function peerInWords({ found, allowed, members, fits, because }: Criterion): string {
  if (fits === null)
    return `${found} may be of ${allowed}${because === null ? "" : `: ${OPEN_PEERS[because]}`}`;
  if (because === "stale") return `${allowed}: ${OPEN_PEERS.stale}`;
  if (allowed.includes("/") && members === null) return outside(found, allowed);
  if (allowed.startsWith("pl-"))
    return `${found} is in none of the ${members ?? 0} entries of ${allowed}`;
  if (members === 0) return `group ${allowed} has no addresses`;
  const addresses = members === 1 ? "1 address" : `${members ?? "unknown"} addresses`;
  return `group ${allowed} has ${addresses}, this is none`;
}

function outside(found: string, cidr: string): string {
  const [family, other] = found.includes(":") ? ["IPv6", "IPv4"] : ["IPv4", "IPv6"];
  if (found.includes(":") === cidr.includes(":")) return `${found} is outside ${cidr}`;
  return `${found} is ${family}, ${cidr} holds ${other}`;
}
