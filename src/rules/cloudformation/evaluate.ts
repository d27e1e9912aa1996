// Intrinsic functions, as far as a template and the facts beside it decide them. What they leave open stays open.
import { isObject, type JsonValue, memberOf } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";
import { cutBlocks } from "./cut-blocks.js";
import { GROUP, INSTANCE, INTERFACE, SUBNET, VPC } from "./resource-types.js";
import { isStackSilent, type StackFacts } from "./stack-facts.js";
import { isOfModule } from "./unexpanded.js";

/** Nothing decides the value. */
export const OPEN: unique symbol = Symbol("open");
/** The value is left out: `AWS::NoValue`, or nothing was written. */
export const NONE: unique symbol = Symbol("none");

/** A value of the template, or one that was computed, with the place it comes from. */
export interface Node {
  readonly value: JsonValue;
  readonly spot: Spot;
}

/** Something of another resource: its `Ref`, or an attribute. */
export interface ResourceValue {
  readonly logicalId: string;
  readonly attribute: string;
}

export type Resolved = Node | ResourceValue | typeof OPEN | typeof NONE;

export interface Evaluator {
  /** The value itself; of lists and mappings the outermost level alone. */
  resolve(node: Node): Resolved;
  /** Whether a named condition holds; `undefined` where nothing decides it. */
  condition(name: string, spot: Spot): boolean | undefined;
  /** What is written under the key of a mapping. */
  member(node: Node, key: string): Resolved;
  /** Parameters of which nothing told more than a default, where one was asked for. */
  readonly defaults: ReadonlySet<string>;
  /** A section of the template. */
  section(name: string): Node;
}

/** Functions evaluated for one template: enough for the largest one, too few to hang on a hostile one. */
const MAX_STEPS = 1_000_000;
/** Functions inside functions, through conditions and attributes of other resources. */
const MAX_DEPTH = 200;
/** Longest text that is put together. */
const MAX_TEXT = 65_536;

export function isResource(value: Resolved): value is ResourceValue {
  return typeof value === "object" && "logicalId" in value;
}

export function isNode(value: Resolved): value is Node {
  return typeof value === "object" && "value" in value;
}

/** Whether some of what a mapping means is made by a function, such as a loop or a transform, that stands as its key. */
export function holdsFunction(value: JsonValue | undefined): boolean {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith("Fn::"));
}

/** A text, or a number or truth value as CloudFormation writes it; `undefined` for anything else. */
export function textOf(value: Resolved): string | undefined {
  if (!isNode(value)) return undefined;
  const { value: plain } = value;
  if (typeof plain === "string") return plain;
  return typeof plain === "number" || typeof plain === "boolean" ? String(plain) : undefined;
}

