// Cuts the text of edits into statements and words as a POSIX shell would, without ever expanding anything.
import { FlowError } from "../../errors.js";
import type { Place } from "../../model/rule-set.js";
import { formatPlace, lineStarts, placeAt } from "../json-place.js";

export interface Word {
  readonly text: string;
  readonly at: Place;
}

/** The words of one line; a quote or a backslash at the end of a line continues it. Never empty. */
export type Statement = readonly [Word, ...Word[]];

/** Stops at the place of a word. */
export function failAt(at: Place, code: string, message: string, hint?: string): never {
  throw new FlowError(code, message, {
    at: formatPlace(at),
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * Statements in order. `#` at the beginning of a word makes the rest of the line a comment. Inside single quotes
 * everything is itself; inside double quotes a backslash frees `"`, `\`, `$` and the backtick. O(text).
 */
export function readStatements(name: string, text: string): Statement[] {
  const starts = lineStarts(text);
  const statements: Statement[] = [];
  let words: Word[] = [];
  let pos = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  function endStatement(): void {
    const [first, ...rest] = words;
    if (first !== undefined) statements.push([first, ...rest]);
    words = [];
  }

  function unended(from: number, what: string): never {
    return failAt(
      placeAt(starts, name, from),
      "edit-quote",
      `the ${what} quote that begins here never ends`,
    );
  }

  function readDoubleQuoted(): string {
    const from = pos++;
    let value = "";
    for (;;) {
      const c = text.charAt(pos);
      if (c === "") return unended(from, "double");
      pos++;
      if (c === '"') return value;
      const next = text.charAt(pos);
      if (c === "\\" && next !== "" && '"\\$`'.includes(next)) {
        value += next;
        pos++;
      } else value += c;
    }
  }

  function readSingleQuoted(): string {
    const end = text.indexOf("'", pos + 1);
    if (end < 0) return unended(pos, "single");
    const value = text.slice(pos + 1, end);
    pos = end + 1;
    return value;
  }

  function readWord(): void {
    const at = placeAt(starts, name, pos);
    let value = "";
    while (pos < text.length) {
      const c = text.charAt(pos);
      if (/\s/.test(c)) break;
      if (c === '"') value += readDoubleQuoted();
      else if (c === "'") value += readSingleQuoted();
      else if (c === "\\" && pos + 1 < text.length) {
        if (/[\r\n]/.test(text.charAt(pos + 1))) break;
        value += text.charAt(pos + 1);
        pos += 2;
      } else {
        value += c;
        pos++;
      }
    }
    words.push({ text: value, at });
  }

  while (pos < text.length) {
    const c = text.charAt(pos);
    if (c === "\n") {
      endStatement();
      pos++;
    } else if (/\s/.test(c)) pos++;
    else if (c === "#") {
      const end = text.indexOf("\n", pos);
      pos = end < 0 ? text.length : end;
    } else {
      const continued = /\\\r?\n/y;
      continued.lastIndex = pos;
      if (continued.test(text)) pos = continued.lastIndex;
      else readWord();
    }
  }
  endStatement();
  return statements;
}

/** Nothing here means anything to a shell either: lines are pasted into `--edit`. */
const PLAIN_WORD = /^[A-Za-z0-9._:/@%+=,-]+$/;

/** The word as the reader above takes it back. */
export function quoteWord(text: string): string {
  if (PLAIN_WORD.test(text)) return text;
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}
