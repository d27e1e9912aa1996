import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteTable } from "../../src/model/byte-table.js";

const text = fc.oneof(fc.string({ maxLength: 4 }), fc.nat(500).map(String));

describe("ByteTable", () => {
  it("numbers strings as a map does", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 400 }), (words) => {
        const table = new ByteTable();
        const map = new Map<string, number>();
        for (const word of words) {
          const bytes = Buffer.from(`<${word}>`);
          const known = map.get(word);
          expect(table.find(bytes, 1, bytes.length - 1)).toBe(known ?? -1);
          if (known === undefined) map.set(word, map.size);
          expect(table.add(bytes, 1, bytes.length - 1)).toBe(map.get(word));
        }
        expect(table.size).toBe(map.size);
        const all = [...map.keys()];
        expect(all.map((_, i) => Buffer.from(table.get(i)).toString())).toEqual(all);
        const from = all.length >> 1;
        const { bytes, ends } = table.since(from);
        const rest = all.slice(from);
        expect(Buffer.from(bytes).toString()).toBe(rest.join(""));
        let end = 0;
        const wanted = rest.map((word) => (end += Buffer.byteLength(word)));
        expect([...ends]).toEqual([0, ...wanted]);
        expect(table.length).toBe(Buffer.byteLength(all.join("")));
      }),
    );
  });
});
