// What a change set changes, as changes of groups, interfaces and prefix lists. CloudFormation makes what it replaces
// anew before the old one goes, and takes a rule away before it adds its successor.
import type { RuleSet } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import type { GroupDraft } from "../group-draft.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { copyText, type LoadContext, readId } from "../load-context.js";
import { type GroupOverlay, groupChange, newOverlay, type Overlay } from "../overlay.js";
import { draftRule, type RuleDraft } from "../rule-draft.js";
import { ruleKey } from "../rule-key.js";
import { placeOfSpot } from "../spot.js";
import { asId } from "../undecided.js";
import type { ChangeSet, StackChange } from "./change-set.js";
import { takeCarrier, takeList } from "./change-set-network.js";
import { takeUnread } from "./change-set-unread.js";
import { type ChangeWork, find, sourceOf, tellOpen } from "./change-set-work.js";
import { defaultEgress, hasOpenEgress, leaveEgressOpen } from "./default-egress.js";
import { evaluatorOf, isNode, type Node, textOf } from "./evaluate.js";
import {
  BALANCER,
  EGRESS,
  GROUP,
  INGRESS,
  INSTANCE,
  INTERFACE,
  PREFIX_LIST,
} from "./resource-types.js";
import { type ItemReading, openItem, readItem, readItems } from "./rule-items.js";
import { newStackFacts } from "./stack-facts.js";

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
  { changes, unread, isCut, spot }: ChangeSet,
  baseline: RuleSet,
): Overlay {
  const work: ChangeWork = {
    context,
    baseline,
    changes,
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
  takeUnread(work, unread);
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
  const { physicalId, action, isReplaced, isRetained, spot } = change;
  const isMade = action === "add" || isReplaced === true;
  if (isReplaced === true && isRetained)
    find(work, "no-longer-managed", change, `${physicalId ?? "it"} stays beside its successor`);
  else if (physicalId !== undefined && (action === "remove" || isReplaced === true))
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
    const all = direction === "egress" && isEmpty ? egressOfMade(work, change, after, key) : rules;
    for (const rule of all) overlay.added.set(rule.key, { rule, ruleId: undefined });
  }
}

/** AWS's open egress; where a rule of its own may come beside it, nobody says whether it stays (semantics 3.9). */
function egressOfMade(
  work: ChangeWork,
  change: StackChange,
  after: Node,
  key: string,
): readonly RuleDraft[] {
  const hasLoose = work.changes.some(
    (each) =>
      each.type === EGRESS &&
      (each.action === "add" || each.action === "modify") &&
      textOf(work.evaluator.member(each.after, "GroupId")) === undefined,
  );
  return hasLoose
    ? [openItem(readingOf(work, change), "egress", after, key)]
    : defaultEgress(work.context, after.spot, 0);
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
    if (direction === "egress" && old.isEmpty !== next.isEmpty)
      leaveOpen(work, change, overlay, key);
    if (gone.length > 0 && next.rules.length > 0) tellGap(work, change, gone);
  }
}

