// Cuts delimited text into records, so that every record keeps its physical line and no quote can swallow a file.

/** One record without its line end, and how many physical line ends it spans. */
export interface CsvRecord {
  readonly text: string;
  readonly lineEnds: number;
  /** A quote that is not closed within the limits, or a line too long: not to be parsed. */
  readonly broken: "no" | "quote" | "long";
}

/** Characters of a record; as the core's limit for a line of text. */
export const MAX_RECORD: number = 65_536;
/** Physical lines of a record. No field of a flow log holds a line end; a few are borne for the sake of other columns. */
const MAX_RECORD_LINES = 16;
/** What is kept of a record that is too long: enough for a sample. */
const KEPT = 200;

/** State between chunks: at most one record and a bit. */
export interface CsvSplitter {
  readonly delimiter: string;
  carry: string;
  /** Inside a line that was too long: its rest is dropped. */
  skipping: boolean;
}

export function createSplitter(delimiter: string): CsvSplitter {
  return { delimiter, carry: "", skipping: false };
}

type End =
  | { readonly kind: "at"; readonly index: number; readonly lineEnds: number }
  | { readonly kind: "more" | "open" | "hopeless" };

/** Finds the line end that ends the record at `from`, stepping over quoted cells. Cost: linear, at most MAX_RECORD. */
function quotedEnd(text: string, from: number, delimiter: string): End {
  let inQuotes = false;
  let cellStart = true;
  let lineEnds = 0;
  const limit = Math.min(text.length, from + MAX_RECORD + 1);
  for (let i = from; i < limit; i++) {
    const c = text[i]!;
    if (c === "\n") {
      lineEnds++;
      if (!inQuotes) return { kind: "at", index: i, lineEnds };
      if (lineEnds >= MAX_RECORD_LINES) return { kind: "hopeless" };
    } else if (inQuotes) {
      if (c === '"' && text[i + 1] === '"') i++;
      else if (c === '"') inQuotes = false;
    } else if (c === '"' && cellStart) {
      inQuotes = true;
      cellStart = false;
    } else if (c === delimiter) cellStart = true;
    else if (c !== " ") cellStart = false;
  }
  if (text.length - from > MAX_RECORD) return { kind: inQuotes ? "hopeless" : "more" };
  return { kind: inQuotes ? "open" : "more" };
}

/**
 * Adds text and takes the records that are complete, all of them at the end of the input. The cut of the text into
 * chunks does not change the records.
 */
export function takeRecords(splitter: CsvSplitter, added: string, final: boolean): CsvRecord[] {
  const text = splitter.carry + added;
  const records: CsvRecord[] = [];
  let pos = 0;
  let quote = text.indexOf('"');
  const take = (end: number, next: number, lineEnds: number, broken: CsvRecord["broken"]): void => {
    const stop = end > pos && text[end - 1] === "\r" ? end - 1 : end;
    records.push({ text: text.slice(pos, stop), lineEnds, broken });
    pos = next;
  };
  while (pos < text.length) {
    const lineEnd = text.indexOf("\n", pos);
    if (splitter.skipping) {
      if (lineEnd < 0) pos = text.length;
      else {
        splitter.skipping = false;
        records.push({ text: "", lineEnds: 1, broken: "no" });
        pos = lineEnd + 1;
      }
      continue;
    }
    if (quote >= 0 && quote < pos) quote = text.indexOf('"', pos);
    const quoted = quote >= 0 && (lineEnd < 0 || quote < lineEnd);
    let end: End = { kind: "more" };
    if (quoted) end = quotedEnd(text, pos, splitter.delimiter);
    else if (lineEnd >= 0) end = { kind: "at", index: lineEnd, lineEnds: 1 };
    const length = (end.kind === "at" ? end.index : text.length) - pos;
    if (end.kind === "hopeless" || (end.kind === "open" && final)) {
      if (lineEnd >= 0 && lineEnd - pos <= MAX_RECORD) take(lineEnd, lineEnd + 1, 1, "quote");
      else if (length <= MAX_RECORD) take(text.length, text.length, 0, "quote");
      else {
        splitter.skipping = true;
        take(pos + KEPT, pos + KEPT, 0, "long");
      }
    } else if (length > MAX_RECORD) {
      splitter.skipping = true;
      take(pos + KEPT, pos + KEPT, 0, "long");
    } else if (end.kind === "at") take(end.index, end.index + 1, end.lineEnds, "no");
    else if (final) take(text.length, text.length, 0, "no");
    else break;
  }
  splitter.carry = text.slice(pos);
  return records;
}
