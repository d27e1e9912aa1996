import type { JudgedOpener } from "../model/opener.js";
import type { OpenerAnswer, OpenerTable } from "../model/opener-table.js";
import { WAY_UNKNOWN } from "./impact-columns.js";
import { type AmountSum, addAmount, noAmount } from "./tuple-spread.js";

/** Connections that the same rules admit. */
export interface AdmittedSet {
  readonly ids: readonly string[];
  readonly amount: AmountSum;
}

/**
 * The rules that are hit by the connections of a row (semantics 3.7); of an unknown opener those of both readings.
 */
export function hitRules({ rulings }: OpenerAnswer | JudgedOpener): readonly string[] {
  const ruling = rulings[0];
  return ruling?.verdict === "allow" ? ruling.rules : [];
}

/**
 * Admitted connections of known opener by the exact set of rules that admit them, in order of first sight. Rules that
 * `known` does not hold (of an earlier period) are left out of the sets. Cost: linear in the rows.
 */
export function admittedSets(
  table: OpenerTable,
  known: { readonly has: (id: string) => boolean },
): readonly AdmittedSet[] {
  const byAnswer = new Map<number, AdmittedSet>();
  const byText = new Map<string, AdmittedSet>();
  for (let row = 0; row < table.length; row++) {
    if (table.way(row) === WAY_UNKNOWN) continue;
    const answer = table.answer(row);
    let set = byAnswer.get(answer);
    if (set === undefined) {
      set = setOf(hitRules(table.answerOf(answer)));
      byAnswer.set(answer, set);
    }
    if (set.ids.length > 0) addAmount(set.amount, table, row);
  }
  return [...byText.values()].filter(({ ids }) => ids.length > 0);

  function setOf(rules: readonly string[]): AdmittedSet {
    const text = rules.join("\n");
    const found = byText.get(text) ?? {
      ids: rules.filter((id) => known.has(id)),
      amount: noAmount(),
    };
    byText.set(text, found);
    return found;
  }
}
