// A strict JSON reader that remembers where every object begins. It knows nothing of AWS; JSON.parse cannot be used
// because it keeps no positions, takes the last of two equal keys, and reads one value per text.
import { FlowError } from "../errors.js";
import type { Place } from "../model/rule-set.js";
import { lineStarts, locate, type Path, placeAt } from "./json-place.js";

/** Offset of an object's opening brace in its text, kept on the object itself. */
export const OFFSET: unique symbol = Symbol("offset");

export interface JsonObject {
  readonly [OFFSET]: number;
  readonly [key: string]: JsonValue;
}
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A text that holds one or several values, one after the other: JSON, or YAML read as the same values. */
export interface JsonDocument {
  readonly name: string;
  readonly text: string;
  readonly values: readonly JsonValue[];
  /** Where each of `values` begins. */
  readonly offsets: readonly number[];
  /** Line and column of an offset; O(log lines) after the first call. */
  placeOf(offset: number): Place;
  /** Offset of what a path leads to from the value at `start`, or of the deepest value on the way. For messages only. */
  locate(start: number, path: Path): number;
}

/** AWS answers nest about ten deep; anything far beyond is not one, and would exhaust the stack. */
const MAX_DEPTH = 100;
/** UTF-16 units. Half of what a JavaScript string can hold; a snapshot of 50,000 interfaces is about 100 Mi. */
const MAX_LENGTH = 256 * 1024 * 1024;

/** Keys that are remembered, by a number made of their letters; a power of two. */
const KEYS = 1024;
/** Digits that a whole number may have to be exact, whatever they are. */
const EXACT_DIGITS = 15;

const QUOTE = 34;
const BACKSLASH = 92;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of an object; `undefined` where there is none, or no object. */
export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether a character goes on with a number: a sign, a point, an exponent. Digits were read. */
function continuesNumber(c: number): boolean {
  return c === 46 || c === 43 || c === 45 || c === 69 || c === 101;
}

