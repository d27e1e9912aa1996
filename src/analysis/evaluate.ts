import type { RecordBatch } from "apache-arrow";
import * as c from "../contract.js";
import type { OutputColumn } from "../core/core.js";
import { FlowError } from "../errors.js";
import { readLog } from "../logs/index.js";
import { outputColumns } from "./fields-plan.js";
import { OpenAhead } from "./open-ahead.js";
import type { EvaluateOptions, LogInput } from "./options.js";
import { Run, type RunSettings, runOf } from "./run.js";
import { compileRun, type RunRules } from "./run-rules.js";
import type { Summary } from "./summary.js";

/**
 * Judges every record of the inputs and counts. Inputs are read in the order given, one after the other; memory does not
 * depend on the number of records. An aborted signal resolves with what is known, `partial: true`. Throws FlowErrors for
 * rule sets that cannot be compiled, `malformed-line` in strict mode, and `out-of-memory`; a log that cannot be read is
 * part of the summary (`coverage.brokenFiles`).
 */
export async function evaluate(
  inputs: readonly LogInput[],
  options: EvaluateOptions,
): Promise<Summary> {
  return countRun(await Run.start(runOf(options), []), inputs);
}

/** The rules of evaluate(), compiled: for several threads that each judge their shard of one run. */
export function compileEvaluation(options: EvaluateOptions): RunRules {
  return compileRun(runOf(options));
}

/** What evaluate() takes beside its rules. */
export type CompiledOptions = Omit<RunSettings, "fold" | "cutOverAt">;

/** evaluate() by rules that are compiled already; the filter and the timers must be those they were compiled with. */
export async function evaluateCompiled(
  inputs: readonly LogInput[],
  rules: RunRules,
  options: CompiledOptions,
): Promise<Summary> {
  const run = await Run.startCompiled(rules, { ...options, fold: c.FOLD_NONE }, []);
  return countRun(run, inputs);
}

async function countRun(run: Run, inputs: readonly LogInput[]): Promise<Summary> {
  for await (const _ of run.read(inputs)) {
    // Nothing is emitted: the generator is only driven.
  }
  return run.summary();
}

/**
 * The same, yielding every judged record as Arrow record batches in output order (start, then the log fields as text in
 * catalogue order, then file and line), and returning the summary. The heads of all inputs are read twice: the columns
 * of the output are those of all formats together.
 */
export async function* evaluateRecords(
  inputs: readonly LogInput[],
  options: EvaluateOptions,
): AsyncGenerator<RecordBatch, Summary, void> {
  const columns = await columnsOf(inputs, options.fields);
  const run = await Run.start(runOf(options), columns);
  yield* batchesOf(run, inputs, columns, []);
  return run.summary();
}

/** The output columns of all formats that the inputs begin with. */
export async function columnsOf(
  inputs: readonly LogInput[],
  fields: readonly string[] | undefined,
): Promise<readonly OutputColumn[]> {
  const formats: (readonly string[])[] = [];
  const ahead = new OpenAhead(inputs);
  for (const [i, input] of inputs.entries()) {
    const format = await peekFormat(input, ahead.open(i), fields);
    if (format !== undefined) formats.push(format);
  }
  return outputColumns(formats);
}

/**
 * Drives the run and yields its judged records; `candidates`: the timeline of each. Where there are none an empty batch
 * tells the columns.
 */
export async function* batchesOf(
  run: Run,
  inputs: readonly LogInput[],
  columns: readonly OutputColumn[],
  candidates: readonly number[],
): AsyncGenerator<RecordBatch, void, void> {
  // Arrow takes longer to load than a small log to judge: only who wants records pays for it.
  const { JudgedBatches } = await import("./judged-batch.js");
  const { ruleIds, files } = run;
  const details = run.rules.names;
  const batches = new JudgedBatches(run.core, columns, { details, ruleIds, files, candidates });
  let any = false;
  for await (const rows of run.read(inputs)) {
    any = true;
    yield batches.batch(rows);
  }
  if (!any) yield batches.batch(0);
}

/** The fields of the input's first format. What fails here fails again, and is told, when the input is read. */
async function peekFormat(
  { name, ranges }: LogInput,
  chunks: AsyncIterable<Uint8Array>,
  fields: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  try {
    const parts = readLog(name, chunks, { fields, ranges });
    for await (const part of parts) if (part.kind === "format") return part.fields;
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
  }
  return undefined;
}
