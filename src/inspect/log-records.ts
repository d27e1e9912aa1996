// Records of a log one by one, for the commands that look at few of them. `evaluate` never comes here.

import { type FormatPart, type NotePart, parseHeaderLine, readLog } from "../logs/index.js";
import { type MalformedReason, type ParsedRecord, parseRecord } from "../reference/index.js";

export type LogEntry =
  | { readonly kind: "format"; readonly format: FormatPart }
  | { readonly kind: "note"; readonly note: NotePart }
  | { readonly kind: "record"; readonly record: ParsedRecord; readonly text: string }
  | {
      readonly kind: "malformed";
      readonly reason: MalformedReason;
      readonly line: number;
      readonly text: string;
    };

interface Cursor {
  fields: readonly string[];
  line: number;
}

/** One line as an entry; nothing for blank lines and for header lines, which change the fields. */
function entryOf(name: string, text: string, cursor: Cursor): LogEntry | undefined {
  const line = cursor.line++;
  const found = parseRecord(text, cursor.fields, name, line);
  if (found === undefined) return undefined;
  if (typeof found !== "string") return { kind: "record", record: found, text };
  const header = parseHeaderLine(new TextEncoder().encode(text));
  if (header === undefined) return { kind: "malformed", reason: found, line, text };
  cursor.fields = header;
  return undefined;
}

/**
 * Entries of a log in file order. `limit` bounds the bytes of text looked at; the line it cuts is left out. What the
 * source throws is thrown after the entries before the break. Cost: linear, some microseconds a line.
 */
export async function* logRecords(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly fields?: readonly string[]; readonly limit?: number } = {},
): AsyncGenerator<LogEntry> {
  const cursor: Cursor = { fields: [], line: 1 };
  const decoder = new TextDecoder();
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let pending = "";
  for await (const part of readLog(
    name,
    chunks,
    options.fields === undefined ? {} : { fields: options.fields },
  )) {
    if (part.kind === "format") {
      cursor.fields = part.fields;
      yield { kind: "format", format: part };
      continue;
    }
    if (part.kind === "note") {
      yield { kind: "note", note: part };
      continue;
    }
    if (part.line > 0) cursor.line = part.line;
    const bytes = part.bytes.subarray(0, left);
    left -= bytes.length;
    const lines = (pending + decoder.decode(bytes, { stream: true })).split("\n");
    pending = lines.pop() ?? "";
    for (const text of lines) {
      const entry = entryOf(name, text, cursor);
      if (entry !== undefined) yield entry;
    }
    if (left === 0) return;
  }
  const last = pending === "" ? undefined : entryOf(name, pending, cursor);
  if (last !== undefined) yield last;
}
