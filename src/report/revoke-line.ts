import type { Rule } from "../model/rule-set.js";
import { formatEdit, ruleEdit } from "../rules/index.js";

/** The edit that takes a rule away: by its id where AWS gave one, for a duplicate cannot be told by its words. */
export function revokeLine(rule: Rule): string {
  const { id, groupId: group, direction, at } = rule;
  if (!id.startsWith("sgr-")) return formatEdit(ruleEdit("revoke", rule));
  return formatEdit({ kind: "revoke-id", group, direction, ruleId: id, at });
}
