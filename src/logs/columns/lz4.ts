// LZ4: frames (LZ4 Frame Format 1.6), in which Arrow packs its buffers, and blocks, in which Parquet packs its pages.
// Check sums are not compared.

const MAGIC = 0x184d2204;
const MIN_MATCH = 4;

function broken(what: string): RangeError {
  return new RangeError(`LZ4: ${what}`);
}

/** Unpacks one block behind what `output` holds up to `at`; matches may reach into it. Returns the new end. */
function unpackBlock(block: Uint8Array, output: Uint8Array, at: number): number {
  let from = 0;
  let to = at;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble !== 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (from >= block.length) throw broken("a length is cut off");
      byte = block[from++]!;
    }
    return length;
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = lengthOf(token >> 4);
    if (from + literals > block.length || to + literals > output.length)
      throw broken("literals reach over the end");
    if (literals > 16) output.set(block.subarray(from, from + literals), to);
    else for (let i = 0; i < literals; i++) output[to + i] = block[from + i]!;
    from += literals;
    to += literals;
    if (from === block.length) return to;
    const distance = block[from]! | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const length = lengthOf(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > to || to + length > output.length)
      throw broken("a match reaches over the end");
    // Byte by byte: a match may overlap what it makes.
    for (const end = to + length; to < end; to++) output[to] = output[to - distance]!;
  }
  return to;
}

/** Unpacks a block by itself, whose output has `length` bytes. Throws RangeError for whatever is none. */
export function unpackLz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  const written = unpackBlock(input, output, 0);
  if (written !== length) throw broken(`${written} bytes, where ${length} are said`);
  return output;
}

/** Unpacks a frame whose output has `length` bytes. Throws RangeError for whatever is no such frame. */
export function unpackLz4Frame(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw broken("no frame");
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1) throw broken(`a frame of version ${flags >> 6}`);
  const hasBlockSums = (flags & 16) !== 0;
  // Content size and dictionary id are optional; the header's check sum ends it.
  let at = 6 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4) + 1;
  const output = new Uint8Array(length);
  let written = 0;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    if (at + size > input.length) throw broken("a block is cut off");
    const block = input.subarray(at, at + size);
    if (word >>> 31 === 0) written = unpackBlock(block, output, written);
    else {
      if (written + size > length) throw broken("more than it says");
      output.set(block, written);
      written += size;
    }
    at += size + (hasBlockSums ? 4 : 0);
  }
  if (written !== length) throw broken(`${written} bytes, where ${length} are said`);
  return output;
}
