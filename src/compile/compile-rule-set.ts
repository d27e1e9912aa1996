import type { RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { type CompiledRules, compileRuleSets } from "./compile-rule-sets.js";

export type { CompiledRules } from "./compile-rule-sets.js";

/** Compiles one rule set into a rule image: see compileRuleSets. */
export function compileRuleSet(ruleSet: RuleSet, timers: Timers): CompiledRules {
  return compileRuleSets([ruleSet], timers)[0]!;
}
