import { describe, expect, test } from "vitest";
import { CAUSES, type MismatchTuple, type Summary } from "../../src/analysis/summary.js";
import { REASONS, verdictOf } from "../../src/model/verdict.js";
import { CAUSE_SETTLINGS, REASON_SETTLINGS } from "../../src/questions/check-settling.js";
import { checkOf, EVIDENCE } from "../../src/questions/index.js";
import { EMPTY, reasonsOf } from "../report/summary-fixture.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { judged } from "./judged-rows.js";

const RULE_SET = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/8", "ingress tcp 22 pl-1"] } },
  interfaces: { "eni-a": { groups: ["sg-a"], addresses: ["10.0.0.1"] } },
  prefixLists: { "pl-1": null },
});

function tuple(more: Partial<MismatchTuple>): MismatchTuple {
  return {
    interfaceId: "eni-a",
    direction: "ingress",
    remote: "192.0.2.1",
    protocol: 6,
    port: 443,
    records: 5,
    bytes: 500,
    causes: {},
    firstStart: 1,
    lastEnd: 2,
    samples: [{ file: "a.log", line: 1 }],
    ...more,
  };
}

const SUMMARY: Summary = {
  ...EMPTY,
  verdicts: { allow: 100, deny: 50, unknown: 9 },
  matrix: {
    accept: { allow: 80, deny: 12, unknown: 4 },
    reject: { allow: 18, deny: 36, unknown: 3 },
  },
  fidelity: 116 / 146,
  reasons: reasonsOf({ "peer-unresolved": 6, "missing-field": 3, rule: 100 }),
  causes: {
    "rules-changed-or-acl": 7,
    "opened-before-log": 4,
    "rules-changed-or-incomplete": 8,
    "blocked-public-access": 1,
    "acl-strongly-suspected": 9,
    "acl-suspected": 1,
  },
  mismatches: {
    acceptedButDenied: [
      tuple({ causes: { "opened-before-log": 4, "rules-changed-or-incomplete": 2 } }),
      tuple({ port: 8443, causes: { "rules-changed-or-incomplete": 6 } }),
    ],
    rejectedButAllowed: [tuple({ remote: "10.9.9.9", causes: { "acl-strongly-suspected": 9 } })],
    more: 2,
  },
};

describe("checkOf", () => {
  test("counts agreement and names every disagreement, strongest evidence first", () => {
    const rows = [
      judged([RULE_SET], "eni-a ingress tcp/443 192.0.2.1 x3"),
      judged([RULE_SET], "eni-a ingress tcp/443 192.0.2.1 x2", { grade: "inferred" }),
      judged([RULE_SET], "eni-a egress tcp/443 192.0.2.1 x50"),
      judged([RULE_SET], "eni-a ingress tcp/22 192.0.2.1 x4"),
      judged([RULE_SET], "eni-other ingress tcp/443 192.0.2.1 x60"),
    ];
    const found = checkOf(SUMMARY, rows);
    expect(found).toMatchObject({
      agreeing: 116,
      disagreeing: 30,
      acceptedButDenied: 12,
      rejectedButAllowed: 18,
      unknown: 9,
      withoutAction: 6,
      fidelity: 116 / 146,
    });
    expect(
      found.disagreements.map(({ cause, evidence, records }) => [evidence, cause, records]),
    ).toEqual([
      ["stated", "blocked-public-access", 1],
      ["shown", "acl-strongly-suspected", 9],
      ["shown", "rules-changed-or-incomplete", 8],
      ["suggested", "opened-before-log", 4],
      ["suggested", "acl-suspected", 1],
      ["open", "rules-changed-or-acl", 7],
    ]);
    const changed = found.disagreements[2];
    expect(changed).toMatchObject({ kind: "accepted-but-denied", share: 8 / 30 });
    // Of three causes the tuples are not among those that the summary lists.
    expect(found.disagreements.map(({ tuplesCut }) => tuplesCut)).toEqual([
      true,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(
      changed?.tuples.map(({ port, recordsOfCause, connections, grades }) => [
        port,
        recordsOfCause,
        connections,
        grades,
      ]),
    ).toEqual([
      [8443, 6, 0, {}],
      [443, 2, 5, { inferred: 2, measured: 3 }],
    ]);
    expect(changed?.tuples[0]?.samples).toEqual([{ file: "a.log", line: 1 }]);
    expect(found.disagreements[1]?.settledBy.map(({ document }) => document)).toEqual([
      "the network ACLs",
      "the subnets, to know whose ACL applies",
    ]);
  });

  test("records without an answer: why, what they name, and what would settle it", () => {
    const rows = [
      judged([RULE_SET], "eni-a ingress tcp/22 192.0.2.1 x4"),
      judged([RULE_SET], "eni-a ingress tcp/22 192.0.2.2 x1"),
    ];
    const [unresolved, missing] = checkOf(SUMMARY, rows).undecided;
    expect(unresolved).toMatchObject({
      reason: "peer-unresolved",
      records: 6,
      details: { distinct: 1, top: [{ name: "pl-1", connections: 5 }] },
    });
    expect(missing).toMatchObject({
      reason: "missing-field",
      records: 3,
      details: { distinct: 0 },
    });
  });

  test("an empty log disagrees with nothing", () => {
    expect(checkOf(EMPTY, [])).toEqual({
      fidelity: null,
      agreeing: 0,
      disagreeing: 0,
      acceptedButDenied: 0,
      rejectedButAllowed: 0,
      unknown: 0,
      withoutAction: 0,
      disagreements: [],
      undecided: [],
    });
  });

  test("every cause and every unknown reason can be settled, or says that it cannot", () => {
    for (const cause of CAUSES)
      if (cause !== "") expect(CAUSE_SETTLINGS[cause].length).toBeGreaterThan(0);
    for (const reason of REASONS)
      expect(REASON_SETTLINGS[reason] !== undefined).toBe(verdictOf(reason) === "unknown");
    expect(EVIDENCE).toEqual(["stated", "shown", "suggested", "open"]);
  });
});
