// The work of `evaluate`: rules and logs in, summary out, records out where asked.

import { stat } from "node:fs/promises";
import {
  type EvaluateOptions,
  evaluate,
  evaluateRecords,
  type LogInput,
} from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import { FlowError } from "../../errors.js";
import { coreModule } from "../../node/core-module.js";
import type { LogFile } from "../../node/index.js";
import type { Jobs } from "../../node/jobs.js";
import { logInputs } from "../../node/log-input.js";
import { isS3 } from "../../node/s3/s3-place.js";
import type { RunCost } from "../../report/report-ground.js";
import { summaryReport } from "../../report/summary-report.js";
import type { KeptRun } from "../checkpoint/kept-run.js";
import type { EvaluateFlags } from "../commands/evaluate.js";
import { findInputs, wantedFiles } from "../find-inputs.js";
import { watchInterrupt } from "../interrupt.js";
import { refuseSharedStdin } from "../load-rules.js";
import { shareOfFiles, startProgress } from "../progress.js";
import type { RecordsWanted } from "../records/pass-records.js";
import { isSelecting, recordOutputs, recordsArePiped } from "../records/record-outputs.js";
import { prepareSelection } from "../records/selection.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { judgingOptions, loadBaseline } from "../survey/judging-options.js";
import { reportForm } from "../survey/report-file.js";
import type { Terminal } from "../terminal.js";

/** Whether the input is gone once it was read: stdin, a pipe. */
async function isReadOnce(file: LogFile): Promise<boolean> {
  if (file.size > 0 || isS3(file.path)) return false;
  return file.path === "-" || !(await stat(file.path)).isFile();
}

/** Stdin and pipes can be read once, and records come in order from one thread alone. */
async function usableJobs(
  jobs: Jobs | undefined,
  flags: EvaluateFlags,
  files: readonly LogFile[],
  terminal: Terminal,
): Promise<Jobs | undefined> {
  if (flags.jobs === 1) return undefined;
  const once = await Promise.all(files.map(isReadOnce));
  let why: string | undefined;
  if (flags.checkpoint !== undefined) why = "with --checkpoint a single thread judges";
  else if (isSelecting(flags)) why = "records come in order from a single thread";
  else if (once.includes(true)) why = "stdin and pipes can be read only once";
  if (why === undefined) return jobs;
  terminal.say(`note: ${why}; --jobs is ignored`);
  await jobs?.end();
  return undefined;
}

/** The threads of `--jobs`, which load the program while this one reads the rules; none where they are of no use. */
async function startJobs(flags: EvaluateFlags): Promise<Jobs | undefined> {
  if (flags.jobs === 1 || flags.checkpoint !== undefined || isSelecting(flags)) return undefined;
  const { Jobs } = await import("../../node/jobs.js");
  return new Jobs(flags.jobs);
}

async function judge(
  files: readonly LogFile[],
  inputs: readonly LogInput[],
  records: RecordsWanted | undefined,
  options: EvaluateOptions,
  jobs: Jobs | undefined,
  terminal: Terminal,
): Promise<Summary> {
  if (records !== undefined) {
    const { passRecords } = await import("../records/pass-records.js");
    return passRecords(evaluateRecords(inputs, options), records, terminal);
  }
  return jobs === undefined ? evaluate(inputs, options) : jobs.evaluate(files, options);
}

/** Logs of a pipe, where none are named. Throws where a person would have to type them, and where `--rules` may have taken them. */
function pipedLogs(rules: readonly string[]): readonly string[] {
  if (rules.length > 1)
    throw new FlowError(
      "no-such-input",
      `no logs are named: --rules has all of ${rules.join(", ")}`,
      {
        hint: "--rules takes values up to the next option; put LOGS first, or after --, or - for stdin",
      },
    );
  if (process.stdin.isTTY !== true) return ["-"];
  throw new FlowError("no-such-input", "no logs are named, and none come in by a pipe", {
    hint: "give files, folders, quoted globs such as 'logs/**/*.gz' or s3://bucket/prefix",
  });
}

