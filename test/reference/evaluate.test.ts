import { describe, expect, test } from "vitest";
import type { FlowRecord, Judgement } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import {
  evaluateInDetail,
  evaluateReference,
  type ReferenceOptions,
} from "../../src/reference/index.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const WHOLE: ReferenceOptions = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
const NEAR: ReferenceOptions = {
  timers: DEFAULT_TIMERS,
  lookAhead: { slots: 3, minRecords: 0, maxRecords: 8_000_000 },
};
const RULES = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 6000 10.0.0.0/16", "ingress udp 6000 10.0.0.0/16"] } },
  interfaces: {
    "eni-1": { groups: ["sg-a"], addresses: ["10.0.1.10"] },
    "eni-open": { groups: ["sg-a"] },
  },
});

function short({ verdict, reason, opener, grade }: Judgement): string {
  return `${verdict} ${reason} ${opener} ${grade}`;
}

function judged(text: string, options = WHOLE, ruleSet: RuleSet = RULES): string[] {
  return evaluateReference(flows(text), ruleSet, options).map(short);
}

describe("a run", () => {
  test("judges nothing of nothing", () => {
    const { findings, counters } = evaluateInDetail([], RULES, WHOLE);
    expect(findings).toEqual([]);
    expect(counters).toMatchObject({ records: 0, connections: { total: 0 } });
  });

  test("keeps the order of the input, whatever the times are", () => {
    const records = flows(`900+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=0
      0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=2
      300+0 eni-1 tcp 10.0.1.10:6000 > 10.0.7.7:5000 ACCEPT flags=0`);
    const judgements = evaluateReference(records, RULES, WHOLE);
    expect(judgements.map(({ record }) => record.line)).toEqual([1, 2, 3]);
    expect(judgements.map(({ reason }) => reason)).toEqual(["rule", "rule", "reply"]);
  });

  test("one record may stand in the input twice", () => {
    const [record] = flows("0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=2");
    const records = record === undefined ? [] : [record, { ...record }];
    expect(evaluateReference(records, RULES, WHOLE).map(short)).toEqual([
      "allow rule remote measured",
      "allow rule remote measured",
    ]);
  });
});

describe("evidence within reach (semantics 4.9, 7.1)", () => {
  const clients = [2, 3, 4, 5, 6, 7].map((n) => `10.0.7.${n}:5000`);
  const fan = (at: number): string =>
    clients.map((c) => `${at}+0 eni-1 udp ${c} > 10.0.1.10:6000 ACCEPT`).join("\n");
  const pair = (at: number): string => `${at}+0 eni-1 udp 10.0.7.1:5000 > 10.0.1.10:6000 ACCEPT
      ${at}+0 eni-1 udp 10.0.1.10:6000 > 10.0.7.1:5000 ACCEPT\n`;

  test("three further slots count, a fourth does not", () => {
    expect(judged(pair(0) + fan(1199), NEAR)[0]).toBe("allow rule remote inferred");
    expect(judged(pair(0) + fan(1200), NEAR)[0]).toBe(
      "unknown direction-undecided unknown unknown",
    );
  });

  test("a weak opener is asked anew in a later slot, a settled one is not", () => {
    const long = pair(0).replaceAll("+0", "+1500") + pair(1500);
    expect(judged(long + fan(1500), NEAR).slice(0, 4)).toEqual([
      "unknown direction-undecided unknown unknown",
      "unknown direction-undecided unknown unknown",
      "allow rule remote inferred",
      "allow reply remote inferred",
    ]);
    // A far port below 1024 marks the server later: what was settled as inferred holds.
    const marked = `${long}${fan(0)}\n1500+0 eni-1 udp 10.0.1.10:6000 > 10.0.7.99:53 ACCEPT`;
    expect(judged(marked, NEAR).slice(0, 4)).toEqual([
      "allow rule remote inferred",
      "allow reply remote inferred",
      "allow rule remote inferred",
      "allow reply remote inferred",
    ]);
  });

  test("a weak opener may be lost again", () => {
    const text = `0+1500 eni-1 udp 10.0.7.1:5000 > 10.0.1.10:6000 ACCEPT
      1500+0 eni-1 udp 10.0.7.1:5000 > 10.0.1.10:6000 ACCEPT
      60+1500 eni-1 udp 10.0.1.10:6000 > 10.0.7.1:5000 ACCEPT`;
    expect(judged(text, NEAR)).toEqual(
      Array(3).fill("unknown direction-undecided unknown unknown"),
    );
    expect(judged(text.replace("60+1500", "1400+100"), NEAR)).toEqual([
      "allow rule remote one-way",
      "unknown direction-undecided unknown unknown",
      "unknown direction-undecided unknown unknown",
    ]);
  });
});

