import { describe, expect, it } from "vitest";
import type { FidelityCheck } from "../../src/questions/index.js";
import { type CheckAnswer, checkReport } from "../../src/report/check-report.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import { CHECK } from "./check-fixture.js";
import { BUSY, EMPTY } from "./summary-fixture.js";

function render(answer: CheckAnswer, format: ReportFormat = "table"): string {
  return renderReport(checkReport(answer), format, { width: 100, paint: plainPaint });
}

const NOTHING: FidelityCheck = {
  ...CHECK,
  agreeing: 0,
  disagreeing: 0,
  acceptedButDenied: 0,
  rejectedButAllowed: 0,
  fidelity: null,
  disagreements: [],
  undecided: [],
};

describe("checkReport", () => {
  it("shows disagreements by cause and what would settle them", async () => {
    await expect(render({ check: CHECK, summary: BUSY, openersDropped: 0 })).toMatchFileSnapshot(
      "golden/check.txt",
    );
  });

  it("says when nothing disagrees, and when nothing can be checked", () => {
    const all = { ...NOTHING, agreeing: 5, fidelity: 1 };
    expect(render({ check: all, summary: EMPTY, openersDropped: 0 })).toContain(
      "every one of 5 decided records",
    );
    expect(render({ check: NOTHING, summary: EMPTY, openersDropped: 0 })).toContain(
      "Nothing can be checked",
    );
  });

  it("prints JSON and Markdown", async () => {
    const answer = { check: CHECK, summary: BUSY, openersDropped: 0 };
    await expect(render(answer, "json")).toMatchFileSnapshot("golden/check.json");
    await expect(render(answer, "markdown")).toMatchFileSnapshot("golden/check.md");
  });

  it("prints a line per disagreement and per open reason", () => {
    const lines = render({ check: CHECK, summary: BUSY, openersDropped: 0 }, "ndjson")
      .trimEnd()
      .split("\n");
    const types = lines.map((line) => JSON.parse(line).type);
    expect(types.filter((type) => type === "disagreement")).toHaveLength(2);
    expect(types.filter((type) => type === "undecided")).toHaveLength(1);
  });
});
