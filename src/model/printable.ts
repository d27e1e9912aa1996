// Text that came from a log or a rule file, made harmless for a terminal and for one line of a report.

/** C0, DEL, C1, and the characters that reorder or break a line: none may reach a terminal raw. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be found
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 256) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

/** The text with every control and reordering character written as `\xNN` or `\uNNNN`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/** The same of several lines, whose breaks stay. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** JSON text leaves DEL, C1 and the line separators raw; a terminal must not get them. Still the same JSON value. */
export function printableJson(json: string): string {
  const raw = /[\u007f-\u009f\u2028\u2029]/g;
  return json.replace(raw, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