/** Where egress is written for the first time, or no longer. */
function leaveOpen(
  work: ChangeWork,
  change: StackChange,
  overlay: GroupOverlay,
  name: string,
): void {
  const at = change.action === "remove" ? change.before : change.after;
  const open = openItem(readingOf(work, change), "egress", at, name);
  leaveEgressOpen(work.context, overlay, work.baseline.groups.get(overlay.id), open);
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
  const isKept = change.isReplaced === true && change.isRetained;
  const before = isKept ? undefined : goingRule(work, change, direction);
  const after = change.action === "remove" ? undefined : comingRule(work, change, direction);
  if (before !== undefined)
    groupChange(work.overlay, before.groupId, sourceOf(change)).removed.set(
      before.rule.key,
      before.rule,
    );
  if (after !== undefined) {
    const overlay = groupChange(work.overlay, after.groupId, sourceOf(change));
    overlay.added.set(after.rule.key, { rule: after.rule, ruleId: undefined });
    const isFirst = direction === "egress" && before?.groupId !== after.groupId && !isKept;
    if (isFirst && hasOpenEgress(work.baseline.groups.get(after.groupId)))
      leaveOpen(work, change, overlay, "Properties");
  }
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

interface LooseRule {
  readonly groupId: string;
  readonly rule: RuleDraft;
}

function ruleIn(
  work: ChangeWork,
  change: StackChange,
  properties: Node,
  direction: Direction,
  groupId: string,
): LooseRule | undefined {
  const owner = { groupId, accountId: work.baseline.groups.get(groupId)?.accountId };
  const rule = readItem(readingOf(work, change), owner, direction, properties, "Properties");
  return rule && { groupId, rule };
}

function groupIdAt({ evaluator, context }: ChangeWork, properties: Node): string | undefined {
  const id = evaluator.member(properties, "GroupId");
  const text = textOf(id);
  return text === undefined || !isNode(id) ? undefined : readId(context, text, () => id.spot);
}

/** Ids of the groups of the baseline and, where they count, of those that are made, which have the name. */
function groupsNamed({ baseline, overlay }: ChangeWork, name: string, isMade: boolean): string[] {
  const made = [...overlay.groups.values()].filter((each) => isMade && each.isNew);
  return [
    ...[...baseline.groups.values()].filter((group) => group.name === name).map(({ id }) => id),
    ...made.filter(({ origin }) => origin?.name === name).map(({ id }) => id),
  ];
}

/**
 * The rule of a resource of its own as it was, and its group; nothing where there was none. Where several groups may be
 * the one that loses it, it is undecided in each that has it.
 */
function goingRule(
  work: ChangeWork,
  change: StackChange,
  direction: Direction,
): LooseRule | undefined {
  const { evaluator, baseline, overlay } = work;
  const { before } = change;
  if (before.value === null) return undefined;
  const groupId = groupIdAt(work, before);
  if (groupId !== undefined) return ruleIn(work, change, before, direction, groupId);
  const name = textOf(evaluator.member(before, "GroupName"));
  const named = name === undefined ? [...baseline.groups.keys()] : groupsNamed(work, name, false);
  const [only] = named;
  if (name !== undefined && named.length === 1 && only !== undefined)
    return ruleIn(work, change, before, direction, only);
  const rule = ruleIn(work, change, before, direction, "")?.rule;
  if (rule === undefined) return undefined;
  const losers = named.filter((id) =>
    baseline.groups.get(id)?.rules.some((each) => ruleKey(each) === rule.key),
  );
  find(
    work,
    "rule-without-group",
    change,
    `nothing tells which group loses ${rule.key}: ${losers.length === 0 ? "its removal is left out" : `it is undecided in ${losers.join(", ")}`}`,
  );
  const open = openItem(readingOf(work, change), direction, before, "Properties");
  for (const id of losers) {
    const loser = groupChange(overlay, id, sourceOf(change));
    loser.removed.set(rule.key, rule);
    loser.added.set(open.key, { rule: open, ruleId: undefined });
  }
  return undefined;
}

const SHOWN = 3;

function shownGroups(ids: readonly string[]): string {
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  return `${ids.slice(0, SHOWN).join(", ") || "no group that is known"}${more}`;
}

/** The same as it will be: where nothing tells its group, it is undecided in each that may be it. */
function comingRule(
  work: ChangeWork,
  change: StackChange,
  direction: Direction,
): LooseRule | undefined {
  const { evaluator, overlay, baseline } = work;
  const { before, after } = change;
  if (after.value === null) return undefined;
  const groupId = groupIdAt(work, after);
  if (groupId !== undefined) return ruleIn(work, change, after, direction, groupId);
  const name = textOf(evaluator.member(after, "GroupName"));
  const made = [...overlay.groups.values()].filter(({ isNew }) => isNew).map(({ id }) => id);
  const old = before.value === null ? undefined : groupIdAt(work, before);
  // It may stay where it is; where the stack makes no group that it could be of, it is one of those that exist.
  const stays = old !== undefined && baseline.groups.has(old) ? [old] : [];
  const others = stays.length + made.length > 0 ? [...stays, ...made] : [...baseline.groups.keys()];
  const candidates = name === undefined ? others : groupsNamed(work, name, true);
  const [only] = candidates;
  if (name !== undefined && candidates.length === 1 && only !== undefined)
    return ruleIn(work, change, after, direction, only);
  find(
    work,
    "rule-without-group",
    change,
    `its group is known only after the change set is executed: it may be a rule of ${shownGroups(candidates)}`,
  );
  const any = openItem(readingOf(work, change), direction, after, "Properties");
  const told = ruleIn(work, change, after, direction, "")?.rule;
  const open = told === undefined ? any : draftRule(direction, told.traffic, any.peer, { ...any });
  for (const id of candidates) {
    const owner = groupChange(overlay, id, sourceOf(change));
    const known = baseline.groups.get(id);
    if (direction === "egress" && id !== old && hasOpenEgress(known))
      leaveEgressOpen(work.context, owner, known, any);
    else owner.added.set(open.key, { rule: open, ruleId: undefined });
  }
  return undefined;
}
