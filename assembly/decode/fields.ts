// One token of a field, whatever it holds: the whole definition of what parses. The kernels (numbers.ts, addresses.ts,
// words.ts) read the usual tokens of a column by themselves and leave all others to this.

import {
  ACTION_ACCEPT,
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
import { isV4, parseIp, parseNumber, tokenHigh, tokenLow, tokenNumber } from "./tokens";
import { ACCEPT, EGRESS, INGRESS, OK, REJECT, SEVEN_BYTES, SIX_BYTES } from "./words";

const NODATA: u64 = 0x415441444f4e;
const SKIPDATA: u64 = 0x4154414450494b53;

/**
 * Reads the token [ptr, end) of a field into row `row` of the columns. `-` clears the field's bit of COL_PRESENT.
 * Returns MALFORMED_*, 0 = it parses.
 */
export function readToken(field: u32, row: u32, ptr: usize, end: usize): u32 {
  if (load<u8>(ptr) == 45 && end - ptr == 1) {
    if (field == F.FIELD_LOG_STATUS) return F.MALFORMED_STATUS;
    clearField(field, row);
    return 0;
  }
  switch (field) {
    case F.FIELD_SRCADDR:
      return readAddress(L.COL_SRCADDR, row, ptr, end);
    case F.FIELD_DSTADDR:
      return readAddress(L.COL_DSTADDR, row, ptr, end);
    case F.FIELD_PKT_SRCADDR:
      return readAddress(L.COL_PKT_SRCADDR, row, ptr, end);
    case F.FIELD_PKT_DSTADDR:
      return readAddress(L.COL_PKT_DSTADDR, row, ptr, end);
    case F.FIELD_SRCPORT:
      return readNumber<u16>(L.COL_SRCPORT, row, ptr, end, 65535);
    case F.FIELD_DSTPORT:
      return readNumber<u16>(L.COL_DSTPORT, row, ptr, end, 65535);
    case F.FIELD_PROTOCOL:
      return readNumber<u8>(L.COL_PROTOCOL, row, ptr, end, 255);
    case F.FIELD_TCP_FLAGS:
      return readNumber<u8>(L.COL_TCP_FLAGS, row, ptr, end, 255);
    case F.FIELD_PACKETS:
      return readNumber<u64>(L.COL_PACKETS, row, ptr, end, i64.MAX_VALUE);
    case F.FIELD_BYTES:
      return readNumber<u64>(L.COL_BYTES, row, ptr, end, i64.MAX_VALUE);
    case F.FIELD_START:
      if (end - ptr > 10) return F.MALFORMED_NUMBER;
      return readNumber<u32>(L.COL_START, row, ptr, end, 0xffffffff);
    case F.FIELD_END:
      if (end - ptr > 10) return F.MALFORMED_NUMBER;
      return readNumber<u32>(L.COL_END, row, ptr, end, 0xffffffff);
    case F.FIELD_VERSION:
      return parseNumber(ptr, end) && tokenNumber <= 255 ? 0 : F.MALFORMED_NUMBER;
    case F.FIELD_ACTION:
      return readAction(row, ptr, end);
    case F.FIELD_LOG_STATUS:
      return readStatus(row, ptr, end);
    case F.FIELD_FLOW_DIRECTION:
      return readDirection(row, ptr, end);
    case F.FIELD_INTERFACE_ID:
      return end - ptr > <usize>L.MAX_INTERFACE_ID_BYTES ? F.MALFORMED_INTERFACE_ID : 0;
    case F.FIELD_REJECT_REASON:
      return readRejectReason(row, ptr, end);
    case F.FIELD_RESOURCE_ID:
      if (end - ptr > 4 && load<u32>(ptr) == 0x2d74616e)
        store<u8>(columns + L.COL_NAT_RESOURCE + row, 1); // nat-
      return 0;
    default:
      return 0;
  }
}

/** `-`: as if the format lacked the field. What is read without asking COL_PRESENT is zero then. */
export function clearField(field: u32, row: u32): void {
  const present = columns + L.COL_PRESENT + ((<usize>row) << 2);
  store<u32>(present, load<u32>(present) & ~(1 << field));
  if (field == F.FIELD_ACTION) store<u8>(columns + L.COL_ACTION + row, 0);
  else if (field == F.FIELD_FLOW_DIRECTION) store<u8>(columns + L.COL_DIRECTION + row, 0);
  else if (field == F.FIELD_TCP_FLAGS) store<u8>(columns + L.COL_TCP_FLAGS + row, 0);
}

function readNumber<T>(column: u32, row: u32, ptr: usize, end: usize, most: u64): u32 {
  if (!parseNumber(ptr, end) || tokenNumber > most) return F.MALFORMED_NUMBER;
  store<T>(columns + <usize>column + <usize>row * sizeof<T>(), <T>tokenNumber);
  return 0;
}

function readAddress(column: u32, row: u32, ptr: usize, end: usize): u32 {
  if (!parseIp(ptr, end)) return F.MALFORMED_ADDRESS;
  const to = columns + <usize>column + ((<usize>row) << 4);
  store<u64>(to, tokenHigh);
  store<u64>(to, tokenLow, 8);
  return 0;
}

function readAction(row: u32, ptr: usize, end: usize): u32 {
  const word = load<u64>(ptr) & SIX_BYTES;
  if (end - ptr != 6 || (word != ACCEPT && word != REJECT)) return F.MALFORMED_ACTION;
  store<u8>(columns + L.COL_ACTION + row, word == ACCEPT ? ACTION_ACCEPT : ACTION_REJECT);
  return 0;
}

function readStatus(row: u32, ptr: usize, end: usize): u32 {
  const length = end - ptr;
  const word = load<u64>(ptr);
  let status: u32 = STATUS_OK;
  if (length == 6 && (word & SIX_BYTES) == NODATA) status = STATUS_NODATA;
  else if (length == 8 && word == SKIPDATA) status = STATUS_SKIPDATA;
  else if (length != 2 || (<u32>word & 0xffff) != OK) return F.MALFORMED_STATUS;
  store<u8>(columns + L.COL_STATUS + row, <u8>status);
  return 0;
}

function readDirection(row: u32, ptr: usize, end: usize): u32 {
  const length = end - ptr;
  const word = load<u64>(ptr);
  let direction: u32 = DIRECTION_INGRESS;
  if (length == 6 && (word & SIX_BYTES) == EGRESS) direction = DIRECTION_EGRESS;
  else if (length != 7 || (word & SEVEN_BYTES) != INGRESS) return F.MALFORMED_DIRECTION;
  store<u8>(columns + L.COL_DIRECTION + row, <u8>direction);
  return 0;
}

// Other words are passed over: AWS may invent more.
function readRejectReason(row: u32, ptr: usize, end: usize): u32 {
  let reason: u32 = F.REJECT_REASON_NONE;
  if (end - ptr == 3 && load<u16>(ptr) == 0x5042 && load<u8>(ptr, 2) == 65)
    reason = F.REJECT_REASON_BPA;
  else if (end - ptr == 2 && load<u16>(ptr) == 0x4345) reason = F.REJECT_REASON_EC;
  store<u8>(columns + L.COL_REJECT_REASON + row, <u8>reason);
  return 0;
}

const HAS_SRC: u32 = 1 << F.FIELD_SRCADDR;
const HAS_DST: u32 = 1 << F.FIELD_DSTADDR;
const HAS_PKT_SRC: u32 = 1 << F.FIELD_PKT_SRCADDR;
const HAS_PKT_DST: u32 = 1 << F.FIELD_PKT_DSTADDR;

/** Whether source and destination, as shown or as in the packet or one of each (4.7), are of different families. */
export function familiesClash(row: u32): bool {
  const present = load<u32>(columns + L.COL_PRESENT + ((<usize>row) << 2));
  const src: u32 = present & HAS_SRC ? family(L.COL_SRCADDR, row) : 0;
  const dst: u32 = present & HAS_DST ? family(L.COL_DSTADDR, row) : 0;
  const pktSrc: u32 = present & HAS_PKT_SRC ? family(L.COL_PKT_SRCADDR, row) : 0;
  const pktDst: u32 = present & HAS_PKT_DST ? family(L.COL_PKT_DSTADDR, row) : 0;
  // 1 IPv4, 2 IPv6, 0 absent: two of different families make 3.
  if ((src | dst) == 3 || (pktSrc | pktDst) == 3) return true;
  return ((pktSrc == 0 ? src : pktSrc) | (pktDst == 0 ? dst : pktDst)) == 3;
}

function family(column: u32, row: u32): u32 {
  const at = columns + <usize>column + ((<usize>row) << 4);
  return isV4(load<u64>(at), load<u64>(at, 8)) ? 1 : 2;
}

/** Protocols whose ports matter (1.5, 4.7). */
export function hasPorts(protocol: u32): bool {
  return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
}
