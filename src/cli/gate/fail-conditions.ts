import { DEFAULT_FAIL_ON, type FailOn, parseFailOn } from "../../questions/index.js";

/**
 * The conditions of `--fail-on`, the default ones where none is given. Assertions that are given must hold, also where
 * other conditions are named; where none are, no condition speaks of them unasked. Throws `fail-on-invalid`.
 */
export function failConditions(
  texts: readonly string[] | undefined,
  hasAssertions: boolean,
): readonly FailOn[] {
  if (texts === undefined)
    return DEFAULT_FAIL_ON.filter(({ what }) => hasAssertions || what !== "assertion");
  const conditions = texts.map(parseFailOn);
  if (!hasAssertions || conditions.some(({ what }) => what === "assertion")) return conditions;
  return [...conditions, { what: "assertion", moreThan: 0 }];
}
