import { describe, expect, it } from "vitest";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import type { TightenAnswer } from "../../src/report/tighten-answer.js";
import { curveLines } from "../../src/report/tighten-curve.js";
import { tightenReport } from "../../src/report/tighten-report.js";
import { schemaFaults } from "../support/schemas.js";
import { emptyTightenAnswer, tightenAnswer } from "./tighten-fixture.js";

function render(answer: TightenAnswer, format: ReportFormat = "table"): string {
  return renderReport(tightenReport(answer), format, { width: 100, paint: plainPaint });
}

describe("tightenReport", () => {
  it("shows the rules, the curve with its quotas, and what would have broken", async () => {
    await expect(render(tightenAnswer(6))).toMatchFileSnapshot("golden/tighten.txt");
  });

  it("prints JSON and Markdown", async () => {
    await expect(render(tightenAnswer(6), "json")).toMatchFileSnapshot("golden/tighten.json");
    await expect(render(tightenAnswer(6), "markdown")).toMatchFileSnapshot("golden/tighten.md");
  });

  it("says so where there is nothing to learn from and nothing to try it on", async () => {
    await expect(render(emptyTightenAnswer())).toMatchFileSnapshot("golden/tighten-empty.txt");
  });

  it("does not say that nothing was held out where Ctrl-C came before the trial", () => {
    const text = render({ ...tightenAnswer(6), trial: null });
    expect(text).toContain("The suggestion was not tried: what it would break is not known.");
    expect(text).not.toContain("Nothing was held out");
  });

  it.each([tightenAnswer(6), tightenAnswer(1), emptyTightenAnswer()])(
    "is as its schema says: %#",
    (answer) => {
      expect(schemaFaults("tighten", JSON.parse(render(answer, "json")))).toEqual([]);
      for (const line of render(answer, "ndjson").trimEnd().split("\n"))
        expect(schemaFaults("line", JSON.parse(line))).toEqual([]);
    },
  );

  it("prints a line per rule, dropped rule, part and tuple that would break", () => {
    const types = render(tightenAnswer(6), "ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type as string);
    expect([...new Set(types)]).toEqual([
      "report",
      "rule",
      "dropped-rule",
      "part",
      "broken",
      "interface",
      "coverage",
    ]);
  });
});

describe("curveLines", () => {
  const part = {
    direction: "ingress",
    family: 4,
    present: { rules: 3, permissiveness: 1e9 },
    suggested: { rules: 4, permissiveness: 100, weight: 4 },
    openings: 40,
    withinBudget: true,
    named: true,
    curve: Array.from({ length: 40 }, (_, i) => ({
      rules: i + 1,
      permissiveness: 2 ** (40 - i),
      log10: Math.log10(2 ** (40 - i)),
      withNames: null,
    })),
    method: "near-optimal",
  } as const;
  const quotas = [
    { name: "rules-per-group", rules: 60 },
    { name: "rules-per-group-raised", rules: 200 },
  ] as const;

  it("marks now, suggested, the budget and every quota once, and draws few points", () => {
    const lines = curveLines(part, quotas, 4);
    expect(lines.length).toBeLessThan(18);
    for (const mark of ["now", "suggested", "budget", "AWS quota of rules per group", "raised"])
      expect(lines.filter((line) => line.includes(mark))).toHaveLength(1);
    expect(lines.find((line) => line.includes("AWS quota of rules"))).toMatch(/^ *60 .* 2 {2}AWS/);
  });

  it("says of a quota beyond the curve how to see it, where more rules could gain something", () => {
    const many = { ...part, openings: 500 };
    const line = curveLines(many, quotas, 4).at(-1);
    expect(line).toMatch(/^ *200 .*raised, computed with --budget 200$/);
    expect(line).not.toContain("█");
    expect(curveLines(part, quotas, 4).at(-1)).toMatch(/█ .* 2 {2}AWS quota as far/);
  });

  it("draws longer bars for more, one block at least, none for nothing", () => {
    const bars = curveLines(part, [], 4)
      .slice(1)
      .map((line) => [...line].filter((c) => c === "█").length);
    expect(Math.max(...bars)).toBe(32);
    expect(Math.min(...bars)).toBeGreaterThan(0);
    const none = { ...part, curve: [], suggested: { rules: 0, permissiveness: 0, weight: 0 } };
    expect(curveLines(none, [], 4).find((line) => line.includes("suggested"))).not.toContain("█");
  });
});
