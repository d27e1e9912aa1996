// The work of `why`: one record, its context, the reference evaluator's account of it; or a flow that nobody saw.

import { resolve } from "node:path";
import { FlowError } from "../../errors.js";
import { evidenceFor, logRecords, type NearestRecords } from "../../inspect/index.js";
import { parseFieldList } from "../../logs/index.js";
import type { FlowRecord } from "../../model/record.js";
import type { Timeline } from "../../model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../model/timers.js";
import { findLogs, type LogFile } from "../../node/index.js";
import { logInput } from "../../node/log-input.js";
import { splitSummaries } from "../../node/summary-files.js";
import { type Explanation, explainUnder } from "../../reference/index.js";
import { explanationReport } from "../../report/explanation-report.js";
import { type Report, renderReport } from "../../report/report.js";
import type { WhyFlags } from "../commands/why.js";
import { EXIT_INPUT, EXIT_OK } from "../exit-code.js";
import { refuseSharedStdin } from "../load-rules.js";
import { shareOfFiles, startProgress } from "../progress.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import { loadCandidates } from "../survey/load-candidates.js";
import { loadTimeline } from "../survey/load-timeline.js";
import { reportForm, writeReportFile } from "../survey/report-file.js";
import type { Terminal } from "../terminal.js";
import { findTarget, type Target } from "./find-record.js";
import { explainFlows } from "./run-flow.js";
import { explainStored } from "./run-stored.js";

/** The record's own file first, then `--context`; a file named twice is evidence once. */
function contextFiles({ source }: Target, named: readonly LogFile[]): readonly LogFile[] {
  if (source === null) return named;
  const own = resolve(source.path);
  return [source, ...named.filter(({ path }) => path === "-" || resolve(path) !== own)];
}

/** Gathers evidence; a file that breaks gives what it held before the break. Returns false if one did. */
async function gather(
  evidence: NearestRecords,
  files: readonly LogFile[],
  fields: readonly string[] | undefined,
  terminal: Terminal,
): Promise<boolean> {
  let complete = true;
  let records = 0;
  let bytes = 0;
  const progress = startProgress(terminal, shareOfFiles(files));
  for (const file of files) {
    try {
      const options = fields === undefined ? {} : { fields };
      for await (const entry of logRecords(logInput(file), options)) {
        if (entry.kind !== "record") continue;
        evidence.add(entry.record);
        records++;
        bytes += entry.text.length + 1;
        progress.update({ bytes, records, file: file.name });
      }
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      complete = false;
      progress.end();
      terminal.warn(`flowverdict: ${error.message} (${error.code})`);
    }
  }
  progress.end();
  return complete;
}

/** Runs `why` and gives its exit code. */
export async function runWhy(
  text: string | undefined,
  flags: WhyFlags,
  terminal: Terminal,
): Promise<number> {
  const context = [...(flags.context ?? []), ...(flags.from ?? [])];
  refuseSharedStdin(context, flags.rules);
  refuseBoth(text, flags);
  if (flags.report !== undefined) reportForm(flags.report);
  const fields = flags.fields === undefined ? undefined : parseFieldList(flags.fields).fields;
  const baseline = await loadTimeline(
    {
      paths: flags.rules,
      interfaces: flags.interface ?? [],
      attach: flags.attach ?? [],
      snapshotComplete: flags.snapshotComplete === true,
      parameters: flags.parameters ?? [],
    },
    terminal,
  );
  const { timeline } = baseline;
  const asksCandidates = flags.candidate !== undefined || flags.edit !== undefined;
  const loaded = asksCandidates ? await loadCandidates(timeline, flags, terminal) : [];
  const candidates = loaded.map((each) => each.timeline);
  const named = context.length === 0 ? [] : await findLogs(context);
  const rules = [...baseline.paths, ...(flags.candidate ?? [])];
  await refuseOverwrite({ ...flags, rules }, named);
  const show = async (report: Report, logs: readonly LogFile[] = named): Promise<void> => {
    if (flags.report !== undefined)
      await writeReportFile(report, flags.report, flags, { rules, logs });
    await terminal.write(renderReport(report, flags.format, terminal.text));
  };
  const { summaries } = await splitSummaries(named);
  if (summaries.length > 0 || (text === undefined && named.length > 0)) {
    const question = { text, fields, baseline, candidates, context };
    const { report, code } = await explainStored(question, flags, terminal);
    await show(report);
    return code;
  }
  if (text === undefined) {
    await show(explainFlows(flags.flow ?? [], flags.at, timeline, candidates));
    return EXIT_OK;
  }
  const target = await findTarget(text, fields, named);
  const timelines = [timeline, ...candidates];
  const evidence = evidenceFor(target.record, timelines);
  const files = contextFiles(target, named);
  const complete = await gather(evidence, files, fields, terminal);
  const records = evidence.take();
  const [explanation, ...others] = explain(target, records, timelines, flags);
  const own = records.filter(({ interfaceId }) => interfaceId === target.record.interfaceId);
  const looked = { records: own.length, cut: evidence.cut };
  await show(explanationReport(explanation, looked, others), files);
  return complete ? EXIT_OK : EXIT_INPUT;
}

function refuseBoth(text: string | undefined, { flow, at }: WhyFlags): void {
  if (text !== undefined && flow !== undefined)
    throw new FlowError("two-questions", "a record and --flow are two questions", {
      hint: "ask one at a time",
    });
  if (flow === undefined && at !== undefined)
    throw new FlowError("at-without-flow", "--at is the time of --flow; a record has its own", {
      hint: "give the rules their times: --rules PATH@TIME",
    });
}

function explain(
  { record }: Target,
  records: readonly FlowRecord[],
  timelines: readonly Timeline[],
  flags: WhyFlags,
): readonly [Explanation, ...Explanation[]] {
  const [first, ...others] =
    explainUnder(record, records, timelines, {
      timers: flags.timeout ?? DEFAULT_TIMERS,
      lookAhead: DEFAULT_LOOK_AHEAD,
    }) ?? [];
  if (first !== undefined) return [first, ...others];
  throw new FlowError(
    "record-not-judged",
    `log-status is ${record.logStatus}: the line reports a window, not traffic`,
    {
      at: `${record.file}:${record.line}`,
      hint: "ask about a line with log-status OK",
    },
  );
}
