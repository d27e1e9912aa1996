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
      const found = expressionsOf(plan, resource, attribute);
      const kind = ID_KINDS.find((each) => each.attribute.test(attribute));
      if (found === undefined || kind === undefined) return undefined;
      // Blocks that cannot be told apart decide where all of them say the same.
      const answers = new Map<string, readonly string[]>();
      for (const expression of found.list) {
        const ids = idsOf(after, kind, expression, found.scope, resource, false);
        if (ids === undefined || ids.length === 0) return undefined;
        answers.set(JSON.stringify([...ids].sort()), ids);
      }
      const [ids, other] = answers.values();
      if (ids === undefined || other !== undefined) return undefined;
      if (found.holdsBlocks && ids.length > 1) return undefined;
      const explained = found.list.flatMap(
        (expression) => idsOf(before, kind, expression, found.scope, resource, true) ?? [],
      );
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
  /** Those that the attribute may come from: one, unless blocks cannot be told apart. */
  readonly list: readonly JsonObject[];
  /** The expression gives whole blocks, whose other attributes it refers for too. */
  readonly holdsBlocks: boolean;
  readonly scope: Scope;
}

/** `undefined` where it is not printed, or where something that is not printed may give the attribute. */
function expressionsOf(
  plan: TerraformPlan,
  resource: TerraformResource,
  attribute: string,
): Expressions | undefined {
  const found = configOf(plan, resource);
  if (found === undefined) return undefined;
  const { config, scope } = found;
  const expressions = memberOf(config, "expressions");
  const [, block, place, key] = /^(\w+)\[(\d+)\]\.(\w+)/.exec(attribute) ?? [];
  if (block === undefined || key === undefined) {
    const value = memberOf(expressions, attribute.replace(/\[\d+\]$/, ""));
    return isObject(value) ? { list: [value], holdsBlocks: false, scope } : undefined;
  }
  const after = memberOf(resource.values, block);
  const printed = memberOf(expressions, block);
  if (!Array.isArray(after)) return undefined;
  if (isObject(printed))
    return after.length === 1 ? { list: [printed], holdsBlocks: true, scope } : undefined;
  // Dynamic blocks are not printed: where there are more blocks than those, one of them may be meant.
  if (!Array.isArray(printed) || printed.length !== after.length) return undefined;
  const list = printed
    .filter((each) => mayBeBlock(each, after[Number(place)]))
    .map((each) => memberOf(each, key))
    .filter(isObject)
    // What is written out is known: it cannot be what is open.
    .filter((each) => Array.isArray(memberOf(each, "references")));
  return list.length === 0 ? undefined : { list, holdsBlocks: false, scope };
}

/** Attributes that neither Terraform nor the provider writes otherwise than the configuration. */
const PLAIN_ATTRIBUTES = ["from_port", "to_port", "description"];

/** Whether a block of the configuration may be the one of the plan: blocks of a set have no order. */
function mayBeBlock(printed: JsonValue, after: JsonValue | undefined): boolean {
  return PLAIN_ATTRIBUTES.every((key) => {
    const written = memberOf(memberOf(printed, key), "constant_value");
    const planned = memberOf(after, key);
    return (
      written === undefined || planned === undefined || planned === null || same(written, planned)
    );
  });
}

/** A number may be written as text. */
function same(written: JsonValue, planned: JsonValue): boolean {
  return typeof planned === "number"
    ? Number(written) === planned
    : String(written) === String(planned);
}

type Index = TerraformResource["index"];

/**
 * Beginnings of references whose values a plan does not print, or that are no ids. `count.index` and `count.index + 1`
 * are printed alike.
 */
const NO_IDS: ReadonlySet<string> = new Set([
  "each",
  "count",
  "local",
  "path",
  "terraform",
  "self",
  "ephemeral",
]);

/** Beginnings of references that are no resources. */
const NO_WHOLE: ReadonlySet<string> = new Set([...NO_IDS, "var", "module"]);

/** Raised inside to leave: something that is no id has a part in the value. */
const UNDECIDABLE: unique symbol = Symbol("undecidable");

/**
 * Ids of the kind that the expression gives; `undefined` where anything else goes into it. `lenient`: what is missing
 * is skipped.
 */
function idsOf(
  world: World,
  kind: IdKind,
  whole: JsonObject,
  scope: Scope,
  resource: TerraformResource,
  lenient: boolean,
): readonly string[] | undefined {
  const ids = new Set<string>();
  let steps = 0;
  // A resource is referred to as a whole, as in [for g in all : g.id if ...]: it may give fewer of its ids, or none.
  let mayBeFewer = false;

  function expression(value: JsonObject, within: Scope, index: Index): void {
    if (++steps > MAX_STEPS) throw UNDECIDABLE;
    const { constant_value: constant, references } = value;
    if (constant !== undefined) addConstant(constant);
    if (!Array.isArray(references)) return;
    const texts = wholeReferences(references.filter((text) => typeof text === "string"));
    const others = texts.filter((text) => text !== "each.key");
    if (others.length < texts.length) chosenByKey(others, within, index);
    else for (const text of others) reference(text, within);
  }

  /** `all[each.key].id` is printed as `all` and `each.key`; with anything else the key may choose in any way. */
  function chosenByKey(others: readonly string[], within: Scope, index: Index): void {
    const [text = "", second] = others;
    const [first = "", ...rest] = splitSteps(text);
    const isResource = rest.length === (first === "data" ? 2 : 1);
    const isChoice = second === undefined && isResource && typeof index === "string";
    if (!isChoice || NO_WHOLE.has(first)) throw UNDECIDABLE;
    attribute(text, within, index);
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

  function reference(text: string, within: Scope): void {
    const [first = "", second = ""] = splitSteps(text);
    if (NO_IDS.has(first)) throw UNDECIDABLE;
    if (first === "var") variable(second, within);
    else if (first === "module") output(text, within);
    else attribute(text, within, undefined);
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

  /** `index`: of the instance that the key of the resource itself chooses. */
  function attribute(text: string, within: Scope, index: Index): void {
    const steps = splitSteps(text);
    const mode = steps[0] === "data" ? "data" : "managed";
    const [type, name, ...rest] = mode === "data" ? steps.slice(1) : steps;
    if (type === undefined || name === undefined) throw UNDECIDABLE;
    const prefix = within.address === "" ? "" : `${within.address}.`;
    const base = `${prefix}${mode === "data" ? "data." : ""}${type}.${name}`;
    const isIndexed = rest[0]?.startsWith("[") === true;
    const key = isIndexed ? rest[1] : rest[0];
    const all = world.instances.get(instanceKey(within.address, mode, type, name)) ?? [];
    const own = all.filter((address) => world.resources.get(address)?.index === index);
    // Without an index: the one of the same key, the only one, or all of them.
    const chosen = isIndexed ? [`${base}${rest[0]}`] : index === undefined ? all : own;
    if (index === undefined && key === undefined) mayBeFewer = true;
    if (chosen.length === 0 && !lenient) throw UNDECIDABLE;
    for (const address of chosen) instance(address, key ?? "id");
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
    expression(whole, scope, resource.index);
    return mayBeFewer && ids.size > 1 && !lenient ? undefined : [...ids];
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
