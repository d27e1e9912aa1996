// One value of a filter, read as its field asks.

import { FlowError } from "../errors.js";
import { familyBits, parseAddress, parseCidr } from "../model/address.js";
import { isoSeconds, LAST_SECOND } from "../model/iso-time.js";
import { similarNames } from "../model/similar-names.js";
import type { AddressRange, NumberRange } from "./filter.js";
import type { FilterField } from "./filter-field.js";

/** Why a value does not fit, what is allowed, and what may have been meant. */
export interface ValueFault {
  readonly message: string;
  readonly hint?: string;
}

export type Read<T> = T | ValueFault;

export function isFault(read: unknown): read is ValueFault {
  return typeof read === "object" && read !== null && "message" in read;
}

/** IANA numbers of the protocols that have a name here. */
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["tcp", 6],
  ["udp", 17],
  ["icmpv6", 58],
]);
export const PROTOCOL_WORDS: readonly string[] = [...PROTOCOLS.keys()];

const UNITS: ReadonlyMap<string, number> = new Map(
  ["", "k", "m", "g", "t"].flatMap((prefix, power): [string, number][] => [
    [`${prefix}b`, 1000 ** power],
    ...(power === 0 ? [] : ([[`${prefix}ib`, 1024 ** power]] as [string, number][])),
  ]),
);

/** What a field takes, in words. */
export function allowedOf(field: FilterField): string {
  switch (field.kind) {
    case "number":
      return `a whole number from 0 to ${field.most ?? Number.MAX_SAFE_INTEGER}`;
    case "size":
      return "a number of bytes, such as 1500, 64KiB or 1.5GB";
    case "time":
      return "an ISO time (UTC unless it says otherwise) or Unix seconds";
    case "protocol":
      return `${PROTOCOL_WORDS.join(", ")} or a number from 0 to 255`;
    case "address":
      return "an address, a block such as 10.0.0.0/8, or with in a range of addresses";
    case "word":
      return `${(field.words ?? []).join(", ")}`;
    case "text":
    case "set":
      return "a text, between quotes where it holds blanks, commas or parentheses";
  }
}

function misfit(field: FilterField, text: string, hint?: string): ValueFault {
  const message = `"${text}" does not fit: ${field.name} takes ${allowedOf(field)}`;
  return hint === undefined ? { message } : { message, hint };
}

/** A number of a field of numbers, sizes, times or protocols. */
export function readNumber(field: FilterField, text: string): Read<number> {
  const value = numberOf(field, text);
  const most = field.kind === "time" ? LAST_SECOND : (field.most ?? Number.MAX_SAFE_INTEGER);
  if (value !== undefined && value <= most) return value;
  if (field.kind !== "protocol") return misfit(field, text);
  const [near] = similarNames(text.toLowerCase(), PROTOCOL_WORDS);
  return misfit(field, text, near === undefined ? undefined : `did you mean ${near}?`);
}

function numberOf(field: FilterField, text: string): number | undefined {
  if (/^\d[\d_]*$/.test(text)) return Number(text.replaceAll("_", ""));
  if (field.kind === "time") return isoSeconds(text);
  if (field.kind === "protocol") return PROTOCOLS.get(text.toLowerCase());
  if (field.kind === "size") return sizeOf(text);
  return undefined;
}

function sizeOf(text: string): number | undefined {
  const parts = /^(\d{1,15}(?:\.\d{1,15})?)([a-z]{1,3})$/i.exec(text);
  const unit = UNITS.get(parts?.[2]?.toLowerCase() ?? "");
  if (parts === null || unit === undefined) return undefined;
  const bytes = Number(parts[1]) * unit;
  return Number.isInteger(bytes) ? bytes : undefined;
}

/** The two ends of `A..B`, or of `A-B` where no value holds a hyphen. */
function endsOf(field: FilterField, text: string): readonly [string, string] | undefined {
  const dots = text.indexOf("..");
  if (dots >= 0) return [text.slice(0, dots), text.slice(dots + 2)];
  const numbers = /^(\d[\d_]*)-(\d[\d_]*)$/.exec(text);
  if (numbers !== null) return [numbers[1]!, numbers[2]!];
  const hyphen = text.indexOf("-");
  if (field.kind === "address" && hyphen >= 0)
    return [text.slice(0, hyphen), text.slice(hyphen + 1)];
  return undefined;
}

function backwards(text: string): ValueFault {
  return { message: `the range "${text}" ends before it begins` };
}

/** A number, or a range of them. */
export function readNumbers(field: FilterField, text: string): Read<NumberRange> {
  const ends = field.kind === "protocol" ? undefined : endsOf(field, text);
  if (ends === undefined) {
    const value = readNumber(field, text);
    return isFault(value) ? value : [value, value];
  }
  const first = readNumber(field, ends[0]);
  if (isFault(first)) return first;
  const last = readNumber(field, ends[1]);
  if (isFault(last)) return last;
  return first <= last ? [first, last] : backwards(text);
}

/** An address, a block or a range of addresses. */
export function readAddresses(field: FilterField, text: string): Read<AddressRange> {
  const ends = endsOf(field, text);
  if (ends !== undefined) {
    const [first, last] = ends.map(parseAddress);
    if (first === undefined || last === undefined || first.family !== last.family)
      return misfit(field, text, "write both ends of a range, of one family: 10.0.0.4-10.0.0.9");
    if (first.value > last.value) return backwards(text);
    return { family: first.family, first: first.value, last: last.value };
  }
  if (!text.includes("/") && parseAddress(text) === undefined) return misfit(field, text);
  try {
    const { address, length } = parseCidr(text, undefined, true);
    const size = 1n << BigInt(familyBits(address.family) - length);
    return { family: address.family, first: address.value, last: address.value + size - 1n };
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return { message: error.message };
  }
}

/** One of the words of a field, in any case. */
export function readWord(field: FilterField, text: string): Read<string> {
  const words = field.words ?? [];
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const [near] = similarNames(text.toLowerCase(), words);
  return misfit(field, text, near === undefined ? undefined : `did you mean ${near}?`);
}

/** A word or a range of ordered words, `one-way..inferred`. */
export function readWords(field: FilterField, text: string): Read<readonly string[]> {
  const dots = text.indexOf("..");
  if (field.ordered !== true || dots < 0) {
    const word = readWord(field, text);
    return isFault(word) ? word : [word];
  }
  const first = readWord(field, text.slice(0, dots));
  if (isFault(first)) return first;
  const last = readWord(field, text.slice(dots + 2));
  if (isFault(last)) return last;
  const words = field.words ?? [];
  const range = words.slice(words.indexOf(first), words.indexOf(last) + 1);
  return range.length === 0 ? backwards(text) : range;
}
