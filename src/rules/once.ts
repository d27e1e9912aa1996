// The same thing twice is fine where both say the same (overlapping pages), and stops the load where they differ.
import type { Place } from "../model/rule-set.js";
import { formatPlace } from "./json-place.js";
import { refuse, type Spot } from "./spot.js";

/** Adds `next` under its id, or stops with both places and the fields that differ. */
export function addOnce<T extends { readonly id: string; readonly at: Place }>(
  map: Map<string, T>,
  next: T,
  noun: string,
  spot: Spot,
): void {
  const known = map.get(next.id);
  if (known === undefined) {
    map.set(next.id, next);
    return;
  }
  const fields = differingFields(known, next);
  if (fields.length === 0) return;
  refuse(
    spot,
    `${noun.toLowerCase().replaceAll(" ", "-")}-differs`,
    `the ${noun} ${next.id} also stands at ${formatPlace(known.at)} and differs in ${fields.join(", ")}`,
    "give one snapshot only: leave out the older file",
  );
}

/** Field names whose content differs; places do not count. */
export function differingFields(a: object, b: object): string[] {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  names.delete("at");
  return [...names].filter((name) => contentOf(left[name]) !== contentOf(right[name]));
}

function contentOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part)) ?? "";
}
