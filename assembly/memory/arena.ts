// Owns all linear memory above __heap_base. The only caller of memory.grow. Blocks are multiples of 64 bytes, zeroed,
// 64-byte aligned. Freed blocks go to a first-fit list and are reused; tables that double free their predecessor here.
// Not for hot paths: allocation happens only inside exported reserve/create calls, never while a batch runs.

let top: usize = 0;
let freeHead: usize = 0; // freed block: [bytes u32-as-usize][next usize]
let used: usize = 0;
let written: usize = 0; // memory below may hold what was written before arenaReuse

const ALIGN: usize = 64;
const GROW_PAGES: u64 = 1024; // 64 MiB

function roundUp(bytes: usize): usize {
  return (bytes + (ALIGN - 1)) & ~(ALIGN - 1);
}

/** Zeroed block of at least `bytes`; 0 when the machine refuses more memory. Owner frees it with release(ptr, bytes). */
export function reserve(bytes: usize): usize {
  const before = arenaEnd();
  const ptr = reserveRaw(bytes);
  // Pages above were never written.
  if (ptr != 0 && ptr < before) memory.fill(ptr, 0, min(roundUp(bytes), before - ptr));
  return ptr;
}

/** The same with whatever the block's last owner left in it: for rows that are written whole when they are taken. */
export function reserveRaw(bytes: usize): usize {
  if (bytes > 0xffff0000) return 0; // rounding up would begin at zero again
  const size = roundUp(bytes);
  let previous: usize = 0;
  let block = freeHead;
  while (block != 0) {
    const have = load<usize>(block);
    const next = load<usize>(block, sizeof<usize>());
    if (have >= size) {
      const rest = have - size;
      let replacement = next;
      if (rest >= ALIGN) {
        replacement = block + size;
        store<usize>(replacement, rest);
        store<usize>(replacement, next, sizeof<usize>());
      }
      if (previous == 0) freeHead = replacement;
      else store<usize>(previous, replacement, sizeof<usize>());
      used += size;
      return block;
    }
    previous = block;
    block = next;
  }
  if (top == 0) top = roundUp(__heap_base);
  const end = <u64>top + <u64>size;
  if (end > 0xffff0000) return 0;
  const have = (<u64>memory.size()) << 16;
  if (end > have) {
    // In large steps: every growth makes the host drop its view of the whole memory, which its garbage collector pays
    // for. Pages that are not written cost nothing.
    const needed = (end - have + 0xffff) >> 16;
    const step = min(max(needed, GROW_PAGES), 65535 - (have >> 16));
    if (memory.grow(<i32>max(step, needed)) < 0 && memory.grow(<i32>needed) < 0) return 0;
  }
  const ptr = top;
  top += size;
  used += size;
  return ptr;
}

/** Gives a block back. `bytes` must be what it was reserved with. */
export function release(ptr: usize, bytes: usize): void {
  if (ptr == 0) return;
  const size = roundUp(bytes);
  used -= size;
  // Kept sorted by address so that neighbours merge: a table that doubles leaves one block, not a chain.
  let previous: usize = 0;
  let next = freeHead;
  while (next != 0 && next < ptr) {
    previous = next;
    next = load<usize>(next, sizeof<usize>());
  }
  let block = ptr;
  let length = size;
  if (next != 0 && block + length == next) {
    length += load<usize>(next);
    next = load<usize>(next, sizeof<usize>());
  }
  if (previous != 0 && previous + load<usize>(previous) == block) {
    block = previous;
    length += load<usize>(previous);
  } else if (previous != 0) {
    store<usize>(previous, block, sizeof<usize>());
  } else {
    freeHead = block;
  }
  store<usize>(block, length);
  store<usize>(block, next, sizeof<usize>());
}

/** Where the static part of memory ends. */
export function arenaBegin(): usize {
  return __heap_base;
}

/** No memory from here on was ever written. */
export function arenaEnd(): usize {
  return max(top, written);
}

/** For whoever begins anew in the same memory, with static part and variables as they were: `end` is what arenaEnd() was. */
export function arenaReuse(end: usize): void {
  written = end;
}

/** Bytes reserved and not released. */
export function arenaUsed(): usize {
  return used;
}
