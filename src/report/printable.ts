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

/** At most `width` characters; a cut ends in an ellipsis. Width counts UTF-16 units, exact for what AWS logs. */
export function truncate(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return "…".slice(0, Math.max(0, width));
  return `${text.slice(0, width - 1)}…`;
}

/** As `truncate`, but the end stays: of a path the file name. */
export function truncateStart(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return "…".slice(0, Math.max(0, width));
  return `…${text.slice(text.length - width + 1)}`;
}
