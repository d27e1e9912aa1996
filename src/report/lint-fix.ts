// The condensed rule set in the forms it can be handed on: AWS's JSON, edit lines, and what the proof says.

import {
  type CondensedRuleSet,
  type CounterExample,
  type Proof,
  peerWord,
  portsWord,
  protocolWord,
  ruleWords,
} from "../lint/index.js";
import { formatAddress } from "../model/address.js";
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import { counted, grouped, protocolPort } from "./quantity.js";
import type { Json } from "./report.js";

function quoted(text: string): string {
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}

function editWords({ groupId, direction, protocol, peer, ...traffic }: Rule): string {
  const ports = portsWord({ protocol, ...traffic });
  return `${groupId} ${direction} ${protocolWord(protocol)} ${ports} ${peerWord(peer)}`;
}

/** By its id where AWS gave one: a duplicate cannot be told by its words. */
function revokeLine(rule: Rule): string {
  if (rule.id.startsWith("sgr-")) return `revoke ${rule.groupId} ${rule.direction} ${rule.id}`;
  return `revoke ${editWords(rule)}`;
}

function authorizeLine(rule: Rule): string {
  const described =
    rule.description === undefined ? "" : ` description ${quoted(rule.description)}`;
  return `authorize ${editWords(rule)}${described}`;
}

/**
 * Edit lines that turn the rule set into the condensed one, each with its reason above. New rules come before old ones
 * go, so that nothing is ever closed that was open.
 */
export function lintEditLines({ dropped, merged }: CondensedRuleSet): string {
  const lines: string[] = [];
  for (const { into, from } of merged) {
    lines.push(
      `# ${ruleWords(into)} replaces ${counted(from.length, "rule")}`,
      authorizeLine(into),
    );
    // A rule that stays in the words of the new one is the new one.
    lines.push(...from.map(revokeLine).filter((line) => line !== `revoke ${editWords(into)}`));
  }
  for (const { rule, by } of dropped) {
    const covers = by.length === 1 ? ruleWords(by[0]!) : `${counted(by.length, "rule")} together`;
    lines.push(`# ${ruleWords(rule)} is covered by ${covers}`, revokeLine(rule));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function counterWords(example: CounterExample): string {
  const { protocol, port, icmpType, icmpCode, address, member, direction, groupIds } = example;
  const type = icmpType === null ? "" : ` type ${icmpType} code ${icmpCode}`;
  const of = member === null ? "" : `, a member of ${member},`;
  const side = direction === "ingress" ? "from" : "to";
  return `${groupIds.join(", ")}: ${direction} ${protocolPort(protocol, port)}${type} ${side} ${formatAddress(address)}${of}`;
}

/** What the proof says, as sentences. */
export function proofSentence(proof: Proof): string {
  const { equal, classes, policies, counterExample } = proof;
  if (equal || counterExample === undefined)
    return `Proved equivalent: ${grouped(classes)} classes of packets compared (addresses × protocols, ports and ICMP types, both directions) in ${counted(policies, "group")}; all are admitted and tracked as before, whoever belongs to a group or prefix list.`;
  const { about, before, after } = counterExample;
  const word = (yes: boolean): string => {
    if (about === "admission") return yes ? "admitted" : "not admitted";
    return yes ? "untracked" : "tracked";
  };
  return `Not equivalent: ${counterWords(counterExample)} is ${word(before)} before and ${word(after)} after.`;
}

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges: Json[];
  readonly Ipv6Ranges: Json[];
  readonly PrefixListIds: Json[];
  readonly UserIdGroupPairs: Json[];
}

const TYPED: ReadonlySet<number> = new Set([1, 58]);
const PORTED: ReadonlySet<number> = new Set([6, 17]);

function newPermission(rule: Rule): Permission {
  const { protocol } = rule;
  const ports = PORTED.has(protocol) ? { FromPort: rule.fromPort, ToPort: rule.toPort } : {};
  const types = TYPED.has(protocol) ? { FromPort: rule.icmpType, ToPort: rule.icmpCode } : {};
  return {
    IpProtocol: protocol === -1 ? "-1" : protocolWord(protocol),
    ...ports,
    ...types,
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
}

function addPeer(permission: Permission, rule: Rule, owner: string | undefined): void {
  const { peer, stale, description } = rule;
  const rest = description === undefined ? {} : { Description: description };
  if (peer.kind === "prefix-list")
    permission.PrefixListIds.push({ PrefixListId: peer.id, ...rest });
  else if (peer.kind === "group") {
    const account = peer.account ?? owner;
    permission.UserIdGroupPairs.push({
      GroupId: peer.id,
      ...(account === undefined ? {} : { UserId: account }),
      ...(stale ? { PeeringStatus: "deleted" } : {}),
      ...rest,
    });
  } else if (peer.cidr.address.family === 4)
    permission.IpRanges.push({ CidrIp: peerWord(peer), ...rest });
  else permission.Ipv6Ranges.push({ CidrIpv6: peerWord(peer), ...rest });
}

function permissionsOf(group: Group, direction: Rule["direction"]): Permission[] {
  const permissions = new Map<string, Permission>();
  for (const rule of group.rules) {
    if (rule.direction !== direction) continue;
    const key = `${rule.protocol} ${portsWord(rule)}`;
    let permission = permissions.get(key);
    if (permission === undefined) {
      permission = newPermission(rule);
      permissions.set(key, permission);
    }
    addPeer(permission, rule, group.accountId);
  }
  return [...permissions.values()];
}

/** The groups as `aws ec2 describe-security-groups` answers. */
export function groupsAsAwsJson({ groups }: RuleSet): Json {
  return {
    SecurityGroups: Array.from(groups.values(), (group) => ({
      GroupId: group.id,
      ...(group.name === undefined ? {} : { GroupName: group.name }),
      ...(group.vpcId === undefined ? {} : { VpcId: group.vpcId }),
      ...(group.accountId === undefined ? {} : { OwnerId: group.accountId }),
      IpPermissions: permissionsOf(group, "ingress"),
      IpPermissionsEgress: permissionsOf(group, "egress"),
    })),
  };
}
