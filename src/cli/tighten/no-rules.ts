import type { Group, RuleSet } from "../../model/rule-set.js";
import { always, type Timeline } from "../../model/timeline.js";

/** The rule set with every group empty: from a cut-over to it on, whatever rules admitted is refused. */
export function noRules(ruleSet: RuleSet): Timeline {
  const groups = [...ruleSet.groups].map(([id, group]): [string, Group] => [
    id,
    { ...group, rules: [] },
  ]);
  return always("no rules", { ...ruleSet, groups: new Map(groups) });
}
