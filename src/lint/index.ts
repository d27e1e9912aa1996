export {
  type CondensedGroup,
  type CondensedRuleSet,
  type CondenseOptions,
  condenseGroup,
  condenseRuleSet,
} from "./condense.js";
export type { Merge } from "./find-merges.js";
export type { Shadow } from "./find-shadows.js";
export {
  LINT_CODES,
  LINT_LEVELS,
  type LintCode,
  type LintFinding,
  type LintLevel,
  type LintSubject,
} from "./lint-finding.js";
export { lintRuleSet } from "./lint-rule-set.js";
export {
  type CounterExample,
  type Proof,
  type ProofOptions,
  proveEquivalence,
} from "./prove-equivalence.js";
export { countRules, type RuleCount } from "./rule-quota.js";
export {
  contentId,
  peerWord,
  portsWord,
  protocolWord,
  ruleWords,
  trafficWords,
} from "./rule-words.js";
