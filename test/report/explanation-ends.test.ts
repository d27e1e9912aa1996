import { describe, expect, it } from "vitest";
import { parseAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { explainFlow, explainUnder, type HypotheticalFlow } from "../../src/reference/index.js";
import { flowReport } from "../../src/report/explanation-flow.js";
import { explanationReport } from "../../src/report/explanation-report.js";
import { plainPaint } from "../../src/report/paint.js";
import { type Report, renderReport } from "../../src/report/report.js";
import type { ReportFormat } from "../../src/report/report-format.js";
import { buildAcls } from "../support/acl-builder.js";
import { flows, LOG_START } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { schemaFaults } from "../support/schemas.js";

function rulesOf(web: readonly string[]): RuleSet {
  const set = buildRuleSet({
    groups: {
      "sg-web": { name: "web", rules: web },
      "sg-app": { name: "app", rules: ["egress tcp 443 10.0.1.0/24", "egress icmp all 0.0.0.0/0"] },
    },
    interfaces: {
      "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.10"], subnetId: "subnet-1" },
      "eni-app": { groups: ["sg-app", "sg-lost"], addresses: ["10.0.2.20"] },
    },
  });
  const entries = [
    "ingress 100 allow all all 10.0.0.0/8",
    "egress 90 deny tcp 9000-9999 0.0.0.0/0",
    "egress 100 allow tcp 1024-65535 0.0.0.0/0",
  ];
  return { ...set, acls: buildAcls({ "acl-1": { subnets: ["subnet-1"], entries } }) };
}

const OPEN = rulesOf(["ingress tcp 443 sg-app", "ingress tcp 8080 10.9.0.0/16"]);
const SHUT = rulesOf(["ingress tcp 8443 sg-app"]);
const HISTORY: Timeline = {
  name: "history",
  periods: [
    { from: 0, ruleSet: OPEN },
    { from: LOG_START + 1000, ruleSet: SHUT },
  ],
};
const LOG = `0+10 eni-app tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
  0+10 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
  0+20 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18
  2000+9 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=0
  2000+9 eni-web tcp 10.0.2.20:9100 > 10.0.1.10:443 REJECT flags=2
  2500+9 eni-web udp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT
  3500+9 eni-web udp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT`;

function record(line: number, timelines: readonly Timeline[]): Report {
  const records = flows(LOG);
  const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
  const [first, ...others] = explainUnder(records[line - 1]!, records, timelines, options)!;
  return explanationReport(first!, { records: records.length, cut: 0 }, others);
}

function flow(asked: Partial<HypotheticalFlow>, timelines: readonly Timeline[]): Report {
  const wanted: HypotheticalFlow = {
    interfaceId: "eni-web",
    direction: "ingress",
    protocol: 6,
    remote: parseAddress("10.0.2.20")!,
    local: null,
    port: 443,
    clientPort: null,
    icmp: null,
    time: LOG_START + 2000,
    ...asked,
  };
  const [baseline, ...candidates] = explainFlow(wanted, timelines);
  return flowReport([{ flow: wanted, baseline: baseline!, candidates, seen: null }]);
}

function render(report: Report, format: ReportFormat = "table"): string {
  return renderReport(report, format, { width: 100, paint: plainPaint });
}

const CASES: readonly (readonly [name: string, report: Report])[] = [
  ["kept-by-entry", record(4, [HISTORY, always("shut", SHUT), always("open", OPEN)])],
  ["answers-stopped", record(5, [always("open", OPEN)])],
  ["after-expiry", record(7, [always("open", OPEN)])],
  ["flow", flow({}, [always("open", OPEN), always("shut", SHUT), always("same", OPEN)])],
  ["flow-of-a-time", flow({ clientPort: 40_000 }, [HISTORY])],
  [
    "flow-icmp",
    flow(
      {
        interfaceId: "eni-app",
        direction: "egress",
        protocol: 1,
        port: 0,
        icmp: { type: 8, code: null },
        remote: parseAddress("198.51.100.7")!,
      },
      [always("open", OPEN)],
    ),
  ],
];

describe.each(CASES)("why: %s", (name, report) => {
  it("as a table", async () => {
    await expect(render(report)).toMatchFileSnapshot(`golden/why-${name}.txt`);
  });

  it("as a document of its schema", () => {
    expect(schemaFaults("why", JSON.parse(render(report, "json")))).toEqual([]);
  });

  it("as Markdown and as lines", () => {
    expect(render(report, "markdown")).toMatch(/^## /);
    for (const line of render(report, "ndjson").trimEnd().split("\n"))
      expect(schemaFaults("line", JSON.parse(line))).toEqual([]);
  });
});
