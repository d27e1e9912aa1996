import type { Location } from "./classes.js";
import { Words } from "./words.js";

const PAGE_BITS = 4;
const PAGE_WORDS = 2 ** PAGE_BITS;
const PAGE_BIT = 2 ** 31;
const ROOT_BITS = 16;

/** IPv4 address → entry in at most five loads: a root by the upper 16 bits, pages by the next 4 each. */
export interface Trie4 {
  readonly root: Words;
  readonly pages: Words;
}

/**
 * Paints the blocks from the shortest to the longest, so that a block overwrites what encloses it and a new page
 * begins as a copy of the entry it splits. A page is a line of cache: a lone address costs four of them, where pages of
 * 256 entries cost 2 KiB, most of an image with many addresses. A block shorter than /16 costs up to 65,536 writes.
 */
export function buildTrie4(locations: readonly Location[]): Trie4 {
  const root = new Words(2 ** ROOT_BITS);
  const pages = new Words(65536);
  root.fill(0, 2 ** ROOT_BITS);

  /** The first slot of the page below a slot; splits the slot's entry where there is none yet. */
  function pageBelow(table: Words, slot: number): number {
    const entry = table.get(slot);
    if (entry >= PAGE_BIT) return (entry - PAGE_BIT) * PAGE_WORDS;
    const page = pages.fill(entry, PAGE_WORDS);
    table.set(slot, page / PAGE_WORDS + PAGE_BIT);
    return page;
  }

  const ordered = [...locations].sort((a, b) => a.length - b.length);
  for (const { value, length, entry } of ordered) {
    const address = Number(value);
    let table = root;
    let slot = address >>> (32 - ROOT_BITS);
    let bits = ROOT_BITS;
    for (; length > bits; bits += PAGE_BITS) {
      const page = pageBelow(table, slot);
      table = pages;
      slot = page + ((address >>> (32 - bits - PAGE_BITS)) & (PAGE_WORDS - 1));
    }
    const end = slot + 2 ** (bits - length);
    for (; slot < end; slot++) table.set(slot, entry);
  }
  return { root, pages };
}
