import { greedyCover } from "./removal-greedy.js";
import { reduceSets } from "./removal-reduce.js";
import { searchCover } from "./removal-search.js";

/** Sets of rules by number: each needs one of its rules kept. */
export type RuleSets = readonly (readonly number[])[];

/** The rules kept of some sets. */
export interface Cover {
  /** Ascending. */
  readonly kept: readonly number[];
  /** No smaller cover exists. */
  readonly optimal: boolean;
}

/**
 * A smallest set of rules that hits every set: reductions that keep an optimum, then per connected part a search up to a
 * stated effort, else greedy with local improvement, which is not claimed to be optimal. Among equals lower numbers are
 * preferred. Throws a RangeError for an empty set: nothing can hit it.
 */
export function smallestCover(sets: RuleSets): Cover {
  if (sets.some((set) => set.length === 0)) throw new RangeError("an empty set cannot be hit");
  const { kept, rest } = reduceSets(sets);
  const parts = connectedParts(rest).map(coverPart);
  const all = [...kept, ...parts.flatMap((part) => part.kept)];
  return { kept: all.sort((a, b) => a - b), optimal: parts.every(({ optimal }) => optimal) };
}

function coverPart(sets: RuleSets): Cover {
  const start = greedyCover(sets);
  return searchCover(sets, start);
}

/** Sets that share rules, directly or through others, stand together; parts in order of their first set. */
export function connectedParts(sets: RuleSets): readonly RuleSets[] {
  const parents = new Map<number, number>();
  function rootOf(rule: number): number {
    let root = rule;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root))
      root = up;
    for (let at = rule; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  }
  for (const set of sets) for (const rule of set) parents.set(rootOf(rule), rootOf(set[0]!));
  const parts = new Map<number, (readonly number[])[]>();
  for (const set of sets) {
    const root = rootOf(set[0]!);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [set]);
    else part.push(set);
  }
  return [...parts.values()];
}
