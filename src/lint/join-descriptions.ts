import type { Rule } from "../model/rule-set.js";

/** Most characters of a rule's description (AWS). */
export const MAX_DESCRIPTION: number = 255;

/** Room for ` (+1234 more)`-like endings, written with the characters AWS allows. */
const ENDING = 16;

/**
 * The descriptions of rules that became one, each once, with semicolons between; those that no longer fit into AWS's
 * 255 characters are counted at the end. `undefined` where no rule has one.
 */
export function joinDescriptions(rules: readonly Rule[]): string | undefined {
  const texts = [...new Set(rules.map(({ description }) => description?.trim() ?? ""))].filter(
    (text) => text !== "",
  );
  if (texts.length === 0) return undefined;
  const all = texts.join("; ");
  if (all.length <= MAX_DESCRIPTION) return all;
  let joined = "";
  let taken = 0;
  for (const text of texts) {
    const next = joined === "" ? text : `${joined}; ${text}`;
    if (next.length > MAX_DESCRIPTION - ENDING) break;
    joined = next;
    taken++;
  }
  if (taken === 0) return texts[0]!.slice(0, MAX_DESCRIPTION);
  return `${joined}; +${texts.length - taken} more`;
}
