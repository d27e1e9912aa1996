// One column of a row group: its pages, made of Arrow's buffers without a value of their own per cell.

import { type Data, type DataType, Type } from "apache-arrow";
import type { ColumnMetaData, Encoding, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { FlowError } from "../errors.js";
import { ByteTable } from "../model/byte-table.js";
import { ByteSink } from "./byte-sink.js";
import { appendBitmap, appendHybrid, appendRun, bitsFor } from "./rle-hybrid.js";

/** Rows of one page; a multiple of eight, so that validity bitmaps are cut at bytes. */
const PAGE_ROWS = 32_768;
/** Values after which it shows whether they repeat enough for a dictionary. */
const TRIED = 8_192;
/** Bytes of a dictionary page at most. */
const MOST_DICTIONARY = 1 << 20;

/** The schema of a column: text, or numbers of 32 or 64 bits. */
export function parquetElement(name: string, type: DataType, nullable: boolean): SchemaElement {
  const repetition_type = nullable ? "OPTIONAL" : "REQUIRED";
  switch (type.typeId) {
    case Type.Utf8:
    case Type.Dictionary:
      return {
        name,
        repetition_type,
        type: "BYTE_ARRAY",
        converted_type: "UTF8",
        logical_type: { type: "STRING" },
      };
    case Type.Int: {
      const { bitWidth, isSigned } = type as unknown as { bitWidth: number; isSigned: boolean };
      if (bitWidth === 64 && isSigned) return { name, repetition_type, type: "INT64" };
      if (bitWidth === 32 && isSigned) return { name, repetition_type, type: "INT32" };
      // The older annotation alone: in the newer one hyparquet-writer writes the width in a type that readers refuse.
      if (bitWidth === 32)
        return { name, repetition_type, type: "INT32", converted_type: "UINT_32" };
    }
  }
  throw new FlowError("records-column", `column ${name} has the type ${type}`, {
    hint: "record writers know text, dictionary and integer columns",
  });
}

/** Which rows have a value. */
interface Presence {
  readonly bitmap: Uint8Array | null;
  /** Rows that have one. */
  readonly count: number;
}

/** Values as they stand in pages: a page's values begin behind those of the rows before. */
interface Values {
  readonly encoding: Encoding;
  /** The dictionary page's values and how many there are. */
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number };
  /** Appends the values of the present rows `from` to `to`. */
  append(sink: ByteSink, from: number, to: number): void;
  readonly least?: number | bigint;
  readonly greatest?: number | bigint;
}

function presenceOf(data: Data): Presence {
  const { nullBitmap, nullCount, length } = data;
  if (nullCount === 0 || nullBitmap === undefined || nullBitmap.length === 0)
    return { bitmap: null, count: length };
  return { bitmap: nullBitmap, count: length - nullCount };
}

function isPresent(bitmap: Uint8Array | null, row: number): boolean {
  return bitmap === null || ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1;
}

/** A column chunk in bytes. `offset` is where they go in the file. */
export interface ParquetChunk {
  readonly bytes: Uint8Array;
  readonly metadata: ColumnMetaData;
}

export function parquetChunk(element: SchemaElement, data: Data, offset: number): ParquetChunk {
  const presence = presenceOf(data);
  const values = valuesOf(data, presence.bitmap);
  const pages = new PageWriter();
  let dictionaryOffset: number | undefined;
  if (values.dictionary !== undefined) {
    dictionaryOffset = offset;
    pages.writeDictionary(values.dictionary.bytes, values.dictionary.count);
  }
  const dataOffset = offset + pages.length;
  let count = 0;
  for (let from = 0; from === 0 || from < data.length; from += PAGE_ROWS) {
    count++;
    pages.writeData(
      values,
      element.repetition_type === "OPTIONAL" ? presence.bitmap : undefined,
      from,
      Math.min(from + PAGE_ROWS, data.length),
    );
  }
  const bytes = pages.take();
  const { least, greatest } = values;
  return {
    bytes,
    metadata: {
      type: element.type!,
      encodings:
        values.dictionary === undefined ? ["PLAIN", "RLE"] : ["PLAIN", "RLE", "RLE_DICTIONARY"],
      path_in_schema: [element.name],
      codec: "SNAPPY",
      num_values: BigInt(data.length),
      total_uncompressed_size: BigInt(pages.uncompressed),
      total_compressed_size: BigInt(bytes.length),
      data_page_offset: BigInt(dataOffset),
      ...(dictionaryOffset === undefined
        ? {}
        : { dictionary_page_offset: BigInt(dictionaryOffset) }),
      statistics: {
        null_count: BigInt(data.length - presence.count),
        ...(least === undefined || greatest === undefined
          ? {}
          : { min_value: least, max_value: greatest }),
      },
      encoding_stats: [
        ...(dictionaryOffset === undefined
          ? []
          : [{ page_type: "DICTIONARY_PAGE" as const, encoding: "PLAIN" as const, count: 1 }]),
        { page_type: "DATA_PAGE", encoding: values.encoding, count },
      ],
    },
  };
}

