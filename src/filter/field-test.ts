// A field, a comparison and its values → a test.

import {
  isFault,
  type Read,
  readAddresses,
  readNumber,
  readNumbers,
  readWord,
  readWords,
  type ValueFault,
} from "./field-values.js";
import type { Filter, NumberRange, Test } from "./filter.js";
import { type FilterField, isOrdered } from "./filter-field.js";
import type { Token } from "./tokens.js";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** Unquoted, this is the missing value, as in a log. */
const MISSING = "-";

/** A fault of one value. */
export interface TestFault extends ValueFault {
  readonly token: Token;
}

/** Why a field cannot be compared so; nothing where it can. */
export function comparisonFault(
  field: FilterField,
  comparison: Comparison,
): ValueFault | undefined {
  if (!/^[<>]/.test(comparison) || isOrdered(field)) return undefined;
  return {
    message: `${field.name} has no order: "${comparison}" does not fit`,
    hint: "compare it with =, != or in",
  };
}

/** The test that a comparison makes; of `!=` and `not in` the opposite of `=` and `in`, missing values included. */
export function testOf(
  field: FilterField,
  comparison: Comparison,
  values: readonly Token[],
): Filter | TestFault {
  const opposite = comparison === "!=" || comparison === "not in";
  const test = /^[<>]/.test(comparison)
    ? orderTest(field, comparison, values[0]!)
    : memberTest(field, comparison === "in" || comparison === "not in", values);
  if ("message" in test || !opposite) return test;
  return { kind: "not", item: test };
}

function isMissing({ kind, text }: Token): boolean {
  return text === "" || (kind === "word" && text === MISSING);
}

/** `<` and its kin: a range that begins or ends at the value. A missing value passes none. */
function orderTest(field: FilterField, comparison: string, token: Token): Test | TestFault {
  if (isMissing(token)) return { message: `a missing value has no order`, token };
  if (field.kind === "word") return wordOrder(field, comparison, token);
  const value = readNumber(field, token.text);
  if (isFault(value)) return { ...value, token };
  const ranges: Readonly<Record<string, NumberRange>> = {
    "<": [0, value - 1],
    "<=": [0, value],
    ">": [value + 1, Number.POSITIVE_INFINITY],
    ">=": [value, Number.POSITIVE_INFINITY],
  };
  return { kind: "numbers", field, ranges: [ranges[comparison]!], missing: false };
}

function wordOrder(field: FilterField, comparison: string, token: Token): Test | TestFault {
  const word = readWord(field, token.text);
  if (isFault(word)) return { ...word, token };
  const words = field.words ?? [];
  const at = words.indexOf(word);
  const passing = words.filter((_, i) => {
    if (comparison.startsWith("<")) return i < at || (i === at && comparison === "<=");
    return i > at || (i === at && comparison === ">=");
  });
  return { kind: "words", field, words: new Set(passing), missing: false };
}

/** `=` and `in`: the value is one of these. Blocks stand for their addresses with `=` too, ranges ask for `in`. */
function memberTest(
  field: FilterField,
  ranges: boolean,
  tokens: readonly Token[],
): Test | TestFault {
  const missing = tokens.some(isMissing);
  const given = tokens.filter((token) => !isMissing(token));
  switch (field.kind) {
    case "number":
    case "size":
    case "time":
    case "protocol": {
      const read = (text: string): Read<NumberRange> => {
        if (ranges) return readNumbers(field, text);
        const value = readNumber(field, text);
        return isFault(value) ? value : [value, value];
      };
      const found = readAll(given, read);
      return "token" in found ? found : { kind: "numbers", field, ranges: found.values, missing };
    }
    case "address": {
      const found = readAll(given, (text) => readAddresses(field, text));
      return "token" in found ? found : { kind: "addresses", field, ranges: found.values, missing };
    }
    case "word": {
      const found = readAll(given, (text): Read<readonly string[]> => {
        if (ranges) return readWords(field, text);
        const word = readWord(field, text);
        return isFault(word) ? word : [word];
      });
      if ("token" in found) return found;
      return { kind: "words", field, words: new Set(found.values.flat()), missing };
    }
    case "text":
    case "set":
      return { kind: "words", field, words: new Set(given.map(({ text }) => text)), missing };
  }
}

function readAll<T>(
  tokens: readonly Token[],
  read: (text: string) => Read<T>,
): { readonly values: readonly T[] } | TestFault {
  const values: T[] = [];
  for (const token of tokens) {
    const value = read(token.text);
    if (isFault(value)) return { ...value, token };
    values.push(value as T);
  }
  return { values };
}
