// One column of a row group, page by page.
import type { ColumnChunk, ColumnMetaData, PageHeader } from "hyparquet";
import { textsOfAddressBytes, textsOfV4Numbers } from "./address-texts.js";
import { crc32 } from "./crc32.js";
import type { LogColumn, LogTexts } from "./log-columns.js";
import { numbersOfDoubles } from "./numbers.js";
import { unpackPage } from "./parquet-codecs.js";
import type { ParquetLeaf } from "./parquet-schema.js";
import { MAX_PAGE_HEADER, readPageHeader } from "./parquet-thrift.js";
import { spread, type ValueReader, type Values, valueReader } from "./parquet-values.js";
import type { ByteRanges } from "./recognise-columns.js";
import { RleReader } from "./rle.js";
import { gatherTexts, textsOfNumbers } from "./texts.js";

/** Bytes read at once where a page is not longer: a round trip is worth as much. */
const READ = 1 << 20;
/** Bytes of an unpacked page at most. */
const MAX_PAGE = 128 << 20;
/** Words of a dictionary that the core takes whole; of a larger one the texts are gathered row by row. */
const MAX_WORDS = 1 << 18;
const MAX_WORD_BYTES = 16 << 20;
/** Days from the beginning of Julian dates to 1970, which old timestamps count in. */
const JULIAN_1970 = 2_440_588;

interface Page {
  rowsLeft: number;
  readonly values: ValueReader;
  /** Tells for each row whether it has a value; `undefined` = all have. */
  readonly levels: RleReader | undefined;
}

/** Gives the rows of a column of a row group, in parts of any size. */
export class ParquetColumn {
  private readonly leaf: ParquetLeaf;
  private readonly meta: ColumnMetaData;
  private readonly ranges: ByteRanges;
  /** Numbers and bytes are addresses. */
  private readonly asAddress: boolean;
  private buffer: Uint8Array = new Uint8Array(0);
  private bufferAt = 0;
  private at: number;
  private readonly end: number;
  private left: number;
  private page: Page | undefined;
  private dictionary: Values | undefined;
  private words: LogTexts | undefined;

  /** `rows`: of the row group. Throws RangeError for a chunk that lies outside of the file, or is another column's. */
  constructor(
    leaf: ParquetLeaf,
    chunk: ColumnChunk,
    ranges: ByteRanges,
    rows: number,
    asAddress: boolean,
  ) {
    const { meta_data: meta, file_path } = chunk;
    if (meta === undefined) throw new RangeError("a column that is encrypted");
    if (file_path !== undefined) throw new RangeError("a column that lies in another file");
    this.leaf = leaf;
    this.meta = meta;
    this.ranges = ranges;
    this.asAddress = asAddress;
    this.left = rows;
    const { dictionary_page_offset, data_page_offset, total_compressed_size } = meta;
    const data = Number(data_page_offset);
    const dictionary = Number(dictionary_page_offset ?? 0n);
    this.at = dictionary > 0 && dictionary < data ? dictionary : data;
    this.end = this.at + Number(total_compressed_size);
    if (!(this.at >= 4 && this.end >= this.at && this.end <= ranges.size))
      throw new RangeError("a column that lies outside of the file");
  }

  /** Rows that can be read at once now; 0 = the column is through. */
  async available(): Promise<number> {
    while (this.left > 0 && (this.page === undefined || this.page.rowsLeft === 0))
      await this.nextPage();
    return this.page?.rowsLeft ?? 0;
  }

  private async bytes(length: number): Promise<Uint8Array> {
    const from = this.at - this.bufferAt;
    const have = this.buffer.length - from;
    const wanted = Math.min(length, this.end - this.at);
    if (have >= wanted && from >= 0) return this.buffer.subarray(from, from + wanted);
    const to = Math.min(this.end, this.at + Math.max(wanted, READ));
    this.buffer = await this.ranges.read(this.at, to);
    this.bufferAt = this.at;
    if (this.buffer.length < to - this.at) throw new RangeError("the file is shorter than it says");
    return this.buffer.subarray(0, wanted);
  }

  private async nextPage(): Promise<void> {
    if (this.at >= this.end) throw new RangeError(`${this.left} rows are missing`);
    const { header, length } = readPageHeader(await this.bytes(MAX_PAGE_HEADER));
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (!(packed >= 0 && this.at + length + packed <= this.end))
      throw new RangeError("a page that reaches over its column");
    this.refuseLarge(unpacked);
    const bytes = (await this.bytes(length + packed)).subarray(length);
    this.at += length + packed;
    if (header.crc !== undefined && header.crc >>> 0 !== crc32(bytes))
      throw new RangeError("a page whose check sum is wrong");
    if (header.type === "DICTIONARY_PAGE") this.takeDictionary(header, bytes);
    else if (header.type === "DATA_PAGE") this.page = this.pageOf(header, bytes);
    else if (header.type === "DATA_PAGE_V2") this.page = this.pageOf2(header, bytes);
    // Index pages hold no values.
  }

