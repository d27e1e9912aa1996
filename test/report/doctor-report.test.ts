import { describe, expect, it } from "vitest";
import type { DoctorFindings, LogLook } from "../../src/inspect/index.js";
import { doctorReport } from "../../src/report/doctor-report.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";

const PLAIN = { width: 100, paint: plainPaint };

const GOOD: LogLook = {
  name: "2024/12/14/a.log.gz",
  size: 123_456,
  status: "recognised",
  messages: [],
  how: "header",
  fields: ["version", "srcaddr", "dstaddr"],
  records: 4_200,
  malformed: { number: 2 },
  nodata: 3,
  skipdata: 0,
  firstStart: 1_734_193_500,
  lastEnd: 1_734_197_100,
  whole: false,
  packing: "gzip",
};

const BROKEN: LogLook = {
  ...GOOD,
  name: "b\u001b[2J.log",
  status: "refused",
  messages: ["b\u001b[2J.log:1: this is a transit-gateway flow log"],
  how: null,
  fields: [],
  records: 0,
  malformed: {},
  firstStart: null,
  lastEnd: null,
};

const FOUND: DoctorFindings = {
  logs: {
    looks: [GOOD, BROKEN],
    notLookedAt: 7,
    bytes: 9_876_543,
    interfaces: ["eni-a", "eni-b"],
    undescribed: ["eni-b"],
  },
  rules: {
    groups: 2,
    rules: 31,
    interfaces: 1,
    findings: [
      {
        kind: "recognised",
        code: "document-used",
        message: "groups.json: describe-security-groups (2)",
        cost: "",
        subjects: ["groups.json"],
      },
      {
        kind: "unresolved",
        code: "reference-prefix-list-unknown",
        message: "rules name prefix lists whose entries are not known",
        cost: "what only such rules could admit is unknown (peer-unresolved)",
        subjects: Array.from({ length: 10 }, (_, i) => `pl-${i}`),
      },
      {
        kind: "missing",
        code: "no-describe-vpcs",
        message: "no answer of describe-vpcs",
        cost: "the resolver's address is not known as unfiltered",
        subjects: [],
      },
    ],
    takenAt: null,
    notBefore: 1_734_300_000,
  },
  lacking: [{ field: "tcp-flags", cost: "openers are inferred", files: 1 }],
  problems: ["nowhere.log: there is no such file or folder"],
  commands: [
    { command: "aws ec2 describe-vpcs --output json > vpcs.json", file: "vpcs.json", needed: true },
    { command: "aws ec2 describe-subnets --output json > s.json", file: "s.json", needed: false },
  ],
  logCommands: ["aws ec2 describe-flow-logs --output json > flow-logs.json"],
};

function render(found: DoctorFindings, format: ReportFormat = "table"): string {
  return renderReport(doctorReport(found), format, PLAIN);
}

describe("doctorReport", () => {
  it("prints every section", async () => {
    await expect(render(FOUND)).toMatchFileSnapshot("golden/doctor.txt");
  });

  it("says when nothing is missing", () => {
    const report = { ...FOUND, commands: [], logCommands: [] };
    expect(render(report)).toContain("Nothing: all documents are there.");
  });

  it("lists 25 files and counts the rest, those in trouble first", () => {
    const looks = [...Array.from({ length: 40 }, () => GOOD), BROKEN];
    const report = { ...FOUND, logs: { ...FOUND.logs!, looks } };
    const text = render(report);
    expect(text).toContain("16 more files looked at.");
    expect(text).toContain("transit-gateway");
  });

  it("is versioned and names the tool", () => {
    const document = JSON.parse(render(FOUND, "json"));
    expect(document).toMatchObject({ schemaVersion: 1, tool: { name: "flowverdict" } });
    expect(document.logs.looks).toHaveLength(2);
  });

  it("prints Markdown, and a line per finding", async () => {
    await expect(render(FOUND, "markdown")).toMatchFileSnapshot("golden/doctor.md");
    await expect(render(FOUND, "ndjson")).toMatchFileSnapshot("golden/doctor.ndjson");
  });
});
