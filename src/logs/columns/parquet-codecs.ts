// Pages unpacked into as many bytes as are said.
import type { CompressionCodec } from "hyparquet";
import {
  compressors,
  decompressBrotli,
  decompressGzip,
  decompressLz4,
} from "hyparquet-compressors";
import { unpackLz4Block } from "./lz4.js";
import { unpackZstd } from "./unpack-zstd.js";

type Unpack = (input: Uint8Array, length: number) => Uint8Array;

/** The decompressor stops where its output is full, and leaves zeros where the input has less: the end tells the size. */
function unpackGzip(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const said = view.getUint32(input.length - 4, true);
  if (said !== length) throw new RangeError(`${said} bytes, where ${length} are said`);
  return decompressGzip(input, length);
}

const CODECS: Readonly<Partial<Record<CompressionCodec, Unpack>>> = {
  SNAPPY: compressors.SNAPPY!,
  GZIP: unpackGzip,
  BROTLI: decompressBrotli,
  ZSTD: unpackZstd,
  LZ4: decompressLz4,
  LZ4_RAW: unpackLz4Block,
};

/** Unpacks a page of `length` bytes. Throws RangeError for whatever is none. */
export function unpackPage(codec: CompressionCodec, input: Uint8Array, length: number): Uint8Array {
  if (codec === "UNCOMPRESSED") {
    if (input.length !== length)
      throw new RangeError(`a page of ${input.length} bytes, where ${length} are said`);
    return input;
  }
  const unpack = CODECS[codec];
  if (unpack === undefined) throw new RangeError(`pages compressed with ${codec}`);
  if (length === 0) return new Uint8Array(0);
  try {
    const output = unpack(input, length);
    if (output.length === length) return output;
    throw new RangeError(`a page of ${output.length} bytes, where ${length} are said`);
  } catch (error) {
    // The decompressors throw whatever their input makes of their code.
    const message = error instanceof Error ? error.message : String(error);
    throw new RangeError(`a page that does not unpack (${codec}): ${message}`);
  }
}
