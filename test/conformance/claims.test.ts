import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCases } from "./case.js";

const SEMANTICS = readFileSync(new URL("../../docs/SEMANTICS.md", import.meta.url), "utf8");

const claims = [...SEMANTICS.matchAll(/\*\*(\d+\.\d+)\*\*/g)].map(([, number]) => number ?? "");
const cases = readCases();

describe("docs/SEMANTICS.md and the conformance cases", () => {
  test("number each claim once", () => {
    expect(new Set(claims).size).toBe(claims.length);
  });

  test.each(claims)("claim %s has a case", (number) => {
    expect(cases.map((each) => each.number)).toContain(number);
  });

  test.each(cases)("case $folder has a claim, and says which", ({ number, expected }) => {
    expect(claims).toContain(number);
    expect(expected.claim).toMatch(/\w{3,}/);
    const { records, counts, changes, openers, hits, error } = expected;
    const stated = [records, counts, changes, openers, hits, error];
    expect(stated.some((part) => part !== undefined)).toBe(true);
  });
});