  private refuseLarge(unpacked: number): void {
    if (!(unpacked >= 0 && unpacked <= MAX_PAGE))
      throw new RangeError(`a page of ${unpacked} bytes`);
  }

  private takeDictionary(header: PageHeader, bytes: Uint8Array): void {
    const count = header.dictionary_page_header?.num_values ?? -1;
    const page = unpackPage(this.meta.codec, bytes, header.uncompressed_page_size);
    // No word is shorter than a byte; the count is only claimed.
    if (!(count >= 0 && count <= page.length))
      throw new RangeError(`a dictionary of ${count} words`);
    this.dictionary = valueReader(this.leaf.element, "PLAIN", page, 0, count)(count);
    this.words = undefined;
  }

  private isOptional(): boolean {
    return this.leaf.element.repetition_type === "OPTIONAL";
  }

  private rowsOf(count: number | undefined): number {
    if (count === undefined || !(count >= 0 && count <= this.left))
      throw new RangeError(`a page of ${count} rows, where ${this.left} are left`);
    this.left -= count;
    return count;
  }

  private pageOf(header: PageHeader, bytes: Uint8Array): Page {
    const { encoding, num_values, definition_level_encoding } = header.data_page_header ?? {};
    const rowsLeft = this.rowsOf(num_values);
    const page = unpackPage(this.meta.codec, bytes, header.uncompressed_page_size);
    let from = 0;
    let levels: RleReader | undefined;
    let given = rowsLeft;
    if (this.isOptional()) {
      if (definition_level_encoding !== "RLE")
        throw new RangeError(`missing values in encoding ${definition_level_encoding}`);
      if (page.length < 4) throw new RangeError("a page that ends too early");
      from = 4 + new DataView(page.buffer, page.byteOffset).getUint32(0, true);
      if (from > page.length) throw new RangeError("a page that ends too early");
      levels = new RleReader(page, 4, from, 1);
      given = countOnes(levels.again(), rowsLeft);
      if (given === rowsLeft) levels = undefined;
    }
    return {
      rowsLeft,
      levels,
      values: valueReader(this.leaf.element, encoding!, page, from, given),
    };
  }

  private pageOf2(header: PageHeader, bytes: Uint8Array): Page {
    const found = header.data_page_header_v2;
    const rowsLeft = this.rowsOf(found?.num_values);
    const levelBytes =
      (found?.definition_levels_byte_length ?? -1) + (found?.repetition_levels_byte_length ?? -1);
    if (found === undefined || !(levelBytes >= 0 && levelBytes <= bytes.length))
      throw new RangeError("a page that ends too early");
    if (found.num_nulls < 0 || found.num_nulls > rowsLeft)
      throw new RangeError(`a page of ${rowsLeft} rows with ${found.num_nulls} missing values`);
    const packed = bytes.subarray(levelBytes);
    const length = header.uncompressed_page_size - levelBytes;
    this.refuseLarge(length);
    const codec = found.is_compressed === false ? "UNCOMPRESSED" : this.meta.codec;
    const page = unpackPage(codec, packed, length);
    const from = found.repetition_levels_byte_length;
    const levels =
      this.isOptional() && found.num_nulls > 0
        ? new RleReader(bytes.slice(from, levelBytes), 0, levelBytes - from, 1)
        : undefined;
    const given = rowsLeft - found.num_nulls;
    if (levels !== undefined && countOnes(levels.again(), rowsLeft) !== given)
      throw new RangeError(`a page of ${rowsLeft} rows without ${found.num_nulls} missing values`);
    return {
      rowsLeft,
      levels,
      values: valueReader(this.leaf.element, found.encoding, page, 0, given),
    };
  }

  /** The next rows, as many as are available at most. */
  read(rows: number): LogColumn {
    const page = this.page!;
    page.rowsLeft -= rows;
    if (page.levels === undefined) return this.columnOf(page.values(rows), undefined);
    const valid = new Uint8Array(rows);
    page.levels.read(valid, 0, rows);
    let given = 0;
    for (let row = 0; row < rows; row++) given += valid[row]!;
    const values = page.values(given);
    return given === rows
      ? this.columnOf(values, undefined)
      : this.columnOf(spread(values, valid), valid);
  }

