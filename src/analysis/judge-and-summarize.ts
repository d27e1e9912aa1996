import type { RecordBatch } from "apache-arrow";
import * as c from "../contract.js";
import { batchesOf, columnsOf } from "./evaluate.js";
import type { OpenerSummary } from "./opener-summary.js";
import type { EvaluateOptions, LogInput } from "./options.js";
import { Run, runOf } from "./run.js";
import { openerSummaryOf } from "./summarize.js";
import type { Summary } from "./summary.js";

export interface JudgeAndSummarizeOptions extends EvaluateOptions {
  /** Name and version of the program. */
  readonly tool: string;
  /** Bytes of linear memory in use: at the start, and whenever records come out. */
  readonly onMemory?: (bytes: number) => void;
}

/** What one pass leaves: what the log says under the rules, and the log itself as rows of openers. */
export interface JudgedAndSummarized {
  /** As evaluate() gives it. */
  readonly summary: Summary;
  /**
   * As summarize() gives it with the rule set as facts, but of the interfaces alone that the rule set filters: rules
   * that filter the same ones can judge them again. Connections of others are in no row.
   */
  readonly openers: OpenerSummary;
}

/**
 * evaluateRecords() and summarize() in one pass: who reads a log once can then ask about other rules as often as they
 * like. Memory: that of both.
 */
export async function* judgeAndSummarize(
  inputs: readonly LogInput[],
  options: JudgeAndSummarizeOptions,
): AsyncGenerator<RecordBatch, JudgedAndSummarized, void> {
  const { tool, onMemory, ...rest } = options;
  const columns = await columnsOf(inputs, options.fields);
  const run = await Run.start({ ...runOf(rest), fold: c.FOLD_ALL }, columns);
  const tellMemory = (): void => onMemory?.(run.core.memory.bytes.length);
  tellMemory();
  for await (const batch of batchesOf(run, inputs, columns, [])) {
    tellMemory();
    yield batch;
  }
  run.core.foldRest();
  const summary = run.summary();
  return { summary, openers: openerSummaryOf(run, summary, options.ruleSet, tool) };
}
