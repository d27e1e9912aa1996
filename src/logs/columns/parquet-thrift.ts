// hyparquet's readers of Parquet's descriptions, kept from what a hostile file could make of them.
import type { FileMetaData, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { parquetMetadata } from "hyparquet/src/metadata.js";
import type { ByteRanges } from "./recognise-columns.js";

/** Bytes of the footer at most: a thousand row groups of a hundred columns with their statistics. */
const MAX_FOOTER = 16 << 20;
/** Behind a footer: its length and the magic bytes. */
const TAIL = 8;
const MAGIC = 0x31524150;
/** Bytes of a page's description at most, statistics and all. */
export const MAX_PAGE_HEADER: number = 1 << 14;
/**
 * A number of so many bytes is none: each is added to a growing integer, at a cost of their square. No text that stands
 * in a description has so many bytes above 127 in a row.
 */
const MAX_RUN = 1024;

function refuseLongNumbers(bytes: Uint8Array): void {
  let run = 0;
  for (let i = 0; i < bytes.length; i++) {
    run = bytes[i]! > 127 ? run + 1 : 0;
    if (run > MAX_RUN) throw new RangeError("a description that holds no numbers");
  }
}

/** hyparquet throws whatever a broken description makes of its code: of all kinds, and none is a fault of ours. */
function described<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${what} does not hold together: ${message}`);
  }
}

/** Reads the directory of a file at its end. Throws RangeError. */
export async function readFooter(ranges: ByteRanges): Promise<FileMetaData> {
  const { size } = ranges;
  const tail = await ranges.read(Math.max(0, size - TAIL), size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  if (size < 2 * TAIL || view.getUint32(4, true) !== MAGIC)
    throw new RangeError("the directory at its end is missing");
  const length = view.getUint32(0, true);
  if (length > Math.min(MAX_FOOTER, size - TAIL - 4))
    throw new RangeError(`a directory of ${length} bytes`);
  const bytes = await ranges.read(size - TAIL - length, size);
  refuseLongNumbers(bytes);
  return described("the directory", () => parquetMetadata(bytes, { geoparquet: false }));
}

/** Reads the description of a page at the beginning of `bytes`, and how many bytes it has. Throws RangeError. */
export function readPageHeader(bytes: Uint8Array): {
  readonly header: PageHeader;
  readonly length: number;
} {
  const part = bytes.subarray(0, MAX_PAGE_HEADER);
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const reader = { view, offset: 0 };
  const header = described("a page's description", () => parquetHeader(reader));
  // Read once, it has cost what it can: no further one is read of such a file.
  refuseLongNumbers(part.subarray(0, reader.offset));
  return { header, length: reader.offset };
}
