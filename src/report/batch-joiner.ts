// Batches as the core emits them, some thousand rows and often less, joined into batches worth a header.

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
import { FlowError } from "../errors.js";
import { type TextBuffers, validText } from "./valid-text.js";

/** Bytes of text that end a batch before its rows do: offsets are 32 bits wide, and memory is finite. */
const MOST_TEXT = 1 << 26;

export class BatchJoiner {
  private readonly rows: number;
  private waiting: RecordBatch[] = [];
  private waitingRows = 0;
  private waitingText = 0;
  private names: string | undefined;

  /** `rows`: a batch is given out when it has at least so many. */
  constructor(rows: number) {
    this.rows = rows;
  }

  /** A batch that became long enough, all rows so far in it. */
  add(batch: RecordBatch): RecordBatch | undefined {
    this.refuseOthers(batch);
    this.waiting.push(batch);
    this.waitingRows += batch.numRows;
    for (const { typeId, values } of batch.data.children)
      if (typeId === Type.Utf8) this.waitingText += (values as Uint8Array).length;
    const isLong = this.waitingRows >= this.rows || this.waitingText >= MOST_TEXT;
    return isLong ? this.take() : undefined;
  }

  /** What waits, nothing where there is nothing. */
  rest(): RecordBatch | undefined {
    return this.waiting.length === 0 ? undefined : this.take();
  }

  private take(): RecordBatch {
    const joined = joinBatches(this.waiting);
    this.waiting = [];
    this.waitingRows = 0;
    this.waitingText = 0;
    return joined;
  }

  private refuseOthers(batch: RecordBatch): void {
    const names = batch.schema.fields.map((field) => field.name).join();
    this.names ??= names;
    if (names === this.names) return;
    throw new FlowError("records-columns", `a batch has other columns than the first: ${names}`);
  }
}

/**
 * One batch of the rows of all, its text valid UTF-8. Dictionaries only grow: the last one holds the values of those
 * before.
 */
function joinBatches(batches: readonly RecordBatch[]): RecordBatch {
  const first = batches[0]!;
  const length = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const children = first.schema.fields.map((_, i) =>
    joinColumn(
      batches.map((batch) => batch.data.children[i]!),
      length,
    ),
  );
  const type = new Struct(first.schema.fields);
  return new RecordBatch(first.schema, makeData({ type, length, nullCount: 0, children }));
}

function joinColumn(parts: readonly Data[], length: number): Data {
  const { type, typeId } = parts[0]!;
  const nullBitmap = joinBitmaps(parts, length);
  if (typeId === Type.Utf8)
    return makeData({
      type: new Utf8(),
      length,
      nullBitmap,
      ...validText(joinText(parts, length)),
    });
  const values = joinNumbers(parts, length);
  const { dictionary } = parts.at(-1)!;
  if (dictionary === undefined)
    return makeData({ type: type as Int32, length, nullBitmap, data: values as Int32Array });
  const data = values as Int32Array;
  return makeData({ type: type as Dictionary<Utf8>, length, nullBitmap, data, dictionary });
}

type Numbers = Int32Array | Uint32Array | BigInt64Array;

function joinNumbers(parts: readonly Data[], length: number): Numbers {
  const make = (parts[0]!.values as Int32Array).constructor as Int32ArrayConstructor;
  const joined = new make(length);
  let at = 0;
  for (const part of parts) {
    joined.set((part.values as Int32Array).subarray(0, part.length), at);
    at += part.length;
  }
  return joined;
}

function joinText(parts: readonly Data[], length: number): TextBuffers {
  const ends = parts.map((part) => part.valueOffsets as Int32Array);
  const bytes = parts.reduce((sum, part, i) => sum + ends[i]![part.length]! - ends[i]![0]!, 0);
  const valueOffsets = new Int32Array(length + 1);
  const data = new Uint8Array(bytes);
  let row = 0;
  let at = 0;
  parts.forEach((part, i) => {
    const from = ends[i]!;
    const shift = at - from[0]!;
    for (let j = 0; j < part.length; j++) valueOffsets[row + j] = from[j]! + shift;
    const values = part.values as Uint8Array;
    data.set(values.subarray(from[0]!, from[part.length]!), at);
    row += part.length;
    at = from[part.length]! + shift;
  });
  valueOffsets[length] = at;
  return { valueOffsets, data };
}

function hasNulls({ nullCount, nullBitmap }: Data): boolean {
  return nullCount > 0 && nullBitmap !== undefined && nullBitmap.length > 0;
}

function joinBitmaps(parts: readonly Data[], length: number): Uint8Array | null {
  if (!parts.some(hasNulls)) return null;
  const joined = new Uint8Array((length + 7) >> 3);
  let row = 0;
  for (const part of parts) {
    if (hasNulls(part)) copyBits(part.nullBitmap, part.offset, joined, row, part.length);
    else setBits(joined, row, part.length);
    row += part.length;
  }
  return joined;
}

function setBits(target: Uint8Array, from: number, count: number): void {
  let bit = from;
  const end = from + count;
  for (; bit < end && (bit & 7) !== 0; bit++) target[bit >> 3]! |= 1 << (bit & 7);
  target.fill(255, bit >> 3, end >> 3);
  for (bit = Math.max(bit, end & ~7); bit < end; bit++) target[bit >> 3]! |= 1 << (bit & 7);
}

/** Copies bits to a place where all bits behind are zero, a byte at a time. */
function copyBits(
  source: Uint8Array,
  offset: number,
  target: Uint8Array,
  from: number,
  count: number,
): void {
  const byteAt = (bit: number): number => {
    const index = bit >> 3;
    const shift = bit & 7;
    return (((source[index] ?? 0) >> shift) | ((source[index + 1] ?? 0) << (8 - shift))) & 255;
  };
  for (let done = 0; done < count; done += 8) {
    const left = count - done;
    const byte = byteAt(offset + done) & (left < 8 ? (1 << left) - 1 : 255);
    const at = from + done;
    const shift = at & 7;
    target[at >> 3]! |= byte << shift;
    if (shift > 0 && (at >> 3) + 1 < target.length) target[(at >> 3) + 1]! |= byte >> (8 - shift);
  }
}
