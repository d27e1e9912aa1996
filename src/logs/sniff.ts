// Finds the format of a log in its first bytes, line by line: the first line that fits decides.
import type { FlowError } from "../errors.js";
import type { CsvParser } from "./csv-row.js";
import { type CsvLayout, cellsOf, DELIMITERS, duplicateHeader } from "./csv-text.js";
import { duplicateOf } from "./field-list.js";
import { type MessageColumn, type Recognised, recogniseCells, recogniseText } from "./recognise.js";
import { foreignFormat, MAGIC_BYTES, transitGatewayRefusal, unrecognised } from "./refusal.js";

/** How much of a log is looked at. */
export const WINDOW: number = 65_536;

/** The format of a log and where its records begin. */
export interface Sniffed {
  readonly found: Recognised;
  readonly csv?: CsvLayout;
  readonly timePrefix: boolean;
  /** 1-based physical line that decided. */
  readonly line: number;
  /** Offset of the text (after a byte order mark), of that line, and of the one after it. */
  readonly begin: number;
  readonly start: number;
  readonly next: number;
  /** Whether lines with text stand before it. */
  readonly junk: boolean;
}

/** State while the window fills. */
export interface Sniffer {
  readonly name: string;
  readonly option: readonly string[] | undefined;
  /** At first the first chunk itself: most logs show what they are in it, and a copy for each of many small files is felt. */
  window: Uint8Array;
  length: number;
  offset: number;
  line: number;
  started: boolean;
  first: { readonly line: number; readonly text: string } | undefined;
  message:
    | { readonly column: MessageColumn; readonly delimiter: string; readonly line: number }
    | undefined;
}

export function createSniffer(name: string, option: readonly string[] | undefined): Sniffer {
  return {
    name,
    option,
    window: new Uint8Array(0),
    length: 0,
    offset: 0,
    line: 1,
    started: false,
    first: undefined,
    message: undefined,
  };
}

/** Adds what of the chunk finds room in the window, and gives that. */
export function addToWindow(sniffer: Sniffer, chunk: Uint8Array): Uint8Array {
  const part = chunk.subarray(0, WINDOW - sniffer.length);
  if (sniffer.length === 0) sniffer.window = part;
  else {
    if (sniffer.window.length < WINDOW) {
      const window = new Uint8Array(WINDOW);
      window.set(sniffer.window);
      sniffer.window = window;
    }
    sniffer.window.set(part, sniffer.length);
  }
  sniffer.length += part.length;
  return part;
}

/** Bytes of a UTF-8 byte order mark at the beginning: 3 or 0. */
function bomBytes(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly next: number;
}

function nextLine(sniffer: Sniffer, ended: boolean): Line | undefined {
  const { window, offset, length } = sniffer;
  if (offset >= length) return undefined;
  const end = window.subarray(0, length).indexOf(10, offset);
  if (end < 0 && !ended) return undefined;
  const stop = end < 0 ? length : end;
  const text = new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(window.subarray(offset, stop))
    .trim();
  return { text, start: offset, next: end < 0 ? length : end + 1 };
}

function judge(
  sniffer: Sniffer,
  line: Line,
  parse: CsvParser | undefined,
): { found: Recognised; csv?: CsvLayout; timePrefix: boolean } | undefined {
  const { name, option, message } = sniffer;
  const refuse = (sign: string): FlowError => transitGatewayRefusal(name, sniffer.line, sign);
  if (message !== undefined) {
    const cell = cellsOf(line.text, message.delimiter, parse)?.[message.column.cell];
    const found = cell === undefined ? undefined : recogniseText(cell, option);
    if (found?.kind === "transit-gateway") throw refuse(found.sign);
    if (found === undefined || found.kind === "header") return undefined;
    const csv = { delimiter: message.delimiter, row: message.column };
    return { found, csv, timePrefix: found.cells[0] === 1 };
  }
  const found = recogniseText(line.text, option);
  if (found?.kind === "transit-gateway") throw refuse(found.sign);
  if (found !== undefined) return { found, timePrefix: found.cells[0] === 1 };
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line.text, delimiter, parse);
    const row = cells === undefined ? undefined : recogniseCells(cells, option);
    if (row === undefined) continue;
    if (row.kind === "transit-gateway") throw refuse(row.sign);
    if (row.kind === "message") {
      sniffer.message = { column: row, delimiter, line: sniffer.line };
      return undefined;
    }
    return { found: row, csv: { delimiter, row }, timePrefix: false };
  }
  return undefined;
}

/**
 * Looks at the lines that are new in the window. `undefined` = none decided. Throws for a foreign format, a
 * transit-gateway log and a header with a name twice. The cut of the input into chunks changes nothing.
 */
export function sniff(
  sniffer: Sniffer,
  ended: boolean,
  parse: CsvParser | undefined,
): Sniffed | undefined {
  if (!sniffer.started) {
    if (!ended && sniffer.length < MAGIC_BYTES) return undefined;
    const head = sniffer.window.subarray(0, sniffer.length);
    const foreign = foreignFormat(sniffer.name, head);
    if (foreign !== undefined) throw foreign;
    sniffer.offset = bomBytes(head);
    sniffer.started = true;
  }
  for (;;) {
    const line = nextLine(sniffer, ended);
    if (line === undefined) return undefined;
    const junk = sniffer.first !== undefined;
    const decided = line.text === "" ? undefined : judge(sniffer, line, parse);
    if (decided !== undefined) {
      const twice = decided.found.kind === "header" ? duplicateOf(decided.found.fields) : undefined;
      if (twice !== undefined) throw duplicateHeader(sniffer.name, sniffer.line, twice);
      const begin = bomBytes(sniffer.window);
      return { ...decided, line: sniffer.line, begin, start: line.start, next: line.next, junk };
    }
    // The header of a message column is neither a record nor junk.
    if (line.text !== "" && sniffer.message?.line !== sniffer.line)
      sniffer.first ??= { line: sniffer.line, text: line.text };
    sniffer.offset = line.next;
    sniffer.line++;
  }
}

/** Whether a line with text was seen or is under way: if not, the log is empty. */
export function hasText(sniffer: Sniffer): boolean {
  if (sniffer.first !== undefined) return true;
  const rest = sniffer.window.subarray(sniffer.offset, sniffer.length);
  return new TextDecoder().decode(rest).trim() !== "";
}

/** The error for a log in whose head nothing fits. */
export function nothingFits(sniffer: Sniffer): FlowError {
  const rest = sniffer.window.subarray(sniffer.offset, sniffer.length);
  const first = sniffer.first ?? {
    line: sniffer.line,
    text: new TextDecoder().decode(rest).trim(),
  };
  return unrecognised(sniffer.name, first.line, first.text, sniffer.option);
}
