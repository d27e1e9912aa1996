// Rule sets as the AWS CLI prints them. Everything written is read back by the loader as the same content.

import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import { formatCidr } from "../../model/address.js";
import { printableJson } from "../../model/printable.js";
import type { Group, Rule, RuleSet } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import { ruleKey } from "../rule-key.js";
import { formatTraffic, protocolName, type TrafficNumbers } from "../traffic.js";
import {
  aclAsAws,
  interfaceAsAws,
  peeringAsAws,
  prefixListAsAws,
  subnetAsAws,
  vpcAsAws,
} from "./aws-network.js";

/** Groups as the answer of describe-security-groups: rules of one direction, protocol and ports make one permission. */
export function groupsAsAwsJson(groups: Iterable<Group>): string {
  return toText({ SecurityGroups: Array.from(groups, groupAsAws) });
}

/**
 * The whole rule set in one document, under the keys of AWS's answers. Options (`--attach`, `--snapshot-complete`) are
 * not part of any answer. Ids of rules stand in SecurityGroupRules for groups all of whose rules have ids of their own.
 * `alone`: empty lists stand there too, so that in a history nothing is taken from what held before.
 */
export function ruleSetAsAwsJson(ruleSet: RuleSet, alone = false): string {
  const groups = [...ruleSet.groups.values()];
  const lists: readonly (readonly [string, readonly object[]])[] = [
    ["SecurityGroups", groups.map(groupAsAws)],
    ["SecurityGroupRules", groups.filter(hasOwnIds).flatMap(groupRulesAsAws)],
    ["NetworkInterfaces", Array.from(ruleSet.interfaces.values(), interfaceAsAws)],
    ["PrefixLists", Array.from(ruleSet.prefixLists.values(), prefixListAsAws)],
    ["Vpcs", Array.from(ruleSet.vpcs.values(), vpcAsAws)],
    ["Subnets", Array.from(ruleSet.subnets.values(), subnetAsAws)],
    ["VpcPeeringConnections", ruleSet.peerings.map(peeringAsAws)],
    ["NetworkAcls", Array.from(ruleSet.acls.values(), aclAsAws)],
  ];
  const given = lists.filter(
    ([key, items]) => alone || key === "SecurityGroups" || items.length > 0,
  );
  return toText(Object.fromEntries(given));
}

function toText(value: object): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

function groupAsAws(group: Group): object {
  return {
    GroupId: group.id,
    ...(group.name === undefined ? {} : { GroupName: group.name }),
    ...(group.vpcId === undefined ? {} : { VpcId: group.vpcId }),
    ...(group.accountId === undefined ? {} : { OwnerId: group.accountId }),
    IpPermissions: permissionsOf(group, "ingress"),
    IpPermissionsEgress: permissionsOf(group, "egress"),
  };
}

const PEER_LISTS = {
  4: "IpRanges",
  6: "Ipv6Ranges",
  "prefix-list": "PrefixListIds",
  group: "UserIdGroupPairs",
} as const;
type PeerList = (typeof PEER_LISTS)[keyof typeof PEER_LISTS];

function permissionsOf(group: Group, direction: Direction): object[] {
  const permissions = new Map<string, Record<PeerList, object[]>>();
  for (const rule of group.rules) {
    if (rule.direction !== direction) continue;
    const name = formatTraffic(rule);
    let permission = permissions.get(name);
    if (permission === undefined) {
      permission = {
        ...trafficAsAws(rule, true),
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      };
      permissions.set(name, permission);
    }
    const { peer } = rule;
    const list =
      peer.kind === "cidr" ? PEER_LISTS[peer.cidr.address.family] : PEER_LISTS[peer.kind];
    permission[list].push({ ...peerAsAws(rule, group), ...descriptionOf(rule) });
  }
  return [...permissions.values()];
}

/** describe-security-groups leaves out the ports where they do not matter; -rules writes -1. */
function trafficAsAws(rule: TrafficNumbers, omitted: boolean): object {
  const { protocol } = rule;
  const IpProtocol = protocol === -1 ? "-1" : protocolName(protocol);
  if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP)
    return { IpProtocol, FromPort: rule.fromPort, ToPort: rule.toPort };
  if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6)
    return { IpProtocol, FromPort: rule.icmpType, ToPort: rule.icmpCode };
  return omitted ? { IpProtocol } : { IpProtocol, FromPort: -1, ToPort: -1 };
}

function peerAsAws(rule: Rule, group: Group): object {
  const { peer } = rule;
  if (peer.kind === "prefix-list") return { PrefixListId: peer.id };
  if (peer.kind === "group") return pairOf(rule, group);
  const text = formatCidr(peer.cidr);
  return peer.cidr.address.family === 4 ? { CidrIp: text } : { CidrIpv6: text };
}

function pairOf({ peer, stale }: Rule, group: Group): object {
  if (peer.kind !== "group") return {};
  const account = peer.account ?? group.accountId;
  return {
    GroupId: peer.id,
    ...(account === undefined ? {} : { UserId: account }),
    ...(stale ? { PeeringStatus: "deleted" } : {}),
  };
}

function descriptionOf({ description }: Rule): object {
  return description === undefined ? {} : { Description: description };
}

/** Ids that AWS gave, rather than content. */
function hasOwnIds(group: Group): boolean {
  return group.rules.every((rule) => rule.id !== `${group.id}/${ruleKey(rule)}`);
}

function groupRulesAsAws(group: Group): object[] {
  return group.rules.map((rule) => ({
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    ...(group.accountId === undefined ? {} : { GroupOwnerId: group.accountId }),
    IsEgress: rule.direction === "egress",
    ...trafficAsAws(rule, false),
    ...rulePeerAsAws(rule, group),
    ...descriptionOf(rule),
  }));
}

function rulePeerAsAws(rule: Rule, group: Group): object {
  const { peer } = rule;
  if (peer.kind === "prefix-list") return { PrefixListId: peer.id };
  if (peer.kind === "group") return { ReferencedGroupInfo: pairOf(rule, group) };
  const text = formatCidr(peer.cidr);
  return peer.cidr.address.family === 4 ? { CidrIpv4: text } : { CidrIpv6: text };
}
