// The made-up account as plain values: documents, rule set and firewall are all derived from this one description.

/** One permission of a group as the API writes it: several peers share protocol and ports. */
export interface PermissionSpec {
  readonly direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` or a number, as the API has it. */
  readonly protocol: string;
  /** Ports, or ICMP type and code; absent where the API omits them. */
  readonly from?: number;
  readonly to?: number;
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  /** Indices into `prefixLists`. */
  readonly lists: readonly number[];
  /** Indices into `groups`. */
  readonly groups: readonly number[];
  readonly description?: string;
}

export interface GroupSpec {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly PermissionSpec[];
}

export interface PrefixListSpec {
  readonly id: string;
  readonly name: string;
  readonly family: 4 | 6;
  readonly owner: string;
  readonly cidrs: readonly string[];
}

/** What the list may grow to, as AWS asks when one is made. */
export function maxEntriesOf({ cidrs }: PrefixListSpec): number {
  return Math.max(10, cidrs.length);
}

export interface SubnetSpec {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly v4: string;
  readonly v6: string;
}

export type InterfaceKind = "instance" | "nat" | "balancer";

export interface InterfaceSpec {
  readonly id: string;
  readonly kind: InterfaceKind;
  readonly description: string;
  /** Index into `subnets`. */
  readonly subnet: number;
  /** Indices into `groups`; none for a NAT gateway. */
  readonly groups: readonly number[];
  /** Private IPv4 addresses, primary first. */
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  /** Delegated IPv4 prefixes. */
  readonly prefixes: readonly string[];
  readonly publicIp?: string;
  /** `-` in logs where the interface belongs to no instance of ours. */
  readonly instanceId?: string;
  /** Nothing ever reaches it: its windows are NODATA. */
  readonly idle?: boolean;
  /** Unix seconds. */
  readonly attachedAt: number;
  readonly timers?: {
    readonly tcpEstablished: number;
    readonly udp: number;
    readonly udpStream: number;
  };
}

/** A deny of the network ACL of every subnet; everything else passes it. */
export interface AclDeny {
  readonly direction: "ingress" | "egress";
  readonly cidr: string;
}

export interface AccountSpec {
  readonly accountId: string;
  readonly region: string;
  readonly flowLogId: string;
  readonly vpcId: string;
  readonly v4: string;
  readonly v6: string;
  readonly subnets: readonly SubnetSpec[];
  readonly groups: readonly GroupSpec[];
  readonly prefixLists: readonly PrefixListSpec[];
  readonly interfaces: readonly InterfaceSpec[];
  readonly acl: readonly AclDeny[];
  /** Blocks that play the IPv4 internet; empty = any public address. */
  readonly internet: readonly string[];
}

/** `eni-`, `sg-` ... with seventeen hexadecimal digits that depend on kind and number alone. */
export function awsId(prefix: string, kind: number, number: number): string {
  let digits = "0";
  let state = (kind * 0x1000193 + number) >>> 0;
  while (digits.length < 17) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    digits += ((state ^ (state >>> 12)) >>> 0).toString(16).padStart(8, "0");
  }
  return `${prefix}-${digits.slice(0, 17)}`;
}
