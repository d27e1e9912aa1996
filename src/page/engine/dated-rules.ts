// Rule documents with the times from which they hold, as `--rules PATH@TIME` takes them: a name that ends in @TIME, or
// lies in a folder whose name does.

import type { RuleSet } from "../../model/rule-set.js";
import type { Period } from "../../model/timeline.js";
import { historyNotes } from "../../report/history-notes.js";
import {
  changesOnly,
  type DatedRules,
  historyOf,
  type LoadedRules,
  loadHistory,
  type RuleDocument,
  splitDatedPath,
} from "../../rules/index.js";

export interface RulesOverTime {
  /** The rules that hold last, with what is told of all documents. */
  readonly loaded: LoadedRules;
  /** In order of time; one where the rules never change. */
  readonly periods: readonly [Period, ...Period[]];
  readonly notes: readonly string[];
}

/** Without its time, and the Unix second that it holds from; 0 = always. */
export function datedName(name: string): { readonly path: string; readonly from: number } {
  for (let end = name.indexOf("/"); ; end = name.indexOf("/", end + 1)) {
    const part = end < 0 ? name : name.slice(0, end);
    const { path, from } = splitDatedPath(part);
    if (path !== part) return { path: path + name.slice(part.length), from };
    if (end < 0) return { path: name, from: 0 };
  }
}

/** Throws a FlowError where the command line would. */
export function rulesOverTime(documents: readonly RuleDocument[]): RulesOverTime {
  const byTime = new Map<number, RuleDocument[]>([[0, []]]);
  for (const document of documents) {
    const { from } = datedName(document.name);
    byTime.set(from, [...(byTime.get(from) ?? []), document]);
  }
  if (byTime.size > 1 && byTime.get(0)!.length === 0) byTime.delete(0);
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const rules = times.flatMap((from, i): readonly DatedRules[] => {
    const until = times[i + 1];
    const own = byTime.get(from)!;
    const name = own[0]?.name ?? "";
    return loadHistory({ name, from, ...(until === undefined ? {} : { until }) }, own, {});
  });
  const history = historyOf(rules);
  const [first, ...later] = changesOnly(history);
  return {
    loaded: together(rules, history.at(-1)!.ruleSet),
    periods: [first!, ...later],
    notes: historyNotes(rules, history).map(({ message }) => message),
  };
}

function together(rules: readonly DatedRules[], ruleSet: RuleSet): LoadedRules {
  const [only] = rules;
  if (rules.length === 1) return only!.loaded;
  const seen = new Set<string>();
  return {
    ...rules.at(-1)!.loaded,
    ruleSet,
    documents: rules.flatMap(({ loaded }) => loaded.documents),
    warnings: rules
      .flatMap(({ loaded }) => loaded.warnings)
      .filter(({ at, code }) => !seen.has(`${at} ${code}`) && seen.add(`${at} ${code}`)),
  };
}
