// What decides the open values of a template: parameters, physical ids of a stack, exports of others, and where it runs.
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";

/** What documents beside a template tell. */
export interface StackFacts {
  /** Values by name; texts, or lists of them as templates write them (`a,b`). */
  readonly parameters: Map<string, string>;
  /** What parameters held that name one of Systems Manager. */
  readonly resolved: Map<string, string>;
  /** Parameters that have a value which is not told: `UsePreviousValue`, `****`. */
  readonly hidden: Set<string>;
  /** The stacks that tell of each parameter; of those that no stack tells, nothing. */
  readonly toldBy: Map<string, Set<string>>;
  readonly stacks: Set<string>;
  /** Parameters that are told apart from stacks, and where. */
  readonly given: Map<string, Spot>;
  /** Physical ids by logical id; several where documents tell of several stacks. */
  readonly physicalIds: Map<string, Set<string>>;
  readonly exports: Map<string, string>;
  /** `AWS::Region` and the like; `undefined` where stacks differ in it. */
  readonly pseudo: Map<string, string | undefined>;
  /** Where templates have what goes by a logical id. */
  readonly described: Map<string, Spot>;
}

export function newStackFacts(): StackFacts {
  return {
    parameters: new Map(),
    resolved: new Map(),
    hidden: new Set(),
    toldBy: new Map(),
    stacks: new Set(),
    given: new Map(),
    physicalIds: new Map(),
    exports: new Map(),
    pseudo: new Map(),
    described: new Map(),
  };
}

/** Whether the stack is there, by its ids, and nothing tells the values that its parameters have in it. */
export function isStackSilent({ physicalIds, stacks, given }: StackFacts): boolean {
  return physicalIds.size > 0 && stacks.size === 0 && given.size === 0;
}

/** What a document is, by the key that tells it. */
const FACT_KEYS = ["StackResources", "StackResourceSummaries", "Exports", "Stacks"] as const;

/** Whether a top-level value is one of those documents. */
export function holdsStackFacts(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isParameter);
  if (!isObject(value)) return false;
  if (FACT_KEYS.some((key) => Array.isArray(memberOf(value, key)))) return true;
  const parameters = memberOf(value, "Parameters");
  const isTemplate = Object.hasOwn(value, "Resources") || Object.hasOwn(value, "Changes");
  if (isTemplate || parameters === undefined) return false;
  return isObject(parameters) ? isTexts(parameters) : isParameters(parameters);
}

function isParameter(value: JsonValue): boolean {
  return typeof memberOf(value, "ParameterKey") === "string";
}

function isParameters(value: JsonValue): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isParameter);
}

function isTexts(value: JsonObject): boolean {
  return Object.values(value).every((each) => typeof each === "string" || typeof each === "number");
}

/**
 * Adds what a document of `--parameters` says, in any of the forms that AWS's tools take: also `{"Name": "value"}` and
 * `["Name=value"]`, which mean nothing where nobody says that they are parameters.
 */
export function addParameters(facts: StackFacts, value: JsonValue, spot: Spot): void {
  if (holdsStackFacts(value)) {
    addStackFacts(facts, value, spot);
    return;
  }
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) addPair(facts, item, below(spot, i));
    return;
  }
  if (!isObject(value) || !isTexts(value)) {
    refuse(
      spot,
      "parameters-shape",
      `${showValue(value)} holds no parameters`,
      'give [{"ParameterKey": "Name", "ParameterValue": "value"}], {"Parameters": {"Name": "value"}}, {"Name": "value"}, or ' +
        "the answer of aws cloudformation describe-stacks, describe-stack-resources or list-exports",
    );
  }
  for (const [name, text] of Object.entries(value))
    giveParameter(facts, name, String(text), below(spot, name));
}

function addPair(facts: StackFacts, item: JsonValue, spot: Spot): void {
  const [, name, text] =
    /^([A-Za-z0-9]{1,255})=(.*)$/s.exec(typeof item === "string" ? item : "") ?? [];
  if (name === undefined || text === undefined) {
    refuse(spot, "parameters-shape", `${showValue(item)} is no parameter`, "write Name=value");
  }
  giveParameter(facts, name, text, spot);
}

/** Adds what a recognised document says. */
export function addStackFacts(facts: StackFacts, value: JsonValue, spot: Spot): void {
  if (Array.isArray(value)) {
    addParameterList(facts, value, spot);
    return;
  }
  const parameters = memberOf(value, "Parameters");
  if (isObject(parameters))
    for (const [name, text] of Object.entries(parameters))
      giveParameter(facts, name, String(text), below(spot, "Parameters", name));
  else if (Array.isArray(parameters))
    addParameterList(facts, parameters, below(spot, "Parameters"));
  for (const key of ["StackResources", "StackResourceSummaries"])
    for (const item of listOf(value, key)) addPhysicalId(facts, item);
  for (const [i, item] of listOf(value, "Exports").entries())
    addExport(facts, memberOf(item, "Name"), memberOf(item, "Value"), below(spot, "Exports", i));
  for (const [i, item] of listOf(value, "Stacks").entries())
    addStack(facts, item, below(spot, "Stacks", i));
}

