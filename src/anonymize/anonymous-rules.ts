// A rule set with mapped addresses and ids, without the words that people wrote: names and descriptions.
import type { Cidr } from "../model/address.js";
import {
  type Group,
  isUndecided,
  type NetworkAcl,
  type NetworkInterface,
  type Peer,
  type Rule,
  type RuleSet,
  UNDECIDED,
} from "../model/rule-set.js";
import { ruleKey, UNKNOWN_VPC } from "../rules/index.js";
import type { Mapping } from "./mapping.js";

export function anonymousRules(ruleSet: RuleSet, mapping: Mapping): RuleSet {
  const id = (text: string): string => mappedId(text, mapping);
  const blocks = (cidrs: readonly Cidr[]): Cidr[] =>
    cidrs.map((cidr) => mapping.prefixes.cidr(cidr));
  return {
    groups: byId(ruleSet.groups, (group) => groupOf(group, mapping)),
    prefixLists: byId(ruleSet.prefixLists, ({ cidrs, maxEntries, at, ...list }) => ({
      id: id(list.id),
      cidrs: cidrs && blocks(cidrs),
      ...(maxEntries === undefined ? {} : { maxEntries }),
      at,
    })),
    interfaces: byId(ruleSet.interfaces, (carrier) => interfaceOf(carrier, mapping)),
    vpcs: byId(ruleSet.vpcs, ({ at, ...vpc }) => ({
      id: id(vpc.id),
      cidrs: blocks(vpc.cidrs),
      at,
    })),
    subnets: byId(ruleSet.subnets, ({ vpcId, at, ...subnet }) => ({
      id: id(subnet.id),
      ...(vpcId === undefined ? {} : { vpcId: id(vpcId) }),
      cidrs: blocks(subnet.cidrs),
      at,
    })),
    peerings: ruleSet.peerings.map(({ status, at, ...peering }) => ({
      id: id(peering.id),
      status,
      vpcIds: peering.vpcIds.map(id),
      cidrs: blocks(peering.cidrs),
      at,
    })),
    acls: byId(ruleSet.acls, (acl) => aclOf(acl, mapping)),
    attach: ruleSet.attach.map(id),
    snapshotComplete: ruleSet.snapshotComplete,
  };
}

/** What a document leaves open stays open, and is named after nothing. */
function mappedId(text: string, { names }: Mapping): string {
  if (text === UNKNOWN_VPC) return text;
  return isUndecided(text) ? `${UNDECIDED}${names.word(text)}` : names.id(text);
}

/** In the order of the new ids, as a loader gives them. */
function byId<T extends { readonly id: string }>(
  things: ReadonlyMap<string, T>,
  mapped: (thing: T) => T,
): Map<string, T> {
  const made = Array.from(things.values(), mapped);
  made.sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(made.map((thing) => [thing.id, thing]));
}

function groupOf(group: Group, mapping: Mapping): Group {
  const id = mappedId(group.id, mapping);
  return {
    id,
    ...(group.vpcId === undefined ? {} : { vpcId: mappedId(group.vpcId, mapping) }),
    ...(group.accountId === undefined ? {} : { accountId: mapping.names.account(group.accountId) }),
    rules: group.rules.map((rule) => ruleOf(rule, group, id, mapping)),
    at: group.at,
  };
}

function ruleOf(rule: Rule, group: Group, groupId: string, mapping: Mapping): Rule {
  const { description: _, ...rest } = rule;
  const made = { ...rest, groupId, peer: peerOf(rule.peer, mapping) };
  const isNamedAfterContent = rule.id === `${group.id}/${ruleKey(rule)}`;
  const id = isNamedAfterContent ? `${groupId}/${ruleKey(made)}` : mapping.names.id(rule.id);
  return { ...made, id };
}

function peerOf(peer: Peer, mapping: Mapping): Peer {
  if (peer.kind === "cidr") return { kind: "cidr", cidr: mapping.prefixes.cidr(peer.cidr) };
  const id = mappedId(peer.id, mapping);
  if (peer.kind === "prefix-list") return { kind: "prefix-list", id };
  return peer.account === undefined
    ? { kind: "group", id }
    : { kind: "group", id, account: mapping.names.account(peer.account) };
}

function interfaceOf(carrier: NetworkInterface, mapping: Mapping): NetworkInterface {
  const { vpcId, subnetId, type, attachedAt, timers } = carrier;
  return {
    id: mappedId(carrier.id, mapping),
    ...(vpcId === undefined ? {} : { vpcId: mappedId(vpcId, mapping) }),
    ...(subnetId === undefined ? {} : { subnetId: mappedId(subnetId, mapping) }),
    ...(type === undefined ? {} : { type }),
    groupIds: carrier.groupIds.map((groupId) => mappedId(groupId, mapping)).sort(),
    addresses: carrier.addresses.map((address) => mapping.address(address)),
    prefixes: carrier.prefixes.map((cidr) => mapping.prefixes.cidr(cidr)),
    ...(attachedAt === undefined ? {} : { attachedAt }),
    ...(timers === undefined ? {} : { timers }),
    at: carrier.at,
  };
}

function aclOf(acl: NetworkAcl, mapping: Mapping): NetworkAcl {
  const { vpcId } = acl;
  return {
    ...acl,
    id: mappedId(acl.id, mapping),
    ...(vpcId === undefined ? {} : { vpcId: mappedId(vpcId, mapping) }),
    subnetIds: acl.subnetIds.map((subnetId) => mappedId(subnetId, mapping)),
    entries: acl.entries.map((entry) => ({ ...entry, cidr: mapping.prefixes.cidr(entry.cidr) })),
  };
}
