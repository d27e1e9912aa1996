// Columns of addresses: IPv4 by tables and vectors, read as numbers.ts reads numbers; IPv6 is left to readToken.

import { reserve } from "../memory/arena";
import { entryAt, passedAt } from "./batch";

// Where the three dots and the end of an address stand makes 81 shapes. A shape is found by those four bits, the lowest
// of 16 left out: u8, 0 = no address has it.
let shapes: usize = 0;
// Per shape 32 bytes: where the digits of the octets stand, and the least value an octet of as many digits has.
let layouts: usize = 0;
const SHAPES: u32 = 81;
const LAYOUT_BYTES: u32 = 32;
/** In a shuffle: a zero. */
const NOTHING: u8 = 0x80;

// One octet at [begin, begin + digits) of the token into lane `lane` of the layout.
function placeOctet(layout: usize, lane: u32, begin: u32, digits: u32): void {
  const last = begin + digits - 1;
  store<u8>(layout + lane * 2, digits > 1 ? <u8>(last - 1) : NOTHING);
  store<u8>(layout + lane * 2, <u8>last, 1);
  store<u8>(layout + lane * 2, digits > 2 ? <u8>begin : NOTHING, 8);
  store<u8>(layout + lane * 2, NOTHING, 9);
  // 2.3: no leading zeros
  store<u32>(layout + lane * 4, digits == 3 ? 100 : digits == 2 ? 10 : 0, 16);
}

export function addressesInit(): bool {
  shapes = reserve(1 << 15);
  layouts = reserve((SHAPES + 1) * LAYOUT_BYTES);
  if (shapes == 0 || layouts == 0) return false;
  for (let shape: u32 = 0; shape < SHAPES; shape++) {
    const layout = layouts + (shape + 1) * LAYOUT_BYTES;
    let begin: u32 = 0;
    let bits: u32 = 0;
    let rest = shape;
    for (let octet: u32 = 0; octet < 4; octet++) {
      const digits = (rest % 3) + 1;
      rest /= 3;
      placeOctet(layout, 3 - octet, begin, digits);
      begin += digits;
      bits |= 1 << begin;
      begin++;
    }
    store<u8>(shapes + (bits >> 1), <u8>(shape + 1));
  }
  return true;
}

// What the vectors are computed with. V8 makes a constant vector anew wherever it is used, in every round of a loop; one
// that was read from memory stays in its register.
const TEXT_ZEROS: usize = memory.data<u64>([0x3030303030303030, 0x3030303030303030], 16);
const NINES: usize = memory.data<u64>([0x0909090909090909, 0x0909090909090909], 16);
const DOTS: usize = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e], 16);
const TENS_AND_ONES: usize = memory.data<u16>([10, 1, 10, 1, 10, 1, 10, 1], 16);
const HUNDREDS: usize = memory.data<u16>([100, 0, 100, 0, 100, 0, 100, 0], 16);
const MOST: usize = memory.data<u32>([255, 255, 255, 255], 16);

/** Dotted IPv4 addresses of token `token`, as 16 bytes each from `to` on (::ffff:a.b.c.d, two u64). */
export function readAddresses(token: u32, rows: u32, to: usize): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  const zero = v128.load(TEXT_ZEROS);
  const nine = v128.load(NINES);
  const dot = v128.load(DOTS);
  const tensAndOnes = v128.load(TENS_AND_ONES);
  const hundreds = v128.load(HUNDREDS);
  const most = v128.load(MOST);
  const shapesAt = shapes;
  const layoutsAt = layouts;
  let list = passed;
  let out = to;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const text = v128.load(before, 1);
    const values = i8x16.sub(text, zero);
    const end = (<u32>1) << length;
    const inside = end - 1;
    const dots = i8x16.bitmask(i8x16.eq(text, dot)) & inside;
    const digits = i8x16.bitmask(i8x16.le_u(values, nine)) & inside;
    const shape = <usize>load<u8>(shapesAt + (((dots | end) & 0xffff) >> 1));
    const layout = layoutsAt + shape * LAYOUT_BYTES;
    const spread = i8x16.swizzle(values, v128.load(layout));
    const octets = i32x4.add(
      i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(spread), tensAndOnes),
      i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(spread), hundreds),
    );
    const wrong = v128.or(i32x4.gt_s(octets, most), i32x4.gt_s(v128.load(layout, 16), octets));
    const words = i16x8.narrow_i32x4_u(octets, octets);
    const value = <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
    store<u64>(out, 0);
    store<u64>(out, 0xffff00000000 | <u64>value, 8);
    out += 16;
    // Shapes with a dot or an end beyond the sixteenth byte do not exist.
    if (shape == 0 || length > 15 || (dots | digits) != inside || v128.any_true(wrong)) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}
