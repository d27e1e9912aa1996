import { printableJson } from "../model/printable.js";

/** A JSON document, indented by two, that ends in a line feed and holds no raw control character. */
export function jsonText(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

/** A JSON string with its quotes and without raw control characters. */
export function jsonString(text: string): string {
  return printableJson(JSON.stringify(text));
}

/** A JSON value on one line that ends in a line feed and holds no raw control character. */
export function jsonLine(value: unknown): string {
  return `${printableJson(JSON.stringify(value))}\n`;
}
