// One pass over the logs for the commands that ask more than verdicts.

import { setImmediate } from "node:timers/promises";
import { type Survey, type SurveyOptions, survey, surveyRecords } from "../../analysis/index.js";
import type { Timeline } from "../../model/timeline.js";
import { DEFAULT_TIMERS, type Timers } from "../../model/timers.js";
import { logInputs } from "../../node/log-input.js";
import { splitSummaries } from "../../node/summary-files.js";
import { ruleNotes, withNotes } from "../../report/noted.js";
import { counted, grouped } from "../../report/quantity.js";
import type { RunCost } from "../../report/report-ground.js";
import { type FoundLogs, findInputs, wantedFiles } from "../find-inputs.js";
import { type Interrupt, watchInterrupt } from "../interrupt.js";
import { shareOfFiles, startProgress } from "../progress.js";
import { recordOutputs, refuseIdleWhere } from "../records/record-outputs.js";
import { prepareSelection } from "../records/selection.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import type { Terminal } from "../terminal.js";
import { judgingOptions } from "./judging-options.js";
import type { LoadedTimeline } from "./load-timeline.js";
import type { OutputFlags } from "./output-options.js";
import { reportForm, type Sources } from "./report-file.js";
import type { SurveyFlags } from "./survey-options.js";
import { surveyStored } from "./survey-stored.js";

/** What a command asks of the pass, beside what its flags say. */
export interface SurveyWanted {
  readonly baseline: LoadedTimeline;
  /** At most seven. */
  readonly candidates?: readonly Timeline[];
  /** Unix second at which the candidates replace the baseline; absent = they held all the time. */
  readonly cutOverAt?: number;
  readonly openers: SurveyOptions["openers"];
  /** Paths of rules beside the baseline's: no output may overwrite them. */
  readonly otherRules?: readonly string[];
  /** Ctrl-C of a command with several passes, which ends with the last one; by default each pass has its own. */
  readonly interrupt?: Interrupt;
}

export interface SurveyRun {
  readonly survey: Survey;
  readonly found: FoundLogs;
  /** What the answer rests on. */
  readonly sources: Sources;
  readonly cost: RunCost;
  /** Idle timers it was judged with. */
  readonly timers: Timers;
}

/**
 * Finds the logs, judges them in this thread with progress and Ctrl-C, and writes every record where `--records` asks
 * for it. A log that breaks or is missing is told by `concludeRun`; what was refused is thrown.
 */
export async function runSurvey(
  logs: readonly string[],
  flags: SurveyFlags & OutputFlags,
  wanted: SurveyWanted,
  terminal: Terminal,
): Promise<SurveyRun> {
  // A name without a format is told before the hours of work, not after.
  recordOutputs(flags, terminal);
  if (flags.report !== undefined) reportForm(flags.report);
  refuseIdleWhere(flags);
  const interrupt = wanted.interrupt ?? watchInterrupt(terminal);
  const started = performance.now();
  const { baseline, candidates = [], cutOverAt, openers, otherRules = [] } = wanted;
  const judging = await judgingOptions(flags, baseline, terminal, interrupt.signal);
  const found = await findInputs(logs, wantedFiles(flags, judging.filter), terminal);
  const { records, output, report } = flags;
  const sources: Sources = { rules: [...baseline.paths, ...otherRules], logs: found.files };
  await refuseOverwrite({ rules: sources.rules, records, output, report }, found.files);
  const given = await splitSummaries(found.files);
  const inputs = logInputs(given.logs, interrupt.signal);
  const { fields } = judging;
  const run = { inputs, fields, baseline: baseline.timeline, candidates: candidates.length };
  const selection =
    given.summaries.length > 0 ? undefined : await prepareSelection(flags, run, terminal);
  const progress = startProgress(terminal, shareOfFiles(found.files));
  const options: SurveyOptions = {
    ...judging,
    baseline: baseline.timeline,
    candidates,
    openers,
    filesOutsideTime: found.leftOut,
    onProgress: progress.update,
    ...(cutOverAt === undefined ? {} : { cutOverAt }),
  };
  let answer: Survey;
  try {
    if (given.summaries.length > 0)
      answer = await surveyStored(given.summaries, inputs, options, records);
    else if (selection === undefined) answer = await survey(inputs, options);
    else {
      const { passRecords } = await import("../records/pass-records.js");
      answer = await passRecords(surveyRecords(inputs, options), selection.wanted, terminal);
    }
    // A signal that came while this thread was busy is told only now.
    await setImmediate();
  } finally {
    progress.end();
    if (wanted.interrupt === undefined) interrupt.dispose();
  }
  const warnings = baseline.loaded.flatMap((each) => each.warnings);
  const summary = withNotes(answer.summary, ruleNotes(warnings));
  // Also where the signal came too late to be noticed by who reads.
  const partial = summary.partial || interrupt.signal.aborted;
  answer = { ...answer, summary: { ...summary, partial } };
  const told = selection?.told();
  if (told !== undefined)
    terminal.say(
      `note: ${grouped(told.records)} of ${counted(answer.summary.records.judged, "record")} passed --where; the answer speaks of all`,
    );
  const cost: RunCost = {
    seconds: (performance.now() - started) / 1000,
    workers: 1,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  return { survey: answer, found, sources, cost, timers: judging.timers ?? DEFAULT_TIMERS };
}
