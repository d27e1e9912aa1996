// Judged records of a slot on their way out: ordered by start, then by their log fields as text in catalogue order, then
// file and line; field values go into Arrow-shaped areas, results into parallel arrays (layout.ts, EMIT_*).

import { isTimePrefix } from "../decode/decode";
import { planColumns, planCount } from "../decode/plan";
import { parseNumber, tokenNumber } from "../decode/tokens";
import { blockDrop } from "../lookahead/blocks";
import { orderScratch } from "../lookahead/order";
import { chunkEnd, chunkNext, chunkRows, listFirst, listFree } from "../lookahead/lists";
import {
  countRows,
  rowBytes,
  rowFurther,
  rowText,
  TEXT_BLOCK,
  TEXT_BYTES,
  TEXT_PLAN,
  TEXT_PTR,
} from "../lookahead/rows";
import { reserve } from "../memory/arena";
import * as L from "../shared/layout";
import { timelineCount } from "./timelines";

let columnCount: u32 = 0;
let kinds: usize = 0; // u8 per output column
let areas: usize = 0; // EMIT_COLUMN_BYTES per output column
let results: usize = 0; // of the baseline, then one area per further timeline
let bytesOut: usize = 0; // text of all columns of one emission
let bytesAt: usize = 0; // u32 per column: where its text begins in bytesOut
let tokensOut: usize = 0; // [ptr u32][bytes u32] per cut line and output column
let cutOf: usize = 0; // u32 per row of the emission: which of the cut lines is its
let sorted: usize = 0; // rows in order of start; before `runEnd` in output order
let spare: usize = 0;
let list: usize = 0; // that holds them
let waiting: u32 = 0;
let next: u32 = 0;
// The run of rows of one second that is being emitted: where it ends, its text, and whether it goes out at once.
let runEnd: u32 = 0;
let runText: u32 = 0;
let runIsWhole: bool = false;

/** Room for `columns` output columns. Reserve-type call, before the first record. */
export function emitInit(columns: u32): bool {
  columnCount = columns;
  kinds = reserve(L.EMIT_MAX_COLUMNS);
  areas = reserve(<usize>columns * L.EMIT_COLUMN_BYTES + 64);
  results = reserve(
    <usize>L.EMIT_RESULTS_BYTES + <usize>(timelineCount - 1) * <usize>L.EMIT_FURTHER_BYTES,
  );
  bytesOut = reserve(<usize>L.EMIT_TEXT_BYTES + L.MAX_LINE_BYTES + 64);
  bytesAt = reserve(<usize>columns * 4 + 4);
  tokensOut = reserve(<usize>columns * L.EMIT_ROWS * 8 + 64);
  cutOf = reserve((<usize>L.EMIT_ROWS) << 2);
  return (
    kinds != 0 &&
    areas != 0 &&
    results != 0 &&
    bytesOut != 0 &&
    bytesAt != 0 &&
    tokensOut != 0 &&
    cutOf != 0
  );
}

export function emitKinds(): usize {
  return kinds;
}
export function emitArea(column: u32): usize {
  return areas + <usize>column * L.EMIT_COLUMN_BYTES;
}
export function emitResults(): usize {
  return results;
}
/** Results of a timeline other than the baseline (layout.ts, EMIT_FURTHER_*). */
export function emitFurther(timeline: u32): usize {
  return results + L.EMIT_RESULTS_BYTES + <usize>((timeline - 1) * L.EMIT_FURTHER_BYTES);
}
export function emitText(column: u32): usize {
  return bytesOut + <usize>load<u32>(bytesAt + ((<usize>column) << 2));
}
/** Text bytes of a column of the last emission; 0 for numbers. */
export function emitTextBytes(column: u32): u32 {
  return (
    load<u32>(bytesAt + ((<usize>(column + 1)) << 2)) - load<u32>(bytesAt + ((<usize>column) << 2))
  );
}

// Token pointers of one line per output column; 0 bytes = missing. Two lines at a time for comparisons.
const scratch: usize = memory.data(2 * 128 * 8, 16);
const starts: usize = memory.data(2 * 260 * 4, 16);

// Most tokens of a line: a time in front of as many fields as a plan has, and some.
const MOST_TOKENS: u32 = 258;

