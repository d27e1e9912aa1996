// Stage two of decoding: the lines of a chunk into the input columns. What does not parse is marked and counted,
// never guessed. Knows nothing of rules, directions or connections.

import {
  ACTION_ACCEPT,
  ACTION_NONE,
  ACTION_REJECT,
  DIRECTION_EGRESS,
  DIRECTION_INGRESS,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  STATUS_NODATA,
  STATUS_OK,
  STATUS_SKIPDATA,
} from "../shared/codes";
import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { columns } from "./columns";
import { internInterface } from "./interfaces";
import { noteMalformed } from "./malformed";
import { planCount, planFields } from "./plan";
import { scan, scanIndex } from "./scan";
import { isV4, parseIp, parseNumber, tokenHigh, tokenLow, tokenNumber } from "./tokens";

// State of the chunk being decoded; the host feeds one chunk at a time.
let cursor: usize = 0; // first byte not consumed
let chunkEnd: usize = 0;
let separators: usize = 0; // next entry of the scan index
let separatorsEnd: usize = 0;
let line: u32 = 0; // physical line of `cursor`
let lastChunk: bool = false;
let skipping: bool = false; // inside a line longer than MAX_LINE_BYTES
let headerPtr: usize = 0;
let headerBytes: u32 = 0;

/** A file begins: line numbers start at `firstLine`, nothing is carried over. */
export function decodeBegin(firstLine: u32): void {
  line = firstLine;
  skipping = false;
}

/** Text [ptr, ptr + bytes) of the current file follows; `last` says that no more will come. O(bytes): scans it. */
export function decodeChunk(ptr: usize, bytes: u32, last: bool): void {
  cursor = ptr;
  chunkEnd = ptr + bytes;
  lastChunk = last;
  separators = scanIndex();
  separatorsEnd = separators + ((<usize>scan(ptr, chunkEnd)) << 2);
}

/** Bytes at the chunk's end that belong to a line not complete yet: the host puts them before the next chunk. */
export function decodeRest(): u32 {
  return <u32>(chunkEnd - cursor);
}

/** The line decode() stopped at with STATUS_HEADER. Valid until the next decodeChunk. */
export function decodeHeaderPtr(): usize {
  return headerPtr;
}
export function decodeHeaderBytes(): u32 {
  return headerBytes;
}

/** ISO time that CloudWatch exports put in front of a line. */
export function isTimePrefix(ptr: usize, end: usize): bool {
  // 2024-12-14T16:25:12.000Z
  if (end - ptr < 13 || load<u8>(end - 1) != 90) return false;
  if (load<u8>(ptr + 4) != 45 || load<u8>(ptr + 7) != 45 || load<u8>(ptr + 10) != 84) return false;
  for (let i: usize = 0; i < 10; i++) {
    if (i == 4 || i == 7) continue;
    if (<u32>load<u8>(ptr + i) - 48 > 9) return false;
  }
  for (let p = ptr + 11; p < end - 1; p++) {
    const c = <u32>load<u8>(p);
    if (c - 48 > 9 && c != 58 && c != 46) return false;
  }
  return true;
}

// A token that begins with a letter where a number or `-` must stand, in a line of letters, digits, - and _ only.
function looksLikeHeader(ptr: usize, end: usize): bool {
  let names: u32 = 0;
  let p = ptr;
  let inToken = false;
  while (p < end) {
    const c = <u32>load<u8>(p);
    if (c <= 0x20) {
      inToken = false;
    } else if (!inToken) {
      if ((c | 32) - 97 > 25 && c != 36) return false; // a letter, or $ of ${name}
      inToken = true;
      names++;
    }
    p++;
  }
  return names >= 3;
}

/**
 * Decodes until `room` records stand in the columns, the chunk is used up, or a header line is met.
 * Reads: the chunk, the plan. Writes: columns from row `at`, malformed counters. Valid until: the next call.
 * Returns the number of records written; decodeStatus() tells why it stopped.
 */
