import type { JudgedOpener } from "../model/opener.js";
import { type AmountSum, addAmount, noAmount } from "./tuple-spread.js";

/** Connections that the same rules admit. */
export interface AdmittedSet {
  readonly ids: readonly string[];
  readonly amount: AmountSum;
}

/**
 * The rules that are hit by the connections of a row (semantics 3.7); of an unknown opener those of both readings.
 */
export function hitRules(row: JudgedOpener): readonly string[] {
  const ruling = row.rulings[0];
  return ruling?.verdict === "allow" ? ruling.rules : [];
}

/**
 * Admitted connections of known opener by the exact set of rules that admit them, in order of first sight. Rules that
 * `known` does not hold (of an earlier period) are left out of the sets. Cost: linear in the rows and their rules.
 */
export function admittedSets(
  openers: readonly JudgedOpener[],
  known: { readonly has: (id: string) => boolean },
): readonly AdmittedSet[] {
  const byText = new Map<string, AdmittedSet>();
  for (const row of openers) {
    const rules = hitRules(row);
    if (rules.length === 0 || row.direction === null) continue;
    const text = rules.join("\n");
    let set = byText.get(text);
    if (set === undefined) {
      set = { ids: rules.filter((id) => known.has(id)), amount: noAmount() };
      byText.set(text, set);
    }
    addAmount(set.amount, row);
  }
  return [...byText.values()].filter(({ ids }) => ids.length > 0);
}
