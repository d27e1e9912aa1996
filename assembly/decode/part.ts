// A part of a columnar log into the input columns: first every column by itself, then row by row what needs the others
// and what a batch has room for. Texts go through the same kernels as tokens of lines: the same values make the same
// records, and the same rows are malformed.

import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { anyReason, batchBegin, entryAt, reasonOf, setReason } from "./batch";
import { clearRows, columnOf, columns, columnShift } from "./columns";
import { findClashes, isAddress, readColumn, readPassed } from "./decode";
import { clearField, readToken } from "./fields";
import { internInterface } from "./interfaces";
import { noteMalformed } from "./malformed";
import { planCount, planFields } from "./plan";
import { lineBound, writeLine } from "./row-line";
import { isMissing, isPresent, sourceNumber } from "./sources";

// State of the part being taken in; the host hands over one at a time.
let sources: usize = 0;
let rows: u32 = 0;
let next: u32 = 0; // first row not taken
let firstLine: u32 = 0;
let textEnd: usize = 0;
let status: i32 = 0;
let mayClash: bool = false;

// Two u32 per row: the byte before its text in the column in hand, and the text's end: as separators around a token.
const pairs: usize = memory.data(8192 * 8, 16);
// The same of interface-id, which is interned when the rows are known to be records; and the words of a dictionary.
const facePairs: usize = memory.data(8192 * 8, 16);
const faceWords: usize = memory.data(8192 * 4, 16);
const FACE_NONE: u32 = 0;
const FACE_TEXT: u32 = 1;
const FACE_WORD: u32 = 2;
let faces: u32 = FACE_NONE;
// A token that stands for a missing value, readable around it.
const dash: usize = memory.data(64, 16);
// A malformed row, for its sample.
const sample: usize = memory.data(65536 + 64, 16);

/** `count` rows (at most BATCH_ROWS) follow, whose columns stand at `at`, SOURCE_BYTES each. Cost: linear in the cells. */
export function partBegin(plan: usize, at: usize, count: u32, line: u32): void {
  sources = at;
  rows = count;
  next = 0;
  firstLine = line;
  faces = FACE_NONE;
  mayClash = false;
  store<u8>(dash, 45, 16);
  const fields = planFields(plan);
  const tokens = planCount(plan);
  let present: u32 = 0;
  for (let token: u32 = 0; token < tokens; token++) present |= 1 << (<u32>load<u8>(fields + token));
  batchBegin(count);
  clearRows(0, count, present & ~(1 << F.FIELD_OTHER));
  for (let token: u32 = 0; token < tokens; token++) {
    const field = <u32>load<u8>(fields + token);
    if (field != F.FIELD_OTHER) fillColumn(field, at + <usize>token * L.SOURCE_BYTES);
  }
  if (mayClash) findClashes(0, count);
}

function fillColumn(field: u32, source: usize): void {
  const kind = load<u32>(source, L.SOURCE_KIND);
  if (kind == L.SOURCE_KIND_CODES) fillCodes(field, source);
  else if (kind == L.SOURCE_KIND_TEXT) fillTexts(field, source);
  else if (kind == L.SOURCE_KIND_NONE)
    for (let row: u32 = 0; row < rows; row++) missing(field, row);
  else fillNumbers(field, kind, source);
}

// The first value that does not fit names the reason: columns come in the order of the fields.
function refuse(row: u32, reason: u32): void {
  if (reasonOf(row) == 0) setReason(row, reason);
}

function missing(field: u32, row: u32): void {
  if (field == F.FIELD_LOG_STATUS) refuse(row, F.MALFORMED_STATUS);
  else clearField(field, row);
}

/** Greatest value of a field of numbers. */
function mostOf(field: u32): u64 {
  switch (field) {
    case F.FIELD_SRCPORT:
    case F.FIELD_DSTPORT:
      return 65535;
    case F.FIELD_START:
    case F.FIELD_END:
      return 0xffffffff;
    case F.FIELD_PACKETS:
    case F.FIELD_BYTES:
      return i64.MAX_VALUE;
    default:
      return 255;
  }
}

function fillNumbers(field: u32, kind: u32, source: usize): void {
  const values = <usize>load<u32>(source, L.SOURCE_VALUES);
  const unit = <u64>load<u32>(source, L.SOURCE_UNIT);
  const most = mostOf(field);
  const column = columnOf(field);
  const shift = columnShift(field);
  const to = columns + <usize>column;
  for (let row: u32 = 0; row < rows; row++) {
    if (!isPresent(source, row)) {
      missing(field, row);
      continue;
    }
    let value = sourceNumber(kind, values, row);
    // What is negative is greater than any most.
    if (unit != 1 && <i64>value >= 0) value /= unit;
    if (value > most) refuse(row, F.MALFORMED_NUMBER);
    else if (column != 0) putNumber(to, shift, row, value);
  }
}

