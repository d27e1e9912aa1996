// What a change set changes, as changes of groups, interfaces and prefix lists. CloudFormation makes what it replaces
// anew before the old one goes, and takes a rule away before it adds its successor.
import type { RuleSet } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import type { GroupDraft } from "../group-draft.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { copyText, type LoadContext, readId } from "../load-context.js";
import { type GroupOverlay, groupChange, newOverlay, type Overlay } from "../overlay.js";
import type { RuleDraft } from "../rule-draft.js";
import { placeOfSpot } from "../spot.js";
import { asId } from "../undecided.js";
import type { ChangeSet, StackChange } from "./change-set.js";
import { takeCarrier, takeList } from "./change-set-network.js";
import { type ChangeWork, find, sourceOf, tellOpen } from "./change-set-work.js";
import { defaultEgress } from "./default-egress.js";
import { evaluatorOf, isNode, type Node, textOf } from "./evaluate.js";
import { type ItemReading, openItem, readItem, readItems } from "./rule-items.js";
import { newStackFacts } from "./stack-facts.js";
import { BALANCER, EGRESS, GROUP, INGRESS, INSTANCE, INTERFACE, PREFIX_LIST } from "./template.js";

/** What others refer to first. */
const ORDER: readonly (readonly string[])[] = [
  [GROUP],
  [PREFIX_LIST],
  [INGRESS, EGRESS],
  [INTERFACE, INSTANCE, BALANCER],
];

/** The changes of a change set over a baseline. What is yet to be made goes by its logical id. O(changes + baseline). */
export function changeSetOverlay(
  context: LoadContext,
  { changes, isCut, spot }: ChangeSet,
  baseline: RuleSet,
): Overlay {
  const work: ChangeWork = {
    context,
    baseline,
    overlay: newOverlay(),
    evaluator: evaluatorOf({ value: null, spot }, newStackFacts()),
  };
  if (isCut)
    find(
      work,
      "plan-partial",
      { logicalId: "the change set", spot },
      "NextToken is set: a page of changes is missing",
    );
  for (const types of ORDER)
    for (const change of changes) {
      if (!types.includes(change.type)) continue;
      if (change.action === "keep")
        find(work, "no-longer-managed", change, "it stays in the account as it is");
      else take(work, change);
    }
  return work.overlay;
}

function take(work: ChangeWork, change: StackChange): void {
  switch (change.type) {
    case GROUP:
      takeGroup(work, change);
      break;
    case PREFIX_LIST:
      takeList(work, change);
      break;
    case INGRESS:
    case EGRESS:
      takeRule(work, change);
      break;
    default:
      takeCarrier(work, change);
  }
}

function readingOf(work: ChangeWork, change: StackChange): ItemReading {
  const { context, evaluator, baseline } = work;
  return {
    context,
    evaluator,
    subject: change.logicalId,
    idOf: () => undefined,
    groupNamed: (name) => {
      const found = [...baseline.groups.values()].filter((group) => group.name === name);
      return found.length === 1 ? found[0]?.id : undefined;
    },
    onOpen: (attribute, spot) => tellOpen(work, change, attribute, spot),
  };
}

const LISTS: readonly (readonly [Direction, string])[] = [
  ["ingress", "SecurityGroupIngress"],
  ["egress", "SecurityGroupEgress"],
];

function takeGroup(work: ChangeWork, change: StackChange): void {
  const { physicalId, action, isReplaced, spot } = change;
  const isMade = action === "add" || isReplaced === true;
  if (physicalId !== undefined && (action === "remove" || isReplaced === true))
    groupChange(work.overlay, physicalId, sourceOf(change)).isGone = true;
  if (isReplaced !== false && action === "modify")
    find(
      work,
      "replace-successor",
      change,
      `it ${isReplaced === true ? "is" : "may be"} made anew: what the stack manages moves over, whatever else refers to ` +
        `${physicalId ?? "it"} does not`,
    );
  if (action === "remove") return;
  if (isMade) takeMadeGroup(work, change);
  else if (physicalId !== undefined)
    takeChangedGroup(
      work,
      change,
      readId(work.context, physicalId, () => spot),
    );
}

function takeMadeGroup(work: ChangeWork, change: StackChange): void {
  const { context, evaluator } = work;
  const { logicalId, after, spot } = change;
  const id = readId(context, asId(logicalId), () => spot);
  const overlay = groupChange(work.overlay, id, sourceOf(change));
  const name = textOf(evaluator.member(after, "GroupName"));
  const vpcId = textOf(evaluator.member(after, "VpcId"));
  overlay.isNew = true;
  const head: GroupDraft = {
    id,
    name: name === undefined ? undefined : copyText(name),
    vpcId: vpcId === undefined ? UNKNOWN_VPC : readId(context, vpcId, () => spot),
    accountId: undefined,
    rules: new Map(),
    at: placeOfSpot(spot),
    spot,
  };
  overlay.origin = head;
  for (const [direction, key] of LISTS) {
    const { rules, isEmpty } = rulesOf(work, change, after, id, direction, key);
    const all = direction === "egress" && isEmpty ? defaultEgress(context, after.spot, 0) : rules;
    for (const rule of all) overlay.added.set(rule.key, { rule, ruleId: undefined });
  }
}

