import { parseAddress, parseCidr } from "../../src/model/address.js";
import type {
  Group,
  InterfaceTimers,
  NetworkInterface,
  Peer,
  Peering,
  PrefixList,
  Rule,
  RuleSet,
  Subnet,
  Vpc,
} from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";

const AT = { file: "builder", line: 1, column: 1 };
const PROTOCOLS: Readonly<Record<string, number>> = {
  all: -1,
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmpv6: 58,
};

/** A group in short form. `vpcId: null` makes an EC2-Classic group. */
export interface GroupSketch {
  /** `ingress tcp 443 10.0.0.0/8`: direction, protocol, ports (all, 80, 80-90; icmp: all or type/code), peer. */
  readonly rules?: readonly string[];
  readonly vpcId?: string | null;
  readonly accountId?: string;
  readonly name?: string;
}

export interface InterfaceSketch {
  readonly groups: readonly string[];
  readonly addresses?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly type?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly attachedAt?: number;
  readonly timers?: InterfaceTimers;
}

export interface RuleSetSketch {
  readonly groups?: Readonly<Record<string, GroupSketch>>;
  readonly interfaces?: Readonly<Record<string, InterfaceSketch>>;
  /** `null`: the list is known, its entries are not. */
  readonly prefixLists?: Readonly<Record<string, readonly string[] | null>>;
  readonly vpcs?: Readonly<Record<string, readonly string[]>>;
  readonly subnets?: Readonly<Record<string, readonly string[]>>;
  readonly peerings?: Readonly<Record<string, readonly string[]>>;
  readonly attach?: readonly string[];
  readonly snapshotComplete?: boolean;
}

/** Builds a rule set from short forms, without any document. */
export function buildRuleSet(sketch: RuleSetSketch): RuleSet {
  return {
    groups: mapOf(sketch.groups, buildGroup),
    interfaces: mapOf(sketch.interfaces, buildInterface),
    prefixLists: mapOf(sketch.prefixLists, buildPrefixList),
    vpcs: mapOf(
      sketch.vpcs,
      (id, cidrs): Vpc => ({ id, cidrs: cidrs.map((c) => parseCidr(c)), at: AT }),
    ),
    subnets: mapOf(
      sketch.subnets,
      (id, cidrs): Subnet => ({ id, cidrs: cidrs.map((c) => parseCidr(c)), at: AT }),
    ),
    peerings: [...mapOf(sketch.peerings, buildPeering).values()],
    acls: new Map(),
    attach: sketch.attach ?? [],
    snapshotComplete: sketch.snapshotComplete ?? false,
  };
}

function mapOf<In, Out>(
  record: Readonly<Record<string, In>> | undefined,
  build: (id: string, value: In) => Out,
): Map<string, Out> {
  return new Map(Object.entries(record ?? {}).map(([id, value]) => [id, build(id, value)]));
}

function buildGroup(id: string, sketch: GroupSketch): Group {
  const vpcId = sketch.vpcId === undefined ? "vpc-1" : sketch.vpcId;
  return {
    id,
    rules: (sketch.rules ?? []).map((text) => buildRule(id, text)),
    at: AT,
    ...(vpcId === null ? {} : { vpcId }),
    ...(sketch.accountId === undefined ? {} : { accountId: sketch.accountId }),
    ...(sketch.name === undefined ? {} : { name: sketch.name }),
  };
}

/** Builds one rule from its short form; a trailing word `stale` marks it. Its id is the identity of the loader. */
export function buildRule(groupId: string, text: string): Rule {
  const [direction, protocolName, ports, peerText, ...flags] = text.split(" ");
  if (protocolName === undefined || ports === undefined || peerText === undefined)
    throw new Error(`"${text}" is not "direction protocol ports peer"`);
  const protocol = PROTOCOLS[protocolName] ?? Number(protocolName);
  const typed = (protocol === 1 || protocol === 58) && ports !== "all";
  const [type, code] = typed ? ports.split("/").map(Number) : [-1, -1];
  const [from, to] = typed || ports === "all" ? [0, 65_535] : portRange(ports);
  return {
    id: `${groupId}/${direction}/${protocolName}/${typed ? ports.replace("/", ":") : ports}/${peerText}`,
    groupId,
    direction: direction as Direction,
    protocol,
    fromPort: from ?? 0,
    toPort: to ?? 65_535,
    icmpType: type ?? -1,
    icmpCode: code ?? -1,
    peer: buildPeer(peerText),
    stale: flags.includes("stale"),
    at: AT,
  };
}

function portRange(text: string): readonly number[] {
  const [from, to] = text.split("-").map(Number);
  return [from ?? 0, to ?? from ?? 0];
}

function buildPeer(text: string): Peer {
  if (text.startsWith("pl-")) return { kind: "prefix-list", id: text };
  if (text.startsWith("sg-")) return { kind: "group", id: text };
  const foreign = /^([0-9]+)\/(sg-.*)$/.exec(text);
  if (foreign !== null) return { kind: "group", id: foreign[2] ?? "", account: foreign[1] ?? "" };
  return { kind: "cidr", cidr: parseCidr(text) };
}

function buildInterface(id: string, sketch: InterfaceSketch): NetworkInterface {
  const { groups, addresses = [], prefixes = [], ...rest } = sketch;
  return {
    id,
    groupIds: groups,
    addresses: addresses.map((text) => {
      const address = parseAddress(text);
      if (address === undefined) throw new Error(`${text} is not an address`);
      return address;
    }),
    prefixes: prefixes.map((c) => parseCidr(c)),
    at: AT,
    ...rest,
  };
}

function buildPrefixList(id: string, cidrs: readonly string[] | null): PrefixList {
  return { id, cidrs: cidrs?.map((c) => parseCidr(c)), at: AT };
}

function buildPeering(id: string, cidrs: readonly string[]): Peering {
  return { id, status: "active", vpcIds: [], cidrs: cidrs.map((c) => parseCidr(c)), at: AT };
}
