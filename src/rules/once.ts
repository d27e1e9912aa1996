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
  const known = knownOrAdded(map, next);
  if (known !== undefined) refuseDiffering(known, differingFields(known, next), noun, spot);
}

/** What stands under the id already; where nothing does, `next` stands there from now on. */
function knownOrAdded<T extends { readonly id: string }>(
  map: Map<string, T>,
  next: T,
): T | undefined {
  const known = map.get(next.id);
  if (known === undefined) map.set(next.id, next);
  return known;
}

/** Lists of which a document may tell a part. */
const PARTS: ReadonlySet<string> = new Set(["addresses", "prefixes", "cidrs"]);

/**
 * The same for a thing that documents of several kinds tell, each in part: what one leaves out is no difference, nor are
 * addresses or blocks that it does not know. What is kept is what they tell together.
 */
export function addTold<T extends { readonly id: string; readonly at: Place }>(
  map: Map<string, T>,
  next: T,
  noun: string,
  spot: Spot,
): void {
  const known = knownOrAdded(map, next);
  if (known === undefined) return;
  const [left, right] = [known, next] as unknown as readonly Record<string, unknown>[];
  const joined: Record<string, unknown> = { ...right, ...left };
  const fields = differingFields(known, next).filter((name) => {
    const [a, b] = [left![name], right![name]];
    if (a === undefined || b === undefined) return false;
    const longer = PARTS.has(name) ? longerList(a, b) : undefined;
    joined[name] = longer;
    return longer === undefined;
  });
  refuseDiffering(known, fields, noun, spot);
  map.set(next.id, joined as unknown as T);
}

/** The list that holds all of the other one; `undefined` where either lacks something. */
function longerList(a: unknown, b: unknown): unknown {
  const [more, less] = (a as unknown[]).length < (b as unknown[]).length ? [b, a] : [a, b];
  const texts = new Set((more as unknown[]).map(contentOf));
  return (less as unknown[]).every((item) => texts.has(contentOf(item))) ? more : undefined;
}

function refuseDiffering(
  known: { readonly id: string; readonly at: Place },
  fields: readonly string[],
  noun: string,
  spot: Spot,
): void {
  if (fields.length === 0) return;
  refuse(
    spot,
    `${noun.toLowerCase().replaceAll(" ", "-")}-differs`,
    `the ${noun} ${known.id} also stands at ${formatPlace(known.at)} and differs in ${fields.join(", ")}`,
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
