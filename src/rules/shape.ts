// Checks a JSON value against a valibot schema, with messages that say file, line, column and path. The schemas of
// AWS's answers stand beside their types in group-shape.ts and network-shape.ts.
import * as v from "valibot";
import { fitsOf } from "./fits.js";
import type { JsonValue, OFFSET } from "./json-reader.js";
import { below, refuse, type Spot, showValue } from "./spot.js";

/** A key that may be missing; some SDKs write null for that. */
export type Maybe<T> = T | null | undefined;

/** What valibot sees of a type: everything but the offsets, which every object of the reader carries. */
export type Plain<T> = T extends readonly (infer U)[]
  ? Plain<U>[]
  : T extends object
    ? { [K in keyof T as K extends typeof OFFSET ? never : K]: Plain<T[K]> }
    : T;

export type Shape<T> = v.GenericSchema<unknown, Plain<T>>;

const notAnArray = v.check((value: unknown) => !Array.isArray(value), "object");

/** Like v.object, but refuses arrays, which valibot takes for objects. Unknown keys pass. */
export function shapeOf<const E extends v.ObjectEntries>(
  entries: E,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<E, undefined>>> {
  return v.pipe(v.unknown(), notAnArray, v.object(entries));
}

/** Stops at the first value that does not fit; returns the reader's own objects, not copies. */
export function conform<T>(shape: Shape<T>, value: JsonValue, spot: Spot): T {
  if (fitsOf(shape)(value)) return value as unknown as T;
  const result = v.safeParse(shape, value, { abortEarly: true });
  if (!result.success) refuseIssue(result.issues[0], spot);
  return value as unknown as T;
}

function refuseIssue(issue: v.BaseIssue<unknown>, spot: Spot): never {
  const path = issue.path ?? [];
  const at = below(spot, ...path.map((step) => step.key as string | number));
  const last = path.at(-1);
  if (last !== undefined && "origin" in last && last.origin === "key")
    refuse(at, "rules-shape", "the key is missing");
  refuse(at, "rules-shape", `expected ${expectation(issue)}, found ${showValue(issue.input)}`);
}

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "integer") return "a whole number";
  if (issue.type === "object" || issue.type === "check") return "an object";
  if (issue.type === "array") return "an array";
  return issue.expected ?? issue.type;
}
