import { describe, expect, test } from "vitest";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type Explanation, explainUnder } from "../../src/reference/index.js";
import { buildAcls } from "../support/acl-builder.js";
import { flows, LOG_START } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };

function rulesOf(web: readonly string[]): RuleSet {
  return buildRuleSet({
    groups: {
      "sg-web": { name: "web", rules: web },
      "sg-app": { name: "app", rules: ["egress tcp 443 10.0.1.0/24", "egress udp 53 10.0.1.0/24"] },
    },
    interfaces: {
      "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.10"], subnetId: "subnet-1" },
      "eni-app": { groups: ["sg-app"], addresses: ["10.0.2.20"] },
    },
  });
}

const WEB = [
  "ingress tcp 443 10.0.0.0/8",
  "ingress udp 53 10.0.0.0/8",
  "ingress tcp 22 10.0.0.0/8",
];
const RULES = rulesOf(WEB);

/** Explains the last line under each timeline. */
function explain(text: string, timelines: readonly Timeline[] = [always("now", RULES)]) {
  const records = flows(text);
  const found = explainUnder(records.at(-1)!, records, timelines, OPTIONS);
  if (found === undefined) throw new Error("nothing explained");
  return found;
}

function only(text: string, timelines?: readonly Timeline[]): Explanation {
  return explain(text, timelines)[0]!;
}

/** Lines of the records that tell who opened. */
function evidence(text: string): readonly unknown[] {
  const { connection } = only(text);
  return [connection?.opener.because, ...(connection?.evidence ?? []).map(({ line }) => line)];
}

describe("how the opener is known", () => {
  test.each<readonly [string, string, readonly unknown[]]>([
    [
      "the SYN, where it stands behind its answer",
      `0+0 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18
       0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
       5+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=1`,
      ["syn", 2],
    ],
    [
      "the answer to a SYN that was not logged",
      `0+0 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18
       5+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=0`,
      ["syn-answer", 1],
    ],
    [
      "SYNs of both sides",
      `0+0 eni-web tcp 10.0.1.10:5000 > 10.0.2.20:6000 ACCEPT flags=2
       5+0 eni-web tcp 10.0.2.20:6000 > 10.0.1.10:5000 ACCEPT flags=2`,
      ["syn-contradiction", 2, 1],
    ],
    [
      "the first refusal",
      `0+0 eni-web tcp 10.0.9.9:5000 > 10.0.1.10:6000 REJECT
       5+0 eni-web tcp 10.0.9.9:5000 > 10.0.1.10:6000 REJECT`,
      ["rejected-opening", 1],
    ],
    [
      "an accepted side and refused replies",
      `0+0 eni-web tcp 10.0.1.10:6000 > 10.0.9.9:5000 REJECT
       5+0 eni-web tcp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT`,
      ["rejected-replies", 2, 1],
    ],
    [
      "a lone direction",
      "0+0 eni-web udp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT",
      ["only-direction", 1],
    ],
    [
      "ports, which no record is",
      "0+0 eni-web tcp 10.0.9.9:50000 > 10.0.1.10:443 ACCEPT",
      ["ports"],
    ],
    [
      "the connection before",
      `0+0 eni-web udp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT
       500+0 eni-web udp 10.0.1.10:6000 > 10.0.9.9:5000 ACCEPT
       500+0 eni-web udp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT`,
      ["earlier-connection", 1],
    ],
    ["nothing", "0+0 eni-web tcp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT", ["nothing"]],
  ])("by %s", (_, text, wanted) => {
    expect(evidence(text)).toEqual(wanted);
  });

  test("by the number of peers, which is told", () => {
    const lines = [1, 2, 3, 4].map(
      (i) => `0+0 eni-web tcp 10.0.9.${i}:5000 > 10.0.1.10:6000 ACCEPT`,
    );
    const { connection } = only(lines.join("\n"));
    expect(connection).toMatchObject({
      opener: { opener: "remote", because: "fan-out" },
      farEnds: { local: 4, remote: 1 },
      evidence: [],
    });
  });
});

