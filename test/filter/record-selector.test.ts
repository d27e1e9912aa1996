import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FilterFields,
  type NamedGroup,
  parseFilter,
  RecordSelector,
  takeRows,
} from "../../src/filter/index.js";
import { batchOf, GROUPS, type JudgedRow, judgedRow } from "./judged-rows.js";
import { saidFilter } from "./naive-filter.js";

const FIELDS = new FilterFields({ candidates: 1 });
const CONTEXT = { groupsOf: (id: string): readonly NamedGroup[] => GROUPS[id] ?? [] };

function selectorOf(text: string): RecordSelector {
  const { filter, fault } = parseFilter(text, FIELDS);
  if (filter === undefined) throw new Error(`${text}: ${fault.message}`);
  return new RecordSelector(filter, CONTEXT);
}

describe("RecordSelector", () => {
  it("selects what a naive evaluator selects, batch after batch", () => {
    const rows = fc.array(judgedRow, { maxLength: 20 });
    fc.assert(
      fc.property(saidFilter, rows, rows, ({ text, passes }, first, second) => {
        const selector = selectorOf(text);
        for (const batch of [first, second]) {
          const wanted = batch.flatMap((row, i) => (passes(row) ? [i] : []));
          expect([...selector.select(batchOf(batch))], text).toEqual(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes a column that the log lacks for missing", () => {
    const rows = fc.sample(judgedRow, { numRuns: 8, seed: 1 });
    const batch = batchOf(rows, ["srcaddr", "verdict"]);
    const all = rows.map((_, i) => i);
    for (const text of ["dstport = -", "dstport != 22", "remote = -", "port = -", "group = -"])
      expect([...selectorOf(text).select(batch)], text).toEqual(all);
    for (const text of ["dstport = 22", "dstport < 5", "remote in 0.0.0.0/0", "rule = sgr-1"])
      expect([...selectorOf(text).select(batch)], text).toEqual([]);
  });
});

describe("takeRows", () => {
  const names = Object.keys(fc.sample(judgedRow, 1)[0]!) as (keyof JudgedRow)[];

  it("gathers every column", () => {
    fc.assert(
      fc.property(fc.array(judgedRow, { minLength: 1, maxLength: 30 }), (rows) => {
        const chosen = rows.map((_, i) => i).filter((i) => i % 3 !== 0);
        const taken = takeRows(batchOf(rows), Uint32Array.from(chosen));
        expect(taken.numRows).toBe(chosen.length);
        for (const name of names)
          expect(
            Array.from({ length: taken.numRows }, (_, i) => taken.getChild(name)!.get(i)),
            name,
          ).toEqual(chosen.map((i) => rows[i]![name]));
      }),
    );
  });

  it("hands the batch itself on where all of it passes", () => {
    const batch = batchOf(fc.sample(judgedRow, { numRuns: 3, seed: 2 }));
    expect(takeRows(batch, Uint32Array.of(0, 1, 2))).toBe(batch);
  });
});
