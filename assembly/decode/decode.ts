// Decoding: the text of a chunk into the input columns, a stretch at a time: scanned, cut into rows of tokens, read column
// by column. What does not parse is counted, never guessed. Knows nothing of rules, directions or connections.

import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { addressesInit, readAddresses } from "./addresses";
import {
  anyReason,
  batchBegin,
  batchInit,
  entryAt,
  moveEntry,
  passedAt,
  reasonOf,
  setReason,
} from "./batch";
import { clearRows, columns, columnsInit, moveRow } from "./columns";
import { familiesClash, readToken } from "./fields";
import { interfacesInit, internRows } from "./interfaces";
import { looksLikeHeader } from "./line-heads";
import { linesInit, linesTaken, takeLines } from "./lines";
import { malformedInit, noteMalformed } from "./malformed";
import { readDigits, readNumbers, readSeconds } from "./numbers";
import { planCount, planFields } from "./plan";
import { findLineEnd, lineStart, scan, scanInit, STRETCH_BYTES } from "./scan";
import { readActions, readDashes, readDirections, readInterfaceIds, readStatuses } from "./words";

export { hasPorts } from "./fields";
export { isTimePrefix } from "./line-heads";

// State of the chunk being decoded; the host feeds one chunk at a time.
let cursor: usize = 0; // first byte not consumed; where a line begins, unless skipping
let chunkEnd: usize = 0;
let lastChunk: bool = false;
let line: u32 = 0; // physical line of `cursor`
let lines: u32 = 0; // of the stretch scanned last
let nextLine: u32 = 0; // of them, the one at `cursor`
let skipping: bool = false; // inside a line longer than MAX_LINE_BYTES
let status: i32 = 0;
// The line decode() stopped at with STATUS_HEADER, and why it is no record.
let headerPtr: usize = 0;
let headerBytes: u32 = 0;
let headerReason: u32 = 0;

/** Once, before everything else of this folder. False = out of memory. */
export function decodeInit(): bool {
  return (
    malformedInit() &&
    scanInit() &&
    batchInit() &&
    linesInit() &&
    addressesInit() &&
    columnsInit() &&
    interfacesInit()
  );
}

/** A file begins: line numbers start at `firstLine`, nothing is carried over. */
export function decodeBegin(firstLine: u32): void {
  line = firstLine;
  skipping = false;
}

/** Text [ptr, ptr + bytes) of the current file follows; `last` says that no more will come. */
export function decodeChunk(ptr: usize, bytes: u32, last: bool): void {
  cursor = ptr;
  chunkEnd = ptr + bytes;
  lastChunk = last;
  lines = 0;
  nextLine = 0;
}

/** Bytes at the chunk's end that belong to a line not complete yet: the host puts them before the next chunk. */
export function decodeRest(): u32 {
  return <u32>(chunkEnd - cursor);
}

/** Why decode() stopped: STATUS_*. */
export function decodeStatus(): i32 {
  return status;
}

/** The line decode() stopped at with STATUS_HEADER. Valid until the next decodeChunk. */
export function decodeHeaderPtr(): usize {
  return headerPtr;
}
export function decodeHeaderBytes(): u32 {
  return headerBytes;
}

/** The host found the line of STATUS_HEADER to be no header: it counts as malformed. */
export function decodeHeaderMalformed(counting: bool): void {
  noteMalformed(line - 1, headerReason, headerPtr, headerBytes, counting);
}

/**
 * Decodes until `room` records stand in the columns, the chunk is used up, or a header line is met.
 * Reads: the chunk, the plan. Writes: columns from row `at`, malformed counters. Valid until: the next call.
 * Returns the number of records written; decodeStatus() tells why it stopped.
 */
export function decode(plan: usize, at: u32, room: u32, counting: bool): u32 {
  status = L.STATUS_DONE;
  const end = at + room;
  let row = at;
  while (row < end) {
    if (nextLine == lines && !scanNext(counting)) return row - at;
    row += decodeLines(plan, row, end - row, counting);
    if (status != L.STATUS_DONE) return row - at;
  }
  if (cursor < chunkEnd) status = L.STATUS_MORE;
  return row - at;
}

