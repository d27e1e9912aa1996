// Openers asked for ahead of their records, a batch of connections at a time: the endpoints that tell lie all over a large
// table, and asked for together their misses overlap.

import { CONN_KEY_B, CONN_STATE, ST_SUCCEEDS } from "../shared/layout";
import { hasPorts } from "../decode/decode";
import { touchEntry } from "./endpoints";
import { protocolOf } from "./key";
import { ask, byRecords, endKey, isDue } from "./opener";

// Question: [connection u32][slot u32][keys of its ends u64 x 2]
const QUESTION_BYTES: usize = 24;
const questions: usize = memory.data(32 * 24, 16);
let waiting: u32 = 0;
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

/**
 * The opener of a connection will be asked for, for a record of `slot`; at most 32 between two calls of askWaiting. One
 * that succeeds an expired connection may yet get that one's opener from a record before (6.3): it is asked in its turn.
 */
export function willAsk(conn: usize, slot: u32): void {
  if (!isDue(conn, slot)) return;
  const state = load<u32>(conn, CONN_STATE);
  if (state & ST_SUCCEEDS || byRecords(state) != 0) return;
  if (!hasPorts(protocolOf(load<u64>(conn, CONN_KEY_B)))) return;
  const at = questions + <usize>waiting * QUESTION_BYTES;
  store<u32>(at, <u32>conn);
  store<u32>(at, slot, 4);
  store<u64>(at, endKey(conn, 0), 8);
  store<u64>(at, endKey(conn, 1), 16);
  waiting++;
}

/** Asks for what waits. */
export function askWaiting(): void {
  const end = questions + <usize>waiting * QUESTION_BYTES;
  let sum: u32 = 0;
  for (let at = questions; at < end; at += QUESTION_BYTES)
    sum += touchEntry(load<u64>(at, 8)) + touchEntry(load<u64>(at, 16));
  for (let at = questions; at < end; at += QUESTION_BYTES) {
    const conn = <usize>load<u32>(at);
    const slot = load<u32>(at, 4);
    // Two records of one connection ask once.
    if (isDue(conn, slot)) ask(conn, slot, load<u64>(at, 8), load<u64>(at, 16));
  }
  waiting = 0;
  readAhead = sum;
}
