// The split pass (semantics 7.1): the rows of a slot join their connections in canonical order, piece by piece, and stand
// in that order for the judge pass. What came late joins in the order it came.

import { interfaceOf, isUnoriented } from "../conntrack/key";
import { hasNoOwnAddress, narrowOwnAddress } from "../conntrack/own-address";
import { connectionAt, hashKey, likelyBucket, touchHome } from "../conntrack/latest";
import { splitAlone, splitRow } from "../conntrack/split";
import { connPtr } from "../conntrack/table";
import { touchWaiting } from "../conntrack/touches";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import {
  chunkEnd,
  chunkNext,
  chunkRows,
  listAppend,
  listFirst,
  listFree,
  listMove,
} from "../lookahead/lists";
import { orderedRow, orderEntries, orderEntry } from "../lookahead/order";
import { countRows, rowBytes, rowKey, rowShown } from "../lookahead/rows";
import { slotOf } from "../lookahead/slots";
import * as L from "../shared/layout";
import { anyUnoriented } from "./ingest";

// Rows whose cache lines are asked for together: enough loads in flight to hide a miss, few enough to stay in L1.
const AHEAD: u32 = 32;

const arrived: usize = memory.data(16, 16);
/** The rows split so far, for the judge pass. */
export const splitList: usize = memory.data(16, 16);
let entries: u32 = 0; // in the first scratch array of order.ts
let next: u32 = 0; // entry to go on with
let slot: u32 = 0;
let late: bool = false;
// Of the rows read ahead: hash of the key u64, its likely bucket u32.
const keys: usize = memory.data(32 * 16, 16);
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

/** Takes the rows of a list over to be split. The caller made sure of scratch room (order.ts). */
export function beginSplit(list: usize, which: u32, isLate: bool): void {
  listMove(list, arrived);
  slot = which;
  late = isLate;
  next = 0;
  entries = 0;
  for (let chunk = listFirst(arrived); chunk != 0; chunk = chunkNext(chunk)) {
    const end = chunkEnd(chunk);
    for (let row = chunkRows(chunk); row < end; row += rowBytes(row)) orderEntry(entries++, row);
  }
  if (isLate) return;
  orderEntries(entries);
  if (anyUnoriented) for (let i: u32 = 0; i < entries; i++) narrow(orderedRow(i));
}

/** Splits up to `count` rows; whether all are through. The caller made sure of room. */
export function splitPiece(count: u32): bool {
  const end = min(entries, next + count);
  while (next < end) {
    const stop = min(end, next + AHEAD);
    readAheadOf(next, stop);
    const from = next;
    for (; next < stop; next++) {
      const key = keyAt(next - from);
      splitEntry(orderedRow(next), load<u64>(key), <usize>load<u32>(key, 8));
    }
    touchWaiting();
  }
  if (next < entries) return false;
  listFree(arrived, 0);
  return true;
}

function keyAt(i: u32): usize {
  return keys + ((<usize>i) << 4);
}

// Asks for the cache lines that splitting the rows [from, to) needs, all together, and keeps what was found.
function readAheadOf(from: u32, to: u32): void {
  let sum: u32 = 0;
  for (let i = from; i < to; i++) {
    const row = orderedRow(i);
    const hash = hashKey(load<u64>(rowKey(row)), load<u64>(rowKey(row), 8));
    store<u64>(keyAt(i - from), hash);
    sum += touchHome(hash) + load<u32>(row, L.ROW_BITS);
  }
  for (let i = from; i < to; i++) {
    const key = keyAt(i - from);
    const bucket = likelyBucket(load<u64>(key));
    store<u32>(key, <u32>bucket, 8);
    const conn = connectionAt(bucket);
    if (conn != 0) sum += load<u32>(connPtr(conn), L.CONN_STATE);
  }
  readAhead = sum;
}

function splitEntry(row: usize, hash: u64, likely: usize): void {
  const bits = load<u32>(row, L.ROW_BITS);
  const b = load<u64>(rowKey(row), 8);
  if (bits & L.BIT_SKIPDATA) {
    const state = interfaceState(interfaceOf(b));
    store<u32>(
      state,
      max(load<u32>(state, L.STATE_SKIP_END), load<u32>(row, L.ROW_END)),
      L.STATE_SKIP_END,
    );
    countRows(-1);
    return;
  }
  if (late) narrow(row);
  const at = late ? slotOf(load<u32>(row, L.ROW_START)) : slot;
  if (((bits >> L.BIT_PRESET_SHIFT) & 31) == 0) {
    if (isUnoriented(b) && isUntold(row, b)) splitAlone(row, at);
    else splitRow(row, hash, likely, at);
  }
  if (bits & L.BIT_EVIDENCE_ONLY) countRows(-1);
  else keep(row);
}

// Behind the rows split so far; without its key where the connection holds it now.
function keep(row: usize): void {
  const bytes = rowBytes(row);
  const to = listAppend(splitList, bytes);
  v128.store(to, v128.load(row));
  // Bits and connection were just written: read as they were written, else each read waits for the cache.
  store<u32>(to, load<u32>(row, L.ROW_BITS), L.ROW_BITS);
  store<u64>(to, load<u64>(row, L.ROW_LINE), L.ROW_LINE);
  store<u32>(to, load<u32>(row, L.ROW_CONN), L.ROW_CONN);
  for (let at: usize = L.ROW_BYTES; at < bytes; at += 16) v128.store(to + at, v128.load(row + at));
}

// 2.3: every record of a slot tells of its interface's own address before the first is put into a connection.
function narrow(row: usize): void {
  if (load<u32>(row, L.ROW_BITS) & L.BIT_SKIPDATA) return;
  const b = load<u64>(rowKey(row), 8);
  if (!isUnoriented(b)) return;
  const at = rowShown(row);
  narrowOwnAddress(
    interfaceOf(b),
    load<u64>(at),
    load<u64>(at, 8),
    load<u64>(at, 16),
    load<u64>(at, 24),
  );
}

// By the addresses as shown: behind a translator the packet's are of the other family.
function isUntold(row: usize, b: u64): bool {
  const at = rowShown(row);
  return hasNoOwnAddress(interfaceOf(b), isV4(load<u64>(at), load<u64>(at, 8)) ? 0 : 1);
}
