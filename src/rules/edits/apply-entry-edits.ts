// Entries of prefix lists that come and go.
import { type Cidr, formatCidr } from "../../model/address.js";
import { similarNames } from "../../model/similar-names.js";
import type { EntryEdit } from "./edit.js";
import { failAt } from "./edit-words.js";
import { findList, type WorkingRules } from "./working-rules.js";

export function addEntry(work: WorkingRules, edit: EntryEdit): string {
  const { id, entries } = findList(work, edit.list, edit.at);
  const text = formatCidr(edit.cidr);
  if (entries.has(text))
    failAt(edit.at, "edit-without-effect", `${id} has ${text} already`, "leave the edit out");
  const [other] = entries.values();
  if (other !== undefined && other.address.family !== edit.cidr.address.family)
    failAt(
      edit.at,
      "edit-entry-family",
      `${text} stands beside entries such as ${formatCidr(other)}`,
      "a prefix list has blocks of one family",
    );
  entries.set(text, edit.cidr);
  return `${id} has ${text}`;
}

export function removeEntry(work: WorkingRules, edit: EntryEdit, notes: string[]): string {
  const { id, entries } = findList(work, edit.list, edit.at);
  const text = formatCidr(edit.cidr);
  if (!entries.has(text))
    failAt(
      edit.at,
      "edit-without-effect",
      `${id} has no entry ${text}`,
      entryHint(id, text, [...entries.values()]),
    );
  entries.delete(text);
  if (entries.size === 0) notes.push(`${id} has no entries left: rules that name it match nothing`);
  return `${id} no longer has ${text}`;
}

function entryHint(id: string, text: string, entries: readonly Cidr[]): string {
  const near = similarNames(text, entries.map(formatCidr));
  if (near.length > 0) return `nearest: ${near.join(", ")}`;
  return entries.length === 0 ? `${id} has no entries` : `it has ${entries.length} entries`;
}
