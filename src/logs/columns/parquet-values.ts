// Values of a Parquet page, a few rows at a time, so that a page is never spread out whole.
import type { Encoding, ParquetType, SchemaElement } from "hyparquet";
import { readDeltaLengthTexts, readDeltas, readDeltaTexts } from "./delta.js";
import type { LogNumbers, LogTexts } from "./log-columns.js";
import { RleReader } from "./rle.js";

/** Values as they are stored. */
export type Values =
  | { readonly kind: "ints"; readonly values: Int32Array | BigInt64Array }
  | { readonly kind: "doubles"; readonly values: Float32Array | Float64Array }
  /** Of the same width each. */
  | { readonly kind: "fixed"; readonly bytes: Uint8Array; readonly width: number }
  | { readonly kind: "texts"; readonly texts: LogTexts }
  | { readonly kind: "codes"; readonly codes: Int32Array };

/** The values of a page that have one, in their order: gives the next `count`. Throws RangeError where they end too early. */
export type ValueReader = (count: number) => Values;

const WIDTHS: Readonly<Partial<Record<ParquetType, number>>> = {
  INT32: 4,
  FLOAT: 4,
  INT64: 8,
  DOUBLE: 8,
  INT96: 12,
};

function widthOf(type: ParquetType, { type_length }: SchemaElement): number | undefined {
  return type === "FIXED_LEN_BYTE_ARRAY" ? type_length : WIDTHS[type];
}

/** Numbers of one type at a place; a copy where they are not aligned. */
function viewOf(type: ParquetType, bytes: Uint8Array, width: number): Values {
  const place = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = place;
  const count = bytes.length / width;
  switch (type) {
    case "INT32":
      return { kind: "ints", values: new Int32Array(buffer, byteOffset, count) };
    case "INT64":
      return { kind: "ints", values: new BigInt64Array(buffer, byteOffset, count) };
    case "FLOAT":
      return { kind: "doubles", values: new Float32Array(buffer, byteOffset, count) };
    case "DOUBLE":
      return { kind: "doubles", values: new Float64Array(buffer, byteOffset, count) };
    default:
      return { kind: "fixed", bytes, width };
  }
}

function plainNumbers(
  type: ParquetType,
  bytes: Uint8Array,
  from: number,
  width: number,
): ValueReader {
  let at = from;
  return (count) => {
    const to = at + count * width;
    if (to > bytes.length) throw new RangeError("values that end too early");
    const values = viewOf(type, bytes.subarray(at, to), width);
    at = to;
    return values;
  };
}

function plainTexts(bytes: Uint8Array, from: number): ValueReader {
  let at = from;
  return (count) => {
    const begins = new Int32Array(count);
    const ends = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const begin = at + 4;
      if (begin > bytes.length) throw new RangeError("texts that end too early");
      const length =
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      at = begin + length;
      if (length < 0 || at > bytes.length)
        throw new RangeError("a text that reaches over its page");
      begins[i] = begin;
      ends[i] = at;
    }
    return { kind: "texts", texts: { begins, ends, bytes } };
  };
}

/** First bytes of all values, then second bytes of all, and so on. */
function joinStreams(bytes: Uint8Array, from: number, count: number, width: number): Uint8Array {
  if (from + count * width > bytes.length) throw new RangeError("values that end too early");
  const joined = new Uint8Array(count * width);
  for (let stream = 0; stream < width; stream++)
    for (let i = 0; i < count; i++) joined[i * width + stream] = bytes[from + stream * count + i]!;
  return joined;
}

/** Values that were read whole. */
function given(values: Values): ValueReader {
  let at = 0;
  return (count) => {
    const from = at;
    at += count;
    if (values.kind === "texts") {
      const { begins, ends, bytes } = values.texts;
      return {
        kind: "texts",
        texts: { begins: begins.subarray(from, at), ends: ends.subarray(from, at), bytes },
      };
    }
    if (values.kind === "fixed") throw new RangeError("values of fixed width as deltas");
    if (values.kind === "codes") return { kind: "codes", codes: values.codes.subarray(from, at) };
    if (values.kind === "ints") return { kind: "ints", values: values.values.subarray(from, at) };
    return { kind: "doubles", values: values.values.subarray(from, at) };
  };
}

