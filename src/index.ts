/** The library, host-neutral: everything but files. `node.ts` adds files, gzip and folders for Node. */
export {
  DEFAULT_MAX_CONNECTIONS,
  type EvaluateOptions,
  evaluate,
  evaluateRecords,
  type LogInput,
  mergeSummaries,
  type Progress,
  type RecordFilter,
} from "./analysis/index.js";
export { SCHEMA_VERSION, type Summary } from "./analysis/summary.js";
export { type CoreSource, loadCore } from "./core/load.js";
export { FlowError } from "./errors.js";
export {
  type Completion,
  type Completions,
  completionsAt,
  FILTER_FIELDS,
  type Filter,
  type FilterContext,
  type FilterFault,
  type FilterField,
  FilterFields,
  filterError,
  parseFilter,
  RecordSelector,
  takeRows,
} from "./filter/index.js";
export {
  type BlobLog,
  type ByteRanges,
  blobLog,
  FIELDS,
  type Field,
  unpackWeb,
} from "./logs/index.js";
export {
  DEFAULT_LOOK_AHEAD,
  DEFAULT_TIMERS,
  type LookAhead,
  type Timers,
} from "./model/timers.js";
export type {
  Action,
  Direction,
  Grade,
  Opener,
  Reason,
  Verdict,
} from "./model/verdict.js";
export { type LoadedRules, loadRuleSet, type RuleDocument } from "./rules/index.js";
