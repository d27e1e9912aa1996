// What a configuration says of values that a plan does not know yet. Its expressions are not printed, only what they
// refer to: a value is decided where these are ids and nothing else.
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { isOpen, OPEN, type Part, textOf, textsOf } from "./part.js";
import { resourcesAfter, type TerraformPlan } from "./plan.js";
import { lastIndex, splitSteps, wholeReferences } from "./reference-path.js";
import { behindIndex, type TerraformResource } from "./resource.js";

/** What an expression gives: ids, and whether nothing else can be among them. */
export interface Decided {
  readonly ids: readonly string[];
  /** False where the list already held ids that its references do not explain. */
  readonly isWhole: boolean;
}

/** Answers for the open attributes of one plan. */
export interface Configuration {
  /** `undefined` where the references do not decide. */
  readonly decide: (resource: TerraformResource, attribute: string) => Decided | undefined;
  /** Whether the attribute is written in the configuration; `undefined` where nobody can tell. */
  readonly isWritten: (resource: TerraformResource, attribute: string) => boolean | undefined;
}

/** What an attribute holds the ids of. */
interface IdKind {
  readonly attribute: RegExp;
  /** Types of resources whose `id` is one. */
  readonly type: RegExp;
  readonly id: RegExp;
}

const ID_KINDS: readonly IdKind[] = [
  { attribute: /prefix_list/, type: /prefix_list$/, id: /^pl-/ },
  { attribute: /network_interface_id/, type: /network_interface$/, id: /^eni-/ },
  { attribute: /security_group/, type: /security_group$/, id: /^([0-9]+\/)?sg-/ },
];

/** Expressions followed from one attribute: variables of modules and their outputs lead on. */
const MAX_STEPS = 1000;
/** From here on the printed configuration holds blocks such as `ingress` too. */
const BLOCKS_SINCE: readonly [number, number] = [1, 2];

/** A module instance, and what was said where it was called. */
interface Scope {
  readonly module: JsonObject;
  /** Address of the instance; empty for the root. */
  readonly address: string;
  readonly parent: Scope | undefined;
  readonly call: JsonObject | undefined;
}

interface World {
  readonly plan: TerraformPlan;
  readonly resources: ReadonlyMap<string, TerraformResource>;
  /** Addresses by module, mode, type and name, without index. */
  readonly instances: ReadonlyMap<string, readonly string[]>;
  readonly idOf: (address: string) => string | undefined;
}

/**
 * `idAfter`: the id by which a rule set knows a resource that is yet to be made. References to what exists lead to the
 * id that it has.
 */
export function readConfiguration(
  plan: TerraformPlan,
  idAfter: (address: string) => string | undefined,
): Configuration {
  const after = worldOf(plan, resourcesAfter(plan), idAfter);
  const before = worldOf(
    plan,
    new Map(plan.prior.map((resource) => [resource.address, resource])),
    () => undefined,
  );
  return {
    decide(resource, attribute) {
      const expressions = expressionsOf(plan, resource, attribute);
      const kind = ID_KINDS.find((each) => each.attribute.test(attribute));
      if (expressions === undefined || kind === undefined) return undefined;
      const ids = idsOf(after, kind, expressions, resource, false);
      if (ids === undefined || ids.length === 0) return undefined;
      const explained = idsOf(before, kind, expressions, resource, true) ?? [];
      return { ids, isWhole: isExplained(plan, resource, attribute, explained) };
    },
    isWritten(resource, attribute) {
      const found = configOf(plan, resource);
      if (found === undefined) return undefined;
      if (memberOf(memberOf(found.config, "expressions"), attribute) !== undefined) return true;
      return printsBlocks(plan) ? false : undefined;
    },
  };
}

function printsBlocks({ version = "" }: TerraformPlan): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, than] = BLOCKS_SINCE;
  return major > least || (major === least && minor >= than);
}

function worldOf(
  plan: TerraformPlan,
  resources: ReadonlyMap<string, TerraformResource>,
  idOf: World["idOf"],
): World {
  const instances = new Map<string, string[]>();
  for (const { address, module, mode, type, resource } of resources.values()) {
    const key = instanceKey(module, mode, type, resource);
    const known = instances.get(key);
    if (known === undefined) instances.set(key, [address]);
    else known.push(address);
  }
  return { plan, resources, instances, idOf };
}

function instanceKey(module: string, mode: string, type: string, name: string): string {
  return JSON.stringify([module, mode, type, name]);
}