  private columnOf(values: Values, valid: Uint8Array | undefined): LogColumn {
    if (values.kind === "codes") return this.codedColumn(values.codes, valid);
    if (values.kind === "texts") return { kind: "texts", texts: values.texts, valid };
    if (values.kind === "doubles") return numbersOfDoubles(values.values, valid);
    const { kind } = this.leaf;
    if (values.kind === "fixed") return this.fixedColumn(values.bytes, values.width, valid);
    const numbers = values.values;
    const { buffer, byteOffset, length } = numbers;
    if (numbers instanceof Int32Array) {
      const unsigned = new Uint32Array(buffer, byteOffset, length);
      if (this.asAddress) return { kind: "texts", texts: textsOfV4Numbers(unsigned), valid };
      return { kind: "numbers", values: kind.unsigned ? unsigned : numbers, unit: 1, valid };
    }
    const wide = kind.unsigned ? new BigUint64Array(buffer, byteOffset, length) : numbers;
    return { kind: "numbers", values: wide, unit: kind.unit, valid };
  }

  private fixedColumn(bytes: Uint8Array, width: number, valid: Uint8Array | undefined): LogColumn {
    if (this.leaf.kind.decimal)
      return { kind: "numbers", values: wholeDecimals(bytes, width), unit: 1, valid };
    if (this.leaf.element.type === "INT96")
      return { kind: "numbers", values: secondsOf(bytes), unit: 1, valid };
    return { kind: "texts", texts: textsOfAddressBytes(bytes, width === 4 ? 4 : 16), valid };
  }

  private codedColumn(codes: Int32Array, valid: Uint8Array | undefined): LogColumn {
    const { dictionary } = this;
    if (dictionary === undefined) throw new RangeError("codes without a dictionary");
    const count = sizeOf(dictionary);
    // Rows without a value have code 0, which stands even where there is no word.
    for (let row = 0; row < codes.length; row++)
      if (codes[row]! >= count && valid?.[row] !== 0)
        throw new RangeError(`a code of ${codes[row]} among ${count} words`);
    const isNumber = dictionary.kind === "ints" && !this.asAddress;
    if (isNumber || dictionary.kind === "doubles")
      return this.columnOf(pick(dictionary, codes), valid);
    this.words ??= wordsOf(this.columnOf(dictionary, undefined));
    const { words } = this;
    if (count > 0 && count <= MAX_WORDS && words.bytes.length <= MAX_WORD_BYTES)
      return { kind: "codes", codes, words, valid };
    return { kind: "texts", texts: gatherTexts(words, codes, valid), valid };
  }
}

function sizeOf(values: Values): number {
  if (values.kind === "texts") return values.texts.begins.length;
  if (values.kind === "fixed") return values.bytes.length / values.width;
  return values.kind === "codes" ? 0 : values.values.length;
}

function wordsOf(column: LogColumn): LogTexts {
  if (column.kind === "texts") return column.texts;
  if (column.kind === "numbers") return textsOfNumbers(column.values);
  throw new RangeError("a dictionary of codes");
}

/** The numbers that codes stand for. */
function pick(
  { kind, values }: Values & { readonly kind: "ints" | "doubles" },
  codes: Int32Array,
): Values {
  if (kind === "doubles")
    return { kind, values: Float64Array.from(codes, (code) => values[code]!) };
  if (values instanceof Int32Array) {
    const picked = new Int32Array(codes.length);
    for (let row = 0; row < codes.length; row++) picked[row] = values[codes[row]!]!;
    return { kind, values: picked };
  }
  // As halves: a big integer for every row would be an object for every row.
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const picked = new Int32Array(2 * codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = 2 * codes[row]!;
    picked[2 * row] = halves[code]!;
    picked[2 * row + 1] = halves[code + 1]!;
  }
  return { kind, values: new BigInt64Array(picked.buffer) };
}

function countOnes(levels: RleReader, rows: number): number {
  const some = new Uint8Array(Math.min(rows, 1 << 16));
  let ones = 0;
  for (let left = rows; left > 0; left -= some.length) {
    const count = Math.min(left, some.length);
    levels.read(some, 0, count);
    for (let row = 0; row < count; row++) ones += some[row]!;
  }
  return ones;
}

/** Whole numbers of any width, the highest byte first; one that does not fit into 64 bits is negative here. */
function wholeDecimals(bytes: Uint8Array, width: number): BigInt64Array {
  const rows = bytes.length / width;
  return BigInt64Array.from({ length: rows }, (_, row) => {
    let value = 0n;
    for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(bytes[row * width + i]!);
    value = BigInt.asIntN(8 * width, value);
    return value === BigInt.asIntN(64, value) ? value : -1n;
  });
}

/** Old timestamps: nanoseconds of a day, and its Julian number. */
function secondsOf(bytes: Uint8Array): BigInt64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return BigInt64Array.from({ length: bytes.length / 12 }, (_, row) => {
    const nanoseconds = view.getBigInt64(12 * row, true);
    const days = view.getInt32(12 * row + 8, true) - JULIAN_1970;
    return BigInt(days) * 86_400n + nanoseconds / 1_000_000_000n;
  });
}
