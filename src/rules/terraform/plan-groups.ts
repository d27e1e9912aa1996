// Changes of groups and of rules that are resources of their own. Only what differs before and after counts: the list of
// a group also holds rules that others made, and a plan repeats them without managing them.
import type { Direction } from "../../model/verdict.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import type { GroupOverlay } from "../overlay.js";
import type { RuleDraft } from "../rule-draft.js";
import {
  DIRECTIONS,
  directionOf,
  groupHead,
  inlineRules,
  NOTHING_OPEN,
  openList,
  openTraffic,
  RULE_TYPES,
  resourceRules,
  ruleIdOf,
} from "./groups.js";
import { optionalId, requiredId } from "./ids.js";
import { noteCome, noteGone } from "./moved.js";
import { OPEN, textOf } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { decidedId, find, groupOverlay, looksUpLate, type PlanWork } from "./plan-work.js";
import { tellReplacedGroup, tellReplacedRule } from "./replacement.js";
import type { TerraformResource } from "./resource.js";

export function takeGroup(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  if (before !== undefined && (action === "delete" || action === "replace"))
    takeGone(work, change, before);
  if (after === undefined) return;
  if (action === "update" && before !== undefined) takeUpdate(work, change, before, after);
  else takeMade(work, change, after);
}

function takeGone(work: PlanWork, change: ResourceChange, before: TerraformResource): void {
  if (change.type === "aws_default_security_group") {
    find(
      work,
      "default-group-left",
      change,
      "Terraform forgets the default group: it and its rules stay",
    );
    return;
  }
  const overlay = groupOverlay(work, requiredId(work.context, before, "id"), change);
  overlay.isGone = true;
  if (change.action === "replace") tellReplacedGroup(work, change, overlay.id);
}

function takeUpdate(
  work: PlanWork,
  change: ResourceChange,
  before: TerraformResource,
  after: TerraformResource,
): void {
  const overlay = groupOverlay(work, requiredId(work.context, before, "id"), change);
  const owner = { groupId: overlay.id, accountId: optionalId(work.context, before, "owner_id") };
  for (const direction of DIRECTIONS) {
    const old = inlineRules(work.context, before, owner, direction, NOTHING_OPEN);
    const next = inlineRules(work.context, after, owner, direction, work.handling);
    if (old === OPEN) continue;
    const rules =
      next === OPEN ? [openList(work.context, after, owner, direction, work.handling)] : next;
    const isSame =
      old
        .map(({ key }) => key)
        .sort()
        .join() ===
      rules
        .map(({ key }) => key)
        .sort()
        .join();
    if (isSame) continue;
    warnAboutMix(work, change, overlay.id, direction);
    for (const rule of old) overlay.removed.set(rule.key, rule);
    for (const rule of rules) overlay.added.set(rule.key, { rule, ruleId: undefined });
  }
}

/** A list that changes is written in the configuration: the provider then takes away every rule that is not in it. */
function warnAboutMix(
  work: PlanWork,
  change: ResourceChange,
  groupId: string,
  direction: Direction,
): void {
  const others = work.plan.changes.filter(
    ({ type, action, before }) =>
      RULE_TYPES.has(type) &&
      action !== "delete" &&
      before !== undefined &&
      textOf(before, "security_group_id") === groupId &&
      directionOf(before) === direction,
  );
  if (others.length === 0) return;
  find(
    work,
    "mixed-rules",
    change,
    `its ${direction} list is written out, and so are rules of its own (${others[0]!.address}): the provider undoes one by ` +
      "the other, and what stands in the end depends on the order of the apply",
  );
}

/** A new group has the rules of its lists; Terraform takes AWS's open egress away. */
function takeMade(work: PlanWork, change: ResourceChange, after: TerraformResource): void {
  const id = work.madeIds.get(change.address) ?? requiredId(work.context, after, "id");
  const overlay = groupOverlay(work, id, change);
  const known = work.baseline.groups.get(id);
  // The default group of a VPC is adopted, and loses all its rules first.
  const adopted = change.type === "aws_default_security_group" && known !== undefined;
  overlay.isNew = true;
  const head = groupHead(work.context, after, id);
  overlay.origin = adopted
    ? { ...head, name: known.name, vpcId: known.vpcId ?? UNKNOWN_VPC, accountId: known.accountId }
    : head;
  const owner = { groupId: id, accountId: overlay.origin.accountId };
  for (const direction of DIRECTIONS) {
    const rules = inlineRules(work.context, after, owner, direction, work.handling);
    if (rules !== OPEN) addRules(overlay, rules);
    else if (mayHaveList(work, after, direction))
      addRules(overlay, [openList(work.context, after, owner, direction, work.handling)]);
  }
}