export function decode(plan: usize, at: u32, room: u32, counting: bool): u32 {
  status = L.STATUS_DONE;
  let row = at;
  const rowEnd = at + room;
  while (row < rowEnd) {
    if (cursor >= chunkEnd) return row - at;
    if (skipping) {
      if (!skipToLineEnd()) return row - at;
      skipping = false;
      line++;
      continue;
    }
    const lineStart = cursor;
    const lineSeparators = separators;
    const outcome = decodeLineAt(plan, row, counting);
    if (outcome == LINE_RECORD) {
      row++;
    } else if (outcome == LINE_PARTIAL) {
      cursor = lineStart;
      separators = lineSeparators;
      if (chunkEnd - lineStart > <usize>L.MAX_LINE_BYTES) {
        noteMalformed(line, F.MALFORMED_TOO_LONG, lineStart, <u32>(chunkEnd - lineStart), counting);
        skipping = true;
        cursor = chunkEnd;
      }
      return row - at;
    } else if (outcome == LINE_HEADER) {
      status = L.STATUS_HEADER;
      headerPtr = lineStart;
      headerBytes = <u32>(lineEnd - lineStart);
      return row - at;
    } else if (outcome == LINE_FATAL) {
      status = L.STATUS_TOO_MANY_INTERFACES;
      return row - at;
    }
  }
  if (row == rowEnd && cursor < chunkEnd) status = L.STATUS_MORE;
  return row - at;
}

let status: i32 = 0;
export function decodeStatus(): i32 {
  return status;
}

const LINE_RECORD: u32 = 0;
const LINE_SKIPPED: u32 = 1; // blank or malformed, counted
const LINE_PARTIAL: u32 = 2;
const LINE_HEADER: u32 = 3;
const LINE_FATAL: u32 = 4;

let lineEnd: usize = 0; // without a carriage return
let rawEnd: usize = 0; // with it

function skipToLineEnd(): bool {
  while (separators < separatorsEnd) {
    const s = <usize>load<u32>(separators);
    separators += 4;
    if (s >= cursor && load<u8>(s) == 10) {
      cursor = s + 1;
      return true;
    }
  }
  cursor = chunkEnd;
  if (lastChunk) skipping = false;
  return false;
}

// Tokens of the current line: [start, end) pairs, at most MAX_FIELDS + 2 kept; more only count.
// Static scratch: 2 x u32 per token.
const TOKENS: usize = memory.data((256 + 4) * 8, 16);
const MAX_TOKENS: u32 = 256 + 2;

// Cuts the line at the cursor into tokens. Returns their number, or -1 when the line is not complete in this chunk.
function tokenise(): i32 {
  let tokens: u32 = 0;
  let start = cursor;
  let s: usize = 0;
  while (separators < separatorsEnd) {
    s = <usize>load<u32>(separators);
    separators += 4;
    const c = <u32>load<u8>(s);
    if (c == 0x20 || c == 9) {
      if (s != start) {
        if (tokens < MAX_TOKENS) {
          store<u32>(TOKENS + (tokens << 3), <u32>start);
          store<u32>(TOKENS + (tokens << 3), <u32>s, 4);
        }
        tokens++;
      }
      start = s + 1;
      continue;
    }
    if (c == 10) {
      return finishLine(tokens, start, s, s + 1);
    }
    // Any other control byte is part of its token; a carriage return before the line end is stripped there.
  }
  if (!lastChunk) return -1;
  return finishLine(tokens, start, chunkEnd, chunkEnd);
}

function finishLine(tokens: u32, start: usize, end: usize, next: usize): i32 {
  rawEnd = end;
  const last = end > cursor && load<u8>(end - 1) == 13 ? end - 1 : end;
  lineEnd = last;
  if (last > start) {
    if (tokens < MAX_TOKENS) {
      store<u32>(TOKENS + (tokens << 3), <u32>start);
      store<u32>(TOKENS + (tokens << 3), <u32>last, 4);
    }
    tokens++;
  }
  cursor = next;
  return <i32>tokens;
}

