import { type ParsedRecord, parseRecord } from "../../src/reference/index.js";
import { DEFAULT_FIELDS } from "./flow-text.js";

export interface LogText {
  readonly records: readonly ParsedRecord[];
  /** Malformed lines by reason. */
  readonly malformed: Readonly<Record<string, number>>;
}

/** Reads text logs line by line: a first line of field names sets the format, else it is the default one. */
export function readLogText(
  files: readonly { readonly name: string; readonly text: string }[],
): LogText {
  const records: ParsedRecord[] = [];
  const malformed: Record<string, number> = {};
  for (const { name, text } of files) {
    const lines = text.split("\n");
    const header = headerOf(lines[0] ?? "");
    const fields = header ?? DEFAULT_FIELDS;
    for (const [index, line] of lines.entries()) {
      if (index === 0 && header !== undefined) continue;
      const record = parseRecord(line, fields, name, index + 1);
      if (typeof record === "string") malformed[record] = (malformed[record] ?? 0) + 1;
      else if (record !== undefined) records.push(record);
    }
  }
  return { records, malformed };
}

/** A header has only field names; no record does, for its addresses and numbers hold digits and dots. */
function headerOf(line: string): readonly string[] | undefined {
  const words = line.trim().split(/[ \t]+/);
  const named = words.includes("srcaddr") && words.every((word) => /^[a-z][a-z0-9-]*$/.test(word));
  return named ? words : undefined;
}