describe("the entry", () => {
  const OPEN = "0+10 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2";
  const ANSWER = "0+20 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18";

  test("is made by the first accepted record of the opener, and lives for its timer", () => {
    const { connection } = only(
      `${ANSWER}\n${OPEN}\n30+5 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=0`,
    );
    expect(connection?.entry).toEqual({
      madeBy: {
        file: "flows",
        line: 2,
        start: LOG_START,
        direction: "ingress",
        action: "ACCEPT",
        verdict: "allow",
      },
      lastEnd: LOG_START + 35,
      idleTimer: 432_000,
      closedAt: null,
      until: LOG_START + 35 + 432_000,
    });
  });

  test("ends with the close", () => {
    const { connection } = only(`${OPEN}\n${ANSWER}
      40+2 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=4`);
    expect(connection?.entry).toMatchObject({ closedAt: LOG_START + 42, until: LOG_START + 42 });
  });

  test("is of before the log where no record of the opener is in it", () => {
    const { connection } = only(ANSWER);
    expect(connection?.entry).toMatchObject({ madeBy: null });
    expect(connection?.openingAssumed).toBe(false);
  });

  test.each([
    ["the rules deny the opening", "0+0 eni-web tcp 10.0.9.9:41000 > 10.0.1.10:80 ACCEPT flags=2"],
    ["AWS accepted nothing", "0+0 eni-web tcp 10.0.9.9:41000 > 10.0.1.10:443 REJECT flags=2"],
    ["nobody knows the opener", "0+0 eni-web tcp 10.0.9.9:5000 > 10.0.1.10:6000 ACCEPT"],
  ])("is none where %s", (_, text) => {
    expect(only(text).connection?.entry).toBeNull();
  });

  test("is none where the rules leave the connection untracked", () => {
    const open = rulesOf(["ingress tcp 443 0.0.0.0/0", "egress all all 0.0.0.0/0"]);
    const found = only(OPEN, [always("open", open)]);
    expect(found.readings[0]?.tracking).toBe("untracked");
    expect(found.connection?.entry).toBeNull();
  });

  test("of the connection before is told where it expired", () => {
    const { connection } = only(`0+0 eni-web udp 10.0.9.9:5000 > 10.0.1.10:53 ACCEPT
      500+0 eni-web udp 10.0.9.9:5000 > 10.0.1.10:53 ACCEPT`);
    expect(connection?.before).toEqual({ lastEnd: LOG_START, until: LOG_START + 30 });
  });
});

