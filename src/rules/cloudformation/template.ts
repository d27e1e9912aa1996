// A template: what is in it, under which ids, and which of its resources rules are made of.
import type { RuleSet } from "../../model/rule-set.js";
import type { DocumentContents, DocumentKind } from "../document.js";
import { readInner } from "../inner-document.js";
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { type LoadContext, readId, warn } from "../load-context.js";
import { below, formatSpot, inside, refuse, type Spot, showValue } from "../spot.js";
import { asId } from "../undecided.js";
import {
  type Evaluator,
  evaluatorOf,
  isNode,
  isResource,
  NONE,
  type Node,
  OPEN,
  type Resolved,
  textOf,
} from "./evaluate.js";
import {
  BALANCER,
  EGRESS,
  GROUP,
  INGRESS,
  INSTANCE,
  INTERFACE,
  PREFIX_LIST,
  SUBNET,
  VPC,
  VPC_BLOCK,
} from "./resource-types.js";
import { isStackSilent, type StackFacts } from "./stack-facts.js";
import { groupsMeant, isRewriting, type Unexpanded, unexpandedIn } from "./unexpanded.js";

const KINDS: ReadonlyMap<string, readonly DocumentKind[]> = new Map([
  [GROUP, ["describe-security-groups"]],
  [INGRESS, ["describe-security-groups"]],
  [EGRESS, ["describe-security-groups"]],
  [PREFIX_LIST, ["describe-managed-prefix-lists", "get-managed-prefix-list-entries"]],
  [INTERFACE, ["describe-network-interfaces"]],
  [INSTANCE, []],
  [BALANCER, []],
  [VPC, ["describe-vpcs"]],
  [VPC_BLOCK, []],
  [SUBNET, ["describe-subnets"]],
]);

/** A resource of a template. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** The resource as a whole; its properties stand below it. */
  readonly node: Node;
  readonly properties: Node;
  /** Whether it is made; `undefined` where its condition is not decided. */
  readonly exists: boolean | undefined;
}

/** A template with what decides its values. */
export interface OpenedTemplate {
  readonly context: LoadContext;
  readonly evaluator: Evaluator;
  readonly facts: StackFacts;
  /** What of it is made by loops, transforms and other templates, which are not expanded. */
  readonly unexpanded: Unexpanded;
  /** In document order, without those whose conditions do not hold. */
  readonly resources: readonly TemplateResource[];
  readonly byId: ReadonlyMap<string, TemplateResource>;
  /** Ids of the rule set by logical id. */
  readonly ids: Map<string, string>;
}

/** Whether resources of a type are read here. */
export function isRead(type: string): boolean {
  return KINDS.has(type);
}

/** Whether a value is a template: resources with types. */
export function isTemplate(value: JsonValue): value is JsonObject {
  const resources = memberOf(value, "Resources");
  if (!isObject(resources)) return false;
  if (memberOf(value, "AWSTemplateFormatVersion") !== undefined) return true;
  return Object.values(resources).some((each) => typeof memberOf(each, "Type") === "string");
}

/** The template in a value: the value itself, or what `aws cloudformation get-template` answers. */
export function templateIn(
  value: JsonValue,
  spot: Spot,
): { readonly value: JsonObject; readonly spot: Spot } | undefined {
  if (isTemplate(value)) return { value, spot };
  const body = memberOf(value, "TemplateBody");
  const at = below(spot, "TemplateBody");
  if (body === undefined) return undefined;
  if (isTemplate(body)) return { value: body, spot: at };
  if (typeof body !== "string") return undefined;
  const inner = readInner(at, body);
  const [first] = inner.values;
  return first !== undefined && isTemplate(first)
    ? { value: first, spot: { document: inner, value: 0, path: [] } }
    : undefined;
}

