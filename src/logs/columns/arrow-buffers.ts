// The buffers of an Arrow batch, unpacked where they are compressed.
import type { ArrowBatch } from "./arrow-schema.js";
import { unpackLz4Frame } from "./lz4.js";
import { unpackZstd } from "./unpack-zstd.js";

/** Bytes of one unpacked buffer at most: those of a batch as it comes. */
export const MAX_BODY_BYTES: number = 1 << 30;
/** As for gzip: below this no buffer is a bomb, above it none is so much larger than what it is packed in. */
const BOMB_BYTES = 64 << 20;
const BOMB_RATIO = 1000;

/** Gives the buffers of a batch by number. */
export interface ArrowBuffers {
  /** The bytes, 8-byte aligned. Throws RangeError for a buffer that lies outside of the body or does not unpack. */
  get(index: number): Uint8Array;
}

function alignedBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

function unpack(packed: Uint8Array, compression: ArrowBatch["compression"]): Uint8Array {
  if (packed.length === 0) return packed;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const length = Number(view.getBigInt64(0, true));
  const content = packed.subarray(8);
  if (length === -1) return alignedBytes(content);
  if (!(length >= 0 && length <= MAX_BODY_BYTES))
    throw new RangeError(`a buffer of ${length} bytes`);
  if (length > BOMB_BYTES && length > content.length * BOMB_RATIO)
    throw new RangeError(`${content.length} bytes that unpack to ${length}`);
  if (length === 0) return new Uint8Array(0);
  return compression === "lz4" ? unpackLz4Frame(content, length) : unpackZstd(content, length);
}

/** The buffers of a batch in its body; only those that are asked for are unpacked. */
export function buffersOf(batch: ArrowBatch, body: Uint8Array): ArrowBuffers {
  return {
    get(index) {
      const region = batch.buffers[index];
      if (region === undefined) throw new RangeError(`no buffer ${index}`);
      const [offset, length] = region;
      if (!(offset >= 0 && length >= 0 && offset + length <= body.length))
        throw new RangeError(`buffer ${index} lies outside of its batch`);
      const bytes = body.subarray(offset, offset + length);
      if (batch.compression === "none") return alignedBytes(bytes);
      return unpack(bytes, batch.compression);
    },
  };
}
