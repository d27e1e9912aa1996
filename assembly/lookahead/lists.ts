// Lists of rows: one row behind the other, in the order they were appended, in chunks of a pool. Writing and walking a
// list goes through memory in order: a row costs the next cache line, not a miss, and its page is one of few.

import { poolCreate, poolGive, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";

// Chunk: [next chunk][end of its rows][its number in the pool][-], then rows. A log of few records has a slot, and so a
// chunk, for each of them: 1 KiB.
const CHUNK_BYTES: u32 = 1024;
const NEXT: usize = 0;
const END: usize = 4;
const NUMBER: usize = 8;
const FIRST_ROW: usize = 16;
/** Longest row that a list takes. */
export const MOST_APPENDED: usize = CHUNK_BYTES - FIRST_ROW;

// List head, kept by its owner: [first chunk][last chunk][rows u32]
const FIRST: usize = 0;
const LAST: usize = 4;
export const LIST_COUNT: usize = 8;
export const LIST_BYTES: usize = 12;

let pool: usize = 0;

export function listsInit(): bool {
  pool = poolCreate(CHUNK_BYTES);
  return pool != 0;
}

/** Chunks that can be taken; an append takes at most one. */
export function listsRoom(): u32 {
  return poolRoom(pool);
}

/** Reserve-type call. */
export function listsReserve(count: u32): bool {
  return poolGrow(pool, count);
}

/** Room for a row of `bytes` at the list's end, for the caller to fill. The caller made sure of a chunk. */
export function listAppend(list: usize, bytes: usize): usize {
  store<u32>(list, load<u32>(list, LIST_COUNT) + 1, LIST_COUNT);
  const last = <usize>load<u32>(list, LAST);
  if (last != 0) {
    const end = <usize>load<u32>(last, END);
    if (end + bytes <= last + CHUNK_BYTES) {
      store<u32>(last, <u32>(end + bytes), END);
      return end;
    }
  }
  const number = poolTake(pool);
  const chunk = poolRow(pool, number);
  store<u32>(chunk, 0, NEXT);
  store<u32>(chunk, <u32>(chunk + FIRST_ROW + bytes), END);
  store<u32>(chunk, number, NUMBER);
  if (last == 0) store<u32>(list, <u32>chunk, FIRST);
  else store<u32>(last, <u32>chunk, NEXT);
  store<u32>(list, <u32>chunk, LAST);
  return chunk + FIRST_ROW;
}

/** First chunk of the list, 0 = it is empty. */
export function listFirst(list: usize): usize {
  return <usize>load<u32>(list, FIRST);
}

/** The chunk behind this one, 0 = it is the last. */
export function chunkNext(chunk: usize): usize {
  return <usize>load<u32>(chunk, NEXT);
}

/** Where the rows of a chunk begin. */
export function chunkRows(chunk: usize): usize {
  return chunk + FIRST_ROW;
}

/** Where they end; a chunk has at least one. */
export function chunkEnd(chunk: usize): usize {
  return <usize>load<u32>(chunk, END);
}

/** `to` takes the list over; `from` is empty afterwards. */
export function listMove(from: usize, to: usize): void {
  store<u64>(to, load<u64>(from));
  store<u32>(to, load<u32>(from, LIST_COUNT), LIST_COUNT);
  store<u64>(from, 0);
  store<u32>(from, 0, LIST_COUNT);
}

/** Frees the chunks of the list before `stop`, 0 = all; the list begins with `stop` then. Its count stays. */
export function listFree(list: usize, stop: usize): void {
  let chunk = <usize>load<u32>(list, FIRST);
  while (chunk != stop) {
    const next = <usize>load<u32>(chunk, NEXT);
    poolGive(pool, load<u32>(chunk, NUMBER));
    chunk = next;
  }
  store<u32>(list, <u32>stop, FIRST);
  if (stop == 0) store<u32>(list, 0, LAST);
}