/** What of its resources is read. */
export function describeTemplate(template: JsonObject): DocumentContents {
  const counts = new Map<string, number>();
  const kinds = new Set<DocumentKind>();
  const resources = memberOf(template, "Resources") as JsonObject;
  for (const resource of Object.values(resources)) {
    const type = memberOf(resource, "Type");
    const known = typeof type === "string" ? KINDS.get(type) : undefined;
    if (known === undefined) continue;
    counts.set(type as string, (counts.get(type as string) ?? 0) + 1);
    for (const kind of known) kinds.add(kind);
  }
  const loops = Object.keys(resources).filter((name) => name.startsWith("Fn::ForEach")).length;
  const notes = [
    ...(loops === 0 ? [] : [`${loops} Fn::ForEach are not expanded: what they make is not known`]),
    ...(memberOf(template, "Transform") === undefined
      ? []
      : ["transforms are not applied: what they make is not known"]),
  ];
  return { counts, kinds, note: notes.join("; ") };
}

/** Finds the resources that are made, and their ids. */
export function openTemplate(
  context: LoadContext,
  template: JsonObject,
  spot: Spot,
  facts: StackFacts,
): OpenedTemplate {
  const evaluator = evaluatorOf({ value: template, spot }, facts);
  const resources: TemplateResource[] = [];
  const gone: TemplateResource[] = [];
  const section = memberOf(template, "Resources") as JsonObject;
  for (const [logicalId, value] of Object.entries(section)) {
    if (logicalId.startsWith("Fn::")) continue;
    const at = inside(below(spot, "Resources", logicalId), logicalId);
    const type = memberOf(value, "Type");
    if (typeof type !== "string")
      return refuse(
        below(at, "Type"),
        "template-shape",
        "a resource has no type",
        "write Type: AWS::EC2::...",
      );
    const condition = memberOf(value, "Condition");
    const holds =
      typeof condition === "string" ? evaluator.condition(condition, below(at, "Condition")) : true;
    // What the stack has was made; a candidate may take it away.
    const isThere = context.baseline === undefined && facts.physicalIds.has(logicalId);
    const exists = holds ?? (isThere ? true : undefined);
    const node = { value, spot: at };
    const properties = memberOf(value, "Properties") ?? null;
    if (properties !== null && !isObject(properties))
      refuse(
        below(at, "Properties"),
        "template-shape",
        `expected a mapping, found ${showValue(properties)}`,
      );
    const inner = { value: properties, spot: below(at, "Properties") };
    (exists === false ? gone : resources).push({
      logicalId,
      type,
      node,
      properties: inner,
      exists,
    });
  }
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const unexpanded = unexpandedIn(template, (logicalId) =>
    gone.some((resource) => resource.logicalId === logicalId),
  );
  const ids = new Map<string, string>();
  const opened = { context, evaluator, facts, unexpanded, resources, byId, ids };
  warnUnexpanded(context, unexpanded, spot);
  nameResources(opened);
  for (const resource of gone) warnGone(opened, resource);
  return opened;
}

function warnUnexpanded(
  context: LoadContext,
  { loops, makers, inner }: Unexpanded,
  spot: Spot,
): void {
  for (const [logicalId, groups] of inner)
    warn(
      context,
      inside(below(spot, "Resources", logicalId), logicalId),
      "template-not-expanded",
      `a template of its own tells what this makes of ${[...groups].join(", ")}, which it is handed: what rules of these ` +
        "do not admit is unknown; aws ec2 describe-security-groups tells it",
    );
  const told = [...loops.keys(), ...makers];
  if (told.length === 0) return;
  warn(
    context,
    below(spot, "Resources"),
    "template-not-expanded",
    `${told.join(", ")}: what loops and macros make is not known, and undecided in every group that it may be about; ` +
      "aws cloudformation get-template --template-stage Processed tells it",
  );
}

/** Tells of parameters whose values nothing tells, of those that rules, members and conditions rest on. */
export function warnDefaults({ context, evaluator, facts }: OpenedTemplate): void {
  const names = [...evaluator.defaults].sort().join(", ");
  if (names === "") return;
  warn(
    context,
    evaluator.section("Parameters").spot,
    "template-default",
    isStackSilent(facts)
      ? `the stack is told by its ids, but not what ${names} are in it, which need not be the defaults: what rests on them ` +
          "is unknown; give aws cloudformation describe-stacks"
      : `nothing tells ${names}: their defaults are taken; give the parameters of the stack if it has others`,
  );
}

