import type { RuleSet } from "./rule-set.js";

/** From this second on (Unix) the rule set holds; the first period of a timeline holds from the beginning of time. */
export interface Period {
  readonly from: number;
  readonly ruleSet: RuleSet;
}

/**
 * What judges a connection: rule sets in order of time (semantics 6.5). The usual timeline has one period. A history has
 * several; a candidate with a cut-over at T is the baseline's periods before T and the candidate from T on.
 */
export interface Timeline {
  readonly name: string;
  readonly periods: readonly Period[];
}

/** The timeline of a rule set that always holds. */
export function always(name: string, ruleSet: RuleSet): Timeline {
  return { name, periods: [{ from: 0, ruleSet }] };
}
