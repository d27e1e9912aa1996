// Blocks of input text. One block is filled by the host and decoded at a time; while records are wanted a block stays
// until the last of its rows was emitted, otherwise it is used again at once.

import { reserve } from "../memory/arena";
import { BLOCK_BYTES, BLOCK_PADDING } from "../shared/layout";

// Per block: [pointer of text u32][rows still pointing here u32][next free u32]
const ENTRY: usize = 12;
const MAX_BLOCKS: u32 = 4000;
let table: usize = 0;
let used: u32 = 0; // blocks numbered from 1
let freeHead: u32 = 0;

export function blocksInit(): bool {
  table = reserve(<usize>(MAX_BLOCKS + 1) * ENTRY);
  return table != 0;
}

/** A block to fill: its number, 0 = out of memory. Reserve-type call. */
export function blockTake(): u32 {
  if (freeHead != 0) {
    const block = freeHead;
    freeHead = load<u32>(table + block * ENTRY, 8);
    store<u32>(table + block * ENTRY, 0, 4);
    return block;
  }
  if (used >= MAX_BLOCKS) return 0;
  const ptr = reserve(<usize>BLOCK_BYTES + 2 * <usize>BLOCK_PADDING);
  if (ptr == 0) return 0;
  used++;
  store<u32>(table + used * ENTRY, <u32>ptr + BLOCK_PADDING);
  store<u32>(table + used * ENTRY, 0, 4);
  return used;
}

/** First byte of the block's BLOCK_BYTES of text. */
export function blockPtr(block: u32): usize {
  return <usize>load<u32>(table + block * ENTRY);
}

export function blockHold(block: u32): void {
  const at = table + block * ENTRY;
  store<u32>(at, load<u32>(at, 4) + 1, 4);
}

/** Drops one hold; a block without holds is free for the next chunk. */
export function blockDrop(block: u32): void {
  const at = table + block * ENTRY;
  const holds = load<u32>(at, 4) - 1;
  store<u32>(at, holds, 4);
  if (holds == 0) {
    store<u32>(at, freeHead, 8);
    freeHead = block;
  }
}
