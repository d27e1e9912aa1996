// A batch of an Arrow file or stream as columns of a log.
import { textsOfAddressBytes, textsOfV4Numbers } from "./address-texts.js";
import type { ArrowBuffers } from "./arrow-buffers.js";
import type { ArrowBatch, ArrowField, ArrowPlace } from "./arrow-schema.js";
import { expandBits } from "./bits.js";
import type { ColumnOffer } from "./column-use.js";
import type { LogColumn, LogNumbers, LogTexts } from "./log-columns.js";
import { numbersOfDoubles } from "./numbers.js";
import { gatherTexts, TextBuilder, textsOfNumbers } from "./texts.js";

/** Words of a dictionary that the core takes whole; of a larger one the texts are gathered row by row. */
const MAX_WORDS = 1 << 18;
const MAX_WORD_BYTES = 16 << 20;
const MAX_INT32 = 0x7fffffff;

/** Dictionaries of a stream, by their number, as texts. */
export type ArrowDictionaries = ReadonlyMap<number, LogTexts>;

/** What can be made of a column. */
export function offerOf({ name, type, typeName, dictionary }: ArrowField): ColumnOffer {
  const shown = dictionary === undefined ? typeName : `dictionary of ${typeName}`;
  const offer = (as: ColumnOffer["as"]): ColumnOffer => ({ name, as, shown });
  if (dictionary !== undefined)
    return offer(
      type.kind === "bytes" || type.kind === "views" || type.kind === "int" ? "texts" : "nothing",
    );
  switch (type.kind) {
    case "null":
    case "bytes":
    case "views":
      return offer("texts");
    case "int":
      return offer(type.bits === 32 && !type.signed ? "words" : "numbers");
    case "float":
      return offer(type.bits === 16 ? "nothing" : "numbers");
    case "decimal":
      return offer(type.scale === 0 && type.bits === 128 ? "numbers" : "nothing");
    case "time":
      return offer("times");
    case "fixed":
      return offer(type.width === 4 || type.width === 16 ? "addresses" : "nothing");
    default:
      return offer("nothing");
  }
}

