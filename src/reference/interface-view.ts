import type { NetworkAcl, NetworkInterface } from "../model/rule-set.js";
import { aclOf } from "./acl.js";
import { type Policy, policyOf } from "./policy.js";
import type { Snapshot } from "./snapshot.js";

/** An interface as one rule set judges it: of the snapshot, or one of the log that groups are attached to (1.2). */
export interface InterfaceView {
  readonly id: string;
  /** Absent for an attached interface: nothing is known of it but its groups. */
  readonly owner: NetworkInterface | undefined;
  readonly groupIds: readonly string[];
  readonly policy: Policy;
  /** The list of its subnet, where known (semantics 10.5). */
  readonly acl: NetworkAcl | undefined;
}

/** What the rule set says of an interface; `undefined` where it says nothing. */
export function viewInterface(snapshot: Snapshot, id: string): InterfaceView | undefined {
  const { ruleSet } = snapshot;
  const owner = ruleSet.interfaces.get(id);
  if (owner === undefined && ruleSet.attach.length === 0) return undefined;
  const groupIds = owner === undefined ? ruleSet.attach : owner.groupIds;
  return { id, owner, groupIds, policy: policyOf(ruleSet, groupIds), acl: aclOf(ruleSet, owner) };
}

/** Whether groups judge what passes the interface (semantics 1.2, 1.3). */
export function hasGroups(view: InterfaceView | undefined): boolean {
  return view !== undefined && view.groupIds.length > 0;
}
