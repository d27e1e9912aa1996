// Drives the slots: closes the ones a look-ahead needs, judges the next one, piece by piece, so that every call is short
// and no table grows while one runs.

import { endpointsReserve, endpointsRoom } from "../conntrack/endpoints";
import { interfaceOf, isUnoriented } from "../conntrack/key";
import { hasNoOwnAddress, narrowOwnAddress } from "../conntrack/own-address";
import { splitAlone, splitRow } from "../conntrack/split";
import { openersReserve, openersRoom } from "../conntrack/openers";
import {
  connPtr,
  connectionsReserve,
  connectionsRoom,
  hashKey,
  judgementPtr,
  touchBucket,
} from "../conntrack/table";
import { interfaceState, interfacesReserve, interfacesRoom } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { LIST_COUNT, listAppend, listDrain, listsReserve, listsRoom } from "../lookahead/lists";
import { orderEntries, orderReserve, orderRoom, orderScratch } from "../lookahead/order";
import { keepsText, rowPtr, rowsReserve, rowsRoom, widePtr } from "../lookahead/rows";
import {
  closedEnd,
  closeUpTo,
  lookAheadEnd,
  maxSlot,
  nextSlot,
  slotDone,
  slotList,
  slotOf,
  slotRows,
  slotsReserve,
  slotsRoom,
} from "../lookahead/slots";
import { ruleSetCount } from "../match/matcher";
import * as L from "../shared/layout";
import { emitBegin } from "./emit";
import { hitsReserve, hitsRoom } from "./hits";
import { anyUnoriented, dropRow, lateList, untimedList } from "./ingest";
import { judgeRow } from "./judge";
import { imageCount, matcherOf, matchersReserve } from "./timelines";
import { tuplesReserve, tuplesRoom } from "./tuples";

const PIECE: u32 = 4096; // rows per call
// Records without a start need no evidence; they wait for the end, so that they come last however the log is cut.
const MOST_UNTIMED: u32 = 1 << 20;
// Rows whose cache lines are asked for together: enough loads in flight to hide a miss, few enough to stay in L1.
const AHEAD: u32 = 32;

const IDLE: u32 = 0;
const SPLITTING: u32 = 1;
const JUDGING: u32 = 2;
const EMITTING: u32 = 3;
let phase: u32 = IDLE;
let slot: u32 = 0; // of the phase
let target: u32 = 0; // last slot of the look-ahead being closed
let late: bool = false; // the phase works on late rows
let entries: u32 = 0; // of the phase, in the first scratch array of order.ts: (row, key)
let next: u32 = 0; // entry to go on with
let judgedHead: u32 = 0; // chain of judged rows that wait to be emitted
let judgedTail: u32 = 0;
let judgedRows: u32 = 0;
let needsMatcher: bool = false;
let wantedOrder: u32 = 0;
// Rows of a late phase between splitting and judging.
const lateKept: usize = memory.data(16, 16);
const hashes: usize = memory.data(32 * 8, 16);
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

function chainJudged(row: u32): void {
  store<u32>(rowPtr(row), 0, L.ROW_NEXT);
  if (judgedTail == 0) judgedHead = row;
  else store<u32>(rowPtr(judgedTail), row, L.ROW_NEXT);
  judgedTail = row;
  judgedRows++;
}

/** Whether a batch of decoded records can be taken in without growing anything. */
export function roomForBatch(rows: u32): bool {
  return (
    rowsRoom() >= rows && slotsRoom() >= rows && listsRoom() >= rows && interfacesRoom() >= rows
  );
}

/** Whether a piece of splitting and judging can run without growing anything. */
function roomForPiece(): bool {
  return (
    connectionsRoom() >= PIECE &&
    endpointsRoom() >= 2 * PIECE &&
    tuplesRoom() >= PIECE &&
    rowsRoom() >= PIECE &&
    listsRoom() >= PIECE &&
    openersRoom() >= PIECE &&
    !needsMatcher &&
    roomForHits()
  );
}

function roomForHits(): bool {
  for (let image: u32 = 0; image < imageCount; image++)
    if (!hitsRoom(image, ruleSetCount(matcherOf(image)) + 1)) return false;
  return true;
}