class PageWriter {
  private readonly out = new ByteWriter(1 << 16);
  private readonly body = new ByteSink();
  private readonly levels = new ByteSink();
  /** Bytes before compression, headers included. */
  uncompressed = 0;

  get length(): number {
    return this.out.offset;
  }

  take(): Uint8Array {
    return this.out.getBytes();
  }

  writeDictionary(values: Uint8Array, count: number): void {
    const compressed = snappyCompress(values);
    this.writePage(values.length, compressed, {
      type: "DICTIONARY_PAGE",
      dictionary_page_header: { num_values: count, encoding: "PLAIN" },
    });
  }

  /** `bitmap` undefined = the column needs no levels, null = every row has a value. */
  writeData(values: Values, bitmap: Uint8Array | null | undefined, from: number, to: number): void {
    const { body } = this;
    if (bitmap !== undefined) this.appendLevels(bitmap, from, to);
    values.append(body, from, to);
    const bytes = body.take();
    this.writePage(bytes.length, snappyCompress(bytes), {
      type: "DATA_PAGE",
      data_page_header: {
        num_values: to - from,
        encoding: values.encoding,
        definition_level_encoding: "RLE",
        repetition_level_encoding: "RLE",
      },
    });
  }

  /** Definition levels with their length before them: one bit a row, set where it has a value. */
  private appendLevels(bitmap: Uint8Array | null, from: number, to: number): void {
    const { body, levels } = this;
    if (bitmap === null) appendRun(levels, 1, to - from, 1);
    else appendBitmap(levels, bitmap, from, to - from);
    const bytes = levels.take();
    for (let shift = 0; shift < 32; shift += 8) body.push((bytes.length >> shift) & 255);
    body.append(bytes);
  }

  private writePage(
    length: number,
    compressed: Uint8Array,
    header: Pick<
      Parameters<typeof writePageHeader>[1],
      "type" | "data_page_header" | "dictionary_page_header"
    >,
  ): void {
    const before = this.out.offset;
    writePageHeader(this.out, {
      ...header,
      uncompressed_page_size: length,
      compressed_page_size: compressed.length,
    });
    this.uncompressed += this.out.offset - before + length;
    this.out.appendBytes(compressed);
  }
}

function valuesOf(data: Data, bitmap: Uint8Array | null): Values {
  if (data.typeId === Type.Dictionary) return codeValues(data, bitmap);
  if (data.typeId === Type.Utf8) return repeatedText(data, bitmap) ?? plainText(data, bitmap);
  return numbers(data, bitmap);
}

// ---- Numbers

function numbers(data: Data, bitmap: Uint8Array | null): Values {
  const values = data.values as Int32Array | Uint32Array | BigInt64Array;
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, data.length * width);
  return {
    encoding: "PLAIN",
    ...bounds(values, data.length, bitmap),
    append(sink, from, to) {
      sink.reserve((to - from) * width);
      if (bitmap === null) {
        sink.append(bytes.subarray(from * width, to * width));
        return;
      }
      const target = sink.bytes;
      let at = sink.length;
      for (let row = from; row < to; row++) {
        if (!isPresent(bitmap, row)) continue;
        for (let i = row * width; i < (row + 1) * width; i++) target[at++] = bytes[i]!;
      }
      sink.length = at;
    },
  };
}

