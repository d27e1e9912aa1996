import { describe, expect, it } from "vitest";
import type { Location } from "../../src/compile/classes.js";
import { buildRanges6 } from "../../src/compile/ranges6.js";
import { buildTrie4 } from "../../src/compile/trie4.js";

const PAGE_BIT = 2 ** 31;
const ALL_ONES = (1n << 128n) - 1n;

function at(value: bigint, length: number, entry: number): Location {
  return { value, length, entry };
}

function lookup4(locations: readonly Location[], address: number): number {
  const { root, pages } = buildTrie4(locations);
  let entry = root.get(address >>> 16);
  for (const shift of [12, 8, 4, 0])
    if (entry >= PAGE_BIT) entry = pages.get((entry - PAGE_BIT) * 16 + ((address >>> shift) & 15));
  return entry;
}

describe("buildTrie4", () => {
  const nested = [
    at(0n, 0, 1),
    at(0x0a000000n, 8, 2),
    at(0x0a000100n, 24, 3),
    at(0x0a000105n, 32, 4),
  ];

  it.each([
    [0x00000000, 1],
    [0xffffffff, 1],
    [0x0a000000, 2],
    [0x0affffff, 2],
    [0x0a000100, 3],
    [0x0a0001ff, 3],
    [0x0a000105, 4],
    [0x0a000104, 3],
  ])("%i lies in the innermost block, %i", (address, entry) => {
    expect(lookup4(nested, address)).toBe(entry);
    expect(lookup4([...nested].reverse(), address)).toBe(entry);
  });

  it("makes pages only where blocks are longer than 16 bits", () => {
    expect(buildTrie4(nested.slice(0, 2)).pages.length).toBe(0);
    expect(buildTrie4(nested.slice(0, 3)).pages.length).toBe(2 * 16);
    expect(buildTrie4(nested).pages.length).toBe(4 * 16);
  });
});

function rangesOf(locations: readonly Location[]): [bigint, number][] {
  const { starts, entries } = buildRanges6(locations);
  return [...entries.view()].map((entry, i) => {
    const word = (n: number): bigint => BigInt(starts.get(i * 4 + n));
    return [(word(1) << 96n) | (word(0) << 64n) | (word(3) << 32n) | word(2), entry];
  });
}

describe("buildRanges6", () => {
  it("covers everything with class 0 where nothing is given", () => {
    expect(rangesOf([])).toEqual([[0n, 0]]);
  });

  it("returns to the outer block behind an inner one, and to class 0 behind the outer", () => {
    expect(rangesOf([at(16n, 124, 1), at(20n, 126, 2)])).toEqual([
      [0n, 0],
      [16n, 1],
      [20n, 2],
      [24n, 1],
      [32n, 0],
    ]);
  });

  it("merges neighbours, and keeps no range for a block that inner ones cover", () => {
    expect(rangesOf([at(0n, 127, 5), at(0n, 128, 6), at(1n, 128, 6)])).toEqual([
      [0n, 6],
      [2n, 0],
    ]);
  });

  it("ends at the last address of all", () => {
    expect(rangesOf([at(0n, 0, 1), at(ALL_ONES - 1n, 127, 2), at(ALL_ONES, 128, 3)])).toEqual([
      [0n, 1],
      [ALL_ONES - 1n, 2],
      [ALL_ONES, 3],
    ]);
  });
});
