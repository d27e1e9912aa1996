import { describe, expect, it } from "vitest";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import { serviceText } from "../../src/report/service-text.js";
import { type UsageAnswer, usageReport } from "../../src/report/usage-report.js";
import { IMPACT, NO_IMPACT } from "./impact-fixture.js";
import { BUSY } from "./summary-fixture.js";
import { PLAN, USAGE } from "./usage-fixture.js";

const LEDGER: UsageAnswer = { usage: USAGE, removal: null, summary: BUSY, openersDropped: 0 };
const PLANNED: UsageAnswer = { ...LEDGER, removal: { plan: PLAN, proof: NO_IMPACT } };

function render(answer: UsageAnswer, format: ReportFormat = "table"): string {
  return renderReport(usageReport(answer), format, { width: 100, paint: plainPaint });
}

describe("usageReport", () => {
  it("shows the ledger group by group", async () => {
    await expect(render(LEDGER)).toMatchFileSnapshot("golden/usage.txt");
  });

  it("shows the plan before the ledger", async () => {
    await expect(render(PLANNED)).toMatchFileSnapshot("golden/usage-plan.txt");
  });

  it("prints JSON and Markdown", async () => {
    await expect(render(PLANNED, "json")).toMatchFileSnapshot("golden/usage.json");
    await expect(render(PLANNED, "markdown")).toMatchFileSnapshot("golden/usage.md");
  });

  it("prints a line per rule, and per rule of the plan", () => {
    const types = render(PLANNED, "ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect(types.filter((type) => type !== "interface")).toEqual([
      "report",
      ...USAGE.rules.map(() => "rule"),
      "removed-rule",
      "kept-rule",
      "kept-rule",
      "coverage",
    ]);
  });

  it("warns where the proof fails", () => {
    const removal = { plan: PLAN, proof: IMPACT };
    expect(render({ ...LEDGER, removal })).toContain("Do not remove these rules.");
  });

  it("leaves the proof out where none was made", () => {
    const text = render({ ...LEDGER, removal: { plan: PLAN, proof: null } });
    expect(text).not.toContain("Proved");
  });
});

describe("serviceText", () => {
  const any = { fromPort: 0, toPort: 65_535, icmpType: -1, icmpCode: -1 };
  it.each([
    [{ ...any, protocol: -1 }, "all"],
    [{ ...any, protocol: 6 }, "tcp"],
    [{ ...any, protocol: 6, fromPort: 443, toPort: 443 }, "tcp/443"],
    [{ ...any, protocol: 17, fromPort: 1024, toPort: 2047 }, "udp/1024-2047"],
    [{ ...any, protocol: 1 }, "icmp"],
    [{ ...any, protocol: 1, icmpType: 8 }, "icmp type 8"],
    [{ ...any, protocol: 58, icmpType: 1, icmpCode: 4 }, "icmpv6 type 1 code 4"],
    [{ ...any, protocol: 50 }, "protocol 50"],
  ])("of %j is %s", (rule, text) => {
    expect(serviceText(rule)).toBe(text);
  });
});
