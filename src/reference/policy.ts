import type { Address } from "../model/address.js";
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import type { Direction, Reason } from "../model/verdict.js";
import { addressKey, hasPorts, ICMP, ICMPV6, type IcmpKind, isIcmp } from "./flow.js";
import {
  askPeer,
  isBalancerGroup,
  type PeerAnswer,
  peerName,
  type UnresolvedPeer,
} from "./peers.js";
import type { Snapshot } from "./snapshot.js";

/** The groups of an interface in the order of the policy: by id (semantics 3.1). */
export interface Policy {
  readonly groups: readonly Group[];
  /** Carried groups that no document describes, by id (semantics 1.2). */
  readonly undescribed: readonly string[];
}

/** A record, or a connection's forward direction, as the rules see it. */
export interface Question {
  readonly direction: Direction;
  readonly protocol: number;
  /** Destination port of the forward direction (semantics 3.2). */
  readonly port: number;
  readonly remote: Address;
  /** First `start` of the connection (semantics 3.5c). */
  readonly time: number;
  /** AWS REJECTed what is asked about (semantics 3.5d, 3.6). */
  readonly rejected: boolean;
  /** Whether the opener, as a client, was ACCEPTed at an interface that carries the group (semantics 3.5d). */
  readonly clientAccepted: (groupId: string) => boolean;
  /** Only of a hypothetical packet; absent: nobody knows the type (semantics 3.6). */
  readonly icmp?: IcmpKind | undefined;
}

export type Answer =
  | { readonly verdict: "allow"; readonly rules: readonly string[] }
  | { readonly verdict: "deny" }
  | { readonly verdict: "unknown"; readonly reason: Reason; readonly detail: string };

/** A rule that fits in protocol and port, with what its peer says; `rule` is absent for EC2-Classic's open egress. */
export interface Fit {
  readonly id: string;
  readonly rule: Rule | undefined;
  readonly peer: PeerAnswer;
}

/** Fits by question, for one run: the same few questions are asked of very many records. */
export type FitCache = Map<string, readonly Fit[]>;

const DENY: Answer = { verdict: "deny" };

/** The policy of a set of group ids. Code-unit order, so that no locale can change an answer. */
export function policyOf(ruleSet: RuleSet, groupIds: readonly string[]): Policy {
  const ids = [...new Set(groupIds)].sort();
  const groups = ids.flatMap((id) => ruleSet.groups.get(id) ?? []);
  return { groups, undescribed: ids.filter((id) => !ruleSet.groups.has(id)) };
}

export function fitsProtocol(rule: Rule, protocol: number): boolean {
  return rule.protocol === -1 || rule.protocol === protocol;
}

/** Ports count for TCP and UDP alone, and not for a rule of every protocol (semantics 3.3). */
export function fitsPort(rule: Rule, protocol: number, port: number): boolean {
  if (rule.protocol === -1 || !hasPorts(protocol)) return true;
  return rule.fromPort <= port && port <= rule.toPort;
}

/** A rule for one ICMP type: the log cannot tell whether it matches (semantics 3.6). */
export function namesIcmpType(rule: Rule): boolean {
  return (rule.protocol === ICMP || rule.protocol === ICMPV6) && rule.icmpType !== -1;
}

/** Whether the rule admits the type of the packet; `null` where it names one and the packet's is not known. */
export function fitsIcmpType(rule: Rule, icmp: IcmpKind | undefined): boolean | null {
  if (!namesIcmpType(rule)) return true;
  if (icmp === undefined) return null;
  if (rule.icmpType !== icmp.type) return false;
  if (rule.icmpCode === -1) return true;
  return icmp.code === null ? null : rule.icmpCode === icmp.code;
}

/** EC2-Classic: no VPC id and no egress rules leave outbound unrestricted (semantics 3.8). */
export function isClassicOpen(group: Group): boolean {
  return group.vpcId === undefined && !group.rules.some((rule) => rule.direction === "egress");
}

export function classicRuleId(group: Group): string {
  return `${group.id}/egress/all/all/classic`;
}

