import { describe, expect, it } from "vitest";
import { ansiPaint, plainPaint } from "../../src/report/paint.js";
import { renderText } from "../../src/report/render-text.js";
import {
  type Block,
  type Column,
  note,
  pairs,
  paragraph,
  table,
  toned,
} from "../../src/report/report-body.js";
import { wrap } from "../../src/report/wrap.js";

const COLUMNS: readonly Column[] = [
  { title: "name", align: "left", shrinkTo: 4 },
  { title: "count", align: "right" },
];

/** The lines of one block in a section. */
function linesOf(block: Block, width = 80): string[] {
  const body = { title: "t", lead: [], sections: [{ heading: "h", blocks: [block] }] };
  return renderText(body, { width, paint: plainPaint }).trimEnd().split("\n").slice(3);
}

describe("tables", () => {
  it("align text left and numbers right, without trailing blanks", () => {
    const rows = [
      ["a", "1"],
      ["longer", "1,000"],
      ["none", ""],
    ];
    expect(linesOf(table(COLUMNS, rows))).toEqual([
      "  name    count",
      "  a           1",
      "  longer  1,000",
      "  none",
    ]);
  });

  it("cut shrinkable columns, never numbers", () => {
    const lines = linesOf(table(COLUMNS, [["abcdefghijkl", "1,000,000"]]), 12);
    expect(lines).toEqual(["  name      count", "  abc…  1,000,000"]);
  });

  it("show control characters instead of obeying them", () => {
    expect(linesOf(table(COLUMNS, [["a\nb\u001b", "1"]]))[1]).toBe("  a\\x0ab\\x1b      1");
  });

  it("put details below their row, and as many places as fit", () => {
    const places = ["a.log:1", "a.log:2", "a.log:3"];
    const rows = [{ cells: ["x", "1"], details: ["why it is so", { places }] }];
    expect(linesOf({ kind: "table", columns: COLUMNS, rows, foot: ["2 more."] }, 24)).toEqual([
      "  name  count",
      "  x         1",
      "      why it is so",
      "      a.log:1 a.log:2 +1",
      "  2 more.",
    ]);
  });

  it("say what an empty one means", () => {
    expect(linesOf({ kind: "table", columns: COLUMNS, rows: [], none: "None." })).toEqual([
      "  None.",
    ]);
  });
});

describe("the other blocks", () => {
  it("wrap at blanks and keep long words whole", () => {
    expect(wrap("aa bb cccccccc d", 5)).toEqual(["aa bb", "cccccccc", "d"]);
    expect(wrap("", 5)).toEqual([""]);
  });

  it("wrap a value under itself", () => {
    expect(linesOf(pairs([["Key", "one two three four five six"]]), 27)).toEqual([
      "  Key  one two three four",
      "       five six",
    ]);
  });

  it("hang items below their mark", () => {
    const items = [{ mark: "✓", text: "one two three", details: ["four five"] }];
    expect(linesOf({ kind: "list", items }, 12)).toEqual([
      "  ✓ one two",
      "    three",
      "    four",
      "    five",
    ]);
  });

  it("never wrap lines and code", () => {
    const long = "aws ec2 describe-security-groups --output json";
    expect(linesOf({ kind: "code", lines: [long] }, 20)).toEqual([`  ${long}`]);
    expect(linesOf({ kind: "lines", lines: [long] }, 20)).toEqual([`  ${long}`]);
  });
});

describe("renderText", () => {
  it("separates title, lead, sections and blocks by one blank line", () => {
    const section = { heading: "Head", blocks: [paragraph("one"), note("two")] };
    const body = { title: "Title", lead: [paragraph("lead")], sections: [section, section] };
    expect(renderText(body, { width: 80, paint: plainPaint })).toBe(
      "Title\n\nlead\n\nHead\n  one\n\n  two\n\nHead\n  one\n\n  two\n",
    );
  });

  it("colours by role", () => {
    const body = { title: "", lead: [paragraph(toned("bad news", "bad"))], sections: [] };
    expect(renderText(body, { width: 80, paint: ansiPaint })).toBe(
      "\n\n\u001b[31mbad news\u001b[39m\n",
    );
  });
});
