// The input columns of one batch (layout.ts, COL_*). Owned by the core.

import { reserve } from "../memory/arena";
import * as F from "../shared/fields";
import * as L from "../shared/layout";

export let columns: usize = 0;

export function columnsInit(): bool {
  columns = reserve(L.COLUMNS_BYTES);
  return columns != 0;
}

/** Of rows in which every field of `present` may stand: what those read as that do not. */
export function clearRows(row: u32, rows: u32, present: u32): void {
  const to = columns + L.COL_PRESENT + ((<usize>row) << 2);
  for (let at = to; at < to + ((<usize>rows) << 2); at += 4) store<u32>(at, present);
  memory.fill(columns + L.COL_STATUS + row, 0, rows);
  memory.fill(columns + L.COL_ACTION + row, 0, rows);
  memory.fill(columns + L.COL_DIRECTION + row, 0, rows);
  memory.fill(columns + L.COL_TCP_FLAGS + row, 0, rows);
  memory.fill(columns + L.COL_REJECT_REASON + row, 0, rows);
  memory.fill(columns + L.COL_NAT_RESOURCE + row, 0, rows);
}

/** Column of a field's values; 0 = it has none: what it holds is not kept, or a pointer elsewhere. */
export function columnOf(field: u32): u32 {
  switch (field) {
    case F.FIELD_SRCADDR:
      return L.COL_SRCADDR;
    case F.FIELD_DSTADDR:
      return L.COL_DSTADDR;
    case F.FIELD_PKT_SRCADDR:
      return L.COL_PKT_SRCADDR;
    case F.FIELD_PKT_DSTADDR:
      return L.COL_PKT_DSTADDR;
    case F.FIELD_PACKETS:
      return L.COL_PACKETS;
    case F.FIELD_BYTES:
      return L.COL_BYTES;
    case F.FIELD_START:
      return L.COL_START;
    case F.FIELD_END:
      return L.COL_END;
    case F.FIELD_SRCPORT:
      return L.COL_SRCPORT;
    case F.FIELD_DSTPORT:
      return L.COL_DSTPORT;
    case F.FIELD_PROTOCOL:
      return L.COL_PROTOCOL;
    case F.FIELD_LOG_STATUS:
      return L.COL_STATUS;
    case F.FIELD_ACTION:
      return L.COL_ACTION;
    case F.FIELD_FLOW_DIRECTION:
      return L.COL_DIRECTION;
    case F.FIELD_TCP_FLAGS:
      return L.COL_TCP_FLAGS;
    case F.FIELD_REJECT_REASON:
      return L.COL_REJECT_REASON;
    case F.FIELD_RESOURCE_ID:
      return L.COL_NAT_RESOURCE;
    default:
      return 0;
  }
}

/** Bytes of a value in the column of a field, as a power of two. */
export function columnShift(field: u32): u32 {
  switch (field) {
    case F.FIELD_SRCADDR:
    case F.FIELD_DSTADDR:
    case F.FIELD_PKT_SRCADDR:
    case F.FIELD_PKT_DSTADDR:
      return 4;
    case F.FIELD_PACKETS:
    case F.FIELD_BYTES:
      return 3;
    case F.FIELD_START:
    case F.FIELD_END:
      return 2;
    case F.FIELD_SRCPORT:
    case F.FIELD_DSTPORT:
      return 1;
    default:
      return 0;
  }
}

function moveBytes(column: u32, from: u32, to: u32, shift: u32): void {
  const base = columns + <usize>column;
  memory.copy(base + ((<usize>to) << shift), base + ((<usize>from) << shift), 1 << shift);
}

/** Puts a row in another one's place. */
export function moveRow(from: u32, to: u32): void {
  moveBytes(L.COL_PRESENT, from, to, 2);
  moveBytes(L.COL_START, from, to, 2);
  moveBytes(L.COL_END, from, to, 2);
  moveBytes(L.COL_SRCPORT, from, to, 1);
  moveBytes(L.COL_DSTPORT, from, to, 1);
  moveBytes(L.COL_PROTOCOL, from, to, 0);
  moveBytes(L.COL_STATUS, from, to, 0);
  moveBytes(L.COL_ACTION, from, to, 0);
  moveBytes(L.COL_DIRECTION, from, to, 0);
  moveBytes(L.COL_TCP_FLAGS, from, to, 0);
  moveBytes(L.COL_REJECT_REASON, from, to, 0);
  moveBytes(L.COL_NAT_RESOURCE, from, to, 0);
  moveBytes(L.COL_PACKETS, from, to, 3);
  moveBytes(L.COL_BYTES, from, to, 3);
  moveBytes(L.COL_SRCADDR, from, to, 4);
  moveBytes(L.COL_DSTADDR, from, to, 4);
  moveBytes(L.COL_PKT_SRCADDR, from, to, 4);
  moveBytes(L.COL_PKT_DSTADDR, from, to, 4);
  moveBytes(L.COL_LINE, from, to, 2);
  moveBytes(L.COL_TEXT, from, to, 2);
  moveBytes(L.COL_TEXT_BYTES, from, to, 2);
}
