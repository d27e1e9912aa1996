import { describe, expect, it } from "vitest";
import { printable } from "../../src/model/printable.js";

describe("printable", () => {
  it.each([
    ["plain", "plain"],
    ["\u001b[31m", "\\x1b[31m"],
    ["\u009b", "\\x9b"],
    ["a\u202eb", "a\\u202eb"],
    ["\u2028", "\\u2028"],
    ["grün", "grün"],
  ])("%j is shown as %s", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
