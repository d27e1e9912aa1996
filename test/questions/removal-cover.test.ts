import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedParts, type RuleSets, smallestCover } from "../../src/questions/removal-cover.js";
import { greedyCover } from "../../src/questions/removal-greedy.js";
import { reduceSets } from "../../src/questions/removal-reduce.js";

/** The size of a smallest cover, by trying every subset of the rules. */
function bruteForce(sets: RuleSets): number {
  const rules = [...new Set(sets.flat())];
  const masks = sets.map((set) => set.reduce((mask, rule) => mask | (1 << rules.indexOf(rule)), 0));
  let best = rules.length;
  for (let kept = 0; kept < 1 << rules.length; kept++) {
    const size = kept.toString(2).replaceAll("0", "").length;
    if (size < best && masks.every((mask) => (mask & kept) !== 0)) best = size;
  }
  return best;
}

function hitsAll(sets: RuleSets, kept: readonly number[]): boolean {
  return sets.every((set) => set.some((rule) => kept.includes(rule)));
}

const sets = fc.array(
  fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 5 }),
  { maxLength: 18 },
);

describe("smallestCover", () => {
  test("is as small as the best of all subsets", () => {
    fc.assert(
      fc.property(sets, (given) => {
        const { kept, optimal } = smallestCover(given);
        expect(hitsAll(given, kept)).toBe(true);
        expect(optimal).toBe(true);
        expect(kept.length).toBe(given.length === 0 ? 0 : bruteForce(given));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      }),
      { numRuns: 400 },
    );
  });

  test("what reducing decides is part of a smallest cover", () => {
    fc.assert(
      fc.property(sets, (given) => {
        const { kept, rest } = reduceSets(given);
        const left = rest.length === 0 ? 0 : bruteForce(rest);
        expect(kept.length + left).toBe(given.length === 0 ? 0 : bruteForce(given));
      }),
      { numRuns: 200 },
    );
  });

  test("greedy hits all sets and holds nothing that could be left out", () => {
    fc.assert(
      fc.property(sets, (given) => {
        const kept = greedyCover(given);
        expect(hitsAll(given, kept)).toBe(true);
        for (const rule of kept)
          expect(
            hitsAll(
              given,
              kept.filter((other) => other !== rule),
            ),
          ).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("two rules that cover each other: one stays, the preferred one", () => {
    expect(
      smallestCover([
        [3, 7],
        [7, 3],
      ]),
    ).toEqual({ kept: [3], optimal: true });
    expect(smallestCover([])).toEqual({ kept: [], optimal: true });
  });

  test("greedy would take three where two are enough", () => {
    // The classic trap: rule 0 hits most sets, rules 1 and 2 hit all of them.
    const trap = [
      [0, 1],
      [0, 1],
      [0, 2],
      [0, 2],
      [1, 3],
      [2, 4],
    ];
    expect(smallestCover(trap).kept).toEqual([1, 2]);
  });

  test("an empty set is refused", () => {
    expect(() => smallestCover([[1], []])).toThrow("cannot be hit");
  });

  test("a part too large to search is still covered, and not called optimal", () => {
    let seed = 12_345;
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const hard = Array.from({ length: 900 }, () => [
      ...new Set(Array.from({ length: 4 }, () => next(300))),
    ]);
    const { kept, optimal } = smallestCover(hard);
    expect(hitsAll(hard, kept)).toBe(true);
    expect(optimal).toBe(false);
    expect(smallestCover(hard)).toEqual({ kept, optimal });
  });

  test("parts share no rule, and are whole", () => {
    fc.assert(
      fc.property(sets, (given) => {
        const parts = connectedParts(given);
        expect(parts.flat()).toHaveLength(given.length);
        const rules = parts.map((part) => [...new Set(part.flat())]);
        expect(new Set(rules.flat()).size).toBe(rules.flat().length);
      }),
    );
    expect(connectedParts([[1, 2], [3], [2, 4], [5, 3]])).toEqual([
      [
        [1, 2],
        [2, 4],
      ],
      [[3], [5, 3]],
    ]);
  });
});
