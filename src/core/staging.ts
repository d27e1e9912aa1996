import * as c from "../contract.js";
import type { StagingState } from "./core-state.js";
import type { CoreExports } from "./exports.js";
import type { CoreMemory } from "./memory.js";

/** Texts one behind the other: text `i` is the bytes from `begins[i]` to `ends[i]`, and none begins before another. */
export interface SourceTexts {
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

/** Values of one field in the rows of a part; `valid` holds 0 for rows without one. Indices are trusted: check them before. */
export type SourceColumn =
  | { readonly kind: "none" }
  | {
      readonly kind: "numbers";
      readonly values: Int32Array | Uint32Array | BigInt64Array | BigUint64Array;
      /** Ticks per second of a time; 1 for every other number. */
      readonly unit: number;
      readonly valid?: Uint8Array | undefined;
    }
  | {
      readonly kind: "texts";
      readonly texts: SourceTexts;
      readonly valid?: Uint8Array | undefined;
    }
  | {
      readonly kind: "codes";
      readonly codes: Int32Array;
      /** The same object for as long as the dictionary is the same: it is copied once. */
      readonly words: SourceTexts;
      readonly valid?: Uint8Array | undefined;
    };

/** Rows of a columnar log, a column for every field of the format; BATCH_ROWS rows at most. */
export interface SourcePart {
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
  /** Number of the first row, from 1. */
  readonly line: number;
}

/** Readable bytes that the core may touch on both sides of a text. */
const PADDING = c.BLOCK_PADDING;
const ALIGN = 16;
const INITIAL_BYTES = 1 << 20;

/** A dictionary in linear memory. */
interface LoadedWords {
  /** undefined = of a core that stood elsewhere. */
  readonly words: SourceTexts | undefined;
  readonly block: number;
  readonly bytes: number;
  readonly table: number;
}

function aligned(bytes: number): number {
  return (bytes + ALIGN - 1) & -ALIGN;
}

function numberKind(values: ArrayBufferView): number {
  if (values instanceof Int32Array) return c.SOURCE_KIND_INT32;
  if (values instanceof Uint32Array) return c.SOURCE_KIND_UINT32;
  return values instanceof BigInt64Array ? c.SOURCE_KIND_INT64 : c.SOURCE_KIND_UINT64;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The bytes that the texts of some rows lie in, and where they begin in `texts.bytes`. */
function spanOf({ begins, ends, bytes }: SourceTexts): { from: number; text: Uint8Array } {
  const from = begins[0] ?? 0;
  return { from, text: bytes.subarray(from, ends[ends.length - 1] ?? from) };
}

/** Puts parts into linear memory, where `partBegin` reads them. Memory: the largest part, and the dictionaries in use. */
export class Staging {
  private readonly api: CoreExports;
  private readonly memory: CoreMemory;
  private area = 0;
  private size = 0;
  private at = 0;
  /** By number of column. */
  private dictionaries: (LoadedWords | undefined)[] = [];
  private readonly refuse: () => never;

  /** `refuse` throws where there is no more memory. */
  constructor(api: CoreExports, memory: CoreMemory, refuse: () => never) {
    this.api = api;
    this.memory = memory;
    this.refuse = refuse;
  }

  state(): StagingState {
    const { area, size } = this;
    const blocks = Array.from(this.dictionaries, (loaded) =>
      loaded === undefined ? null : { block: loaded.block, bytes: loaded.bytes },
    );
    return { area, size, blocks };
  }

  /** Dictionaries are copied again when their columns come: only their room is remembered. */
  resume({ area, size, blocks }: StagingState): void {
    this.area = area;
    this.size = size;
    this.dictionaries = blocks.map((room) =>
      room === null ? undefined : { ...room, words: undefined, table: 0 },
    );
  }

  /** Copies a part; the pointer of its columns, valid until the next part. */
  put({ columns, rows }: SourcePart): number {
    const tables = columns.map((column, i) =>
      column.kind === "codes" ? this.load(i, column.words) : 0,
    );
    const head = aligned(columns.length * c.SOURCE_BYTES);
    this.make(columns.reduce((sum, column) => sum + sizeOf(column, rows), PADDING + head));
    this.at = this.area + head;
    columns.forEach((column, i) => {
      this.putColumn(column, this.area + i * c.SOURCE_BYTES, tables[i]!);
    });
    return this.area;
  }

  private make(bytes: number): void {
    if (bytes <= this.size) return;
    this.api.release(this.area, this.size);
    this.size = Math.max(bytes, INITIAL_BYTES, this.size * 2);
    this.area = this.api.reserve(this.size);
    if (this.area === 0) this.refuse();
  }

  private putColumn(column: SourceColumn, row: number, table: number): void {
    const { data } = this.memory;
    const set = (offset: number, value: number): void => data.setUint32(row + offset, value, true);
    set(c.SOURCE_KIND, kindOf(column));
    set(c.SOURCE_UNIT, column.kind === "numbers" ? column.unit : 1);
    set(c.SOURCE_VALID, 0);
    set(c.SOURCE_WORDS, table);
    if (column.kind === "none") return;
    if (column.valid !== undefined) set(c.SOURCE_VALID, this.copy(column.valid));
    if (column.kind === "numbers") set(c.SOURCE_VALUES, this.copy(bytesOf(column.values)));
    if (column.kind === "codes") set(c.SOURCE_VALUES, this.copy(bytesOf(column.codes)));
    if (column.kind !== "texts") return;
    const { from, text } = spanOf(column.texts);
    this.at += PADDING;
    // Begins and ends count from the bytes' own beginning: pointers wrap as the core's do.
    set(c.SOURCE_TEXT, (this.copy(text) - from) >>> 0);
    this.at += PADDING;
    set(c.SOURCE_VALUES, this.copy(bytesOf(column.texts.begins)));
    set(c.SOURCE_ENDS, this.copy(bytesOf(column.texts.ends)));
  }

  private copy(bytes: Uint8Array): number {
    const at = this.at;
    this.memory.bytes.set(bytes, at);
    this.at += aligned(bytes.length);
    return at;
  }

  /** Table of a column's dictionary, copied where it is another one than before. */
  private load(column: number, words: SourceTexts): number {
    const before = this.dictionaries[column];
    if (before?.words === words) return before.table;
    if (before !== undefined) this.api.release(before.block, before.bytes);
    this.dictionaries[column] = undefined;
    const count = words.begins.length;
    const { from, text } = spanOf(words);
    const offsets = aligned(4 * count);
    const bytes = 2 * PADDING + aligned(text.length) + 2 * offsets + count * c.WORD_BYTES;
    const block = this.api.reserve(bytes);
    if (block === 0) this.refuse();
    this.at = block + PADDING;
    const textAt = (this.copy(text) - from) >>> 0;
    this.at += PADDING;
    const begins = this.copy(bytesOf(words.begins));
    const ends = this.copy(bytesOf(words.ends));
    const table = this.at;
    this.api.wordsBegin(table, begins, ends, textAt, count);
    this.dictionaries[column] = { words, block, bytes, table };
    return table;
  }
}

function kindOf(column: SourceColumn): number {
  if (column.kind === "none") return c.SOURCE_KIND_NONE;
  if (column.kind === "texts") return c.SOURCE_KIND_TEXT;
  return column.kind === "codes" ? c.SOURCE_KIND_CODES : numberKind(column.values);
}

function sizeOf(column: SourceColumn, rows: number): number {
  if (column.kind === "none") return 0;
  const valid = column.valid === undefined ? 0 : aligned(rows);
  if (column.kind === "numbers") return valid + aligned(column.values.byteLength);
  if (column.kind === "codes") return valid + aligned(4 * rows);
  return valid + 2 * PADDING + aligned(spanOf(column.texts).text.length) + 2 * aligned(4 * rows);
}
