// How much a rule admits, as one number: remote addresses × destination ports.
import type { Rule } from "../model/rule-set.js";
import { type AddressRange, countAddresses } from "./address-ranges.js";
import { type PeerBook, peerAddresses } from "./tighten-peers.js";

export const PORTS: number = 65_536;
/** A rule for every protocol opens all ports of TCP and UDP, and 254 protocols without ports. */
const ALL_PROTOCOLS: number = 2 * PORTS + 254;

export function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17;
}

/** Destinations per address: ports of TCP and UDP, 1 for a protocol without ports, 131,326 for every protocol. */
export function portUnits(protocol: number, fromPort: number, toPort: number): number {
  if (protocol === -1) return ALL_PROTOCOLS;
  return hasPorts(protocol) ? toPort - fromPort + 1 : 1;
}

/** Addresses × ports of one family. A double: exact for IPv4, to 53 bits for IPv6. */
export function permissiveness(
  ranges: readonly AddressRange[],
  protocol: number,
  fromPort: number,
  toPort: number,
): number {
  return countAddresses(ranges) * portUnits(protocol, fromPort, toPort);
}

/** Of a rule in one family; 0 where its peer is stale, of the other family, or not known. */
export function rulePermissiveness(book: PeerBook, rule: Rule, family: 4 | 6): number {
  if (rule.stale) return 0;
  const ranges = peerAddresses(book, rule.peer)[family];
  return permissiveness(ranges, rule.protocol, rule.fromPort, rule.toPort);
}

/** Decimal logarithm; 0 addresses × ports has none. */
export function log10Of(value: number): number | null {
  return value > 0 ? Math.log10(value) : null;
}
