import { describe, expect, it } from "vitest";
import type { Summary } from "../../src/analysis/summary.js";
import { ansiPaint, plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { RunCost } from "../../src/report/report-ground.js";
import { summaryReport } from "../../src/report/summary-report.js";
import type { TextOptions } from "../../src/report/text-options.js";
import { BUSY, EMPTY, SELECTED } from "./summary-fixture.js";

const PLAIN = { width: 100, paint: plainPaint };

function summaryText(summary: Summary, options: TextOptions, cost?: RunCost): string {
  return renderReport(summaryReport(summary, { cost }), "table", options);
}

/** Everything but line feed, printable ASCII and the marks the report itself uses. */
const OTHER = /[^\n\x20-\x7e×…]/;

describe("summaryReport", () => {
  it("prints every section of a busy summary", async () => {
    const cost = { seconds: 2.5, workers: 2, peakMemory: 512_000_000 };
    const text = summaryText(BUSY, PLAIN, cost);
    await expect(text).toMatchFileSnapshot("golden/summary-busy.txt");
  });

  it("says what a filter let through, and the largest of many", async () => {
    const report = summaryReport(BUSY, { selection: SELECTED });
    const text = renderReport(report, "table", PLAIN);
    const section = text.slice(text.indexOf("Selected\n"), text.indexOf("Action × verdict"));
    await expect(section).toMatchFileSnapshot("golden/selection.txt");
    expect(renderReport(report, "ndjson", PLAIN)).toContain(
      '{"type":"top","keys":["dstport"],"by":"records","values":[22],"records":1200,"bytes":72000,"missed":{"records":3,"bytes":900}}',
    );
  });

  it("says what an empty input can claim", async () => {
    await expect(summaryText(EMPTY, PLAIN)).toMatchFileSnapshot("golden/summary-empty.txt");
  });

  it("lets no control character of a log reach the terminal", () => {
    expect(summaryText(BUSY, PLAIN)).not.toMatch(OTHER);
  });

  it("differs from its plain form by escape sequences alone", () => {
    const coloured = summaryText(BUSY, { width: 100, paint: ansiPaint });
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    expect(coloured.replace(escapes, "")).toBe(summaryText(BUSY, PLAIN));
    expect(coloured).not.toBe(summaryText(BUSY, PLAIN));
  });

  it.each([60, 72, 100, 160])("keeps sentences within %i columns", (width) => {
    const tables = summaryText(BUSY, { width, paint: plainPaint }).split("\n");
    const sentences = tables.slice(0, tables.indexOf("Action × verdict"));
    expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(
      Math.max(width, 72),
    );
  });

  it("ends in one line feed and leaves no trailing blanks", () => {
    const text = summaryText(BUSY, PLAIN);
    expect(text).toMatch(/[^\n]\n$/);
    expect(text).not.toMatch(/ \n/);
  });

  it("does not call 99.9999 % fidelity 100 %", () => {
    const summary: Summary = {
      ...EMPTY,
      matrix: {
        accept: { allow: 9_999_999, deny: 1, unknown: 0 },
        reject: { allow: 0, deny: 0, unknown: 0 },
      },
      fidelity: 0.9999999,
    };
    expect(summaryText(summary, PLAIN)).toContain("Fidelity >99.99 %");
  });

  it("shows ten tuples and counts the rest", () => {
    const [tuple] = BUSY.mismatches.acceptedButDenied;
    const many = Array.from({ length: 12 }, () => tuple!);
    const summary = {
      ...EMPTY,
      mismatches: { acceptedButDenied: many, rejectedButAllowed: [], more: 0 },
    };
    expect(summaryText(summary, PLAIN)).toContain("2 more tuples in the JSON report.");
  });

  it("shows the same as Markdown", async () => {
    const text = renderReport(summaryReport(BUSY), "markdown", PLAIN);
    await expect(text).toMatchFileSnapshot("golden/summary-busy.md");
  });

  it("gives one line per disagreement, rule and interface", async () => {
    const text = renderReport(summaryReport(BUSY), "ndjson", PLAIN);
    await expect(text).toMatchFileSnapshot("golden/summary-busy.ndjson");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      "report",
      "mismatch",
      "mismatch",
      "rule",
      "interface",
      "interface",
      "coverage",
    ]);
    expect(lines[0]).toMatchObject({ schemaVersion: 1, report: "evaluate" });
  });
});