/** Grows whatever is short. The only place where tables grow. 0 or STATUS_NO_MEMORY. Drops every view. */
export function reserveSession(batchRows: u32): i32 {
  const rows = max(batchRows, PIECE);
  if (!rowsReserve(rows) || !listsReserve(rows)) return L.STATUS_NO_MEMORY;
  if (slotsRoom() < batchRows && !slotsReserve(batchRows)) return L.STATUS_NO_MEMORY;
  if (interfacesRoom() < batchRows && !interfacesReserve(batchRows)) return L.STATUS_NO_MEMORY;
  if (!connectionsReserve(PIECE)) return L.STATUS_NO_MEMORY;
  if (!endpointsReserve(2 * PIECE)) return L.STATUS_NO_MEMORY;
  if (!tuplesReserve(PIECE)) return L.STATUS_NO_MEMORY;
  if (!openersReserve(PIECE)) return L.STATUS_NO_MEMORY;
  if (needsMatcher && !matchersReserve()) return L.STATUS_NO_MEMORY;
  needsMatcher = false;
  for (let image: u32 = 0; image < imageCount; image++)
    if (!hitsReserve(image, ruleSetCount(matcherOf(image)) + 4096)) return L.STATUS_NO_MEMORY;
  return phase != IDLE || orderReserve(max(wantedOrder, batchRows)) ? 0 : L.STATUS_NO_MEMORY;
}

/**
 * Does the next piece of work. `final`: the input has ended.
 * STATUS_DONE: nothing to do until more input; STATUS_MORE: call again; STATUS_RESERVE: reserve, then call again;
 * ADVANCE_EMIT: judged records of a slot wait to be emitted.
 */
export function advance(final: bool): i32 {
  if (phase == EMITTING) return L.ADVANCE_EMIT;
  if (phase == IDLE) {
    const status = plan(final);
    if (status != L.STATUS_MORE) return status;
  }
  if (!roomForPiece()) return L.STATUS_RESERVE;
  return phase == SPLITTING ? splitPiece() : judgePiece();
}

/** The emitter is through with the slot. */
export function emitted(): void {
  phase = IDLE;
}

// Chooses what to do next while idle.
function plan(final: bool): i32 {
  late = false;
  if (load<u32>(lateKept, LIST_COUNT) != 0) return beginLate(lateKept, JUDGING);
  if (load<u32>(lateList, LIST_COUNT) != 0) return beginLate(lateList, SPLITTING);
  const following = nextSlot();
  const untimed = load<u32>(untimedList, LIST_COUNT);
  if (untimed >= MOST_UNTIMED || (final && following == 0xffffffff && untimed != 0))
    return beginLate(untimedList, JUDGING);
  if (following == 0xffffffff) return L.STATUS_DONE;
  const end = lookAheadEnd(following, final);
  if (end == 0xffffffff) return L.STATUS_DONE;
  if (!final && maxSlot < end + L.GRACE_SLOTS) return L.STATUS_DONE;
  target = end;
  if (closedEnd > end) return begin(following, JUDGING);
  return begin(max(closedEnd, following), SPLITTING);
}

function beginLate(list: usize, what: u32): i32 {
  if (!drain(list)) return L.STATUS_RESERVE;
  late = true;
  phase = what;
  return L.STATUS_MORE;
}

function begin(which: u32, what: u32): i32 {
  slot = which;
  if (slotRows(slot) == 0) entries = 0;
  else if (!drain(slotList(slot))) return L.STATUS_RESERVE;
  next = 0;
  // A slot that was split stands in order already.
  if (what == SPLITTING) {
    orderEntries(entries);
    if (anyUnoriented) for (let i: u32 = 0; i < entries; i++) narrow(entryRow(i));
  }
  phase = what;
  return L.STATUS_MORE;
}

function drain(list: usize): bool {
  const count = load<u32>(list, LIST_COUNT);
  if (!orderRoom(count)) {
    wantedOrder = count;
    return false;
  }
  entries = listDrain(list, orderScratch(0));
  next = 0;
  return true;
}

function entryRow(i: u32): u32 {
  return load<u32>(orderScratch(0) + ((<usize>i) << 3));
}

// Asks for the cache lines that splitting the rows [from, to) needs, all together, and keeps their hashes.
function readAheadToSplit(from: u32, to: u32): void {
  let sum: u32 = 0;
  for (let i = from; i < to; i++) {
    const ptr = rowPtr(entryRow(i));
    const hash = hashKey(load<u64>(ptr, L.ROW_KEY_A), load<u64>(ptr, L.ROW_KEY_B));
    store<u64>(hashes + ((<usize>(i - from)) << 3), hash);
    sum += touchBucket(hash);
  }
  for (let i = from; i < to; i++) {
    const conn = touchBucket(load<u64>(hashes + ((<usize>(i - from)) << 3)));
    if (conn != 0) sum += load<u32>(connPtr(conn), L.CONN_STATE);
  }
  readAhead = sum;
}

