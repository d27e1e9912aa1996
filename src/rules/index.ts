export type { DocumentKind, DocumentReport, RuleDocument, Warning } from "./document.js";
export { type FetchCommand, fetchCommands } from "./fetch-commands.js";
export { type Finding, inspectRules } from "./inspect.js";
export { UNKNOWN_VPC } from "./join-groups.js";
export { type LoadedRules, loadRuleSet } from "./load.js";
export type { RuleOptions } from "./options.js";
export { type ParsedDocument, parseRuleDocument } from "./parse-document.js";
export { protocolName } from "./traffic.js";
