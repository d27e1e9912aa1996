/** The questions people ask of judged connections: pure functions over rows of openers, rule sets and the summary. */
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
  IMPACT_LIMIT,
  type Impact,
  type ImpactOptions,
  type ImpactTuple,
  impactOf,
  type RulingShare,
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
