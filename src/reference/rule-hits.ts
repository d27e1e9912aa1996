import type { JudgedOpener } from "../model/opener.js";

/** What a rule was needed for: openings that it admitted, in connections, with their records and bytes. */
export interface RuleHits {
  readonly openers: number;
  /** Of them, those that no other rule would have admitted. */
  readonly soleOpeners: number;
  readonly forward: number;
  readonly bytes: number;
}

/**
 * Adds up, by rule id, what the rules of one timeline admitted (semantics 3.7). A connection counts for every rule
 * that admits it. Of an unknown opener, rules of both readings have a hit, and none is sole: without it the verdict
 * would be open, not deny.
 */
export function ruleHits(
  openers: readonly JudgedOpener[],
  timeline = 0,
): ReadonlyMap<string, RuleHits> {
  const hits = new Map<string, RuleHits>();
  for (const row of openers) {
    const { rules } = row.rulings[timeline] ?? { rules: [] };
    const sole = rules.length === 1 && row.direction !== null;
    for (const id of rules) {
      const known = hits.get(id) ?? { openers: 0, soleOpeners: 0, forward: 0, bytes: 0 };
      hits.set(id, {
        openers: known.openers + row.connections,
        soleOpeners: known.soleOpeners + (sole ? row.connections : 0),
        forward: known.forward + row.forward,
        bytes: known.bytes + row.bytes,
      });
    }
  }
  return hits;
}
