import { type Address, type Cidr, parseAddress, parseCidr } from "../../src/model/address.js";
import type {
  AclEntry,
  Group,
  NetworkAcl,
  NetworkInterface,
  Peer,
  Place,
  PrefixList,
  Rule,
  RuleSet,
  Subnet,
  Vpc,
} from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";

const AT: Place = { file: "rules.json", line: 1, column: 1 };

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

/** "10.0.0.0/8", "pl-…", "sg-…" or "123456789012/sg-…". */
export function peer(text: string): Peer {
  if (text.startsWith("pl-")) return { kind: "prefix-list", id: text };
  if (text.startsWith("sg-")) return { kind: "group", id: text };
  const slash = text.indexOf("/sg-");
  if (slash > 0) return { kind: "group", account: text.slice(0, slash), id: text.slice(slash + 1) };
  return { kind: "cidr", cidr: parseCidr(text) };
}

export type RuleParts = Partial<Omit<Rule, "peer" | "groupId" | "at">> & { readonly peer: string };

export function group(id: string, rules: readonly RuleParts[], more: Partial<Group> = {}): Group {
  return {
    id,
    vpcId: "vpc-1",
    rules: rules.map((parts, index) => ({
      id: `${id}/${index}`,
      direction: "ingress" as Direction,
      protocol: 6,
      fromPort: 0,
      toPort: 65535,
      icmpType: -1,
      icmpCode: -1,
      stale: false,
      ...parts,
      groupId: id,
      peer: peer(parts.peer),
      at: AT,
    })),
    at: AT,
    ...more,
  };
}

export function networkInterface(
  id: string,
  groupIds: readonly string[],
  addresses: readonly string[] = [],
  more: Partial<NetworkInterface> = {},
): NetworkInterface {
  return { id, groupIds, addresses: addresses.map(address), prefixes: [], at: AT, ...more };
}

export function prefixList(id: string, cidrs: readonly string[] | undefined): PrefixList {
  return { id, cidrs: cidrs?.map((text) => parseCidr(text)), at: AT };
}

export function vpc(id: string, cidrs: readonly string[]): Vpc {
  return { id, cidrs: cidrs.map((text): Cidr => parseCidr(text)), at: AT };
}

export function subnet(id: string, cidrs: readonly string[]): Subnet {
  return { id, cidrs: cidrs.map((text): Cidr => parseCidr(text)), at: AT };
}

export type AclParts = Partial<Omit<AclEntry, "cidr" | "at">> & { readonly cidr: string };

/** Entries are numbered 100, 200, ... where nothing else is said. */
export function acl(
  id: string,
  entries: readonly AclParts[],
  more: Partial<NetworkAcl> = {},
): NetworkAcl {
  return {
    id,
    isDefault: false,
    subnetIds: [],
    entries: entries.map((parts, index) => ({
      number: (index + 1) * 100,
      direction: "ingress" as Direction,
      action: "allow" as const,
      protocol: -1,
      fromPort: 0,
      toPort: 65535,
      icmpType: -1,
      icmpCode: -1,
      ...parts,
      cidr: parseCidr(parts.cidr),
      at: AT,
    })),
    at: AT,
    ...more,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[] = []): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

export interface RuleSetParts {
  readonly groups: readonly Group[];
  readonly interfaces?: readonly NetworkInterface[];
  readonly prefixLists?: readonly PrefixList[];
  readonly vpcs?: readonly Vpc[];
  readonly subnets?: readonly Subnet[];
  readonly acls?: readonly NetworkAcl[];
  readonly attach?: readonly string[];
  readonly snapshotComplete?: boolean;
}

export function ruleSet(parts: RuleSetParts): RuleSet {
  return {
    groups: byId(parts.groups),
    prefixLists: byId(parts.prefixLists),
    interfaces: byId(parts.interfaces),
    vpcs: byId(parts.vpcs),
    subnets: byId(parts.subnets),
    peerings: [],
    acls: byId(parts.acls),
    attach: parts.attach ?? [],
    snapshotComplete: parts.snapshotComplete ?? false,
  };
}
