// Records inside the look-ahead: what a row is made of (layout.ts, ROW_*), and how many rows there are. Rows stand in
// lists (lists.ts); a row is a pointer, which holds until its list is freed.

import {
  BIT_KEYED,
  FURTHER_BYTES,
  KEYB_IPV6_SHIFT,
  KEYB_UNORIENTED_SHIFT,
  ROW_BITS,
  ROW_BYTES,
  ROW_KEY_BYTES,
  SIDES_BYTES,
} from "../shared/layout";
import { MOST_APPENDED } from "./lists";

// Text of a row: pointer, bytes, block, plan.
export const TEXT_PTR: usize = 0;
export const TEXT_BYTES: usize = 4;
export const TEXT_BLOCK: usize = 8;
export const TEXT_PLAN: usize = 12;
const TEXT_ROW_BYTES: usize = 16;

// With what 23 further timelines say, and all addresses.
const LONGEST: usize =
  ROW_BYTES + TEXT_ROW_BYTES + 23 * FURTHER_BYTES + 12 + ROW_KEY_BYTES + 2 * SIDES_BYTES;
if (LONGEST > MOST_APPENDED) ERROR("MOST_APPENDED");

export let keepsText: bool = false;
/** Bytes (a multiple of 16) of a row's head, text and further results: what stays of it once its connection holds its key. */
export let headBytes: usize = ROW_BYTES;
let live: u32 = 0;

/** From now on the text of every row is kept until it was emitted, and what `timelines` say of it. */
export function keepText(timelines: u32): void {
  keepsText = true;
  headBytes = (ROW_BYTES + TEXT_ROW_BYTES + <usize>((timelines - 1) * FURTHER_BYTES) + 15) & ~15;
}

/** The row's text; only where records are wanted. */
export function rowText(row: usize): usize {
  return row + ROW_BYTES;
}

/** What the further timelines say of a row, in their order (layout.ts, FURTHER_*); only where records are wanted. */
export function rowFurther(row: usize): usize {
  return row + ROW_BYTES + TEXT_ROW_BYTES;
}

/** keyA, keyB of a row that has them. */
export function rowKey(row: usize): usize {
  return row + headBytes;
}

/** Both sides' addresses of a row that has them: high, low of side 0, then of side 1. */
export function rowSides(row: usize): usize {
  return row + headBytes + ROW_KEY_BYTES;
}

/** Source and destination as shown, of a row that has them: high, low each. */
export function rowShown(row: usize): usize {
  return row + headBytes + ROW_KEY_BYTES + SIDES_BYTES;
}

/** Bytes of the row, a multiple of 16. */
export function rowBytes(row: usize): usize {
  if (!(load<u32>(row, ROW_BITS) & BIT_KEYED)) return headBytes;
  const b = load<u64>(row + headBytes, 8);
  return keyedBytes(((b >> KEYB_IPV6_SHIFT) & 1) != 0, ((b >> KEYB_UNORIENTED_SHIFT) & 1) != 0);
}

/** Bytes of a row with a key, by what its key says. */
export function keyedBytes(ipv6: bool, unoriented: bool): usize {
  const sides = <usize>(ipv6 || unoriented) + <usize>unoriented;
  return headBytes + ROW_KEY_BYTES + sides * SIDES_BYTES;
}

/** `count` rows came in; negative: they went. */
export function countRows(count: i32): void {
  live += count;
}

/** Rows inside the look-ahead. */
export function rowsLive(): u32 {
  return live;
}
