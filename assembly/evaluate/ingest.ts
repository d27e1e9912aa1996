// From input columns to rows of the look-ahead: filters, counts, section 1 and 2 of the specification, connection keys.

import { columns } from "../decode/columns";
import { hasPorts } from "../decode/decode";
import {
  interfaceState,
  interfaceTemplate,
  namelessState,
  ownsNameless,
} from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { keyB } from "../conntrack/key";
import { blockHold } from "../lookahead/blocks";
import { listAppend } from "../lookahead/lists";
import {
  countRows,
  keepsText,
  keyedBytes,
  rowKey,
  rowShown,
  rowSides,
  rowText,
  TEXT_BLOCK,
  TEXT_BYTES,
  TEXT_PLAN,
  TEXT_PTR,
} from "../lookahead/rows";
import { closedEnd, slotCount, slotListFor, slotOf, slotSeen } from "../lookahead/slots";
import { isLocal, isService } from "../match/matcher";
import { hash2, mix64 } from "../memory/hash";
import {
  DIRECTION_EGRESS,
  DIRECTION_INGRESS,
  DIRECTION_NONE,
  PROTOCOL_UDP,
  REASON_INTERFACE_NOT_IN_SNAPSHOT,
  REASON_MISSING_FIELD,
  REASON_NO_DIRECTION,
  REASON_NO_GROUPS,
  REASON_NOT_FILTERED,
  STATUS_NODATA,
  STATUS_SKIPDATA,
} from "../shared/codes";
import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { count } from "./counters";
import { facts, hasAcls, imageInterfaces } from "./timelines";

let filterFrom: u32 = 0;
let filterTo: u32 = 0xffffffff;
let filtersTime: bool = false;
/** Some row's direction is to be told by the records themselves (2.3). */
export let anyUnoriented: bool = false;
/** Rows that came after their slot was closed. */
export const lateList: usize = memory.data(16, 16);
/** Rows without a start. */
export const untimedList: usize = memory.data(16, 16);

/** Records with from <= start < to pass; without times they pass too when no filter is set. */
export function setTimeFilter(from: u32, to: u32): void {
  filterFrom = from;
  filterTo = to;
  filtersTime = true;
}

const NEEDED_ADDRESSES: u32 = (1 << F.FIELD_SRCADDR) | (1 << F.FIELD_DSTADDR);

/**
 * Takes `rows` records of the columns into the look-ahead.
 * Reads: columns. Writes: rows, slots, counters, interface state. The caller made sure of room for `rows` rows.
 */
export function ingest(rows: u32, file: u32, plan: u32, block: u32): void {
  for (let i: u32 = 0; i < rows; i++) ingestRow(i, file, plan, block);
}

function has(present: u32, field: u32): bool {
  return ((present >> field) & 1) != 0;
}

