import { Decompress } from "fzstd";

/**
 * Unpacks zstd whose output has `length` bytes; RangeError or fzstd's own error for anything else. Block by block: told
 * the size beforehand, fzstd neither notices when the output has another one, nor is it faster.
 */
export function unpackZstd(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let at = 0;
  const stream = new Decompress((block) => {
    if (at + block.length > length) throw new RangeError("zstd: more than it says");
    output.set(block, at);
    at += block.length;
  });
  stream.push(input, true);
  if (at !== length) throw new RangeError(`zstd: ${at} bytes, where ${length} are said`);
  return output;
}
