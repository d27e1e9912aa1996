// Rules without which the group admits the same, and rules that one could replace: what `condenseGroup` would do.
import type { Group } from "../model/rule-set.js";
import { condenseGroup } from "./condense.js";
import type { Merge } from "./find-merges.js";
import type { Shadow } from "./find-shadows.js";
import { count, groupSubject, idsOf, type LintContext, listed } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { contentId, ruleWords } from "./rule-words.js";

/** Every finding can be followed at once: they do not contradict each other. O(rules²). */
export function redundancyFindings(group: Group, context: LintContext): LintFinding[] {
  const { dropped, merged } = condenseGroup(group, context.ruleSet, context.members);
  return [
    ...dropped.map((shadow) => shadowFinding(group, shadow)),
    ...merged.map((merge) => mergeFinding(group, merge)),
  ];
}

function shadowFinding(group: Group, { rule, by }: Shadow): LintFinding {
  const twin = by.length === 1 && contentId(by[0]!) === contentId(rule);
  const covers =
    by.length === 1
      ? `covered by ${ruleWords(by[0]!)}`
      : `covered by ${count(by.length, "rule")} together: ${listed(by.map(ruleWords))}`;
  return {
    code: twin ? "duplicate-rule" : "shadowed-rule",
    level: "warning",
    subject: groupSubject(group),
    ruleIds: [rule.id],
    relatedIds: idsOf(by),
    at: rule.at,
    message: twin ? `${ruleWords(rule)} stands twice` : `${ruleWords(rule)} is ${covers}`,
    advice: twin
      ? "Revoke one of them: nothing changes."
      : "Revoke it: nothing changes. If it was meant as a limit, the wider rule is the fault.",
  };
}

function mergeFinding(group: Group, { into, from }: Merge): LintFinding {
  return {
    code: "mergeable-rules",
    level: "note",
    subject: groupSubject(group),
    ruleIds: idsOf(from),
    relatedIds: [],
    at: from[0]!.at,
    message: `${count(from.length, "rule")} admit what one would: ${ruleWords(into)}`,
    advice: `Replace ${listed(from.map(ruleWords))}.`,
  };
}
