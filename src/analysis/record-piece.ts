// Judged records on their way from one thread to another: the buffers of a batch, which can be handed over uncopied.

import { type RecordBatch, Type } from "apache-arrow";
import type { JudgedPlace } from "./run.js";

/** A column of log fields, or the line numbers. `nulls`: a bit per row that has a value; null = all have one. */
export interface NumberPiece {
  readonly kind: "int32" | "uint32" | "int64";
  readonly nulls: Uint8Array | null;
  readonly values: Int32Array | Uint32Array | BigInt64Array;
}

export interface TextPiece {
  readonly kind: "text";
  readonly nulls: Uint8Array | null;
  readonly values: Uint8Array;
  readonly ends: Int32Array;
}

/** Words by number; `fresh`: those that the pieces before did not have, from number `known` on. */
export interface WordPiece {
  readonly kind: "words";
  readonly codes: Int32Array;
  readonly known: number;
  readonly fresh: readonly string[];
}

export type ColumnPiece = NumberPiece | TextPiece | WordPiece;

/** Can be cloned. */
export interface RecordPiece {
  readonly place: JudgedPlace;
  readonly rows: number;
  readonly names: readonly string[];
  readonly columns: readonly ColumnPiece[];
}

/** Takes batches of one run apart, in their order. */
export class PieceMaker {
  private readonly known = new Map<number, number>();

  piece(batch: RecordBatch, place: JudgedPlace): RecordPiece {
    return {
      place,
      rows: batch.numRows,
      names: batch.schema.fields.map(({ name }) => name),
      columns: batch.data.children.map((_, i) => this.column(batch, i)),
    };
  }

  private column(batch: RecordBatch, index: number): ColumnPiece {
    const data = batch.data.children[index]!;
    const nulls =
      data.nullBitmap === undefined || data.nullBitmap.length === 0 ? null : data.nullBitmap;
    if (data.typeId === Type.Utf8)
      return { kind: "text", nulls, values: data.values as Uint8Array, ends: data.valueOffsets };
    if (data.typeId === Type.Dictionary) return this.words(index, data.values, data.dictionary!);
    const values = data.values as NumberPiece["values"];
    return { kind: kindOf(values), nulls, values };
  }

  private words(
    index: number,
    codes: Int32Array,
    dictionary: { readonly length: number; get(at: number): unknown },
  ): WordPiece {
    const known = this.known.get(index) ?? 0;
    this.known.set(index, dictionary.length);
    const fresh = Array.from({ length: dictionary.length - known }, (_, i) =>
      String(dictionary.get(known + i)),
    );
    return { kind: "words", codes, known, fresh };
  }
}

function kindOf(values: NumberPiece["values"]): NumberPiece["kind"] {
  if (values instanceof BigInt64Array) return "int64";
  return values instanceof Uint32Array ? "uint32" : "int32";
}

/** The buffers of a piece, to be handed over with it. */
export function buffersOf({ columns }: RecordPiece): ArrayBuffer[] {
  return columns.flatMap((column) => {
    const views =
      column.kind === "words"
        ? [column.codes]
        : [column.values, ...(column.kind === "text" ? [column.ends] : [])];
    if (column.kind !== "words" && column.nulls !== null) views.push(column.nulls);
    return views.map(({ buffer }) => buffer as ArrayBuffer);
  });
}
