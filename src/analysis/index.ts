export { alikeInterfaces } from "./alike-interfaces.js";
export {
  type CompiledOptions,
  columnsOf,
  compileEvaluation,
  evaluate,
  evaluateCompiled,
  evaluateRecords,
} from "./evaluate.js";
export {
  type JudgeAndSummarizeOptions,
  type JudgedAndSummarized,
  judgeAndSummarize,
} from "./judge-and-summarize.js";
export { mergeSummaries } from "./merge.js";
export { mergeJudgedRows, mergeShardRows, type ShardRows, shardRows } from "./merge-shards.js";
export { mergeOpenerSummaries } from "./merge-summaries.js";
export {
  BORDER_BYTES,
  OPENER_BYTES,
  type OpenerSummary,
  SUMMARY_KEY,
  type SummaryFacts,
} from "./opener-summary.js";
export {
  DEFAULT_MAX_CONNECTIONS,
  type EvaluateOptions,
  type LogInput,
  type Progress,
  type RecordFilter,
} from "./options.js";
export type { JudgedPlace } from "./run.js";
export type { RunRules } from "./run-rules.js";
export type { Checkpoints, RunState, StoredRun } from "./run-state.js";
export { STORAGE_NOTES } from "./storage-notes.js";
export { StoredRows } from "./stored-rows.js";
export { type SummarizeOptions, summarize } from "./summarize.js";
export { readSummary, writeSummary } from "./summary-io.js";
export { isSummary } from "./summary-shape.js";
export {
  type CandidateChanges,
  type Survey,
  type SurveyOptions,
  survey,
  surveyRecords,
} from "./survey.js";
export { type StoredSurveyOptions, surveySummaries } from "./survey-summaries.js";
