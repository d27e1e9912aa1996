import { describe, expect, it } from "vitest";
import type { FlowRecord } from "../../src/model/record.js";
import type { Rule, RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { explainRecord, parseRecord } from "../../src/reference/index.js";
import { explanationReport } from "../../src/report/explanation-report.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import { loadRuleSet } from "../../src/rules/index.js";

const RULES = {
  SecurityGroups: [
    {
      GroupId: "sg-web",
      GroupName: "web",
      VpcId: "vpc-1",
      OwnerId: "123456789012",
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        {
          IpProtocol: "tcp",
          FromPort: 5432,
          ToPort: 5440,
          UserIdGroupPairs: [{ GroupId: "sg-app", UserId: "123456789012" }],
        },
        { IpProtocol: "icmp", FromPort: 3, ToPort: 4, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
      IpPermissionsEgress: [],
    },
    {
      GroupId: "sg-app",
      GroupName: "app",
      VpcId: "vpc-1",
      OwnerId: "123456789012",
      IpPermissions: [],
      IpPermissionsEgress: [],
    },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-web",
      VpcId: "vpc-1",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.5", Primary: true }],
      Groups: [{ GroupId: "sg-web" }],
    },
    {
      NetworkInterfaceId: "eni-app",
      VpcId: "vpc-1",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.9", Primary: true }],
      Groups: [{ GroupId: "sg-app" }],
    },
  ],
};

const FIELDS =
  "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status".split(
    " ",
  );
const { ruleSet }: { ruleSet: RuleSet } = loadRuleSet([
  { name: "rules.json", text: JSON.stringify(RULES, null, 1) },
]);

function record(text: string, line: number): FlowRecord {
  const parsed = parseRecord(text, FIELDS, "a.log", line);
  if (parsed === undefined || typeof parsed === "string")
    throw new Error(`not a record: ${parsed}`);
  return parsed;
}

function explain(texts: readonly string[], wanted: number, format: ReportFormat = "table"): string {
  const records = texts.map((text, i) => record(text, i + 1));
  const explanation = explainRecord(records[wanted]!, records, ruleSet, {
    timers: DEFAULT_TIMERS,
    lookAhead: DEFAULT_LOOK_AHEAD,
  });
  if (explanation === undefined) throw new Error("not judged");
  const context = { records: records.length, cut: 0 };
  const options = { width: 100, paint: plainPaint };
  return renderReport(explanationReport(explanation, context), format, options);
}

const CASES: readonly (readonly [name: string, lines: readonly string[], wanted: number])[] = [
  [
    "allowed",
    ["eni-web 198.51.100.7 10.0.0.5 40000 443 6 5 1500 1734193500 1734193550 ACCEPT OK"],
    0,
  ],
  [
    "reply",
    [
      "eni-web 198.51.100.7 10.0.0.5 40000 443 6 5 1500 1734193500 1734193550 ACCEPT OK",
      "eni-web 10.0.0.5 198.51.100.7 443 40000 6 5 1500 1734193500 1734193550 ACCEPT OK",
    ],
    1,
  ],
  ["denied", ["eni-web 10.0.0.9 10.0.0.5 40000 5433 6 1 40 1734193500 1734193550 REJECT OK"], 0],
  ["near-miss", ["eni-web 10.0.0.5 10.0.0.9 40000 5433 6 1 40 1734193500 1734193550 REJECT OK"], 0],
  [
    "unresolved",
    ["eni-web 10.0.0.77 10.0.0.5 40000 5433 6 1 40 1734193500 1734193550 REJECT OK"],
    0,
  ],
  ["icmp", ["eni-web 198.51.100.7 10.0.0.5 0 0 1 1 84 1734193500 1734193550 ACCEPT OK"], 0],
  [
    "undecided",
    ["eni-web 198.51.100.7 10.0.0.5 40000 40001 6 1 40 1734193500 1734193550 ACCEPT OK"],
    0,
  ],
  [
    "no-interface",
    ["eni-else 198.51.100.7 10.0.0.5 40000 443 6 1 40 1734193500 1734193550 ACCEPT OK"],
    0,
  ],
];

describe("explanationReport", () => {
  it.each(CASES)("explains: %s", async (name, lines, wanted) => {
    await expect(explain(lines, wanted)).toMatchFileSnapshot(`golden/why-${name}.txt`);
  });

  it("shows every rule of the direction", () => {
    const text = explain([CASES[0]![1][0]!], 0);
    const ingress = ruleSet.groups
      .get("sg-web")
      ?.rules.filter((rule: Rule) => rule.direction === "ingress");
    expect(text.match(/rules\.json:\d+/g)).toHaveLength(ingress?.length ?? 0);
  });

  it("explains as Markdown, as a document and line by line", async () => {
    const [, lines, wanted] = CASES[2]!;
    await expect(explain(lines, wanted, "markdown")).toMatchFileSnapshot("golden/why-denied.md");
    await expect(explain(lines, wanted, "json")).toMatchFileSnapshot("golden/why-denied.json");
    await expect(explain(lines, wanted, "ndjson")).toMatchFileSnapshot("golden/why-denied.ndjson");
  });
});
