// Delimited logs -> the blank-separated text the core decodes, line for line.
import { FlowError } from "../errors.js";
import { type CsvRecord, createSplitter, takeRecords } from "./csv-records.js";
import type { CsvParser } from "./csv-row.js";
import { duplicateOf, unknownNames } from "./field-list.js";
import { fieldByName } from "./fields.js";
import type { LogPart, NoteCode } from "./log-part.js";
import { type MessageColumn, type Recognised, recogniseCells } from "./recognise.js";
import { transitGatewayRefusal } from "./refusal.js";
import { wholeCell } from "./whole-number.js";

/** How a delimited log is read: its delimiter, and which cells make a line. */
export interface CsvLayout {
  readonly delimiter: string;
  readonly row: Recognised | MessageColumn;
}

interface Conversion {
  readonly name: string;
  readonly parse: CsvParser;
  readonly delimiter: string;
  row: Recognised | MessageColumn;
  line: number;
  /** No text was given out since the last format part: the next one tells its line. */
  first: boolean;
  readonly noted: Set<NoteCode>;
  pending: string[];
}

/** One token: no blanks (as AWS percent-encodes tag values, aws facts 1.1), never empty. */
export function tokenOf(cell: string): string {
  if (cell === "") return "-";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: line ends and blanks would shift the columns
  return cell.replace(/[\x00-\x20\x7f\xa0]/g, (c) => encodeURIComponent(c));
}

function rowsOf(conversion: Conversion, records: readonly CsvRecord[]): (string[] | undefined)[] {
  const { parse, delimiter } = conversion;
  const sound = records.filter((record) => record.broken === "no" && record.text.trim() !== "");
  const rows = parse(sound.map((record) => record.text).join("\n"), delimiter, sound.length);
  let next = 0;
  return records.map((record) => {
    if (record.broken !== "no") return undefined;
    if (record.text.trim() === "") return [];
    // One bad record spoils its block; then each is parsed alone.
    return rows === undefined ? parse(record.text, delimiter, 1)?.[0] : rows[next++];
  });
}

function* flush(conversion: Conversion, from: number): Generator<LogPart> {
  if (conversion.pending.length === 0) return;
  const text = conversion.pending.join("");
  conversion.pending = [];
  if (text === "") return;
  const line = conversion.first ? from : 0;
  conversion.first = false;
  yield { kind: "text", bytes: new TextEncoder().encode(text), line };
}

function* note(conversion: Conversion, code: NoteCode, message: string): Generator<LogPart> {
  if (conversion.noted.has(code)) return;
  conversion.noted.add(code);
  yield { kind: "note", code, message, line: conversion.line };
}

/** A header row in the middle of the file (`cat a.csv b.csv`); the same test as at its beginning. */
function headerAgain(
  conversion: Conversion,
  cells: readonly string[],
): Recognised | MessageColumn | undefined {
  const first = cells[0]!;
  if (fieldByName(first) === undefined && !/^(@.*|timestamp|time)$/i.test(first)) return undefined;
  const found = recogniseCells(cells, undefined);
  if (found?.kind === "transit-gateway")
    throw transitGatewayRefusal(conversion.name, conversion.line, found.sign);
  if (found?.kind === "header") return duplicateOf(found.fields) === undefined ? found : undefined;
  return found?.kind === "message" ? found : undefined;
}

/** A cell that is a line of its own: blanks stay, line ends do not. */
function lineOfCell(cell: string): string {
  return cell.replace(/[\r\n]+/g, " ");
}

function* spoiledAccount(conversion: Conversion, cell: string | undefined): Generator<LogPart> {
  if (cell === undefined || !/^\d([.,]\d+)?e\+\d+$/i.test(cell)) return;
  const message = `account-id "${cell}" was rounded by a spreadsheet; accounts of this file cannot be told apart`;
  yield* note(conversion, "account-id-spoiled", message);
}

function isNumeric(name: string): boolean {
  const type = fieldByName(name)?.type;
  return type !== undefined && type !== "text";
}

function lineOfRow(row: Recognised, cells: readonly string[]): string {
  const tokens: string[] = [];
  for (const [place, index] of row.cells.entries()) {
    if (index >= cells.length) continue;
    const cell = cells[index]!;
    const isWhole = cell.includes(".") && isNumeric(row.fields[place]!);
    tokens.push(tokenOf(isWhole ? wholeCell(cell) : cell));
  }
  // Cells beyond the format are kept, so that the row is counted as malformed, unless they are a spreadsheet's padding.
  const width = row.cells[row.cells.length - 1]! + 1;
  for (let index = width; index < cells.length; index++) {
    if (cells[index] !== "") tokens.push(tokenOf(cells[index]!));
  }
  return tokens.join(" ");
}

