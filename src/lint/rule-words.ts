// How findings, identities and edits name a rule.
import { formatCidr } from "../model/address.js";
import type { Peer, Rule } from "../model/rule-set.js";
import { ICMP, ICMPV6, TCP, type Traffic, UDP } from "./service-axis.js";

const NAMES: ReadonlyMap<number, string> = new Map([
  [-1, "all"],
  [ICMP, "icmp"],
  [TCP, "tcp"],
  [UDP, "udp"],
  [ICMPV6, "icmpv6"],
]);

/** `tcp`, `icmpv6`, `all`; numbers without a name stay numbers. */
export function protocolWord(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/** The ports half of a rule identity: `443`, `1000-2000`, `8:0`, `8:all`, `all`. */
export function portsWord({ protocol, fromPort, toPort, icmpType, icmpCode }: Traffic): string {
  if (protocol === TCP || protocol === UDP)
    return fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
  if ((protocol !== ICMP && protocol !== ICMPV6) || icmpType < 0) return "all";
  return `${icmpType}:${icmpCode < 0 ? "all" : icmpCode}`;
}

/** `tcp/443`, `icmp/8:0`, `all traffic`: what a rule lets pass, for people. */
export function trafficWords(traffic: Traffic): string {
  const { protocol } = traffic;
  if (protocol === -1) return "all traffic";
  const ports = portsWord(traffic);
  const name = NAMES.get(protocol) ?? `protocol ${protocol}`;
  if (ports === "all") return name;
  if (ports === "0-65535") return `${name} on all ports`;
  return `${name}/${ports}`;
}

/** A block, `pl-…`, `sg-…`, or `ACCOUNT/sg-…` where the rule names an account. */
export function peerWord(peer: Peer): string {
  if (peer.kind === "cidr") return formatCidr(peer.cidr);
  if (peer.kind === "prefix-list" || peer.account === undefined) return peer.id;
  return `${peer.account}/${peer.id}`;
}

/** `tcp/443 from 10.0.0.0/8`, where the direction has been said. */
export function undirectedWords(rule: Rule): string {
  const side = rule.direction === "ingress" ? "from" : "to";
  return `${trafficWords(rule)} ${side} ${peerWord(rule.peer)}`;
}

/** `ingress tcp/443 from 10.0.0.0/8`. */
export function ruleWords(rule: Rule): string {
  return `${rule.direction} ${undirectedWords(rule)}`;
}

/** `sg-1/ingress/tcp/443/10.0.0.0/8`: the identity of a rule that has no id of AWS. */
export function contentId(rule: Omit<Rule, "id">): string {
  const { groupId, direction, protocol, peer } = rule;
  return `${groupId}/${direction}/${protocolWord(protocol)}/${portsWord(rule)}/${peerWord(peer)}`;
}
