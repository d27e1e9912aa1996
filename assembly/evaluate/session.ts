// Drives the slots: closes the ones a look-ahead needs, judges the next one, piece by piece, so that every call is short
// and no table grows while one runs.

import { narrowOwnAddress } from "../conntrack/own-address";
import { connectionsReserve, connectionsRoom } from "../conntrack/table";
import { endpointsReserve, endpointsRoom } from "../conntrack/endpoints";
import { splitRow } from "../conntrack/split";
import { isUnoriented, interfaceOf } from "../conntrack/key";
import { interfaceState, interfacesReserve, interfacesRoom } from "../decode/interfaces";
import { orderChain, orderReserve, orderRoom } from "../lookahead/order";
import { keepsText, rowPtr, rowsReserve, rowsRoom, widePtr } from "../lookahead/rows";
import {
  closedEnd,
  closeUpTo,
  lookAheadEnd,
  maxSlot,
  nextSlot,
  setSlotHead,
  slotDone,
  slotHead,
  slotOf,
  slotRows,
  slotsReserve,
  slotsRoom,
} from "../lookahead/slots";
import { matcherReserve, ruleSetCount } from "../match/matcher";
import * as L from "../shared/layout";
import { emitBegin } from "./emit";
import { hitsReserve, hitsRoom } from "./hits";
import { dropRow, lateHead, matcher, takeLate } from "./ingest";
import { judgeRow } from "./judge";
import { tuplesReserve, tuplesRoom } from "./tuples";

const PIECE: u32 = 4096; // rows per call

const IDLE: u32 = 0;
const SPLITTING: u32 = 1;
const JUDGING: u32 = 2;
const EMITTING: u32 = 3;
let phase: u32 = IDLE;
let slot: u32 = 0; // of the phase
let target: u32 = 0; // last slot of the look-ahead being closed
let row: u32 = 0; // next row of the phase
let kept: u32 = 0; // head and tail of the chain that the phase leaves
let keptTail: u32 = 0;
let keptRows: u32 = 0;
let late: bool = false; // the phase works on late rows
let needsMatcher: bool = false;

function keep(index: u32): void {
  const ptr = rowPtr(index);
  store<u32>(ptr, 0, L.ROW_NEXT);
  if (keptTail == 0) kept = index;
  else store<u32>(rowPtr(keptTail), index, L.ROW_NEXT);
  keptTail = index;
  keptRows++;
}

function restart(): void {
  kept = 0;
  keptTail = 0;
  keptRows = 0;
}

/** Whether a batch of decoded records can be taken in without growing anything. */
export function roomForBatch(rows: u32): bool {
  return rowsRoom() >= rows && slotsRoom() >= rows && interfacesRoom() >= rows;
}

/** Whether a piece of splitting and judging can run without growing anything. */
function roomForPiece(): bool {
  return (
    connectionsRoom() >= PIECE &&
    endpointsRoom() >= 2 * PIECE &&
    tuplesRoom() >= PIECE &&
    rowsRoom() >= PIECE &&
    !needsMatcher &&
    hitsRoom(ruleSetCount(matcher) + 1)
  );
}

/** Grows whatever is short. The only place where tables grow. 0 or STATUS_NO_MEMORY. Drops every view. */
export function reserveSession(batchRows: u32): i32 {
  if (!rowsReserve(max(batchRows, PIECE))) return L.STATUS_NO_MEMORY;
  if (slotsRoom() < batchRows && !slotsReserve(batchRows)) return L.STATUS_NO_MEMORY;
  if (interfacesRoom() < batchRows && !interfacesReserve(batchRows)) return L.STATUS_NO_MEMORY;
  if (!connectionsReserve(PIECE)) return L.STATUS_NO_MEMORY;
  if (!endpointsReserve(2 * PIECE)) return L.STATUS_NO_MEMORY;
  if (!tuplesReserve(PIECE)) return L.STATUS_NO_MEMORY;
  if (needsMatcher && matcherReserve(matcher) != 0) return L.STATUS_NO_MEMORY;
  needsMatcher = false;
  if (!hitsReserve(ruleSetCount(matcher) + 4096)) return L.STATUS_NO_MEMORY;
  return orderReserve(max(wantedOrder, batchRows)) ? 0 : L.STATUS_NO_MEMORY;
}
let wantedOrder: u32 = 0;

