import { describe, expect, it } from "vitest";
import type { GateAnswer } from "../../src/report/gate-answer.js";
import { gateReport } from "../../src/report/gate-report.js";
import { ansiPaint, plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import { gateCase } from "../questions/gate-case.js";
import { BUSY, EMPTY } from "./summary-fixture.js";

const ANSWER: GateAnswer = { result: gateCase(), summary: BUSY, openersDropped: 0 };
const PLAIN = { width: 100, paint: plainPaint };

describe("gateReport", () => {
  it.each(["table", "markdown", "json", "ndjson"] as const)("prints %s", async (format) => {
    const text = renderReport(gateReport(ANSWER), format, PLAIN);
    await expect(text).toMatchFileSnapshot(`golden/gate.${format === "table" ? "txt" : format}`);
  });

  it("says that nothing was found", () => {
    const result = { ...gateCase(), findings: [], assertions: [], accepted: [], conditions: [] };
    const answer = { result, summary: EMPTY, openersDropped: 0 };
    const text = renderReport(gateReport(answer), "table", PLAIN);
    expect(text).toContain("Nothing was found.");
    expect(text).not.toContain("Assertions");
  });

  it("counts what it does not show", () => {
    const [finding] = ANSWER.result.findings;
    const findings = Array.from({ length: 53 }, () => finding!);
    const result = { ...ANSWER.result, findings, moreTuples: 2 };
    const text = renderReport(gateReport({ ...ANSWER, result }), "table", PLAIN);
    expect(text).toContain("3 more findings");
    expect(text).toContain("2 further tuples");
  });

  it("differs from its plain form by escape sequences alone", () => {
    const coloured = renderReport(gateReport(ANSWER), "table", { width: 100, paint: ansiPaint });
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    expect(coloured.replace(escapes, "")).toBe(renderReport(gateReport(ANSWER), "table", PLAIN));
  });
});
