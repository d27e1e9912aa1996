import type { Cover, RuleSets } from "./removal-cover.js";
import { usesOf } from "./removal-greedy.js";

/** Steps of the search (sets looked at) per connected part; beyond it the best cover so far is not called optimal. */
export const SEARCH_EFFORT: number = 20_000_000;

interface Search {
  readonly sets: RuleSets;
  /** Kept rules that hit each set. */
  readonly hits: number[];
  readonly uses: ReadonlyMap<number, readonly number[]>;
  readonly excluded: Set<number>;
  readonly chosen: number[];
  best: readonly number[];
  effort: number;
}

/**
 * The smallest cover by branch and bound from a first one: branches on the open set with the fewest rules left, bounded
 * by how many open sets share no rule. Beyond SEARCH_EFFORT the best cover found is returned as not optimal.
 */
export function searchCover(sets: RuleSets, start: readonly number[]): Cover {
  const uses = usesOf(sets);
  const search: Search = {
    sets,
    hits: sets.map(() => 0),
    uses,
    excluded: new Set(),
    chosen: [],
    best: start,
    effort: 0,
  };
  branch(search);
  const kept = [...search.best].sort((a, b) => a - b);
  return { kept, optimal: search.effort < SEARCH_EFFORT };
}

function branch(search: Search): void {
  if (search.effort >= SEARCH_EFFORT) return;
  const open = openSets(search);
  if (open.length === 0) {
    if (search.chosen.length < search.best.length) search.best = [...search.chosen];
    return;
  }
  open.sort((a, b) => a.length - b.length);
  if (search.chosen.length + disjointSets(open) >= search.best.length) return;
  const excluded: number[] = [];
  for (const rule of open[0]!) {
    choose(search, rule, 1);
    branch(search);
    choose(search, rule, -1);
    // What was tried need not be tried again beside the others.
    search.excluded.add(rule);
    excluded.push(rule);
  }
  for (const rule of excluded) search.excluded.delete(rule);
}

/** The sets that no chosen rule hits, with the rules that may still be chosen. */
function openSets(search: Search): (readonly number[])[] {
  const { sets, hits, excluded } = search;
  search.effort += sets.length;
  const open: (readonly number[])[] = [];
  sets.forEach((set, id) => {
    if (hits[id] === 0) open.push(set.filter((rule) => !excluded.has(rule)));
  });
  return open;
}

function choose(search: Search, rule: number, by: 1 | -1): void {
  for (const id of search.uses.get(rule)!) search.hits[id]! += by;
  if (by === 1) search.chosen.push(rule);
  else search.chosen.pop();
}

/** A lower bound: sets without a common rule need a rule each. Smaller sets first find more of them. */
function disjointSets(open: readonly (readonly number[])[]): number {
  const taken = new Set<number>();
  let disjoint = 0;
  for (const set of open) {
    if (set.some((rule) => taken.has(rule))) continue;
    for (const rule of set) taken.add(rule);
    disjoint++;
  }
  return disjoint;
}
