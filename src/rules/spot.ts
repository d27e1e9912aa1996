// Where a value stands: the document, the top-level value and the path inside it. Places are computed when asked for.
import { FlowError } from "../errors.js";
import type { Place } from "../model/rule-set.js";
import { formatPlace, type Path } from "./json-place.js";
import { isObject, type JsonDocument, type JsonValue, OFFSET } from "./json-reader.js";

export interface Spot {
  readonly document: JsonDocument;
  /** Index of the top-level value in the document. */
  readonly value: number;
  readonly path: Path;
  /** What the value is part of, where its document gives that a name: a Terraform address, a logical id. */
  readonly subject?: string;
}

export function below(spot: Spot, ...steps: (string | number)[]): Spot {
  const { document, value, subject } = spot;
  const path = [...spot.path, ...steps];
  return subject === undefined ? { document, value, path } : { document, value, path, subject };
}

/** The same spot as part of what its document calls `subject`: messages name it. */
export function inside(spot: Spot, subject: string): Spot {
  return { ...spot, subject };
}

/** A message about the spot, with the name of what it is part of. */
export function aboutSpot({ subject }: Spot, message: string): string {
  return subject === undefined ? message : `${subject}: ${message}`;
}

/** `file:line:column` of the value itself, or of the deepest one on the way where the rest is missing. */
export function formatSpot(spot: Spot): string {
  return formatPlace(placeOfSpot(spot));
}

/** The place of the same. O(text of the innermost object): for messages only. */
export function placeOfSpot(spot: Spot): Place {
  const { document, path } = spot;
  let value = document.values[spot.value];
  let start = document.offsets[spot.value] ?? 0;
  let known = 0;
  // Objects remember where they begin: only the last steps have to be looked up in the text.
  for (const [depth, step] of path.entries()) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) break;
    value = (value as Record<string | number, JsonValue>)[step];
    if (!isObject(value)) continue;
    start = value[OFFSET];
    known = depth + 1;
  }
  return document.placeOf(document.locate(start, path.slice(known)));
}

/** Stops the load: `file:line:column: subject: path: message`. */
export function refuse(spot: Spot, code: string, message: string, hint?: string): never {
  const path = spot.path.length === 0 ? "" : `${spot.path.join(".")}: `;
  throw new FlowError(code, aboutSpot(spot, `${path}${message}`), {
    at: formatSpot(spot),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A value as a message shows it: JSON, cut to a readable length. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