function deltaNumbers(type: ParquetType, bytes: Uint8Array, from: number, count: number): Values {
  const { halves } = readDeltas(bytes, from, count);
  if (type === "INT64") return { kind: "ints", values: new BigInt64Array(halves.buffer) };
  return { kind: "ints", values: Int32Array.from({ length: count }, (_, i) => halves[2 * i]! | 0) };
}

function codes(bytes: Uint8Array, from: number): ValueReader {
  const runs = new RleReader(bytes, from + 1, bytes.length, bytes[from] ?? 0);
  return (count) => {
    const numbers = new Int32Array(count);
    runs.read(numbers, 0, count);
    return { kind: "codes", codes: numbers };
  };
}

/** Reads the `count` values that stand in a page from `from` on. Throws RangeError for an encoding that is not read. */
export function valueReader(
  element: SchemaElement,
  encoding: Encoding,
  bytes: Uint8Array,
  from: number,
  count: number,
): ValueReader {
  const type = element.type!;
  const width = widthOf(type, element);
  const isText = type === "BYTE_ARRAY";
  switch (encoding) {
    case "PLAIN":
      if (isText) return plainTexts(bytes, from);
      if (width !== undefined && width > 0) return plainNumbers(type, bytes, from, width);
      break;
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY":
      return codes(bytes, from);
    case "DELTA_BINARY_PACKED":
      if (type === "INT32" || type === "INT64")
        return given(deltaNumbers(type, bytes, from, count));
      break;
    case "DELTA_LENGTH_BYTE_ARRAY":
      if (isText) return given({ kind: "texts", texts: readDeltaLengthTexts(bytes, from, count) });
      break;
    case "DELTA_BYTE_ARRAY":
      if (isText) return given({ kind: "texts", texts: readDeltaTexts(bytes, from, count) });
      break;
    case "BYTE_STREAM_SPLIT":
      if (width !== undefined && width > 0)
        return plainNumbers(type, joinStreams(bytes, from, count, width), 0, width);
      break;
    default:
  }
  throw new RangeError(`values of type ${type} in encoding ${encoding}`);
}

/** Values of rows where only some have one: the others have whatever is there. `valid` holds 0 for those. */
export function spread(values: Values, valid: Uint8Array): Values {
  const rows = valid.length;
  if (values.kind === "texts") {
    const { begins, ends, bytes } = values.texts;
    const texts = { begins: new Int32Array(rows), ends: new Int32Array(rows), bytes };
    let next = 0;
    // An empty text where the last one ended: none may begin before another.
    let last = begins[0] ?? 0;
    for (let row = 0; row < rows; row++) {
      const there = valid[row] !== 0;
      texts.begins[row] = there ? begins[next]! : last;
      last = there ? ends[next++]! : last;
      texts.ends[row] = last;
    }
    return { kind: "texts", texts };
  }
  if (values.kind === "fixed") {
    const { bytes, width } = values;
    const all = new Uint8Array(rows * width);
    for (let row = 0, next = 0; row < rows; row++) {
      if (valid[row] === 0) continue;
      all.set(bytes.subarray(next, next + width), row * width);
      next += width;
    }
    return { kind: "fixed", bytes: all, width };
  }
  if (values.kind === "codes") return { kind: "codes", codes: scatter(values.codes, valid) };
  if (values.kind === "doubles") return { kind: "doubles", values: scatter(values.values, valid) };
  return { kind: "ints", values: scatter(values.values, valid) };
}

function scatter<Numbers extends LogNumbers | Float32Array | Float64Array>(
  values: Numbers,
  valid: Uint8Array,
): Numbers {
  const all = new (values.constructor as new (length: number) => Numbers)(valid.length);
  for (let row = 0, next = 0; row < valid.length; row++)
    if (valid[row] !== 0) all[row] = values[next++]!;
  return all;
}