/** Least and greatest value; unsigned numbers have none, which readers compare each in their own way. */
function bounds(
  values: Int32Array | Uint32Array | BigInt64Array,
  length: number,
  bitmap: Uint8Array | null,
): Pick<Values, "least" | "greatest"> {
  if (values instanceof Uint32Array) return {};
  let least: number | bigint | undefined;
  let greatest: number | bigint | undefined;
  for (let row = 0; row < length; row++) {
    if (!isPresent(bitmap, row)) continue;
    const value = values[row]!;
    if (least === undefined || value < least) least = value;
    if (greatest === undefined || value > greatest) greatest = value;
  }
  return least === undefined || greatest === undefined ? {} : { least, greatest };
}

// ---- Text

function appendLength(target: Uint8Array, at: number, length: number): number {
  target[at] = length & 255;
  target[at + 1] = (length >> 8) & 255;
  target[at + 2] = (length >> 16) & 255;
  target[at + 3] = length >>> 24;
  return at + 4;
}

function plainText(data: Data, bitmap: Uint8Array | null): Values {
  const ends = data.valueOffsets as Int32Array;
  const bytes = data.values as Uint8Array;
  return {
    encoding: "PLAIN",
    append(sink, from, to) {
      sink.reserve(ends[to]! - ends[from]! + 4 * (to - from));
      const target = sink.bytes;
      let at = sink.length;
      for (let row = from; row < to; row++) {
        if (!isPresent(bitmap, row)) continue;
        const end = ends[row + 1]!;
        at = appendLength(target, at, end - ends[row]!);
        for (let i = ends[row]!; i < end; i++) target[at++] = bytes[i]!;
      }
      sink.length = at;
    },
  };
}

/** Indices into a dictionary of the present rows, and the dictionary's page. */
function indexed(codes: Int32Array, bitmap: Uint8Array | null, table: ByteTable): Values {
  const { bytes, ends } = table.since(0);
  const page = new Uint8Array(bytes.length + 4 * table.size);
  let out = 0;
  for (let i = 0; i < table.size; i++) {
    out = appendLength(page, out, ends[i + 1]! - ends[i]!);
    page.set(bytes.subarray(ends[i]!, ends[i + 1]!), out);
    out += ends[i + 1]! - ends[i]!;
  }
  const bits = bitsFor(Math.max(0, table.size - 1));
  return {
    encoding: "RLE_DICTIONARY",
    dictionary: { bytes: page, count: table.size },
    append(sink, from, to) {
      sink.push(bits);
      appendHybrid(sink, presentCodes(codes, bitmap, from, to), bits);
    },
  };
}

function presentCodes(
  codes: Int32Array,
  bitmap: Uint8Array | null,
  from: number,
  to: number,
): Int32Array {
  if (bitmap === null) return codes.subarray(from, to);
  const present = new Int32Array(to - from);
  let count = 0;
  for (let row = from; row < to; row++) if (isPresent(bitmap, row)) present[count++] = codes[row]!;
  return present.subarray(0, count);
}

/** Text by the numbers of its values, where these repeat; nothing where most differ. */
function repeatedText(data: Data, bitmap: Uint8Array | null): Values | undefined {
  const ends = data.valueOffsets as Int32Array;
  const bytes = data.values as Uint8Array;
  const table = new ByteTable();
  const codes = new Int32Array(data.length);
  let seen = 0;
  for (let row = 0; row < data.length; row++) {
    if (!isPresent(bitmap, row)) continue;
    codes[row] = table.add(bytes, ends[row]!, ends[row + 1]!);
    seen++;
    if (seen % TRIED === 0 && (table.size * 2 > seen || table.length > MOST_DICTIONARY))
      return undefined;
  }
  return indexed(codes, bitmap, table);
}

/** A dictionary column: its values that the rows use, in the order in which they first do. */
function codeValues(data: Data, bitmap: Uint8Array | null): Values {
  const dictionary = data.dictionary!;
  const encoder = new TextEncoder();
  const table = new ByteTable();
  const numbers = new Int32Array(dictionary.length).fill(-1);
  const given = data.values as Int32Array;
  const codes = new Int32Array(data.length);
  for (let row = 0; row < data.length; row++) {
    if (!isPresent(bitmap, row)) continue;
    const code = given[row]!;
    if (numbers[code]! < 0) {
      const text = encoder.encode(String(dictionary.get(code) ?? ""));
      numbers[code] = table.add(text, 0, text.length);
    }
    codes[row] = numbers[code]!;
  }
  return indexed(codes, bitmap, table);
}
