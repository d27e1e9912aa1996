// Rows as the lines that a text log would have: for who looks at few of them.
import type { RowsPart } from "../log-part.js";
import type { LogColumn } from "./log-columns.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: blanks and controls would shift the columns
const BLANKS = /[\x00-\x20\x7f]/g;

/** One token: no blanks and no controls (as AWS percent-encodes tag values, aws facts 1.1). */
function tokenOf(text: string): string {
  return text === "" || text === "None" ? "-" : text.replace(BLANKS, encodeURIComponent);
}

function cellOf(column: LogColumn, row: number, decoder: TextDecoder): string {
  if (column.kind === "none" || column.valid?.[row] === 0) return "-";
  if (column.kind === "numbers") {
    const value = BigInt(column.values[row]!);
    return String(value / BigInt(column.unit));
  }
  const { begins, ends, bytes } = column.kind === "codes" ? column.words : column.texts;
  const index = column.kind === "codes" ? column.codes[row]! : row;
  return tokenOf(decoder.decode(bytes.subarray(begins[index], ends[index])));
}

/** The lines of a part, with their numbers. Cost: some microseconds a row. */
export function* rowLines({
  columns,
  rows,
  line,
}: RowsPart): Generator<{ readonly text: string; readonly line: number }> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let row = 0; row < rows; row++) {
    const text = columns.map((column) => cellOf(column, row, decoder)).join(" ");
    yield { text, line: line + row };
  }
}
