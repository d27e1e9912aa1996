// Groups of a template, with the rules in them and those that are resources of their own.
import type { Group, Peer, Rule } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import type { Collected } from "../collect.js";
import { joinGroup } from "../group-document.js";
import { addRule, type GroupDraft } from "../group-draft.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { isObject, memberOf, OFFSET } from "../json-reader.js";
import { copyText, type LoadContext, readId, warn } from "../load-context.js";
import { groupChange, newOverlay, type Overlay } from "../overlay.js";
import type { RuleDraft } from "../rule-draft.js";
import { ruleKey } from "../rule-key.js";
import type { Spot } from "../spot.js";
import { defaultEgress, hasOpenEgress, leaveEgressOpen } from "./default-egress.js";
import { holdsFunction, isNode, isResource, NONE, type Node, textOf } from "./evaluate.js";
import { EGRESS, GROUP, INGRESS, PREFIX_LIST } from "./resource-types.js";
import { type ItemOwner, type ItemReading, openItem, readItem, readItems } from "./rule-items.js";
import {
  idAt,
  isRewritten,
  type OpenedTemplate,
  shareExports,
  type TemplateResource,
  warnOpen,
} from "./template.js";
import { groupsMeant, reaches } from "./unexpanded.js";

const DIRECTIONS: readonly (readonly [
  Direction,
  "SecurityGroupIngress" | "SecurityGroupEgress",
])[] = [
  ["ingress", "SecurityGroupIngress"],
  ["egress", "SecurityGroupEgress"],
];

/** A template with its groups by logical id. */
interface TemplateGroups {
  readonly opened: OpenedTemplate;
  readonly groups: ReadonlyMap<string, GroupDraft>;
}

/** Adds the groups of all templates, and rules of groups that none of them holds. */
export function collectTemplateGroups(all: readonly OpenedTemplate[], into: Collected): void {
  for (const opened of all) shareExports(opened);
  const templates = all.map((opened): TemplateGroups => {
    const groups = new Map<string, GroupDraft>();
    const heads = opened.resources.filter(({ type }) => type === GROUP);
    for (const resource of heads) groups.set(resource.logicalId, groupHead(opened, resource));
    for (const resource of heads) addOwnRules(opened, resource, groups);
    return { opened, groups };
  });
  for (const { opened, groups } of templates) {
    const others = templates.flatMap((each) =>
      each.groups === groups ? [] : [...each.groups.values()],
    );
    for (const resource of opened.resources)
      if (resource.type === INGRESS || resource.type === EGRESS)
        addLooseRule(opened, into, resource, groups, others);
  }
  for (const { opened, groups } of templates)
    for (const draft of groups.values()) {
      warnLeftOut(opened, draft);
      joinGroup(into.groups, draft);
    }
}

/** Rules that a message names before it counts the rest. */
const SHOWN = 3;

/** An update takes away what the stack made and leaves what others added; a template does not tell the two apart. */
function warnLeftOut({ context }: OpenedTemplate, { id, rules, spot }: GroupDraft): void {
  const left = (context.baseline?.groups.get(id)?.rules ?? [])
    .map(ruleKey)
    .filter((key) => !rules.has(key));
  if (left.length === 0) return;
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : "";
  warn(
    context,
    spot,
    "template-rules-left-out",
    `${id} loses ${left.slice(0, SHOWN).join(", ")}${more}, which the template does not hold: an update takes away what the ` +
      "stack made alone, and rules that others added stay; a change set tells which",
  );
}

function groupHead(opened: OpenedTemplate, resource: TemplateResource): GroupDraft {
  const { context, evaluator, ids } = opened;
  const { node, logicalId, properties } = resource;
  const id = ids.get(logicalId) as string;
  const known = context.baseline?.groups.get(id);
  const name = textOf(evaluator.member(properties, "GroupName"));
  if (resource.exists === undefined) warnCondition(opened, resource);
  return {
    id,
    name: name === undefined ? known?.name : copyText(name),
    vpcId: idAt(opened, resource, "VpcId") ?? known?.vpcId ?? UNKNOWN_VPC,
    accountId: opened.facts.pseudo.get("AWS::AccountId") ?? known?.accountId,
    rules: new Map(),
    at: node.spot.document.placeOf(offsetOf(node)),
    spot: node.spot,
  };
}

function offsetOf({ value }: Node): number {
  return isObject(value) ? value[OFFSET] : 0;
}

function warnCondition({ context }: OpenedTemplate, { node }: TemplateResource): void {
  warn(
    context,
    node.spot,
    "template-condition",
    "nothing decides whether its condition holds: it is taken as made; give the parameters that decide it",
  );
}

function readingOf(
  opened: OpenedTemplate,
  { logicalId }: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
): ItemReading {
  const { context, evaluator } = opened;
  return {
    context,
    evaluator,
    subject: logicalId,
    idOf: (id, attribute, what) => referredId(opened, id, attribute, what),
    groupNamed: (name) => namedGroup(opened, groups, name),
    onOpen: (attribute, spot) => warnOpen(context, spot, attribute),
  };
}

