// Rules of the command line, each path with its time where it has one → what judges a log.

import type { RuleSet } from "../../model/rule-set.js";
import type { Timeline } from "../../model/timeline.js";
import { kindOfPath } from "../../node/path-kind.js";
import { historyNotes } from "../../report/history-notes.js";
import {
  changesOnly,
  type DatedPath,
  type DatedRules,
  historyOf,
  type LoadedRules,
  splitDatedPath,
} from "../../rules/index.js";
import { loadDatedRules, type RuleSources } from "../load-rules.js";
import type { Terminal } from "../terminal.js";
import { shortNames } from "./short-names.js";

export interface LoadedTimeline {
  readonly timeline: Timeline;
  /** What was loaded, in order of time. */
  readonly loaded: readonly LoadedRules[];
  /** Every path, without its time. */
  readonly paths: readonly string[];
}

/** Names said before the rest is counted. */
const SHOWN = 3;

/**
 * Paths of one time make one rule set; several times make a history (semantics 6.5), of which the rule sets that change something are kept. `--interface` completes the first
 * rule set and those that describe interfaces themselves; the others have the interfaces of the one before.
 */
export async function loadTimeline(
  sources: RuleSources,
  terminal: Terminal,
): Promise<LoadedTimeline> {
  const dated = await Promise.all(sources.paths.map(readDatedPath));
  const times = [...new Set(dated.map(({ from }) => from))].sort((a, b) => a - b);
  const rules: DatedRules[] = [];
  for (const [i, from] of times.entries()) {
    const paths = dated.filter((each) => each.from === from).map(({ path }) => path);
    const until = times[i + 1];
    const when = {
      name: nameOfPaths(paths),
      from,
      ...(until === undefined ? {} : { until }),
    };
    rules.push(...(await loadPeriod({ ...sources, paths }, when, rules.length === 0, terminal)));
  }
  const history = historyOf(rules);
  for (const { level, message } of historyNotes(rules, history))
    terminal.say(`${level}: ${message}`);
  return {
    timeline: { name: nameOfPaths(sources.paths), periods: changesOnly(history) },
    loaded: rules.map(({ loaded }) => loaded),
    paths: dated.map(({ path }) => path),
  };
}

/** A name such as `rules@2024-12-14` may also be that of a file. */
async function readDatedPath(text: string): Promise<DatedPath> {
  const dated = splitDatedPath(text);
  if (dated.path === text || (await kindOfPath(dated.path)) !== "none") return dated;
  return (await kindOfPath(text)) === "none" ? dated : { path: text, from: 0 };
}

async function loadPeriod(
  sources: RuleSources,
  when: { readonly name: string; readonly from: number; readonly until?: number },
  isFirst: boolean,
  terminal: Terminal,
): Promise<readonly DatedRules[]> {
  if (isFirst || sources.interfaces.length === 0) return loadDatedRules(sources, when, terminal);
  const own = await loadDatedRules({ ...sources, interfaces: [] }, when, terminal);
  return own.every(({ loaded }) => loaded.ruleSet.interfaces.size === 0)
    ? own
    : loadDatedRules(sources, when, terminal);
}

/** The rule set that holds last. */
export function latestRules({ periods }: Timeline): RuleSet {
  return periods.at(-1)!.ruleSet;
}

/** When the latest rules were fetched, Unix seconds; null where no document tells. */
export function takenAtOf({ loaded }: LoadedTimeline): number | null {
  const latest = loaded.at(-1);
  return latest?.takenAt ?? latest?.notBefore ?? null;
}

/** Paths in a few words. */
function nameOfPaths(paths: readonly string[]): string {
  const names = shortNames(paths);
  if (names.length <= SHOWN) return names.join(", ");
  return `${names.slice(0, SHOWN - 1).join(", ")} and ${names.length - SHOWN + 1} more`;
}
