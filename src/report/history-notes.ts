// What has to be known of rules that change while the log runs.

import type { LogNote } from "../analysis/summary.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Period } from "../model/timeline.js";
import type { DatedRules } from "../rules/index.js";
import { optionNote } from "./noted.js";
import { counted, timestamp } from "./quantity.js";

/** Ids named before the rest is counted. */
const SHOWN = 3;

export interface HistoryNote {
  readonly level: "note" | "warning";
  readonly message: string;
}

/** `rules`: in order of time, each a period of the history. */
export function historyNotes(
  rules: readonly DatedRules[],
  history: readonly Period[],
): readonly HistoryNote[] {
  const notes: HistoryNote[] = [];
  const { from: first } = history[0]!;
  if (first > 0)
    notes.push({
      level: "note",
      message: `no rules are given for the time before ${timestamp(first)}: those from then on are taken`,
    });
  history.forEach(({ from, ruleSet }, i) => {
    const lost =
      i === 0 || rules[i]!.isChange === true
        ? undefined
        : lostInterfaces(history[i - 1]!.ruleSet, ruleSet);
    if (lost !== undefined)
      notes.push({
        level: "warning",
        message: `${rules[i]!.name}: from ${timestamp(from)} on ${lost}`,
      });
  });
  return notes;
}

/** What the numbers of a rule mean where other rules held before. */
export function ledgerNotes(history: readonly Period[]): readonly LogNote[] {
  if (history.length === 1) return [];
  const message =
    "rules are those that hold last, with the connections that they admitted at their time; sole counts among these rules alone: " +
    "one that is gone, or that came later, may admit the same openers";
  return [optionNote("--rules", "usage-history", message)];
}

/** What is said of interfaces that one rule set holds and the next does not. */
function lostInterfaces(before: RuleSet, after: RuleSet): string | undefined {
  const lost = [...before.interfaces.keys()].filter((id) => !after.interfaces.has(id)).sort();
  if (lost.length === 0) return undefined;
  const more = lost.length > SHOWN ? ", ..." : "";
  const verb = lost.length === 1 ? "is" : "are";
  return (
    `${counted(lost.length, "interface")} of the rules before ${verb} gone (${lost.slice(0, SHOWN).join(", ")}${more}): ` +
    "their records are unknown, interface-not-in-snapshot"
  );
}