/** What `--checkpoint` asks for; nothing where it is not given. */
async function keptRun(
  flags: EvaluateFlags,
  files: readonly LogFile[],
  terminal: Terminal,
): Promise<{ readonly kept: KeptRun; readonly core: WebAssembly.Module } | undefined> {
  if (flags.checkpoint === undefined) return undefined;
  const [{ KeptRun, refuseUnkeepable }, { identityOf }, { keepableCore }] = await Promise.all([
    import("../checkpoint/kept-run.js"),
    import("../checkpoint/run-identity.js"),
    import("../../node/core-module.js"),
  ]);
  const outputs = recordOutputs(flags, terminal);
  refuseUnkeepable(outputs, flags.top !== undefined);
  const { module, digest } = await keepableCore();
  const identity = await identityOf(digest, flags, files);
  const { checkpoint, checkpointEvery } = flags;
  const kept = await KeptRun.open(checkpoint, identity, outputs, checkpointEvery, terminal);
  return { kept, core: module };
}

/** Runs `evaluate` and gives its exit code; what was refused is thrown. */
export async function runEvaluate(
  named: readonly string[],
  flags: EvaluateFlags,
  terminal: Terminal,
): Promise<number> {
  const logs = named.length > 0 ? named : pipedLogs(flags.rules);
  refuseSharedStdin(logs, flags.rules);
  // A name without a format is told before the hours of work, not after.
  recordOutputs(flags, terminal);
  if (flags.report !== undefined) reportForm(flags.report);
  const interrupt = watchInterrupt(terminal);
  const started = performance.now();
  const threads = await startJobs(flags);
  // Compiles beside the reading of the rules. A core that is missing is told when it is asked for.
  coreModule().catch(() => {});
  const baseline = await loadBaseline(flags, terminal);
  const [first, ...later] = baseline.timeline.periods;
  const options: EvaluateOptions = {
    ...(await judgingOptions(flags, baseline, terminal, interrupt.signal)),
    ruleSet: first!.ruleSet,
    later,
  };
  const found = await findInputs(logs, wantedFiles(flags, options.filter), terminal);
  const { files } = found;
  await refuseOverwrite({ ...flags, rules: baseline.paths }, files);
  const inputs = logInputs(files, options.signal);
  const selection = await prepareSelection(
    flags,
    { inputs, fields: options.fields, baseline: baseline.timeline, candidates: 0 },
    terminal,
  );
  const keeping = await keptRun(flags, files, terminal);
  if (keeping !== undefined && selection !== undefined) keeping.kept.keepCounts(selection.counts);
  const wanted =
    keeping === undefined || selection === undefined
      ? selection?.wanted
      : { ...selection.wanted, openOutput: (path: string) => keeping.kept.openOutput(path) };
  const jobs = await usableJobs(threads, flags, files, terminal);
  const progress = startProgress(terminal, shareOfFiles(files));
  let summary: Summary;
  try {
    summary = await judge(
      files,
      inputs,
      wanted,
      {
        ...options,
        ...(keeping === undefined
          ? {}
          : { core: keeping.core, checkpoints: keeping.kept.checkpoints }),
        filesOutsideTime: found.leftOut,
        onProgress: progress.update,
      },
      jobs,
      terminal,
    );
  } finally {
    progress.end();
  }
  // Also where the signal came too late to be noticed by who reads.
  if (options.signal?.aborted === true) summary = { ...summary, partial: true };
  if (summary.partial) await keeping?.kept.leave();
  else await keeping?.kept.finish();
  const cost: RunCost = {
    seconds: (performance.now() - started) / 1000,
    workers: jobs === undefined ? 1 : flags.jobs,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  const report = summaryReport(summary, { cost, selection: selection?.told() });
  await writeReport(report, { ...flags, piped: recordsArePiped(flags) }, terminal, {
    rules: baseline.paths,
    logs: files,
  });
  if (!summary.partial) await keeping?.kept.remove();
  else if (keeping !== undefined)
    terminal.say(`note: the same command goes on from ${flags.checkpoint}`);
  interrupt.dispose();
  return concludeRun(summary, found, terminal);
}
