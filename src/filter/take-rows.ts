// Rows of a batch as a batch of their own: buffers are gathered column by column.

import {
  type Data,
  type Dictionary,
  type Int32,
  makeData,
  RecordBatch,
  Struct,
  Type,
  Utf8,
} from "apache-arrow";

/** The rows of these numbers, in their order; the batch itself where they are all of it. Linear in what is copied. */
export function takeRows(batch: RecordBatch, rows: Uint32Array): RecordBatch {
  if (rows.length === batch.numRows) return batch;
  const data = makeData({
    type: new Struct(batch.schema.fields),
    length: rows.length,
    nullCount: 0,
    children: batch.data.children.map((child) => takeData(child, rows)),
  });
  return new RecordBatch(batch.schema, data);
}

function takeData(data: Data, rows: Uint32Array): Data {
  const length = rows.length;
  const nulls = takeNulls(data, rows);
  if (data.typeId === Type.Utf8)
    return makeData({ type: new Utf8(), length, ...nulls, ...takeText(data, rows) });
  const values = takeNumbers(data.values, rows);
  const { type, dictionary } = data;
  if (dictionary === undefined)
    return makeData({ type: type as Int32, length, ...nulls, data: values as Int32Array });
  const indices = values as Int32Array;
  return makeData({ type: type as Dictionary<Utf8>, length, ...nulls, data: indices, dictionary });
}

type Numbers = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

function takeNumbers(values: Numbers, rows: Uint32Array): Numbers {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    // As pairs of halves: a bigint per cell would cost more than the copy.
    const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    const taken = new Uint32Array(rows.length * 2);
    for (let i = 0; i < rows.length; i++) {
      taken[2 * i] = halves[2 * rows[i]!]!;
      taken[2 * i + 1] = halves[2 * rows[i]! + 1]!;
    }
    return new (values.constructor as BigInt64ArrayConstructor)(taken.buffer);
  }
  const taken = new (values.constructor as Int32ArrayConstructor)(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

function takeNulls(
  { nullBitmap, nullCount, offset }: Data,
  rows: Uint32Array,
): { nullBitmap: Uint8Array | null; nullCount: number } {
  if (nullBitmap === undefined || nullBitmap.length === 0 || nullCount === 0)
    return { nullBitmap: null, nullCount: 0 };
  const taken = new Uint8Array((rows.length + 7) >> 3);
  let present = 0;
  for (let i = 0; i < rows.length; i++) {
    const bit = offset + rows[i]!;
    if (((nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 0) continue;
    taken[i >> 3]! |= 1 << (i & 7);
    present++;
  }
  return { nullBitmap: taken, nullCount: rows.length - present };
}

function takeText(column: Data, rows: Uint32Array): { valueOffsets: Int32Array; data: Uint8Array } {
  const ends = column.valueOffsets as Int32Array;
  const bytes = column.values as Uint8Array;
  const valueOffsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++)
    valueOffsets[i + 1] = valueOffsets[i]! + ends[rows[i]! + 1]! - ends[rows[i]!]!;
  const values = new Uint8Array(valueOffsets[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    // Cells are a few bytes long: a loop beats `set`, whose call costs more than the copy.
    const to = ends[rows[i]! + 1]!;
    let at = valueOffsets[i]!;
    for (let from = ends[rows[i]!]!; from < to; from++) values[at++] = bytes[from]!;
  }
  return { valueOffsets, data: values };
}