// Finds the tokens of a line at `starts` (begin, end); returns how many. Reads up to 15 bytes over the end.
function findTokens(ptr: usize, end: usize): u32 {
  const blank = i8x16.splat(32);
  const tab = i8x16.splat(9);
  let tokens: u32 = 0;
  let from = ptr;
  for (let p = ptr; p < end; p += 16) {
    const bytes = v128.load(p);
    let blanks = i8x16.bitmask(v128.or(i8x16.eq(bytes, blank), i8x16.eq(bytes, tab)));
    if (end - p < 16) blanks &= (1 << (<i32>(end - p))) - 1;
    for (; blanks != 0; blanks &= blanks - 1) {
      const at = p + <usize>ctz(blanks);
      if (at != from && tokens < MOST_TOKENS) putToken(tokens++, from, at);
      from = at + 1;
    }
  }
  if (from < end && tokens < MOST_TOKENS) putToken(tokens++, from, end);
  return tokens;
}

function putToken(token: u32, from: usize, end: usize): void {
  store<u32>(starts + (token << 3), <u32>from);
  store<u32>(starts + (token << 3), <u32>end, 4);
}

// Cuts a row's line into output columns at `to` ([ptr][bytes] each).
function cut(row: usize, to: usize): void {
  const text = rowText(row);
  const ptr = <usize>load<u32>(text, TEXT_PTR);
  const tokens = findTokens(ptr, ptr + <usize>load<u32>(text, TEXT_BYTES));
  const plan = <usize>load<u32>(text, TEXT_PLAN);
  let first: u32 = 0;
  if (tokens == planCount(plan) + 1 && isTimePrefix(load<u32>(starts), load<u32>(starts, 4)))
    first = 1;
  const map = planColumns(plan);
  for (let c: u32 = 0; c < columnCount; c++) {
    const token = <u32>load<u16>(map + (c << 1));
    const out = to + (c << 3);
    store<u64>(out, 0);
    if (token == L.COLUMN_ABSENT) continue;
    const from = load<u32>(starts + ((token + first) << 3));
    const bytes = load<u32>(starts + ((token + first) << 3), 4) - from;
    if (bytes == 1 && load<u8>(from) == 45) continue;
    store<u32>(out, from);
    store<u32>(out, bytes, 4);
  }
}

function compareText(a: usize, aBytes: u32, b: usize, bBytes: u32): i32 {
  const n = min(aBytes, bBytes);
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(a + i);
    const y = load<u64>(b + i);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  for (; i < n; i++) {
    const x = <i32>load<u8>(a + i);
    const y = <i32>load<u8>(b + i);
    if (x != y) return x - y;
  }
  return <i32>aBytes - <i32>bBytes;
}

// Two cut lines, column by column; then file and line of their rows.
function compareCut(left: usize, right: usize, x: usize, y: usize): i32 {
  for (let c: u32 = 0; c < columnCount; c++) {
    const l = left + (c << 3);
    const r = right + (c << 3);
    const order = compareText(load<u32>(l), load<u32>(l, 4), load<u32>(r), load<u32>(r, 4));
    if (order != 0) return order;
  }
  const fileX = load<u32>(x, L.ROW_FILE);
  const fileY = load<u32>(y, L.ROW_FILE);
  if (fileX != fileY) return fileX < fileY ? -1 : 1;
  return load<u32>(x, L.ROW_LINE) < load<u32>(y, L.ROW_LINE) ? -1 : 1;
}

// Sorts `count` rows at `first`, all of one second, by their lines, which are cut from line `cuts` on; cutOf says
// afterwards whose is whose. NOT_CUT: there is no room for all, they are cut at every comparison.
function sortRun(first: usize, count: u32, cuts: u32): void {
  let from = spare;
  let to = spare + ((<usize>count) << 2);
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(from + ((<usize>i) << 2), i);
    if (cuts != NOT_CUT) cut(rowAt(first, i), cutAt(cuts + i));
  }
  // Bottom-up merge sort of positions: stable, no recursion.
  for (let width: u32 = 1; width < count; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(start + (width << 1), count);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k++) {
        let takeLeft = i < middle;
        if (takeLeft && j < end) {
          const a = load<u32>(from + ((<usize>i) << 2));
          const b = load<u32>(from + ((<usize>j) << 2));
          takeLeft = !isAfter(first, a, b, cuts);
        }
        store<u32>(
          to + ((<usize>k) << 2),
          load<u32>(from + ((<usize>(takeLeft ? i++ : j++)) << 2)),
        );
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  for (let i: u32 = 0; i < count; i++) {
    const position = load<u32>(from + ((<usize>i) << 2));
    store<u32>(to + ((<usize>i) << 2), <u32>rowAt(first, position));
    if (cuts != NOT_CUT) setCut(cuts + i, cuts + position);
  }
  memory.copy(first, to, (<usize>count) << 2);
}