function addRules(overlay: GroupOverlay, rules: readonly RuleDraft[]): void {
  for (const rule of rules) overlay.added.set(rule.key, { rule, ruleId: undefined });
}

/**
 * A new group's list is open where the configuration leaves it out, which gives none, and where it cannot be computed
 * yet. Dynamic blocks are printed by no plan, others not by older ones: rules of their own show that it is left out.
 */
function mayHaveList(work: PlanWork, group: TerraformResource, direction: Direction): boolean {
  if (work.configuration.isWritten(group, direction)) return true;
  return !work.plan.changes.some(
    ({ type, after }) =>
      RULE_TYPES.has(type) &&
      after !== undefined &&
      directionOf(after) === direction &&
      groupIdOf(work, after) === (work.madeIds.get(group.address) ?? ""),
  );
}

/** The group of a rule after the plan; none where that is not decided. */
function groupIdOf(work: PlanWork, rule: TerraformResource): string | undefined {
  return textOf(rule, "security_group_id") === OPEN
    ? decidedId(work, rule, "security_group_id")
    : optionalId(work.context, rule, "security_group_id");
}

export function takeRule(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  const removed = before === undefined ? [] : takeRemoved(work, change, before);
  const added = after === undefined ? [] : takeAdded(work, change, after);
  if (action === "replace") tellReplacedRule(work, change, removed, added);
}

function takeRemoved(
  work: PlanWork,
  change: ResourceChange,
  before: TerraformResource,
): readonly RuleDraft[] {
  const groupId = requiredId(work.context, before, "security_group_id");
  const overlay = groupOverlay(work, groupId, change);
  const owner = { groupId, accountId: accountOf(work, groupId) };
  const rules = resourceRules(work.context, before, owner, NOTHING_OPEN);
  for (const rule of rules) {
    overlay.removed.set(rule.key, rule);
    noteGone(work, change, `${groupId}/${rule.key}`);
  }
  return rules;
}

function accountOf({ baseline, groups }: PlanWork, groupId: string): string | undefined {
  return baseline.groups.get(groupId)?.accountId ?? groups.described.get(groupId)?.draft.accountId;
}

function takeAdded(
  work: PlanWork,
  change: ResourceChange,
  after: TerraformResource,
): readonly RuleDraft[] {
  const groupId = groupIdOf(work, after);
  if (groupId !== undefined) return addTo(work, change, after, groupId);
  const made = [...work.overlay.groups.values()].filter(({ isNew }) => isNew).map(({ id }) => id);
  const mayExist = made.length === 0 || looksUpLate(work, LOOKUPS);
  find(
    work,
    "rule-without-group",
    change,
    `its group is known only after apply: it may be a rule of ${[...made, ...(mayExist ? ["any group that exists"] : [])].join(", ")}`,
  );
  const ids = mayExist ? new Set([...made, ...keptGroups(work)]) : made;
  for (const rule of mayBeRules(work, after))
    for (const id of ids)
      groupOverlay(work, id, change).added.set(rule.key, { rule, ruleId: undefined });
  return [];
}

/** Data sources that may tell a group's id. */
const LOOKUPS =
  /^(aws_(security_groups?|instances?|network_interfaces?|ssm_parameters?(_by_path)?|cloudformation_(stack|export))|terraform_remote_state|external)$/;

function keptGroups({ baseline, groups, overlay }: PlanWork): readonly string[] {
  const ids = [...baseline.groups.keys(), ...groups.described.keys()];
  return ids.filter((id) => overlay.groups.get(id)?.isGone !== true);
}

/** What stands for a rule where it may be and may not: its traffic is unknown, and no other. */
function mayBeRules(work: PlanWork, after: TerraformResource): readonly RuleDraft[] {
  const owner = { groupId: after.address, accountId: undefined };
  const rules = resourceRules(work.context, after, owner, NOTHING_OPEN).map((rule) =>
    openTraffic(work.context, after, rule, "security_group_id"),
  );
  return [...new Map(rules.map((rule) => [rule.key, rule])).values()];
}

function addTo(
  work: PlanWork,
  change: ResourceChange,
  after: TerraformResource,
  groupId: string,
): readonly RuleDraft[] {
  const overlay = groupOverlay(work, groupId, change);
  const owner = { groupId, accountId: accountOf(work, groupId) };
  const rules = resourceRules(work.context, after, owner, work.handling);
  const ruleId = ruleIdOf(work.context, after, rules);
  for (const rule of rules) {
    overlay.added.set(rule.key, { rule, ruleId });
    noteCome(work, change, `${groupId}/${rule.key}`);
  }
  return rules;
}