function decodeLineAt(plan: usize, row: u32, counting: bool): u32 {
  const lineStart = cursor;
  const tokens = tokenise();
  if (tokens < 0) return LINE_PARTIAL;
  const at = line;
  // Before anything else, as where the line does not end in this chunk: no cut may change what it is.
  if (rawEnd - lineStart > <usize>L.MAX_LINE_BYTES) {
    noteMalformed(at, F.MALFORMED_TOO_LONG, lineStart, <u32>(lineEnd - lineStart), counting);
    line++;
    return LINE_SKIPPED;
  }
  if (tokens == 0) {
    line++;
    return LINE_SKIPPED;
  }
  const expected = planCount(plan);
  let token = TOKENS;
  let reason: u32 = 0;
  if (<u32>tokens != expected) {
    if (<u32>tokens == expected + 1 && isTimePrefix(load<u32>(token), load<u32>(token, 4))) {
      token += 8;
    } else {
      reason = F.MALFORMED_FIELD_COUNT;
    }
  }
  if (reason == 0) reason = decodeTokens(plan, expected, token, row);
  if (reason == FATAL) return LINE_FATAL;
  if (reason != 0) {
    if (looksLikeHeader(lineStart, lineEnd)) {
      headerReason = reason;
      line++;
      return LINE_HEADER;
    }
    noteMalformed(at, reason, lineStart, <u32>(lineEnd - lineStart), counting);
    line++;
    return LINE_SKIPPED;
  }
  store<u32>(columns + L.COL_LINE + (row << 2), at);
  store<u32>(columns + L.COL_TEXT + (row << 2), <u32>lineStart);
  store<u32>(columns + L.COL_TEXT_BYTES + (row << 2), <u32>(lineEnd - lineStart));
  line++;
  return LINE_RECORD;
}

let headerReason: u32 = 0; // why the line of STATUS_HEADER is no record

/** The host found the line of STATUS_HEADER to be no header: it counts as malformed. */
export function decodeHeaderMalformed(counting: bool): void {
  noteMalformed(line - 1, headerReason, headerPtr, headerBytes, counting);
}

const FATAL: u32 = 255;