/** What the list held before must be explained by the references too, or something else stands among them. */
function isExplained(
  { prior }: TerraformPlan,
  { address }: TerraformResource,
  attribute: string,
  explained: readonly string[],
): boolean {
  const before = prior.find((resource) => resource.address === address);
  if (before === undefined || attribute.includes("[") || attribute.includes(".")) return true;
  const value = before.values[attribute];
  if (!Array.isArray(value)) return true;
  // A group that Terraform manages is referred to by its address: without a reference it is left out.
  const managed = new Set(
    prior.filter(({ mode }) => mode === "managed").map(({ values }) => memberOf(values, "id")),
  );
  return value.every((id) => explained.includes(id as string) || managed.has(id));
}

function scopeOf({ configuration }: TerraformPlan, address: string): Scope | undefined {
  if (configuration === undefined) return undefined;
  let scope: Scope = {
    module: configuration.module,
    address: "",
    parent: undefined,
    call: undefined,
  };
  let at = 0;
  while (address.startsWith("module.", at)) {
    at += "module.".length;
    const begin = at;
    while (at < address.length && address[at] !== "." && address[at] !== "[") at++;
    const name = address.slice(begin, at);
    if (address[at] === "[") at = behindIndex(address, at);
    const next = childScope(scope, name, address.slice(0, at));
    if (next === undefined) return undefined;
    scope = next;
    at++;
  }
  return scope;
}

function childScope(scope: Scope, name: string, address: string): Scope | undefined {
  const call = memberOf(memberOf(scope.module, "module_calls"), name);
  const module = memberOf(call, "module");
  if (!isObject(call) || !isObject(module)) return undefined;
  return { module, address, parent: scope, call };
}

function configOf(
  plan: TerraformPlan,
  { module, mode, type, resource }: TerraformResource,
): { readonly config: JsonObject; readonly scope: Scope } | undefined {
  const scope = scopeOf(plan, module);
  const resources = memberOf(scope?.module, "resources");
  if (scope === undefined || !Array.isArray(resources)) return undefined;
  const config = resources.find(
    (item) =>
      memberOf(item, "mode") === mode &&
      memberOf(item, "type") === type &&
      memberOf(item, "name") === resource,
  );
  return isObject(config) ? { config, scope } : undefined;
}

interface Expressions {
  readonly list: readonly JsonObject[];
  readonly scope: Scope;
}

/** Every expression that an attribute path may come from: of blocks in a set nobody knows which one is which. */
function expressionsOf(
  plan: TerraformPlan,
  resource: TerraformResource,
  attribute: string,
): Expressions | undefined {
  const found = configOf(plan, resource);
  if (found === undefined) return undefined;
  const keys = attribute.replace(/\[\d+\]/g, "").split(".");
  let level: readonly JsonValue[] = [memberOf(found.config, "expressions") ?? null];
  for (const key of keys) {
    const next: JsonValue[] = [];
    for (const item of level) {
      const value = memberOf(item, key);
      // A whole list of blocks may be printed as one expression.
      if (value === undefined && Array.isArray(memberOf(item, "references"))) next.push(item);
      else if (Array.isArray(value)) next.push(...value);
      else if (value !== undefined) next.push(value);
    }
    level = next;
  }
  const list = level.filter(isObject);
  return list.length === 0 ? undefined : { list, scope: found.scope };
}

type Index = TerraformResource["index"];

/** Beginnings of references whose values a plan does not print, or that are no ids. */
const NO_IDS: ReadonlySet<string> = new Set([
  "each",
  "count",
  "local",
  "path",
  "terraform",
  "self",
  "ephemeral",
]);

/** Raised inside to leave: something that is no id has a part in the value. */
const UNDECIDABLE: unique symbol = Symbol("undecidable");

/**
 * Ids of the kind that the expressions give; `undefined` where anything else goes into them. `lenient`: what is missing
 * is skipped.
 */
