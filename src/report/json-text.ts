/** JSON leaves DEL, C1 and the line separators raw; a terminal must not get them. Still the same JSON value. */
function escapeRest(json: string): string {
  const raw = /[\u007f-\u009f\u2028\u2029]/g;
  return json.replace(raw, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A JSON document, indented by two, that ends in a line feed and holds no raw control character. */
export function jsonText(value: unknown): string {
  return `${escapeRest(JSON.stringify(value, null, 2))}\n`;
}

/** A JSON string with its quotes and without raw control characters. */
export function jsonString(text: string): string {
  return escapeRest(JSON.stringify(text));
}

/** A JSON value on one line that ends in a line feed and holds no raw control character. */
export function jsonLine(value: unknown): string {
  return `${escapeRest(JSON.stringify(value))}\n`;
}