/** An evaluator of the template. */
export function evaluatorOf(template: Node, facts: StackFacts): Evaluator {
  let steps = 0;
  let depth = 0;
  const asked = new Set<string>();
  const defaults = new Set<string>();
  const conditions = new Map<string, boolean | undefined>();

  function section(name: string): Node {
    const value = memberOf(template.value, name);
    return { value: value ?? null, spot: below(template.spot, name) };
  }

  function child({ value, spot }: Node, step: string | number): Node {
    const inner =
      typeof step === "number"
        ? ((value as readonly JsonValue[])[step] ?? null)
        : (memberOf(value, step) ?? null);
    return { value: inner, spot: below(spot, step) };
  }

  function resolve(node: Node): Resolved {
    const { value } = node;
    if (value === null) return NONE;
    // {{resolve:ssm:...}} is read when the stack is made; a change set writes its unknown values alike.
    if (typeof value === "string")
      return value.includes("{{resolve:") || value.includes("{{changeSet:") ? OPEN : node;
    if (!isObject(value)) return node;
    const [name, second] = Object.keys(value);
    if (name === undefined || second !== undefined) return node;
    if (name !== "Ref" && !name.startsWith("Fn::")) return node;
    return guarded(() => call(name, child(node, name)));
  }

  function guarded(work: () => Resolved): Resolved {
    if (++steps > MAX_STEPS || depth >= MAX_DEPTH) return OPEN;
    depth++;
    try {
      return work();
    } finally {
      depth--;
    }
  }

  function call(name: string, argument: Node): Resolved {
    switch (name) {
      case "Ref":
        return reference(argument);
      case "Fn::GetAtt":
        return attribute(argument);
      case "Fn::Sub":
        return substitute(argument);
      case "Fn::Join":
        return join(argument);
      case "Fn::Split":
        return split(argument);
      case "Fn::Select":
        return select(argument);
      case "Fn::If":
        return choose(argument);
      case "Fn::FindInMap":
        return find(argument);
      case "Fn::ImportValue":
        return imported(argument);
      case "Fn::Cidr":
        return blocks(argument);
      default:
        // Fn::GetAZs, Fn::Base64, Fn::Transform, Fn::Length, ...: nothing of them is an end or a port.
        return OPEN;
    }
  }

  function computed(value: JsonValue, { spot }: Node): Resolved {
    return { value, spot };
  }

  function nameOf(argument: Node): string {
    return typeof argument.value === "string"
      ? argument.value
      : refuse(
          argument.spot,
          "template-intrinsic",
          `expected a name, found ${showValue(argument.value)}`,
        );
  }

  function reference(argument: Node): Resolved {
    const name = nameOf(argument);
    if (name === "AWS::NoValue") return NONE;
    if (name.startsWith("AWS::")) {
      const known = facts.pseudo.get(name);
      return known === undefined ? OPEN : computed(known, argument);
    }
    const parameter = memberOf(section("Parameters").value, name);
    if (parameter !== undefined) return parameterValue(name, parameter, argument);
    if (memberOf(section("Resources").value, name) !== undefined)
      return { logicalId: name, attribute: "Ref" };
    if (mayBeMade(name)) return OPEN;
    return refuse(
      argument.spot,
      "template-reference",
      `${showValue(name)} is neither a parameter nor a resource of the template`,
    );
  }

  /** Whether a resource that is not written may be there nevertheless. */
  function mayBeMade(name: string): boolean {
    const resources = section("Resources").value;
    return holdsFunction(resources) || isOfModule(resources, name);
  }

  function parameterValue(name: string, parameter: JsonValue, argument: Node): Resolved {
    const type = String(memberOf(parameter, "Type"));
    const text = parameterText(name, parameter, type);
    if (text === undefined) return OPEN;
    if (/(^|<)(CommaDelimitedList|List<)/.test(type))
      return computed(text === "" ? [] : text.split(",").map((part) => part.trim()), argument);
    return computed(text, argument);
  }

  /** The text of a parameter; `undefined` where nothing tells it. */
  function parameterText(name: string, parameter: JsonValue, type: string): string | undefined {
    // Several stacks, of which only some have it: nobody says of which the template is.
    const stacks = facts.toldBy.get(name);
    if (stacks !== undefined && stacks.size < facts.stacks.size && !facts.given.has(name))
      return undefined;
    // Its value is the name of a parameter in Systems Manager, whatever that looks like.
    if (type.startsWith("AWS::SSM::Parameter::Value")) return facts.resolved.get(name);
    const given = facts.parameters.get(name);
    if (given === undefined && facts.hidden.has(name)) return undefined;
    const isSecret = String(memberOf(parameter, "NoEcho")) === "true";
    if (isSecret && given !== undefined && /^\*+$/.test(given)) return undefined;
    if (given !== undefined) return given;
    const fallback = memberOf(parameter, "Default");
    if (fallback === undefined || fallback === null) return undefined;
    defaults.add(name);
    return isStackSilent(facts) ? undefined : String(fallback);
  }

  function attribute(argument: Node): Resolved {
    const parts = Array.isArray(argument.value)
      ? argument.value.map((_, i) => textOf(resolve(child(argument, i))))
      : (/^([^.]+)\.(.+)$/s.exec(nameOf(argument))?.slice(1, 3) ?? []);
    const [logicalId, name] = parts;
    if (logicalId === undefined || name === undefined) return OPEN;
    const isWritten = memberOf(section("Resources").value, logicalId) !== undefined;
    if (!isWritten && mayBeMade(logicalId)) return OPEN;
    if (!isWritten)
      return refuse(
        argument.spot,
        "template-reference",
        `${showValue(logicalId)} is no resource of the template`,
      );
    return resourceAttribute(logicalId, name);
  }

  /** Some attributes are properties that the template itself gives: the block of a VPC, the address of an interface. */
  function resourceAttribute(logicalId: string, name: string): Resolved {
    const resource = child(section("Resources"), logicalId);
    const type = memberOf(resource.value, "Type");
    const property = WRITTEN_ATTRIBUTES.get(String(type))?.get(name);
    const written = property === undefined ? NONE : member(child(resource, "Properties"), property);
    if (written !== NONE) return written;
    return { logicalId, attribute: name };
  }

  function substitute(argument: Node): Resolved {
    const isList = Array.isArray(argument.value);
    const template = isList ? child(argument, 0) : argument;
    const own = isList ? child(argument, 1) : undefined;
    if (typeof template.value !== "string") return OPEN;
    if (template.value.includes("{{resolve:")) return OPEN;
    let text = "";
    let from = 0;
    for (const match of template.value.matchAll(/\$\{(!?)([^{}$]{1,300})\}/g)) {
      text += template.value.slice(from, match.index);
      from = match.index + match[0].length;
      if (match[1] === "!") {
        text += `\${${match[2]}}`;
        continue;
      }
      const part = textOf(substituted((match[2] as string).trim(), own, template));
      if (part === undefined || text.length > MAX_TEXT) return OPEN;
      text += part;
    }
    return computed(text + template.value.slice(from), template);
  }

  function substituted(name: string, own: Node | undefined, at: Node): Resolved {
    if (own !== undefined && memberOf(own.value, name) !== undefined)
      return resolve(child(own, name));
    const value = name.includes(".")
      ? attribute({ value: name, spot: at.spot })
      : reference({ value: name, spot: at.spot });
    return isResource(value) ? physical(value, at) : value;
  }

  /** A resource in a text: its physical id, where that is known. */
  function physical({ logicalId, attribute: name }: ResourceValue, at: Node): Resolved {
    const ids = facts.physicalIds.get(logicalId);
    if (
      ids === undefined ||
      ids.size !== 1 ||
      !/^(Ref|Id|GroupId|VpcId|SubnetId|PrefixListId)$/.test(name)
    )
      return OPEN;
    return computed([...ids][0] as string, at);
  }

  /** The items of a list; `undefined` where the list itself is open. */
  function listOf(node: Node): readonly Node[] | undefined {
    const list = resolve(node);
    if (!isNode(list) || !Array.isArray(list.value)) return undefined;
    return list.value.map((_, i) => child(list, i));
  }

  function textsOf(node: Node): readonly string[] | undefined {
    const items = listOf(node);
    if (items === undefined) return undefined;
    const found: string[] = [];
    for (const item of items) {
      const value = resolve(item);
      if (value === NONE) continue;
      const text = textOf(isResource(value) ? physical(value, node) : value);
      if (text === undefined) return undefined;
      found.push(text);
    }
    return found;
  }

  function join(argument: Node): Resolved {
    const delimiter = textOf(resolve(child(argument, 0)));
    const texts = Array.isArray(argument.value) ? textsOf(child(argument, 1)) : undefined;
    if (delimiter === undefined || texts === undefined) return OPEN;
    const text = texts.join(delimiter);
    return text.length > MAX_TEXT ? OPEN : computed(text, argument);
  }

  function split(argument: Node): Resolved {
    if (!Array.isArray(argument.value)) return OPEN;
    const delimiter = textOf(resolve(child(argument, 0)));
    const text = textOf(resolve(child(argument, 1)));
    if (delimiter === undefined || delimiter === "" || text === undefined) return OPEN;
    return computed(text.split(delimiter), argument);
  }

  function select(argument: Node): Resolved {
    if (!Array.isArray(argument.value)) return OPEN;
    const index = textOf(resolve(child(argument, 0)));
    const items = listOf(child(argument, 1));
    if (index === undefined || items === undefined || !/^\d{1,6}$/.test(index)) return OPEN;
    const item = items[Number(index)];
    return item === undefined ? OPEN : resolve(item);
  }

  function choose(argument: Node): Resolved {
    if (!Array.isArray(argument.value) || argument.value.length !== 3)
      return refuse(argument.spot, "template-intrinsic", "Fn::If has a condition and two values");
    const first = child(argument, 0);
    const holds = condition(nameOf(first), first.spot);
    if (holds !== undefined) return resolve(child(argument, holds ? 1 : 2));
    const [yes, no] = [child(argument, 1), child(argument, 2)];
    // Nothing decides between them, but both may say the same.
    return JSON.stringify(yes.value) === JSON.stringify(no.value) ? resolve(yes) : OPEN;
  }

  function find(argument: Node): Resolved {
    if (!Array.isArray(argument.value)) return OPEN;
    const keys = [0, 1, 2].map((i) => textOf(resolve(child(argument, i))));
    let node = section("Mappings");
    for (const key of keys) {
      if (key === undefined) return OPEN;
      if (memberOf(node.value, key) === undefined) return missing(argument, key);
      node = child(node, key);
    }
    return resolve(node);
  }

  function missing(argument: Node, key: string): Resolved {
    const rest = child(argument, 3);
    if (memberOf(rest.value, "DefaultValue") !== undefined)
      return resolve(child(rest, "DefaultValue"));
    return refuse(
      argument.spot,
      "template-reference",
      `${showValue(key)} is no key of the mapping`,
      "give a parameter that the mapping knows",
    );
  }

  function imported(argument: Node): Resolved {
    const name = textOf(resolve(argument));
    const value = name === undefined ? undefined : facts.exports.get(name);
    return value === undefined ? OPEN : computed(value, argument);
  }

  /** Fn::Cidr: so many blocks of the given number of host bits. */
  function blocks(argument: Node): Resolved {
    if (!Array.isArray(argument.value)) return OPEN;
    const [text, count, bits] = [0, 1, 2].map((i) => textOf(resolve(child(argument, i))));
    if (text === undefined || count === undefined || bits === undefined) return OPEN;
    const cut = cutBlocks(text, Number(count), Number(bits));
    return cut === undefined ? OPEN : computed(cut, argument);
  }

  function condition(name: string, spot: Spot): boolean | undefined {
    if (conditions.has(name)) return conditions.get(name);
    const isWritten = memberOf(section("Conditions").value, name) !== undefined;
    if (!isWritten && holdsFunction(section("Conditions").value)) return undefined;
    if (!isWritten)
      return refuse(
        spot,
        "template-reference",
        `${showValue(name)} is no condition of the template`,
      );
    if (asked.has(name))
      return refuse(spot, "template-reference", `the condition ${showValue(name)} rests on itself`);
    asked.add(name);
    const holds = test(child(section("Conditions"), name));
    conditions.set(name, holds);
    return holds;
  }

  function test(node: Node): boolean | undefined {
    if (++steps > MAX_STEPS || depth >= MAX_DEPTH) return undefined;
    depth++;
    try {
      return tested(node);
    } finally {
      depth--;
    }
  }

  function tested(node: Node): boolean | undefined {
    const { value } = node;
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    if (!isObject(value)) return undefined;
    const [name = ""] = Object.keys(value);
    const argument = child(node, name);
    const parts = Array.isArray(argument.value)
      ? argument.value.map((_, i) => child(argument, i))
      : [];
    if (name === "Condition") return condition(nameOf(argument), argument.spot);
    if (parts.length === 0) return undefined;
    if (name === "Fn::Equals") return equal(parts);
    if (name === "Fn::Not") return negated(parts.map(test)[0]);
    if (name === "Fn::And") return every(parts.map(test));
    if (name === "Fn::Or") return negated(every(parts.map(test).map(negated)));
    return undefined;
  }

  function equal([first, second]: readonly Node[]): boolean | undefined {
    if (first === undefined || second === undefined) return undefined;
    const [a, b] = [textOf(resolve(first)), textOf(resolve(second))];
    return a === undefined || b === undefined ? undefined : a === b;
  }

  function member(node: Node, key: string): Resolved {
    if (!isObject(node.value)) return NONE;
    // A function beside or in place of keys may make any of those that are not written.
    if (memberOf(node.value, key) === undefined && holdsFunction(node.value)) return OPEN;
    return resolve(child(node, key));
  }

  return { resolve, condition, member, defaults, section };
}

/** By type: attributes that are properties, under whose name. What others answer only AWS knows. */
const WRITTEN_ATTRIBUTES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [VPC, new Map([["CidrBlock", "CidrBlock"]])],
  [
    SUBNET,
    new Map([
      ["CidrBlock", "CidrBlock"],
      ["VpcId", "VpcId"],
    ]),
  ],
  [
    INTERFACE,
    new Map([
      ["PrimaryPrivateIpAddress", "PrivateIpAddress"],
      ["SubnetId", "SubnetId"],
    ]),
  ],
  [INSTANCE, new Map([["PrivateIp", "PrivateIpAddress"]])],
  [GROUP, new Map([["VpcId", "VpcId"]])],
]);

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** False where one is false, else open where one is open, else true. */
function every(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}
