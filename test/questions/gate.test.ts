import { describe, expect, it } from "vitest";
import { DEFAULT_FAIL_ON, parseFailOn } from "../../src/questions/gate-fail-on.js";
import { impactOf } from "../../src/questions/impact.js";
import { BASELINE, CANDIDATE, gateCase, NOW, OPENERS, split } from "./gate-case.js";

const FAIL_ON = [
  "would-break=2",
  "newly-pass=4",
  "undetermined",
  "assertion",
  "lint-error=1",
  "fidelity-below=0.99",
];

describe("parseFailOn", () => {
  it("reads conditions with and without a limit", () => {
    expect(FAIL_ON.map(parseFailOn)).toEqual([
      { what: "would-break", moreThan: 2 },
      { what: "newly-pass", moreThan: 4 },
      { what: "undetermined", moreThan: 0 },
      { what: "assertion", moreThan: 0 },
      { what: "lint-error", moreThan: 1 },
      { what: "fidelity-below", share: 0.99 },
    ]);
  });

  it.each([
    "",
    "breaks",
    "would-break=",
    "would-break=-1",
    "would-break=1=2",
    "would-break=1.5",
    "fidelity-below",
    "fidelity-below=2",
    "fidelity-below=99%",
  ])("refuses %j and says what is allowed", (text) => {
    expect(() => parseFailOn(text)).toThrow(expect.objectContaining({ code: "fail-on-invalid" }));
  });
});

describe("splitAccepted", () => {
  it("sets apart what is accepted, and says of every acceptance what it is for", () => {
    const { accepted, uses } = split();
    expect([...accepted].map((row) => OPENERS[row]!.port)).toEqual([22]);
    expect(uses.map(({ state, connections }) => [state, connections])).toEqual([
      ["in-force", 2],
      ["expired", 3],
      ["in-force", 0],
    ]);
  });

  it("holds through the last day and not beyond", () => {
    const day = Date.parse("2027-01-31T00:00:00Z") / 1000;
    expect(split(day + 86_399).accepted.size).toBe(1);
    expect(split(day + 86_400).accepted.size).toBe(0);
    expect(NOW).toBeLessThan(day);
  });
});

describe("gateOf", () => {
  it("counts without what is accepted, and fails beyond a limit", () => {
    const result = gateCase({}, { failOn: FAIL_ON.map(parseFailOn) });
    expect(result.connections).toEqual({
      "newly-denied": 3,
      "newly-allowed": 4,
      unchanged: 50,
      undetermined: 5,
    });
    expect(result.conditions.map(({ what, value, verdict }) => [what, value, verdict])).toEqual([
      ["would-break", 3, "fail"],
      ["newly-pass", 4, "pass"],
      ["undetermined", 5, "fail"],
      ["assertion", 1, "fail"],
      ["lint-error", 1, "pass"],
      ["fidelity-below", 0.995, "pass"],
    ]);
    expect(result.verdict).toBe("fail");
  });

  it("puts every finding where its rule stands", () => {
    const found = gateCase().findings.map(({ kind, level, at, related }) => [
      kind,
      level,
      at === null ? null : `${at.file}:${at.line}`,
      related.map((r) => `${r.at.file}:${r.at.line}`),
    ]);
    expect(found).toEqual(
      [
        ["would-break", "error", "new rules/groups.json:10", ["base/groups.json:20"]],
        ["assertion", "error", "new rules/groups.json:30", ["net.yml:3"]],
        ["assertion", "error", "new rules/groups.json:30", ["net.yml:3"]],
        ["newly-pass", "note", "new rules/groups.json:30", []],
        ["undetermined", "warning", null, []],
        ["undecided-assertion", "warning", "net.yml:6", []],
        ["lint-error", "warning", "x.json:3", []],
        ["expired-acceptance", "warning", "net.yml:10", []],
        ["idle-acceptance", "note", "net.yml:11", []],
      ].sort((a, b) => order(a[1]) - order(b[1])),
    );
  });

  it("says what would break, with samples", () => {
    const [finding] = gateCase().findings;
    expect(finding).toMatchObject({
      connections: 3,
      samples: [{ file: "day.log", line: 7 }],
      ruleId: "sg-db/ingress/tcp/5432/10.0.0.0/8",
    });
    expect(finding?.message).toBe("10.0.0.0/8 -> sg-db tcp/5432 would break: 3 connections");
  });

  it("passes what changes nothing", () => {
    const impact = impactOf(OPENERS.slice(0, 1), BASELINE, CANDIDATE, 0);
    const nothing = { impact, accepted: [], assertions: [], lintErrors: [], fidelity: null };
    expect(gateCase(nothing)).toMatchObject({ verdict: "pass", findings: [] });
  });

  it("fails by undecided assertions only when asked", () => {
    const undecided = gateCase().assertions.filter(({ verdict }) => verdict === "undecided");
    expect(undecided).toHaveLength(1);
    const impact = impactOf(OPENERS.slice(0, 1), BASELINE, CANDIDATE, 0);
    const input = { impact, assertions: undecided, accepted: [] };
    expect(gateCase(input).verdict).toBe("pass");
    const strict = gateCase(input, { failOn: DEFAULT_FAIL_ON, undecidedFails: true });
    expect(strict.verdict).toBe("fail");
    expect(strict.findings[0]).toMatchObject({ kind: "undecided-assertion", level: "error" });
  });

  it("fails where the fidelity is not known or too low", () => {
    const options = { failOn: [parseFailOn("fidelity-below=0.99")] };
    expect(gateCase({ fidelity: 0.995 }, options).verdict).toBe("pass");
    expect(gateCase({ fidelity: 0.9 }, options).findings[0]?.kind).toBe("fidelity");
    expect(gateCase({ fidelity: null }, options).verdict).toBe("fail");
  });

  it("counts connections without a row as undetermined", () => {
    const options = { failOn: [parseFailOn("undetermined=5")] };
    expect(gateCase({}, options).verdict).toBe("pass");
    const result = gateCase({ openersDropped: 2 }, options);
    expect(result.conditions).toMatchObject([{ value: 7, verdict: "fail" }]);
    expect(result.findings.map(({ message }) => message)).toContain(
      "2 connections found no room among the rows of openers: nothing is known of them",
    );
  });

  it("gives every finding a key of its own", () => {
    const keys = gateCase().findings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

function order(level: unknown): number {
  return ["error", "warning", "note"].indexOf(String(level));
}
