// Epochs of endpoints that were seen with more than one far endpoint or in more than one epoch (semantics 4.3): a row for
// the latest one, and behind it a queue of earlier ones, oldest first. Those stay for the slots that still ask for them;
// an endpoint that is seen every other hour has thousands in a year.

import { judgedEnd } from "../lookahead/slots";
import { poolCreate, poolGive, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import {
  ENDPOINT_SLOTS,
  EPOCH_BYTES,
  EPOCH_FIRST,
  EPOCH_LAST,
  EPOCH_NEXT,
  EPOCH_FAR_ENDS,
  EPOCH_TAIL,
} from "../shared/layout";

export const MARKED: u32 = 0x80000000; // in EPOCH_LAST
export const SLOT_MASK: u32 = 0x7fffffff;

let pool: usize = 0;
let earlier: u32 = 0; // earlier epochs, and one more per queue

export function epochsInit(): bool {
  pool = poolCreate(EPOCH_BYTES);
  return pool != 0;
}

/** Touches that can take place: each takes a row for the endpoint, and one for an earlier epoch. */
export function epochsRoom(): u32 {
  return poolRoom(pool) >> 1;
}

/** Reserve-type call. */
export function epochsReserve(touches: u32): bool {
  return poolGrow(pool, touches << 1);
}

/** What earlier epochs count for beside the endpoints. */
export function epochsLive(): u32 {
  return earlier;
}

export function epochPtr(row: u32): usize {
  return poolRow(pool, row);
}

/** A row for an endpoint whose only epoch is this one. Takes epochsRoom. */
export function newEpoch(farEnds: u64, first: u32, last: u32): u32 {
  const row = poolTake(pool);
  const epoch = poolRow(pool, row);
  store<u64>(epoch, farEnds, EPOCH_FAR_ENDS);
  store<u32>(epoch, first, EPOCH_FIRST);
  store<u32>(epoch, last, EPOCH_LAST);
  store<u32>(epoch, 0, EPOCH_NEXT);
  store<u32>(epoch, 0, EPOCH_TAIL);
  return row;
}

/** Forgets an endpoint's row, earlier epochs included; returns how many those were. */
export function dropEndpoint(row: u32): u32 {
  const dropped = dropEpochs(epochPtr(row), SLOT_MASK);
  poolGive(pool, row);
  return dropped;
}

/** The slot an epoch was last touched in. */
export function lastSlot(epoch: usize): u32 {
  return load<u32>(epoch, EPOCH_LAST) & SLOT_MASK;
}

/** The endpoint's latest epoch becomes an earlier one; the new one begins in `slot`. Takes epochsRoom. */
export function retireEpoch(own: usize, slot: u32, farEnds: u64, mark: u32): void {
  const row = newEpoch(
    load<u64>(own, EPOCH_FAR_ENDS),
    load<u32>(own, EPOCH_FIRST),
    load<u32>(own, EPOCH_LAST),
  );
  const tail = load<u32>(own, EPOCH_TAIL);
  earlier += tail == 0 ? 2 : 1;
  store<u32>(tail == 0 ? own : epochPtr(tail), row, EPOCH_NEXT);
  store<u32>(own, row, EPOCH_TAIL);
  store<u64>(own, farEnds, EPOCH_FAR_ENDS);
  store<u32>(own, slot, EPOCH_FIRST);
  store<u32>(own, slot | mark, EPOCH_LAST);
}

/** Forgets the endpoint's earlier epochs last touched before `cutoff`; returns how many. */
export function dropEpochs(own: usize, cutoff: u32): u32 {
  let row = load<u32>(own, EPOCH_NEXT);
  if (row == 0) return 0;
  let dropped: u32 = 0;
  while (row != 0 && lastSlot(epochPtr(row)) < cutoff) {
    const next = load<u32>(epochPtr(row), EPOCH_NEXT);
    poolGive(pool, row);
    row = next;
    dropped++;
  }
  store<u32>(own, row, EPOCH_NEXT);
  if (row == 0) store<u32>(own, 0, EPOCH_TAIL);
  earlier -= dropped + (row == 0 ? 1 : 0);
  return dropped;
}

/** The same for those that no slot still to be judged can ask for. */
export function dropDeadEpochs(own: usize): void {
  if (judgedEnd > <u32>ENDPOINT_SLOTS) dropEpochs(own, judgedEnd - ENDPOINT_SLOTS);
}

/** Earlier epochs of the endpoint last touched in `cutoff` or later. */
export function epochsSince(own: usize, cutoff: u32): u32 {
  let found: u32 = 0;
  for (let row = load<u32>(own, EPOCH_NEXT); row != 0; ) {
    const epoch = epochPtr(row);
    if (lastSlot(epoch) >= cutoff) found++;
    row = load<u32>(epoch, EPOCH_NEXT);
  }
  return found;
}

/**
 * The epoch that a record of `slot` asks for: the earliest that did not end more than an hour before it; 0 = none.
 * O(1) over a log: what ended before is dropped, once.
 */
export function epochAt(own: usize, slot: u32): usize {
  dropDeadEpochs(own);
  for (let row = load<u32>(own, EPOCH_NEXT); row != 0; ) {
    const epoch = epochPtr(row);
    if (slot <= lastSlot(epoch) + ENDPOINT_SLOTS) return epoch;
    row = load<u32>(epoch, EPOCH_NEXT);
  }
  return slot <= lastSlot(own) + ENDPOINT_SLOTS ? own : 0;
}
