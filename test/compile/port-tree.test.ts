import { describe, expect, it } from "vitest";
import { createBitsets } from "../../src/compile/bitsets.js";
import { type PortSpan, sweepPorts, writePortTree } from "../../src/compile/port-tree.js";
import { Words } from "../../src/compile/words.js";
import * as contract from "../../src/contract.js";
import { random } from "../match/random.js";

function randomSpans(seed: number, count: number): PortSpan[] {
  const r = random(seed);
  return Array.from({ length: count }, (_, position) => {
    const [a, b] = [r.below(65536), r.chance(0.5) ? r.below(65536) : r.pick([0, 65535, 65534, 1])];
    return { position, from: Math.min(a, b), to: Math.max(a, b) };
  });
}

function bitsAt(spans: readonly PortSpan[], base: Uint32Array, port: number): number[] {
  const bits = base.slice();
  for (const { position, from, to } of spans)
    if (from <= port && port <= to) bits[position >>> 5]! |= 1 << (position & 31);
  return [...bits];
}

describe("sweepPorts", () => {
  it.each([0, 1, 2, 7, 8, 9, 40, 64, 500])(
    "%i spans: every port has the rules that fit it",
    (count) => {
      const spans = randomSpans(count, count);
      const words = Math.ceil((count + 1) / 64) * 2;
      const base = new Uint32Array(words);
      base[words - 1] = 0x80000000;
      const bitsets = createBitsets();
      bitsets.reset(words);
      const { ends, services } = sweepPorts(spans, base, bitsets);
      expect(ends.at(-1)).toBe(65535);
      expect(base[words - 1]).toBe(0x80000000);
      expect(base.subarray(0, words - 1).every((word) => word === 0)).toBe(true);
      const view = bitsets.view();
      const edges = new Set(ends.flatMap((end) => [end, Math.min(65535, end + 1)]));
      for (const port of [0, 1, ...edges]) {
        const service = services[ends.findIndex((end) => port <= end)]!;
        const got = [...view.subarray(service * words, (service + 1) * words)];
        expect(got, `port ${port}`).toEqual(bitsAt(spans, base, port));
      }
    },
  );

  it("joins neighbouring intervals with the same rules", () => {
    const bitsets = createBitsets();
    bitsets.reset(2);
    const spans = [
      { position: 0, from: 10, to: 20 },
      { position: 0, from: 21, to: 30 },
    ];
    expect(sweepPorts(spans, new Uint32Array(2), bitsets).ends).toEqual([9, 30, 65535]);
  });
});

describe("writePortTree", () => {
  it.each([
    [1, 1],
    [8, 1],
    [9, 2],
    [64, 2],
    [65, 3],
    [513, 4],
    [65536, 6],
  ])("%i intervals have %i levels", (count, levels) => {
    const ends = Array.from({ length: count }, (_, i) => (i === count - 1 ? 65535 : i));
    const data = new Words();
    const tree = writePortTree(data, { ends, services: ends }, 0);
    expect(data.get(tree + contract.PORT_TREE_LEVELS / 4)).toBe(levels);
    expect(levels).toBeLessThanOrEqual(contract.PORT_TREE_MAX_LEVELS);
  });
});
