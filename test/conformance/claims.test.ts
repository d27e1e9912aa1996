import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCases } from "./case.js";

const SEMANTICS = readFileSync(new URL("../../docs/SEMANTICS.md", import.meta.url), "utf8");
/** The claims of rule sets that change, of baseline against candidate and of network ACLs are later work. */
const LATER = /^(6\.5|9\.\d+|10\.\d+)$/;

const claims = [...SEMANTICS.matchAll(/\*\*(\d+\.\d+)\*\*/g)].map(([, number]) => number ?? "");
const cases = readCases();

describe("docs/SEMANTICS.md and the conformance cases", () => {
  test("number each claim once, and leave out what is later work", () => {
    expect(new Set(claims).size).toBe(claims.length);
    expect(claims.filter((number) => LATER.test(number))).toEqual([]);
  });

  test.each(claims)("claim %s has a case", (number) => {
    expect(cases.map((each) => each.number)).toContain(number);
  });

  test.each(cases)("case $folder has a claim, and says which", ({ number, expected }) => {
    expect(claims).toContain(number);
    expect(expected.claim).toMatch(/\w{3,}/);
    const stated = [expected.records, expected.counts, expected.error];
    expect(stated.some((part) => part !== undefined)).toBe(true);
  });
});
