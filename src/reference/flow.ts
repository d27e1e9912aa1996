import type { Address } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { Direction } from "../model/verdict.js";

/** One end of a flow at an interface; the port is 0 for all but TCP and UDP (semantics 4.7). */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** A record seen as part of a connection: who sent it, and which end is the interface's own. */
export interface Flow {
  readonly interfaceId: string;
  readonly protocol: number;
  readonly direction: Direction;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The direction rests on an inferred address (semantics 2.3). */
  readonly inferred: boolean;
}

/** ICMP type and code where they are known: no log tells them (semantics 3.6). `code` null: any. */
export interface IcmpKind {
  readonly type: number;
  readonly code: number | null;
}

export const ICMP: number = 1;
export const TCP: number = 6;
export const UDP: number = 17;
export const ICMPV6: number = 58;

export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP;
}

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** ACCEPT, or no action: evidence like an accepted record (semantics 1.5, 6.2). */
export function isAccepted(record: FlowRecord): boolean {
  return record.action !== "REJECT";
}

/** FIN, SYN, RST and ACK of the tcp-flags; no other bit is read (semantics 6.2). */
export function shownFlags(record: FlowRecord): number {
  return (record.tcpFlags ?? 0) & 23;
}

/** The sender: `pkt-srcaddr` where present, else `srcaddr` (semantics 4.7). */
export function effectiveSource(record: FlowRecord): Address | null {
  return record.pktSrcAddr ?? record.srcAddr;
}

export function effectiveDestination(record: FlowRecord): Address | null {
  return record.pktDstAddr ?? record.dstAddr;
}

/** The remote address for a direction (semantics 2.5). */
export function remoteAddress(record: FlowRecord, direction: Direction): Address | null {
  return direction === "ingress" ? effectiveSource(record) : effectiveDestination(record);
}

/** The flow of a record that has every field of 1.5 and a direction; `undefined` for any other. */
export function flowOf(
  record: FlowRecord,
  direction: Direction | null,
  inferred: boolean = false,
): Flow | undefined {
  const { interfaceId, protocol } = record;
  const from = effectiveSource(record);
  const to = effectiveDestination(record);
  if (interfaceId === null || protocol === null || direction === null) return undefined;
  if (from === null || to === null) return undefined;
  const ported = hasPorts(protocol);
  const source = { address: from, port: ported ? (record.srcPort ?? 0) : 0 };
  const destination = { address: to, port: ported ? (record.dstPort ?? 0) : 0 };
  const local = direction === "ingress" ? destination : source;
  const remote = direction === "ingress" ? source : destination;
  return { interfaceId, protocol, direction, source, destination, local, remote, inferred };
}

export function addressKey(address: Address): string {
  return `${address.family}:${address.value.toString(36)}`;
}

export function endpointKey(endpoint: Endpoint): string {
  return `${addressKey(endpoint.address)}#${endpoint.port}`;
}

/** The key of 4.7: interface, protocol, local end, remote end; inferred directions apart from told ones. */
export function connectionKey(flow: Flow): string {
  const how = flow.inferred ? "inferred" : "told";
  return `${flow.interfaceId} ${how} ${flow.protocol} ${endpointKey(flow.local)} ${endpointKey(flow.remote)}`;
}

export function opposite(direction: Direction): Direction {
  return direction === "ingress" ? "egress" : "ingress";
}
