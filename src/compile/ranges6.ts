import type { Location } from "./classes.js";
import { Words } from "./words.js";

/** IPv6 address → entry by binary search: starts of disjoint ranges that together cover everything. */
export interface Ranges6 {
  readonly starts: Words;
  readonly entries: Words;
}

/** Flattens nested blocks (sorted by address, outer first) into ranges; neighbours with one entry merge. O(blocks). */
export function buildRanges6(locations: readonly Location[]): Ranges6 {
  const starts: bigint[] = [0n];
  const entries: number[] = [0];
  const open: { readonly last: bigint; readonly entry: number }[] = [
    { last: (1n << 128n) - 1n, entry: 0 },
  ];

  function begin(start: bigint, entry: number): void {
    if (starts.at(-1) === start) {
      starts.pop();
      entries.pop();
    }
    if (entries.at(-1) === entry) return;
    starts.push(start);
    entries.push(entry);
  }

  function closeBefore(value: bigint): void {
    while (open.length > 1 && open.at(-1)!.last < value) {
      const { last } = open.pop()!;
      begin(last + 1n, open.at(-1)!.entry);
    }
  }

  for (const { value: first, length, entry } of locations) {
    const value = BigInt(first);
    closeBefore(value);
    open.push({ last: value + (1n << BigInt(128 - length)) - 1n, entry });
    begin(value, entry);
  }
  // The block that ends at the last address of all needs no successor.
  while (open.length > 1) {
    const { last } = open.pop()!;
    if (last < open[0]!.last) begin(last + 1n, open.at(-1)!.entry);
  }

  const startWords = new Words();
  for (const start of starts) startWords.pushAddress(start);
  const entryWords = new Words();
  entryWords.pushAll(entries);
  return { starts: startWords, entries: entryWords };
}
