// Strict reading of mappings that people write: every key is known, every value has the kind that it should have.
import { isObject, type JsonObject, type JsonValue } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";

const CODE = "rules-by-hand";

/** A value with its place. */
export interface Field {
  readonly value: JsonValue;
  readonly spot: Spot;
}

/** The keys of a mapping; stops at one that is not `allowed`, and where one of `required` is missing. */
export function readFields(
  { value, spot }: Field,
  what: string,
  allowed: readonly string[],
  required: readonly string[],
): ReadonlyMap<string, Field> {
  const object = asObject({ value, spot }, what);
  for (const key of Object.keys(object))
    if (!allowed.includes(key))
      refuse(
        below(spot, key),
        CODE,
        `${showValue(key)} is no key of ${what}`,
        `allowed: ${allowed.join(", ")}`,
      );
  for (const key of required)
    if (!Object.hasOwn(object, key))
      refuse(
        spot,
        CODE,
        `${what} has no ${key}`,
        `it must be written; keys of ${what}: ${allowed.join(", ")}`,
      );
  return new Map(
    Object.keys(object).map((key) => [
      key,
      { value: object[key] as JsonValue, spot: below(spot, key) },
    ]),
  );
}

function asObject({ value, spot }: Field, what: string): JsonObject {
  return isObject(value)
    ? value
    : refuse(
        spot,
        CODE,
        `${what} is ${showValue(value)}`,
        "write keys and values: one `key: value` per line",
      );
}

/** The items of a list; a value that is none is a list of itself where `orOne`. */
export function readItems(field: Field, what: string, orOne = false): readonly Field[] {
  const { value, spot } = field;
  if (Array.isArray(value)) return value.map((item, i) => ({ value: item, spot: below(spot, i) }));
  if (orOne && value !== null) return [field];
  return refuse(
    spot,
    CODE,
    `${what} is ${showValue(value)}`,
    "write a list: one `- ` per item, or [] for none",
  );
}

/** Text; whole numbers of JSON are text too. */
export function readText({ value, spot }: Field, what: string, allowed: string): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  return refuse(spot, CODE, `${what} is ${showValue(value)}`, `write ${allowed}`);
}

/** Stops with what was found and what is allowed. */
export function refuseText(spot: Spot, text: string, what: string, allowed: string): never {
  return refuse(spot, CODE, `${showValue(text)} is no ${what}`, `allowed: ${allowed}`);
}