function referredId(
  { byId, ids }: OpenedTemplate,
  logicalId: string,
  attribute: string,
  what: "group" | "list",
): string | undefined {
  const type = byId.get(logicalId)?.type;
  const isMeant =
    what === "group"
      ? type === GROUP && /^(Ref|GroupId|Id)$/.test(attribute)
      : type === PREFIX_LIST && /^(Ref|PrefixListId)$/.test(attribute);
  return isMeant ? ids.get(logicalId) : undefined;
}

function namedGroup(
  { context }: OpenedTemplate,
  groups: ReadonlyMap<string, GroupDraft>,
  name: string,
): string | undefined {
  const all = [...groups.values(), ...(context.baseline?.groups.values() ?? [])];
  const ids = new Set(all.filter((group) => group.name === name).map(({ id }) => id));
  return ids.size === 1 ? [...ids][0] : undefined;
}

function addOwnRules(
  opened: OpenedTemplate,
  resource: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
): void {
  const draft = groups.get(resource.logicalId) as GroupDraft;
  const reading = readingOf(opened, resource, groups);
  const owner: ItemOwner = { groupId: draft.id, accountId: draft.accountId };
  for (const [direction, key] of DIRECTIONS) {
    const list = opened.evaluator.member(resource.properties, key);
    const { rules, isEmpty } = readItems(reading, owner, direction, list, resource.node, key);
    if (!isRewritten(opened, resource)) for (const rule of rules) addRule(draft.rules, rule);
    if (mayHaveMore(opened, resource))
      addRule(draft.rules, openItem(reading, direction, resource.node, key));
    else if (direction === "egress" && isEmpty)
      for (const rule of egressOf(opened, reading, resource, groups)) addRule(draft.rules, rule);
  }
}

/** Whether what is not expanded may make rules of the group beside those that are written. */
function mayHaveMore({ unexpanded }: OpenedTemplate, resource: TemplateResource): boolean {
  const { logicalId, node, properties } = resource;
  return (
    reaches(unexpanded, logicalId) || holdsFunction(node.value) || holdsFunction(properties.value)
  );
}

/**
 * Without egress rules AWS opens a new group for all that goes out (semantics 3.9). Of one that exists nobody can say
 * whether it had others before: taken away, they leave nothing behind.
 */
function egressOf(
  opened: OpenedTemplate,
  reading: ItemReading,
  resource: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
): readonly RuleDraft[] {
  const { context } = opened;
  const draft = groups.get(resource.logicalId) as GroupDraft;
  const open = defaultEgress(context, resource.node.spot, offsetOf(resource.node));
  const known = context.baseline?.groups
    .get(draft.id)
    ?.rules.filter(({ direction }) => direction === "egress");
  const hasLoose = opened.resources.some(
    (each) => each.type === EGRESS && mayOwn(opened, each, groups, resource.logicalId),
  );
  if (!hasLoose && known === undefined) return open;
  if (!hasLoose && known?.every(isOpenRule) === true)
    return open.filter(({ peer }) => known.some((rule) => familyOf(rule.peer) === familyOf(peer)));
  return [openItem(reading, "egress", resource.node, "SecurityGroupEgress")];
}

function familyOf(peer: Peer): 4 | 6 | undefined {
  return peer.kind === "cidr" ? peer.cidr.address.family : undefined;
}

function isOpenRule({ protocol, peer }: Rule): boolean {
  return protocol === -1 && peer.kind === "cidr" && peer.cidr.length === 0;
}

/** A rule that is a resource of its own; of a group elsewhere it is a part of what that has. */
function addLooseRule(
  opened: OpenedTemplate,
  into: Collected,
  resource: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
  others: readonly GroupDraft[],
): void {
  const direction = resource.type === INGRESS ? "ingress" : "egress";
  const groupId = looseOwner(opened, resource, groups);
  if (groupId === undefined) {
    addEverywhere(opened, into, resource, groups, others, direction);
    return;
  }
  const draft = [...groups.values()].find(({ id }) => id === groupId);
  const elsewhere = others.find(({ id }) => id === groupId);
  const owner = { groupId, accountId: draft?.accountId };
  const reading = readingOf(opened, resource, groups);
  const rule =
    resource.exists === undefined || isRewritten(opened, resource)
      ? openItem(reading, direction, resource.node, resource.exists ? "Transform" : "Condition")
      : readItem(reading, owner, direction, resource.properties, "Properties");
  if (rule === undefined) return;
  if (draft !== undefined) {
    addRule(draft.rules, rule);
    return;
  }
  if (elsewhere !== undefined) {
    const open = openItem(reading, direction, resource.node, "Properties");
    addElsewhere(opened.context, elsewhere, rule, open);
    return;
  }
  into.partialGroups.set(groupId, [...(into.partialGroups.get(groupId) ?? []), rule]);
  const known = opened.context.baseline?.groups.get(groupId);
  // A rule that is there already was added before, with all that came of it.
  const isNews = known?.rules.every((each) => ruleKey(each) !== rule.key) === true;
  if (direction !== "egress" || !isNews || !hasOpenEgress(known) || into.groups.has(groupId))
    return;
  const open = openItem(reading, direction, resource.node, "Properties");
  into.plans.push({
    overlayOver: () => {
      const overlay = newOverlay();
      const change = groupChange(overlay, groupId, { subject: resource.logicalId, at: rule.at });
      leaveEgressOpen(opened.context, change, known, open);
      return overlay;
    },
  });
}

