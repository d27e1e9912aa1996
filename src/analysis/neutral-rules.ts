import type { NetworkInterface, RuleSet } from "../model/rule-set.js";

/** Carried by every interface while a log is summed up: no rule set has it, so no rule is asked. */
const NO_GROUP = "summary";

/**
 * The rule set under which a log is summed up: the facts about interfaces that decide connections (addresses, VPC
 * services, timers) without groups, lists or ACLs. Every interface, also one that no document names, is filtered by a
 * group that nobody knows: so every connection becomes a row, whatever rules will judge it.
 */
export function neutralRules(facts: RuleSet | undefined): RuleSet {
  const interfaces = new Map<string, NetworkInterface>();
  for (const face of facts?.interfaces.values() ?? [])
    interfaces.set(face.id, { ...face, groupIds: [NO_GROUP] });
  return {
    groups: new Map(),
    prefixLists: new Map(),
    interfaces,
    vpcs: facts?.vpcs ?? new Map(),
    subnets: facts?.subnets ?? new Map(),
    peerings: facts?.peerings ?? [],
    acls: new Map(),
    attach: [NO_GROUP],
    snapshotComplete: false,
  };
}
