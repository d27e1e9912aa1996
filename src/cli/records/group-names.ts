import type { FilterContext, NamedGroup } from "../../filter/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { Timeline } from "../../model/timeline.js";

/** Groups of an interface in a rule set; those of `--attach` where it does not hold the interface. */
function groupIdsOf({ interfaces, attach }: RuleSet, interfaceId: string): readonly string[] {
  return interfaces.get(interfaceId)?.groupIds ?? attach;
}

/** The groups that an interface carries in any rule set of a timeline, as `--group` reads it. */
export function groupContext({ periods }: Timeline): FilterContext {
  const known = new Map<string, readonly NamedGroup[]>();
  const groupsOf = (interfaceId: string): readonly NamedGroup[] => {
    let groups = known.get(interfaceId);
    if (groups === undefined) {
      const names = new Map<string, string>();
      for (const { ruleSet } of periods)
        for (const id of groupIdsOf(ruleSet, interfaceId))
          names.set(id, ruleSet.groups.get(id)?.name ?? names.get(id) ?? "");
      groups = [...names].map(([id, name]) => ({ id, name }));
      known.set(interfaceId, groups);
    }
    return groups;
  };
  return { groupsOf };
}