/** The same for one record, row `i` of the columns. */
export function ingestRow(i: u32, file: u32, plan: u32, block: u32): void {
  const present = load<u32>(columns + L.COL_PRESENT + (i << 2));
  const face = load<u32>(columns + L.COL_INTERFACE + (i << 2));
  const named = face != 0xffffffff;
  const state = named ? interfaceState(face) : namelessState();
  const flags = load<u32>(named ? state : interfaceTemplate(), L.STATE_FLAGS);
  const owned = named ? (flags & L.INTERFACE_OWNED) != 0 : ownsNameless();
  const hasStart = has(present, F.FIELD_START);
  const start: u32 = hasStart ? load<u32>(columns + L.COL_START + (i << 2)) : 0;
  if (
    !(flags & L.INTERFACE_PASSES) ||
    (filtersTime && (!hasStart || start < filterFrom || start >= filterTo))
  ) {
    if (owned) count(L.COUNT_FILTERED, 1);
    return;
  }
  const end: u32 = has(present, F.FIELD_END) ? load<u32>(columns + L.COL_END + (i << 2)) : start;
  const status = <u32>load<u8>(columns + L.COL_STATUS + i);
  if (owned) count(L.COUNT_READ, 1);
  if (hasStart) slotSeen(slotOf(start));
  if (named && hasStart && start < load<u32>(state, L.STATE_FIRST_START))
    store<u32>(state, start, L.STATE_FIRST_START);
  if (status == STATUS_NODATA) {
    if (!owned) return;
    count(L.COUNT_NODATA, 1);
    if (named) store<u32>(state, load<u32>(state, L.STATE_NODATA) + 1, L.STATE_NODATA);
    return;
  }
  const evidenceOnly = !owned;
  const wanted = owned || (flags & L.INTERFACE_EVIDENCE) != 0;
  if (status == STATUS_SKIPDATA) {
    if (owned) {
      count(L.COUNT_SKIPDATA, 1);
      if (named) {
        store<u32>(state, load<u32>(state, L.STATE_SKIPDATA) + 1, L.STATE_SKIPDATA);
        store<u64>(
          state,
          load<u64>(state, L.STATE_SKIP_SECONDS) + (end > start ? end - start : 0),
          L.STATE_SKIP_SECONDS,
        );
      }
    }
    if (wanted && named && hasStart) placeSkip(face, start, end);
    return;
  }
  if (hasStart && slotOf(start) >= closedEnd) slotCount(slotOf(start));
  // Without a start it lies in no slot and is no evidence: only whose record it is judges it.
  if (!wanted || (evidenceOnly && !hasStart)) return;
  if (owned) {
    store<u64>(state, load<u64>(state, L.STATE_RECORDS) + 1, L.STATE_RECORDS);
    if (hasStart && start < load<u32>(state, L.STATE_OK_FIRST))
      store<u32>(state, start, L.STATE_OK_FIRST);
    if (end > load<u32>(state, L.STATE_LAST_END)) store<u32>(state, end, L.STATE_LAST_END);
  }
  const declared = <u32>load<u8>(columns + L.COL_DIRECTION + i);
  const both = (present & NEEDED_ADDRESSES) == NEEDED_ADDRESSES;
  const ipv6 = both && isIpv6Row(i, present);
  // 2.3 applies: the own address is to be inferred from the records themselves.
  const unoriented =
    both &&
    declared == DIRECTION_NONE &&
    named &&
    // Without a start it lies in no slot: it is no evidence for 2.3.
    hasStart &&
    (flags & (L.INTERFACE_KNOWN | L.INTERFACE_ADDRESSES)) == L.INTERFACE_KNOWN;
  const late = hasStart && slotOf(start) < closedEnd;
  // Written where it stays: a row made elsewhere and copied is written twice and read before its parts are in the cache.
  const ptr = listAppend(
    late ? lateList : hasStart ? slotListFor(slotOf(start)) : untimedList,
    keyedBytes(ipv6, unoriented),
  );
  countRows(1);
  store<u32>(ptr, start, L.ROW_START);
  store<u32>(ptr, end, L.ROW_END);
  store<u64>(
    ptr,
    has(present, F.FIELD_BYTES) ? load<u64>(columns + L.COL_BYTES + (i << 3)) : 0,
    L.ROW_OCTETS,
  );
  store<u32>(ptr, 0, L.ROW_CONN);
  store<u32>(ptr, file, L.ROW_FILE);
  store<u32>(ptr, load<u32>(columns + L.COL_LINE + (i << 2)), L.ROW_LINE);
  let bits: u32 = load<u8>(columns + L.COL_ACTION + i) | L.BIT_KEYED;
  if (has(present, F.FIELD_PACKETS) && load<u64>(columns + L.COL_PACKETS + (i << 3)) > 1)
    bits |= 1 << L.BIT_PACKETS_SHIFT;
  const tcpFlags = <u32>load<u8>(columns + L.COL_TCP_FLAGS + i);
  if (has(present, F.FIELD_TCP_FLAGS))
    bits |= L.BIT_FLAGS_KNOWN | (((tcpFlags & 7) | ((tcpFlags & 16) >> 1)) << L.BIT_FLAGS_SHIFT);
  bits |= (<u32>load<u8>(columns + L.COL_REJECT_REASON + i)) << L.BIT_REJECT_REASON_SHIFT;
  if (has(present, F.FIELD_PKT_SRCADDR) || has(present, F.FIELD_PKT_DSTADDR)) bits |= L.BIT_HAS_PKT;
  if (evidenceOnly) bits |= L.BIT_EVIDENCE_ONLY;
  bits |= keyRow(i, ptr, present, face, named, flags, declared, both, ipv6, unoriented);
  if (late && owned) count(L.COUNT_LATE, 1);
  store<u32>(ptr, bits, L.ROW_BITS);
  if (keepsText && owned) {
    const text = rowText(ptr);
    store<u32>(text, load<u32>(columns + L.COL_TEXT + (i << 2)), TEXT_PTR);
    store<u32>(text, load<u32>(columns + L.COL_TEXT_BYTES + (i << 2)), TEXT_BYTES);
    store<u32>(text, block, TEXT_BLOCK);
    store<u32>(text, plan, TEXT_PLAN);
    blockHold(block);
  }
}

