// Bytes of one log -> formats, text and notes. The lines themselves are decoded by the core.
import { FlowError } from "../errors.js";
import { type ByteRanges, columnarForm, MAGIC_LENGTH } from "./columns/recognise-columns.js";
import { type CsvParser, loadCsvParser } from "./csv-row.js";
import { csvText, formatParts } from "./csv-text.js";
import { isTransitGatewayField } from "./field-list.js";
import { looksLikeJson } from "./json-begin.js";
import type { LogPart, NotePart } from "./log-part.js";
import { transitGatewayRefusal } from "./refusal.js";
import {
  addToWindow,
  createSniffer,
  hasText,
  nothingFits,
  type Sniffed,
  type Sniffer,
  sniff,
  WINDOW,
} from "./sniff.js";

export interface ReadLogOptions {
  /** `--fields`: the names of logs without a header line (parseFieldList). */
  readonly fields?: readonly string[] | undefined;
  /** Whether the values of a field are wanted, of columnar logs: the others come out as none. All where it is left out. */
  readonly wanted?: ((field: string) => boolean) | undefined;
  /** The same bytes by their place, where the source can: Parquet is read so. */
  readonly ranges?: (() => Promise<ByteRanges>) | undefined;
}

/** A source whose failure is kept until the bytes before it are used. */
interface Source {
  readonly chunks: AsyncIterator<Uint8Array>;
  ended: boolean;
  broken: { readonly error: unknown } | undefined;
}

function sourceOf(chunks: AsyncIterable<Uint8Array>): Source {
  return { chunks: chunks[Symbol.asyncIterator](), ended: false, broken: undefined };
}

async function pull(source: Source): Promise<Uint8Array | undefined> {
  if (source.ended) return undefined;
  try {
    const next = await source.chunks.next();
    if (next.done !== true) return next.value;
  } catch (error) {
    source.broken = { error };
  }
  source.ended = true;
  return undefined;
}

const QUOTE = 34;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** The beginning of a source: as much as it takes to tell columns and JSON from text. */
async function readBegin(source: Source): Promise<Uint8Array> {
  let begun: Uint8Array = new Uint8Array(0);
  while (begun.length < MAGIC_LENGTH || looksLikeJson(begun) === undefined) {
    const chunk = await pull(source);
    if (chunk === undefined) break;
    begun = begun.length === 0 ? chunk : joined(begun, chunk);
  }
  return begun;
}

/** Fills the window until its lines decide, it is full, or the source ends. Returns the chunks it took, `begun` first. */
async function readHead(
  source: Source,
  begun: Uint8Array,
  sniffer: Sniffer,
): Promise<{ held: Uint8Array[]; sniffed: Sniffed | undefined; parse: CsvParser | undefined }> {
  const held: Uint8Array[] = [];
  let parse: CsvParser | undefined;
  let total = 0;
  for (let ahead: Uint8Array | undefined = begun; ; ahead = undefined) {
    const chunk = ahead ?? (await pull(source));
    if (chunk !== undefined && chunk.length > 0) {
      held.push(chunk);
      total += chunk.length;
      const part = addToWindow(sniffer, chunk);
      if (parse === undefined && part.includes(QUOTE)) parse = await loadCsvParser();
    }
    const sniffed = sniff(sniffer, source.ended, parse);
    if (sniffed?.csv !== undefined) parse ??= await loadCsvParser();
    if (sniffed !== undefined || source.ended || total > WINDOW) return { held, sniffed, parse };
  }
}

/** The held chunks from an offset to another one, without copying. */
function* slices(held: readonly Uint8Array[], from: number, to: number): Generator<Uint8Array> {
  let at = 0;
  for (const chunk of held) {
    const slice = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (slice.length > 0) yield slice;
    at += chunk.length;
  }
}

async function* rest(
  source: Source,
  held: readonly Uint8Array[],
  from: number,
): AsyncGenerator<Uint8Array> {
  yield* slices(held, from, Number.POSITIVE_INFINITY);
  for (let chunk = await pull(source); chunk !== undefined; chunk = await pull(source)) {
    if (chunk.length > 0) yield chunk;
  }
  if (source.broken !== undefined) throw source.broken.error;
}