// Scans the next stretch; false when the chunk holds no further line end.
function scanNext(counting: bool): bool {
  while (cursor < chunkEnd) {
    if (skipping) {
      const lineEnd = findLineEnd(cursor, chunkEnd);
      if (lineEnd == chunkEnd) {
        cursor = chunkEnd;
        break;
      }
      cursor = lineEnd + 1;
      line++;
      skipping = false;
      continue;
    }
    const end = min(chunkEnd, cursor + STRETCH_BYTES);
    lines = scan(cursor, end, lastChunk && end == chunkEnd);
    nextLine = 0;
    if (lines != 0) return true;
    if (end - cursor <= <usize>L.MAX_LINE_BYTES) break;
    noteMalformed(line, F.MALFORMED_TOO_LONG, cursor, <u32>(end - cursor), counting);
    cursor = end;
    skipping = true;
  }
  if (lastChunk) skipping = false;
  return false;
}

// Scanned lines have been used up to before line `next`, which has the number `number`.
function goOnAt(next: u32, number: u32): void {
  nextLine = next;
  line = number;
  // The last line of a text may lack its line end.
  cursor = min(lineStart(next), chunkEnd);
}

function decodeLines(plan: usize, row: u32, room: u32, counting: bool): u32 {
  const firstLine = nextLine;
  const firstNumber = line;
  const fields = planCount(plan);
  const most = min(room, lines - nextLine);
  batchBegin(most);
  const rows = takeLines(firstLine, lines, firstNumber, fields, row, most);
  goOnAt(firstLine + linesTaken, firstNumber + linesTaken);
  if (rows == 0) return 0;
  const faces = readFields(plan, row, rows);
  const kept = anyReason ? settle(row, rows, firstLine - firstNumber, counting) : rows;
  if (!internRows(row, kept, faces)) status = L.STATUS_TOO_MANY_INTERFACES;
  return kept;
}

const NO_TOKEN: u32 = 0xffffffff;

// Reads every column; returns the token of interface-id.
function readFields(plan: usize, row: u32, rows: u32): u32 {
  const fields = planFields(plan);
  const count = planCount(plan);
  let present: u32 = 0;
  for (let i: u32 = 0; i < count; i++) present |= 1 << (<u32>load<u8>(fields + i));
  clearRows(row, rows, present & ~(1 << F.FIELD_OTHER));
  let faces = NO_TOKEN;
  let mayClash = false;
  for (let token: u32 = 0; token < count; token++) {
    const field = <u32>load<u8>(fields + token);
    if (field == F.FIELD_OTHER) continue;
    if (field == F.FIELD_INTERFACE_ID) faces = token;
    const passed = readColumn(field, token, row, rows);
    if (passed == 0) continue;
    readPassed(field, token, row, passed);
    // The kernel has read all IPv4 addresses.
    if (isAddress(field)) mayClash = true;
  }
  if (mayClash) findClashes(row, rows);
  return faces;
}

export function isAddress(field: u32): bool {
  return (
    field == F.FIELD_SRCADDR ||
    field == F.FIELD_DSTADDR ||
    field == F.FIELD_PKT_SRCADDR ||
    field == F.FIELD_PKT_DSTADDR
  );
}