describe("an interface of unknown addresses (semantics 2.3)", () => {
  const text = `0+0 eni-open tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=2
    1200+0 eni-open tcp 10.0.8.8:5000 > 10.0.1.10:6000 ACCEPT flags=2
    2400+0 eni-open tcp 10.0.8.8:5000 > 10.0.7.7:6000 ACCEPT flags=2`;

  test("is judged on what is known within reach", () => {
    expect(judged(text, NEAR)).toEqual([
      "unknown no-direction unknown none",
      "allow rule remote measured",
      "unknown no-direction unknown none",
    ]);
    expect(judged(text)).toEqual(Array(3).fill("unknown no-direction unknown none"));
  });

  test("traffic of the inferred address to itself is not filtered", () => {
    const self = "0+0 eni-open tcp 10.0.1.10:5000 > 10.0.1.10:6000 ACCEPT flags=2";
    expect(judged(self)).toEqual(["allow not-filtered unknown none"]);
  });

  test("says that the direction was inferred", () => {
    const { findings } = evaluateInDetail(flows(text), RULES, NEAR);
    expect(findings.map(({ inferred }) => inferred)).toEqual([false, true, false]);
  });
});

describe("an opener nobody knows (semantics 4.6)", () => {
  test("is no reason to call a lone direction denied", () => {
    const lone = "0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:7000 ACCEPT flags=4";
    const [refused] = judged(lone.replace("ACCEPT", "REJECT"));
    expect(refused).toBe("deny no-rule remote rejected");
    expect(judged(lone)).toEqual(["unknown one-sided unknown unknown"]);
    expect(judged(`${lone}\n${lone.replace("ACCEPT", "-")}`)).toEqual([
      "unknown one-sided unknown unknown",
      "unknown one-sided unknown unknown",
    ]);
    expect(judged(`${lone}\n${lone.replace("ACCEPT", "REJECT")}`)).toEqual([
      "unknown one-sided unknown unknown",
      "deny no-rule unknown unknown",
    ]);
  });
});

describe("counters", () => {
  function counters(text: string): ReturnType<typeof evaluateInDetail>["counters"] {
    return evaluateInDetail(flows(text), RULES, WHOLE).counters;
  }

  test("count a connection once, by its forward direction", () => {
    const text = `0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT flags=0
      0+0 eni-1 tcp 10.0.1.10:443 > 10.0.7.7:41000 ACCEPT flags=0
      0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:6000 ACCEPT flags=0
      0+0 eni-1 tcp 10.0.7.7:7000 > 10.0.1.10:7000 ACCEPT flags=0`;
    expect(counters(text)).toMatchObject({
      records: 4,
      connections: { total: 4 - 1, allow: 1, deny: 1, unknown: 1 },
      openingsAssumed: 2,
      matrix: { ACCEPT: { allow: 1, deny: 2, unknown: 1 } },
    });
  });

  test("count an expired exchange as denied though its opener would be allowed", () => {
    const text = `0+0 eni-1 udp 10.0.7.7:41000 > 10.0.1.10:6000 ACCEPT
      10+0 eni-1 udp 10.0.1.10:6000 > 10.0.7.7:41000 REJECT
      11+0 eni-1 udp 10.0.7.7:41000 > 10.0.1.10:6000 ACCEPT`;
    const found = counters(text);
    expect(found.reasons).toMatchObject({ rule: 2, expired: 1 });
    expect(found.connections).toEqual({ total: 2, allow: 1, deny: 1, unknown: 0 });
  });
});

describe("the set of records decides, not their order (semantics 7.2)", () => {
  /** A small linear congruential generator: the seed is the test's name. */
  function randomly(seed: number): (below: number) => number {
    let state = seed >>> 0;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  /** Few hosts and ports, many flags, actions and gaps: connections meet, close, expire and contradict themselves. */
  function randomLog(seed: number, count: number): readonly FlowRecord[] {
    const pick = randomly(seed);
    const lines: string[] = [];
    for (let n = 0; n < count; n++) {
      const own = `10.0.1.10:${[22, 443, 5000, 6000, 40_000][pick(5)]}`;
      const far = `10.0.7.${pick(4)}:${[53, 2000, 5000, 41_000][pick(4)]}`;
      const [from, to] = pick(2) === 0 ? [own, far] : [far, own];
      const time = `${pick(40) * 137 + pick(3)}+${pick(3) * 30}`;
      const flags = pick(4) === 0 ? "" : ` flags=${[0, 1, 2, 3, 4, 18, 19][pick(7)]}`;
      const action = ["ACCEPT", "ACCEPT", "REJECT", "-"][pick(4)];
      const eni = ["eni-1", "eni-1", "eni-open"][pick(3)];
      lines.push(
        `${time} ${eni} ${["tcp", "udp", "icmp"][pick(3)]} ${from} > ${to} ${action}${flags}`,
      );
    }
    return flows(lines.join("\n"));
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i", (seed) => {
    const records = randomLog(seed, 400);
    const options = { ...NEAR, lookAhead: { slots: 1, minRecords: 20 * seed, maxRecords: 300 } };
    const inOrder = evaluateInDetail(records, RULES, options);
    const backwards = evaluateInDetail([...records].reverse(), RULES, options);
    expect(backwards.counters).toEqual(inOrder.counters);
    expect(backwards.findings.map(({ judgement }) => judgement).reverse()).toEqual(
      inOrder.findings.map(({ judgement }) => judgement),
    );
  });
});
