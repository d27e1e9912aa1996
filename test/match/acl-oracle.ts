import { type Address, cidrContains, sameAddress } from "../../src/model/address.js";
import type { AclEntry, NetworkAcl, NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";
import type { Side } from "./core.js";

/** A packet at the border of the interface's subnet. */
export interface Packet {
  readonly direction: Direction;
  readonly remote: Address;
  readonly protocol: number;
  readonly port: number;
}

/** The list of the interface's subnet: associated, else the default one of the VPC (semantics 10). */
export function listOf(ruleSet: RuleSet, owner: NetworkInterface): NetworkAcl | undefined {
  const { subnetId } = owner;
  if (subnetId === undefined) return undefined;
  const all = [...ruleSet.acls.values()];
  const vpcId = owner.vpcId ?? ruleSet.subnets.get(subnetId)?.vpcId;
  const named = all.filter((acl) => acl.subnetIds.includes(subnetId));
  const defaults = all.filter((acl) => acl.isDefault && vpcId !== undefined && acl.vpcId === vpcId);
  return named[0] ?? defaults[0];
}

/** 10.2: whether the other end lies in the same subnet. */
function isInside(ruleSet: RuleSet, owner: NetworkInterface, remote: Address): boolean {
  const cidrs = ruleSet.subnets.get(owner.subnetId ?? "")?.cidrs ?? [];
  if (cidrs.length > 0) return cidrs.some((cidr) => cidrContains(cidr, remote));
  return [...ruleSet.interfaces.values()].some(
    (other) =>
      other.subnetId === owner.subnetId &&
      (other.addresses.some((one) => sameAddress(one, remote)) ||
        other.prefixes.some((block) => cidrContains(block, remote))),
  );
}

function couldMatch(entry: AclEntry, { direction, remote, protocol, port }: Packet): boolean {
  if (entry.direction !== direction || !cidrContains(entry.cidr, remote)) return false;
  if (entry.protocol === -1) return true;
  if (entry.protocol !== protocol) return false;
  const hasPorts = protocol === 6 || protocol === 17;
  return !hasPorts || (entry.fromPort <= port && port <= entry.toPort);
}

function isForOneType(entry: AclEntry): boolean {
  return (entry.protocol === 1 || entry.protocol === 58) && entry.icmpType !== -1;
}

/** Semantics 10.1 entry by entry. `undefined`: no list is known for the interface. */
export function aclAnswer(
  ruleSet: RuleSet,
  owner: NetworkInterface,
  packet: Packet,
): Side | undefined {
  const acl = listOf(ruleSet, owner);
  if (acl === undefined) return undefined;
  const allow: Side = { verdict: "allow", reason: "rule", detail: "" };
  if (isInside(ruleSet, owner, packet.remote)) return allow;
  const inOrder = [...acl.entries].sort((a, b) => a.number - b.number);
  const possible = new Set<AclEntry["action"]>();
  let decided: Side | undefined;
  for (const entry of inOrder) {
    if (decided !== undefined || !couldMatch(entry, packet)) continue;
    possible.add(entry.action);
    if (isForOneType(entry)) continue;
    const name = entry.number === 32_767 ? "*" : entry.number;
    const detail = `${acl.id} ${packet.direction} ${name}`;
    decided = entry.action === "allow" ? allow : { verdict: "deny", reason: "acl", detail };
  }
  if (decided === undefined) {
    possible.add("deny");
    decided = { verdict: "deny", reason: "acl", detail: `${acl.id} ${packet.direction} *` };
  }
  return possible.size === 1 ? decided : { verdict: "unknown", reason: "icmp-type", detail: "" };
}
