/** The questions people ask of judged connections: pure functions over rows of openers, rule sets and the summary. */
export { type AssertOptions, checkAssertions } from "./assert-check.js";
export { parseAssertions } from "./assert-parse.js";
export type { LogWindow } from "./assert-world.js";
export type {
  Acceptance,
  Assertion,
  AssertionEvidence,
  AssertionFile,
  AssertionFinding,
  AssertionResult,
  AssertionVerdict,
  EvidenceKind,
} from "./assertion.js";
export {
  type CheckTuple,
  checkOf,
  type Disagreement,
  type DisagreementKind,
  EVIDENCE,
  type Evidence,
  type FidelityCheck,
  type Settling,
  type Undecided,
} from "./check.js";
export { criterionInWords } from "./criterion-words.js";
export {
  GATE_KINDS,
  type GateCondition,
  type GateFinding,
  type GateInput,
  type GateKind,
  type GateLevel,
  type GateLintFinding,
  type GateOptions,
  type GatePlanFinding,
  type GateResult,
  gateOf,
} from "./gate.js";
export { type AcceptanceUse, type AcceptedSplit, splitAccepted } from "./gate-accepted.js";
export {
  COUNTED_CONDITIONS,
  type CountedCondition,
  DEFAULT_FAIL_ON,
  type FailOn,
  parseFailOn,
} from "./gate-fail-on.js";
export {
  IMPACT_LIMIT,
  type Impact,
  type ImpactOptions,
  type ImpactTuple,
  impactOf,
  impactRows,
  impactsOf,
  type RulingShare,
  type TupleCounts,
  type TupleRows,
} from "./impact.js";
export type { NearestMiss, NearMiss } from "./impact-misses.js";
export {
  type ClosedSpace,
  type KeepReason,
  type KeptRule,
  type RemovalComponent,
  type RemovalPlan,
  type RemovedRule,
  removalPlan,
} from "./removal.js";
export { HELD_OUT_SHARE, type LogSplit, type SplitRows, splitRows } from "./split-rows.js";
export type {
  CurvePoint,
  HeldOut,
  HeldOutTuple,
  QuotaMark,
  SuggestedRule,
  Suggestion,
  SuggestionPart,
  UntouchedReason,
} from "./suggestion.js";
export { heldOut } from "./suggestion-held-out.js";
export { MOST_BUDGET, type TightenOptions, tightenGroup } from "./tighten.js";
export { RULES_PER_GROUP } from "./tighten-choice.js";
export { LEFT_OUT, type LeftOut } from "./tighten-training.js";
export type { Amount, Share, Spread, Tuple, TupleEnd } from "./tuple.js";
export {
  type PortRange,
  type RuleUsage,
  USAGE_CLASSES,
  type Usage,
  type UsageClass,
  type UsageCoverage,
  type UsedAddresses,
  type UsedBlock,
  type UsedPorts,
  usageOf,
} from "./usage.js";
