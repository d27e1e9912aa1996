// Interned interface ids and the state kept per interface. Index 0.. in order of interning; the ids of the rule set come
// first, so that their index is their row in the rule image.

import { release, reserve } from "../memory/arena";
import { mix64 } from "../memory/hash";
import { poolCreate, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import {
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

let pool: usize = 0;
let table: usize = 0; // u32 index + 1 per bucket
let tableCap: u32 = 0;
let count: u32 = 0;
let ids: usize = 0; // bytes of new ids
let idsEnd: usize = 0;
let lastHash: u64 = 0;
let lastIndex: u32 = 0xffffffff;
let nameless: usize = 0; // records without an interface id: only what the coverage says
let template: usize = 0; // state of an interface when it is first seen
let shardIndex: u32 = 0;
let shardCount: u32 = 1;

const IDS_BYTES: usize = 1 << 20;

export function interfacesInit(): bool {
  pool = poolCreate(STATE_BYTES);
  tableCap = 1 << 10;
  table = reserve((<usize>tableCap) << 2);
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
  while ((count + rows) * 2 > tableCap) {
    const fresh = reserve((<usize>tableCap) << 3);
    if (fresh == 0) return false;
    const mask = tableCap * 2 - 1;
    for (let i: u32 = 0; i < count; i++) {
      const state = interfaceState(i);
      let slot = <u32>hashId(load<u32>(state, STATE_ID), load<u32>(state, STATE_ID_BYTES)) & mask;
      while (load<u32>(fresh + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & mask;
      store<u32>(fresh + ((<usize>slot) << 2), i + 1);
    }
    release(table, (<usize>tableCap) << 2);
    table = fresh;
    tableCap *= 2;
  }
  if (idsEnd - ids < <usize>rows * (<usize>MAX_INTERFACE_ID_BYTES + 16)) {
    // The rest of the old block is left unused: at most what one batch of ids needs.
    const bytes = max(IDS_BYTES, <usize>rows * (<usize>MAX_INTERFACE_ID_BYTES + 16));
    ids = reserve(bytes);
    if (ids == 0) return false;
    idsEnd = ids + bytes;
  }
  return true;
}

export function interfacesRoom(): u32 {
  return min(
    poolRoom(pool),
    min(tableCap / 2 - count, <u32>((idsEnd - ids) / (MAX_INTERFACE_ID_BYTES + 16))),
  );
}

// The id's bytes, eight at a time; the last word is read over the end and masked.
function hashId(ptr: usize, length: u32): u64 {
  let h: u64 = length;
  let p = ptr;
  let rest = length;
  while (rest >= 8) {
    h = (h ^ load<u64>(p)) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    p += 8;
    rest -= 8;
  }
  if (rest != 0) {
    const tail = load<u64>(p) & (((<u64>1) << (rest << 3)) - 1);
    h = (h ^ tail) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
  }
  return mix64(h);
}

function sameId(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  while (i + 8 <= length) {
    if (load<u64>(a + i) != load<u64>(b + i)) return false;
    i += 8;
  }
  const rest = (length - i) << 3;
  if (rest == 0) return true;
  return ((load<u64>(a + i) ^ load<u64>(b + i)) & (((<u64>1) << rest) - 1)) == 0;
}

/** Index of the id [ptr, ptr + length), interning it when new. The caller made sure of room (interfacesRoom > 0). */
export function internInterface(ptr: usize, length: u32): u32 {
  const hash = hashId(ptr, length);
  if (hash == lastHash && lastIndex != 0xffffffff) {
    const state = interfaceState(lastIndex);
    if (
      load<u32>(state, STATE_ID_BYTES) == length &&
      sameId(load<u32>(state, STATE_ID), ptr, length)
    )
      return lastIndex;
  }
  lastHash = hash;
  const mask = tableCap - 1;
  let slot = <u32>hash & mask;
  while (true) {
    const found = load<u32>(table + ((<usize>slot) << 2));
    if (found == 0) break;
    const state = interfaceState(found - 1);
    if (
      load<u32>(state, STATE_ID_BYTES) == length &&
      sameId(load<u32>(state, STATE_ID), ptr, length)
    ) {
      lastIndex = found - 1;
      return lastIndex;
    }
    slot = (slot + 1) & mask;
  }
  if (count >= <u32>MAX_INTERFACES) return 0xffffffff;
  const row = poolTake(pool);
  const index = row - 1;
  store<u32>(table + ((<usize>slot) << 2), index + 1);
  const state = poolRow(pool, row);
  memory.copy(state, template, STATE_BYTES);
  memory.copy(ids, ptr, length);
  store<u32>(state, <u32>ids, STATE_ID);
  store<u32>(state, length, STATE_ID_BYTES);
  ids += (length + 15) & ~7; // readable over the end
  const owned = <u32>(hash >> 40) % shardCount == shardIndex ? <u32>INTERFACE_OWNED : 0;
  store<u32>(state, load<u32>(state, STATE_FLAGS) | owned, STATE_FLAGS);
  count++;
  lastIndex = index;
  return index;
}
