import * as c from "../contract.js";
import type { Core } from "../core/core.js";

/** Ids of the rules that a RULES_* word of the core names. */
export function rulesOf(
  core: Core,
  word: number,
  ruleIds: readonly (readonly string[])[],
): readonly string[] {
  const set = word & c.RULES_SET_MASK;
  if (set === 0) return [];
  const image = word >>> c.RULES_IMAGE_SHIFT;
  return core.ruleSet(image, set).map((rule) => ruleIds[image]![rule]!);
}
