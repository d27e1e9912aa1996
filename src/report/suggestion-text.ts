// A suggestion as AWS JSON, Terraform or edit lines, read back before it is printed.

import { printable, printableLines } from "../model/printable.js";
import type { Group, RuleSet } from "../model/rule-set.js";
import type { Suggestion } from "../questions/index.js";
import {
  applyEdits,
  editsBetween,
  formatEdit,
  groupsAsAwsJson,
  groupsAsTerraform,
  loadRuleSet,
  parseEdits,
  ruleKey,
} from "../rules/index.js";
import type { SuggestionForm } from "./suggestion-form.js";

/**
 * Edit lines that make the suggestion of the present rules. New rules come before old ones go, so that nothing is ever
 * closed that stays open.
 */
export function suggestionEdits(ruleSet: RuleSet, suggestion: Suggestion): readonly string[] {
  const { edits } = editsBetween(ruleSet, suggestion.ruleSet);
  const added = edits.filter(({ kind }) => kind === "authorize");
  const others = edits.filter(({ kind }) => kind !== "authorize");
  // Descriptions are free text: AWS takes no control characters in them, and no terminal should.
  const lines = [...added, ...others].map((edit) => printableLines(formatEdit(edit)));
  const after = applyEdits(ruleSet, parseEdits(lines.join("\n"), "suggestion")).ruleSet;
  refuseOther(after.groups.get(suggestion.groupId), suggestion);
  return lines;
}

/** The suggestion in one of its forms; `remarks` stand above it where the form has comments. */
export function suggestionText(
  form: SuggestionForm,
  suggestion: Suggestion,
  edits: readonly string[],
  remarks: readonly string[],
): string {
  // A group's name must not end its comment: what follows would be read as edits.
  const comments = remarks.map((remark) => `# ${printable(remark)}\n`).join("");
  if (form === "edits") return `${comments}${edits.map((line) => `${line}\n`).join("")}`;
  if (form === "terraform") return `${comments}\n${groupsAsTerraform([suggestion.group])}`;
  const text = groupsAsAwsJson([suggestion.group]);
  const { ruleSet } = loadRuleSet([{ name: "suggestion", text, explicit: true }]);
  refuseOther(ruleSet.groups.get(suggestion.groupId), suggestion);
  return text;
}

function keysOf(group: Group | undefined): string {
  const keys = (group?.rules ?? []).map(ruleKey).sort();
  return keys.join("\n");
}

/** What is printed is what was tried. */
function refuseOther(group: Group | undefined, suggestion: Suggestion): void {
  if (keysOf(group) !== keysOf(suggestion.group))
    throw new Error("the suggestion is read back as other rules");
}
