import { type CompiledRules, compileRuleSets } from "../../src/compile/compile-rule-sets.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Timers } from "../../src/model/timers.js";

/** Compiles one rule set into a rule image: see compileRuleSets. */
export function compileRuleSet(ruleSet: RuleSet, timers: Timers): CompiledRules {
  return compileRuleSets([ruleSet], timers)[0]!;
}
