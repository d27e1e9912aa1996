import type { RecordBatch } from "apache-arrow";
import * as c from "../contract.js";
import type { OpenerTable } from "../model/opener-table.js";
import { batchesOf, columnsOf } from "./evaluate.js";
import { JudgedOpeners } from "./judged-openers.js";
import type { OpenerSummary } from "./opener-summary.js";
import type { EvaluateOptions, LogInput } from "./options.js";
import { type JudgedPlace, Run, runOf } from "./run.js";
import { openerSummaryOf } from "./summarize.js";
import type { Summary } from "./summary.js";

export interface JudgeAndSummarizeOptions extends EvaluateOptions {
  /** Name and version of the program. */
  readonly tool: string;
  /** Bytes of linear memory in use: at the start, and whenever records come out. */
  readonly onMemory?: (bytes: number) => void;
  /** Where the records stand that come out next: told before each batch. */
  readonly onPlace?: (place: JudgedPlace) => void;
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
  /**
   * The rows with what the rules said of them on the way: as survey() gives them, evidence of the moment included.
   */
  judged(): OpenerTable;
}

/**
 * evaluateRecords() and summarize() in one pass: who reads a log once can then ask about other rules as often as they
 * like. What it leaves lives in the memory of the core, which stays as long as that is kept.
 */
export async function* judgeAndSummarize(
  inputs: readonly LogInput[],
  options: JudgeAndSummarizeOptions,
): AsyncGenerator<RecordBatch, JudgedAndSummarized, void> {
  const { tool, onMemory, onPlace, ...rest } = options;
  const columns = await columnsOf(inputs, options.fields);
  const run = await Run.start({ ...runOf(rest), fold: c.FOLD_ALL }, columns);
  const tellMemory = (): void => onMemory?.(run.core.memory.bytes.length);
  tellMemory();
  for await (const batch of batchesOf(run, inputs, columns, [])) {
    tellMemory();
    onPlace?.(run.place);
    yield batch;
  }
  run.core.foldRest();
  const summary = run.summary();
  // Of rules that change, those that hold last: who asks about other rules compares with them.
  const latest = options.later?.at(-1)?.ruleSet ?? options.ruleSet;
  const names = { details: run.rules.names, ruleIds: run.ruleIds, files: run.files };
  return {
    summary,
    openers: openerSummaryOf(run, summary, latest, tool),
    judged: () => new JudgedOpeners(run.core, { ...names, candidates: [] }),
  };
}
