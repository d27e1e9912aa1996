// A log that a page was given: a file, or bytes in memory.
import type { ByteRanges } from "./columns/recognise-columns.js";
import { unpackWeb } from "./unpack-web.js";

/** A log by its name, its bytes unpacked, and its bytes by their place. */
export interface BlobLog {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
  ranges(): Promise<ByteRanges>;
}

async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // What is left is not wanted: a large file is not to be read on in the background.
    await reader.cancel();
  }
}

/**
 * A Blob or File as a log of any form: read when its turn comes, gzip and zstd unpacked, Parquet by place, never held whole. For
 * an ArrayBuffer: `blobLog(name, new Blob([buffer]))`.
 */
export function blobLog(name: string, blob: Blob): BlobLog {
  return {
    name,
    size: blob.size,
    open: () => unpackWeb(chunksOf(blob), name),
    ranges: async () => ({
      size: blob.size,
      read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
      close: async () => {},
    }),
  };
}
