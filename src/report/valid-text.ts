/** Buffers of a text column: where each value ends, beginning with 0, and the bytes of all. */
export interface TextBuffers {
  readonly valueOffsets: Int32Array;
  readonly data: Uint8Array;
}

function isAscii(bytes: Uint8Array): boolean {
  let all = 0;
  let i = 0;
  if (bytes.byteOffset % 4 === 0) {
    // Four at a time: the text of a batch is some MiB.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let word = 0; word < words.length; word++) all |= words[word]!;
    if ((all & 0x80808080) !== 0) return false;
    i = words.length * 4;
    all = 0;
  }
  for (; i < bytes.length; i++) all |= bytes[i]!;
  return all < 128;
}

/**
 * The same text, in which what is not UTF-8 became U+FFFD: a log holds any bytes, and a reader of Arrow or Parquet may
 * refuse all of a file for one of them. Mostly one look at the bytes; value by value where some are no ASCII.
 */
export function validText(text: TextBuffers): TextBuffers {
  if (isAscii(text.data)) return text;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const rows = text.valueOffsets.length - 1;
  const valueOffsets = new Int32Array(rows + 1);
  const values: Uint8Array[] = [];
  for (let i = 0; i < rows; i++) {
    const own = text.data.subarray(text.valueOffsets[i]!, text.valueOffsets[i + 1]!);
    const value = isAscii(own) ? own : encoder.encode(decoder.decode(own));
    values.push(value);
    valueOffsets[i + 1] = valueOffsets[i]! + value.length;
  }
  const data = new Uint8Array(valueOffsets[rows]!);
  values.forEach((value, i) => {
    data.set(value, valueOffsets[i]!);
  });
  return { valueOffsets, data };
}