function* notesOfOption(sniffed: Sniffed, option: readonly string[]): Generator<NotePart> {
  if (sniffed.found.how === "option" || sniffed.found.fields.join() === option.join()) return;
  const why =
    sniffed.found.kind === "header"
      ? "the file has a header line, which wins over --fields"
      : `the lines have the version 2 default format, not the ${option.length} columns of --fields`;
  yield { kind: "note", code: "fields-option-ignored", message: why, line: sniffed.line };
}

/**
 * Reads one log: a format part, then text in that format, or rows of a columnar log, with notes between. A log without
 * text yields nothing.
 *
 * Header lines at the beginning are consumed; in blank-separated text later ones are left to the core, which asks
 * parseHeaderLine. Delimited logs (comma, semicolon, tab) come out as blank-separated text with the same line numbers:
 * empty cells as `-`, blanks inside a cell percent-encoded, columns of a time or of CloudWatch's own left out. JSON comes
 * out as the messages or records in it, one a line, and lines are counted by them.
 *
 * Throws `log-unrecognised`, `log-refused` and `fields-invalid` before any part, or whatever the source throws after all
 * parts before the break. After a throw the last line is unfinished if it has no line end: drop it, for its last number
 * may be cut. Memory: the head of the log and one chunk, or as readArrow and readParquet tell. Chunks must not be changed
 * after they are handed over.
 */
export async function* readLog(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: ReadLogOptions = {},
): AsyncGenerator<LogPart> {
  const option = options.fields;
  const foreign = option?.find(isTransitGatewayField);
  if (foreign !== undefined) throw transitGatewayRefusal(name, 1, foreign);
  const source = sourceOf(chunks);
  try {
    const begun = await readBegin(source);
    const form = columnarForm(begun);
    if (form !== undefined) {
      // Imported when the first columnar log is met, so that a page does not load the readers for nothing.
      const { readColumns } = await import("./columns/read-columns.js");
      yield* readColumns(name, form, rest(source, [begun], 0), options);
      return;
    }
    if (looksLikeJson(begun) !== true) {
      yield* textParts(name, source, begun, option);
      return;
    }
    // So is this.
    const { jsonParts } = await import("./read-json.js");
    yield* jsonParts(name, rest(source, [begun], 0), (lines) =>
      textParts(name, sourceOf(lines), NOTHING, option),
    );
  } finally {
    await source.chunks.return?.();
  }
}

const NOTHING = new Uint8Array(0);

async function* textParts(
  name: string,
  source: Source,
  begun: Uint8Array,
  option: readonly string[] | undefined,
): AsyncGenerator<LogPart> {
  const sniffer = createSniffer(name, option);
  const { held, sniffed, parse } = await readHead(source, begun, sniffer);
  if (sniffed !== undefined) yield* logParts(name, source, held, sniffed, parse, option);
  else if (source.broken !== undefined) throw source.broken.error;
  else if (hasText(sniffer)) throw nothingFits(sniffer);
}

async function* logParts(
  name: string,
  source: Source,
  held: readonly Uint8Array[],
  sniffed: Sniffed,
  parse: CsvParser | undefined,
  option: readonly string[] | undefined,
): AsyncGenerator<LogPart> {
  const { found, csv, line, begin, start, next, junk, timePrefix } = sniffed;
  const isHeader = found.kind === "header";
  for (const part of formatParts(found, line))
    yield part.kind === "format" ? { ...part, timePrefix } : part;
  if (option !== undefined) yield* notesOfOption(sniffed, option);
  if (junk) {
    // Their line numbers go on into the records, so the header's line is kept as an empty one.
    let first = true;
    for (const bytes of slices(held, begin, start)) {
      yield { kind: "text", bytes, line: first ? 1 : 0 };
      first = false;
    }
    if (isHeader) yield { kind: "text", bytes: Uint8Array.of(10), line: 0 };
  }
  const from = isHeader ? next : start;
  const fromLine = isHeader ? line + 1 : line;
  const bytesLeft = rest(source, held, from);
  if (csv !== undefined) {
    if (parse === undefined) throw new FlowError("log-unrecognised", "no CSV parser", { at: name });
    yield* csvText(name, csv, parse, bytesLeft, { line: fromLine, continues: junk });
    return;
  }
  let first = !junk;
  for await (const bytes of bytesLeft) {
    yield { kind: "text", bytes, line: first ? fromLine : 0 };
    first = false;
  }
}