const NOT_CUT: u32 = 0xffffffff;

function cutAt(line: u32): usize {
  return tokensOut + <usize>line * ((<usize>columnCount) << 3);
}

function setCut(row: u32, line: u32): void {
  store<u32>(cutOf + ((<usize>row) << 2), line);
}

function isAfter(first: usize, a: u32, b: u32, cuts: u32): bool {
  const x = rowAt(first, a);
  const y = rowAt(first, b);
  if (cuts != NOT_CUT) return compareCut(cutAt(cuts + a), cutAt(cuts + b), x, y) > 0;
  cut(x, scratch);
  cut(y, scratch + 128 * 8);
  return compareCut(scratch, scratch + 128 * 8, x, y) > 0;
}

/**
 * The judged rows of a list go out next; they are in order of start already, except for late ones. The list stays as it is
 * until emitEnd. The caller made sure of scratch room (order.ts).
 */
export function emitBegin(judged: usize): void {
  list = judged;
  const rows = orderScratch(0);
  spare = orderScratch(1);
  let count: u32 = 0;
  let ordered = true;
  let last: u32 = 0;
  for (let chunk = listFirst(list); chunk != 0; chunk = chunkNext(chunk)) {
    const end = chunkEnd(chunk);
    for (let row = chunkRows(chunk); row < end; row += rowBytes(row)) {
      const start = load<u32>(row, L.ROW_START);
      if (start < last) ordered = false;
      last = start;
      store<u32>(rows + ((<usize>count) << 2), <u32>row);
      count++;
    }
  }
  if (!ordered) sortByStart(rows, count);
  sorted = rows;
  waiting = count;
  next = 0;
  runEnd = 0;
}

/** The slot is through: its rows go. */
export function emitEnd(): void {
  countRows(-(<i32>waiting));
  listFree(list, 0);
}

function rowAt(rows: usize, i: u32): usize {
  return <usize>load<u32>(rows + ((<usize>i) << 2));
}

function startAt(rows: usize, i: u32): u32 {
  return load<u32>(rowAt(rows, i), L.ROW_START);
}

// Late rows come in any order; they are few: insertion.
function sortByStart(rows: usize, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const row = rowAt(rows, i);
    const start = load<u32>(row, L.ROW_START);
    let j = i;
    while (j > 0 && startAt(rows, j - 1) > start) {
      store<u32>(rows + ((<usize>j) << 2), load<u32>(rows + ((<usize>(j - 1)) << 2)));
      j--;
    }
    store<u32>(rows + ((<usize>j) << 2), <u32>row);
  }
}

/**
 * Fills the areas with the next records of the slot; 0 = the slot is through.
 * Writes: areas, results. Valid until: the next call. Frees the rows' text.
 */
export function emitNext(): u32 {
  const rows = takeRows();
  for (let i: u32 = 0; i < rows; i++) writeResult(rowAt(sorted, next + i), i);
  let at: u32 = 0;
  for (let c: u32 = 0; c < columnCount; c++) {
    store<u32>(bytesAt + ((<usize>c) << 2), at);
    at += writeColumn(c, rows, bytesOut + at);
  }
  store<u32>(bytesAt + ((<usize>columnCount) << 2), at);
  for (let i: u32 = 0; i < rows; i++)
    blockDrop(load<u32>(rowText(rowAt(sorted, next + i)), TEXT_BLOCK));
  next += rows;
  return rows;
}

// The rows of the next emission: run by run, so that a line that is cut to be compared is not cut again to be written.
function takeRows(): u32 {
  let rows: u32 = 0;
  let text: u32 = 0;
  while (next + rows < waiting && rows < <u32>L.EMIT_ROWS && text < <u32>L.EMIT_TEXT_BYTES) {
    const at = next + rows;
    if (at == runEnd) beginRun(at);
    if (runIsWhole) {
      const count = runEnd - at;
      if (rows + count > <u32>L.EMIT_ROWS || text + runText > <u32>L.EMIT_TEXT_BYTES) break;
      sortRun(sorted + ((<usize>at) << 2), count, rows);
      text += runText;
      rows += count;
      continue;
    }
    const row = rowAt(sorted, at);
    cut(row, cutAt(rows));
    setCut(rows, rows);
    text += load<u32>(rowText(row), TEXT_BYTES);
    rows++;
  }
  return rows;
}

