import { formatAddress } from "../model/address.js";
import type { Group, Peer, Place, Rule } from "../model/rule-set.js";
import { askPeer, peerName, type UnresolvedPeer } from "./peers.js";
import {
  admitsPeer,
  classicRuleId,
  type Fit,
  fitsIcmpType,
  fitsPort,
  fitsProtocol,
  isClassicOpen,
  namesIcmpType,
  type Policy,
  type Question,
  unresolvedPeer,
} from "./policy.js";
import { carriersOf, type Snapshot } from "./snapshot.js";

/** One test of a rule; `fits` is `null` where the inputs cannot tell. */
export interface Criterion {
  readonly criterion: "protocol" | "port" | "icmp-type" | "peer";
  readonly fits: boolean | null;
  /** What the record has; empty where the log does not say. */
  readonly found: string;
  /** What the rule asks for. */
  readonly allowed: string;
  /** A group's member addresses and delegated prefixes, or the entries of a prefix list, where known. */
  readonly members: number | null;
  /** Why the peer cannot be decided, or never matches. */
  readonly because: UnresolvedPeer | "stale" | null;
}

/** A rule of the direction, test by test. */
export interface RuleExplanation {
  readonly id: string;
  readonly groupId: string;
  readonly at: Place;
  /** `null`: it may match. */
  readonly matches: boolean | null;
  readonly criteria: readonly Criterion[];
}

/** Every rule of the direction, with what fits and what misses, in the order of the policy. */
export function explainRules(
  snapshot: Snapshot,
  policy: Policy,
  question: Question,
): readonly RuleExplanation[] {
  return policy.groups.flatMap((group) => {
    if (question.direction === "egress" && isClassicOpen(group)) return [explainClassic(group)];
    return group.rules
      .filter((rule) => rule.direction === question.direction)
      .map((rule) => explainRule(snapshot, group, rule, question));
  });
}

/** The open egress of EC2-Classic tests nothing (semantics 3.8). */
function explainClassic(group: Group): RuleExplanation {
  return { id: classicRuleId(group), groupId: group.id, at: group.at, matches: true, criteria: [] };
}

function explainRule(
  snapshot: Snapshot,
  group: Group,
  rule: Rule,
  question: Question,
): RuleExplanation {
  const criteria = [
    protocolCriterion(rule, question),
    portCriterion(rule, question),
    ...(namesIcmpType(rule) ? [icmpCriterion(rule, question)] : []),
    peerCriterion(snapshot, group, rule, question),
  ];
  return { id: rule.id, groupId: group.id, at: rule.at, matches: conjunction(criteria), criteria };
}

function conjunction(criteria: readonly Criterion[]): boolean | null {
  if (criteria.some(({ fits }) => fits === false)) return false;
  return criteria.every(({ fits }) => fits === true) ? true : null;
}

function plain(
  criterion: Criterion["criterion"],
  fits: boolean | null,
  found: string,
  allowed: string,
): Criterion {
  return { criterion, fits, found, allowed, members: null, because: null };
}

function protocolCriterion(rule: Rule, { protocol }: Question): Criterion {
  const allowed = rule.protocol === -1 ? "all" : String(rule.protocol);
  return plain("protocol", fitsProtocol(rule, protocol), String(protocol), allowed);
}

function portCriterion(rule: Rule, { protocol, port }: Question): Criterion {
  const all = rule.fromPort <= 0 && rule.toPort >= 65_535;
  const range =
    rule.fromPort === rule.toPort ? `${rule.fromPort}` : `${rule.fromPort}-${rule.toPort}`;
  const open = rule.protocol === -1 || all;
  return plain("port", fitsPort(rule, protocol, port), String(port), open ? "all" : range);
}

/** Flow logs carry no type, so that this test is open but for hypothetical packets (semantics 3.6). */
function icmpCriterion(rule: Rule, { icmp }: Question): Criterion {
  const code = rule.icmpCode === -1 ? "all" : String(rule.icmpCode);
  const found = icmp === undefined ? "" : `${icmp.type}/${icmp.code ?? "any"}`;
  return plain("icmp-type", fitsIcmpType(rule, icmp), found, `${rule.icmpType}/${code}`);
}

function peerCriterion(
  snapshot: Snapshot,
  group: Group,
  rule: Rule,
  question: Question,
): Criterion {
  const peer = askPeer(snapshot, group, rule, question.remote);
  const fit: Fit = { id: rule.id, rule, peer };
  const unresolved = unresolvedPeer(snapshot, fit, question);
  const admitted = admitsPeer(snapshot, fit, question);
  const open = !admitted && unresolved !== undefined;
  return {
    criterion: "peer",
    fits: open ? null : admitted,
    found: formatAddress(question.remote),
    allowed: peerName(rule.peer),
    members: memberCount(snapshot, rule.peer),
    because: rule.stale ? "stale" : (open && unresolved) || null,
  };
}

function memberCount(snapshot: Snapshot, peer: Peer): number | null {
  if (peer.kind === "cidr") return null;
  if (peer.kind === "prefix-list")
    return snapshot.ruleSet.prefixLists.get(peer.id)?.cidrs?.length ?? null;
  const carriers = carriersOf(snapshot, peer.id);
  if (carriers.length === 0 && !snapshot.ruleSet.groups.has(peer.id)) return null;
  return carriers.reduce((sum, c) => sum + c.addresses.length + c.prefixes.length, 0);
}
