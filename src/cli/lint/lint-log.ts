// What a log says of the rules that lint finds fault with.

import { FlowError } from "../../errors.js";
import { usageOf } from "../../questions/index.js";
import type { RuleTraffic } from "../../report/lint-found.js";
import type { Ground } from "../../report/report-ground.js";
import type { LintFlags } from "../commands/lint.js";
import { type LoadedTimeline, latestRules } from "../survey/load-timeline.js";
import { runSurvey, type SurveyRun } from "../survey/run-survey.js";
import type { Terminal } from "../terminal.js";
import { splitInterfaceOptions } from "../values/interface-value.js";

/** What the log adds to the findings. */
export interface LintLog {
  readonly run: SurveyRun;
  readonly traffic: ReadonlyMap<string, RuleTraffic>;
  readonly ground: Ground;
}

/** Options that choose or shape records, by their flags. */
const LOG_OPTIONS: readonly (readonly [keyof LintFlags, string])[] = [
  ["from", "--from"],
  ["to", "--to"],
  ["group", "--group"],
  ["vpc", "--vpc"],
  ["partition", "--partition"],
  ["fields", "--fields"],
  ["strict", "--strict"],
  ["timeout", "--timeout"],
  ["maxConnections", "--max-connections"],
];

/** Throws where an option speaks of records and there is no log to read them from. */
export function refuseLogOptions(flags: LintFlags): void {
  const named = LOG_OPTIONS.find(([flag]) => flags[flag] !== undefined)?.[1];
  const [filter] = splitInterfaceOptions(flags.interface ?? []).filter;
  const option = named ?? (filter === undefined ? undefined : `--interface ${filter}`);
  if (option === undefined) return;
  throw new FlowError("lint-without-log", `${option} chooses records, and no log is given`, {
    hint: "name logs first: flowverdict lint LOGS --rules ...; rules of an interface are --interface eni-1=sg-a",
  });
}

/** Judges the logs and joins what every rule of the latest rules admitted. */
export async function lintLog(
  logs: readonly string[],
  flags: LintFlags,
  baseline: LoadedTimeline,
  terminal: Terminal,
): Promise<LintLog> {
  const run = await runSurvey(logs, flags, { baseline, openers: "all" }, terminal);
  const { openers, openersDropped, summary } = run.survey;
  const { rules } = usageOf(openers, latestRules(baseline.timeline), summary);
  const traffic = new Map(
    rules.map((rule): [string, RuleTraffic] => {
      const { id, connections, soleConnections, records, bytes, peers, first, last } = rule;
      const openedBy = { openers: connections, soleOpeners: soleConnections };
      return [id, { ...openedBy, records, bytes, peers: peers.distinct, first, last }];
    }),
  );
  return { run, traffic, ground: { summary, openersDropped } };
}