// The run that begins at row `at`; one that is too long for an emission of its own is sorted here.
function beginRun(at: u32): void {
  const start = startAt(sorted, at);
  runEnd = at;
  runText = 0;
  let fits = true;
  while (runEnd < waiting && startAt(sorted, runEnd) == start) {
    const bytes = load<u32>(rowText(rowAt(sorted, runEnd)), TEXT_BYTES);
    if (bytes > <u32>L.EMIT_TEXT_BYTES - runText) fits = false;
    else runText += bytes;
    runEnd++;
  }
  runIsWhole = fits && runEnd - at <= <u32>L.EMIT_ROWS;
  if (!runIsWhole) sortRun(sorted + ((<usize>at) << 2), runEnd - at, NOT_CUT);
}

function writeResult(ptr: usize, i: u32): void {
  const bits = load<u32>(ptr, L.ROW_BITS);
  store<u8>(results + L.EMIT_REASON + i, <u8>((bits >> L.RESULT_REASON_SHIFT) & 31));
  store<u8>(results + L.EMIT_GRADE + i, <u8>((bits >> L.RESULT_GRADE_SHIFT) & 7));
  store<u8>(results + L.EMIT_OPENER + i, <u8>((bits >> L.RESULT_OPENER_SHIFT) & 3));
  store<u8>(results + L.EMIT_DIRECTION + i, <u8>((bits >> L.RESULT_DIRECTION_SHIFT) & 3));
  store<u8>(results + L.EMIT_MISSING + i, <u8>((bits >> L.RESULT_MISSING_SHIFT) & 31));
  store<u32>(results + L.EMIT_DETAIL + (i << 2), load<u32>(ptr, L.ROW_RESULT_DETAIL));
  store<u32>(results + L.EMIT_RULES + (i << 2), load<u32>(ptr, L.ROW_RESULT_RULES));
  store<u32>(results + L.EMIT_FILE + (i << 2), load<u32>(ptr, L.ROW_FILE));
  store<u32>(results + L.EMIT_LINE + (i << 2), load<u32>(ptr, L.ROW_LINE));
  for (let t: u32 = 1; t < timelineCount; t++) writeFurther(t, ptr, i);
}

function writeFurther(timeline: u32, row: usize, i: u32): void {
  const from = rowFurther(row) + <usize>((timeline - 1) * L.FURTHER_BYTES);
  const to = emitFurther(timeline);
  const code = load<u32>(from);
  store<u8>(to + L.EMIT_FURTHER_REASON + i, <u8>code);
  store<u8>(to + L.EMIT_FURTHER_CHANGE + i, <u8>(code >> L.FURTHER_CHANGE_SHIFT));
  store<u32>(to + L.EMIT_FURTHER_DETAIL + (i << 2), load<u32>(from, L.FURTHER_DETAIL));
  store<u32>(to + L.EMIT_FURTHER_RULES + (i << 2), load<u32>(from, L.FURTHER_RULES));
}

// One output column of `rows` records; returns the bytes of text written at `to`.
function writeColumn(column: u32, rows: u32, to: usize): u32 {
  const kind = <u32>load<u8>(kinds + column);
  const values = emitArea(column);
  const validity = values + L.EMIT_VALUES_BYTES;
  const tokens = tokensOut + (column << 3);
  const stride = columnCount << 3;
  let written: u32 = 0;
  let valid: u32 = 0; // of the eight rows in hand
  for (let i: u32 = 0; i < rows; i++) {
    const token = tokens + <usize>(load<u32>(cutOf + ((<usize>i) << 2)) * stride);
    const ptr = <usize>load<u32>(token);
    const bytes = load<u32>(token, 4);
    let present = bytes != 0;
    if (kind == L.EMIT_KIND_TEXT) {
      store<u32>(values + (i << 2), written);
      // Most texts are short: calling memory.copy costs more than the copy. What is written over comes next.
      for (let k: u32 = 0; k < bytes; k += 16)
        v128.store(to + written + k, v128.load(ptr + <usize>k));
      written += bytes;
    } else {
      present = present && parseNumber(ptr, ptr + bytes);
      const value: u64 = present ? tokenNumber : 0;
      if (kind == L.EMIT_KIND_INT32) store<u32>(values + (i << 2), <u32>value);
      else store<u64>(values + (i << 3), value);
    }
    valid |= (<u32>present) << (i & 7);
    if ((i & 7) == 7) {
      store<u8>(validity + (i >> 3), <u8>valid);
      valid = 0;
    }
  }
  if ((rows & 7) != 0) store<u8>(validity + (rows >> 3), <u8>valid);
  if (kind == L.EMIT_KIND_TEXT) store<u32>(values + (rows << 2), written);
  return written;
}
