import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../src/report/json-text.js";
import { summaryDocument } from "../../src/report/summary-json.js";
import { TOOL } from "../../src/report/tool.js";
import { BUSY, EMPTY } from "./summary-fixture.js";

describe("summaryDocument", () => {
  it("prints the promised shape, absent counters as 0", async () => {
    const text = jsonText(summaryDocument(EMPTY));
    await expect(text).toMatchFileSnapshot("golden/summary-empty.json");
  });

  it("prints every count of a busy summary", async () => {
    const text = jsonText(summaryDocument(BUSY));
    await expect(text).toMatchFileSnapshot("golden/summary-busy.json");
  });

  it("does not depend on the key order of its input", () => {
    const shuffled = {
      ...BUSY,
      reasons: Object.fromEntries(Object.entries(BUSY.reasons).reverse()),
    };
    expect(jsonText(summaryDocument(shuffled as typeof BUSY))).toBe(
      jsonText(summaryDocument(BUSY)),
    );
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
