// The rule set that the account's documents describe, in the same order: what a loader must make of them, less places.
import { formatCidr, parseAddress, parseCidr } from "../model/address.js";
import type {
  Group,
  NetworkInterface,
  Peer,
  Place,
  PrefixList,
  Rule,
  RuleSet,
} from "../model/rule-set.js";
import {
  type AccountSpec,
  type InterfaceSpec,
  maxEntriesOf,
  type PermissionSpec,
} from "./account-spec.js";
import { apiInterfaceType } from "./interface-kind.js";

const PROTOCOLS: ReadonlyMap<string, [number, string]> = new Map([
  ["tcp", [6, "tcp"]],
  ["udp", [17, "udp"]],
  ["icmp", [1, "icmp"]],
  ["icmpv6", [58, "icmpv6"]],
  ["-1", [-1, "all"]],
]);

type Traffic = Pick<Rule, "protocol" | "fromPort" | "toPort" | "icmpType" | "icmpCode">;

/** The numbers of a permission (semantics 3.3, 3.6) and `protocol/ports` of its rules' identities. */
export function permissionTraffic(permission: PermissionSpec): Traffic & { readonly text: string } {
  const [protocol, name] = PROTOCOLS.get(permission.protocol) ?? [
    Number(permission.protocol),
    permission.protocol,
  ];
  const { from = -1, to = -1 } = permission;
  const any = { protocol, fromPort: 0, toPort: 65_535, icmpType: -1, icmpCode: -1 };
  if (protocol === 6 || protocol === 17)
    return {
      ...any,
      fromPort: from,
      toPort: to,
      text: `${name}/${from === to ? from : `${from}-${to}`}`,
    };
  if ((protocol !== 1 && protocol !== 58) || from < 0) return { ...any, text: `${name}/all` };
  return { ...any, icmpType: from, icmpCode: to, text: `${name}/${from}:${to < 0 ? "all" : to}` };
}

function peersOf(spec: AccountSpec, permission: PermissionSpec): [string, Peer][] {
  const blocks = [...permission.v4, ...permission.v6].map((text): [string, Peer] => {
    const cidr = parseCidr(text);
    return [formatCidr(cidr), { kind: "cidr", cidr }];
  });
  const lists = permission.lists.map((list): [string, Peer] => {
    const { id } = spec.prefixLists[list]!;
    return [id, { kind: "prefix-list", id }];
  });
  const groups = permission.groups.map((group): [string, Peer] => {
    const { id } = spec.groups[group]!;
    return [id, { kind: "group", id }];
  });
  return [...blocks, ...lists, ...groups];
}

function groupRules(spec: AccountSpec, index: number, at: Place): Rule[] {
  const group = spec.groups[index]!;
  const rules: Rule[] = [];
  for (const direction of ["ingress", "egress"] as const)
    for (const permission of group.permissions) {
      if (permission.direction !== direction) continue;
      const { text, ...traffic } = permissionTraffic(permission);
      for (const [name, peer] of peersOf(spec, permission))
        rules.push({
          id: `${group.id}/${direction}/${text}/${name}`,
          groupId: group.id,
          direction,
          ...traffic,
          peer,
          stale: false,
          ...(permission.description === undefined ? {} : { description: permission.description }),
          at,
        });
    }
  return rules;
}

function modelInterface(spec: AccountSpec, item: InterfaceSpec, at: Place): NetworkInterface {
  return {
    id: item.id,
    vpcId: spec.vpcId,
    subnetId: spec.subnets[item.subnet]!.id,
    type: apiInterfaceType(item.kind),
    groupIds: item.groups.map((group) => spec.groups[group]!.id).sort(),
    addresses: [...item.v4, ...item.v6].map((text) => parseAddress(text)!),
    prefixes: item.prefixes.map((text) => parseCidr(text)),
    attachedAt: item.attachedAt,
    ...(item.instanceId === undefined ? {} : { instanceId: item.instanceId }),
    ...(item.instanceId === undefined ? {} : { service: "ec2" }),
    ...(item.kind === "balancer" ? ofBalancer(item.description.replace("ELB ", "")) : {}),
    ...(item.timers === undefined ? {} : { timers: item.timers }),
    at,
  };
}

/** As the description of its interface tells. */
function ofBalancer(name: string): Pick<NetworkInterface, "balancer" | "service" | "serviceName"> {
  return { balancer: name, service: "elb", serviceName: name };
}

/** Builds the rule set. Every place is line 1, column 1 of the document: nothing was read from text. */
export function accountRuleSet(spec: AccountSpec): RuleSet {
  const place = (file: string): Place => ({ file: `${file}.json`, line: 1, column: 1 });
  const groups = spec.groups.map((group, index): [string, Group] => {
    const at = place("describe-security-groups");
    const rules = groupRules(spec, index, at);
    const { id, name } = group;
    return [id, { id, name, vpcId: spec.vpcId, accountId: spec.accountId, rules, at }];
  });
  const interfaces = spec.interfaces.map((item): [string, NetworkInterface] => [
    item.id,
    modelInterface(spec, item, place("describe-network-interfaces")),
  ]);
  const lists = spec.prefixLists.map((list): [string, PrefixList] => {
    const cidrs = list.cidrs.map((text) => parseCidr(text));
    const at = place("describe-managed-prefix-lists");
    return [list.id, { id: list.id, name: list.name, cidrs, maxEntries: maxEntriesOf(list), at }];
  });
  const vpc = {
    id: spec.vpcId,
    cidrs: [parseCidr(spec.v4), parseCidr(spec.v6)],
    at: place("describe-vpcs"),
  };
  return {
    // By id: whoever judges walks the groups in this order.
    groups: new Map(groups.sort(([a], [b]) => (a < b ? -1 : 1))),
    prefixLists: new Map(lists),
    interfaces: new Map(interfaces),
    vpcs: new Map([[spec.vpcId, vpc]]),
    subnets: new Map(
      spec.subnets.map((subnet) => [
        subnet.id,
        {
          id: subnet.id,
          vpcId: spec.vpcId,
          cidrs: [parseCidr(subnet.v4), parseCidr(subnet.v6)],
          at: place("describe-subnets"),
        },
      ]),
    ),
    peerings: [],
    acls: new Map(),
    attach: [],
    snapshotComplete: false,
  };
}
