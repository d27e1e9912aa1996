export {
  listEntriesFile,
  staleGroupsFile,
  WHOLE_ANSWERS,
  type WholeAnswer,
} from "./answers.js";
export { type DatedPath, splitDatedPath } from "./dated-path.js";
export type { DocumentKind, DocumentReport, RuleDocument, Warning } from "./document.js";
export { applyEdits, type EditedRules, type EditOutcome } from "./edits/apply-edits.js";
export type {
  AttachmentEdit,
  DeleteEdit,
  Edit,
  EntryEdit,
  RuleEdit,
  RuleIdEdit,
} from "./edits/edit.js";
export { type EditsBetween, editsBetween } from "./edits/edits-between.js";
export { parseEdits } from "./edits/parse-edits.js";
export { type FetchCommand, fetchCommands } from "./fetch-commands.js";
export { changesOnly, type DatedRules, historyOf, loadHistory } from "./history.js";
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
export { isPlanWarning, PLAN_CODES, type PlanCode, type PlanFinding } from "./overlay.js";
export { type ParsedDocument, parseRuleDocument } from "./parse-document.js";
export { isRuleFile } from "./rule-file.js";
export { ruleKey } from "./rule-key.js";
export { ruleSetDifferences } from "./rule-set-differences.js";
export { SNAPSHOT_NOTE_FILE, snapshotNote } from "./snapshot-note.js";
export { protocolName } from "./traffic.js";
export { groupsAsAwsJson, ruleSetAsAwsJson } from "./write/aws-json.js";
export { formatEdit, formatRuleWords, ruleEdit } from "./write/edit-line.js";
export { groupsAsTerraform, type TerraformOptions } from "./write/terraform.js";
export { looksLikeYaml } from "./yaml-reader.js";
