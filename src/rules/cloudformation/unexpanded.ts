// Loops, macros, modules and stacks inside a template, which are not expanded: of which groups they may make rules.
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { EGRESS, GROUP, INGRESS } from "./resource-types.js";

/** Groups by logical id; `undefined`: any group of the template. */
export type Reach = ReadonlySet<string> | undefined;

export interface Unexpanded {
  /** Of which groups each loop may make rules. */
  readonly loops: ReadonlyMap<string, Reach>;
  /** Macros and includes, which may add anything. */
  readonly makers: readonly string[];
  /** Whether a macro gets what is written and may make something else of it; AWS's include only adds. */
  readonly isRewritten: boolean;
  /** The groups that are handed to each stack inside the stack, and to each module. */
  readonly inner: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is made by another template, from what it is handed. */
const INNER =
  /^AWS::(CloudFormation::Stack(Set)?|Serverless::Application|ServiceCatalog::CloudFormationProvisionedProduct)$|::MODULE$/;

/** They are AWS's own, and make no rules of groups. */
const HARMLESS = /^AWS::(LanguageExtensions$|Serverless-|CodeDeployBlueGreen$|SecretsManager-)/;

/** What of a template is not expanded. `isGone`: resources that are not made. O(template). */
export function unexpandedIn(
  template: JsonObject,
  isGone: (logicalId: string) => boolean,
): Unexpanded {
  const resources = memberOf(template, "Resources") as JsonObject;
  const loops = new Map<string, Reach>();
  const makers: string[] = [];
  for (const [key, value] of Object.entries(resources))
    if (key.startsWith("Fn::ForEach")) loops.set(key, reachOfLoop(resources, value));
    else if (key.startsWith("Fn::")) makers.push(key);
  const transform = memberOf(template, "Transform");
  for (const each of Array.isArray(transform) ? transform : [transform ?? null]) {
    const name = memberOf(each, "Name") ?? each;
    if (typeof name === "string" && !HARMLESS.test(name)) makers.push(`Transform ${name}`);
  }
  const isRewritten =
    makers.some((maker) => maker.startsWith("Transform ") && maker !== `Transform ${INCLUDE}`) ||
    isRewriting(resources);
  return { loops, makers, isRewritten, inner: innerIn(resources, isGone) };
}

const INCLUDE = "AWS::Include";

/** Whether a macro stands among the keys of a mapping, and gets its other keys. */
export function isRewriting(value: JsonValue | undefined): boolean {
  const transform = memberOf(value, "Fn::Transform");
  return transform !== undefined && memberOf(transform, "Name") !== INCLUDE;
}

/** Whether any of them may make rules of the group. */
export function reaches({ loops, makers, inner }: Unexpanded, logicalId: string): boolean {
  if (makers.length > 0) return true;
  if ([...inner.values()].some((handed) => handed.has(logicalId))) return true;
  return [...loops.values()].some((reach) => reach?.has(logicalId) ?? reach === undefined);
}

/** Whether the resource of that name may be one that a module of the template makes. */
export function isOfModule(resources: JsonValue | undefined, name: string): boolean {
  if (!isObject(resources)) return false;
  return Object.entries(resources).some(
    ([key, each]) =>
      name.startsWith(key) && String(memberOf(each, "Type") ?? "").endsWith("::MODULE"),
  );
}

function innerIn(
  resources: JsonObject,
  isGone: (logicalId: string) => boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const inner = new Map<string, ReadonlySet<string>>();
  for (const [key, value] of Object.entries(resources)) {
    if (!INNER.test(String(memberOf(value, "Type") ?? "")) || isGone(key)) continue;
    const groups = new Set<string>();
    for (const name of namesIn(memberOf(value, "Properties")))
      if (memberOf(memberOf(resources, name), "Type") === GROUP) groups.add(name);
    if (groups.size > 0) inner.set(key, groups);
  }
  return inner;
}

/** The resources that a value refers to, wherever in it. */
function namesIn(value: JsonValue | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  const left: (JsonValue | undefined)[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (Array.isArray(each)) for (const item of each) left.push(item);
    else if (isObject(each)) for (const item of Object.values(each)) left.push(item);
    const attribute = memberOf(each, "Fn::GetAtt");
    const first = typeof attribute === "string" ? attribute.split(".")[0] : firstOf(attribute);
    for (const name of [memberOf(each, "Ref"), first])
      if (typeof name === "string") names.add(name);
    const text = memberOf(each, "Fn::Sub");
    const pattern = typeof text === "string" ? text : firstOf(text);
    if (typeof pattern === "string")
      for (const [, name] of pattern.matchAll(/\$\{([A-Za-z0-9]{1,255})/g))
        names.add(name as string);
  }
  return names;
}

/** `[name, list, {"A${name}": resource, ...}]`; loops may stand in loops. */
function reachOfLoop(resources: JsonObject, loop: JsonValue): Reach {
  const reach = new Set<string>();
  const left: JsonValue[] = [loop];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const body = Array.isArray(value) ? value[2] : undefined;
    if (!isObject(body ?? null)) return undefined;
    for (const [key, each] of Object.entries(body as JsonObject)) {
      const type = memberOf(each, "Type");
      if (key.startsWith("Fn::ForEach")) left.push(each);
      else if (typeof type !== "string") return undefined;
      else if (type === INGRESS || type === EGRESS) {
        const groupId = memberOf(memberOf(each, "Properties"), "GroupId");
        const groups = groupsMeant(
          groupId,
          (id) => memberOf(memberOf(resources, id), "Type") === GROUP,
        );
        if (groups === undefined) return undefined;
        for (const id of groups) reach.add(id);
      }
    }
  }
  return reach;
}

/**
 * The groups of the template one of which a value means, whatever conditions decide; `undefined` where it may mean
 * others, such as what is a parameter or put together.
 */
export function groupsMeant(
  value: JsonValue | undefined,
  isGroup: (logicalId: string) => boolean,
): readonly string[] | undefined {
  const found: string[] = [];
  const left: (JsonValue | undefined)[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    const branches = memberOf(each, "Fn::If");
    if (Array.isArray(branches) && branches.length === 3) {
      left.push(branches[1], branches[2]);
      continue;
    }
    const attribute = memberOf(each, "Fn::GetAtt");
    const parts = typeof attribute === "string" ? attribute.split(".") : attribute;
    const id = memberOf(each, "Ref") ?? firstOf(parts);
    if (id === "AWS::NoValue") continue;
    if (typeof id !== "string" || !isGroup(id)) return undefined;
    found.push(id);
  }
  return found;
}

function firstOf(value: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}
