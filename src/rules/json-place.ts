// Offsets to lines and columns, and paths to offsets. Only messages and rule places need them, so both are lazy.
import type { Place } from "../model/rule-set.js";

/** Keys and indices from a top-level value down. */
export type Path = readonly (string | number)[];

/** Offsets at which the lines of the text begin. O(text). */
export function lineStarts(text: string): Int32Array {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  const starts = new Int32Array(count);
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1))
    starts[line++] = at + 1;
  return starts;
}

/** 1-based line and column (in UTF-16 units) of an offset. O(log lines). */
export function placeAt(starts: Int32Array, file: string, offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { file, line: low + 1, column: offset - starts[low]! + 1 };
}

export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/y;

/**
 * Offset of the value a path leads to, in a text that was read before; of the deepest value on the way where the rest
 * is missing. O(text up to there): for messages only.
 */
export function locate(text: string, start: number, path: Path): number {
  let pos = start;

  function next(): string {
    while (/\s/.test(text.charAt(pos))) pos++;
    TOKEN.lastIndex = pos;
    const token = TOKEN.exec(text)?.[0] ?? "";
    pos += token.length;
    return token;
  }

  function skipValue(): void {
    let depth = 0;
    do {
      const token = next();
      if (token === "{" || token === "[") depth++;
      else if (token === "}" || token === "]") depth--;
      else if (token === "") return;
    } while (depth > 0);
  }

  let found = start;
  for (const step of path) {
    pos = found;
    const open = next();
    if (open !== "{" && open !== "[") return found;
    let member: number | undefined;
    for (let index = 0; member === undefined; index++) {
      const before = pos;
      const token = next();
      if (token === "}" || token === "]" || token === "") return found;
      let key: string | number = index;
      if (open === "{") {
        key = JSON.parse(token) as string;
        next();
      } else {
        pos = before;
      }
      while (/\s/.test(text.charAt(pos))) pos++;
      if (key === step) member = pos;
      else {
        skipValue();
        if (next() !== ",") return found;
      }
    }
    found = member;
  }
  return found;
}