function idsOf(
  world: World,
  kind: IdKind,
  { list, scope }: Expressions,
  resource: TerraformResource,
  lenient: boolean,
): readonly string[] | undefined {
  const ids = new Set<string>();
  let steps = 0;

  function expression(value: JsonObject, within: Scope, index: Index): void {
    if (++steps > MAX_STEPS) throw UNDECIDABLE;
    const { constant_value: constant, references } = value;
    if (constant !== undefined) addConstant(constant);
    if (!Array.isArray(references)) return;
    const texts = references.filter((text): text is string => typeof text === "string");
    for (const text of wholeReferences(texts)) reference(text, within, index);
  }

  function addConstant(constant: JsonValue): void {
    for (const item of Array.isArray(constant) ? constant : [constant])
      if (typeof item === "string") addId(item);
      else throw UNDECIDABLE;
  }

  function addId(text: string): void {
    if (!kind.id.test(text)) throw UNDECIDABLE;
    ids.add(text);
  }

  function reference(text: string, within: Scope, index: Index): void {
    // The key of the instance itself: it chooses among the others, and is no part of the value.
    if (text === "each.key" || text === "count.index") return;
    const [first = "", second = ""] = splitSteps(text);
    if (NO_IDS.has(first)) throw UNDECIDABLE;
    if (first === "var") variable(second, within);
    else if (first === "module") output(text, within);
    else attribute(text, within, index);
  }

  function variable(name: string, within: Scope): void {
    const { call, parent } = within;
    if (parent === undefined || call === undefined) {
      const value = memberOf(memberOf(world.plan.variables, name), "value");
      if (value === undefined) throw UNDECIDABLE;
      addConstant(value);
      return;
    }
    const given = memberOf(memberOf(call, "expressions"), name);
    if (!isObject(given)) throw UNDECIDABLE;
    expression(given, parent, lastIndex(within.address));
  }

  function output(text: string, within: Scope): void {
    const steps = splitSteps(text);
    const [, call = "", ...rest] = steps;
    const name = rest[0]?.startsWith("[") === true ? rest[1] : rest[0];
    if (name === undefined) throw UNDECIDABLE;
    const prefix = within.address === "" ? "" : `${within.address}.`;
    const index = rest[0]?.startsWith("[") === true ? rest[0] : "";
    const child = childScope(within, call, `${prefix}module.${call}${index}`);
    const value = memberOf(memberOf(memberOf(child?.module, "outputs"), name), "expression");
    if (child === undefined || !isObject(value)) throw UNDECIDABLE;
    expression(value, child, undefined);
  }

  function attribute(text: string, within: Scope, index: Index): void {
    const steps = splitSteps(text);
    const mode = steps[0] === "data" ? "data" : "managed";
    const [type, name, ...rest] = mode === "data" ? steps.slice(1) : steps;
    if (type === undefined || name === undefined) throw UNDECIDABLE;
    const prefix = within.address === "" ? "" : `${within.address}.`;
    const base = `${prefix}${mode === "data" ? "data." : ""}${type}.${name}`;
    const isIndexed = rest[0]?.startsWith("[") === true;
    const key = (isIndexed ? rest[1] : rest[0]) ?? "id";
    const all = world.instances.get(instanceKey(within.address, mode, type, name)) ?? [];
    const same = all.filter((address) => world.resources.get(address)?.index === index);
    // Without an index: the only one, the one of the same key, or all of them.
    let chosen: readonly string[] = isIndexed ? [`${base}${rest[0]}`] : all;
    if (!isIndexed && index !== undefined && same.length === 1) chosen = same;
    if (chosen.length === 0 && !lenient) throw UNDECIDABLE;
    for (const address of chosen) instance(address, key);
  }

  function instance(address: string, key: string): void {
    const found = world.resources.get(address);
    if (found === undefined) {
      if (lenient) return;
      throw UNDECIDABLE;
    }
    if (key === "id" ? !kind.type.test(found.type) : !kind.attribute.test(key)) throw UNDECIDABLE;
    for (const text of knownTextsOf(found, key)) {
      if (text !== OPEN) {
        addId(text);
        continue;
      }
      const id = key === "id" ? world.idOf(address) : undefined;
      if (id !== undefined) ids.add(id);
      else if (!lenient) throw UNDECIDABLE;
    }
  }

  try {
    for (const value of list) expression(value, scope, resource.index);
    return [...ids];
  } catch (error) {
    if (error === UNDECIDABLE) return undefined;
    throw error;
  }
}

/** Texts in an attribute, whether it holds one or a list. */
function knownTextsOf(part: Part, key: string): readonly (string | typeof OPEN)[] {
  if (isOpen(part, key)) return [OPEN];
  const value = memberOf(part.values, key);
  if (Array.isArray(value)) {
    const texts = textsOf(part, key);
    return texts === OPEN ? [OPEN] : texts;
  }
  if (typeof value !== "string") return [OPEN];
  return [textOf(part, key) ?? OPEN];
}
