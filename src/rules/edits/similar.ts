// What the user may have meant: existing ids and names by edit distance, existing rules by agreeing criteria.
import { cidrContains } from "../../model/address.js";
import type { Peer, Rule } from "../../model/rule-set.js";
import { formatPlace } from "../json-place.js";
import { formatPeer } from "../rule-draft.js";
import { formatRuleWords } from "../write/edit-line.js";
import type { RuleEdit } from "./edit.js";

/** How many are shown. */
const SHOWN = 3;
/** Words longer than this are compared by their beginnings. */
const COMPARED = 64;

/** The nearest of the names, best first; none that differs in more than half of its characters. */
export function similarNames(wanted: string, names: Iterable<string>): readonly string[] {
  const text = wanted.slice(0, COMPARED);
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = editDistance(text, name.slice(0, COMPARED));
    if (distance * 2 <= text.length) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, SHOWN).map(({ name }) => name);
}

/** Levenshtein distance. O(a × b). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}

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
