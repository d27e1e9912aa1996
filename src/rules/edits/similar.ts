// Which rules the user may have meant, by agreeing criteria.
import { cidrContains } from "../../model/address.js";
import type { Peer, Rule } from "../../model/rule-set.js";
import { formatPlace } from "../json-place.js";
import { formatPeer } from "../rule-draft.js";
import { formatRuleWords } from "../write/edit-line.js";
import type { RuleEdit } from "./edit.js";

/** How many are shown. */
const SHOWN = 3;

/** A hint that names the rules of a group that agree best with the wanted one. O(rules). */
export function similarRules(wanted: RuleEdit, groupId: string, rules: readonly Rule[]): string {
  if (rules.length === 0) return `${groupId} has no rules`;
  const scored = rules.map((rule) => ({ rule, score: agreement(wanted, rule) }));
  scored.sort((a, b) => b.score - a.score);
  const shown = scored.slice(0, SHOWN).map(({ rule }) => describeRule(rule));
  return `the nearest rules of ${groupId}: ${shown.join("; ")}`;
}

/** A rule as an edit line would name it, with its id and place. */
export function describeRule(rule: Rule): string {
  return `${formatRuleWords(rule)} (${rule.id} at ${formatPlace(rule.at)})`;
}

/** Two points for each criterion that is equal, one for each that overlaps. */
function agreement(wanted: RuleEdit, rule: Rule): number {
  const direction = wanted.direction === rule.direction ? 2 : 0;
  return direction + protocolAgreement(wanted, rule) + peerAgreement(wanted.peer, rule.peer);
}

function protocolAgreement(wanted: RuleEdit, rule: Rule): number {
  if (wanted.protocol !== rule.protocol)
    return wanted.protocol === -1 || rule.protocol === -1 ? 1 : 0;
  const samePorts = wanted.fromPort === rule.fromPort && wanted.toPort === rule.toPort;
  const sameType = wanted.icmpType === rule.icmpType && wanted.icmpCode === rule.icmpCode;
  if (samePorts && sameType) return 4;
  const overlap = wanted.fromPort <= rule.toPort && rule.fromPort <= wanted.toPort;
  return overlap ? 3 : 2;
}

function peerAgreement(a: Peer, b: Peer): number {
  if (formatPeer(a) === formatPeer(b)) return 2;
  if (a.kind === "group" && b.kind === "group" && a.id === b.id) return 1;
  if (a.kind !== "cidr" || b.kind !== "cidr") return 0;
  const overlap = cidrContains(a.cidr, b.cidr.address) || cidrContains(b.cidr, a.cidr.address);
  return overlap ? 1 : 0;
}
