import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../src/analysis/summary.js";
import { jsonText } from "../../src/report/json-text.js";
import { type Json, reportDocument } from "../../src/report/report.js";
import { summaryReport } from "../../src/report/summary-report.js";
import { TOOL } from "../../src/report/tool.js";
import { BUSY, EMPTY } from "./summary-fixture.js";

function summaryDocument(summary: Summary): Json {
  return reportDocument(summaryReport(summary));
}

/** Turns the keys of all objects round; what lists hold is left to who makes it. */
function reversed(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

describe("the JSON of a summary", () => {
  it("prints the promised shape, absent counters as 0", async () => {
    const text = jsonText(summaryDocument(EMPTY));
    await expect(text).toMatchFileSnapshot("golden/summary-empty.json");
  });

  it("prints every count of a busy summary", async () => {
    const text = jsonText(summaryDocument(BUSY));
    await expect(text).toMatchFileSnapshot("golden/summary-busy.json");
  });

  it("does not depend on the key order of its input", () => {
    const shuffled = reversed(BUSY) as typeof BUSY;
    expect(Object.keys(shuffled)).not.toEqual(Object.keys(BUSY));
    expect(jsonText(summaryDocument(shuffled))).toBe(jsonText(summaryDocument(BUSY)));
  });

  it("holds no raw control character", () => {
    const text = jsonText({ name: "\u001b\u007f\u009b\u2028" });
    expect(text).toBe('{\n  "name": "\\u001b\\u007f\\u009b\\u2028"\n}\n');
  });
});

describe("TOOL", () => {
  it("names the package and its version", () => {
    const url = new URL("../../package.json", import.meta.url);
    const { name, version } = JSON.parse(readFileSync(url, "utf8"));
    expect(TOOL).toEqual({ name, version });
  });
});
