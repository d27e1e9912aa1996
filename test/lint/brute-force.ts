// Rules read one by one, with nothing of src/lint: what the prover says is held against this.
import { type Address, cidrContains } from "../../src/model/address.js";
import type { Rule } from "../../src/model/rule-set.js";

/** A packet, and the groups and lists its remote address belongs to. */
export interface Packet {
  readonly protocol: number;
  readonly port: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly address: Address;
  readonly memberOf: readonly string[];
}

function peerName({ peer }: Rule): string {
  if (peer.kind === "cidr") return "";
  return peer.kind === "group" && peer.account !== undefined
    ? `${peer.account}/${peer.id}`
    : peer.id;
}

function fitsService(rule: Rule, packet: Packet): boolean {
  if (rule.protocol === -1) return true;
  if (rule.protocol !== packet.protocol) return false;
  if (rule.protocol === 6 || rule.protocol === 17)
    return rule.fromPort <= packet.port && packet.port <= rule.toPort;
  if (rule.protocol !== 1 && rule.protocol !== 58) return true;
  if (rule.icmpType === -1) return true;
  if (rule.icmpType !== packet.icmpType) return false;
  return rule.icmpCode === -1 || rule.icmpCode === packet.icmpCode;
}

function fitsPeer(rule: Rule, packet: Packet): boolean {
  const { peer } = rule;
  if (peer.kind === "cidr") return cidrContains(peer.cidr, packet.address);
  const name = rule.stale ? `stale ${peerName(rule)}` : peerName(rule);
  return packet.memberOf.includes(name);
}

/** Whether any rule admits the packet. */
export function admits(rules: readonly Rule[], packet: Packet): boolean {
  return rules.some((rule) => fitsService(rule, packet) && fitsPeer(rule, packet));
}

function isWorld({ peer }: Rule, family: 4 | 6): boolean {
  return peer.kind === "cidr" && peer.cidr.length === 0 && peer.cidr.address.family === family;
}

/** Semantics 6.1, first half: one rule lets everybody open this. */
export function opensToAll(rules: readonly Rule[], packet: Packet): boolean {
  return rules.some(
    (rule) => isWorld(rule, packet.address.family) && fitsService(rule, packet) && !rule.stale,
  );
}

/** Semantics 6.1, second half: one rule lets everybody answer at any port. */
export function answersAll(rules: readonly Rule[], packet: Packet): boolean {
  return rules.some(
    (rule) =>
      isWorld(rule, packet.address.family) &&
      fitsService(rule, packet) &&
      (rule.protocol === -1 || (rule.fromPort === 0 && rule.toPort === 65_535)),
  );
}
