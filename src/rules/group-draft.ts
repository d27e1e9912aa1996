// A group as one document describes it, before documents are joined.
import type { Place } from "../model/rule-set.js";
import type { RuleDraft } from "./rule-draft.js";
import type { Spot } from "./spot.js";

export interface GroupDraft {
  readonly id: string;
  readonly name: string | undefined;
  readonly vpcId: string | undefined;
  readonly accountId: string | undefined;
  /** By content key, in document order. */
  readonly rules: Map<string, RuleDraft>;
  readonly at: Place;
  readonly spot: Spot;
}

/**
 * Adds a rule unless the group has it: the same rule twice is one rule. It is stale only if every mention is, because
 * one live peering is enough for the reference to match.
 */
export function addRule(rules: Map<string, RuleDraft>, rule: RuleDraft): void {
  const known = rules.get(rule.key);
  if (known === undefined) rules.set(rule.key, rule);
  else if (known.stale && !rule.stale) rules.set(rule.key, { ...known, stale: false });
}
