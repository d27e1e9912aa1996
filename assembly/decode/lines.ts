// From lines to rows of tokens. A line whose tokens stand one separator apart is taken as the scan left it; any other is
// written anew in that form: there is one form for the kernels to read.

import { reserve } from "../memory/arena";
import { MALFORMED_FIELD_COUNT, MALFORMED_TOO_LONG } from "../shared/fields";
import * as L from "../shared/layout";
import { entryAt, setReason } from "./batch";
import { columns } from "./columns";
import { isTimePrefix } from "./line-heads";
import { LINE_ODD, lineEnds, STRETCH_BYTES } from "./scan";

// Lines written anew: their tokens, one blank apart, and the entries of these.
let tidyText: usize = 0;
let tidyEntries: usize = 0;
let nextText: usize = 0;
let nextEntry: usize = 0;
// The entries of rows that are none: tokens of no length, which every kernel passes over.
let noTokens: usize = 0;
const FRONT: usize = 16; // readable bytes before the first token

export function linesInit(): bool {
  tidyText = reserve(FRONT + STRETCH_BYTES + 64);
  tidyEntries = reserve((STRETCH_BYTES + 2 * <usize>L.BATCH_ROWS) << 2);
  noTokens = reserve((<usize>L.MAX_FIELDS + 2) << 2);
  if (tidyText == 0 || tidyEntries == 0 || noTokens == 0) return false;
  for (let i: usize = 0; i < <usize>L.MAX_FIELDS + 2; i++)
    store<u32>(noTokens + (i << 2), <u32>(tidyText + FRONT));
  return true;
}

/** Lines that takeLines took last. */
export let linesTaken: u32 = 0;

/**
 * Takes the scanned lines from `line` to before `lines` into the batch, until there are `room` rows of `fields` tokens.
 * The first line has the number `number`, the first row is row `row` of the columns. Blank lines make no row; lines that
 * cannot be one make a row with a reason. Returns the number of rows.
 */
export function takeLines(
  line: u32,
  lines: u32,
  number: u32,
  fields: u32,
  row: u32,
  room: u32,
): u32 {
  nextText = tidyText + FRONT;
  nextEntry = tidyEntries;
  const stop = lineEnds(lines);
  let at = lineEnds(line);
  let before = load<u32>(at) & ~LINE_ODD;
  let rows: u32 = 0;
  let to = columns + ((<usize>row) << 2);
  for (let now = number; at < stop && rows < room; now++) {
    at += 4;
    const tagged = load<u32>(at);
    const end = tagged & ~LINE_ODD;
    const text = load<u32>(before) + 1;
    let textEnd = load<u32>(end);
    let entry = before;
    before = end;
    // The tag makes the difference odd as well.
    if (tagged - entry != fields << 2 || textEnd - text > <u32>L.MAX_LINE_BYTES) {
      entry = takeOdd(entry, end, fields, rows);
      if (entry == 0) continue;
      textEnd -= hasReturn(text, textEnd);
    }
    store<u32>(entryAt(rows), entry);
    store<u32>(to, now, L.COL_LINE);
    store<u32>(to, text, L.COL_TEXT);
    store<u32>(to, textEnd - text, L.COL_TEXT_BYTES);
    to += 4;
    rows++;
  }
  linesTaken = <u32>((at - lineEnds(line)) >> 2);
  return rows;
}

/** 1 where the line [text, end) ends with a carriage return, which is no part of it. */
export function hasReturn(text: u32, end: u32): u32 {
  return end > text && load<u8>(<usize>end - 1) == 13 ? 1 : 0;
}

function isBlank(at: u32): bool {
  const c = load<u8>(at);
  return c == 0x20 || c == 9;
}

// The line behind the separator at entry `before`, up to that at entry `end`: the entry before its first token, 0 where
// it has none. O(separators).
function takeOdd(before: u32, end: u32, fields: u32, row: u32): u32 {
  const text = load<u32>(before) + 1;
  if (load<u32>(end) - text > <u32>L.MAX_LINE_BYTES) return refuse(row, MALFORMED_TOO_LONG);
  // The return has an entry too: there the last token ends.
  const last = end - (hasReturn(text, load<u32>(end)) << 2);
  let tokens: u32 = 0;
  let tidy = true;
  let start = text;
  let firstStart: u32 = 0;
  let firstEnd: u32 = 0;
  for (let at = before + 4; at <= last; at += 4) {
    const separator = load<u32>(at);
    if (at != last && !isBlank(separator)) {
      // Any other control is part of its token.
      tidy = false;
      continue;
    }
    if (separator == start) {
      tidy = false;
    } else {
      tokens++;
      if (tokens == 1) {
        firstStart = start;
        firstEnd = separator;
      }
    }
    start = separator + 1;
  }
  if (tokens == 0) return 0;
  const prefixed = tokens == fields + 1 && isTimePrefix(firstStart, firstEnd);
  if (tokens != fields && !prefixed) return refuse(row, MALFORMED_FIELD_COUNT);
  return (tidy ? before : writeTidy(before, last)) + (prefixed ? 4 : 0);
}

function refuse(row: u32, reason: u32): u32 {
  setReason(row, reason);
  return <u32>noTokens;
}

function writeTidy(before: u32, last: u32): u32 {
  const first = <u32>nextEntry;
  store<u32>(nextEntry, <u32>nextText - 1);
  let start = load<u32>(before) + 1;
  for (let at = before + 4; at <= last; at += 4) {
    const separator = load<u32>(at);
    if (at != last && !isBlank(separator)) continue;
    const bytes = separator - start;
    if (bytes != 0) {
      for (let i: u32 = 0; i < bytes; i += 16)
        v128.store(nextText + i, v128.load(<usize>(start + i)));
      nextText += bytes;
      nextEntry += 4;
      store<u32>(nextEntry, <u32>nextText);
      nextText++;
    }
    start = separator + 1;
  }
  nextEntry += 4;
  return first;
}