function rulesOf(
  work: ChangeWork,
  change: StackChange,
  properties: Node,
  groupId: string,
  direction: Direction,
  key: string,
): ReturnType<typeof readItems> {
  const owner = { groupId, accountId: work.baseline.groups.get(groupId)?.accountId };
  const list = work.evaluator.member(properties, key);
  return readItems(readingOf(work, change), owner, direction, list, properties, key);
}

function takeChangedGroup(work: ChangeWork, change: StackChange, id: string): void {
  const overlay = groupChange(work.overlay, id, sourceOf(change));
  for (const [direction, key] of LISTS) {
    const old = rulesOf(work, change, change.before, id, direction, key);
    const next = rulesOf(work, change, change.after, id, direction, key);
    const kept = new Set(next.rules.map((rule) => rule.key));
    const gone = old.rules.filter((rule) => !kept.has(rule.key));
    for (const rule of gone) overlay.removed.set(rule.key, rule);
    const had = new Set(old.rules.map((rule) => rule.key));
    for (const rule of next.rules)
      if (!had.has(rule.key)) overlay.added.set(rule.key, { rule, ruleId: undefined });
    if (direction === "egress" && old.isEmpty && !next.isEmpty)
      takeDefaultEgress(work, change, overlay);
    if (gone.length > 0 && next.rules.length > 0) tellGap(work, change, gone);
  }
}

/** Egress that is written for the first time: whether AWS's open rules stay beside it nobody says. */
function takeDefaultEgress(work: ChangeWork, change: StackChange, overlay: GroupOverlay): void {
  for (const rule of defaultEgress(work.context, change.after.spot, 0)) {
    if (overlay.added.has(rule.key)) continue;
    overlay.removed.set(rule.key, rule);
  }
  const reading = readingOf(work, change);
  const open = openItem(reading, "egress", change.after, "SecurityGroupEgress");
  overlay.added.set(open.key, { rule: open, ruleId: undefined });
}

function tellGap(work: ChangeWork, change: StackChange, gone: readonly RuleDraft[]): void {
  find(
    work,
    "replace-gap",
    change,
    `CloudFormation takes rules away before it adds others: in between nothing admits ${gone[0]!.key}` +
      `${gone.length > 1 ? ` and ${gone.length - 1} more` : ""}, should an added one admit it too`,
  );
}

function takeRule(work: ChangeWork, change: StackChange): void {
  const direction: Direction = change.type === INGRESS ? "ingress" : "egress";
  const before = looseRule(work, change, change.before, direction);
  const after =
    change.action === "remove" ? undefined : looseRule(work, change, change.after, direction);
  if (before !== undefined)
    groupChange(work.overlay, before.groupId, sourceOf(change)).removed.set(
      before.rule.key,
      before.rule,
    );
  if (after !== undefined)
    groupChange(work.overlay, after.groupId, sourceOf(change)).added.set(after.rule.key, {
      rule: after.rule,
      ruleId: undefined,
    });
  if (before === undefined || after === undefined) return;
  const isSame = before.groupId === after.groupId && before.rule.key === after.rule.key;
  if (change.isReplaced === true && isSame)
    find(
      work,
      "replace-clash",
      change,
      `it is made anew before the old one goes, and AWS refuses a rule that is there already: ${before.rule.key}`,
    );
  if (change.isReplaced !== true && !isSame) tellGap(work, change, [before.rule]);
}

/** The rule of a resource of its own, and its group; nothing where there is none on this side of the change. */
function looseRule(
  work: ChangeWork,
  change: StackChange,
  properties: Node,
  direction: Direction,
): { readonly groupId: string; readonly rule: RuleDraft } | undefined {
  if (properties.value === null) return undefined;
  const { evaluator, context, overlay } = work;
  const id = evaluator.member(properties, "GroupId");
  const text = textOf(id);
  const reading = readingOf(work, change);
  if (text !== undefined && isNode(id)) {
    const groupId = readId(context, text, () => id.spot);
    const owner = { groupId, accountId: work.baseline.groups.get(groupId)?.accountId };
    const rule = readItem(reading, owner, direction, properties, "Properties");
    return rule && { groupId, rule };
  }
  const made = [...overlay.groups.values()].filter(({ isNew }) => isNew);
  find(
    work,
    "rule-without-group",
    change,
    `its group is known only after the change set is executed: it may be a rule of ${made.map((each) => each.id).join(", ") || "no group that it makes"}`,
  );
  for (const each of made) {
    const rule = openItem(reading, direction, properties, "Properties");
    each.added.set(rule.key, { rule, ruleId: undefined });
  }
  return undefined;
}
