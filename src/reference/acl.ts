import { type Address, cidrContains } from "../model/address.js";
import type { AclEntry, NetworkAcl, NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { hasPorts, type IcmpKind, isIcmp } from "./flow.js";
import type { InterfaceView } from "./interface-view.js";
import { ownersOf, type Snapshot } from "./snapshot.js";

/** A packet at the border of a subnet, as a network ACL sees it. */
export interface AclQuestion {
  readonly direction: Direction;
  readonly protocol: number;
  /** Of the packet, not of the connection: lists keep no state (semantics 10.1). */
  readonly destinationPort: number;
  readonly remote: Address;
  /** Only of a hypothetical packet; absent: nobody knows the type (semantics 3.6). */
  readonly icmp?: IcmpKind | undefined;
}

/** `entry`: the first that surely matches; absent where none does, and the list's closing `*` denies. */
export interface AclAnswer {
  readonly verdict: "allow" | "deny" | "unknown";
  readonly acl: NetworkAcl;
  readonly entry: AclEntry | undefined;
  /** Entries before it that are for one ICMP type: they may match. */
  readonly typed: readonly AclEntry[];
}

/** Numbers from here on are closing entries: 32767 for IPv4, 32768 for IPv6. */
const CLOSING_NUMBER = 32_767;

/** The list of the interface's subnet: the one associated with it, else the default one of its VPC (semantics 10.5). */
export function aclOf(
  ruleSet: RuleSet,
  owner: NetworkInterface | undefined,
): NetworkAcl | undefined {
  const subnetId = owner?.subnetId;
  if (owner === undefined || subnetId === undefined) return undefined;
  const acls = [...ruleSet.acls.values()];
  const vpcId = owner.vpcId ?? ruleSet.subnets.get(subnetId)?.vpcId;
  return (
    acls.find((acl) => acl.subnetIds.includes(subnetId)) ??
    acls.find((acl) => acl.isDefault && acl.vpcId !== undefined && acl.vpcId === vpcId)
  );
}

/** Whether the address lies in the subnet of the interface: what stays inside passes no list (semantics 10.2). */
export function staysInSubnet(
  snapshot: Snapshot,
  owner: NetworkInterface,
  remote: Address,
): boolean {
  const { subnetId } = owner;
  if (subnetId === undefined) return false;
  const blocks = snapshot.ruleSet.subnets.get(subnetId)?.cidrs ?? [];
  if (blocks.length > 0) return blocks.some((block) => cidrContains(block, remote));
  return ownersOf(snapshot, remote).some((other) => other.subnetId === subnetId);
}

/** What the list of the interface's subnet says; `undefined` where none is known, or none is passed. */
export function askAcl(
  snapshot: Snapshot,
  view: InterfaceView | undefined,
  question: AclQuestion,
): AclAnswer | undefined {
  const { acl, owner } = view ?? {};
  if (acl === undefined || owner === undefined) return undefined;
  return staysInSubnet(snapshot, owner, question.remote) ? undefined : firstMatch(acl, question);
}

/** 10.1: the entries in order; those for one ICMP type leave the answer open where they would change it. */
export function firstMatch(acl: NetworkAcl, question: AclQuestion): AclAnswer {
  const fitting = acl.entries
    .filter((entry) => fits(entry, question))
    .sort((a, b) => a.number - b.number);
  const surely = fitting.findIndex((entry) => !mayMiss(entry, question));
  const entry = surely < 0 ? undefined : fitting[surely];
  const typed = surely < 0 ? fitting : fitting.slice(0, surely);
  const action = entry?.action ?? "deny";
  const open = typed.some((each) => each.action !== action);
  return { verdict: open ? "unknown" : action, acl, entry, typed };
}

function fits(
  entry: AclEntry,
  { direction, protocol, destinationPort, remote, icmp }: AclQuestion,
) {
  if (entry.direction !== direction || !cidrContains(entry.cidr, remote)) return false;
  if (entry.protocol === -1) return true;
  if (entry.protocol !== protocol) return false;
  if (namesType(entry, protocol) && icmp !== undefined) return fitsType(entry, icmp);
  if (!hasPorts(protocol)) return true;
  return entry.fromPort <= destinationPort && destinationPort <= entry.toPort;
}

function namesType(entry: AclEntry, protocol: number): boolean {
  return entry.protocol !== -1 && isIcmp(protocol) && entry.icmpType !== -1;
}

/** An unknown code leaves open what a known one would tell. */
function fitsType({ icmpType, icmpCode }: AclEntry, { type, code }: IcmpKind): boolean {
  return icmpType === type && (icmpCode === -1 || code === null || icmpCode === code);
}

/** A fitting entry for one type, or for one code of it, where the packet's own is not known. */
function mayMiss(entry: AclEntry, { protocol, icmp }: AclQuestion): boolean {
  if (!namesType(entry, protocol)) return false;
  return icmp === undefined || (entry.icmpCode !== -1 && icmp.code === null);
}

/** How `detail` names what denied: list, direction, number (semantics 10.3). */
export function aclDetail({ acl, entry }: AclAnswer, direction: Direction): string {
  return `${acl.id} ${direction} ${entryName(entry)}`;
}

/** The number of an entry, `*` for the closing one. */
export function entryName(entry: AclEntry | undefined): string {
  return entry === undefined || entry.number >= CLOSING_NUMBER ? "*" : String(entry.number);
}
