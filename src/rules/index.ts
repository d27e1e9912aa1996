export type { DocumentKind, DocumentReport, RuleDocument, Warning } from "./document.js";
export { UNKNOWN_VPC } from "./join-groups.js";
export { type LoadedRules, loadRuleSet } from "./load.js";
export type { RuleOptions } from "./options.js";
export { type ParsedDocument, parseRuleDocument } from "./parse-document.js";
