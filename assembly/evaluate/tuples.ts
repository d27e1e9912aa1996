// Disagreements between action and verdict, gathered by tuple (semantics 8): interface, direction of the opening,
// remote address, protocol, served port. Bounded; what has to go is counted.

import { release, reserve } from "../memory/arena";
import { hash2, mix64 } from "../memory/hash";
import { addSample } from "../memory/samples";
import {
  COUNT_TUPLES_DROPPED,
  TUPLE_BYTES,
  TUPLE_CAUSES,
  TUPLE_DIRECTION,
  TUPLE_FIRST,
  TUPLE_HIGH,
  TUPLE_INTERFACE,
  TUPLE_KIND,
  TUPLE_LAST,
  TUPLE_LOW,
  TUPLE_OCTETS,
  TUPLE_PORT,
  TUPLE_PROTOCOL,
  TUPLE_RECORDS,
  TUPLE_SAMPLES,
} from "../shared/layout";
import { addUpTo, count } from "./counters";

const MAX_BUCKETS: u32 = 1 << 17; // 19 MB; half of them may be in use
let table: usize = 0;
let cap: u32 = 0;
let live: u32 = 0;

export function tuplesInit(): bool {
  cap = 1 << 10;
  table = reserve(<usize>cap * TUPLE_BYTES);
  return table != 0;
}

/** All buckets: `tuplesCap` rows of TUPLE_BYTES, kind 0 = empty. Valid until the next reserve. */
export function tuplesPtr(): usize {
  return table;
}
export function tuplesCap(): u32 {
  return cap;
}

export function tuplesRoom(): u32 {
  return (cap >> 1) - min(cap >> 1, live);
}

/** Makes room; at MAX_BUCKETS the tuples of fewest records go, counted. Reserve-type call. */
export function tuplesReserve(rows: u32): bool {
  if (tuplesRoom() >= rows) return true;
  let fresh = cap;
  while ((live + rows) * 2 > fresh && fresh < MAX_BUCKETS) fresh <<= 1;
  // Of what everybody has, nobody asks for: only the largest tuples are ever listed.
  let least: u64 = 0;
  if ((live + rows) * 2 > fresh) {
    least = 1;
    while (countAbove(least) > fresh >> 2) least <<= 1;
  }
  return rebuild(fresh, least);
}

// Tuples of more than `records` records.
function countAbove(records: u64): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < cap; i++) {
    const row = table + <usize>i * TUPLE_BYTES;
    if (load<u8>(row, TUPLE_KIND) != 0 && load<u64>(row, TUPLE_RECORDS) > records) found++;
  }
  return found;
}

function rebuild(fresh: u32, least: u64): bool {
  const old = table;
  const oldCap = cap;
  table = reserve(<usize>fresh * TUPLE_BYTES);
  if (table == 0) {
    table = old;
    return false;
  }
  cap = fresh;
  const before = live;
  live = 0;
  for (let i: u32 = 0; i < oldCap; i++) {
    const row = old + <usize>i * TUPLE_BYTES;
    if (load<u8>(row, TUPLE_KIND) == 0 || load<u64>(row, TUPLE_RECORDS) <= least) continue;
    const to = find(
      load<u64>(row, TUPLE_HIGH),
      load<u64>(row, TUPLE_LOW),
      load<u32>(row, TUPLE_INTERFACE),
      load<u32>(row, TUPLE_PROTOCOL),
      load<u32>(row, TUPLE_PORT),
    );
    memory.copy(to, row, TUPLE_BYTES);
    live++;
  }
  count(COUNT_TUPLES_DROPPED, before - live);
  release(old, <usize>oldCap * TUPLE_BYTES);
  return true;
}

// `what` is the word at TUPLE_PROTOCOL: protocol, direction and kind.
function find(high: u64, low: u64, face: u32, what: u32, port: u32): usize {
  const mask = cap - 1;
  let at = <u32>hash2(hash2(high, low), mix64(((<u64>face) << 32) | what) ^ port) & mask;
  while (true) {
    const row = table + <usize>at * TUPLE_BYTES;
    if (load<u8>(row, TUPLE_KIND) == 0) return row;
    if (
      load<u32>(row, TUPLE_PROTOCOL) == what &&
      load<u32>(row, TUPLE_PORT) == port &&
      load<u32>(row, TUPLE_INTERFACE) == face &&
      load<u64>(row, TUPLE_HIGH) == high &&
      load<u64>(row, TUPLE_LOW) == low
    )
      return row;
    at = (at + 1) & mask;
  }
}

/** Adds one disagreeing record. `kind`: 1 ACCEPT/deny, 2 REJECT/allow. */
export function addTuple(
  kind: u32,
  face: u32,
  direction: u32,
  high: u64,
  low: u64,
  protocol: u32,
  port: u32,
  cause: u32,
  start: u32,
  end: u32,
  bytes: u64,
  file: u32,
  line: u32,
): void {
  const what = protocol | (direction << 8) | (kind << 16);
  const row = find(high, low, face, what, port);
  if (load<u8>(row, TUPLE_KIND) == 0) {
    live++;
    store<u64>(row, high, TUPLE_HIGH);
    store<u64>(row, low, TUPLE_LOW);
    store<u32>(row, face, TUPLE_INTERFACE);
    store<u32>(row, what, TUPLE_PROTOCOL);
    store<u32>(row, port, TUPLE_PORT);
    store<u32>(row, 0xffffffff, TUPLE_FIRST);
  }
  store<u64>(row, load<u64>(row, TUPLE_RECORDS) + 1, TUPLE_RECORDS);
  addUpTo(row + TUPLE_OCTETS, bytes);
  store<u32>(row, min(load<u32>(row, TUPLE_FIRST), start), TUPLE_FIRST);
  store<u32>(row, max(load<u32>(row, TUPLE_LAST), end), TUPLE_LAST);
  const causeAt = row + TUPLE_CAUSES + (cause << 2);
  store<u32>(causeAt, load<u32>(causeAt) + 1);
  addSample(row + TUPLE_SAMPLES, start, file, line);
}
