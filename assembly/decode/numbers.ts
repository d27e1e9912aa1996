// Columns of decimal numbers. A kernel reads what nearly every row has, without a branch, and lists the rows of all other
// tokens (`-`, more digits, no number) for readToken. It returns how many it listed.

import { entryAt, passedAt } from "./batch";
import { eightDigits, HIGH_BITS, notDigits, ZEROS } from "./tokens";

/**
 * Numbers of one to eight digits, at most `most`, of token `token` of `rows` rows; to `to` on, one T each.
 * The token's first byte becomes the lowest of a word; shifting up drops what follows the token and leaves zero digits.
 */
export function readNumbers<T>(token: u32, rows: u32, to: usize, most: u64): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let out = to;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const digits = (load<u64>(before, 1) ^ ZEROS) << (<u64>(0 - (length << 3)));
    const value = eightDigits(digits);
    store<T>(out, <T>value);
    out += sizeof<T>();
    // Negative where a number is too large or too long.
    const spare = (most - value) | <u64>(8 - <i64>length);
    if (notDigits(digits) | (spare >> 63)) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}

/** Seconds of ten digits, as all times since 2001 have. */
export function readSeconds(token: u32, rows: u32, to: usize): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let out = to;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const first = <u32>load<u16>(before, 1) ^ 0x3030;
    const digits = load<u64>(before, 3) ^ ZEROS;
    const hundredMillions = (first & 255) * 10 + (first >> 8);
    const value = <u64>hundredMillions * 100000000 + eightDigits(digits);
    store<u32>(out, <u32>value);
    out += 4;
    const faults = notDigits(digits) | (<u64>(first | (first + 0x7676)) & (HIGH_BITS & 0xffff));
    if (faults | (value >> 32) | <u64>(length ^ 10)) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}

/** Numbers of one digit of which only that matters. */
export function readDigits(token: u32, rows: u32): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    if (length != 1 || <u32>load<u8>(before, 1) - 48 > 9) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}
