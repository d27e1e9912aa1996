import { FlowError } from "../errors.js";
import {
  type LoadedRules,
  loadRuleSet,
  type RuleDocument,
  type RuleOptions,
} from "../rules/index.js";

/** Documents set aside before the rest is given up: each costs another load. */
const MAX_FAULTY = 20;

function standsIn({ at }: FlowError, name: string): boolean {
  return at !== undefined && (at === name || at.startsWith(`${name}:`));
}

/**
 * Loads what can be loaded, for whoever only looks: a document at fault is told to `onFault` and set aside. Nothing
 * where no fault names a document, or where too many are at fault.
 */
export function usableRules(
  documents: readonly RuleDocument[],
  options: RuleOptions,
  onFault: (error: FlowError) => void,
): LoadedRules | undefined {
  let left = documents;
  for (let faulty = 0; faulty <= MAX_FAULTY; faulty++) {
    try {
      return loadRuleSet(left, options);
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      onFault(error);
      const rest = left.filter(({ name }) => !standsIn(error, name));
      if (rest.length === left.length) return undefined;
      left = rest;
    }
  }
  return undefined;
}
