// The resource that takes every rule from a group which it does not name. Which ones go is told by ids that rules seldom
// have, so what the group lets through is undecided.
import { interfaceChange } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import { undecidedId } from "../undecided.js";
import { textOf } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { decidedId, find, type PlanWork } from "./plan-work.js";

export const EXCLUSIVE_TYPE = "aws_vpc_security_group_rules_exclusive";

/** Leaves open what the group lets through. When the resource goes, nothing is taken. */
export function takeExclusive(work: PlanWork, change: ResourceChange): void {
  const { context, overlay, baseline } = work;
  const { after, address: subject } = change;
  if (after === undefined) return;
  const text = textOf(after, "security_group_id");
  const groupId = typeof text === "string" ? text : decidedId(work, after, "security_group_id");
  const source = { subject, at: placeOfSpot(change.spot) };
  const open = undecidedId(context, after.spot, subject, "ingress_rule_ids");
  let count = 0;
  for (const owner of baseline.interfaces.values()) {
    const reached = owner.groupIds.filter((id) => groupId === undefined || id === groupId);
    if (reached.length === 0) continue;
    count++;
    const moved = interfaceChange(overlay, owner.id, source);
    for (const id of reached) moved.detached.add(id);
    moved.attached.add(open);
  }
  find(
    work,
    "mixed-rules",
    change,
    `it takes every rule from ${groupId ?? "a group known only after apply"} that it does not name: what that lets through ` +
      `at ${count} ${count === 1 ? "interface" : "interfaces"} is undecided`,
  );
}
