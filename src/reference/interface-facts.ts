import type { Address } from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { aclOf } from "./acl.js";
import { serviceAddresses } from "./services.js";
import { timersFor } from "./timer.js";

/** What decides connections at an interface, the same for every rule set that judges them (semantics 9.4). */
export interface InterfaceFacts {
  /** Absent for an attached interface. */
  readonly owner: NetworkInterface | undefined;
  readonly services: readonly Address[];
  readonly timers: Timers;
  /** Some rule set has groups or a network ACL for it; else none of its records needs a connection. */
  readonly filtered: boolean;
}

/**
 * Facts come from the first rule set that holds the interface, else from the first that attaches groups to it;
 * `undefined` where no rule set speaks of it.
 */
export function factsOf(
  ruleSets: readonly RuleSet[],
  id: string,
  timers: Timers,
): InterfaceFacts | undefined {
  const source =
    ruleSets.find(({ interfaces }) => interfaces.has(id)) ??
    ruleSets.find(({ attach }) => attach.length > 0);
  if (source === undefined) return undefined;
  const owner = source.interfaces.get(id);
  const filtered = ruleSets.some(
    (ruleSet) =>
      (ruleSet.interfaces.get(id)?.groupIds ?? ruleSet.attach).length > 0 ||
      aclOf(ruleSet, ruleSet.interfaces.get(id)) !== undefined,
  );
  return {
    owner,
    services: serviceAddresses(source, owner),
    timers: timersFor(timers, owner?.timers),
    filtered,
  };
}
