// Stage one of decoding: positions of all bytes up to 0x20 (blanks, line ends, controls) of a chunk, 16 bytes at a time.

import { reserve } from "../memory/arena";
import { BLOCK_BYTES, MAX_LINE_BYTES } from "../shared/layout";

// One u32 per separator; the worst chunk is all separators.
let index: usize = 0;

export function scanInit(): bool {
  index = reserve((<usize>BLOCK_BYTES + <usize>MAX_LINE_BYTES + 64) << 2);
  return index != 0;
}

/** The separator index of the last scan: `scanned` u32 pointers, ascending. Valid until the next scan. */
export function scanIndex(): usize {
  return index;
}

/** Fills the index for [ptr, end) and returns the number of separators. O(bytes). */
export function scan(ptr: usize, end: usize): u32 {
  const blank = i8x16.splat(0x20);
  let out = index;
  let p = ptr;
  while (p + 16 <= end) {
    let mask = i8x16.bitmask(i8x16.le_u(v128.load(p), blank));
    while (mask != 0) {
      store<u32>(out, <u32>p + ctz(mask));
      out += 4;
      mask &= mask - 1;
    }
    p += 16;
  }
  while (p < end) {
    if (load<u8>(p) <= 0x20) {
      store<u32>(out, <u32>p);
      out += 4;
    }
    p++;
  }
  return <u32>((out - index) >> 2);
}
