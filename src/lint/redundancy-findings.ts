// Rules without which the group admits the same, and rules that one could replace: what `condenseGroup` would do.
import type { Group } from "../model/rule-set.js";
import { condenseGroup } from "./condense.js";
import { coveredReferenceFindings } from "./covered-findings.js";
import type { Merge } from "./find-merges.js";
import type { Shadow } from "./find-shadows.js";
import { count, groupSubject, idsOf, type LintContext, listed } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { contentId, ruleWords, undirectedWords } from "./rule-words.js";

/** Every finding can be followed at once: they do not contradict each other. O(rules²). */
export function redundancyFindings(group: Group, context: LintContext): LintFinding[] {
  const { dropped, merged } = condenseGroup(group, context.ruleSet, context.members);
  const byCover = new Map<string, Shadow[]>();
  for (const shadow of dropped) {
    const key = `${isTwin(shadow)} ${idsOf(shadow.by).join(" ")}`;
    const known = byCover.get(key);
    if (known === undefined) byCover.set(key, [shadow]);
    else known.push(shadow);
  }
  return [
    ...Array.from(byCover.values(), (shadows) => shadowFinding(group, shadows)),
    ...merged.map((merge) => mergeFinding(group, merge)),
    ...coveredReferenceFindings(group, context, new Set(dropped.map(({ rule }) => rule))),
  ];
}

function isTwin({ rule, by }: Shadow): boolean {
  return by.length === 1 && contentId(by[0]!) === contentId(rule);
}

/** Rules that the same rules cover, as one finding: the covering rule is the one to look at. */
function shadowFinding(group: Group, shadows: readonly Shadow[]): LintFinding {
  const [{ rule: first, by }] = shadows as readonly [Shadow, ...Shadow[]];
  const rules = shadows.map(({ rule }) => rule);
  const found = {
    subject: groupSubject(group),
    ruleIds: idsOf(rules),
    relatedIds: idsOf(by),
    at: first.at,
    level: "warning",
  } as const;
  if (isTwin(shadows[0]!))
    return {
      ...found,
      code: "duplicate-rule",
      message: `${ruleWords(first)} stands ${rules.length === 1 ? "twice" : `${rules.length + 1} times`}`,
      advice: "Revoke all but one: nothing changes.",
    };
  const cover = listed(by.map(undirectedWords));
  const covers =
    by.length === 1 ? `covered by ${cover}` : `covered by ${by.length} rules together: ${cover}`;
  const message =
    rules.length === 1
      ? `${ruleWords(first)} is ${covers}`
      : `${rules.length} ${first.direction} rules are ${covers}; they are ${listed(rules.map(undirectedWords))}`;
  return {
    ...found,
    code: "shadowed-rule",
    message,
    advice: `Revoke ${rules.length === 1 ? "it" : "them"}: nothing changes. If ${rules.length === 1 ? "it was" : "they were"} meant as a limit, the wider rule is the fault.`,
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
    advice: `It replaces ${listed(from.map(undirectedWords))}.`,
  };
}