/** CloudFormation refuses a parameter that its template does not have; of several templates it may be of any. */
export function warnUnknownParameters(
  context: LoadContext,
  templates: readonly OpenedTemplate[],
  { given }: StackFacts,
): void {
  const names = new Set(
    templates.flatMap(({ evaluator }) => {
      const { value } = evaluator.section("Parameters");
      return isObject(value) ? Object.keys(value) : [];
    }),
  );
  for (const [name, spot] of given)
    if (templates.length > 0 && !names.has(name))
      warn(
        context,
        spot,
        "template-parameter-unknown",
        `no template has a parameter ${name}: it decides nothing; ` +
          (names.size === 0 ? "there are none" : `there are ${[...names].sort().join(", ")}`),
      );
}

/** What goes by an id of its own. Others refer to VPCs and subnets. */
const NAMED: readonly (readonly string[])[] = [
  [VPC, SUBNET],
  [GROUP, PREFIX_LIST, INTERFACE],
  [INSTANCE, BALANCER],
];

/** Physical ids where documents tell them, the baseline's group of the same name, else the logical id. */
function nameResources(opened: OpenedTemplate): void {
  const { context, resources, ids, facts } = opened;
  for (const types of NAMED)
    for (const resource of resources) {
      if (!types.includes(resource.type)) continue;
      const { logicalId, node, type } = resource;
      refuseTwice(facts, resource);
      if (type === INSTANCE || type === BALANCER) continue;
      const known = physicalId(opened, resource) ?? groupOfName(opened, resource, context.baseline);
      if (known === undefined && type === GROUP) warnUnnamed(context, resource);
      ids.set(
        logicalId,
        readId(context, known ?? asId(logicalId), () => node.spot),
      );
    }
}

/** Two templates are two stacks: what has the same logical id in both is not the same thing. */
function refuseTwice({ described }: StackFacts, { logicalId, node }: TemplateResource): void {
  const known = described.get(logicalId);
  if (known !== undefined)
    refuse(
      node.spot,
      "template-ambiguous",
      `${logicalId} stands in another template too, at ${formatSpot(known)}`,
      "give the templates of stacks one at a time, or what describe-security-groups and describe-network-interfaces answer",
    );
  described.set(logicalId, node.spot);
}

function physicalId(
  { facts, context }: OpenedTemplate,
  { logicalId, node, type }: TemplateResource,
): string | undefined {
  const [first, second] = facts.physicalIds.get(logicalId) ?? [];
  if (second !== undefined)
    return refuse(
      node.spot,
      "template-ambiguous",
      `${logicalId} is ${first} in one stack and ${second} in another`,
      "give describe-stack-resources of the one stack that the template is of",
    );
  if (first === undefined || type !== GROUP || first.startsWith("sg-")) return first;
  // Of a group that its stack made without a VPC the name is told in place of the id.
  const found = [...(context.baseline?.groups.values() ?? [])].filter(({ name }) => name === first);
  if (found.length === 1) return found[0]?.id;
  warn(
    context,
    node.spot,
    "template-group-name",
    `the stack tells the name ${showValue(first)} of this group, not its id, and ${found.length} groups of the rules have ` +
      "that name: it is taken for another one",
  );
  return undefined;
}

function groupOfName(
  opened: OpenedTemplate,
  resource: TemplateResource,
  baseline: RuleSet | undefined,
): string | undefined {
  const { evaluator } = opened;
  const { type, properties } = resource;
  const name = textOf(evaluator.member(properties, "GroupName"));
  if (type !== GROUP || name === undefined || baseline === undefined) return undefined;
  const isSaid = evaluator.member(properties, "VpcId") !== NONE;
  const vpc = idAt(opened, resource, "VpcId");
  // In a VPC that is open, or yet to be made, it is none that is known.
  if (isSaid && vpc === undefined) return undefined;
  const found = [...baseline.groups.values()].filter(
    (group) => group.name?.toLowerCase() === name.toLowerCase() && (!isSaid || group.vpcId === vpc),
  );
  return found.length === 1 ? found[0]?.id : undefined;
}