/** Reads every JSON value of the text, in one pass. Throws a FlowError (`json-*`) with the place of the fault. */
export function readJson(name: string, text: string): JsonDocument {
  const end = text.length;
  let pos = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let depth = 0;
  let starts: Int32Array | undefined;
  const keys = new Array<string>(KEYS).fill("");

  function placeOf(offset: number): Place {
    starts ??= lineStarts(text);
    return placeAt(starts, name, offset);
  }

  function fail(offset: number, code: string, message: string, hint?: string): never {
    const place = placeOf(offset);
    throw new FlowError(code, message, {
      at: `${name}:${place.line}:${place.column}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  function failHere(expected: string): never {
    if (pos >= end)
      fail(
        pos,
        "json-truncated",
        `the text ends where ${expected} is expected`,
        "the file is cut: fetch it again",
      );
    const found = String.fromCodePoint(text.codePointAt(pos) as number);
    const utf16 = found === "\u0000" || found === "\ufffd";
    fail(
      pos,
      "json-syntax",
      `expected ${expected}, found ${JSON.stringify(found)}`,
      utf16 ? "the file looks like UTF-16 or is not text: save it as UTF-8" : undefined,
    );
  }

  function skipBlanks(): void {
    while (pos < end) {
      const c = text.charCodeAt(pos);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      pos++;
    }
  }

  /** `pos` stands behind the opening quote; leaves it behind the closing one. */
  function readString(): string {
    const start = pos;
    while (pos < end) {
      const c = text.charCodeAt(pos);
      if (c === QUOTE) return text.slice(start, pos++);
      if (c === BACKSLASH) return readEscaped(start);
      if (c < 32) fail(pos, "json-syntax", "a string holds a raw control character or line break");
      pos++;
    }
    return fail(
      start - 1,
      "json-truncated",
      "the string that begins here never ends",
      "the file is cut: fetch it again",
    );
  }

  /** The same for a key. Few are new: one that was read before is given again, so that none is made for each object. */
  function readKey(): string {
    const start = pos;
    let sum = 0;
    for (; pos < end; pos++) {
      const c = text.charCodeAt(pos);
      if (c === QUOTE) break;
      if (c === BACKSLASH || c < 32) {
        pos = start;
        return readString();
      }
      sum = (sum * 31 + c) | 0;
    }
    const slot = sum & (KEYS - 1);
    const known = keys[slot]!;
    if (pos < end && known.length === pos - start && text.startsWith(known, start)) {
      pos++;
      return known;
    }
    pos = start;
    const key = readString();
    keys[slot] = key;
    return key;
  }

  function readEscaped(start: number): string {
    let value = "";
    let from = start;
    while (pos < end) {
      const c = text.charCodeAt(pos);
      if (c === QUOTE) return value + text.slice(from, pos++);
      if (c < 32) fail(pos, "json-syntax", "a string holds a raw control character or line break");
      if (c !== BACKSLASH) {
        pos++;
        continue;
      }
      value += text.slice(from, pos);
      const letter = text.charAt(pos + 1);
      if (letter === "u") {
        const digits = text.slice(pos + 2, pos + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits))
          fail(pos, "json-syntax", "a \\u escape needs four hexadecimal digits");
        value += String.fromCharCode(Number.parseInt(digits, 16));
        pos += 6;
      } else {
        const escaped = ESCAPES[letter];
        if (escaped === undefined) fail(pos, "json-syntax", `unknown escape \\${letter}`);
        value += escaped;
        pos += 2;
      }
      from = pos;
    }
    return fail(
      start - 1,
      "json-truncated",
      "the string that begins here never ends",
      "the file is cut: fetch it again",
    );
  }

  function readNumber(): number {
    // Nearly every number is a port: a few digits and nothing more.
    let whole = 0;
    let at = pos;
    for (let c = text.charCodeAt(at); c >= 48 && c <= 57; c = text.charCodeAt(++at))
      whole = whole * 10 + (c - 48);
    const digits = at - pos;
    const isPlain = digits === 1 || (text.charCodeAt(pos) !== 48 && digits <= EXACT_DIGITS);
    if (digits > 0 && isPlain && !continuesNumber(text.charCodeAt(at))) {
      pos = at;
      return whole;
    }
    const pattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
    pattern.lastIndex = pos;
    const match = pattern.exec(text);
    if (match === null) return failHere("a JSON value");
    pos += match[0].length;
    const next = text.charCodeAt(pos);
    // 010 and 1.2.3 would otherwise read as two values in a row.
    if ((next >= 48 && next <= 57) || next === 46 || next === 43 || next === 45)
      return failHere("the end of the number");
    return Number(match[0]);
  }

  function readWord<T extends null | boolean>(word: string, value: T): T {
    if (!text.startsWith(word, pos)) return failHere("a JSON value");
    pos += word.length;
    return value;
  }

  function readObject(): JsonObject {
    const offset = pos++;
    const object: Record<string, JsonValue> & { [OFFSET]: number } = { [OFFSET]: offset };
    skipBlanks();
    if (text.charCodeAt(pos) === 125) {
      pos++;
      return object;
    }
    for (;;) {
      if (text.charCodeAt(pos) !== QUOTE) return failInside(offset, "a quoted key");
      const keyOffset = pos++;
      const key = readKey();
      if (Object.hasOwn(object, key))
        fail(keyOffset, "json-duplicate-key", `the key ${JSON.stringify(key)} stands twice`);
      skipBlanks();
      if (text.charCodeAt(pos) !== 58) return failInside(offset, "a colon");
      pos++;
      const value = readValue();
      if (key === "__proto__")
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true });
      else object[key] = value;
      skipBlanks();
      const c = text.charCodeAt(pos);
      if (c === 125) {
        pos++;
        return object;
      }
      if (c !== 44) return failInside(offset, "a comma or }");
      pos++;
      skipBlanks();
    }
  }

  function readArray(): readonly JsonValue[] {
    const offset = pos++;
    skipBlanks();
    if (text.charCodeAt(pos) === 93) {
      pos++;
      return [];
    }
    // Made with its first item: an array that grows from nothing keeps room for sixteen more, and most have one.
    const items: JsonValue[] = [readValue()];
    for (;;) {
      skipBlanks();
      const c = text.charCodeAt(pos);
      if (c === 93) {
        pos++;
        return items;
      }
      if (c !== 44) return failInside(offset, "a comma or ]");
      pos++;
      items.push(readValue());
    }
  }

  function failInside(offset: number, expected: string): never {
    if (pos < end) return failHere(expected);
    const place = placeOf(offset);
    return fail(
      pos,
      "json-truncated",
      `the text ends inside the value that begins at ${place.line}:${place.column}, where ${expected} is expected`,
      "the file is cut: fetch it again",
    );
  }

  function readValue(): JsonValue {
    skipBlanks();
    const c = text.charCodeAt(pos);
    if (c === QUOTE) {
      pos++;
      return readString();
    }
    if (c === 123 || c === 91) {
      if (++depth > MAX_DEPTH)
        fail(pos, "json-too-deep", `values nest more than ${MAX_DEPTH} deep`);
      const value = c === 123 ? readObject() : readArray();
      depth--;
      return value;
    }
    if (c === 116) return readWord("true", true);
    if (c === 102) return readWord("false", false);
    if (c === 110) return readWord("null", null);
    return readNumber();
  }

  if (end > MAX_LENGTH)
    fail(0, "json-too-large", `${end} characters are more than the ${MAX_LENGTH} allowed`);
  const values: JsonValue[] = [];
  const offsets: number[] = [];
  for (skipBlanks(); pos < end; skipBlanks()) {
    offsets.push(pos);
    values.push(readValue());
  }
  return {
    name,
    text,
    values,
    offsets,
    placeOf,
    locate: (start, path) => locate(text, start, path),
  };
}
