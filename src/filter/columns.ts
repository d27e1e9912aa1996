// Columns of a judged batch as filters read them: by row number, without a value made per cell.

import { type Data, type RecordBatch, Type, type Vector } from "apache-arrow";
import { FlowError } from "../errors.js";

/** Whether a row has a value. */
export type Present = (row: number) => boolean;

const always: Present = () => true;

/** Text by row: the bytes from `from(row)` to `to(row)`; of a dictionary the number of its value. */
export interface TextColumn {
  readonly kind: "text";
  readonly present: Present;
  readonly bytes: Uint8Array;
  /** Offsets, one more than rows. */
  readonly ends: Int32Array;
}

export interface DictionaryColumn {
  readonly kind: "dictionary";
  readonly present: Present;
  readonly codes: Int32Array;
  readonly dictionary: Vector;
}

export interface NumberColumn {
  readonly kind: "number";
  readonly present: Present;
  /** Exact up to 2^53. */
  readonly at: (row: number) => number;
}

export type Column = TextColumn | DictionaryColumn | NumberColumn;

function presentOf(data: Data): Present {
  const { nullBitmap, offset } = data;
  if (nullBitmap === undefined || nullBitmap.length === 0 || data.nullCount === 0) return always;
  return (row) => ((nullBitmap[(offset + row) >> 3]! >> ((offset + row) & 7)) & 1) === 1;
}

function numbersOf(data: Data): (row: number) => number {
  const { values } = data;
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) {
    const numbers = values as Int32Array;
    return (row) => numbers[row]!;
  }
  // Read as two halves (little-endian like Arrow): a bigint per cell would cost more than all the rest.
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return (row) => halves[row * 2 + 1]! * 0x1_0000_0000 + halves[row * 2]!;
}

/** The column of a name; `undefined` where the batch has none. Throws `records-column` for a type no record has. */
export function columnOf(batch: RecordBatch, name: string): Column | undefined {
  const index = batch.schema.fields.findIndex((field) => field.name === name);
  const data = batch.data.children[index];
  if (data === undefined) return undefined;
  const present = presentOf(data);
  switch (data.typeId) {
    case Type.Utf8:
      return { kind: "text", present, bytes: data.values as Uint8Array, ends: data.valueOffsets };
    case Type.Dictionary: {
      const codes = data.values as Int32Array;
      return { kind: "dictionary", present, codes, dictionary: data.dictionary! };
    }
    case Type.Int:
      return { kind: "number", present, at: numbersOf(data) };
    default:
      throw new FlowError("records-column", `column ${name} has the type ${data.type}`, {
        hint: "filters know text, dictionary and integer columns",
      });
  }
}

/** The text of every value of a dictionary, by its number. */
export function dictionaryTexts(dictionary: Vector): readonly string[] {
  return Array.from(dictionary, (value) => String(value ?? ""));
}