function putNumber(to: usize, shift: u32, row: u32, value: u64): void {
  const at = to + ((<usize>row) << shift);
  if (shift == 3) store<u64>(at, value);
  else if (shift == 2) store<u32>(at, <u32>value);
  else if (shift == 1) store<u16>(at, <u16>value);
  else store<u8>(at, <u8>value);
}

function fillTexts(field: u32, source: usize): void {
  const begins = <usize>load<u32>(source, L.SOURCE_VALUES);
  const ends = <usize>load<u32>(source, L.SOURCE_ENDS);
  const text = <usize>load<u32>(source, L.SOURCE_TEXT);
  const isFace = field == F.FIELD_INTERFACE_ID;
  let pair = isFace ? facePairs : pairs;
  if (isFace) faces = FACE_TEXT;
  for (let row: u32 = 0; row < rows; row++, pair += 8) {
    let from = text + <usize>load<u32>(begins + ((<usize>row) << 2));
    let to = text + <usize>load<u32>(ends + ((<usize>row) << 2));
    if (!isPresent(source, row) || isMissing(from, to)) {
      from = dash + 16;
      to = dash + 17;
    }
    store<u32>(pair, <u32>from - 1);
    store<u32>(pair, <u32>to, 4);
    store<u32>(entryAt(row), <u32>pair);
  }
  const passed = readColumn(field, 0, 0, rows);
  if (passed == 0) return;
  readPassed(field, 0, 0, passed);
  // The kernel has read all IPv4 addresses.
  if (isAddress(field)) mayClash = true;
}

function fillCodes(field: u32, source: usize): void {
  const codes = <usize>load<u32>(source, L.SOURCE_VALUES);
  const words = <usize>load<u32>(source, L.SOURCE_WORDS);
  const column = columnOf(field);
  const shift = columnShift(field);
  const to = columns + <usize>column;
  const isFace = field == F.FIELD_INTERFACE_ID;
  if (isFace) faces = FACE_WORD;
  let high: u64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    if (!isPresent(source, row)) {
      missing(field, row);
      continue;
    }
    const code = <usize>load<u32>(codes + ((<usize>row) << 2));
    const word = words + code * <usize>L.WORD_BYTES;
    let state = load<u32>(word, L.WORD_STATE);
    if (state == 0) state = readWord(field, row, word, column, shift);
    if (state == L.CELL_VALUE) {
      if (isFace) store<u32>(faceWords + ((<usize>row) << 2), <u32>word);
      else if (shift == 4) {
        const at = to + ((<usize>row) << 4);
        high |= load<u64>(word, L.WORD_HIGH);
        store<u64>(at, load<u64>(word, L.WORD_HIGH));
        store<u64>(at, load<u64>(word, L.WORD_LOW), 8);
      } else if (column != 0) putNumber(to, shift, row, load<u64>(word, L.WORD_LOW));
    } else if (state == L.CELL_ABSENT) missing(field, row);
    else refuse(row, state - L.CELL_MALFORMED);
  }
  // No IPv4 address has high bits.
  if (high != 0) mayClash = true;
}

// Reads a word as the row's value, and keeps that for the rows to come. Returns its CELL_* state.
function readWord(field: u32, row: u32, word: usize, column: u32, shift: u32): u32 {
  const text = <usize>load<u32>(word, L.WORD_TEXT);
  const end = text + <usize>load<u32>(word, L.WORD_TEXT_BYTES);
  let state: u32 = L.CELL_ABSENT;
  if (!isMissing(text, end)) {
    const reason = readToken(field, row, text, end);
    state = reason == 0 ? <u32>L.CELL_VALUE : <u32>L.CELL_MALFORMED + reason;
    if (column != 0 && reason == 0) keepCell(columns + <usize>column, shift, row, word);
  }
  store<u32>(word, state, L.WORD_STATE);
  return state;
}

