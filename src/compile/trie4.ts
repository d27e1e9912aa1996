import type { Location } from "./classes.js";
import { Words } from "./words.js";

const PAGE_WORDS = 256;
const PAGE_BIT = 2 ** 31;

/** IPv4 address → entry in at most three loads: a root by the upper 16 bits, pages by the next 8 and the last 8. */
export interface Trie4 {
  readonly root: Words;
  readonly pages: Words;
}

/**
 * Paints the blocks from the shortest to the longest, so that a block overwrites what encloses it and a new page
 * begins as a copy of the entry it splits. A page costs 1 KiB; a block shorter than /16 up to 65,536 writes.
 */
export function buildTrie4(locations: readonly Location[]): Trie4 {
  const root = new Words(65536);
  const pages = new Words(65536);
  root.fill(0, 65536);

  /** The page below a slot; splits the slot's entry where there is none yet. */
  function pageBelow(table: Words, slot: number): number {
    const entry = table.get(slot);
    if (entry >= PAGE_BIT) return entry - PAGE_BIT;
    const page = pages.length / PAGE_WORDS;
    pages.fill(entry, PAGE_WORDS);
    table.set(slot, page + PAGE_BIT);
    return page;
  }

  function paint(table: Words, from: number, length: number, free: number, entry: number): void {
    const count = 2 ** (free - length);
    for (let slot = from; slot < from + count; slot++) table.set(slot, entry);
  }

  const ordered = [...locations].sort((a, b) => a.length - b.length);
  for (const { value, length, entry } of ordered) {
    const address = Number(value);
    if (length <= 16) {
      paint(root, address >>> 16, length, 16, entry);
      continue;
    }
    const middle = pageBelow(root, address >>> 16) * PAGE_WORDS + ((address >>> 8) & 255);
    if (length <= 24) paint(pages, middle, length, 24, entry);
    else paint(pages, pageBelow(pages, middle) * PAGE_WORDS + (address & 255), length, 32, entry);
  }
  return { root, pages };
}
