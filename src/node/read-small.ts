// Files whole: small ones in one read and one call of zlib, and larger ones that are not packed.
import { closeSync, openSync, readSync } from "node:fs";
import { gunzipSync, type InputType, type ZlibOptions } from "node:zlib";
import { isGzip, isZstd, Unzstd } from "../logs/index.js";

/** Greatest size on disk of what is read whole, and of what it unpacks to. */
export const SMALL: number = 256 * 1024;
const UNPACKED = 4 << 20;
/** Less than this comes out of Node's pool of buffers, and cannot go to another thread. */
const LEAST_BUFFER = 1 << 13;
/** Bytes of the shortest gzip member. */
const MEMBER = 18;

type Bytes = Uint8Array<ArrayBuffer>;

/** All bytes of a file that has not grown since it was found. */
function wholeFile(path: string, size: number): Bytes | undefined {
  const bytes = new Uint8Array(size + 1);
  const handle = openSync(path, "r");
  try {
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(handle, bytes, length, bytes.length - length, null);
      if (count === 0) return bytes.subarray(0, length);
      length += count;
    }
    return undefined;
  } finally {
    closeSync(handle);
  }
}

interface Unpacked {
  readonly buffer: Bytes;
  readonly engine: { readonly bytesWritten: number };
}

const gunzip = gunzipSync as unknown as (
  bytes: InputType,
  options: ZlibOptions & { readonly info: true },
) => Unpacked;

/** What gzip unpacks to, where it is sound to its last byte and small. */
function gunzipped(bytes: Bytes): Bytes | undefined {
  if (bytes.length < MEMBER) return undefined;
  // gzip ends with the size of its last member's text; one byte more, for a full buffer makes zlib ask for another.
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true) + 1;
  if (size > UNPACKED) return undefined;
  const chunkSize = Math.max(LEAST_BUFFER, size);
  const { buffer, engine } = gunzip(bytes, { chunkSize, maxOutputLength: UNPACKED, info: true });
  // Behind zeros zlib looks no further.
  const rest = bytes.subarray(engine.bytesWritten);
  return rest.every((byte) => byte === 0) ? buffer : undefined;
}

/** Bytes of input after which the size of the output is looked at. */
const STEP = 512;

/** The same of zstd. */
function unzstd(bytes: Bytes): Bytes | undefined {
  const zstd = new Unzstd();
  const blocks: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length; at += STEP) {
    zstd.push(bytes.subarray(at, at + STEP));
    for (const block of zstd.take()) {
      blocks.push(block);
      length += block.length;
    }
    if (length > UNPACKED) return undefined;
  }
  if (!zstd.isWhole) return undefined;
  const text = new Uint8Array(length);
  let to = 0;
  for (const block of blocks) {
    text.set(block, to);
    to += block.length;
  }
  return text;
}

/**
 * The bytes of a regular file of `size` bytes that is not packed, in a buffer of their own; `undefined` where readBytes has
 * to be asked. Blocks its thread.
 */
export function readPlain(path: string, size: number): Uint8Array | undefined {
  if (size === 0) return undefined;
  try {
    const bytes = wholeFile(path, size);
    return bytes === undefined || isGzip(bytes) || isZstd(bytes) ? undefined : bytes;
  } catch {
    return undefined;
  }
}

/**
 * The text of a regular file of `size` bytes, gzip and zstd unpacked, in a buffer of its own; `undefined` where that takes more
 * care (large, grown, broken, unreadable): readBytes meets the same and says so. Blocks its thread.
 */
export function readSmall(path: string, size: number): Bytes | undefined {
  if (size === 0 || size > SMALL) return undefined;
  try {
    const bytes = wholeFile(path, size);
    if (bytes === undefined) return undefined;
    if (isGzip(bytes)) return gunzipped(bytes);
    return isZstd(bytes) ? unzstd(bytes) : bytes;
  } catch {
    return undefined;
  }
}
