// A row of a columnar log as the line that a text log would have: what records are written from, and samples shown as.

import * as L from "../shared/layout";
import { planCount } from "./plan";
import { isMissing, isPresent, sourceNumber } from "./sources";

const MOST_DIGITS: u32 = 20;
let cut: u32 = 0;

/** Cells that were written as missing because their row would have been too long. */
export function cellsCut(): u32 {
  return cut;
}

// Where the text of a cell stands: of those that are text and not missing.
let cellText: usize = 0;
let cellBytes: u32 = 0;

function hasText(source: usize, kind: u32, row: u32): bool {
  if (kind == L.SOURCE_KIND_CODES) {
    const code = <usize>load<u32>(<usize>load<u32>(source, L.SOURCE_VALUES) + ((<usize>row) << 2));
    const word = <usize>load<u32>(source, L.SOURCE_WORDS) + code * <usize>L.WORD_BYTES;
    cellText = load<u32>(word, L.WORD_TEXT);
    cellBytes = load<u32>(word, L.WORD_TEXT_BYTES);
  } else {
    const from = load<u32>(<usize>load<u32>(source, L.SOURCE_VALUES) + ((<usize>row) << 2));
    cellText = <usize>load<u32>(source, L.SOURCE_TEXT) + <usize>from;
    cellBytes = load<u32>(<usize>load<u32>(source, L.SOURCE_ENDS) + ((<usize>row) << 2)) - from;
  }
  return !isMissing(cellText, cellText + <usize>cellBytes);
}

/** At most as many bytes as writeLine writes. */
export function lineBound(plan: usize, sources: usize, row: u32): u32 {
  const tokens = planCount(plan);
  let bytes: u32 = 0;
  for (let token: u32 = 0; token < tokens; token++) {
    const source = sources + <usize>token * L.SOURCE_BYTES;
    const kind = load<u32>(source, L.SOURCE_KIND);
    bytes += MOST_DIGITS + 2;
    if (kind < <u32>L.SOURCE_KIND_TEXT || !isPresent(source, row)) continue;
    if (hasText(source, kind, row)) bytes += min<u32>(cellBytes, L.MAX_LINE_BYTES) * 3;
  }
  return min<u32>(bytes, L.MAX_LINE_BYTES);
}

/**
 * Writes the row at `to`, tokens between blanks, and returns its bytes: `room` at most, and 64 behind them are writable.
 * A text that does not fit is written as missing and counted.
 */
export function writeLine(plan: usize, sources: usize, row: u32, to: usize, room: u32): u32 {
  const tokens = planCount(plan);
  let at = to;
  const end = to + <usize>room;
  for (let token: u32 = 0; token < tokens; token++) {
    const source = sources + <usize>token * L.SOURCE_BYTES;
    const kind = load<u32>(source, L.SOURCE_KIND);
    // What the tokens behind it need at least: `- ` each.
    const left = (tokens - token) << 1;
    if (at + left + MOST_DIGITS > end) break;
    if (token != 0) store<u8>(at++, 32);
    if (!isPresent(source, row)) {
      store<u8>(at++, 45);
    } else if (kind >= <u32>L.SOURCE_KIND_TEXT) {
      if (!hasText(source, kind, row)) store<u8>(at++, 45);
      else if (at + <usize>(cellBytes * 3) + left + MOST_DIGITS <= end) at = writeToken(at);
      else {
        cut++;
        store<u8>(at++, 45);
      }
    } else {
      at = writeNumber(at, kind, source, row);
    }
  }
  return <u32>(at - to);
}

// One token: no blanks and no controls (as AWS percent-encodes tag values, aws facts 1.1).
function writeToken(to: usize): usize {
  const end = cellText + <usize>cellBytes;
  const blank = i8x16.splat(0x20);
  const deleted = i8x16.splat(0x7f);
  let at = to;
  let p = cellText;
  while (p < end) {
    const bytes = v128.load(p);
    store<v128>(at, bytes);
    let mask = <u32>i8x16.bitmask(v128.or(i8x16.le_u(bytes, blank), i8x16.eq(bytes, deleted)));
    const rest = <u32>(end - p);
    if (rest < 16) mask &= (1 << rest) - 1;
    if (mask == 0) {
      const step = min<u32>(rest, 16);
      p += step;
      at += step;
      continue;
    }
    const plain = <u32>ctz(mask);
    const c = <u32>load<u8>(p + plain);
    at += plain;
    store<u8>(at, 37); // %
    store<u8>(at, <u8>hexDigit(c >> 4), 1);
    store<u8>(at, <u8>hexDigit(c & 15), 2);
    at += 3;
    p += plain + 1;
  }
  return at;
}

function hexDigit(value: u32): u32 {
  return value < 10 ? 48 + value : 55 + value;
}

function writeNumber(to: usize, kind: u32, source: usize, row: u32): usize {
  let value = sourceNumber(kind, load<u32>(source, L.SOURCE_VALUES), row);
  const unit = <u64>load<u32>(source, L.SOURCE_UNIT);
  let at = to;
  if (kind != L.SOURCE_KIND_UINT64 && <i64>value < 0) {
    store<u8>(at++, 45);
    value = 0 - value;
  }
  if (unit != 1) value /= unit;
  let digits: u32 = 1;
  for (let rest = value; rest > 9; rest /= 10) digits++;
  const end = at + digits;
  for (let p = end; p > at; value /= 10) store<u8>(--p, <u8>(48 + (value % 10)));
  return end;
}