// Packet addresses where they are given, those shown otherwise.
function isIpv6Row(i: u32, present: u32): bool {
  const column = has(present, F.FIELD_PKT_SRCADDR) ? L.COL_PKT_SRCADDR : L.COL_SRCADDR;
  const at = columns + column + (i << 4);
  return !isV4(load<u64>(at), load<u64>(at, 8));
}

function placeSkip(face: u32, start: u32, end: u32): void {
  if (slotOf(start) < closedEnd) {
    const state = interfaceState(face);
    if (end > load<u32>(state, L.STATE_SKIP_END)) store<u32>(state, end, L.STATE_SKIP_END);
    return;
  }
  const row = listAppend(slotListFor(slotOf(start)), keyedBytes(false, false));
  countRows(1);
  store<u32>(row, start, L.ROW_START);
  store<u32>(row, end, L.ROW_END);
  store<u32>(row, L.BIT_SKIPDATA | L.BIT_KEYED, L.ROW_BITS);
  store<u64>(rowKey(row), (<u64>face) << L.KEYB_INTERFACE_SHIFT, 8);
}

function local(face: u32, high: u64, low: u64): bool {
  return face < imageInterfaces && isLocal(facts, face, isV4(high, low) ? 4 : 6, high, low);
}

function service(face: u32, high: u64, low: u64): bool {
  return isService(facts, face < imageInterfaces ? face : 0xffffffff, high, low);
}

function preset(reason: u32): u32 {
  return (reason + 1) << L.BIT_PRESET_SHIFT;
}

// First field of 1.5 that is missing, 0 = none.
function missingField(present: u32, protocol: u32, named: bool, nat: bool): u32 {
  if (!named && !nat) return F.FIELD_INTERFACE_ID;
  if (!has(present, F.FIELD_SRCADDR)) return F.FIELD_SRCADDR;
  if (!has(present, F.FIELD_DSTADDR)) return F.FIELD_DSTADDR;
  if (!has(present, F.FIELD_PROTOCOL)) return F.FIELD_PROTOCOL;
  if (hasPorts(protocol)) {
    if (!has(present, F.FIELD_SRCPORT)) return F.FIELD_SRCPORT;
    if (!has(present, F.FIELD_DSTPORT)) return F.FIELD_DSTPORT;
  }
  return has(present, F.FIELD_START) ? 0 : F.FIELD_START;
}

// DHCP: UDP between 67 and 68, or 546 and 547 (1.4).
function isDhcp(protocol: u32, source: u32, destination: u32): bool {
  if (protocol != PROTOCOL_UDP) return false;
  const low = min(source, destination);
  const high = max(source, destination);
  return (low == 67 && high == 68) || (low == 546 && high == 547);
}