function keepCell(from: usize, shift: u32, row: u32, word: usize): void {
  const at = from + ((<usize>row) << shift);
  if (shift == 4) {
    store<u64>(word, load<u64>(at), L.WORD_HIGH);
    store<u64>(word, load<u64>(at, 8), L.WORD_LOW);
  } else if (shift == 3) store<u64>(word, load<u64>(at), L.WORD_LOW);
  else if (shift == 2) store<u64>(word, <u64>load<u32>(at), L.WORD_LOW);
  else if (shift == 1) store<u64>(word, <u64>load<u16>(at), L.WORD_LOW);
  else store<u64>(word, <u64>load<u8>(at), L.WORD_LOW);
}

/** Words of a dictionary that the host just put at `words`: none is read yet. `begins` and `ends` count from `text`. */
export function wordsBegin(
  words: usize,
  begins: usize,
  ends: usize,
  text: usize,
  count: u32,
): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const word = words + i * <usize>L.WORD_BYTES;
    const from = load<u32>(begins + (i << 2));
    store<u64>(word, 0, L.WORD_HIGH);
    store<u64>(word, 0, L.WORD_LOW);
    store<u32>(word, <u32>text + from, L.WORD_TEXT);
    store<u32>(word, load<u32>(ends + (i << 2)) - from, L.WORD_TEXT_BYTES);
    store<u64>(word, 0, L.WORD_STATE); // and the index
  }
}

/**
 * Takes the next rows, `room` at most; malformed ones are counted. Where `text` is not 0 the line of each record is
 * written from there up to `end`. Returns the row after the last one taken: partIsRecord tells which of them are records.
 * partStatus(): STATUS_DONE, STATUS_MORE, STATUS_BLOCK = a further block is needed, or STATUS_TOO_MANY_INTERFACES.
 */
export function partTake(plan: usize, room: u32, text: usize, end: usize, counting: bool): u32 {
  const to = min(rows, next + room);
  let at = text;
  status = L.STATUS_DONE;
  let row = next;
  for (; row < to; row++) {
    const line = firstLine + row;
    if (anyReason && reasonOf(row) != 0) {
      const bytes = writeLine(plan, sources, row, sample, L.MAX_LINE_BYTES);
      noteMalformed(line, reasonOf(row), sample, bytes, counting);
      continue;
    }
    const left = <u32>(end - at);
    if (text != 0 && left < <u32>L.MAX_LINE_BYTES && lineBound(plan, sources, row) > left) {
      status = L.STATUS_BLOCK;
      break;
    }
    const face = interfaceOf(row);
    if (face == FATAL) {
      status = L.STATUS_TOO_MANY_INTERFACES;
      break;
    }
    store<u32>(columns + L.COL_INTERFACE + ((<usize>row) << 2), face);
    store<u32>(columns + L.COL_LINE + ((<usize>row) << 2), line);
    if (text != 0) {
      const bytes = writeLine(plan, sources, row, at, L.MAX_LINE_BYTES);
      store<u32>(columns + L.COL_TEXT + ((<usize>row) << 2), <u32>at);
      store<u32>(columns + L.COL_TEXT_BYTES + ((<usize>row) << 2), bytes);
      at += bytes;
    }
  }
  if (status == L.STATUS_DONE && row < rows) status = L.STATUS_MORE;
  textEnd = at;
  next = row;
  return row;
}

export function partStatus(): i32 {
  return status;
}

/** The row that partTake begins with. */
export function partNext(): u32 {
  return next;
}

/** End of the text written so far. */
export function partTextEnd(): usize {
  return textEnd;
}

export function partIsRecord(row: u32): bool {
  return reasonOf(row) == 0;
}

const NAMED: u32 = 1 << F.FIELD_INTERFACE_ID;
const FATAL: u32 = 0xfffffffe;

// Number of the row's interface, interning it; 0xffffffff = none is named.
function interfaceOf(row: u32): u32 {
  if (!(load<u32>(columns + L.COL_PRESENT + ((<usize>row) << 2)) & NAMED)) return 0xffffffff;
  if (faces == FACE_TEXT) {
    const pair = facePairs + ((<usize>row) << 3);
    const text = load<u32>(pair) + 1;
    const index = internInterface(text, load<u32>(pair, 4) - text);
    return index == 0xffffffff ? FATAL : index;
  }
  const word = <usize>load<u32>(faceWords + ((<usize>row) << 2));
  const known = load<u32>(word, L.WORD_INDEX);
  if (known != 0) return known - 1;
  const index = internInterface(load<u32>(word, L.WORD_TEXT), load<u32>(word, L.WORD_TEXT_BYTES));
  if (index == 0xffffffff) return FATAL;
  store<u32>(word, index + 1, L.WORD_INDEX);
  return index;
}