describe("the other end", () => {
  test("says what its groups say, and shows its records of the connection", () => {
    const { otherEnds } = only(`0+0 eni-app tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
      0+0 eni-app tcp 10.0.2.20:41001 > 10.0.1.10:443 ACCEPT flags=2
      9999+0 eni-app tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
      0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2`);
    expect(otherEnds).toMatchObject([
      {
        interfaceId: "eni-app",
        direction: "egress",
        groups: [{ id: "sg-app", name: "app" }],
        verdict: "allow",
        reading: { port: 443, remote: "10.0.1.10", answer: { verdict: "allow" } },
        records: [{ line: 1, verdict: "allow" }],
      },
    ]);
  });

  test("may refuse what this one lets in", () => {
    const { judgement, otherEnds } = only(
      "0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:22 REJECT flags=2",
    );
    expect(judgement.verdict).toBe("allow");
    expect(otherEnds).toMatchObject([{ verdict: "deny", reason: "no-rule", records: [] }]);
    const criteria = otherEnds[0]?.reading?.rules[0]?.criteria ?? [];
    expect(criteria.filter(({ fits }) => fits === false)).toMatchObject([
      { criterion: "port", found: "22", allowed: "443" },
    ]);
  });

  test("is asked both ways by an interface without groups, where there is no connection", () => {
    const rules = buildRuleSet({
      groups: { "sg-app": { rules: ["egress tcp 443 10.0.1.0/24"] } },
      interfaces: {
        "eni-nat": { groups: [], addresses: ["10.0.1.10"], type: "natGateway" },
        "eni-app": { groups: ["sg-app"], addresses: ["10.0.2.20"] },
      },
    });
    const { connection, otherEnds } = only(
      `0+0 eni-app tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
       0+9 eni-nat tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2`,
      [always("now", rules)],
    );
    expect(connection).toBeNull();
    expect(otherEnds).toMatchObject([
      { direction: "egress", verdict: "allow", reading: { port: 443 }, records: [{ line: 1 }] },
      { direction: "ingress", verdict: "deny", reading: { port: 41000 } },
    ]);
    const dns = "0+0 eni-nat udp 10.0.1.10:5353 > 169.254.169.253:53 ACCEPT";
    expect(only(dns, [always("now", rules)]).otherEnds).toEqual([]);
  });

  test("is asked both ways where nobody knows the opener, and not at all outside the rules", () => {
    const { otherEnds } = only("0+0 eni-web tcp 10.0.2.20:5000 > 10.0.1.10:6000 ACCEPT");
    expect(otherEnds.map(({ direction }) => direction)).toEqual(["egress", "ingress"]);
    expect(only("0+0 eni-web tcp 203.0.113.5:5000 > 10.0.1.10:443 ACCEPT").otherEnds).toEqual([]);
  });
});

describe("rules over time and candidates", () => {
  const closed = rulesOf(["ingress udp 53 10.0.0.0/8"]);
  const history: Timeline = {
    name: "history",
    periods: [
      { from: 0, ruleSet: RULES },
      { from: LOG_START + 100, ruleSet: closed },
    ],
  };
  const LATER = "200+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=0";

  test("a tracked connection is judged by the rules of its opening", () => {
    const { judgement, period } = only(
      `0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
       0+0 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18
       ${LATER}`,
      [history],
    );
    expect(judgement.verdict).toBe("allow");
    expect(period).toEqual({ groupsFrom: 0, aclsFrom: LOG_START + 100, count: 2 });
  });

  test("a new one by those of its time, and by its nearest rules then", () => {
    const { judgement, period, readings } = only(LATER, [history]);
    expect(judgement.verdict).toBe("deny");
    expect(period).toMatchObject({ groupsFrom: LOG_START + 100 });
    expect(readings[0]?.rules.map(({ id }) => id)).toEqual(["sg-web/ingress/udp/53/10.0.0.0/8"]);
  });

  test("a candidate judges the same connection; its changes are of record and connection", () => {
    const [now, next] = explain(
      `0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2
       0+0 eni-web tcp 10.0.1.10:443 > 10.0.2.20:41000 ACCEPT flags=18`,
      [always("now", RULES), always("next", closed)],
    );
    expect([now?.change, now?.connection?.change]).toEqual([null, null]);
    expect(next).toMatchObject({
      name: "next",
      change: "newly-denied",
      judgement: { verdict: "deny", reason: "reply-to-denied" },
      connection: { change: "newly-denied", opener: now!.connection!.opener, entry: null },
    });
  });

  test("a connection whose answers a list stops is denied, its opening is not (10.4)", () => {
    const acls = buildAcls({
      "acl-1": { subnets: ["subnet-1"], entries: ["ingress 100 allow all all 0.0.0.0/0"] },
    });
    const { judgement, connection } = only(
      "0+0 eni-web tcp 10.0.2.20:41000 > 10.0.1.10:443 ACCEPT flags=2",
      [always("listed", { ...RULES, acls })],
    );
    expect(judgement).toMatchObject({ verdict: "allow", reason: "rule" });
    expect(connection?.ruling).toEqual({
      verdict: "deny",
      reason: "acl",
      detail: "acl-1 egress *",
    });
  });
});
