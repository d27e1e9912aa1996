import { describe, expect, it } from "vitest";
import { plainPaint } from "../../src/report/paint.js";
import { type Column, labelled, textTable, wrap } from "../../src/report/text-table.js";

const COLUMNS: readonly Column[] = [
  { title: "name", align: "left", shrinkTo: 4 },
  { title: "count", align: "right" },
];

describe("textTable", () => {
  it("aligns text left and numbers right, without trailing blanks", () => {
    const lines = textTable(
      COLUMNS,
      [
        ["a", "1"],
        ["longer", "1,000"],
        ["none", ""],
      ],
      { width: 80, paint: plainPaint },
    );
    expect(lines).toEqual(["  name    count", "  a           1", "  longer  1,000", "  none"]);
  });

  it("cuts shrinkable columns, never numbers", () => {
    const lines = textTable(COLUMNS, [["abcdefghijkl", "1,000,000"]], {
      width: 12,
      paint: plainPaint,
    });
    expect(lines).toEqual(["  name      count", "  abc…  1,000,000"]);
  });

  it("shows control characters instead of obeying them", () => {
    const lines = textTable(COLUMNS, [["a\nb\u001b", "1"]], { width: 80, paint: plainPaint });
    expect(lines[1]).toBe("  a\\x0ab\\x1b      1");
  });
});

describe("wrap and labelled", () => {
  it("breaks at blanks and keeps long words whole", () => {
    expect(wrap("aa bb cccccccc d", 5)).toEqual(["aa bb", "cccccccc", "d"]);
    expect(wrap("", 5)).toEqual([""]);
  });

  it("wraps a value under itself", () => {
    const value = "one two three four five six";
    expect(labelled([["Key", value]], { width: 27, paint: plainPaint })).toEqual([
      "  Key  one two three four",
      "       five six",
    ]);
  });
});
