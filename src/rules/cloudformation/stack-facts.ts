// What decides the open values of a template: parameters, physical ids of a stack, exports of others, and where it runs.
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";

/** What documents beside a template tell. */
export interface StackFacts {
  /** Values by name; texts, or lists of them as templates write them (`a,b`). */
  readonly parameters: Map<string, string>;
  /** Physical ids by logical id; several where documents tell of several stacks. */
  readonly physicalIds: Map<string, Set<string>>;
  readonly exports: Map<string, string>;
  /** `AWS::Region` and the like. */
  readonly pseudo: Map<string, string>;
}

export function newStackFacts(): StackFacts {
  return { parameters: new Map(), physicalIds: new Map(), exports: new Map(), pseudo: new Map() };
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
    setOnce(facts.parameters, name, String(text), below(spot, name), "parameter");
}

function addPair(facts: StackFacts, item: JsonValue, spot: Spot): void {
  const [, name, text] =
    /^([A-Za-z0-9]{1,255})=(.*)$/s.exec(typeof item === "string" ? item : "") ?? [];
  if (name === undefined || text === undefined) {
    refuse(spot, "parameters-shape", `${showValue(item)} is no parameter`, "write Name=value");
  }
  setOnce(facts.parameters, name, text, spot, "parameter");
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
      setOnce(facts.parameters, name, String(text), below(spot, "Parameters", name), "parameter");
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

function addParameterList(facts: StackFacts, list: readonly JsonValue[], spot: Spot): void {
  for (const [i, item] of list.entries()) {
    const name = memberOf(item, "ParameterKey");
    // Of a parameter in Systems Manager the value is its name; what it held is told beside it.
    const text = memberOf(item, "ResolvedValue") ?? memberOf(item, "ParameterValue");
    if (typeof name === "string" && (typeof text === "string" || typeof text === "number"))
      setOnce(facts.parameters, name, String(text), below(spot, i), "parameter");
  }
}

function addPhysicalId(facts: StackFacts, item: JsonValue): void {
  const logical = memberOf(item, "LogicalResourceId");
  const physical = memberOf(item, "PhysicalResourceId");
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
  if (typeof name === "string") facts.pseudo.set("AWS::StackName", name);
  addParameterList(facts, listOf(item, "Parameters"), below(spot, "Parameters"));
  for (const [i, output] of listOf(item, "Outputs").entries())
    addExport(
      facts,
      memberOf(output, "ExportName"),
      memberOf(output, "OutputValue"),
      below(spot, "Outputs", i),
    );
}

/** `arn:aws:cloudformation:eu-west-1:111122223333:stack/...` tells partition, region and account. */
function addArn({ pseudo }: StackFacts, arn: JsonValue | undefined): void {
  const [, partition, region, account] =
    /^arn:([a-z-]{1,32}):cloudformation:([a-z0-9-]{1,32}):([0-9]{1,16}):stack\//.exec(
      typeof arn === "string" ? arn : "",
    ) ?? [];
  if (partition === undefined || region === undefined || account === undefined) return;
  pseudo.set("AWS::Partition", partition);
  pseudo.set("AWS::Region", region);
  pseudo.set("AWS::AccountId", account);
  pseudo.set("AWS::StackId", arn as string);
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
