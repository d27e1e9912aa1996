// Evidence that comes after a connection was first judged, beyond its look-ahead (semantics 4.9, 10.4).
import { expect, test } from "vitest";
import { survey } from "../../src/analysis/index.js";
import { always } from "../../src/model/timeline.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { judgeTimelines } from "../../src/reference/index.js";
import { buildAcls } from "../support/acl-builder.js";
import { readLogText } from "../support/log-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { mergeOpeners } from "../support/survey-engine.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const FIELDS =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction";
const START = 1_700_000_100;
const MINUTES = 60;

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}

// Questions every minute, one answer at the end.
function logText(): string {
  const line = (minute: number, way: string): string => {
    const start = START + 60 * minute;
    return `2 1 eni-1 ${way} 17 5 500 ${start} ${start + 50}`;
  };
  const lines = Array.from(
    { length: MINUTES },
    (_, i) => `${line(i, "203.0.113.5 10.0.0.1 40000 53")} ACCEPT OK ingress`,
  );
  const answer = `${line(MINUTES, "10.0.0.1 203.0.113.5 53 40000")} ACCEPT OK egress`;
  return `${[FIELDS, ...lines, answer].join("\n")}\n`;
}

test("a network ACL that stops the answers denies the connection, however late one is seen", async () => {
  const plain = buildRuleSet({
    groups: { "sg-a": { rules: ["ingress udp 53 0.0.0.0/0"] } },
    interfaces: {
      "eni-1": { groups: ["sg-a"], addresses: ["10.0.0.1"], vpcId: "vpc-1", subnetId: "subnet-1" },
    },
  });
  const oneWay = { subnets: ["subnet-1"], entries: ["ingress 100 allow all all 0.0.0.0/0"] };
  const baseline = always("baseline", plain);
  const candidate = always("candidate", { ...plain, acls: buildAcls({ "acl-1": oneWay }) });
  const text = logText();
  const options = {
    timers: DEFAULT_TIMERS,
    lookAhead: { slots: 1, minRecords: 0, maxRecords: 8_000_000 },
  };
  const expected = judgeTimelines(
    readLogText([{ name: "a.log", text }]).records,
    [baseline, candidate],
    options,
  );
  const found = await survey(inputsOf([{ name: "a.log", text }]), {
    core: await coreOf("release"),
    ...options,
    baseline,
    candidates: [candidate],
    openers: "all",
  });
  expect(expected.openers.map(({ rulings }) => rulings[1]!.reason)).toEqual(["acl"]);
  expect(mergeOpeners(found.openers).map(shown)).toEqual(expected.openers.map(shown));
  expect(found.candidates[0]!.connections).toEqual(expected.changes[0]!.connections);
});