/**
 * Does the next piece of work. `final`: the input has ended.
 * STATUS_DONE: nothing to do until more input; STATUS_MORE: call again; STATUS_RESERVE: reserve, then call again;
 * L.ADVANCE_EMIT: judged records of a slot wait to be emitted.
 */
export function advance(final: bool): i32 {
  if (phase == EMITTING) return L.ADVANCE_EMIT;
  if (phase == IDLE) {
    const status = plan(final);
    if (status != L.STATUS_MORE) return status;
  }
  if (!roomForPiece()) return L.STATUS_RESERVE;
  if (phase == SPLITTING) return splitPiece();
  return judgePiece();
}

/** The emitter is through with the slot. */
export function emitted(): void {
  phase = IDLE;
}

// Chooses what to do next while idle.
function plan(final: bool): i32 {
  if (lateHead != 0) {
    late = true;
    restart();
    row = takeLate();
    phase = SPLITTING;
    return L.STATUS_MORE;
  }
  late = false;
  const next = nextSlot();
  if (next == 0xffffffff) return L.STATUS_DONE;
  const end = lookAheadEnd(next, final);
  if (end == 0xffffffff) return L.STATUS_DONE;
  if (!final && maxSlot < end + L.GRACE_SLOTS) return L.STATUS_DONE;
  target = end;
  if (closedEnd <= end) {
    slot = max(closedEnd, next);
    return beginSplit();
  }
  slot = next;
  return beginJudge();
}

function beginSplit(): i32 {
  const rows = slotRows(slot);
  if (!orderRoom(rows)) {
    wantedOrder = rows;
    return L.STATUS_RESERVE;
  }
  row = orderChain(slotHead(slot), rows, slot);
  restart();
  phase = SPLITTING;
  return L.STATUS_MORE;
}

function beginJudge(): i32 {
  row = slotHead(slot);
  restart();
  phase = JUDGING;
  return L.STATUS_MORE;
}

function splitPiece(): i32 {
  let budget = PIECE;
  while (row != 0 && budget != 0) {
    budget--;
    const ptr = rowPtr(row);
    const next = load<u32>(ptr, L.ROW_NEXT);
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
    } else {
      if (isUnoriented(b)) narrow(ptr, b);
      if (((bits >> L.BIT_PRESET_SHIFT) & 31) == 0)
        splitRow(row, late ? slotOf(load<u32>(ptr, L.ROW_START)) : slot);
      if (bits & L.BIT_EVIDENCE_ONLY) dropRow(row);
      else keep(row);
    }
    row = next;
  }
  if (row != 0) return L.STATUS_MORE;
  if (late) {
    row = kept;
    restart();
    phase = JUDGING;
    return L.STATUS_MORE;
  }
  setSlotHead(slot, kept);
  phase = IDLE;
  closeUpTo(slot + 1);
  // Empty slots up to the next one that holds something need no piece of their own.
  while (closedEnd <= target && slotRows(closedEnd) == 0) closeUpTo(closedEnd + 1);
  if (closedEnd <= target) {
    slot = closedEnd;
    return beginSplit();
  }
  return L.STATUS_MORE;
}

function narrow(ptr: usize, b: u64): void {
  const wide = load<u32>(ptr, L.ROW_WIDE);
  if (wide == 0) return;
  const at = widePtr(wide);
  narrowOwnAddress(
    interfaceOf(b),
    load<u64>(at, 32),
    load<u64>(at, 40),
    load<u64>(at, 48),
    load<u64>(at, 56),
  );
}

function judgePiece(): i32 {
  let budget = PIECE;
  while (row != 0 && budget != 0) {
    budget--;
    const ptr = rowPtr(row);
    const next = load<u32>(ptr, L.ROW_NEXT);
    if (!judgeRow(row, late ? slotOf(load<u32>(ptr, L.ROW_START)) : slot)) {
      needsMatcher = true;
      return L.STATUS_RESERVE;
    }
    if (keepsText) keep(row);
    row = next;
  }
  if (row != 0) return L.STATUS_MORE;
  if (!late) slotDone(slot);
  phase = IDLE;
  if (keepsText && keptRows != 0) {
    wantedOrder = max(wantedOrder, keptRows);
    emitBegin(kept, keptRows);
    phase = EMITTING;
    return L.ADVANCE_EMIT;
  }
  return L.STATUS_MORE;
}
