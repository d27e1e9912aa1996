// Drives the slots: closes the ones a look-ahead needs, judges the next one, piece by piece, so that every call is short
// and no table grows while one runs.

import { endpointsReserve, endpointsRoom } from "../conntrack/endpoints";
import { openersReserve, openersRoom } from "../conntrack/openers";
import { connectionsReserve } from "../conntrack/eviction";
import { connectionsRoom } from "../conntrack/table";
import { interfacesReserve, interfacesRoom } from "../decode/interfaces";
import { LIST_COUNT, listMove, listsReserve, listsRoom } from "../lookahead/lists";
import { orderReserve, orderRoom } from "../lookahead/order";
import { keepsText } from "../lookahead/rows";
import {
  closedEnd,
  closeUpTo,
  lookAheadEnd,
  maxSlot,
  nextSlot,
  slotDone,
  slotList,
  slotRows,
  slotsReserve,
  slotsRoom,
} from "../lookahead/slots";
import { ruleSetCount } from "../match/matcher";
import * as L from "../shared/layout";
import { emitBegin, emitEnd } from "./emit";
import { hitsReserve, hitsRoom } from "./hits";
import { lateList, untimedList } from "./ingest";
import { beginJudging, judgedList, judgePiece, PIECE_DONE, PIECE_FULL } from "./judge-pass";
import { beginSplit, splitList, splitPiece } from "./split-pass";
import { imageCount, matcherOf, matchersReserve } from "./timelines";
import { tuplesReserve, tuplesRoom } from "./tuples";

// Rows at a time: tables keep room for as many in every part of theirs.
const PIECE: u32 = 1024;
// Pieces of one call: some milliseconds, and the host is asked seldom.
const PIECES: u32 = 16;
// Records without a start need no evidence; they wait for the end, so that they come last however the log is cut.
const MOST_UNTIMED: u32 = 1 << 20;

const IDLE: u32 = 0;
const SPLITTING: u32 = 1;
const JUDGING: u32 = 2;
const EMITTING: u32 = 3;
let phase: u32 = IDLE;
let slot: u32 = 0; // of the phase
let target: u32 = 0; // last slot of the look-ahead being closed
let late: bool = false; // the phase works on late rows
let needsMatcher: bool = false;
let wantedOrder: u32 = 0;
// Rows of a late phase between splitting and judging.
const lateKept: usize = memory.data(16, 16);
// What stands where a slot holds nothing.
const nothing: usize = memory.data(16, 16);

/** Whether a batch of decoded records can be taken in without growing anything. */
export function roomForBatch(rows: u32): bool {
  return slotsRoom() >= rows && listsRoom() >= rows && interfacesRoom() >= rows;
}

/** Whether a piece of splitting and judging can run without growing anything. */
function roomForPiece(): bool {
  return (
    connectionsRoom() >= PIECE &&
    endpointsRoom() >= 2 * PIECE &&
    tuplesRoom() >= PIECE &&
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
  if (!listsReserve(rows)) return L.STATUS_NO_MEMORY;
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
 * Does the next pieces of work, of one slot where they judge. `final`: the input has ended.
 * STATUS_DONE: nothing to do until more input; STATUS_MORE: call again; STATUS_RESERVE: reserve, then call again;
 * ADVANCE_EMIT: judged records of a slot wait to be emitted.
 */
export function advance(final: bool): i32 {
  let status = doPiece(final);
  for (let i: u32 = 1; i < PIECES && status == L.STATUS_MORE && phase != IDLE; i++)
    status = doPiece(final);
  return status;
}

function doPiece(final: bool): i32 {
  if (phase == EMITTING) return L.ADVANCE_EMIT;
  if (phase == IDLE) {
    const status = plan(final);
    if (status != L.STATUS_MORE) return status;
  }
  if (!roomForPiece()) return L.STATUS_RESERVE;
  return phase == SPLITTING ? split() : judge();
}

/**
 * Slot of the records that the last pieces judged, 0xffffffff where they were late or had no start. Valid until: the next
 * advance().
 */
export function judgedSlot(): u32 {
  return late ? 0xffffffff : slot;
}

/** The emitter is through with the slot. */
export function emitted(): void {
  emitEnd();
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
  if (closedEnd > end) return beginSlot(following, JUDGING);
  return beginSlot(max(closedEnd, following), SPLITTING);
}

function beginLate(list: usize, what: u32): i32 {
  return begin(list, what, true);
}

function beginSlot(which: u32, what: u32): i32 {
  slot = which;
  return begin(slotRows(slot) == 0 ? nothing : slotList(slot), what, false);
}

function begin(list: usize, what: u32, isLate: bool): i32 {
  // Splitting and emitting put the rows in order.
  const count = load<u32>(list, LIST_COUNT);
  if ((what == SPLITTING || keepsText) && !orderRoom(count)) {
    wantedOrder = count;
    return L.STATUS_RESERVE;
  }
  late = isLate;
  if (what == SPLITTING) beginSplit(list, slot, isLate);
  else beginJudging(list, slot, isLate);
  phase = what;
  return L.STATUS_MORE;
}

function split(): i32 {
  if (!splitPiece(PIECE)) return L.STATUS_MORE;
  if (load<u32>(splitList, LIST_COUNT) != 0) listMove(splitList, late ? lateKept : slotList(slot));
  phase = IDLE;
  if (late) return L.STATUS_MORE;
  closeUpTo(slot + 1);
  // Empty slots up to the next one that holds something need no piece of their own.
  while (closedEnd <= target && slotRows(closedEnd) == 0) closeUpTo(closedEnd + 1);
  return closedEnd <= target ? beginSlot(closedEnd, SPLITTING) : L.STATUS_MORE;
}

function judge(): i32 {
  const status = judgePiece(PIECE);
  if (status == PIECE_FULL) {
    needsMatcher = true;
    return L.STATUS_RESERVE;
  }
  if (status != PIECE_DONE) return L.STATUS_MORE;
  if (!late) slotDone(slot);
  phase = IDLE;
  if (!keepsText || load<u32>(judgedList, LIST_COUNT) == 0) return L.STATUS_MORE;
  emitBegin(judgedList);
  phase = EMITTING;
  return L.ADVANCE_EMIT;
}
