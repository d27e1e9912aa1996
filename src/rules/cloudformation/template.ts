// A template: what is in it, under which ids, and which of its resources rules are made of.
import type { RuleSet } from "../../model/rule-set.js";
import type { DocumentContents, DocumentKind } from "../document.js";
import { readInner } from "../inner-document.js";
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { type LoadContext, readId, warn } from "../load-context.js";
import { below, inside, refuse, type Spot, showValue } from "../spot.js";
import { asId } from "../undecided.js";
import { type Evaluator, evaluatorOf, NONE, type Node, OPEN, textOf } from "./evaluate.js";
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
import type { StackFacts } from "./stack-facts.js";

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
  /** In document order, without those whose conditions do not hold. */
  readonly resources: readonly TemplateResource[];
  readonly byId: ReadonlyMap<string, TemplateResource>;
  /** Ids of the rule set by logical id. */
  readonly ids: Map<string, string>;
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
    const exists =
      typeof condition === "string" ? evaluator.condition(condition, below(at, "Condition")) : true;
    if (exists === false) continue;
    const node = { value, spot: at };
    const properties = memberOf(value, "Properties") ?? null;
    if (properties !== null && !isObject(properties))
      refuse(
        below(at, "Properties"),
        "template-shape",
        `expected a mapping, found ${showValue(properties)}`,
      );
    resources.push({
      logicalId,
      type,
      node,
      properties: { value: properties, spot: below(at, "Properties") },
      exists,
    });
  }
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const opened = { context, evaluator, facts, resources, byId, ids: new Map<string, string>() };
  nameResources(opened);
  return opened;
}

const NAMED: ReadonlySet<string> = new Set([GROUP, PREFIX_LIST, INTERFACE, VPC, SUBNET]);

/** Physical ids where documents tell them, the baseline's group of the same name, else the logical id. */
function nameResources(opened: OpenedTemplate): void {
  const { context, resources, ids, facts } = opened;
  for (const resource of resources) {
    if (!NAMED.has(resource.type)) continue;
    const { logicalId, node } = resource;
    const known = physicalId(facts, resource) ?? groupOfName(opened, resource, context.baseline);
    if (known === undefined && resource.type === GROUP) warnUnnamed(context, resource);
    ids.set(
      logicalId,
      readId(context, known ?? asId(logicalId), () => node.spot),
    );
  }
}

function physicalId(facts: StackFacts, { logicalId, node }: TemplateResource): string | undefined {
  const [first, second] = facts.physicalIds.get(logicalId) ?? [];
  if (second === undefined) return first;
  return refuse(
    node.spot,
    "template-ambiguous",
    `${logicalId} is ${first} in one stack and ${second} in another`,
    "give describe-stack-resources of the one stack that the template is of",
  );
}

function groupOfName(
  { evaluator }: OpenedTemplate,
  { type, properties }: TemplateResource,
  baseline: RuleSet | undefined,
): string | undefined {
  const name = textOf(evaluator.member(properties, "GroupName"));
  if (type !== GROUP || name === undefined || baseline === undefined) return undefined;
  const vpc = textOf(evaluator.member(properties, "VpcId"));
  const found = [...baseline.groups.values()].filter(
    (group) =>
      group.name?.toLowerCase() === name.toLowerCase() &&
      (vpc === undefined || group.vpcId === vpc),
  );
  return found.length === 1 ? found[0]?.id : undefined;
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
  { context, evaluator, ids }: OpenedTemplate,
  { properties }: TemplateResource,
  key: string,
): string | undefined {
  const value = evaluator.member(properties, key);
  if (value === NONE || value === OPEN) return undefined;
  if ("logicalId" in value) return ids.get(value.logicalId);
  const text = textOf(value);
  return text === undefined ? undefined : readId(context, text, () => value.spot);
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
