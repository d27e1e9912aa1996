// The work of `evaluate`: rules and logs in, summary out, records out where asked.

import {
  type EvaluateOptions,
  evaluate,
  evaluateRecords,
  type LogInput,
  type RecordFilter,
} from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import { coreModule } from "../../node/core-module.js";
import {
  findLogs,
  type LogFile,
  logInput,
  parseFieldList,
  writeAtomically,
} from "../../node/index.js";
import { jsonText } from "../../report/json-text.js";
import { plainPaint } from "../../report/paint.js";
import { RecordWriter } from "../../report/record-writer.js";
import { summaryDocument } from "../../report/summary-json.js";
import { type RunCost, summaryText } from "../../report/summary-text.js";
import type { TextOptions } from "../../report/text-options.js";
import type { EvaluateFlags } from "../commands/evaluate.js";
import { EXIT_INPUT, EXIT_INTERRUPTED, EXIT_OK } from "../exit-code.js";
import { watchInterrupt } from "../interrupt.js";
import { loadRules } from "../load-rules.js";
import { startProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { splitInterfaceOptions } from "../values/interface-value.js";
import { openRecordsTarget, type RecordsTarget } from "./records-target.js";

function filterOf(flags: EvaluateFlags, interfaces: readonly string[]): RecordFilter | undefined {
  const filter: RecordFilter = {
    ...(flags.from === undefined ? {} : { from: flags.from }),
    ...(flags.to === undefined ? {} : { to: flags.to }),
    ...(interfaces.length === 0 ? {} : { interfaces }),
    ...(flags.group === undefined ? {} : { groups: flags.group }),
    ...(flags.vpc === undefined ? {} : { vpcs: flags.vpc }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

async function buildOptions(
  flags: EvaluateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<EvaluateOptions> {
  const interfaces = splitInterfaceOptions(flags.interface ?? []);
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
  const filter = filterOf(flags, interfaces.filter);
  return {
    core: await coreModule(),
    ruleSet: loaded.ruleSet,
    snapshotTakenAt: loaded.takenAt ?? null,
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
  target: RecordsTarget,
  inputs: readonly LogInput[],
  options: EvaluateOptions,
): Promise<Summary> {
  const writer = new RecordWriter(target.format);
  try {
    const batches = evaluateRecords(inputs, options);
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        await target.finish();
        return step.value;
      }
      await target.write(writer.write(step.value));
    }
  } catch (error) {
    await target.discard();
    throw error;
  }
}

/** Stdin can be read once, and records come in order from one thread alone. */
function usableJobs(flags: EvaluateFlags, files: readonly LogFile[], terminal: Terminal): number {
  if (flags.jobs === 1) return 1;
  let why: string | undefined;
  if (flags.records !== undefined) why = "--records needs a single thread";
  else if (files.some((file) => file.path === "-")) why = "stdin can be read only once";
  if (why === undefined) return flags.jobs;
  terminal.say(`note: ${why}; --jobs is ignored`);
  return 1;
}

async function judge(
  files: readonly LogFile[],
  flags: EvaluateFlags,
  options: EvaluateOptions,
  jobs: number,
  target: RecordsTarget | undefined,
): Promise<Summary> {
  const inputs = files.map((file) => logInput(file, options.signal));
  if (target !== undefined) return evaluateTo(target, inputs, options);
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
    flags.format === "json" ? jsonText(summaryDocument(summary)) : summaryText(summary, form, cost);
  if (flags.output !== undefined && flags.output !== "-")
    await writeAtomically(flags.output, render({ width: 100, paint: plainPaint }));
  else if (flags.records === "-") terminal.writeTalk(render(terminal.talk));
  else await terminal.write(render(terminal.text));
}

function exitCodeOf(summary: Summary): number {
  if (summary.partial) return EXIT_INTERRUPTED;
  return summary.coverage.brokenFiles.length > 0 ? EXIT_INPUT : EXIT_OK;
}

/** Runs `evaluate` and gives its exit code; what was refused is thrown. */
export async function runEvaluate(
  logs: readonly string[],
  flags: EvaluateFlags,
  terminal: Terminal,
): Promise<number> {
  const interrupt = watchInterrupt(terminal);
  const started = performance.now();
  const options = await buildOptions(flags, terminal, interrupt.signal);
  const files = await findLogs(logs, { ...(options.filter ?? {}) });
  const jobs = usableJobs(flags, files, terminal);
  const target =
    flags.records === undefined
      ? undefined
      : await openRecordsTarget(flags.records, flags.recordsFormat, terminal);
  const progress = startProgress(terminal, files);
  let summary: Summary;
  try {
    summary = await judge(files, flags, { ...options, onProgress: progress.update }, jobs, target);
  } finally {
    progress.end();
  }
  const cost: RunCost = {
    seconds: (performance.now() - started) / 1000,
    workers: jobs,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  await printSummary(summary, flags, terminal, cost);
  for (const broken of summary.coverage.brokenFiles)
    terminal.warn(`flowverdict: ${broken.name}: ${broken.message} (${broken.code})`);
  interrupt.dispose();
  return exitCodeOf(summary);
}
