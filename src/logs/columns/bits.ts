// Bitmaps of which rows have a value.

/** One byte per row, from a bitmap whose lowest bit comes first; `undefined` where all rows have a value. */
export function expandBits(bitmap: Uint8Array, from: number, rows: number): Uint8Array | undefined {
  const valid = new Uint8Array(rows);
  let missing = false;
  for (let row = 0; row < rows; row++) {
    const at = from + row;
    const bit = (bitmap[at >> 3]! >> (at & 7)) & 1;
    valid[row] = bit;
    if (bit === 0) missing = true;
  }
  return missing ? valid : undefined;
}