function* convert(conversion: Conversion, records: readonly CsvRecord[]): Generator<LogPart> {
  const rows = rowsOf(conversion, records);
  let from = conversion.line;
  const account = (): number =>
    conversion.row.kind === "message"
      ? -1
      : (conversion.row.cells[conversion.row.fields.indexOf("account-id")] ?? -1);
  let accountCell = account();
  for (const [index, record] of records.entries()) {
    const cells = rows[index];
    const { pending } = conversion;
    const ends = "\n".repeat(record.lineEnds);
    if (cells === undefined) {
      if (record.broken === "quote") {
        const message = "a quote is not closed within its record; the line is counted as malformed";
        yield* note(conversion, "csv-quote-unclosed", message);
      }
      // Its delimiters stay: one long token, which no format takes for a record.
      pending.push(tokenOf(record.text), ends);
    } else if (cells.every((cell) => cell === "")) pending.push(ends);
    else {
      const again = headerAgain(conversion, cells);
      if (again !== undefined) {
        yield* flush(conversion, from);
        conversion.row = again;
        accountCell = account();
        if (again.kind === "header") {
          yield* formatParts(again, conversion.line);
          conversion.first = true;
          from = conversion.line + record.lineEnds;
        } else conversion.pending.push(ends);
      } else {
        const { row } = conversion;
        if (!conversion.noted.has("account-id-spoiled") && accountCell >= 0)
          yield* spoiledAccount(conversion, cells[accountCell]);
        if (row.kind === "message") pending.push(lineOfCell(cells[row.cell] ?? "-"), ends);
        // A row of one cell is a line of text, such as a blank-separated log appended to a delimited one.
        else pending.push(cells.length === 1 ? lineOfCell(cells[0]!) : lineOfRow(row, cells), ends);
      }
    }
    conversion.line += record.lineEnds;
  }
  yield* flush(conversion, from);
}

/** The format part of a recognised line, and a note for each unknown name. */
export function* formatParts(found: Recognised, line: number): Generator<LogPart> {
  yield { kind: "format", fields: found.fields, line, how: found.how, timePrefix: false };
  if (found.how === "option") return;
  for (const message of unknownNames(found.fields))
    yield { kind: "note", code: "unknown-field", message, line };
}

/**
 * Converts a delimited log from its first data row on. A row that is not well-formed comes out as one token. Where the
 * source breaks, the rows before are converted and the unfinished one is dropped. Memory: one chunk and one record.
 */
export async function* csvText(
  name: string,
  layout: CsvLayout,
  parse: CsvParser,
  chunks: AsyncIterable<Uint8Array>,
  from: { readonly line: number; readonly continues: boolean },
): AsyncGenerator<LogPart> {
  const { delimiter, row } = layout;
  const splitter = createSplitter(delimiter);
  const conversion: Conversion = {
    name,
    parse,
    delimiter,
    row,
    line: from.line,
    first: !from.continues,
    noted: new Set(),
    pending: [],
  };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const chunk of chunks) {
    const added = decoder.decode(chunk, { stream: true });
    yield* convert(conversion, takeRecords(splitter, added, false));
  }
  yield* convert(conversion, takeRecords(splitter, decoder.decode(), true));
}

/** A delimiter that splits the line in more than one cell, or none: comma, semicolon, tab, in this order. */
export const DELIMITERS: readonly string[] = [",", ";", "\t"];

/** Cells of one line; `undefined` where it cannot be one record. */
export function cellsOf(
  line: string,
  delimiter: string,
  parse: CsvParser | undefined,
): string[] | undefined {
  if (!line.includes(delimiter)) return undefined;
  if (line.includes('"')) return parse?.(line, delimiter, 1)?.[0];
  return line.split(delimiter).map((cell) => cell.trim());
}

/** An error for a name that a header of this file holds twice. */
export function duplicateHeader(name: string, line: number, field: string): FlowError {
  return new FlowError("fields-invalid", `the header names field "${field}" twice`, {
    at: `${name}:${line}`,
    hint: "give every column its own name",
  });
}
