import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type Explanation, explainRecord } from "../../src/reference/index.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const RULES = buildRuleSet({
  groups: {
    "sg-a": {
      name: "web",
      rules: [
        "ingress tcp 443 10.0.0.0/16",
        "ingress udp 53 sg-app",
        "ingress tcp 443 sg-app",
        "ingress tcp 443 pl-1",
        "ingress icmp 8/-1 10.0.0.0/16",
        "egress tcp 5432 10.0.0.0/16",
      ],
    },
    "sg-app": {},
    "sg-open": { rules: ["ingress tcp 443 0.0.0.0/0", "egress all all 0.0.0.0/0"] },
  },
  interfaces: {
    "eni-1": { groups: ["sg-lost", "sg-a"], addresses: ["10.0.1.10"] },
    "eni-app": {
      groups: ["sg-app"],
      addresses: ["10.0.2.20", "10.0.2.21"],
      prefixes: ["10.0.48.0/28"],
    },
    "eni-open": { groups: ["sg-open"], addresses: ["10.0.1.20"] },
    "eni-nat": { groups: ["sg-app"], addresses: ["10.0.3.3"], type: "natGateway" },
    "eni-bare": { groups: [], addresses: ["10.0.3.4"] },
  },
});
const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };

/** Explains the last record of the log. */
function explain(text: string): Explanation {
  const records = flows(text);
  const last = records.at(-1);
  const found = last && explainRecord(last, records, RULES, OPTIONS);
  if (found === undefined) throw new Error("nothing explained");
  return found;
}

describe("explainRecord", () => {
  test("tells every rule of the direction what fits and what misses", () => {
    const { groups, readings, interfaceKnown, connection } = explain(
      "0+0 eni-1 tcp 203.0.113.5:41000 > 10.0.1.10:443 REJECT flags=2",
    );
    expect(interfaceKnown).toBe("described");
    expect(groups).toEqual([
      { id: "sg-a", name: "web", described: true },
      { id: "sg-lost", name: null, described: false },
    ]);
    expect(connection).toMatchObject({
      role: "forward",
      opener: { because: "syn" },
      lateness: null,
    });
    expect(readings).toHaveLength(1);
    const reading = readings[0];
    expect(reading).toMatchObject({
      direction: "ingress",
      port: 443,
      remote: "203.0.113.5",
      answer: { reason: "interface-not-in-snapshot", detail: "sg-lost" },
      tracking: null,
    });
    const peers = reading?.rules.map(({ matches, criteria }) => [
      matches,
      criteria.map(({ criterion, fits }) => `${criterion} ${fits}`).join(", "),
    ]);
    expect(peers).toEqual([
      [false, "protocol true, port true, peer false"],
      [false, "protocol false, port false, peer false"],
      [false, "protocol true, port true, peer false"],
      [null, "protocol true, port true, peer null"],
      [false, "protocol false, port true, icmp-type null, peer false"],
    ]);
    expect(reading?.rules[0]?.criteria.at(-1)).toEqual({
      criterion: "peer",
      fits: false,
      found: "203.0.113.5",
      allowed: "10.0.0.0/16",
      members: null,
      because: null,
    });
    expect(reading?.rules[2]?.criteria.at(-1)).toMatchObject({ allowed: "sg-app", members: 4 });
    expect(reading?.rules[3]?.criteria.at(-1)).toMatchObject({ because: "members-unknown" });
  });

  test("a reply shows the reading of its opener", () => {
    const found = explain(`0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT
      0+0 eni-1 tcp 10.0.1.10:443 > 10.0.7.7:41000 ACCEPT`);
    expect(found.judgement).toMatchObject({ reason: "reply", direction: "egress" });
    expect(found.connection).toMatchObject({ role: "reply", localRecords: 1, remoteRecords: 1 });
    expect(found.readings).toMatchObject([
      { direction: "ingress", answer: { verdict: "allow" }, tracking: "tracked" },
    ]);
  });

  test("an unknown opener shows both readings, the record's own first", () => {
    const found = explain("0+0 eni-1 tcp 10.0.1.10:5432 > 10.0.7.7:5432 ACCEPT");
    expect(found.connection?.role).toBe("undecided");
    expect(found.readings.map(({ direction, answer }) => [direction, answer.verdict])).toEqual([
      ["egress", "allow"],
      ["ingress", "unknown"],
    ]);
  });

  test("an expired record shows its own direction first", () => {
    const found = explain(`0+0 eni-open udp 10.0.7.7:41000 > 10.0.1.20:53 ACCEPT
      10+0 eni-open udp 10.0.7.7:41000 > 10.0.1.20:53 REJECT`);
    expect(found.judgement.reason).toBe("expired");
    expect(found.connection?.lateness).toBe("expired");
    expect(found.readings.map(({ direction }) => direction)).toEqual(["ingress"]);
  });

  test("records that no connection is needed for have no readings", () => {
    const bare = explain("0+0 eni-bare tcp 10.0.7.7:41000 > 10.0.3.4:443 ACCEPT");
    expect(bare).toMatchObject({
      connection: null,
      readings: [],
      groups: [],
      judgement: { reason: "no-groups" },
    });
    const absent = explain("0+0 eni-9 tcp 10.0.7.7:41000 > 10.0.3.4:443 ACCEPT");
    expect(absent).toMatchObject({ interfaceKnown: "unknown", groups: [] });
  });

  test("a record is added to a context that lacks it; NODATA is not explained", () => {
    const [record] = flows("0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT");
    if (record === undefined) throw new Error("no record");
    expect(explainRecord(record, [], RULES, OPTIONS)?.judgement.record).toBe(record);
    expect(explainRecord({ ...record, logStatus: "NODATA" }, [], RULES, OPTIONS)).toBeUndefined();
  });
});

describe("tracking (semantics 6.1)", () => {
  test.each([
    [
      "open both ways: untracked",
      "eni-open tcp 203.0.113.5:41000 > 10.0.1.20:443 ACCEPT",
      "untracked",
    ],
    ["a narrow rule: tracked", "eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT", "tracked"],
    [
      "no open rule the other way: tracked",
      "eni-open tcp 10.0.1.20:41000 > 203.0.113.5:443 ACCEPT",
      "tracked",
    ],
    [
      "a NAT gateway's path",
      "eni-open tcp 10.0.3.3:41000 > 10.0.1.20:443 ACCEPT",
      "tracked-automatically",
    ],
    ["ICMP always", "eni-open icmp 10.0.1.20 > 203.0.113.5 ACCEPT", "tracked"],
  ])("%s", (_, text, wanted) => {
    expect(explain(`0+0 ${text}`).readings[0]?.tracking).toBe(wanted);
  });
});
