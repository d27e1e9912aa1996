import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Period, type Timeline } from "../../src/model/timeline.js";

/** A period of an expected.json: the documents of its rule set, and since when it holds (0 where left out). */
export interface ExpectedPeriod {
  readonly from?: number;
  readonly rules: readonly string[];
}

/** Timelines by name, the baseline first; left out: one of all documents, called `baseline`. */
export type ExpectedTimelines = Readonly<Record<string, readonly ExpectedPeriod[]>>;

/** The timelines of a case. Periods of the same documents share their rule set, as those of a cut-over do. */
export function readTimelines(
  expected: ExpectedTimelines | undefined,
  load: (documents: readonly string[] | undefined) => RuleSet,
): readonly Timeline[] {
  if (expected === undefined) return [always("baseline", load(undefined))];
  const loaded = new Map<string, RuleSet>();
  const ruleSetOf = (rules: readonly string[]): RuleSet => {
    const known = loaded.get(rules.join()) ?? load(rules);
    loaded.set(rules.join(), known);
    return known;
  };
  return Object.entries(expected).map(([name, periods]) => ({
    name,
    periods: periods.map(({ from = 0, rules }): Period => ({ from, ruleSet: ruleSetOf(rules) })),
  }));
}