/** A rule of a group of another template: AWS's open egress may go with the first one that goes out. */
function addElsewhere(
  context: LoadContext,
  { rules, spot }: GroupDraft,
  rule: RuleDraft,
  open: RuleDraft,
): void {
  addRule(rules, rule);
  if (rule.direction !== "egress") return;
  for (const { key } of defaultEgress(context, spot, 0))
    if (rules.delete(key)) addRule(rules, open);
}

/**
 * Nothing decides whose the rule is: it is undecided in every group of the template that it may be of, and in the others
 * of the rules that the template is laid over.
 */
function addEverywhere(
  opened: OpenedTemplate,
  into: Collected,
  resource: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
  drafts: readonly GroupDraft[],
  direction: Direction,
): void {
  const { context, evaluator } = opened;
  const owners = [...groups].filter(([logicalId]) => mayOwn(opened, resource, groups, logicalId));
  const name = textOf(evaluator.member(resource.properties, "GroupName"));
  const own = new Set([...groups.values()].map(({ id }) => id));
  const others = [...(context.baseline?.groups.values() ?? [])].filter(
    (group) => !own.has(group.id) && (name === undefined || group.name === name),
  );
  const { properties } = resource;
  const meant = groupsMeant(memberOf(properties.value, "GroupId"), () => true);
  const isInside = meant?.every((id) => groups.has(id)) === true;
  const left = isInside ? [] : others;
  const elsewhere = isInside
    ? []
    : drafts.filter(
        (draft) => name === undefined || draft.name === undefined || draft.name === name,
      );
  const told = [...owners.map(([, { id }]) => id), ...elsewhere.map(({ id }) => id)];
  warn(
    context,
    resource.node.spot,
    "template-rule-without-group",
    `nothing decides which group this rule belongs to: it is undecided in ${told.join(", ") || "none of the template"}` +
      `${left.length === 0 ? "" : `, and in the ${left.length} others that it may be of`}; give the parameter that tells it`,
  );
  if (told.length === 0 && left.length === 0) return;
  const rule = openItem(readingOf(opened, resource, groups), direction, resource.node, "GroupId");
  for (const [, draft] of owners) addRule(draft.rules, rule);
  for (const draft of elsewhere) addElsewhere(context, draft, rule, rule);
  if (left.length > 0) into.plans.push({ overlayOver: () => openIn(opened, resource, left, rule) });
}

/** The rule in each of the groups; of egress, what is open there may go with it. */
function openIn(
  { context }: OpenedTemplate,
  { logicalId }: TemplateResource,
  groups: readonly Group[],
  rule: RuleDraft,
): Overlay {
  const overlay = newOverlay();
  for (const group of groups) {
    const change = groupChange(overlay, group.id, { subject: logicalId, at: rule.at });
    if (rule.direction === "egress" && hasOpenEgress(group))
      leaveEgressOpen(context, change, group, rule);
    else change.added.set(rule.key, { rule, ruleId: undefined });
  }
  return overlay;
}

/** Whether a rule of its own is, or may be, one of the group. */
function mayOwn(
  opened: OpenedTemplate,
  resource: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
  logicalId: string,
): boolean {
  const { evaluator, byId } = opened;
  const { properties } = resource;
  const draft = groups.get(logicalId);
  const owner = looseOwner(opened, resource, groups);
  if (owner !== undefined) return owner === draft?.id;
  if (evaluator.member(properties, "GroupId") === NONE) {
    const name = textOf(evaluator.member(properties, "GroupName"));
    return name === undefined || draft?.name === undefined || draft.name === name;
  }
  const meant = groupsMeant(
    memberOf(properties.value, "GroupId"),
    (id) => byId.get(id)?.type === GROUP,
  );
  return meant?.includes(logicalId) ?? true;
}

function looseOwner(
  opened: OpenedTemplate,
  { properties }: TemplateResource,
  groups: ReadonlyMap<string, GroupDraft>,
): string | undefined {
  const { evaluator, context } = opened;
  const id = evaluator.member(properties, "GroupId");
  if (isResource(id)) return referredId(opened, id.logicalId, id.attribute, "group");
  const text = textOf(id);
  const at = (): Spot => (isNode(id) ? id.spot : properties.spot);
  if (text !== undefined) return readId(context, text, at);
  const name = evaluator.member(properties, "GroupName");
  if (isResource(name)) return referredId(opened, name.logicalId, name.attribute, "group");
  const named = textOf(name);
  return named === undefined ? undefined : namedGroup(opened, groups, named);
}