/** Reads the usual tokens of a column (entryAt, `token` from there); returns how many others it listed. */
export function readColumn(field: u32, token: u32, row: u32, rows: u32): u32 {
  switch (field) {
    case F.FIELD_VERSION:
      return readDigits(token, rows);
    case F.FIELD_INTERFACE_ID:
      return readInterfaceIds(token, rows);
    case F.FIELD_SRCADDR:
      return readAddresses(token, rows, columns + L.COL_SRCADDR + ((<usize>row) << 4));
    case F.FIELD_DSTADDR:
      return readAddresses(token, rows, columns + L.COL_DSTADDR + ((<usize>row) << 4));
    case F.FIELD_PKT_SRCADDR:
      return readAddresses(token, rows, columns + L.COL_PKT_SRCADDR + ((<usize>row) << 4));
    case F.FIELD_PKT_DSTADDR:
      return readAddresses(token, rows, columns + L.COL_PKT_DSTADDR + ((<usize>row) << 4));
    case F.FIELD_SRCPORT:
      return readNumbers<u16>(token, rows, columns + L.COL_SRCPORT + ((<usize>row) << 1), 65535);
    case F.FIELD_DSTPORT:
      return readNumbers<u16>(token, rows, columns + L.COL_DSTPORT + ((<usize>row) << 1), 65535);
    case F.FIELD_PROTOCOL:
      return readNumbers<u8>(token, rows, columns + L.COL_PROTOCOL + row, 255);
    case F.FIELD_TCP_FLAGS:
      return readNumbers<u8>(token, rows, columns + L.COL_TCP_FLAGS + row, 255);
    case F.FIELD_PACKETS:
      return readNumbers<u64>(
        token,
        rows,
        columns + L.COL_PACKETS + ((<usize>row) << 3),
        u32.MAX_VALUE,
      );
    case F.FIELD_BYTES:
      return readNumbers<u64>(
        token,
        rows,
        columns + L.COL_BYTES + ((<usize>row) << 3),
        u32.MAX_VALUE,
      );
    case F.FIELD_START:
      return readSeconds(token, rows, columns + L.COL_START + ((<usize>row) << 2));
    case F.FIELD_END:
      return readSeconds(token, rows, columns + L.COL_END + ((<usize>row) << 2));
    case F.FIELD_ACTION:
      return readActions(token, rows, columns + L.COL_ACTION + row);
    case F.FIELD_LOG_STATUS:
      return readStatuses(token, rows, columns + L.COL_STATUS + row);
    case F.FIELD_FLOW_DIRECTION:
      return readDirections(token, rows, columns + L.COL_DIRECTION + row);
    default:
      return readDashes(token, rows, columns + L.COL_PRESENT + ((<usize>row) << 2), field);
  }
}

/** Reads the tokens that readColumn listed. */
export function readPassed(field: u32, token: u32, row: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const which = load<u32>(passedAt() + ((<usize>i) << 2));
    if (reasonOf(which) != 0) continue;
    const entry = <usize>load<u32>(entryAt(which)) + ((<usize>token) << 2);
    const reason = readToken(field, row + which, load<u32>(entry) + 1, load<u32>(entry, 4));
    if (reason != 0) setReason(which, reason);
  }
}

/** Finds the rows whose addresses are of two families. */
export function findClashes(row: u32, rows: u32): void {
  for (let i: u32 = 0; i < rows; i++)
    if (reasonOf(i) == 0 && familiesClash(row + i)) setReason(i, F.MALFORMED_FAMILY);
}

// Closes the gaps of rows that are no records, and counts those; returns how many are left. Stops at a header line. Scanned
// line = `offset` + number.
function settle(row: u32, rows: u32, offset: u32, counting: bool): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const reason = reasonOf(i);
    if (reason == 0) {
      if (kept != i) {
        moveRow(row + i, row + kept);
        moveEntry(i, kept);
      }
      kept++;
      continue;
    }
    const at = columns + ((<usize>(row + i)) << 2);
    const number = load<u32>(at, L.COL_LINE);
    const text = <usize>load<u32>(at, L.COL_TEXT);
    const bytes = load<u32>(at, L.COL_TEXT_BYTES);
    if (reason != F.MALFORMED_TOO_LONG && looksLikeHeader(text, text + bytes)) {
      status = L.STATUS_HEADER;
      headerPtr = text;
      headerBytes = bytes;
      headerReason = reason;
      goOnAt(offset + number + 1, number + 1);
      return kept;
    }
    noteMalformed(number, reason, text, bytes, counting);
  }
  return kept;
}
