export { evaluate, evaluateRecords } from "./evaluate.js";
export { mergeSummaries } from "./merge.js";
export {
  DEFAULT_MAX_CONNECTIONS,
  type EvaluateOptions,
  type LogInput,
  type Progress,
  type RecordFilter,
} from "./options.js";
export {
  type CandidateChanges,
  type Survey,
  type SurveyOptions,
  survey,
  surveyRecords,
} from "./survey.js";
