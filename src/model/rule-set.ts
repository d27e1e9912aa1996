import type { Address, Cidr } from "./address.js";
import type { Direction } from "./verdict.js";

/** Where a thing stands in a rule document: file as given, 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The other side of a rule (semantics 3.4). */
export type Peer =
  | { readonly kind: "cidr"; readonly cidr: Cidr }
  | { readonly kind: "prefix-list"; readonly id: string }
  | { readonly kind: "group"; readonly id: string; readonly account?: string };

/**
 * Begins the ids of prefix lists and groups that exist in no account: each stands for what a document leaves open, such
 * as a value that a plan knows only after apply, and is named after it. Nothing describes them, so whatever they alone
 * could admit is unknown (semantics 3.5a, 1.2).
 */
export const UNDECIDED = "undecided:";

export function isUndecided(id: string): boolean {
  return id.startsWith(UNDECIDED);
}

/** One protocol + ports + peer in one direction of one group. A permission with many peers is many rules. */
export interface Rule {
  /** The `sgr-` id where known, else `group/direction/protocol/ports/peer`. Unique in the rule set. */
  readonly id: string;
  readonly groupId: string;
  readonly direction: Direction;
  /** IANA number, or -1 for every protocol. */
  readonly protocol: number;
  /** Destination ports, inclusive; 0-65535 where ports do not matter (semantics 3.3). */
  readonly fromPort: number;
  readonly toPort: number;
  /** ICMP and ICMPv6 only: -1 = any (semantics 3.6). `{-1,-1}` for every other protocol. */
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly peer: Peer;
  /** AWS lists the reference as stale: it matches nothing (semantics 3.5). */
  readonly stale: boolean;
  readonly description?: string;
  readonly at: Place;
}

export interface Group {
  readonly id: string;
  readonly name?: string;
  /** Absent for EC2-Classic groups: outbound is unrestricted (semantics 3.8). */
  readonly vpcId?: string;
  readonly accountId?: string;
  readonly rules: readonly Rule[];
  readonly at: Place;
}

export interface PrefixList {
  readonly id: string;
  readonly name?: string;
  /** `undefined`: the list is known, its entries are not (semantics 3.5a). */
  readonly cidrs: readonly Cidr[] | undefined;
  /** What a rule that names the list counts against AWS's quota of rules, where the answer tells it. */
  readonly maxEntries?: number;
  readonly at: Place;
}

/** Idle timers an interface overrides (ConnectionTrackingConfiguration), seconds. */
export interface InterfaceTimers {
  readonly tcpEstablished?: number;
  readonly udp?: number;
  readonly udpStream?: number;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** `InterfaceType` of the API: interface, network_load_balancer, natGateway, ... */
  readonly type?: string;
  readonly groupIds: readonly string[];
  /** Private addresses, primary first, IPv4 and IPv6. Empty = not known (semantics 2.3). */
  readonly addresses: readonly Address[];
  /** Delegated prefixes. */
  readonly prefixes: readonly Cidr[];
  /** `Attachment.AttachTime`, Unix seconds (semantics 3.5c). */
  readonly attachedAt?: number;
  readonly timers?: InterfaceTimers;
  /** The instance it is attached to. */
  readonly instanceId?: string;
  /** The load balancer whose interface it is, as its ARN ends: `app/web/50dc6c495c0c9188`. */
  readonly balancer?: string;
  /** The AWS service that made it, as far as its documents tell: elb, lambda, rds, vpc-endpoint, ...; `ec2`: an instance's. */
  readonly service?: string;
  /** What the service calls the thing whose interface it is, where its description says so. */
  readonly serviceName?: string;
  readonly at: Place;
}

export interface Vpc {
  readonly id: string;
  /** Primary IPv4 block first. */
  readonly cidrs: readonly Cidr[];
  readonly at: Place;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId?: string;
  readonly cidrs: readonly Cidr[];
  readonly at: Place;
}

export interface Peering {
  readonly id: string;
  readonly status: string;
  readonly vpcIds: readonly string[];
  /** Blocks of both sides: they count as known VPC CIDRs (semantics 3.5b). */
  readonly cidrs: readonly Cidr[];
  readonly at: Place;
}

/** One numbered entry of a network ACL (semantics 10.1). */
export interface AclEntry {
  /** 1-32766; 32767 = the closing `*`, which denies. */
  readonly number: number;
  readonly direction: Direction;
  readonly action: "allow" | "deny";
  /** IANA number, or -1 for every protocol. */
  readonly protocol: number;
  /** Destination ports, inclusive; 0-65535 where ports do not matter. */
  readonly fromPort: number;
  readonly toPort: number;
  /** ICMP and ICMPv6 only: -1 = any. */
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly cidr: Cidr;
  readonly at: Place;
}

/** A network ACL: the stateless, ordered filter of the subnets it is associated with (semantics 10). */
export interface NetworkAcl {
  readonly id: string;
  readonly vpcId?: string;
  /** The ACL of every subnet of the VPC that no association names. */
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  /** By direction, then number; ties (IPv4 beside IPv6) in document order. */
  readonly entries: readonly AclEntry[];
  readonly at: Place;
}

/** One complete loaded input. References are not resolved here: whoever judges resolves them. */
export interface RuleSet {
  readonly groups: ReadonlyMap<string, Group>;
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly peerings: readonly Peering[];
  /** Network ACLs by id; empty = none given: nothing is judged by them. */
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  /** `--attach`: the groups of every interface of the log that is not in `interfaces`. Empty = none. */
  readonly attach: readonly string[];
  /** `--snapshot-complete`: semantics 3.5b turns into deny. */
  readonly snapshotComplete: boolean;
}
