import { describe, expect, it } from "vitest";
import type { Impact } from "../../src/questions/index.js";
import { type ImpactAnswer, impactReport } from "../../src/report/impact-report.js";
import { impactSentence } from "../../src/report/impact-sentence.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import { IMPACT, NO_IMPACT } from "./impact-fixture.js";
import { BUSY, EMPTY } from "./summary-fixture.js";

const ONE: ImpactAnswer = {
  baseline: "now",
  candidates: [{ name: "next", impact: IMPACT, plan: [] }],
  at: null,
  summary: BUSY,
  openersDropped: 0,
};

const SEVERAL: ImpactAnswer = {
  baseline: "now",
  candidates: [
    { name: "next", impact: { ...IMPACT, hiddenScanners: null, more: 0 }, plan: [] },
    {
      name: "same",
      impact: { ...NO_IMPACT, connections: { ...NO_IMPACT.connections, unchanged: 9 } },
      plan: [],
    },
  ],
  at: 1_734_200_000,
  summary: { ...EMPTY, partial: true },
  openersDropped: 7,
};

function render(answer: ImpactAnswer, format: ReportFormat = "table"): string {
  return renderReport(impactReport(answer), format, { width: 100, paint: plainPaint });
}

function counted(changes: Partial<Impact["connections"]>): Impact {
  return { ...NO_IMPACT, connections: { ...NO_IMPACT.connections, ...changes } };
}

describe("impactSentence", () => {
  it.each([
    [{}, "No connection was judged: nothing is shown about the candidate."],
    [{ unchanged: 9 }, "Nothing that was seen would break; nothing would newly pass."],
    [
      { "newly-allowed": 12 },
      "Nothing that was seen would break; 12 connections would newly pass (attempts: what would have followed is not known).",
    ],
    [{ "newly-denied": 1 }, "1 connection would break; nothing would newly pass."],
    [
      { "newly-denied": 2_000, undetermined: 3 },
      "2,000 connections would break; nothing would newly pass; 3 connections cannot be told either way.",
    ],
  ])("of %j", (changes, sentence) => {
    expect(impactSentence(counted(changes), null)).toBe(sentence);
  });

  it("says what a cut-over does", () => {
    expect(impactSentence(IMPACT, 1_734_200_000)).toContain(
      "At 2024-12-14 18:13:20 UTC: 5 survive because they are tracked, 1 end at once because they are untracked, 2 are refused afterwards.",
    );
    expect(impactSentence(counted({ unchanged: 9 }), 0)).toContain(
      "no connection that is allowed now",
    );
  });
});

describe("impactReport", () => {
  it("answers first, then the numbers, the tuples and the coverage", async () => {
    await expect(render(ONE)).toMatchFileSnapshot("golden/impact.txt");
  });

  it("tells several candidates apart", async () => {
    await expect(render(SEVERAL)).toMatchFileSnapshot("golden/impact-several.txt");
  });

  it("prints the promised JSON", async () => {
    const text = render(ONE, "json");
    await expect(text).toMatchFileSnapshot("golden/impact.json");
    const document = JSON.parse(text);
    expect(Object.keys(document).slice(0, 2)).toEqual(["schemaVersion", "tool"]);
    expect(document.candidates[0].connections).toEqual({
      newlyDenied: 1_202,
      newlyAllowed: 12,
      unchanged: 298_000,
      undetermined: 786,
    });
    expect(document.fidelity).toBe(BUSY.fidelity);
  });

  it("prints Markdown that log text cannot break", async () => {
    const text = render(ONE, "markdown");
    await expect(text).toMatchFileSnapshot("golden/impact.md");
    expect(text).not.toContain("<b>");
  });

  it("prints a line per candidate, tuple and interface", () => {
    const lines = render(ONE, "ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: "report", schemaVersion: 1, report: "diff" });
    expect(lines[1]).toMatchObject({ type: "candidate", name: "next" });
    expect(lines.filter(({ type }) => type === "tuple")).toHaveLength(IMPACT.list.length);
    expect(lines.at(-1)).toMatchObject({ type: "coverage" });
  });
});
