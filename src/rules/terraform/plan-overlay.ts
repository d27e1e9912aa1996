// What a plan changes, as changes of groups, interfaces and prefix lists.
import type { RuleSet } from "../../model/rule-set.js";
import type { LoadContext } from "../load-context.js";
import type { Overlay } from "../overlay.js";
import { GROUP_TYPES, RULE_TYPES } from "./groups.js";
import { ATTACHMENT_TYPE, CARRIER_TYPES } from "./interfaces.js";
import { tellMoved } from "./moved.js";
import { ENTRY_TYPE, LIST_TYPE } from "./networks.js";
import type { ResourceChange, TerraformPlan } from "./plan.js";
import { takeAcls } from "./plan-acls.js";
import { takeAttachment, takeCarrier } from "./plan-carriers.js";
import { EXCLUSIVE_TYPE, takeExclusive } from "./plan-exclusive.js";
import { takeGroup, takeRule } from "./plan-groups.js";
import { takeEntry, takeList } from "./plan-lists.js";
import { takeUnreadCarriers } from "./plan-unread.js";
import { find, type PlanWork, workOnPlan } from "./plan-work.js";

/** Who reads which types, what others refer to first. */
const READERS: readonly (readonly [
  ReadonlySet<string>,
  (work: PlanWork, change: ResourceChange) => void,
])[] = [
  [GROUP_TYPES, takeGroup],
  [new Set([LIST_TYPE]), takeList],
  [new Set([ENTRY_TYPE]), takeEntry],
  [new Set(RULE_TYPES.keys()), takeRule],
  [CARRIER_TYPES, takeCarrier],
  [new Set([ATTACHMENT_TYPE]), takeAttachment],
  [new Set([EXCLUSIVE_TYPE]), takeExclusive],
];

/**
 * The changes of a plan over a baseline. What is yet to be made goes by its Terraform address; what is known only after
 * apply is undecided, unless the configuration refers to ids alone. O(plan + baseline).
 */
export function planOverlay(context: LoadContext, plan: TerraformPlan, baseline: RuleSet): Overlay {
  const work = workOnPlan(context, plan, baseline);
  if (plan.isPartial)
    find(
      work,
      "plan-partial",
      { address: "plan", spot: plan.spot },
      "it does not cover all resources (-target, or changes put off): the others are taken as they are",
    );
  takeUnreadCarriers(work);
  takeAcls(work);
  for (const [types, take] of READERS)
    for (const change of plan.changes)
      if (types.has(change.type) && change.action !== "none") {
        if (change.action === "forget")
          find(
            work,
            "no-longer-managed",
            change,
            "Terraform forgets it: it stays in the account as it is",
          );
        else take(work, change);
      }
  tellMoved(work);
  return work.overlay;
}
