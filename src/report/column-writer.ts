// One column of a record batch, cell by cell, straight from Arrow's buffers into the output bytes.

import { type Data, Type } from "apache-arrow";
import { FlowError } from "../errors.js";
import { ByteSink } from "./byte-sink.js";
import type { TextEncoding } from "./cell-encoding.js";

/** Writes the cell of a row; false = the value is missing and nothing was written. */
export type CellWriter = (sink: ByteSink, row: number) => boolean;

/** Encoded dictionary values by dictionary: values repeat millions of times, batches share their dictionaries. */
export type DictionaryCache = Map<unknown, (Uint8Array | undefined)[]>;

/** Dictionaries kept per column before the cache starts over; a growing dictionary is a new one per batch. */
const KEPT_DICTIONARIES = 4;

const encoder: TextEncoder = new TextEncoder();

function validity(data: Data): ((row: number) => boolean) | null {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0)
    return null;
  const bitmap = data.nullBitmap;
  const offset = data.offset;
  return (row) => {
    const bit = offset + row;
    return ((bitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
  };
}

function guarded(data: Data, write: CellWriter): CellWriter {
  const isValid = validity(data);
  if (isValid === null) return write;
  return (sink, row) => isValid(row) && write(sink, row);
}

function utf8Cells(data: Data, encode: TextEncoding): CellWriter {
  const offsets = data.valueOffsets as Int32Array;
  const values = data.values as Uint8Array;
  return (sink, row) => {
    encode(sink, values, offsets[row]!, offsets[row + 1]!);
    return true;
  };
}

function appendInteger(sink: ByteSink, value: number): void {
  if (value >= 0) {
    sink.appendCount(value);
    return;
  }
  sink.push(45);
  sink.appendCount(-value);
}

function smallIntegerCells(data: Data): CellWriter {
  const values = data.values as Int32Array | Uint32Array | Int16Array | Uint16Array;
  return (sink, row) => {
    appendInteger(sink, values[row]!);
    return true;
  };
}

function wideIntegerCells(data: Data): CellWriter {
  const values = data.values as BigInt64Array | BigUint64Array;
  // Read as two halves (little-endian like Arrow): a bigint per cell would cost more than all the rest.
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return (sink, row) => {
    const high = halves[row * 2 + 1]!;
    if (high < 0x200000) sink.appendCount(high * 0x100000000 + halves[row * 2]!);
    else sink.append(encoder.encode(String(values[row])));
    return true;
  };
}

function dictionaryCells(data: Data, encode: TextEncoding, cache: DictionaryCache): CellWriter {
  const dictionary = data.dictionary;
  const indices = data.values as Int32Array;
  if (dictionary === undefined) return () => false;
  const chunk = dictionary.data[0];
  let encoded = cache.get(chunk);
  if (encoded === undefined) {
    if (cache.size >= KEPT_DICTIONARIES) cache.clear();
    encoded = new Array<Uint8Array | undefined>(dictionary.length);
    cache.set(chunk, encoded);
  }
  const known = encoded;
  return (sink, row) => {
    const index = indices[row]!;
    let bytes = known[index];
    if (bytes === undefined) {
      const text = encoder.encode(String(dictionary.get(index) ?? ""));
      const scratch = new ByteSink();
      encode(scratch, text, 0, text.length);
      bytes = scratch.take().slice();
      known[index] = bytes;
    }
    sink.append(bytes);
    return true;
  };
}

/** The writer of a column, chosen by its Arrow type. Throws `records-column` for a type no log column has. */
export function cellWriter(
  name: string,
  data: Data,
  encode: TextEncoding,
  cache: DictionaryCache,
): CellWriter {
  switch (data.typeId) {
    case Type.Utf8:
      return guarded(data, utf8Cells(data, encode));
    case Type.Dictionary:
      return guarded(data, dictionaryCells(data, encode, cache));
    case Type.Int: {
      const wide = data.values instanceof BigInt64Array || data.values instanceof BigUint64Array;
      return guarded(data, wide ? wideIntegerCells(data) : smallIntegerCells(data));
    }
    default:
      throw new FlowError("records-column", `column ${name} has the type ${data.type}`, {
        hint: "record writers know text, dictionary and integer columns",
      });
  }
}
