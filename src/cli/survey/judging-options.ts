import type { EvaluateOptions } from "../../analysis/index.js";
import { parseFieldList } from "../../logs/index.js";
import { coreModule } from "../../node/core-module.js";
import { filterOf, strangersOf } from "../evaluate/record-filter.js";
import type { RuleSources } from "../load-rules.js";
import type { Terminal } from "../terminal.js";
import { splitInterfaceOptions } from "../values/interface-value.js";
import { type LoadedTimeline, loadTimeline, takenAtOf } from "./load-timeline.js";
import type { SurveyFlags } from "./survey-options.js";

/** Everything that judging takes from the command line beside the rules. */
export type JudgingOptions = Omit<EvaluateOptions, "ruleSet" | "later" | "shard" | "onProgress">;

/** The rule sources of a command with logs: `--interface` with `=` adds rule data. */
export function ruleSources(flags: SurveyFlags): RuleSources {
  return {
    paths: flags.rules,
    interfaces: splitInterfaceOptions(flags.interface ?? []).definitions,
    attach: flags.attach ?? [],
    snapshotComplete: flags.snapshotComplete === true,
    parameters: flags.parameters ?? [],
  };
}

/** Loads `--rules` with what completes them. */
export function loadBaseline(flags: SurveyFlags, terminal: Terminal): Promise<LoadedTimeline> {
  return loadTimeline(ruleSources(flags), terminal);
}

/** Says what a filter names in vain. Throws where the options contradict each other. */
export async function judgingOptions(
  flags: SurveyFlags,
  baseline: LoadedTimeline,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<JudgingOptions> {
  const filter = filterOf(flags, splitInterfaceOptions(flags.interface ?? []).filter);
  const fieldList = flags.fields === undefined ? undefined : parseFieldList(flags.fields);
  for (const warning of fieldList?.warnings ?? []) terminal.say(`warning: --fields: ${warning}`);
  if (filter !== undefined) {
    const [first, ...rest] = baseline.timeline.periods.map(({ ruleSet }) =>
      strangersOf(filter, ruleSet),
    );
    for (const stranger of first ?? [])
      if (rest.every((others) => others.includes(stranger))) terminal.say(`warning: ${stranger}`);
  }
  return {
    core: await coreModule(),
    snapshotTakenAt: takenAtOf(baseline),
    strict: flags.strict === true,
    signal,
    ...(flags.timeout === undefined ? {} : { timers: flags.timeout }),
    ...(flags.maxConnections === undefined ? {} : { maxConnections: flags.maxConnections }),
    ...(fieldList === undefined ? {} : { fields: fieldList.fields }),
    ...(filter === undefined ? {} : { filter }),
  };
}
