// Lists of row numbers, each with the 32-bit key it is sorted by, in pooled blocks: what waits in a slot. Walking a list
// reads memory in order; a chain through the rows themselves would be one dependent cache miss per row.

import { poolCreate, poolGive, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";

// Block: [next u32][-][LIST_ENTRIES x (row u32, key u32)]
const BLOCK_BYTES: u32 = 512;
const LIST_ENTRIES: u32 = 63;
const FIRST_ENTRY: usize = 8;

// List head, kept by its owner: [first block u32][last block u32][entries u32]
const LIST_FIRST: usize = 0;
const LIST_LAST: usize = 4;
export const LIST_COUNT: usize = 8;
export const LIST_BYTES: usize = 12;

let blocks: usize = 0;

export function listsInit(): bool {
  blocks = poolCreate(BLOCK_BYTES);
  return blocks != 0;
}

/** Blocks that can be taken; an append takes at most one. */
export function listsRoom(): u32 {
  return poolRoom(blocks);
}

/** Reserve-type call. */
export function listsReserve(count: u32): bool {
  return poolGrow(blocks, count);
}

/** Appends a row. The caller made sure of room. */
export function listAppend(list: usize, row: u32, key: u32): void {
  const count = load<u32>(list, LIST_COUNT);
  const within = count % LIST_ENTRIES;
  let block = load<u32>(list, LIST_LAST);
  if (within == 0) {
    const fresh = poolTake(blocks);
    store<u32>(poolRow(blocks, fresh), 0);
    if (count == 0) store<u32>(list, fresh, LIST_FIRST);
    else store<u32>(poolRow(blocks, block), fresh);
    store<u32>(list, fresh, LIST_LAST);
    block = fresh;
  }
  const entry = poolRow(blocks, block) + FIRST_ENTRY + ((<usize>within) << 3);
  store<u32>(entry, row);
  store<u32>(entry, key, 4);
  store<u32>(list, count + 1, LIST_COUNT);
}

/** Moves the list's entries (row, key: 8 bytes each) to `to` in order and empties it. Returns how many. */
export function listDrain(list: usize, to: usize): u32 {
  const count = load<u32>(list, LIST_COUNT);
  let left = count;
  let block = load<u32>(list, LIST_FIRST);
  let out = to;
  while (left != 0) {
    const ptr = poolRow(blocks, block);
    const n = min(left, LIST_ENTRIES);
    memory.copy(out, ptr + FIRST_ENTRY, (<usize>n) << 3);
    out += (<usize>n) << 3;
    left -= n;
    const next = load<u32>(ptr);
    poolGive(blocks, block);
    block = next;
  }
  store<u32>(list, 0, LIST_FIRST);
  store<u32>(list, 0, LIST_LAST);
  store<u32>(list, 0, LIST_COUNT);
  return count;
}
