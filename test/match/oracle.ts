import { type Address, cidrContains, parseCidr, sameAddress } from "../../src/model/address.js";
import {
  isUndecided,
  type NetworkInterface,
  type Rule,
  type RuleSet,
} from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";
import type { Side } from "./core.js";

/** The question `classify` answers; `evidence`: groups whose load balancers accepted the client (semantics 3.5d). */
export interface Question {
  readonly groupIds: readonly string[];
  readonly direction: Direction;
  readonly remote: Address;
  readonly protocol: number;
  readonly port: number;
  readonly time: number;
  readonly evidence: ReadonlySet<string>;
}

export interface Answer {
  readonly rules: readonly string[];
  readonly accepted: Side;
  readonly rejected: Side;
  /** Groups whose evidence would matter. */
  readonly asks: readonly string[];
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"].map(
  (text) => parseCidr(text),
);

type Holding = "yes" | "no" | "late" | "unresolved";

function owns(owner: NetworkInterface, remote: Address): boolean {
  return (
    owner.addresses.some((own) => sameAddress(own, remote)) ||
    owner.prefixes.some((prefix) => cidrContains(prefix, remote))
  );
}

function isUnknownPrivate(ruleSet: RuleSet, remote: Address): boolean {
  if (ruleSet.snapshotComplete) return false;
  const blocks = [...PRIVATE, ...[...ruleSet.vpcs.values()].flatMap((vpc) => vpc.cidrs)];
  if (!blocks.some((block) => cidrContains(block, remote))) return false;
  return ![...ruleSet.interfaces.values()].some((owner) => owns(owner, remote));
}

function holds(ruleSet: RuleSet, rule: Rule, remote: Address, time: number): Holding {
  const { peer } = rule;
  if (peer.kind === "cidr") return cidrContains(peer.cidr, remote) ? "yes" : "no";
  if (peer.kind === "prefix-list") {
    const cidrs = ruleSet.prefixLists.get(peer.id)?.cidrs;
    if (cidrs === undefined) return "unresolved";
    return cidrs.some((cidr) => cidrContains(cidr, remote)) ? "yes" : "no";
  }
  const carriers = [...ruleSet.interfaces.values()].filter((o) => o.groupIds.includes(peer.id));
  const own = ruleSet.groups.get(rule.groupId)?.accountId;
  const isForeign = peer.account !== undefined && own !== undefined && peer.account !== own;
  if (carriers.length === 0 && (isForeign || !ruleSet.groups.has(peer.id))) return "unresolved";
  const members = carriers.filter((owner) => owns(owner, remote));
  const isOpen = [...ruleSet.interfaces.values()].some(
    (owner) => owns(owner, remote) && owner.groupIds.some(isUndecided),
  );
  if (members.length === 0) return isOpen ? "unresolved" : "no";
  return members.some((owner) => (owner.attachedAt ?? 0) <= time) ? "yes" : "late";
}

function fits(rule: Rule, protocol: number, port: number): boolean {
  if (rule.protocol === -1) return true;
  if (rule.protocol !== protocol) return false;
  if (protocol !== 6 && protocol !== 17) return true;
  return rule.fromPort <= port && port <= rule.toPort;
}

function isTyped(rule: Rule): boolean {
  return (rule.protocol === 1 || rule.protocol === 58) && rule.icmpType !== -1;
}

function nameOf(rule: Rule): string {
  const { peer } = rule;
  if (peer.kind === "cidr") return "";
  return peer.kind === "group" && peer.account !== undefined
    ? `${peer.account}/${peer.id}`
    : peer.id;
}

/** Semantics 1.2, 3.1-3.6, 3.8 by linear scan, in the order of the text. */
export function answer(ruleSet: RuleSet, question: Question): Answer {
  const { remote, protocol, port, time, evidence } = question;
  const ids = [...new Set(question.groupIds)].sort();
  const missing = ids.find((id) => !ruleSet.groups.has(id));
  const balanced = new Set(
    [...ruleSet.interfaces.values()]
      .filter((owner) => owner.type === "network_load_balancer")
      .flatMap((owner) => owner.groupIds),
  );
  const matching: string[] = [];
  let certain = false;
  let typed = false;
  let undecided: Rule | undefined;
  let undecidedNlb: Rule | undefined;
  const asks = new Set<string>();
  const unknownPrivate = isUnknownPrivate(ruleSet, remote);
  for (const id of ids) {
    const found = ruleSet.groups.get(id);
    if (found === undefined) continue;
    for (const rule of found.rules) {
      if (rule.direction !== question.direction || rule.stale || !fits(rule, protocol, port))
        continue;
      const holding = holds(ruleSet, rule, remote, time);
      const isGroup = rule.peer.kind === "group";
      const isBalanced =
        question.direction === "ingress" &&
        rule.peer.kind === "group" &&
        balanced.has(rule.peer.id);
      if (isBalanced && holding !== "yes" && rule.peer.kind === "group") asks.add(rule.peer.id);
      const spoken = isBalanced && rule.peer.kind === "group" && evidence.has(rule.peer.id);
      if (holding === "yes" || spoken) {
        if (isTyped(rule)) {
          typed = true;
        } else {
          matching.push(rule.id);
          certain ||= holding === "yes";
        }
        continue;
      }
      const open = holding === "unresolved" || holding === "late" || (isGroup && unknownPrivate);
      if (open) undecided ??= rule;
      if (isBalanced) undecidedNlb ??= rule;
    }
    const isClassic =
      found.vpcId === undefined && !found.rules.some((r) => r.direction === "egress");
    if (isClassic && question.direction === "egress") {
      matching.push(`${id}/egress/all/all/classic`);
      certain = true;
    }
  }

  function conclude(isRejected: boolean): Side {
    if (isRejected ? certain : matching.length > 0)
      return { verdict: "allow", reason: "rule", detail: "" };
    if (missing !== undefined)
      return { verdict: "unknown", reason: "interface-not-in-snapshot", detail: missing };
    const blocker = undecided ?? (isRejected ? undefined : undecidedNlb);
    if (blocker !== undefined)
      return { verdict: "unknown", reason: "peer-unresolved", detail: nameOf(blocker) };
    if (typed) return { verdict: "unknown", reason: "icmp-type", detail: "" };
    if (!isRejected && (protocol === 1 || protocol === 58))
      return { verdict: "unknown", reason: "icmp-related", detail: "" };
    return { verdict: "deny", reason: "no-rule", detail: "" };
  }
  return { rules: matching, accepted: conclude(false), rejected: conclude(true), asks: [...asks] };
}
