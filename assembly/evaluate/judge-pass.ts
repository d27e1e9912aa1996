// The judge pass: the rows of a list are judged in the order they stand in, piece by piece. Chunks of judged rows are
// freed on the way, or with all of them once they were emitted.

import { askWaiting, willAsk } from "../conntrack/openers-ahead";
import { connPtr } from "../conntrack/table";
import { chunkEnd, chunkNext, chunkRows, listFirst, listFree, listMove } from "../lookahead/lists";
import { countRows, keepsText, rowBytes } from "../lookahead/rows";
import { slotOf } from "../lookahead/slots";
import { classifyAhead } from "../match/classify-ahead";
import * as L from "../shared/layout";
import { judgeRow } from "./judge";
import { beginReadings, readingsAhead } from "./readings-ahead";

// Rows whose connections are asked for together.
const AHEAD: u32 = 32;

/** The rows being judged; those that wait to be emitted afterwards. */
export const judgedList: usize = memory.data(16, 16);
let slot: u32 = 0;
let late: bool = false;
let chunk: usize = 0; // where the rows after the batch begin
let at: usize = 0;
// The batch: rows, how many, how many of them are judged.
const batch: usize = memory.data(32 * 4, 16);
let held: u32 = 0;
let done: u32 = 0;
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

/** Takes the rows of a list over to be judged. `isLate`: each in the slot of its own start. */
export function beginJudging(list: usize, which: u32, isLate: bool): void {
  listMove(list, judgedList);
  slot = which;
  late = isLate;
  chunk = listFirst(judgedList);
  at = chunk == 0 ? 0 : chunkRows(chunk);
  held = 0;
  done = 0;
}

export const PIECE_DONE: u32 = 0;
export const PIECE_MORE: u32 = 1;
export const PIECE_FULL: u32 = 2;

/** Judges up to `count` rows. PIECE_FULL: reserve, then go on. The caller made sure of room. */
export function judgePiece(count: u32): u32 {
  let left = count;
  while (left != 0) {
    if (done == held && !nextBatch()) return PIECE_DONE;
    for (; done < held && left != 0; done++, left--) {
      const row = rowOf(done);
      if (!judgeRow(row, slotFor(row))) return PIECE_FULL;
      if (!keepsText) countRows(-1);
    }
  }
  return PIECE_MORE;
}

// The next rows; asks for their connections, all together.
function nextBatch(): bool {
  if (!keepsText) listFree(judgedList, chunk);
  held = 0;
  done = 0;
  let sum: u32 = 0;
  while (held < AHEAD && chunk != 0) {
    const end = chunkEnd(chunk);
    while (held < AHEAD && at < end) {
      store<u32>(batch + ((<usize>held) << 2), <u32>at);
      held++;
      const conn = load<u32>(at, L.ROW_CONN);
      if (conn != 0) sum += load<u32>(connPtr(conn), L.CONN_STATE);
      at += rowBytes(at);
    }
    if (at < end) break;
    chunk = chunkNext(chunk);
    if (chunk != 0) at = chunkRows(chunk);
  }
  readAhead = sum;
  // Late rows lie in several slots: what one asks may settle the opener that another, before it, must not know yet.
  if (late) beginReadings();
  else askAhead();
  return held != 0;
}

function askAhead(): void {
  for (let i: u32 = 0; i < held; i++) {
    const row = rowOf(i);
    const conn = load<u32>(row, L.ROW_CONN);
    // Without a key of its own it is certain to be judged in its connection.
    if (conn != 0 && !(load<u32>(row, L.ROW_BITS) & L.BIT_KEYED)) willAsk(connPtr(conn), slot);
  }
  askWaiting();
  beginReadings();
  for (let i: u32 = 0; i < held; i++) {
    const conn = load<u32>(rowOf(i), L.ROW_CONN);
    if (conn != 0) readingsAhead(connPtr(conn));
  }
  classifyAhead();
}

function rowOf(i: u32): usize {
  return <usize>load<u32>(batch + ((<usize>i) << 2));
}

function slotFor(row: usize): u32 {
  return late ? slotOf(load<u32>(row, L.ROW_START)) : slot;
}
