// The only caller of csv-parse.
import type { Options } from "csv-parse/sync";

/** Parses whole records; undefined for a text that is not exactly `count` well-formed records. */
export type CsvParser = (text: string, delimiter: string, count: number) => string[][] | undefined;

type Parse = (text: string, options: Options) => unknown;

async function importParse(): Promise<Parse> {
  // Both builds are the same parser. The plain one asks for Node's Buffer and is four times as fast; the other brings
  // its own. Imported when the first CSV log is met, so that a page does not load it for nothing.
  if ("Buffer" in globalThis) return (await import("csv-parse/sync")).parse;
  return (await import("csv-parse/browser/esm/sync")).parse as Parse;
}

/** Loads the CSV parser. Strict about quotes (RFC 4180), lenient about the number of cells and blanks around them. */
export async function loadCsvParser(): Promise<CsvParser> {
  const parse = await importParse();
  return (text, delimiter, count) => {
    try {
      const rows = parse(text, {
        delimiter,
        record_delimiter: "\n",
        relax_column_count: true,
        trim: true,
      }) as string[][];
      return rows.length === count ? rows : undefined;
    } catch {
      // A stray quote: the caller narrows it down to the record and counts that as malformed.
      return undefined;
    }
  };
}
