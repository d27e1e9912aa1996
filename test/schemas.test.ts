import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CAUSES, MALFORMED_REASONS } from "../src/analysis/summary.js";
import { LINT_CODES, LINT_LEVELS } from "../src/lint/index.js";
import { GRADES, REASONS, VERDICTS } from "../src/model/verdict.js";
import {
  checkOf,
  EVIDENCE,
  GATE_KINDS,
  impactOf,
  removalPlan,
  USAGE_CLASSES,
  usageOf,
} from "../src/questions/index.js";
import { checkReport } from "../src/report/check-report.js";
import { gateReport } from "../src/report/gate-report.js";
import { impactReport } from "../src/report/impact-report.js";
import { plainPaint } from "../src/report/paint.js";
import { type Report, renderReport } from "../src/report/report.js";
import { summarizedReport } from "../src/report/summarized-report.js";
import { summaryReport } from "../src/report/summary-report.js";
import { tightenReport } from "../src/report/tighten-report.js";
import { usageReport } from "../src/report/usage-report.js";
import { PLAN_CODES } from "../src/rules/index.js";
import { runCli } from "./cli/run-cli.js";
import { gateCase } from "./questions/gate-case.js";
import { CHECK } from "./report/check-fixture.js";
import { IMPACT, NO_IMPACT } from "./report/impact-fixture.js";
import { BUSY, EMPTY, SELECTED } from "./report/summary-fixture.js";
import { emptyTightenAnswer, tightenAnswer } from "./report/tighten-fixture.js";
import { PLAN, USAGE } from "./report/usage-fixture.js";
import { exampleSurvey } from "./support/example-survey.js";
import { ROOT } from "./support/packed.js";
import { readSchema, SCHEMA_NAMES, schemaFaults } from "./support/schemas.js";

const RULES = ["--rules", "examples/account"];
const GROUP = "sg-0ac0bddae4cdbe740";
const LINE =
  "2 111122223333 eni-0e5f910994ab6bda1 10.0.0.70 10.0.0.40 53375 5432 6 25 7593 1772409605 1772409618 ACCEPT OK";

const FLOW = "10.0.64.71 egress tcp 10.0.64.71 -> eni-03589069cb18345e7:9100";
const DETACHED = "authorize sg-0d811dbe9512a9545 ingress tcp 9100 10.0.64.71/32";

/** What the program prints on the example data. */
const PRINTED: readonly (readonly [schema: string, args: readonly string[]])[] = [
  ["evaluate", ["evaluate", "examples/logs", ...RULES]],
  ["diff", ["diff", "examples/logs", ...RULES, "--edit", "revoke web ingress tcp 443 0.0.0.0/0"]],
  [
    "diff",
    [
      ...["diff", "examples/logs", ...RULES, "--candidate", "examples/account", "--hide-scanners"],
      ...[
        "--edit",
        "revoke db ingress tcp 5432 app",
        "--edit",
        "authorize db ingress tcp 5432 batch",
      ],
      ...["--at", "2026-03-02T00:10Z"],
    ],
  ],
  ["check", ["check", "examples/logs", ...RULES]],
  ["why", ["why", LINE, ...RULES]],
  ["why", ["why", LINE, ...RULES, "--context", "examples/logs"]],
  ["why", ["why", LINE, ...RULES, "--context", "examples/logs", "--edit", DETACHED]],
  ["why", ["why", ...RULES, "--flow", FLOW, "--edit", DETACHED]],
  ["why", ["why", ...RULES, "--flow", FLOW, "--edit", DETACHED, "--context", "examples/logs"]],
  ["doctor", ["doctor", "examples/logs", ...RULES]],
  ["doctor", ["doctor"]],
  ["lint", ["lint", ...RULES]],
  ["lint", ["lint", "examples/logs", ...RULES]],
  ["usage", ["usage", "examples/logs", ...RULES, "--plan", "removal"]],
  [
    "gate",
    [
      "gate",
      "examples/logs",
      ...RULES,
      "--edit",
      `authorize ${GROUP} ingress tcp 22 203.0.113.0/24`,
    ],
  ],
  ["tighten", ["tighten", "examples/logs", ...RULES, "--group", GROUP]],
];

