// Earlier epochs of endpoints (semantics 4.3): one queue per endpoint that has any, oldest first. They stay for the slots
// that still ask for them; beside the table, because an endpoint that is seen every other hour has thousands in a year.

import { judgedEnd } from "../lookahead/slots";
import {
  poolCreate,
  poolGive,
  poolGrow,
  poolLive,
  poolRoom,
  poolRow,
  poolTake,
} from "../memory/pool";
import {
  ENDPOINT_BYTES,
  ENDPOINT_FIRST,
  ENDPOINT_LAST,
  ENDPOINT_SKETCH,
  ENDPOINT_SLOTS,
} from "../shared/layout";

export const MARKED: u32 = 0x80000000; // in ENDPOINT_LAST
export const SLOT_MASK: u32 = 0x7fffffff;
// In ENDPOINT_FIRST of an entry: the rest is the number of its queue, which keeps the slot in its place.
const QUEUED: u32 = 0x80000000;

// A queue: [oldest epoch u32][youngest u32][first slot of the entry's own epoch u32]. An epoch: an endpoint row that
// holds the number of the next one in place of the key. Both are rows of one pool.
const QUEUE_HEAD: usize = 0;
const QUEUE_TAIL: usize = 4;
const QUEUE_FIRST: usize = 8;
let pool: usize = 0;

export function epochsInit(): bool {
  pool = poolCreate(ENDPOINT_BYTES);
  return pool != 0;
}

/** Epochs that can be retired: each takes a row, and perhaps a queue. */
export function epochsRoom(): u32 {
  return poolRoom(pool) >> 1;
}

/** Reserve-type call. */
export function epochsReserve(rows: u32): bool {
  return poolGrow(pool, rows << 1);
}

/** Rows in use, queues included: what earlier epochs cost. */
export function epochsLive(): u32 {
  return poolLive(pool);
}

/** The slot an epoch was last touched in. */
export function lastSlot(entry: usize): u32 {
  return load<u32>(entry, ENDPOINT_LAST) & SLOT_MASK;
}

/** First slot of the entry's own epoch, its latest. */
export function firstSlot(entry: usize): u32 {
  const first = load<u32>(entry, ENDPOINT_FIRST);
  return first & QUEUED ? load<u32>(poolRow(pool, first & SLOT_MASK), QUEUE_FIRST) : first;
}

/** The entry's epoch becomes an earlier one; its own begins in `slot`, for the caller to write. Takes epochsRoom. */
export function retireEpoch(entry: usize, slot: u32): void {
  const own = firstSlot(entry);
  const row = poolTake(pool);
  const epoch = poolRow(pool, row);
  store<u32>(epoch, 0);
  store<u64>(epoch, load<u64>(entry, ENDPOINT_SKETCH), ENDPOINT_SKETCH);
  store<u32>(epoch, own, ENDPOINT_FIRST);
  store<u32>(epoch, load<u32>(entry, ENDPOINT_LAST), ENDPOINT_LAST);
  const first = load<u32>(entry, ENDPOINT_FIRST);
  let queue: usize = 0;
  if (first & QUEUED) {
    queue = poolRow(pool, first & SLOT_MASK);
    store<u32>(poolRow(pool, load<u32>(queue, QUEUE_TAIL)), row);
  } else {
    const number = poolTake(pool);
    queue = poolRow(pool, number);
    store<u32>(queue, row, QUEUE_HEAD);
    store<u32>(entry, QUEUED | number, ENDPOINT_FIRST);
  }
  store<u32>(queue, row, QUEUE_TAIL);
  store<u32>(queue, slot, QUEUE_FIRST);
}

/** Forgets the entry's earlier epochs last touched before `cutoff`; returns how many. */
export function dropEpochs(entry: usize, cutoff: u32): u32 {
  const first = load<u32>(entry, ENDPOINT_FIRST);
  if (!(first & QUEUED)) return 0;
  const queue = poolRow(pool, first & SLOT_MASK);
  let dropped: u32 = 0;
  let row = load<u32>(queue, QUEUE_HEAD);
  while (row != 0 && lastSlot(poolRow(pool, row)) < cutoff) {
    const next = load<u32>(poolRow(pool, row));
    poolGive(pool, row);
    row = next;
    dropped++;
  }
  store<u32>(queue, row, QUEUE_HEAD);
  if (row == 0) {
    store<u32>(entry, load<u32>(queue, QUEUE_FIRST), ENDPOINT_FIRST);
    poolGive(pool, first & SLOT_MASK);
  }
  return dropped;
}

/** The same for those that no slot still to be judged can ask for. */
export function dropDeadEpochs(entry: usize): void {
  if (judgedEnd > <u32>ENDPOINT_SLOTS) dropEpochs(entry, judgedEnd - ENDPOINT_SLOTS);
}

/** Earlier epochs of the entry last touched in `cutoff` or later. */
export function epochsSince(entry: usize, cutoff: u32): u32 {
  const first = load<u32>(entry, ENDPOINT_FIRST);
  if (!(first & QUEUED)) return 0;
  let found: u32 = 0;
  let row = load<u32>(poolRow(pool, first & SLOT_MASK), QUEUE_HEAD);
  while (row != 0) {
    const epoch = poolRow(pool, row);
    if (lastSlot(epoch) >= cutoff) found++;
    row = load<u32>(epoch);
  }
  return found;
}

/**
 * The epoch that a record of `slot` asks for: the earliest that did not end more than an hour before it; 0 = none.
 * O(1) over a log: what ended before is dropped, once.
 */
export function epochAt(entry: usize, slot: u32): usize {
  dropDeadEpochs(entry);
  const first = load<u32>(entry, ENDPOINT_FIRST);
  if (first & QUEUED) {
    let row = load<u32>(poolRow(pool, first & SLOT_MASK), QUEUE_HEAD);
    while (row != 0) {
      const epoch = poolRow(pool, row);
      if (slot <= lastSlot(epoch) + ENDPOINT_SLOTS) return epoch;
      row = load<u32>(epoch);
    }
  }
  return slot <= lastSlot(entry) + ENDPOINT_SLOTS ? entry : 0;
}
