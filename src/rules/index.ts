export type { DocumentKind, DocumentReport, RuleDocument, Warning } from "./document.js";
export { type FetchCommand, fetchCommands } from "./fetch-commands.js";
export { inheritRuleSet } from "./inherit-rule-set.js";
export { type Finding, inspectRules } from "./inspect.js";
export { UNKNOWN_VPC } from "./join-groups.js";
export { type LoadedRules, loadRuleSet } from "./load.js";
export {
  type CandidateEntry,
  type CandidateKind,
  type CandidateReport,
  type LoadedCandidate,
  loadCandidate,
} from "./load-candidate.js";
export type { RuleOptions } from "./options.js";
export { type ParsedDocument, parseRuleDocument } from "./parse-document.js";
export { ruleKey } from "./rule-key.js";
export { protocolName } from "./traffic.js";