function viewOf(bytes: Uint8Array, width: number, rows: number): DataView {
  if (bytes.length < width * rows)
    throw new RangeError(`a buffer of ${bytes.length} bytes for ${rows} values of ${width}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function intsOf(bytes: Uint8Array, bits: number, signed: boolean, rows: number): LogNumbers {
  viewOf(bytes, bits / 8, rows);
  const { buffer, byteOffset } = bytes;
  if (bits === 64)
    return signed
      ? new BigInt64Array(buffer, byteOffset, rows)
      : new BigUint64Array(buffer, byteOffset, rows);
  if (bits === 32)
    return signed
      ? new Int32Array(buffer, byteOffset, rows)
      : new Uint32Array(buffer, byteOffset, rows);
  if (bits === 16)
    return Int32Array.from(
      signed ? new Int16Array(buffer, byteOffset, rows) : new Uint16Array(buffer, byteOffset, rows),
    );
  if (bits !== 8) throw new RangeError(`integers of ${bits} bits`);
  return Int32Array.from(
    signed ? new Int8Array(buffer, byteOffset, rows) : new Uint8Array(buffer, byteOffset, rows),
  );
}

/** Decimals of no scale whose value fits into 64 bits; what does not is negative here, which no field takes. */
function wholeDecimals(bytes: Uint8Array, rows: number): BigInt64Array {
  const view = viewOf(bytes, 16, rows);
  return BigInt64Array.from({ length: rows }, (_, row) => {
    const low = view.getBigInt64(16 * row, true);
    const high = view.getBigInt64(16 * row + 8, true);
    return high === 0n && low >= 0n ? low : -1n;
  });
}

/** Texts by their offsets. Throws RangeError for offsets that go back or lead outside. Cost: one pass over them. */
function textsByOffsets(offsets: Int32Array, bytes: Uint8Array): LogTexts {
  let before = 0;
  for (let i = 0; i < offsets.length; i++) {
    const offset = offsets[i]!;
    if (offset < before) throw new RangeError("offsets of texts that go back");
    before = offset;
  }
  if (before > bytes.length) throw new RangeError("texts that reach over their buffer");
  return { begins: offsets.subarray(0, -1), ends: offsets.subarray(1), bytes };
}

function textsOf(
  buffers: ArrowBuffers,
  { buffer }: ArrowPlace,
  large: boolean,
  rows: number,
): LogTexts {
  const offsets = buffers.get(buffer + 1);
  const bytes = buffers.get(buffer + 2);
  // A column of no rows may have no offsets at all.
  if (rows === 0) return { begins: new Int32Array(0), ends: new Int32Array(0), bytes };
  const view = viewOf(offsets, large ? 8 : 4, rows + 1);
  if (!large)
    return textsByOffsets(new Int32Array(offsets.buffer, offsets.byteOffset, rows + 1), bytes);
  const narrow = Int32Array.from({ length: rows + 1 }, (_, i) => {
    const low = view.getUint32(8 * i, true);
    if (view.getUint32(8 * i + 4, true) !== 0 || low > MAX_INT32)
      throw new RangeError("a column of more than 2 GiB of texts");
    return low;
  });
  return textsByOffsets(narrow, bytes);
}

/** Views of texts: up to 12 bytes in the view itself, longer ones in one of the buffers behind. */
function textsOfViews(
  buffers: ArrowBuffers,
  place: ArrowPlace,
  valid: Uint8Array | undefined,
  from: number,
  rows: number,
): LogTexts {
  const bytes = buffers.get(place.buffer + 1);
  const views = viewOf(bytes, 16, from + rows);
  const data = Array.from({ length: place.buffers - 2 }, (_, i) =>
    buffers.get(place.buffer + 2 + i),
  );
  const builder = new TextBuilder(rows, rows * 16);
  for (let row = 0; row < rows; row++) {
    const at = 16 * (from + row);
    const length = views.getInt32(at, true);
    if (valid?.[row] === 0) builder.end(builder.at);
    else if (length >= 0 && length <= 12) builder.append(bytes.subarray(at + 4, at + 4 + length));
    else {
      const source = data[views.getInt32(at + 8, true)];
      const offset = views.getInt32(at + 12, true);
      if (source === undefined || length < 0 || offset < 0 || offset + length > source.length)
        throw new RangeError("a view of a text that is not there");
      builder.append(source.subarray(offset, offset + length));
    }
  }
  return builder.texts();
}

/** Codes of the rows from `from` on. Throws RangeError for one that names no word. */
function codesOf(
  indices: LogNumbers,
  valid: Uint8Array | undefined,
  from: number,
  rows: number,
  words: number,
): Int32Array {
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (valid?.[row] === 0) continue;
    const code = Number(indices[from + row]);
    if (!(code >= 0 && code < words))
      throw new RangeError(`a code of ${code} among ${words} words`);
    codes[row] = code;
  }
  return codes;
}

/** A column of a batch, ready to be cut: what all of its parts need is made once. */
export type ArrowColumn = (from: number, rows: number) => LogColumn;

function validityOf(
  buffers: ArrowBuffers,
  place: ArrowPlace,
  [rows, missing]: readonly [number, number],
): (from: number, rows: number) => Uint8Array | undefined {
  const bitmap = missing === 0 ? undefined : buffers.get(place.buffer);
  if (bitmap === undefined || bitmap.length === 0) return () => undefined;
  if (bitmap.length * 8 < rows) throw new RangeError("a bitmap that is too short for its column");
  return (from, count) => expandBits(bitmap, from, count);
}

function codedColumn(
  field: ArrowField,
  buffers: ArrowBuffers,
  place: ArrowPlace,
  validity: ReturnType<typeof validityOf>,
  rows: number,
  dictionaries: ArrowDictionaries,
): ArrowColumn {
  const { id, index } = field.dictionary!;
  const words = dictionaries.get(id);
  if (words === undefined) throw new RangeError(`dictionary ${id} does not stand before its use`);
  const indices = intsOf(buffers.get(place.buffer + 1), index.bits, index.signed, rows);
  const count = words.begins.length;
  const whole = count <= MAX_WORDS && words.bytes.length <= MAX_WORD_BYTES;
  return (from, part) => {
    const valid = validity(from, part);
    const codes = codesOf(indices, valid, from, part, count);
    if (whole) return { kind: "codes", codes, words, valid };
    return { kind: "texts", texts: gatherTexts(words, codes, valid), valid };
  };
}

/** Makes a column of a batch ready. `asAddress`: numbers and bytes are addresses. Throws RangeError where it is broken. */
export function arrowColumn(
  field: ArrowField,
  batch: ArrowBatch,
  buffers: ArrowBuffers,
  place: ArrowPlace,
  dictionaries: ArrowDictionaries,
  asAddress: boolean,
): ArrowColumn {
  const node = batch.nodes[place.node]!;
  const { rows } = batch;
  if (node[0] !== rows) throw new RangeError(`a column of ${node[0]} rows in a batch of ${rows}`);
  const { type } = field;
  if (type.kind === "null" || type.kind === "other") return () => ({ kind: "none" });
  const validity = validityOf(buffers, place, node);
  if (field.dictionary !== undefined)
    return codedColumn(field, buffers, place, validity, rows, dictionaries);
  const texts =
    (make: (from: number, rows: number, valid: Uint8Array | undefined) => LogTexts): ArrowColumn =>
    (from, part) => {
      const valid = validity(from, part);
      return { kind: "texts", texts: make(from, part, valid), valid };
    };
  if (type.kind === "views")
    return texts((from, part, valid) => textsOfViews(buffers, place, valid, from, part));
  if (type.kind === "bytes") {
    const { begins, ends, bytes } = textsOf(buffers, place, type.large, rows);
    return texts((from, part) => ({
      begins: begins.subarray(from, from + part),
      ends: ends.subarray(from, from + part),
      bytes,
    }));
  }
  const data = buffers.get(place.buffer + 1);
  if (type.kind === "fixed") {
    const width = type.width === 4 ? 4 : 16;
    viewOf(data, width, rows);
    return texts((from, part) =>
      textsOfAddressBytes(data.subarray(from * width, (from + part) * width), width),
    );
  }
  if (asAddress) {
    viewOf(data, 4, rows);
    const values = new Uint32Array(data.buffer, data.byteOffset, rows);
    return texts((from, part) => textsOfV4Numbers(values.subarray(from, from + part)));
  }
  const unit = type.kind === "time" ? type.unit : 1;
  const numbers = (
    from: number,
    part: number,
    values: LogNumbers,
    valid: Uint8Array | undefined,
  ): LogColumn => ({
    kind: "numbers",
    values: values.subarray(from, from + part),
    unit,
    valid,
  });
  if (type.kind === "float") {
    viewOf(data, type.bits / 8, rows);
    const values =
      type.bits === 64
        ? new Float64Array(data.buffer, data.byteOffset, rows)
        : new Float32Array(data.buffer, data.byteOffset, rows);
    return (from, part) =>
      numbersOfDoubles(values.subarray(from, from + part), validity(from, part));
  }
  const values =
    type.kind === "decimal"
      ? wholeDecimals(data, rows)
      : intsOf(
          data,
          type.kind === "int" ? type.bits : 64,
          type.kind !== "int" || type.signed,
          rows,
        );
  return (from, part) => numbers(from, part, values, validity(from, part));
}

/** The words of a dictionary. `before`: those that a delta is added to. */
export function dictionaryTexts(
  field: ArrowField,
  batch: ArrowBatch,
  buffers: ArrowBuffers,
  place: ArrowPlace,
  before: LogTexts | undefined,
): LogTexts {
  const plain = { ...field, dictionary: undefined };
  const column = arrowColumn(plain, batch, buffers, place, new Map(), false)(0, batch.rows);
  if (column.kind === "none") throw new RangeError(`a dictionary of ${field.typeName}`);
  const found = column.kind === "numbers" ? textsOfNumbers(column.values) : undefined;
  const texts = found ?? (column.kind === "texts" ? column.texts : undefined);
  if (texts === undefined) throw new RangeError(`a dictionary of ${field.typeName}`);
  return joinTexts(before, texts, column.valid);
}

// Copies: a dictionary outlives the batch it came in. A word that is missing is empty, which means the same.
function joinTexts(
  before: LogTexts | undefined,
  added: LogTexts,
  valid: Uint8Array | undefined,
): LogTexts {
  const count = (before?.begins.length ?? 0) + added.begins.length;
  const builder = new TextBuilder(count, (before?.bytes.length ?? 0) + added.bytes.length);
  const append = ({ begins, ends, bytes }: LogTexts, isThere: (word: number) => boolean): void => {
    for (let word = 0; word < begins.length; word++)
      builder.append(
        isThere(word) ? bytes.subarray(begins[word], ends[word]) : bytes.subarray(0, 0),
      );
  };
  if (before !== undefined) append(before, () => true);
  append(added, (word) => valid?.[word] !== 0);
  return builder.texts();
}