/** What a stack deletes stays in a candidate, which adds and replaces alone. */
function warnGone(opened: OpenedTemplate, resource: TemplateResource): void {
  const { context } = opened;
  if (resource.type !== GROUP || context.baseline === undefined) return;
  const id = physicalId(opened, resource) ?? groupOfName(opened, resource, context.baseline);
  if (id === undefined || !context.baseline.groups.has(id)) return;
  warn(
    context,
    resource.node.spot,
    "template-group-left",
    `its condition does not hold, so that the stack deletes ${id}: here it stays as the rules have it; say with edits that it goes`,
  );
}

function warnUnnamed(context: LoadContext, { node, logicalId }: TemplateResource): void {
  if (context.baseline === undefined) return;
  warn(
    context,
    node.spot,
    "template-group-new",
    `no document tells which group this is in the account: it is taken for a new one, called ${asId(logicalId)}; ` +
      "aws cloudformation describe-stack-resources tells it (--parameters)",
  );
}

/** The VPC or another resource that a property names: the id by which the rule set knows it. */
export function idAt(
  { context, evaluator, ids, byId }: OpenedTemplate,
  { properties }: TemplateResource,
  key: string,
): string | undefined {
  const value = evaluator.member(properties, key);
  if (value === NONE || value === OPEN) return undefined;
  if ("logicalId" in value) {
    const own = byId.get(value.logicalId)?.type === VPC ? "VpcId" : "SubnetId";
    return ["Ref", "Id", own].includes(value.attribute) ? ids.get(value.logicalId) : undefined;
  }
  const text = textOf(value);
  return text === undefined ? undefined : readId(context, text, () => value.spot);
}

/** The group that an item of a list names; `undefined` where nothing decides it. */
export function groupIdOf(
  { context, byId, ids }: OpenedTemplate,
  item: Resolved,
): string | undefined {
  if (isResource(item))
    return byId.get(item.logicalId)?.type === GROUP && /^(Ref|GroupId|Id)$/.test(item.attribute)
      ? ids.get(item.logicalId)
      : undefined;
  const text = textOf(item);
  return text === undefined || !isNode(item) ? undefined : readId(context, text, () => item.spot);
}

/** Whether a macro may make something else of what is written of a resource. */
export function isRewritten({ unexpanded }: OpenedTemplate, resource: TemplateResource): boolean {
  const { node, properties } = resource;
  return unexpanded.isRewritten || isRewriting(node.value) || isRewriting(properties.value);
}

/** Makes the groups that templates export known to each other, as far as nothing else tells them. */
export function shareExports(opened: OpenedTemplate): void {
  const { evaluator, facts, byId } = opened;
  const outputs = evaluator.section("Outputs");
  if (!isObject(outputs.value)) return;
  for (const [key, output] of Object.entries(outputs.value)) {
    const value = memberOf(output, "Value");
    const groups = groupsMeant(value, (id) => byId.get(id)?.type === GROUP);
    const exported = memberOf(output, "Export") ?? null;
    if (groups === undefined || groups.length === 0 || exported === null) continue;
    const at = below(outputs.spot, key);
    const name = textOf(evaluator.member({ value: exported, spot: below(at, "Export") }, "Name"));
    if (name === undefined || facts.exports.has(name)) continue;
    const id = groupIdOf(opened, evaluator.member({ value: output, spot: at }, "Value"));
    if (id !== undefined) facts.exports.set(name, id);
  }
}

/** Tells of a value that nothing decides. */
export function warnOpen(context: LoadContext, spot: Spot, attribute: string): void {
  warn(
    context,
    spot,
    "template-open",
    `nothing decides ${attribute}: what it alone could admit is unknown`,
  );
}
