import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FilterFields,
  type NamedGroup,
  SelectionCounts,
  TopCounter,
  type TopList,
  type TopMeasure,
} from "../../src/filter/index.js";
import { batchOf, GROUPS, type JudgedRow, judgedRow } from "./judged-rows.js";

const FIELDS = new FilterFields();
const CONTEXT = { groupsOf: (id: string): readonly NamedGroup[] => GROUPS[id] ?? [] };

type Value = string | number | null;
type Get = (row: JudgedRow) => readonly Value[];

const one = (get: (row: JudgedRow) => Value): Get => {
  return (row) => [get(row)];
};
const some = (values: readonly string[]): readonly Value[] =>
  values.length === 0 ? [null] : values;
const KEYS: Readonly<Record<string, Get>> = {
  dstport: one(({ dstport }) => dstport),
  srcaddr: one(({ srcaddr }) => srcaddr),
  verdict: one(({ verdict }) => verdict),
  direction: one(({ direction }) => (direction === "" ? null : direction)),
  rule: ({ rules }) => some(rules === "" ? [] : rules.split("|")),
  group: ({ interface_id }) => some((GROUPS[interface_id ?? ""] ?? []).map(({ id }) => id)),
  vpc_id: one(() => null),
};

function counted(
  rows: readonly (readonly JudgedRow[])[],
  names: readonly string[],
  by: TopMeasure = "records",
  limit = 1_000,
  mostKeys?: number,
): TopList {
  const fields = names.map((name) => FIELDS.find(name)!);
  const counter = new TopCounter({ fields, by, limit }, CONTEXT, mostKeys);
  for (const batch of rows) counter.add(batchOf(batch));
  return counter.list();
}

/** Counts by the text of the values, told anew. */
function plain(
  rows: readonly JudgedRow[],
  names: readonly string[],
): Map<string, { records: number; bytes: number }> {
  const counts = new Map<string, { records: number; bytes: number }>();
  for (const row of rows) {
    let keys: Value[][] = [[]];
    for (const name of names)
      keys = keys.flatMap((key) => KEYS[name]!(row).map((value) => [...key, value]));
    for (const key of keys) {
      const text = JSON.stringify(key);
      const before = counts.get(text) ?? { records: 0, bytes: 0 };
      counts.set(text, {
        records: before.records + 1,
        bytes: before.bytes + Number(row.bytes ?? 0n),
      });
    }
  }
  return counts;
}

const smallBytes = judgedRow.map((row) => ({
  ...row,
  bytes: row.bytes === null ? null : row.bytes % 100_000n,
}));
const rows = fc.array(smallBytes, { maxLength: 30 });
const keys = fc.oneof(
  fc.constantFrom(...Object.keys(KEYS)).map((name) => [name]),
  fc.constantFrom(["dstport", "srcaddr"], ["verdict", "rule"], ["group", "dstport", "direction"]),
);

describe("TopCounter", () => {
  it("counts as a map does, the largest first", () => {
    fc.assert(
      fc.property(rows, rows, keys, fc.constantFrom("records", "bytes"), (a, b, names, by) => {
        const { entries, more, missed } = counted([a, b], names, by);
        const found = entries.map(({ values, records, bytes }) => [
          JSON.stringify(values),
          { records, bytes },
        ]);
        expect(new Map(found as [string, { records: number; bytes: number }][])).toEqual(
          plain([...a, ...b], names),
        );
        const measures = entries.map((entry) => entry[by]);
        expect(measures).toEqual([...measures].sort((x, y) => y - x));
        expect({ more, missed }).toEqual({ more: 0, missed: { records: 0, bytes: 0 } });
      }),
    );
  });

  it("lists no more than asked for, whatever the order of the records", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const list = counted([all], ["srcaddr", "dstport"], "records", 3);
        expect(counted([[...all].reverse()], ["srcaddr", "dstport"], "records", 3)).toEqual(list);
        expect(list.entries.length + list.more).toBe(plain(all, ["srcaddr", "dstport"]).size);
      }),
    );
  });

  it("keeps its word where there are more keys than room", () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 6 }),
        fc.constantFrom("records", "bytes"),
        (all, by) => {
          const { entries, missed } = counted(all, ["srcaddr", "dstport"], by, 1_000, 8);
          expect(entries.length).toBeLessThanOrEqual(8);
          const left = plain(all.flat(), ["srcaddr", "dstport"]);
          for (const { values, records, bytes } of entries) {
            const text = JSON.stringify(values);
            const truth = left.get(text)!;
            left.delete(text);
            expect(records).toBeLessThanOrEqual(truth.records);
            expect(records + missed.records).toBeGreaterThanOrEqual(truth.records);
            expect(bytes + missed.bytes).toBeGreaterThanOrEqual(truth.bytes);
          }
          for (const { records, bytes } of left.values()) {
            expect(records).toBeLessThanOrEqual(missed.records);
            expect(bytes).toBeLessThanOrEqual(missed.bytes);
          }
        },
      ),
    );
  });
});

describe("SelectionCounts", () => {
  it("adds up records, bytes and verdicts", () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const counts = new SelectionCounts();
        counts.add(batchOf(a));
        counts.add(batchOf(b));
        const all = [...a, ...b];
        const verdicts = (["allow", "deny", "unknown"] as const).map((verdict) => [
          verdict,
          all.filter((row) => row.verdict === verdict).length,
        ]);
        expect(counts.totals()).toEqual({
          records: all.length,
          bytes: all.reduce((sum, { bytes }) => sum + Number(bytes ?? 0n), 0),
          verdicts: Object.fromEntries(verdicts),
        });
      }),
    );
  });
});
