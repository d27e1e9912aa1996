// Columnar logs by their first bytes, and what a source must offer to be read by place.

/** Forms that are read column by column. */
export type ColumnarForm = "parquet" | "arrow-file" | "arrow-stream";

/** Bytes of a source by their place. */
export interface ByteRanges {
  readonly size: number;
  /** The bytes from `from` to before `to`, fewer where the source ends earlier. */
  read(from: number, to: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const MAGICS: readonly (readonly [ColumnarForm, string])[] = [
  ["parquet", "PAR1"],
  ["arrow-file", "ARROW1"],
  // The mark in front of every message; as text it is nothing in UTF-8.
  ["arrow-stream", "\xff\xff\xff\xff"],
];

/** Bytes that tell all forms apart. */
export const MAGIC_LENGTH = 6;

/** The form that a source which begins so has; `undefined` = it is read as text. */
export function columnarForm(head: Uint8Array): ColumnarForm | undefined {
  return MAGICS.find(([, magic]) =>
    [...magic].every((character, i) => head[i] === character.charCodeAt(0)),
  )?.[0];
}
