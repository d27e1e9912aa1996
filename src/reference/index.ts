/** The executable specification: slow, readable, one record at a time. It imports only the model and the code lists. */
export { CAUSES, type Cause } from "./causes.js";
export type { OpenerEvidence, OpenerFinding } from "./connection.js";
export type { Counters } from "./counters.js";
export { type Evaluation, evaluateInDetail, evaluateReference } from "./evaluate.js";
export {
  type Explanation,
  explainRecord,
  explainUnder,
  type PeriodExplanation,
} from "./explain.js";
export type { AclEntryExplanation, AclExplanation } from "./explain-acl.js";
export type { ConnectionExplanation } from "./explain-connection.js";
export type { EndExplanation } from "./explain-end.js";
export type { EntryExplanation } from "./explain-entry.js";
export type { FarEndCounts, RecordPlace } from "./explain-evidence.js";
export type { OtherEndExplanation } from "./explain-other-end.js";
export type { GroupExplanation, ReadingExplanation } from "./explain-reading.js";
export type { AclPorts } from "./explain-replies.js";
export type { Criterion, RuleExplanation } from "./explain-rule.js";
export { effectiveDestination, effectiveSource, hasPorts, type IcmpKind } from "./flow.js";
export {
  explainFlow,
  type FlowExplanation,
  type HypotheticalFlow,
  interfacesAt,
} from "./hypothetical.js";
export type { Finding, LogOptions } from "./judge-log.js";
export {
  type CandidateChanges,
  judgeTimelines,
  type TimelineEvaluation,
} from "./judge-timelines.js";
export { compareOpeners } from "./opener-rows.js";
export { type MalformedReason, type ParsedRecord, parseRecord } from "./parse-record.js";
export type { UnresolvedPeer } from "./peers.js";
export type { Answer } from "./policy.js";
export { type RuleHits, ruleHits } from "./rule-hits.js";
export type { ReferenceOptions } from "./run.js";
export type { Tracking } from "./tracking.js";
