import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleSet } from "../../../src/model/rule-set.js";
import {
  applyEdits,
  editsBetween,
  parseEdits,
  ruleSetDifferences,
} from "../../../src/rules/index.js";
import { ruleSets } from "../rule-sets.js";
import { BASE, edited } from "./edit-documents.js";

function applied(base: RuleSet, lines: readonly string[]): RuleSet {
  return applyEdits(base, parseEdits(lines.join("\n"), "edits.txt")).ruleSet;
}

describe("the edits between two rule sets", () => {
  test("are few, canonical and in order", () => {
    const text = [
      "remove-entry pl-1 192.0.2.0/24",
      "add-entry pl-1 10.0.0.0/8",
      "attach eni-1 sg-db",
      "revoke sg-web ingress tcp 443 0.0.0.0/0",
      'authorize sg-web ingress tcp 443 0.0.0.0/0 description "somebody else"',
      "detach eni-1 sg-web",
      "delete sg-dup2",
    ];
    const { lines, left, edits } = editsBetween(BASE, edited(text.join("\n")).ruleSet);
    expect(lines).toEqual(text);
    expect(edits).toHaveLength(text.length);
    expect(left).toEqual([]);
  });

  test("none, between a rule set and itself", () => {
    expect(editsBetween(BASE, BASE)).toEqual({ edits: [], lines: [], left: [] });
  });

  test("what no edit can say is left", () => {
    const { groups, interfaces, prefixLists } = BASE;
    const candidate: RuleSet = {
      ...BASE,
      groups: new Map([...groups, ["sg-new", { ...groups.get("sg-web")!, id: "sg-new" }]]),
      interfaces: new Map([["eni-1", { ...interfaces.get("eni-1")!, groupIds: [] }]]),
      prefixLists: new Map([...prefixLists, ["pl-2", { ...prefixLists.get("pl-2")!, cidrs: [] }]]),
      attach: [],
      snapshotComplete: true,
    };
    const { lines, left } = editsBetween(BASE, candidate);
    expect(lines).toEqual([]);
    expect(left).toEqual([
      "group sg-new: is added",
      "prefix list pl-2: differs",
      "interface eni-1: differs",
      "interface eni-2: is gone",
      "--attach differs",
      "--snapshot-complete differs",
    ]);
  });

  test("give the candidate, whatever the two rule sets of one world", () => {
    fc.assert(
      fc.property(ruleSets({ stale: true }), ruleSets(), (base, candidate) => {
        const { lines, left } = editsBetween(base, candidate);
        expect(left).toEqual([]);
        expect(ruleSetDifferences(applied(base, lines), candidate)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("where groups go, give all but references that would live on", () => {
    const kept = ["sg-a", "sg-b"];
    fc.assert(
      fc.property(ruleSets(), ruleSets({ groups: kept, stale: true }), (base, candidate) => {
        const { lines, left } = editsBetween(base, candidate);
        const result = applied(base, lines);
        expect([...result.groups.keys()]).toEqual(kept);
        expect(ruleSetDifferences(result, candidate)).toEqual(left);
        for (const line of left) expect(line).toMatch(/: is stale$/);
      }),
      { numRuns: 200 },
    );
  });
});
