// The work of `evaluate`: rules and logs in, summary out, records out where asked.

import { stat } from "node:fs/promises";
import {
  type EvaluateOptions,
  evaluate,
  evaluateRecords,
  type LogInput,
} from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import { parseFieldList } from "../../logs/index.js";
import { coreModule } from "../../node/core-module.js";
import { type LogFile, writeAtomically } from "../../node/index.js";
import { logInput } from "../../node/log-input.js";
import { plainPaint } from "../../report/paint.js";
import { RecordWriter } from "../../report/record-writer.js";
import type { RecordsFormat } from "../../report/records-format.js";
import { renderReport } from "../../report/report.js";
import type { RunCost } from "../../report/report-ground.js";
import { summaryReport } from "../../report/summary-report.js";
import type { TextOptions } from "../../report/text-options.js";
import type { EvaluateFlags } from "../commands/evaluate.js";
import { EXIT_INPUT, EXIT_INTERRUPTED, EXIT_OK } from "../exit-code.js";
import { describeFailure } from "../failure.js";
import { type FoundLogs, findInputs } from "../find-inputs.js";
import { watchInterrupt } from "../interrupt.js";
import { loadRules, refuseSharedStdin } from "../load-rules.js";
import { shareOfFiles, startProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { splitInterfaceOptions } from "../values/interface-value.js";
import { filterOf, strangersOf } from "./record-filter.js";
import { recordsFormat, writeRecords } from "./records-target.js";
import { refuseOverwrite } from "./refuse-overwrite.js";

async function buildOptions(
  flags: EvaluateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<EvaluateOptions> {
  const interfaces = splitInterfaceOptions(flags.interface ?? []);
  const filter = filterOf(flags, interfaces.filter);
  const fieldList = flags.fields === undefined ? undefined : parseFieldList(flags.fields);
  for (const warning of fieldList?.warnings ?? []) terminal.say(`warning: --fields: ${warning}`);
  const loaded = await loadRules(
    {
      paths: flags.rules,
      interfaces: interfaces.definitions,
      attach: flags.attach ?? [],
      snapshotComplete: flags.snapshotComplete === true,
    },
    terminal,
  );
  for (const stranger of filter === undefined ? [] : strangersOf(filter, loaded.ruleSet))
    terminal.say(`warning: ${stranger}`);
  return {
    core: await coreModule(),
    ruleSet: loaded.ruleSet,
    snapshotTakenAt: loaded.takenAt ?? loaded.notBefore ?? null,
    strict: flags.strict === true,
    signal,
    ...(flags.timeout === undefined ? {} : { timers: flags.timeout }),
    ...(flags.maxConnections === undefined ? {} : { maxConnections: flags.maxConnections }),
    ...(fieldList === undefined ? {} : { fields: fieldList.fields }),
    ...(filter === undefined ? {} : { filter }),
  };
}

/** Judges in this thread and writes every record on the way. */
async function evaluateTo(
  path: string,
  format: RecordsFormat,
  inputs: readonly LogInput[],
  options: EvaluateOptions,
  terminal: Terminal,
): Promise<Summary> {
  const writer = new RecordWriter(format);
  let summary: Summary | undefined;
  await writeRecords(path, terminal, async (write) => {
    const batches = evaluateRecords(inputs, options);
    let step = await batches.next();
    while (step.done !== true) {
      await write(writer.write(step.value));
      step = await batches.next();
    }
    summary = step.value;
  });
  if (summary === undefined) throw new Error("the records were written without a summary");
  return summary;
}

/** Whether the input is gone once it was read: stdin, a pipe. */
async function isReadOnce(file: LogFile): Promise<boolean> {
  if (file.size > 0) return false;
  return file.path === "-" || !(await stat(file.path)).isFile();
}

/** Stdin and pipes can be read once, and records come in order from one thread alone. */
async function usableJobs(
  flags: EvaluateFlags,
  files: readonly LogFile[],
  terminal: Terminal,
): Promise<number> {
  if (flags.jobs === 1) return 1;
  const once = await Promise.all(files.map(isReadOnce));
  let why: string | undefined;
  if (flags.records !== undefined) why = "--records needs a single thread";
  else if (once.includes(true)) why = "stdin and pipes can be read only once";
  if (why === undefined) return flags.jobs;
  terminal.say(`note: ${why}; --jobs is ignored`);
  return 1;
}

async function judge(
  files: readonly LogFile[],
  flags: EvaluateFlags,
  options: EvaluateOptions,
  jobs: number,
  terminal: Terminal,
): Promise<Summary> {
  const inputs = files.map((file) => logInput(file, options.signal));
  if (flags.records !== undefined) {
    const format = recordsFormat(flags.records, flags.recordsFormat);
    return evaluateTo(flags.records, format, inputs, options, terminal);
  }
  if (jobs === 1) return evaluate(inputs, options);
  const { evaluateInJobs } = await import("../../node/jobs.js");
  return evaluateInJobs(files, { ...options, jobs });
}

async function printSummary(
  summary: Summary,
  flags: EvaluateFlags,
  terminal: Terminal,
  cost: RunCost,
): Promise<void> {
  const render = (form: TextOptions): string =>
    renderReport(summaryReport(summary, cost), flags.format, form);
  if (flags.output !== undefined && flags.output !== "-")
    await writeAtomically(flags.output, render({ width: 100, paint: plainPaint }));
  else if (flags.records === "-") terminal.writeTalk(render(terminal.talk));
  else await terminal.write(render(terminal.text));
}

/** Says last, where it is seen, what could not be read. */
function tellUnread(summary: Summary, found: FoundLogs, terminal: Terminal): void {
  for (const error of found.missing) terminal.writeTalk(describeFailure(error).text);
  for (const { name, message, code } of summary.coverage.brokenFiles)
    terminal.warn(
      `flowverdict: ${message.startsWith(name) ? "" : `${name}: `}${message} (${code})`,
    );
}

function exitCodeOf(summary: Summary, found: FoundLogs): number {
  if (summary.partial) return EXIT_INTERRUPTED;
  const complete = summary.coverage.brokenFiles.length === 0 && found.missing.length === 0;
  return complete ? EXIT_OK : EXIT_INPUT;
}

/** Runs `evaluate` and gives its exit code; what was refused is thrown. */
export async function runEvaluate(
  logs: readonly string[],
  flags: EvaluateFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(logs, flags.rules);
  // A name without a format is told before the hours of work, not after.
  if (flags.records !== undefined) recordsFormat(flags.records, flags.recordsFormat);
  const interrupt = watchInterrupt(terminal);
  const started = performance.now();
  const options = await buildOptions(flags, terminal, interrupt.signal);
  const found = await findInputs(logs, options.filter ?? {}, terminal);
  const { files } = found;
  await refuseOverwrite(flags, files);
  const jobs = await usableJobs(flags, files, terminal);
  const progress = startProgress(terminal, shareOfFiles(files));
  let summary: Summary;
  try {
    summary = await judge(
      files,
      flags,
      { ...options, onProgress: progress.update },
      jobs,
      terminal,
    );
  } finally {
    progress.end();
  }
  // Also where the signal came too late to be noticed by who reads.
  if (options.signal?.aborted === true) summary = { ...summary, partial: true };
  const cost: RunCost = {
    seconds: (performance.now() - started) / 1000,
    workers: jobs,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  await printSummary(summary, flags, terminal, cost);
  tellUnread(summary, found, terminal);
  interrupt.dispose();
  return exitCodeOf(summary, found);
}
