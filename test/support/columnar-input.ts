import type { LogInput } from "../../src/analysis/index.js";

/** Bytes as a log that can be read in chunks and by place. */
export function columnarInput(name: string, bytes: Uint8Array, chunkBytes = 1 << 20): LogInput {
  return {
    name,
    size: bytes.length,
    async *open(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += chunkBytes)
        yield bytes.subarray(at, at + chunkBytes);
    },
    ranges: async () => ({
      size: bytes.length,
      // A copy, at another alignment, as a source of any kind may give it.
      read: async (from, to) => {
        const part = bytes.subarray(from, to);
        const copy = new Uint8Array(part.length + 3).subarray(3);
        copy.set(part);
        return copy;
      },
      close: async () => {},
    }),
  };
}