function listOf(value: JsonValue, key: string): readonly JsonValue[] {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
}

function giveParameter(facts: StackFacts, name: string, text: string, spot: Spot): void {
  facts.given.set(name, spot);
  setOnce(facts.parameters, name, text, spot, "parameter");
}

/** `stack`: whose they are. */
function addParameterList(
  facts: StackFacts,
  list: readonly JsonValue[],
  spot: Spot,
  stack?: string,
): void {
  for (const [i, item] of list.entries()) {
    const name = memberOf(item, "ParameterKey");
    if (typeof name !== "string") continue;
    const at = below(spot, i);
    const text = memberOf(item, "ParameterValue");
    // Of a parameter in Systems Manager the value is its name; what it held is told beside it.
    const held = memberOf(item, "ResolvedValue");
    if (stack === undefined) facts.given.set(name, at);
    else facts.toldBy.set(name, (facts.toldBy.get(name) ?? new Set()).add(stack));
    if (typeof held === "string") setOnce(facts.resolved, name, held, at, "parameter");
    // Values of NoEcho parameters are printed as four stars.
    if (memberOf(item, "UsePreviousValue") === true || text === "****") facts.hidden.add(name);
    else if (typeof text === "string" || typeof text === "number")
      setOnce(facts.parameters, name, String(text), at, "parameter");
  }
}

function addPhysicalId(facts: StackFacts, item: JsonValue): void {
  const logical = memberOf(item, "LogicalResourceId");
  const physical = memberOf(item, "PhysicalResourceId");
  // It is no part of the stack any more, and another may have come in its place.
  if (/^DELETE_(COMPLETE|SKIPPED)$/.test(String(memberOf(item, "ResourceStatus")))) return;
  addArn(facts, memberOf(item, "StackId"));
  if (typeof logical !== "string" || typeof physical !== "string" || physical === "") return;
  const known = facts.physicalIds.get(logical);
  if (known === undefined) facts.physicalIds.set(logical, new Set([physical]));
  else known.add(physical);
}

function addExport(
  facts: StackFacts,
  name: JsonValue | undefined,
  text: JsonValue | undefined,
  spot: Spot,
): void {
  if (typeof name === "string" && typeof text === "string")
    setOnce(facts.exports, name, text, spot, "export");
}

function addStack(facts: StackFacts, item: JsonValue, spot: Spot): void {
  const name = memberOf(item, "StackName");
  addArn(facts, memberOf(item, "StackId"));
  if (typeof name === "string") setPseudo(facts, "AWS::StackName", name);
  const id = memberOf(item, "StackId") ?? name;
  const stack = typeof id === "string" ? id : "";
  facts.stacks.add(stack);
  addParameterList(facts, listOf(item, "Parameters"), below(spot, "Parameters"), stack);
  for (const [i, output] of listOf(item, "Outputs").entries())
    addExport(
      facts,
      memberOf(output, "ExportName"),
      memberOf(output, "OutputValue"),
      below(spot, "Outputs", i),
    );
}

/** `arn:aws:cloudformation:eu-west-1:111122223333:stack/...` tells partition, region and account. */
function addArn(facts: StackFacts, arn: JsonValue | undefined): void {
  const [, partition, region, account] =
    /^arn:([a-z-]{1,32}):cloudformation:([a-z0-9-]{1,32}):([0-9]{1,16}):stack\//.exec(
      typeof arn === "string" ? arn : "",
    ) ?? [];
  if (partition === undefined || region === undefined || account === undefined) return;
  setPseudo(facts, "AWS::Partition", partition);
  setPseudo(facts, "AWS::Region", region);
  setPseudo(facts, "AWS::AccountId", account);
  setPseudo(facts, "AWS::StackId", arn as string);
}

/** Nobody says which of several stacks a template is of: what they differ in is open. */
function setPseudo({ pseudo }: StackFacts, name: string, text: string): void {
  pseudo.set(name, pseudo.has(name) && pseudo.get(name) !== text ? undefined : text);
}

function setOnce(
  map: Map<string, string>,
  name: string,
  text: string,
  spot: Spot,
  noun: string,
): void {
  const known = map.get(name);
  if (known !== undefined && known !== text)
    refuse(
      spot,
      `${noun}-differs`,
      `the ${noun} ${showValue(name)} has the value ${showValue(text)} here, and ${showValue(known)} elsewhere`,
      "give the documents of one stack only",
    );
  map.set(name, text);
}
