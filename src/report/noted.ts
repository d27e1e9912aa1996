// What is said on stderr about rules and options, told in the answer too: who reads JSON does not see stderr.

import type { LogNote, Summary } from "../analysis/summary.js";
import type { Warning } from "../rules/index.js";

/** A warning of the rule loader as a note of the coverage. */
export function ruleNotes(warnings: readonly Warning[]): readonly LogNote[] {
  return warnings.map(({ at, code, message }) => ({ file: at, line: 0, code, message }));
}

/** A note about an option. */
export function optionNote(option: string, code: string, message: string): LogNote {
  return { file: option, line: 0, code, message };
}

/** The summary with these notes before those about the logs. */
export function withNotes(summary: Summary, notes: readonly LogNote[]): Summary {
  if (notes.length === 0) return summary;
  const { coverage } = summary;
  return { ...summary, coverage: { ...coverage, notes: [...notes, ...coverage.notes] } };
}
