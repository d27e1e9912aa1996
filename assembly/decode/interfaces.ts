// Interned interface ids and the state kept per interface. Index 0.. in order of interning; the ids of the rule set come
// first, so that their index is their row in the rule image.

import { release, reserve } from "../memory/arena";
import { seedOdd0, seedOdd1, seedOdd2 } from "../memory/hash";
import { poolCreate, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import { FIELD_INTERFACE_ID } from "../shared/fields";
import {
  COL_INTERFACE,
  COL_PRESENT,
  INTERFACE_OWNED,
  MAX_INTERFACE_ID_BYTES,
  STATE_BYTES,
  STATE_FIRST_START,
  STATE_FLAGS,
  STATE_ID,
  STATE_ID_BYTES,
  STATE_OK_FIRST,
  MAX_INTERFACES,
} from "../shared/layout";
import { entryAt } from "./batch";
import { columns } from "./columns";

let pool: usize = 0;
let table: usize = 0; // ENTRY_BYTES per bucket
let tableCap: u32 = 0;
let tableShift: u64 = 0; // of a hash, to its bucket
let count: u32 = 0;
let ids: usize = 0; // bytes of new ids
let idsEnd: usize = 0;
let nameless: usize = 0; // records without an interface id: only what the coverage says
let template: usize = 0; // state of an interface when it is first seen
let shardIndex: u32 = 0;
let shardCount: u32 = 1;

const IDS_BYTES: usize = 1 << 20;

// A bucket holds what most ids are compared by, so that a look-up touches one line of memory:
//   0         8          16         24       28
//   | bytes 0 | bytes 8  | bytes 16 | length | index + 1 (0 = empty) |
// Bytes behind the id's end are zero. Those of longer ids beyond the first 24 are compared where the id is kept.
const ENTRY_BYTES: usize = 32;
const ENTRY_LENGTH: usize = 24;
const ENTRY_INDEX: usize = 28;

export function interfacesInit(): bool {
  pool = poolCreate(STATE_BYTES);
  tableCap = 1 << 10;
  tableShift = 64 - 10;
  table = reserve(<usize>tableCap * ENTRY_BYTES);
  template = reserve(STATE_BYTES);
  nameless = reserve(STATE_BYTES);
  if (template != 0) {
    store<u32>(template, 0xffffffff, STATE_FIRST_START);
    store<u32>(template, 0xffffffff, STATE_OK_FIRST);
  }
  if (nameless != 0) store<u32>(nameless, 0xffffffff, STATE_OK_FIRST);
  return pool != 0 && table != 0 && template != 0 && nameless != 0;
}

/** The state that an interface gets when it is first seen: flags, policies and timers of attached interfaces. */
export function interfaceTemplate(): usize {
  return template;
}

/** This instance judges the interfaces whose id hashes to `index` of `shards`. */
export function setShard(index: u32, shards: u32): void {
  shardIndex = index;
  shardCount = shards;
}

/** Counts and times of records without an interface id. */
export function namelessState(): usize {
  return nameless;
}

/** Whether this instance judges records without an interface id. */
export function ownsNameless(): bool {
  return shardIndex == 0;
}

/** Pointer of an interface's state; stable. */
export function interfaceState(index: u32): usize {
  return poolRow(pool, index + 1);
}

export function interfacesSeen(): u32 {
  return count;
}

/** Makes room for a batch of new ids. Reserve-type call. */
export function interfacesReserve(rows: u32): bool {
  if (!poolGrow(pool, rows)) return false;
  while ((count + rows) * 2 > tableCap) if (!growTable()) return false;
  if (idsEnd - ids < <usize>rows * (<usize>MAX_INTERFACE_ID_BYTES + 16)) {
    // The rest of the old block is left unused: at most what one batch of ids needs.
    const bytes = max(IDS_BYTES, <usize>rows * (<usize>MAX_INTERFACE_ID_BYTES + 16));
    ids = reserve(bytes);
    if (ids == 0) return false;
    idsEnd = ids + bytes;
  }
  return true;
}

function growTable(): bool {
  const old = table;
  const oldCap = tableCap;
  table = reserve(<usize>oldCap * 2 * ENTRY_BYTES);
  if (table == 0) {
    table = old;
    return false;
  }
  tableCap = oldCap * 2;
  tableShift--;
  for (let entry = old; entry < old + <usize>oldCap * ENTRY_BYTES; entry += ENTRY_BYTES) {
    if (load<u32>(entry, ENTRY_INDEX) == 0) continue;
    const hash = hashWords(load<u64>(entry), load<u64>(entry, 8), load<u64>(entry, 16));
    let to = bucket(hash);
    while (load<u32>(to, ENTRY_INDEX) != 0) to = following(to);
    memory.copy(to, entry, ENTRY_BYTES);
  }
  release(old, <usize>oldCap * ENTRY_BYTES);
  return true;
}

export function interfacesRoom(): u32 {
  return min(
    poolRoom(pool),
    min(tableCap / 2 - count, <u32>((idsEnd - ids) / (MAX_INTERFACE_ID_BYTES + 16))),
  );
}

function bucket(hash: u64): usize {
  return table + <usize>(hash >> tableShift) * ENTRY_BYTES;
}

function following(entry: usize): usize {
  const next = entry + ENTRY_BYTES;
  return next == table + <usize>tableCap * ENTRY_BYTES ? table : next;
}

// Multiply-shift under the seed: the high bits choose the bucket. Who does not know the rules cannot aim at one.
function hashWords(first: u64, second: u64, third: u64): u64 {
  return first * seedOdd0 + second * seedOdd1 + third * seedOdd2;
}

// Of the `length` bytes at `ptr` those from `from` on, eight at most, zeros behind them.
function wordOf(ptr: usize, length: u32, from: u32): u64 {
  if (length <= from) return 0;
  const word = load<u64>(ptr + from);
  const bytes = length - from;
  return bytes >= 8 ? word : word & (((<u64>1) << (bytes << 3)) - 1);
}

function sameRest(entry: usize, ptr: usize, length: u32): bool {
  const id = <usize>load<u32>(interfaceState(load<u32>(entry, ENTRY_INDEX) - 1), STATE_ID);
  for (let from: u32 = 24; from < length; from += 8)
    if (wordOf(id, length, from) != wordOf(ptr, length, from)) return false;
  return true;
}

/**
 * Index of the id [ptr, ptr + length), interning it when new; 0xffffffff where there are too many. The caller made sure
 * of room (interfacesRoom > 0).
 */
export function internInterface(ptr: usize, length: u32): u32 {
  return intern(
    ptr,
    length,
    wordOf(ptr, length, 0),
    wordOf(ptr, length, 8),
    wordOf(ptr, length, 16),
  );
}

function intern(ptr: usize, length: u32, first: u64, second: u64, third: u64): u32 {
  const hash = hashWords(first, second, third);
  let entry = bucket(hash);
  for (;;) {
    const found = load<u32>(entry, ENTRY_INDEX);
    if (found == 0) break;
    if (
      load<u64>(entry) == first &&
      load<u64>(entry, 8) == second &&
      load<u64>(entry, 16) == third &&
      load<u32>(entry, ENTRY_LENGTH) == length &&
      (length <= 24 || sameRest(entry, ptr, length))
    )
      return found - 1;
    entry = following(entry);
  }
  if (count >= <u32>MAX_INTERFACES) return 0xffffffff;
  const index = poolTake(pool) - 1;
  store<u64>(entry, first);
  store<u64>(entry, second, 8);
  store<u64>(entry, third, 16);
  store<u32>(entry, length, ENTRY_LENGTH);
  store<u32>(entry, index + 1, ENTRY_INDEX);
  const state = interfaceState(index);
  memory.copy(state, template, STATE_BYTES);
  memory.copy(ids, ptr, length);
  store<u32>(state, <u32>ids, STATE_ID);
  store<u32>(state, length, STATE_ID_BYTES);
  ids += (length + 15) & ~7; // readable over the end
  const owned = <u32>((hash >> 32) % shardCount) == shardIndex ? <u32>INTERFACE_OWNED : 0;
  store<u32>(state, load<u32>(state, STATE_FLAGS) | owned, STATE_FLAGS);
  count++;
  return index;
}

const NAMED: u32 = 1 << FIELD_INTERFACE_ID;

/**
 * Interns the ids of `rows` rows from `row` on, which stand at token `token`; false where there are too many. The caller
 * made sure of room for as many new ids.
 */
export function internRows(row: u32, rows: u32, token: u32): bool {
  const skip = (<usize>token) << 2;
  let at = entryAt(0);
  let to = columns + ((<usize>row) << 2);
  for (let i: u32 = 0; i < rows; i++, at += 4, to += 4) {
    let index: u32 = 0xffffffff;
    if (load<u32>(to, COL_PRESENT) & NAMED) {
      const entry = <usize>load<u32>(at) + skip;
      const before = <usize>load<u32>(entry);
      index = internInterface(before + 1, load<u32>(entry, 4) - <u32>before - 1);
      if (index == 0xffffffff) return false;
    }
    store<u32>(to, index, COL_INTERFACE);
  }
  return true;
}