/** Answers a question under a policy: section 3, with the groups nobody describes from 1.2. */
export function ask(
  snapshot: Snapshot,
  policy: Policy,
  question: Question,
  cache: FitCache,
): Answer {
  const fits = fitsOf(snapshot, policy, question, cache);
  const matching = fits.filter((fit) => matches(snapshot, fit, question));
  if (matching.length > 0) return { verdict: "allow", rules: matching.map((fit) => fit.id) };
  const undescribed = policy.undescribed[0];
  if (undescribed !== undefined)
    return { verdict: "unknown", reason: "interface-not-in-snapshot", detail: undescribed };
  const unresolved =
    fits.find((fit) => isUnresolved(fit, question)) ??
    fits.find((fit) => isOpenBalancer(snapshot, fit, question));
  if (unresolved?.rule !== undefined)
    return {
      verdict: "unknown",
      reason: "peer-unresolved",
      detail: peerName(unresolved.rule.peer),
    };
  if (!isIcmp(question.protocol)) return DENY;
  if (fits.some((fit) => mayMatchByType(snapshot, fit, question)))
    return { verdict: "unknown", reason: "icmp-type", detail: "" };
  if (question.rejected) return DENY;
  return { verdict: "unknown", reason: "icmp-related", detail: "" };
}

function fitsOf(
  snapshot: Snapshot,
  policy: Policy,
  question: Question,
  cache: FitCache,
): readonly Fit[] {
  const groups = [...policy.groups.map((group) => group.id), ...policy.undescribed].join(",");
  const key = `${groups} ${question.direction} ${question.protocol} ${question.port} ${addressKey(question.remote)}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const fits = policy.groups.flatMap((group) => fitsOfGroup(snapshot, group, question));
  cache.set(key, fits);
  return fits;
}

function fitsOfGroup(snapshot: Snapshot, group: Group, question: Question): Fit[] {
  const { direction, protocol, port, remote } = question;
  if (direction === "egress" && isClassicOpen(group))
    return [
      {
        id: classicRuleId(group),
        rule: undefined,
        peer: { kind: "match", since: Number.NEGATIVE_INFINITY },
      },
    ];
  return group.rules
    .filter((rule) => rule.direction === direction)
    .filter((rule) => fitsProtocol(rule, protocol) && fitsPort(rule, protocol, port))
    .map((rule) => ({ id: rule.id, rule, peer: askPeer(snapshot, group, rule, remote) }));
}

function matches(snapshot: Snapshot, fit: Fit, question: Question): boolean {
  if (fit.rule !== undefined && fitsIcmpType(fit.rule, question.icmp) !== true) return false;
  return admitsPeer(snapshot, fit, question);
}

/** The peer admits the remote end: as a member, a block or an entry, or as a client of a balancer (3.5d). */
export function admitsPeer(snapshot: Snapshot, fit: Fit, question: Question): boolean {
  if (fit.peer.kind === "match" && fit.peer.since <= question.time) return true;
  const group = balancerGroup(snapshot, fit, question);
  return group !== undefined && !question.rejected && question.clientAccepted(group);
}

/** The group a balancer carries, where the rule is an ingress rule for it. */
function balancerGroup(snapshot: Snapshot, fit: Fit, question: Question): string | undefined {
  const { rule } = fit;
  if (rule === undefined || rule.stale || rule.peer.kind !== "group") return undefined;
  if (question.direction !== "ingress") return undefined;
  return isBalancerGroup(snapshot, rule.peer.id) ? rule.peer.id : undefined;
}

/** Why the peer of a fitting rule cannot be decided; `undefined` where it can (semantics 3.5). */
export function unresolvedPeer(
  snapshot: Snapshot,
  fit: Fit,
  question: Question,
): UnresolvedPeer | undefined {
  if (fit.peer.kind === "unresolved") return fit.peer.why;
  if (fit.peer.kind === "match" && fit.peer.since > question.time) return "attached-later";
  return isOpenBalancer(snapshot, fit, question) ? "balancer-client" : undefined;
}

/** 3.5 a, b, c: a typed ICMP rule counts, for it fits in protocol. */
function isUnresolved(fit: Fit, question: Question): boolean {
  if (fit.rule !== undefined && fitsIcmpType(fit.rule, question.icmp) === false) return false;
  if (fit.peer.kind === "unresolved") return true;
  return fit.peer.kind === "match" && fit.peer.since > question.time;
}

/** 3.5 d, undecided: nobody saw the client at the balancer, and AWS did not REJECT it. */
function isOpenBalancer(snapshot: Snapshot, fit: Fit, question: Question): boolean {
  const group = balancerGroup(snapshot, fit, question);
  return group !== undefined && !question.rejected && !admitsPeer(snapshot, fit, question);
}

function mayMatchByType(snapshot: Snapshot, fit: Fit, question: Question): boolean {
  if (fit.rule === undefined || fitsIcmpType(fit.rule, question.icmp) !== null) return false;
  return admitsPeer(snapshot, fit, question);
}