/** The types of lines that docs/FORMATS.md names, by command. */
function documentedTypes(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(ROOT, "docs/FORMATS.md"), "utf8");
  const [, section = ""] = text.split("### Findings as lines\n");
  const rows = section.split("\n## ")[0]!.matchAll(/^\| `(\w+)` \| (.*) \|$/gm);
  return new Map(
    Array.from(rows, ([, command, types]) => [
      command!,
      [...types!.matchAll(/`([^`]+)`/g)].map(([, type]) => type!),
    ]),
  );
}

const TYPES = documentedTypes();

const PLAN_FINDINGS = PLAN_CODES.map((code) => ({
  code,
  subject: "aws_security_group_rule.db",
  message: "it is deleted and then made anew",
  at: { file: "plan.json", line: 12, column: 5 },
}));

/** Reports with a value in every place. */
const BUILT: readonly (readonly [schema: string, name: string, report: Report])[] = [
  ["evaluate", "busy", summaryReport(BUSY)],
  ["evaluate", "empty", summaryReport(EMPTY)],
  ["evaluate", "selected", summaryReport(BUSY, { selection: SELECTED })],
  [
    "diff",
    "busy",
    impactReport({
      baseline: "now",
      candidates: [
        { name: "a", impact: IMPACT, plan: PLAN_FINDINGS },
        { name: "b", impact: NO_IMPACT, plan: [] },
      ],
      at: 1_734_200_000,
      summary: BUSY,
      openersDropped: 0,
    }),
  ],
  [
    "diff",
    "empty",
    impactReport({ baseline: "now", candidates: [], at: null, summary: EMPTY, openersDropped: 0 }),
  ],
  [
    "usage",
    "ledger",
    usageReport({ usage: USAGE, removal: null, summary: BUSY, openersDropped: 0 }),
  ],
  [
    "usage",
    "plan",
    usageReport({
      usage: USAGE,
      removal: { plan: PLAN, proof: IMPACT },
      summary: EMPTY,
      openersDropped: 0,
    }),
  ],
  ["tighten", "case", tightenReport(tightenAnswer(6))],
  ["tighten", "empty", tightenReport(emptyTightenAnswer())],
  ["gate", "case", gateReport({ result: gateCase(), summary: BUSY, openersDropped: 0 })],
  [
    "summarize",
    "busy",
    summarizedReport({
      facts: {
        version: 2,
        tool: "flowverdict 0.1.0",
        interfaces: ["eni-1", "eni-2"],
        files: ["a.log"],
        addressesKnown: true,
        timers: [432_000, 60, 30, 180, 30, 600],
        timersOf: {},
        openersDropped: 1,
        borderDropped: 2,
        summary: BUSY,
      },
      openers: 7,
      atBorder: 3,
      output: "day.fvs",
    }),
  ],
  ["check", "busy", checkReport({ check: CHECK, summary: BUSY, openersDropped: 0 })],
];

/** What is wrong with lines: against their schema, and types that are not documented. */
function lineFaults(schema: string, text: string): string[] {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly type: string });
  const known = ["report", ...(TYPES.get(schema) ?? [])];
  const strange = lines.filter(({ type }) => !known.includes(type)).map(({ type }) => type);
  return [...lines.flatMap((line) => schemaFaults("line", line)), ...strange];
}

/** The list of names below a path of keys in a schema. */
function listAt(schema: string, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key],
    readSchema(schema),
  );
}

describe("docs/schemas", () => {
  it("has one schema per JSON that the program prints", () => {
    const printed = [...PRINTED, ...BUILT].map(([schema]) => schema);
    expect(SCHEMA_NAMES).toEqual([...new Set([...printed, "common", "line", "rules"])].sort());
  });

  it.each([
    [VERDICTS, ["common", "$defs", "verdict", "enum"]],
    [REASONS, ["common", "$defs", "reason", "enum"]],
    [GRADES, ["common", "$defs", "grade", "enum"]],
    [CAUSES.filter((cause) => cause !== ""), ["common", "$defs", "cause", "enum"]],
    [USAGE_CLASSES, ["usage", "$defs", "class", "enum"]],
    [EVIDENCE, ["check", "properties", "disagreements", "items", "properties", "evidence", "enum"]],
    [LINT_CODES, ["lint", "properties", "findings", "items", "properties", "code", "enum"]],
    [PLAN_CODES, ["diff", "$defs", "planCode", "enum"]],
    [GATE_KINDS, ["gate", "properties", "findings", "items", "properties", "kind", "enum"]],
    [LINT_LEVELS, ["lint", "properties", "findings", "items", "properties", "level", "enum"]],
  ] as const)("names every value of a closed list: %#", (names, [schema, ...keys]) => {
    expect(listAt(schema!, ...keys)).toEqual(names);
  });

  it("names every reason of a malformed line", () => {
    const properties = listAt("common", "$defs", "malformed", "properties", "byReason");
    expect(Object.keys((properties as { properties: object }).properties)).toEqual(
      MALFORMED_REASONS.filter((reason) => reason !== ""),
    );
  });

  it("refuses what is not such a document", () => {
    expect(schemaFaults("evaluate", {})).not.toEqual([]);
    expect(schemaFaults("diff", { schemaVersion: 2 })).not.toEqual([]);
    expect(schemaFaults("line", { type: "report" })).not.toEqual([]);
    expect(schemaFaults("line", { kind: "rule" })).not.toEqual([]);
  });
});

describe("docs/FORMATS.md", () => {
  it("names every type of line that a report can have", () => {
    for (const [schema, , report] of BUILT)
      expect(TYPES.get(schema)).toEqual(expect.arrayContaining(report.findings().map(([t]) => t)));
    expect([...TYPES.keys()].sort()).toEqual(
      SCHEMA_NAMES.filter((name) => !["common", "line", "rules"].includes(name)),
    );
  });

  it("links every schema", () => {
    const text = readFileSync(join(ROOT, "docs/FORMATS.md"), "utf8");
    for (const name of SCHEMA_NAMES) expect(text).toContain(`(schemas/${name}.schema.json)`);
  });
});

describe.each(BUILT)("a %s report, %s", (schema, _name, report) => {
  const options = { width: 100, paint: plainPaint };

  it("is as its schema says, key by key", () => {
    expect(schemaFaults(schema, JSON.parse(renderReport(report, "json", options)))).toEqual([]);
  });

  it("is made of typed lines", () => {
    expect(lineFaults(schema, renderReport(report, "ndjson", options))).toEqual([]);
  });
});

describe("answers about the example account", () => {
  it.each([undefined, 1_772_409_900])("are as their schemas say, cut over at %s", async (at) => {
    const options = { width: 100, paint: plainPaint };
    const { baseline, candidate, openers, summary, openersDropped } = await exampleSurvey(at);
    const ground = { summary, openersDropped };
    const impact = impactOf(openers, baseline, candidate, 0);
    expect(impact.list.length).toBeGreaterThan(0);
    const usage = usageOf(openers, baseline, summary);
    const removal = { plan: removalPlan(openers, baseline, usage), proof: impact };
    const reports = [
      impactReport({
        baseline: "now",
        candidates: [{ name: "next", impact, plan: [] }],
        at: at ?? null,
        ...ground,
      }),
      usageReport({ usage, removal, ...ground }),
      checkReport({ check: checkOf(summary, openers), ...ground }),
    ];
    for (const report of reports) {
      const document = JSON.parse(renderReport(report, "json", options));
      expect(schemaFaults(report.name, document)).toEqual([]);
      expect(lineFaults(report.name, renderReport(report, "ndjson", options))).toEqual([]);
    }
  });
});

describe.each(PRINTED)("%s: what %j prints", (schema, args) => {
  it("is as its schema says, key by key", async () => {
    const { stdout } = await runCli([...args, "--format", "json"], { cwd: ROOT });
    expect(schemaFaults(schema, JSON.parse(stdout))).toEqual([]);
  });

  it("is made of typed lines", async () => {
    const { stdout } = await runCli([...args, "--format", "ndjson"], { cwd: ROOT });
    expect(lineFaults(schema, stdout)).toEqual([]);
  });
});