/** Writes key and addresses of the row; returns its bits: side, order, direction, preset reason. */
function keyRow(
  i: u32,
  ptr: usize,
  present: u32,
  face: u32,
  named: bool,
  flags: u32,
  declared: u32,
  both: bool,
  ipv6: bool,
  unoriented: bool,
): u32 {
  const protocol = <u32>load<u8>(columns + L.COL_PROTOCOL + i);
  const nat = load<u8>(columns + L.COL_NAT_RESOURCE + i) != 0;
  const owner = named ? face : <u32>L.MAX_INTERFACES;
  const missing = missingField(present, protocol, named, nat);
  const known = has(present, F.FIELD_PROTOCOL) ? protocol : 0;
  if (!both) {
    store<u64>(rowKey(ptr), 0);
    store<u64>(rowKey(ptr), keyB(owner, false, false, known, 0, 0), 8);
    const told = declared == DIRECTION_NONE ? directionByAddress(i, present, face) : declared;
    return (
      preset(REASON_MISSING_FIELD) |
      (missing << L.BIT_MISSING_SHIFT) |
      (told << L.BIT_DIRECTION_SHIFT)
    );
  }
  const srcAt = columns + L.COL_SRCADDR + (i << 4);
  const dstAt = columns + L.COL_DSTADDR + (i << 4);
  const srcPktAt = has(present, F.FIELD_PKT_SRCADDR)
    ? columns + L.COL_PKT_SRCADDR + (i << 4)
    : srcAt;
  const dstPktAt = has(present, F.FIELD_PKT_DSTADDR)
    ? columns + L.COL_PKT_DSTADDR + (i << 4)
    : dstAt;
  const srcHigh = load<u64>(srcPktAt);
  const srcLow = load<u64>(srcPktAt, 8);
  const dstHigh = load<u64>(dstPktAt);
  const dstLow = load<u64>(dstPktAt, 8);
  const ports = hasPorts(protocol) && missing == 0;
  const srcPort: u32 = ports ? load<u16>(columns + L.COL_SRCPORT + (i << 1)) : 0;
  const dstPort: u32 = ports ? load<u16>(columns + L.COL_DSTPORT + (i << 1)) : 0;
  const larger = endpointLarger(srcHigh, srcLow, srcPort, dstHigh, dstLow, dstPort);
  let bits: u32 = larger ? L.BIT_SRC_LARGER : 0;

  let direction = declared;
  let self = srcHigh == dstHigh && srcLow == dstLow;
  if (face < imageInterfaces && flags & L.INTERFACE_ADDRESSES) {
    const srcLocal = local(face, srcHigh, srcLow);
    const dstLocal = local(face, dstHigh, dstLow);
    self = self || (srcLocal && dstLocal);
    // Where the packet's addresses are those shown, they were just asked.
    if (direction == DIRECTION_NONE)
      direction =
        srcAt == srcPktAt && dstAt == dstPktAt
          ? directionOf(srcLocal, dstLocal)
          : directionByAddress(i, present, face);
  }

  let reason: u32 = 0;
  if (missing != 0) reason = preset(REASON_MISSING_FIELD) | (missing << L.BIT_MISSING_SHIFT);
  else if (!named) reason = preset(REASON_NO_GROUPS);
  else if (!(flags & L.INTERFACE_KNOWN)) reason = preset(REASON_INTERFACE_NOT_IN_SNAPSHOT);
  else if (!(flags & L.INTERFACE_HAS_RULES)) reason = preset(REASON_NO_GROUPS);
  // What comes first names the reason (1.7); that nothing filters it still holds for the ACL.
  if (reason == 0 || (hasAcls && missing == 0)) {
    const unfiltered =
      self ||
      isDhcp(protocol, srcPort, dstPort) ||
      (direction != DIRECTION_EGRESS && service(face, srcHigh, srcLow)) ||
      (direction != DIRECTION_INGRESS && service(face, dstHigh, dstLow));
    if (unfiltered) bits |= L.BIT_NOT_FILTERED;
    if (reason == 0 && unfiltered) reason = preset(REASON_NOT_FILTERED);
  }
  if (reason == 0 && direction == DIRECTION_NONE && !unoriented)
    reason = preset(REASON_NO_DIRECTION);
  bits |= reason | (direction << L.BIT_DIRECTION_SHIFT);

  // Side 0: local where the direction is known, else the smaller endpoint.
  const srcIsSide0 = direction == DIRECTION_NONE ? !larger : direction == DIRECTION_EGRESS;
  if (!srcIsSide0) bits |= L.BIT_FROM_SIDE_1;
  const high0 = srcIsSide0 ? srcHigh : dstHigh;
  const low0 = srcIsSide0 ? srcLow : dstLow;
  const high1 = srcIsSide0 ? dstHigh : srcHigh;
  const low1 = srcIsSide0 ? dstLow : srcLow;
  const port0 = srcIsSide0 ? srcPort : dstPort;
  const port1 = srcIsSide0 ? dstPort : srcPort;
  store<u64>(
    rowKey(ptr),
    ipv6 ? mix64(hash2(high0, low0) ^ hash2(low1, high1)) : (low0 << 32) | (low1 & 0xffffffff),
  );
  store<u64>(rowKey(ptr), keyB(owner, unoriented, ipv6, known, port0, port1), 8);
  if (ipv6 || unoriented) {
    const sides = rowSides(ptr);
    store<u64>(sides, high0);
    store<u64>(sides, low0, 8);
    store<u64>(sides, high1, 16);
    store<u64>(sides, low1, 24);
  }
  if (unoriented) {
    anyUnoriented = true;
    const shown = rowShown(ptr);
    store<u64>(shown, load<u64>(srcAt));
    store<u64>(shown, load<u64>(srcAt, 8), 8);
    store<u64>(shown, load<u64>(dstAt), 16);
    store<u64>(shown, load<u64>(dstAt, 8), 24);
  }
  return bits;
}

