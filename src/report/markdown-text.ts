// Text that came from anywhere, as Markdown that shows it and nothing else: no markup, no table cell, no mention, no link.

import { printable } from "../model/printable.js";

/** What GitHub's Markdown gives a meaning anywhere in a line. */
const MARKUP = /[\\`*_[\]<>|~&$]/g;
/** What it gives a meaning at the beginning of a block. */
const BLOCK_START = /^(\s*)(?:([#+=-])|(\d{1,9})([.)])(?=\s|$))/;
/** What it shows as a picture: a name between colons; of numbers only these are names. */
const PICTURE = /:(?=(?:[\w+-]*[a-z][\w+-]*|100|1234|[+-]1):)/gi;
/** An empty comment ends a word without showing: it keeps `@name`, `#1` and `:100:` from being mentions and pictures. */
const BREAK = "<!-- -->";

/** Plain text as Markdown. Lines end nowhere in it: line feeds are made visible. */
export function markdownText(text: string): string {
  return printable(text)
    .replace(MARKUP, "\\$&")
    .replace(BLOCK_START, (_, blanks: string, sign?: string, digits?: string, dot?: string) =>
      sign === undefined ? `${blanks}${digits}\\${dot}` : `${blanks}\\${sign}`,
    )
    .replace(/:\/\//g, "\\://")
    .replace(/\bwww\./gi, (word) => `${word.slice(0, 3)}\\.`)
    .replace(PICTURE, `:${BREAK}`)
    .replace(/@(?=\w)/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\b(gh)-(?=\d)/gi, `$1${BREAK}-`);
}

/** A code span. What backticks cannot hold safely in a table cell is written as entities. */
export function markdownCode(text: string): string {
  const shown = printable(text);
  if (shown === "") return "";
  if (!/[`|\\]/.test(shown) && shown.trim() === shown) return `\`${shown}\``;
  const entities = shown.replace(/[^A-Za-z0-9 /:.,-]/g, (sign) => `&#${sign.codePointAt(0)};`);
  return `<code>${entities}</code>`;
}

/** A fenced block; its fence is longer than any run of backticks inside. */
export function markdownFence(lines: readonly string[]): string[] {
  const shown = lines.map(printable);
  const longest = Math.max(
    2,
    ...shown.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...shown, fence];
}
