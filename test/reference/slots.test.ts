import { expect, test } from "vitest";
import { lookAheadEnd, slotOf, slotTable } from "../../src/reference/slots.js";

/** `counts` of records for slots 0, 1, 2, ... */
function tableOf(counts: readonly number[]): ReturnType<typeof slotTable> {
  return slotTable(counts.flatMap((n, slot) => Array<number>(n).fill(slot * 300)));
}

test("slots are five minutes, aligned to the epoch", () => {
  expect([0, 299, 300, 1_700_000_099, 1_700_000_100].map(slotOf)).toEqual([
    0, 0, 1, 5_666_666, 5_666_667,
  ]);
});

test("the table counts what lies up to each slot", () => {
  expect(tableOf([2, 0, 3])).toEqual({ slots: [0, 2], cumulative: [2, 5] });
});

test.each([
  ["three slots where no records are asked for", 0, 100, Number.POSITIVE_INFINITY, 0, 3],
  ["slots count even where they are empty", 0, 100, Number.POSITIVE_INFINITY, 9, 12],
  ["on to the least number of records", 4, 100, Number.POSITIVE_INFINITY, 0, 4],
  ["to the end of the input where there are too few", 6, 100, 0, 0, Number.POSITIVE_INFINITY],
  ["early at the greatest number of records", 0, 2, 0, 0, 2],
  ["never before the slot itself", 0, 0, 0, 5, 5],
])("the look-ahead goes %s", (_, minRecords, maxRecords, _unused, slot, end) => {
  const table = tableOf([5, 1, 1, 1, 1, 1]);
  expect(lookAheadEnd(table, slot, { slots: 3, minRecords, maxRecords })).toBe(end);
});

test("the slot's own records do not count", () => {
  const table = tableOf([1000, 1]);
  const lookAhead = { slots: 0, minRecords: 2, maxRecords: 100 };
  expect(lookAheadEnd(table, 0, lookAhead)).toBe(Number.POSITIVE_INFINITY);
});
