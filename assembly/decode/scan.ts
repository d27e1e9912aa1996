// Stage one of decoding: the places of all bytes up to 0x20 (blanks, line ends, controls) of a stretch of text, and
// which of them end its lines. 64 bytes at a time become words of bits; no byte is looked at alone.

import { reserve } from "../memory/arena";
import { MAX_LINE_BYTES } from "../shared/layout";

/**
 * Most bytes scanned at a time. More than the longest line has, so that a stretch without a line end is a line too long;
 * few enough that text, index and columns stay in the second-level cache until the second stage has read them.
 */
export const STRETCH_BYTES: usize = <usize>MAX_LINE_BYTES + 64;

/** In a line's entry: perhaps it has two separators side by side or a control byte. Without it: it has neither. */
export const LINE_ODD: u32 = 1;

// Address of a separator, u32 each. The first entry is the byte before the stretch; up to 16 are written for nothing.
let index: usize = 0;
// Per line the entry of the separator that ends it, and LINE_ODD. The first is that of the line before the stretch.
let ends: usize = 0;

export function scanInit(): bool {
  index = reserve((STRETCH_BYTES + 32) << 2);
  ends = reserve((STRETCH_BYTES + 32) << 2);
  return index != 0 && ends != 0;
}

/** Where the end of the line before line `line` of the last scan is kept; that of the line itself follows. */
export function lineEnds(line: u32): usize {
  return ends + ((<usize>line) << 2);
}

/** First byte of a line of the last scan. */
export function lineStart(line: u32): usize {
  return <usize>load<u32>(<usize>(load<u32>(lineEnds(line)) & ~LINE_ODD)) + 1;
}

/** The first line end in [from, end), or `end`. */
export function findLineEnd(from: usize, end: usize): usize {
  const wanted = i8x16.splat(10);
  for (let p = from; p < end; p += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), wanted));
    if (found != 0) return min(end, p + <usize>ctz(found));
  }
  return end;
}

function bits32(a: v128, b: v128): u64 {
  return <u64>(<u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16)));
}

/**
 * Scans [from, end), at most STRETCH_BYTES, where a line begins; `closed` = what stands behind the last line end is a
 * line as well. Returns the number of lines. Reads up to 63 bytes over the end. O(bytes).
 */
export function scan(from: usize, end: usize, closed: bool): u32 {
  const blank = i8x16.splat(0x20);
  const control = i8x16.splat(0x1f);
  store<u32>(index, <u32>from - 1);
  store<u32>(ends, <u32>index);
  let out = index + 4;
  let line = ends + 4;
  let odd: u32 = 0;
  let before: u64 = 1; // whether the byte before is a separator
  for (let p = from; p < end; p += 64) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    let separators =
      bits32(i8x16.le_u(a, blank), i8x16.le_u(b, blank)) |
      (bits32(i8x16.le_u(c, blank), i8x16.le_u(d, blank)) << 32);
    let controls =
      bits32(i8x16.le_u(a, control), i8x16.le_u(b, control)) |
      (bits32(i8x16.le_u(c, control), i8x16.le_u(d, control)) << 32);
    if (end - p < 64) {
      const inside = ((<u64>1) << (end - p)) - 1;
      separators &= inside;
      controls &= inside;
    }
    // Odd lines are few: whatever shares 64 bytes with one is taken for odd, and found to be none later.
    let oddHere: u32 = separators & ((separators << 1) | before) ? LINE_ODD : 0;
    before = separators >> 63;
    odd |= oddHere;
    while (controls != 0) {
      const bit = controls & (0 - controls);
      controls ^= bit;
      if (load<u8>(p + <usize>ctz(bit)) == 10) {
        const inner = <usize>popcnt(separators & (bit - 1));
        store<u32>(line, <u32>(out + (inner << 2)) | odd);
        line += 4;
        odd = oddHere;
      } else {
        odd = LINE_ODD;
        oddHere = LINE_ODD;
      }
    }
    out = putPlaces(out, p, separators);
  }
  const lastEnd = <usize>load<u32>(<usize>(load<u32>(line - 4) & ~LINE_ODD));
  if (closed && lastEnd + 1 < end) {
    if (load<u8>(end - 1) <= 0x20) odd = LINE_ODD;
    store<u32>(out, <u32>end);
    store<u32>(line, <u32>out | odd);
    line += 4;
  }
  return <u32>((line - ends) >> 2) - 1;
}

// Eight places at a time, without asking how many there are: of 64 bytes of a log some eight are separators, and a
// branch per separator is mispredicted once per word (measured: 15 ns per line of 114 bytes, 17 ns with four at a time,
// 18 ns with twelve).
function putPlaces(out: usize, p: usize, separators: u64): usize {
  const count = <usize>popcnt(separators);
  const base = <u32>p;
  let bits = separators;
  store<u32>(out, base + <u32>ctz(bits));
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 4);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 8);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 12);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 16);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 20);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 24);
  bits &= bits - 1;
  store<u32>(out, base + <u32>ctz(bits), 28);
  bits &= bits - 1;
  if (count > 8) {
    let to = out + 32;
    while (bits != 0) {
      store<u32>(to, base + <u32>ctz(bits));
      bits &= bits - 1;
      store<u32>(to, base + <u32>ctz(bits), 4);
      bits &= bits - 1;
      store<u32>(to, base + <u32>ctz(bits), 8);
      bits &= bits - 1;
      store<u32>(to, base + <u32>ctz(bits), 12);
      bits &= bits - 1;
      to += 16;
    }
  }
  return out + (count << 2);
}
