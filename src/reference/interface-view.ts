import type { Address } from "../model/address.js";
import type { NetworkInterface } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { type Policy, policyOf } from "./policy.js";
import { serviceAddresses } from "./services.js";
import type { Snapshot } from "./snapshot.js";
import { timersFor } from "./timer.js";

/** An interface that can be judged: of the snapshot, or one of the log that groups are attached to (1.2). */
export interface InterfaceView {
  readonly id: string;
  /** Absent for an attached interface: nothing is known of it but its groups. */
  readonly owner: NetworkInterface | undefined;
  readonly groupIds: readonly string[];
  readonly policy: Policy;
  readonly services: readonly Address[];
  readonly timers: Timers;
}

/** What the rule set says of an interface; `undefined` where it says nothing. */
export function viewInterface(
  snapshot: Snapshot,
  id: string,
  timers: Timers,
): InterfaceView | undefined {
  const { ruleSet } = snapshot;
  const owner = ruleSet.interfaces.get(id);
  if (owner === undefined && ruleSet.attach.length === 0) return undefined;
  const groupIds = owner === undefined ? ruleSet.attach : owner.groupIds;
  return {
    id,
    owner,
    groupIds,
    policy: policyOf(ruleSet, groupIds),
    services: serviceAddresses(ruleSet, owner),
    timers: timersFor(timers, owner?.timers),
  };
}