function splitPiece(): i32 {
  const end = min(entries, next + PIECE);
  const list = late ? lateKept : entries == 0 ? 0 : slotList(slot);
  while (next < end) {
    const stop = min(end, next + AHEAD);
    readAheadToSplit(next, stop);
    const from = next;
    for (; next < stop; next++)
      splitEntry(next, load<u64>(hashes + ((<usize>(next - from)) << 3)), list);
  }
  if (next < entries) return L.STATUS_MORE;
  phase = IDLE;
  if (late) return L.STATUS_MORE;
  closeUpTo(slot + 1);
  // Empty slots up to the next one that holds something need no piece of their own.
  while (closedEnd <= target && slotRows(closedEnd) == 0) closeUpTo(closedEnd + 1);
  return closedEnd <= target ? begin(closedEnd, SPLITTING) : L.STATUS_MORE;
}

function splitEntry(i: u32, hash: u64, list: usize): void {
  const row = entryRow(i);
  const ptr = rowPtr(row);
  const bits = load<u32>(ptr, L.ROW_BITS);
  const b = load<u64>(ptr, L.ROW_KEY_B);
  if (bits & L.BIT_SKIPDATA) {
    const state = interfaceState(interfaceOf(b));
    store<u32>(
      state,
      max(load<u32>(state, L.STATE_SKIP_END), load<u32>(ptr, L.ROW_END)),
      L.STATE_SKIP_END,
    );
    dropRow(row);
    return;
  }
  if (late) narrow(row);
  const at = late ? slotOf(load<u32>(ptr, L.ROW_START)) : slot;
  if (((bits >> L.BIT_PRESET_SHIFT) & 31) == 0) {
    if (isUnoriented(b) && isUntold(ptr, b)) splitAlone(row, at);
    else splitRow(row, hash, at);
  }
  if (bits & L.BIT_EVIDENCE_ONLY) dropRow(row);
  else listAppend(list, row, load<u32>(ptr, L.ROW_CONN));
}

// 2.3: every record of a slot tells of its interface's own address before the first is put into a connection.
function narrow(row: u32): void {
  const ptr = rowPtr(row);
  const b = load<u64>(ptr, L.ROW_KEY_B);
  const wide = load<u32>(ptr, L.ROW_WIDE);
  if (!isUnoriented(b) || wide == 0) return;
  const at = widePtr(wide);
  narrowOwnAddress(
    interfaceOf(b),
    load<u64>(at, 32),
    load<u64>(at, 40),
    load<u64>(at, 48),
    load<u64>(at, 56),
  );
}

// By the addresses as shown: behind a translator the packet's are of the other family.
function isUntold(ptr: usize, b: u64): bool {
  const at = widePtr(load<u32>(ptr, L.ROW_WIDE));
  return hasNoOwnAddress(interfaceOf(b), isV4(load<u64>(at, 32), load<u64>(at, 40)) ? 0 : 1);
}

// The same for judging: rows, and their connections, which stand as keys in the list of a split slot.
function readAheadToJudge(from: u32, to: u32): void {
  let sum: u32 = 0;
  for (let i = from; i < to; i++) {
    const entry = orderScratch(0) + ((<usize>i) << 3);
    sum += load<u32>(rowPtr(load<u32>(entry)), L.ROW_BITS);
    const conn = load<u32>(entry, 4);
    if (conn != 0) sum += load<u32>(connPtr(conn), L.CONN_STATE) + load<u32>(judgementPtr(conn));
  }
  readAhead = sum;
}

function judgePiece(): i32 {
  const end = min(entries, next + PIECE);
  while (next < end) {
    const stop = min(end, next + AHEAD);
    readAheadToJudge(next, stop);
    for (; next < stop; next++) {
      const row = entryRow(next);
      if (!judgeRow(row, late ? slotOf(load<u32>(rowPtr(row), L.ROW_START)) : slot)) {
        needsMatcher = true;
        return L.STATUS_RESERVE;
      }
      if (keepsText) chainJudged(row);
    }
  }
  if (next < entries) return L.STATUS_MORE;
  if (!late) slotDone(slot);
  phase = IDLE;
  if (judgedRows == 0) return L.STATUS_MORE;
  emitBegin(judgedHead, judgedRows);
  judgedHead = 0;
  judgedTail = 0;
  judgedRows = 0;
  phase = EMITTING;
  return L.ADVANCE_EMIT;
}
