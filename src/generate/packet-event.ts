import type { Address } from "../model/address.js";

/** One packet (or a train of equal ones) as one interface saw it. Only `trace` gets these. */
export interface PacketEvent {
  /** Connection number, the same as in the truth columns. */
  readonly connection: number;
  readonly interfaceId: string;
  readonly direction: "ingress" | "egress";
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Exact time in seconds; records show whole seconds and may be some seconds off. */
  readonly time: number;
  readonly packets: number;
  readonly bytes: number;
  /** As flow logs show them. */
  readonly tcpFlags: number;
  readonly icmpType: number;
  readonly fromOpener: boolean;
  /** What the groups of the interface did, or would have done where the ACL stopped the packet. */
  readonly admitted: boolean;
  /** What became of it in the log: groups and ACL together. */
  readonly accepted: boolean;
  /** The client came through a network load balancer that kept its address. */
  readonly throughBalancer: boolean;
  /** The window was lost: no record shows this packet. */
  readonly skipped: boolean;
}