function endpointLarger(high: u64, low: u64, port: u32, high2: u64, low2: u64, port2: u32): bool {
  if (high != high2) return high > high2;
  if (low != low2) return low > low2;
  return port > port2;
}

// 2.2: by the addresses as shown, and where they decide nothing by those in the packet.
function directionByAddress(i: u32, present: u32, face: u32): u32 {
  if (face >= imageInterfaces) return DIRECTION_NONE;
  const shown = directionByPair(
    i,
    present,
    face,
    F.FIELD_SRCADDR,
    L.COL_SRCADDR,
    F.FIELD_DSTADDR,
    L.COL_DSTADDR,
  );
  if (shown != DIRECTION_NONE) return shown;
  const pktSrc = has(present, F.FIELD_PKT_SRCADDR);
  const pktDst = has(present, F.FIELD_PKT_DSTADDR);
  return directionByPair(
    i,
    present,
    face,
    pktSrc ? F.FIELD_PKT_SRCADDR : F.FIELD_SRCADDR,
    pktSrc ? L.COL_PKT_SRCADDR : L.COL_SRCADDR,
    pktDst ? F.FIELD_PKT_DSTADDR : F.FIELD_DSTADDR,
    pktDst ? L.COL_PKT_DSTADDR : L.COL_DSTADDR,
  );
}

function directionByPair(
  i: u32,
  present: u32,
  face: u32,
  srcField: u32,
  srcColumn: u32,
  dstField: u32,
  dstColumn: u32,
): u32 {
  const srcAt = columns + srcColumn + (i << 4);
  const dstAt = columns + dstColumn + (i << 4);
  const srcLocal = has(present, srcField) && local(face, load<u64>(srcAt), load<u64>(srcAt, 8));
  const dstLocal = has(present, dstField) && local(face, load<u64>(dstAt), load<u64>(dstAt, 8));
  return directionOf(srcLocal, dstLocal);
}

function directionOf(srcLocal: bool, dstLocal: bool): u32 {
  if (srcLocal == dstLocal) return DIRECTION_NONE;
  return dstLocal ? DIRECTION_INGRESS : DIRECTION_EGRESS;
}
