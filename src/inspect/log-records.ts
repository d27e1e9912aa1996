// Records of a log one by one, for the commands that look at few of them. `evaluate` never comes here.

import type { LogInput } from "../analysis/index.js";
import {
  type FormatPart,
  type NotePart,
  parseHeaderLine,
  readLog,
  rowLines,
} from "../logs/index.js";
import { type MalformedReason, type ParsedRecord, parseRecord } from "../reference/index.js";

export type LogEntry =
  | { readonly kind: "format"; readonly format: FormatPart }
  | { readonly kind: "note"; readonly note: NotePart }
  | {
      readonly kind: "record";
      readonly record: ParsedRecord;
      readonly text: string;
      /** What the words of the text are; the same list until a header line changes it. */
      readonly fields: readonly string[];
    }
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
  if (typeof found !== "string")
    return { kind: "record", record: found, text, fields: cursor.fields };
  const header = parseHeaderLine(new TextEncoder().encode(text));
  if (header === undefined) return { kind: "malformed", reason: found, line, text };
  cursor.fields = header;
  return undefined;
}

export interface LogRecordsOptions {
  readonly fields?: readonly string[];
  /** Bytes of text looked at; the line it cuts is left out. */
  readonly limit?: number;
}

/**
 * Entries of a log in file order, rows of columnar logs as the lines that they would be; returns whether it came to the
 * end. What the source throws is thrown after the entries before the break. Cost: linear, some microseconds a line.
 */
export async function* logRecords(
  log: LogInput,
  { fields, limit }: LogRecordsOptions = {},
): AsyncGenerator<LogEntry, boolean> {
  const { name, ranges } = log;
  const cursor: Cursor = { fields: [], line: 1 };
  const decoder = new TextDecoder();
  let left = limit ?? Number.POSITIVE_INFINITY;
  let pending = "";
  for await (const part of readLog(name, log.open(), { fields, ranges })) {
    if (part.kind === "format") {
      cursor.fields = part.fields;
      yield { kind: "format", format: part };
      continue;
    }
    if (part.kind === "note") {
      yield { kind: "note", note: part };
      continue;
    }
    if (part.kind === "rows") {
      for (const { text, line } of rowLines(part)) {
        if (left <= 0) return false;
        cursor.line = line;
        const entry = entryOf(name, text, cursor);
        if (entry !== undefined) yield entry;
        left -= text.length + 1;
      }
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
    if (left === 0) return false;
  }
  const last = pending === "" ? undefined : entryOf(name, pending, cursor);
  if (last !== undefined) yield last;
  return true;
}
