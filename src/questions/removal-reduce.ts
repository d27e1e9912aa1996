import type { RuleSets } from "./removal-cover.js";

/** What is decided, and what is left to search. */
export interface Reduced {
  readonly kept: readonly number[];
  readonly rest: RuleSets;
}

/** Comparisons after which reducing stops; what is left is only harder to search. */
const EFFORT = 20_000_000;

interface State {
  /** Alive sets. */
  readonly sets: Map<number, Set<number>>;
  /** Alive sets by rule. */
  readonly uses: Map<number, Set<number>>;
  readonly kept: Set<number>;
  effort: number;
}

/**
 * Decides what needs no search, without losing an optimum: a set of one rule keeps that rule; a set that holds another
 * one needs no thought of its own; a rule all of whose sets another rule has too is never needed.
 */
export function reduceSets(sets: RuleSets): Reduced {
  const state = stateOf(sets);
  let changed = true;
  while (changed && state.effort < EFFORT) {
    changed = keepSingles(state);
    changed = dropSupersets(state) || changed;
    changed = dropDominated(state) || changed;
  }
  keepSingles(state);
  const rest = [...state.sets.values()].map((set) => [...set].sort((a, b) => a - b));
  return { kept: [...state.kept].sort((a, b) => a - b), rest };
}

function stateOf(sets: RuleSets): State {
  const state: State = { sets: new Map(), uses: new Map(), kept: new Set(), effort: 0 };
  sets.forEach((rules, id) => {
    state.sets.set(id, new Set(rules));
    for (const rule of rules) {
      const uses = state.uses.get(rule);
      if (uses === undefined) state.uses.set(rule, new Set([id]));
      else uses.add(id);
    }
  });
  return state;
}

function dropSet(state: State, id: number): void {
  for (const rule of state.sets.get(id) ?? []) state.uses.get(rule)?.delete(id);
  state.sets.delete(id);
}

function dropRule(state: State, rule: number): void {
  for (const id of state.uses.get(rule) ?? []) state.sets.get(id)?.delete(rule);
  state.uses.delete(rule);
}

function keepSingles(state: State): boolean {
  let changed = false;
  for (const set of state.sets.values()) {
    if (set.size !== 1) continue;
    const [rule] = set;
    state.kept.add(rule!);
    for (const id of [...(state.uses.get(rule!) ?? [])]) dropSet(state, id);
    state.uses.delete(rule!);
    changed = true;
  }
  return changed;
}

function dropSupersets(state: State): boolean {
  let changed = false;
  const bySize = [...state.sets].sort(([, a], [, b]) => a.size - b.size);
  for (const [id, set] of bySize) {
    if (!state.sets.has(id) || state.effort >= EFFORT) continue;
    for (const other of fewestUses(state, set)) {
      const wider = state.sets.get(other);
      state.effort += set.size;
      if (other === id || wider === undefined || !holdsAll(wider, set)) continue;
      dropSet(state, other);
      changed = true;
    }
  }
  return changed;
}

function fewestUses(state: State, set: ReadonlySet<number>): readonly number[] {
  let fewest: ReadonlySet<number> | undefined;
  for (const rule of set) {
    const uses = state.uses.get(rule);
    if (uses !== undefined && (fewest === undefined || uses.size < fewest.size)) fewest = uses;
  }
  return [...(fewest ?? [])];
}

function dropDominated(state: State): boolean {
  let changed = false;
  // Highest numbers first: among rules of the same sets the lowest stays.
  for (const rule of [...state.uses.keys()].sort((a, b) => b - a)) {
    if (state.effort >= EFFORT) break;
    if (!isDominated(state, rule)) continue;
    dropRule(state, rule);
    changed = true;
  }
  return changed;
}

function isDominated(state: State, rule: number): boolean {
  const uses = state.uses.get(rule);
  if (uses === undefined || uses.size === 0) return uses !== undefined;
  const [first] = uses;
  for (const other of state.sets.get(first!) ?? []) {
    if (other === rule) continue;
    const wider = state.uses.get(other)!;
    state.effort += uses.size;
    if (wider.size >= uses.size && holdsAll(wider, uses)) return true;
  }
  return false;
}

function holdsAll(whole: ReadonlySet<number>, part: ReadonlySet<number>): boolean {
  if (part.size > whole.size) return false;
  for (const each of part) if (!whole.has(each)) return false;
  return true;
}
