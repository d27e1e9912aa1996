// Where a value stands: the document, the top-level value and the path inside it. Places are computed when asked for.
import { FlowError } from "../errors.js";
import { formatPlace, locate, type Path } from "./json-place.js";
import { isObject, type JsonDocument, type JsonValue, OFFSET } from "./json-reader.js";

export interface Spot {
  readonly document: JsonDocument;
  /** Index of the top-level value in the document. */
  readonly value: number;
  readonly path: Path;
}

export function below(spot: Spot, ...steps: (string | number)[]): Spot {
  return { document: spot.document, value: spot.value, path: [...spot.path, ...steps] };
}

/** `file:line:column` of the value itself, or of the deepest one on the way where the rest is missing. */
export function formatSpot(spot: Spot): string {
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
  return formatPlace(document.placeOf(locate(document.text, start, path.slice(known))));
}

/** Stops the load: `file:line:column: path: message`. */
export function refuse(spot: Spot, code: string, message: string, hint?: string): never {
  const path = spot.path.length === 0 ? "" : `${spot.path.join(".")}: `;
  throw new FlowError(code, `${path}${message}`, {
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
