import type { RuleSet } from "../../model/rule-set.js";
import { formatEdit } from "../write/edit-line.js";
import { addEntry, removeEntry } from "./apply-entry-edits.js";
import { attach, deleteGroup, detach } from "./apply-membership-edits.js";
import { authorize, revoke, revokeById } from "./apply-rule-edits.js";
import type { Edit } from "./edit.js";
import { finishWork, type WorkingRules, workOn } from "./working-rules.js";

/** What one edit did. */
export interface EditOutcome {
  readonly edit: Edit;
  /** The edit as a canonical line. */
  readonly line: string;
  /** What changed, in a few words. */
  readonly did: string;
  /** What else follows from it: references that became stale, lists that became empty. */
  readonly notes: readonly string[];
}

export interface EditedRules {
  readonly ruleSet: RuleSet;
  /** In the order of the edits. */
  readonly outcomes: readonly EditOutcome[];
}

/**
 * The baseline after the edits, one after the other; the baseline stays as it is. Authorised rules stand behind the
 * group's others, their id is `group/direction/protocol/ports/peer` and their place that of the edit. Throws a FlowError
 * (`edit-*`) at the first edit that names nothing, or more than one thing, or changes nothing: hints name what is near.
 * O(rule set + edits).
 */
export function applyEdits(baseline: RuleSet, edits: readonly Edit[]): EditedRules {
  const work = workOn(baseline);
  const outcomes = edits.map((edit) => applyEdit(work, edit));
  return { ruleSet: finishWork(work), outcomes };
}

/** Changes `work`, or throws and leaves it as it was. */
export function applyEdit(work: WorkingRules, edit: Edit): EditOutcome {
  const notes: string[] = [];
  const did = changed(work, edit, notes);
  return { edit, line: formatEdit(edit), did, notes };
}

function changed(work: WorkingRules, edit: Edit, notes: string[]): string {
  switch (edit.kind) {
    case "authorize":
      return authorize(work, edit, notes);
    case "revoke":
      return revoke(work, edit);
    case "revoke-id":
      return revokeById(work, edit);
    case "attach":
      return attach(work, edit);
    case "detach":
      return detach(work, edit);
    case "delete":
      return deleteGroup(work, edit, notes);
    case "add-entry":
      return addEntry(work, edit);
    case "remove-entry":
      return removeEntry(work, edit, notes);
  }
}
