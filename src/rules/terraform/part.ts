// Values of a resource as Terraform prints them: known, absent, or known only after apply.
import { isObject, type JsonObject, type JsonValue, OFFSET } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";

/** Stands for a value that a plan does not know yet. */
export const OPEN: unique symbol = Symbol("known after apply");
export type Open = typeof OPEN;

/** A resource, or a block inside it: known values, and beside them which ones are open. */
export interface Part {
  readonly values: JsonObject;
  /** `after_unknown` of the same place: `true` = all of it is open. */
  readonly unknown: JsonValue | undefined;
  /** Attribute path from the resource, such as `ingress[0]`; empty for the resource itself. */
  readonly name: string;
  readonly spot: Spot;
}

/** The attribute's path from the resource. */
export function attributeName({ name }: Part, key: string, index?: number): string {
  const full = name === "" ? key : `${name}.${key}`;
  return index === undefined ? full : `${full}[${index}]`;
}

function unknownAt(unknown: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (unknown === true) return true;
  if (Array.isArray(unknown)) return unknown[step as number];
  if (isObject(unknown) && Object.hasOwn(unknown, step)) return unknown[step];
  return undefined;
}

function valueAt({ values }: Part, key: string): JsonValue {
  return Object.hasOwn(values, key) ? (values[key] as JsonValue) : null;
}

/** Whether the whole attribute is known only after apply. */
export function isOpen(part: Part, key: string): boolean {
  return unknownAt(part.unknown, key) === true;
}

/** Whether the attribute says nothing, not even that there is nothing. */
export function isAbsent(part: Part, key: string): boolean {
  return valueAt(part, key) === null && !isOpen(part, key);
}

function refuseType(spot: Spot, expected: string, value: JsonValue): never {
  return refuse(spot, "rules-shape", `expected ${expected}, found ${showValue(value)}`);
}

/** A string; empty ones, which older providers write for "none", are absent. */
export function textOf(part: Part, key: string): string | Open | undefined {
  if (isOpen(part, key)) return OPEN;
  const value = valueAt(part, key);
  if (value === null || value === "") return undefined;
  return typeof value === "string" ? value : refuseType(below(part.spot, key), "text", value);
}

/** The same where only a known value is of use. */
export function knownText(part: Part, key: string): string | undefined {
  const text = textOf(part, key);
  return text === OPEN ? undefined : text;
}

export function wholeOf(part: Part, key: string): number | Open | undefined {
  if (isOpen(part, key)) return OPEN;
  const value = valueAt(part, key);
  if (value === null) return undefined;
  return typeof value === "number" && Number.isInteger(value)
    ? value
    : refuseType(below(part.spot, key), "a whole number", value);
}

export function flagOf(part: Part, key: string): boolean | Open | undefined {
  if (isOpen(part, key)) return OPEN;
  const value = valueAt(part, key);
  if (value === null) return undefined;
  return typeof value === "boolean"
    ? value
    : refuseType(below(part.spot, key), "true or false", value);
}

function itemsOf(part: Part, key: string): readonly JsonValue[] {
  const value = valueAt(part, key);
  if (value === null) return [];
  return Array.isArray(value) ? value : refuseType(below(part.spot, key), "an array", value);
}

/** A list or set of strings; an open element stands as `OPEN` in its place. */
export function textsOf(part: Part, key: string): readonly (string | Open)[] | Open {
  if (isOpen(part, key)) return OPEN;
  const unknown = unknownAt(part.unknown, key);
  return itemsOf(part, key).map((item, i) => {
    if (unknownAt(unknown, i) === true) return OPEN;
    return typeof item === "string" ? item : refuseType(below(part.spot, key, i), "text", item);
  });
}

/** A list or set of blocks; an open one has no values and is open in all. */
export function blocksOf(part: Part, key: string): readonly Part[] | Open {
  if (isOpen(part, key)) return OPEN;
  const unknown = unknownAt(part.unknown, key);
  return itemsOf(part, key).map((item, i) => {
    const open = unknownAt(unknown, i);
    const spot = below(part.spot, key, i);
    const name = attributeName(part, key, i);
    if (open === true)
      return { values: { [OFFSET]: part.values[OFFSET] }, unknown: true, name, spot };
    if (!isObject(item)) return refuseType(spot, "an object", item);
    return { values: item, unknown: open, name, spot };
  });
}
