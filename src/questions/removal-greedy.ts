import type { RuleSets } from "./removal-cover.js";

/** Rounds of local improvement. */
const ROUNDS = 4;

/**
 * A cover by the rule that hits most sets, again and again, improved by leaving out what others hit and by replacing two
 * kept rules or more with one. Nothing in it can be left out. Cost: linear in the sets per rule taken.
 */
export function greedyCover(sets: RuleSets): readonly number[] {
  const uses = usesOf(sets);
  const kept = pruned(sets, uses, takeGreedily(sets, uses));
  for (let round = 0; round < ROUNDS; round++) if (!improve(sets, uses, kept)) break;
  return [...kept].sort((a, b) => a - b);
}

/** Numbers of the sets that hold each rule, rules ascending. */
export type Uses = ReadonlyMap<number, readonly number[]>;

export function usesOf(sets: RuleSets): Uses {
  const uses = new Map<number, number[]>();
  sets.forEach((set, id) => {
    for (const rule of set) {
      const known = uses.get(rule);
      if (known === undefined) uses.set(rule, [id]);
      else known.push(id);
    }
  });
  return new Map([...uses].sort(([a], [b]) => a - b));
}

function takeGreedily(sets: RuleSets, uses: Uses): Set<number> {
  const gains = new Map([...uses].map(([rule, ids]) => [rule, ids.length]));
  const open = new Set(sets.keys());
  const kept = new Set<number>();
  while (open.size > 0) {
    let best = -1;
    let bestGain = 0;
    for (const [rule, gain] of gains)
      if (gain > bestGain) {
        best = rule;
        bestGain = gain;
      }
    kept.add(best);
    for (const id of uses.get(best)!) {
      if (!open.delete(id)) continue;
      for (const rule of sets[id]!) gains.set(rule, gains.get(rule)! - 1);
    }
  }
  return kept;
}

/** Without the rules whose sets all have another kept rule; less preferred ones go first. */
function pruned(sets: RuleSets, uses: Uses, kept: Set<number>): Set<number> {
  const hits = sets.map((set) => set.filter((rule) => kept.has(rule)).length);
  for (const rule of [...kept].sort((a, b) => b - a)) leaveOut(uses, kept, hits, rule);
  return kept;
}

function leaveOut(uses: Uses, kept: Set<number>, hits: number[], rule: number): boolean {
  const ids = uses.get(rule)!;
  if (ids.some((id) => hits[id] === 1)) return false;
  for (const id of ids) hits[id]!--;
  kept.delete(rule);
  return true;
}

/** Adds a rule wherever that frees two or more. */
function improve(sets: RuleSets, uses: Uses, kept: Set<number>): boolean {
  const hits = sets.map((set) => set.filter((rule) => kept.has(rule)).length);
  let changed = false;
  for (const [rule, ids] of uses) {
    if (kept.has(rule)) continue;
    kept.add(rule);
    for (const id of ids) hits[id]!++;
    const rivals = new Set(ids.flatMap((id) => sets[id]!.filter((other) => kept.has(other))));
    rivals.delete(rule);
    const freed = [...rivals]
      .sort((a, b) => b - a)
      .filter((rival) => leaveOut(uses, kept, hits, rival));
    if (freed.length > 1) changed = true;
    else undo(uses, kept, hits, rule, freed);
  }
  return changed;
}

function undo(
  uses: Uses,
  kept: Set<number>,
  hits: number[],
  rule: number,
  freed: readonly number[],
): void {
  kept.delete(rule);
  for (const id of uses.get(rule)!) hits[id]!--;
  for (const each of freed) {
    kept.add(each);
    for (const id of uses.get(each)!) hits[id]!++;
  }
}
