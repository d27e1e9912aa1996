import type { Group, RuleSet } from "../../model/rule-set.js";
import type { Timeline } from "../../model/timeline.js";

function withoutIn(ruleSet: RuleSet, gone: ReadonlySet<string>): RuleSet {
  const groups = [...ruleSet.groups].map(([id, group]): [string, Group] => {
    const left = group.rules.filter((rule) => !gone.has(rule.id));
    return [id, left.length === group.rules.length ? group : { ...group, rules: left }];
  });
  return { ...ruleSet, groups: new Map(groups) };
}

/** The timeline as if the rules of these ids had never been. */
export function withoutRules(
  timeline: Timeline,
  gone: ReadonlySet<string>,
  name: string,
): Timeline {
  const periods = timeline.periods.map(({ from, ruleSet }) => ({
    from,
    ruleSet: withoutIn(ruleSet, gone),
  }));
  return { name, periods };
}
