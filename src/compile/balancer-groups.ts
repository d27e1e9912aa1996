import type { RuleSet } from "../model/rule-set.js";
import type { RuleOrder } from "./rule-order.js";

const LOAD_BALANCER = "network_load_balancer";

/** Who carries which group in one rule set, by interface index. */
export interface Carriers {
  /** Interface indices per group that some interface carries, ascending. */
  readonly ofGroup: ReadonlyMap<string, readonly number[]>;
  /** Groups that a load balancer carries. */
  readonly balanced: ReadonlySet<string>;
}

/** `ids`: all interfaces by index; those that the rule set lacks are passed over. O(interfaces and their groups). */
export function findCarriers(ruleSet: RuleSet, ids: readonly string[]): Carriers {
  const ofGroup = new Map<string, number[]>();
  const balanced = new Set<string>();
  ids.forEach((interfaceId, index) => {
    const owner = ruleSet.interfaces.get(interfaceId);
    if (owner === undefined) return;
    for (const id of new Set(owner.groupIds)) {
      const list = ofGroup.get(id);
      if (list === undefined) ofGroup.set(id, [index]);
      else list.push(index);
      if (owner.type === LOAD_BALANCER) balanced.add(id);
    }
  });
  return { ofGroup, balanced };
}

/** Groups that a load balancer carries and an ingress rule refers to (3.5d), with all interfaces that carry them. */
export function findBalancerGroups(
  carriers: Carriers,
  order: RuleOrder,
): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const rule of order.rules) {
    if (rule.direction !== "ingress" || rule.stale || rule.peer.kind !== "group") continue;
    const { id } = rule.peer;
    if (carriers.balanced.has(id)) found.set(id, carriers.ofGroup.get(id) ?? []);
  }
  return found;
}
