// Rows of columnar logs, column by column. Whoever makes them has checked them: every index points at what is there.

/** Texts one behind the other: text `i` is the bytes from `begins[i]` to `ends[i]`, and none begins before another. */
export interface LogTexts {
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

/** Whole numbers of any width. */
export type LogNumbers = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** Values of one field in the rows of a part; `valid` holds 0 for rows without one, and is absent where all have one. */
export type LogColumn =
  /** Every value is missing, or nobody asked for them. */
  | { readonly kind: "none" }
  | {
      readonly kind: "numbers";
      readonly values: LogNumbers;
      /** Ticks per second of a time; 1 for every other number. */
      readonly unit: number;
      readonly valid?: Uint8Array | undefined;
    }
  | {
      readonly kind: "texts";
      readonly texts: LogTexts;
      readonly valid?: Uint8Array | undefined;
    }
  /** Texts by their number in a dictionary, the same object for as long as it is the same dictionary. */
  | {
      readonly kind: "codes";
      readonly codes: Int32Array;
      readonly words: LogTexts;
      readonly valid?: Uint8Array | undefined;
    };

/** Rows of a part at most: what the core takes at once. */
export const PART_ROWS = 8192;
/** Bytes of texts of a part at most, unless it is a single row. */
const PART_TEXT_BYTES = 4 << 20;
/** What is kept of one text: more than any line may be long (semantics: such a value fits no field). */
const MAX_CELL_BYTES = 65_537;

/** Rows from `from` to before `to`; views, nothing is copied. */
function sliceColumn(column: LogColumn, from: number, to: number): LogColumn {
  if (column.kind === "none") return column;
  const valid = column.valid?.subarray(from, to);
  if (column.kind === "numbers")
    return { ...column, values: column.values.subarray(from, to), valid };
  if (column.kind === "codes") return { ...column, codes: column.codes.subarray(from, to), valid };
  const { begins, ends, bytes } = column.texts;
  const texts = { begins: begins.subarray(from, to), ends: ends.subarray(from, to), bytes };
  return { ...column, texts };
}

/** Of `rows` rows from `from` on, how many have few enough bytes of texts. */
function rowsThatFit(columns: readonly LogColumn[], from: number, rows: number): number {
  let count = rows;
  for (; count > 1; count >>= 1) {
    let bytes = 0;
    for (const column of columns) {
      if (column.kind !== "texts") continue;
      const { begins, ends } = column.texts;
      bytes += ends[from + count - 1]! - begins[from]!;
    }
    if (bytes <= PART_TEXT_BYTES) break;
  }
  return count;
}

/** A text that is too long to mean anything is cut short: a single row may hold one. */
function clipRow(column: LogColumn): LogColumn {
  if (column.kind !== "texts") return column;
  const { begins, ends, bytes } = column.texts;
  if (ends[0]! - begins[0]! <= MAX_CELL_BYTES) return column;
  return {
    ...column,
    texts: { begins, ends: Int32Array.of(begins[0]! + MAX_CELL_BYTES), bytes },
  };
}

/** Cuts columns of up to PART_ROWS rows by the bytes of their texts. Views, nothing is copied. */
export function* cutParts(
  columns: readonly LogColumn[],
  rows: number,
): Generator<{ readonly columns: readonly LogColumn[]; readonly rows: number }> {
  for (let from = 0; from < rows; ) {
    const count = rowsThatFit(columns, from, rows - from);
    const whole = count === rows;
    const cut = whole ? columns : columns.map((column) => sliceColumn(column, from, from + count));
    yield { columns: count === 1 ? cut.map(clipRow) : cut, rows: count };
    from += count;
  }
}