function decodeTokens(plan: usize, expected: u32, first: usize, row: u32): u32 {
  const fields = planFields(plan);
  let idPtr: usize = 0;
  let idBytes: u32 = 0;
  let token = first;
  let present: u32 = 0;
  const base = columns;
  store<u8>(base + L.COL_STATUS + row, STATUS_OK);
  store<u8>(base + L.COL_ACTION + row, ACTION_NONE);
  store<u8>(base + L.COL_DIRECTION + row, 0);
  store<u8>(base + L.COL_REJECT_REASON + row, 0);
  store<u8>(base + L.COL_NAT_RESOURCE + row, 0);
  store<u8>(base + L.COL_TCP_FLAGS + row, 0);
  store<u32>(base + L.COL_INTERFACE + (row << 2), 0xffffffff);
  for (let i: u32 = 0; i < expected; i++, token += 8) {
    const field = <u32>load<u8>(fields + i);
    if (field == F.FIELD_OTHER) continue;
    const ptr = <usize>load<u32>(token);
    const end = <usize>load<u32>(token, 4);
    const first = <u32>load<u8>(ptr);
    if (first == 45 && end - ptr == 1) {
      if (field == F.FIELD_LOG_STATUS) return F.MALFORMED_STATUS;
      continue;
    }
    switch (field) {
      case F.FIELD_SRCADDR: {
        if (!parseIp(ptr, end)) return F.MALFORMED_ADDRESS;
        const to = base + L.COL_SRCADDR + (row << 4);
        store<u64>(to, tokenHigh);
        store<u64>(to, tokenLow, 8);
        break;
      }
      case F.FIELD_DSTADDR: {
        if (!parseIp(ptr, end)) return F.MALFORMED_ADDRESS;
        const to = base + L.COL_DSTADDR + (row << 4);
        store<u64>(to, tokenHigh);
        store<u64>(to, tokenLow, 8);
        break;
      }
      case F.FIELD_PKT_SRCADDR: {
        if (!parseIp(ptr, end)) return F.MALFORMED_ADDRESS;
        const to = base + L.COL_PKT_SRCADDR + (row << 4);
        store<u64>(to, tokenHigh);
        store<u64>(to, tokenLow, 8);
        break;
      }
      case F.FIELD_PKT_DSTADDR: {
        if (!parseIp(ptr, end)) return F.MALFORMED_ADDRESS;
        const to = base + L.COL_PKT_DSTADDR + (row << 4);
        store<u64>(to, tokenHigh);
        store<u64>(to, tokenLow, 8);
        break;
      }
      case F.FIELD_SRCPORT: {
        if (!parseNumber(ptr, end) || tokenNumber > 65535) return F.MALFORMED_NUMBER;
        store<u16>(base + L.COL_SRCPORT + (row << 1), <u16>tokenNumber);
        break;
      }
      case F.FIELD_DSTPORT: {
        if (!parseNumber(ptr, end) || tokenNumber > 65535) return F.MALFORMED_NUMBER;
        store<u16>(base + L.COL_DSTPORT + (row << 1), <u16>tokenNumber);
        break;
      }
      case F.FIELD_PROTOCOL: {
        if (!parseNumber(ptr, end) || tokenNumber > 255) return F.MALFORMED_NUMBER;
        store<u8>(base + L.COL_PROTOCOL + row, <u8>tokenNumber);
        break;
      }
      case F.FIELD_PACKETS: {
        if (!parseNumber(ptr, end)) return F.MALFORMED_NUMBER;
        store<u64>(base + L.COL_PACKETS + (row << 3), tokenNumber);
        break;
      }
      case F.FIELD_BYTES: {
        if (!parseNumber(ptr, end)) return F.MALFORMED_NUMBER;
        store<u64>(base + L.COL_BYTES + (row << 3), tokenNumber);
        break;
      }
      case F.FIELD_START: {
        if (end - ptr > 10 || !parseNumber(ptr, end) || tokenNumber > 4294967295)
          return F.MALFORMED_NUMBER;
        store<u32>(base + L.COL_START + (row << 2), <u32>tokenNumber);
        break;
      }
      case F.FIELD_END: {
        if (end - ptr > 10 || !parseNumber(ptr, end) || tokenNumber > 4294967295)
          return F.MALFORMED_NUMBER;
        store<u32>(base + L.COL_END + (row << 2), <u32>tokenNumber);
        break;
      }
      case F.FIELD_ACTION: {
        if (end - ptr != 6) return F.MALFORMED_ACTION;
        const word = load<u32>(ptr);
        const tail = load<u16>(ptr, 4);
        if (word == 0x45434341 && tail == 0x5450)
          store<u8>(base + L.COL_ACTION + row, ACTION_ACCEPT);
        else if (word == 0x454a4552 && tail == 0x5443)
          store<u8>(base + L.COL_ACTION + row, ACTION_REJECT);
        else return F.MALFORMED_ACTION;
        break;
      }
      case F.FIELD_LOG_STATUS: {
        const length = end - ptr;
        if (length == 2 && load<u16>(ptr) == 0x4b4f) break;
        if (length == 6 && load<u32>(ptr) == 0x41444f4e && load<u16>(ptr, 4) == 0x4154)
          store<u8>(base + L.COL_STATUS + row, STATUS_NODATA);
        else if (length == 8 && load<u64>(ptr) == 0x4154414450494b53)
          store<u8>(base + L.COL_STATUS + row, STATUS_SKIPDATA);
        else return F.MALFORMED_STATUS;
        break;
      }
      case F.FIELD_TCP_FLAGS: {
        if (!parseNumber(ptr, end) || tokenNumber > 255) return F.MALFORMED_NUMBER;
        store<u8>(base + L.COL_TCP_FLAGS + row, <u8>tokenNumber);
        break;
      }
      case F.FIELD_FLOW_DIRECTION: {
        if (end - ptr == 7 && (load<u64>(ptr) & 0x00ffffffffffffff) == 0x0073736572676e69)
          store<u8>(base + L.COL_DIRECTION + row, DIRECTION_INGRESS);
        else if (end - ptr == 6 && (load<u64>(ptr) & 0x0000ffffffffffff) == 0x0000737365726765)
          store<u8>(base + L.COL_DIRECTION + row, DIRECTION_EGRESS);
        else return F.MALFORMED_DIRECTION;
        break;
      }
      case F.FIELD_INTERFACE_ID: {
        if (end - ptr > <usize>L.MAX_INTERFACE_ID_BYTES) return F.MALFORMED_INTERFACE_ID;
        idPtr = ptr;
        idBytes = <u32>(end - ptr);
        break;
      }
      case F.FIELD_VERSION: {
        if (!parseNumber(ptr, end) || tokenNumber > 255) return F.MALFORMED_NUMBER;
        break;
      }
      case F.FIELD_REJECT_REASON: {
        if (end - ptr == 3 && load<u16>(ptr) == 0x5042 && load<u8>(ptr, 2) == 65)
          store<u8>(base + L.COL_REJECT_REASON + row, F.REJECT_REASON_BPA);
        else if (end - ptr == 2 && load<u16>(ptr) == 0x4345)
          store<u8>(base + L.COL_REJECT_REASON + row, F.REJECT_REASON_EC);
        break;
      }
      case F.FIELD_RESOURCE_ID: {
        if (end - ptr > 4 && load<u32>(ptr) == 0x2d74616e)
          store<u8>(base + L.COL_NAT_RESOURCE + row, 1);
        break;
      }
      default:
        break;
    }
    present |= 1 << field;
  }
  store<u32>(base + L.COL_PRESENT + (row << 2), present);
  if (familyClash(row, present)) return F.MALFORMED_FAMILY;
  // Last of all: what does not parse interns nothing, so that a batch brings at most as many new ids as records.
  if (idPtr == 0) return 0;
  const index = internInterface(idPtr, idBytes);
  if (index == 0xffffffff) return FATAL;
  store<u32>(base + L.COL_INTERFACE + (row << 2), index);
  return 0;
}

