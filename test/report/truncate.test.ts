import { describe, expect, it } from "vitest";
import { truncate, truncateStart } from "../../src/report/truncate.js";

describe("truncate and truncateStart", () => {
  it.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 3, "…ef"],
    ["abcdef", 1, "…"],
    ["abcdef", 0, ""],
  ])("%s cut at its start to %i is %s", (text, width, cut) => {
    expect(truncateStart(text, width)).toBe(cut);
  });

  it.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 3, "ab…"],
    ["abcdef", 1, "…"],
    ["abcdef", 0, ""],
  ])("%s cut to %i is %s", (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
  });
});
