import { describe, expect, it } from "vitest";
import { failConditions } from "../../src/cli/gate/fail-conditions.js";

function names(texts: readonly string[] | undefined, hasAssertions: boolean): string[] {
  return failConditions(texts, hasAssertions).map(({ what }) => what);
}

describe("failConditions", () => {
  it.each([
    [undefined, false, ["would-break"]],
    [undefined, true, ["would-break", "assertion"]],
    [["newly-pass"], false, ["newly-pass"]],
    [["newly-pass"], true, ["newly-pass", "assertion"]],
    [["assertion=2", "undetermined"], true, ["assertion", "undetermined"]],
  ])("of %j, with assertions: %j, are %j", (texts, hasAssertions, expected) => {
    expect(names(texts, hasAssertions)).toEqual(expected);
  });

  it("keeps the number of assertions that may fail", () => {
    expect(failConditions(["assertion=2"], true)).toEqual([{ what: "assertion", moreThan: 2 }]);
  });
});
