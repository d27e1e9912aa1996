// Records inside the look-ahead: row pool, the IPv6 address pairs they point to, and (when records are wanted) their text.

import {
  regrow,
  poolCreate,
  poolGive,
  poolGrow,
  poolLive,
  poolRoom,
  poolRow,
  poolTake,
} from "../memory/pool";
import { FURTHER_BYTES, ROW_BYTES } from "../shared/layout";

export let rows: usize = 0;
let wides: usize = 0;
// Of IPv6 rows and of rows whose direction is not known yet: the key's sides, and srcaddr and dstaddr as shown (2.3);
// eight u64: side 0 high, low, side 1 high, low, source high, low, destination high, low.
export const WIDE_BYTES: u32 = 64;

// Text of a row: pointer, bytes, block, plan. Parallel to the row pool; only where records are wanted.
export const TEXT_PTR: usize = 0;
export const TEXT_BYTES: usize = 4;
export const TEXT_BLOCK: usize = 8;
export const TEXT_PLAN: usize = 12;
const TEXT_ROW_BYTES: usize = 16;
let texts: usize = 0;
let textsCap: u32 = 0;
export let keepsText: bool = false;
// What the further timelines say of a row, parallel to its text: FURTHER_BYTES each.
let further: usize = 0;
let furtherBytes: usize = 0;

export function rowsInit(): bool {
  rows = poolCreate(ROW_BYTES);
  wides = poolCreate(WIDE_BYTES);
  return rows != 0 && wides != 0;
}

/** From now on the text of every row is kept until it was emitted, and what `timelines` say of it. */
export function keepText(timelines: u32): void {
  keepsText = true;
  furtherBytes = <usize>((timelines - 1) * FURTHER_BYTES);
}

export function rowsRoom(): u32 {
  return min(poolRoom(rows), poolRoom(wides));
}

export function rowsLive(): u32 {
  return poolLive(rows);
}

/** Reserve-type call. */
export function rowsReserve(count: u32): bool {
  if (!poolGrow(rows, count) || !poolGrow(wides, count)) return false;
  if (!keepsText) return true;
  const needed = poolLive(rows) + poolRoom(rows) + 1;
  if (needed > textsCap) {
    const cap = max(needed, textsCap + (textsCap >> 1));
    texts = regrow(
      texts,
      <usize>textsCap * TEXT_ROW_BYTES,
      <usize>textsCap * TEXT_ROW_BYTES,
      <usize>cap * TEXT_ROW_BYTES,
    );
    if (texts == 0) return false;
    if (furtherBytes != 0) {
      const bytes = <usize>textsCap * furtherBytes;
      further = regrow(further, bytes, bytes, <usize>cap * furtherBytes);
      if (further == 0) return false;
    }
    textsCap = cap;
  }
  return true;
}

export function textRow(index: u32): usize {
  return texts + <usize>index * TEXT_ROW_BYTES;
}

/** What the further timelines say of a row, in their order (layout.ts, FURTHER_*). */
export function furtherPtr(index: u32): usize {
  return further + <usize>index * furtherBytes;
}

export function rowPtr(index: u32): usize {
  return poolRow(rows, index);
}

export function takeRow(): u32 {
  return poolTake(rows);
}

export function giveRow(index: u32): void {
  poolGive(rows, index);
}

export function takeWide(): u32 {
  return poolTake(wides);
}

export function giveWide(index: u32): void {
  poolGive(wides, index);
}

export function widePtr(index: u32): usize {
  return poolRow(wides, index);
}