const HAS_SRC: u32 = 1 << F.FIELD_SRCADDR;
const HAS_DST: u32 = 1 << F.FIELD_DSTADDR;
const HAS_PKT_SRC: u32 = 1 << F.FIELD_PKT_SRCADDR;
const HAS_PKT_DST: u32 = 1 << F.FIELD_PKT_DSTADDR;

// Source and destination, as shown or as in the packet or one of each (4.7), must be of one family.
function familyClash(row: u32, present: u32): bool {
  const src: u32 = present & HAS_SRC ? family(L.COL_SRCADDR, row) : 0;
  const dst: u32 = present & HAS_DST ? family(L.COL_DSTADDR, row) : 0;
  const pktSrc: u32 = present & HAS_PKT_SRC ? family(L.COL_PKT_SRCADDR, row) : 0;
  const pktDst: u32 = present & HAS_PKT_DST ? family(L.COL_PKT_DSTADDR, row) : 0;
  // 1 IPv4, 2 IPv6, 0 absent: two of different families make 3.
  if ((src | dst) == 3 || (pktSrc | pktDst) == 3) return true;
  return ((pktSrc == 0 ? src : pktSrc) | (pktDst == 0 ? dst : pktDst)) == 3;
}

function family(column: u32, row: u32): u32 {
  const at = columns + column + (row << 4);
  return isV4(load<u64>(at), load<u64>(at, 8)) ? 1 : 2;
}

/** Protocols whose ports matter (1.5, 4.7). */
export function hasPorts(protocol: u32): bool {
  return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
}
