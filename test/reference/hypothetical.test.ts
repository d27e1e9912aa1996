import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/model/address.js";
import type { FlowRecord } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import {
  explainFlow,
  explainRecord,
  type FlowExplanation,
  type HypotheticalFlow,
  interfacesAt,
} from "../../src/reference/index.js";
import { buildAcls } from "../support/acl-builder.js";
import { flow as recordOf } from "../support/flow-text.js";
import { randomTimelines } from "../support/random-timelines.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const NOW = 4_294_967_295;

const RULES: RuleSet = {
  ...buildRuleSet({
    groups: {
      "sg-app": { rules: ["egress tcp 5432 sg-db", "egress icmp all 0.0.0.0/0"] },
      "sg-db": { rules: ["ingress tcp 5432 sg-app", "ingress icmp 8/-1 10.0.0.0/16"] },
    },
    interfaces: {
      "eni-app": { groups: ["sg-app"], addresses: ["10.0.1.10"], subnetId: "subnet-1" },
      "eni-db": { groups: ["sg-db"], addresses: ["10.0.2.20"], subnetId: "subnet-2" },
      "eni-bare": { groups: [], addresses: ["10.0.2.30"], subnetId: "subnet-2" },
    },
    subnets: { "subnet-1": ["10.0.1.0/24"], "subnet-2": ["10.0.2.0/24"] },
  }),
  acls: buildAcls({
    "acl-db": {
      subnets: ["subnet-2"],
      entries: [
        "ingress 100 allow all all 10.0.0.0/16",
        "egress 90 deny tcp 9000-9999 0.0.0.0/0",
        "egress 100 allow tcp 1024-65535 10.0.0.0/16",
        "egress 110 allow icmp 0/-1 0.0.0.0/0",
      ],
    },
  }),
};

interface Asked extends Partial<Omit<HypotheticalFlow, "remote" | "local">> {
  readonly remote: string;
  readonly rules?: readonly Timeline[];
}

function ask({ remote, rules, ...rest }: Asked): readonly FlowExplanation[] {
  const flow: HypotheticalFlow = {
    interfaceId: "eni-app",
    direction: "egress",
    protocol: 6,
    remote: parseAddress(remote)!,
    local: null,
    port: 5432,
    clientPort: 40_000,
    icmp: null,
    time: NOW,
    ...rest,
  };
  return explainFlow(flow, rules ?? [always("now", RULES)]);
}

function said({ verdict, reason, detail, decidedAt }: FlowExplanation): string {
  return [verdict, reason, detail, "at", decidedAt].filter((word) => word !== "").join(" ");
}

function only(asked: Asked): FlowExplanation {
  const [first] = ask(asked);
  if (first === undefined) throw new Error("nothing explained");
  return first;
}

describe("explainFlow", () => {
  test("asks both ends, in the order of the packet", () => {
    const there = only({ remote: "10.0.2.20" });
    expect(
      there.ends.map(({ interfaceId, side, verdict }) => [interfaceId, side, verdict]),
    ).toEqual([
      ["eni-app", "named", "allow"],
      ["eni-db", "other", "allow"],
    ]);
    const here = only({ interfaceId: "eni-db", direction: "ingress", remote: "10.0.1.10" });
    expect(here.ends.map(({ interfaceId, side }) => [interfaceId, side])).toEqual([
      ["eni-app", "other"],
      ["eni-db", "named"],
    ]);
    expect(here.verdict).toBe("allow");
    expect(here.ends[1]?.reading?.tracking).toBe("tracked");
  });

  test.each<readonly [string, Asked, string]>([
    ["the end that it leaves", { remote: "10.0.2.20", port: 22 }, "deny no-rule at eni-app"],
    [
      "the end that it reaches",
      { remote: "10.0.2.20", protocol: 1, port: 0, icmp: { type: 13, code: 0 } },
      "deny no-rule at eni-db",
    ],
    [
      "the list that stops the answers",
      { remote: "10.0.2.20", clientPort: 9080 },
      "deny acl acl-db egress 90 at eni-db",
    ],
    [
      "answers that some client ports do not get",
      { remote: "10.0.2.20", clientPort: null },
      "unknown acl acl-db egress 90, client ports 9000-9999 at eni-db",
    ],
    [
      "no interface of the rules",
      { interfaceId: "eni-9", remote: "198.51.100.7" },
      "unknown interface-not-in-snapshot at eni-9",
    ],
    [
      "a service",
      { remote: "169.254.169.253", protocol: 17, port: 53 },
      "allow not-filtered at eni-app",
    ],
    [
      "no groups, but a list",
      { interfaceId: "eni-bare", direction: "egress", remote: "198.51.100.7", port: 443 },
      "deny acl acl-db egress * at eni-bare",
    ],
  ])("is decided by %s", (_, asked, wanted) => {
    expect(said(only(asked))).toBe(wanted);
  });

  test("a known ICMP type decides what a log leaves open (3.6)", () => {
    const ping: Asked = { interfaceId: "eni-db", direction: "ingress", remote: "10.0.9.9" };
    const asked = { ...ping, protocol: 1, port: 0, clientPort: null };
    expect(said(only(asked))).toBe("unknown icmp-type at eni-db");
    expect(said(only({ ...asked, icmp: { type: 8, code: null } }))).toBe("allow rule at eni-db");
    const other = only({ ...asked, icmp: { type: 13, code: 0 } });
    expect(said(other)).toBe("deny no-rule at eni-db");
    const [, rule] = other.ends[0]?.reading?.rules ?? [];
    expect(rule?.criteria.find(({ criterion }) => criterion === "icmp-type")).toMatchObject({
      fits: false,
      found: "13/0",
      allowed: "8/all",
    });
  });

  test("tells the client ports that the list answers alike", () => {
    const end = only({ remote: "10.0.2.20", clientPort: null }).ends[1];
    expect(
      end?.replies.map(({ fromPort, toPort, acl }) => [
        fromPort,
        toPort,
        acl.verdict,
        acl.entry?.number,
      ]),
    ).toEqual([
      [0, 1023, "deny", undefined],
      [1024, 8999, "allow", "100"],
      [9000, 9999, "deny", "90"],
      [10_000, 65_535, "allow", "100"],
    ]);
  });

  test("is judged by the rules of its time, and by candidates", () => {
    const open = buildRuleSet({
      groups: { "sg-app": { rules: ["egress tcp 22 0.0.0.0/0"] } },
      interfaces: { "eni-app": { groups: ["sg-app"], addresses: ["10.0.1.10"] } },
    });
    const history: Timeline = {
      name: "history",
      periods: [
        { from: 0, ruleSet: RULES },
        { from: 1000, ruleSet: open },
      ],
    };
    const rules = [history, always("closed", RULES)];
    const asked = { remote: "203.0.113.5", port: 22, rules };
    const late = ask(asked);
    expect(late.map(({ verdict, rulesFrom, change }) => [verdict, rulesFrom, change])).toEqual([
      ["allow", 1000, null],
      ["deny", 0, "newly-denied"],
    ]);
    const early = ask({ ...asked, time: 999 });
    expect(early.map(({ verdict, rulesFrom, change }) => [verdict, rulesFrom, change])).toEqual([
      ["deny", 0, null],
      ["deny", 0, "unchanged"],
    ]);
  });

  test("finds the interfaces of an address", () => {
    expect(interfacesAt(RULES, parseAddress("10.0.2.20")!)).toEqual(["eni-db"]);
    expect(interfacesAt(RULES, parseAddress("10.0.2.21")!)).toEqual([]);
  });
});

const REMOTES = [
  "10.0.0.1",
  "10.0.1.1",
  "10.0.9.9",
  "198.51.100.7",
  "203.0.113.5",
  "169.254.169.254",
  "fd00::1",
  "2001:db8::5",
];
const PROTOCOLS = [6, 6, 17, 1, 58, 47];

/** The opening of the flow as the only record of a log; its source opened by flags, ports, or for it is alone. */
function loneRecord(flow: HypotheticalFlow): FlowRecord {
  return {
    ...recordOf("0+0 eni-1 tcp 10.0.0.1:1 > 10.0.0.2:2 -"),
    interfaceId: flow.interfaceId,
    srcAddr: flow.direction === "ingress" ? flow.remote : flow.local,
    dstAddr: flow.direction === "ingress" ? flow.local : flow.remote,
    srcPort: flow.clientPort,
    dstPort: flow.port,
    protocol: flow.protocol,
    tcpFlags: flow.protocol === 6 ? 2 : null,
    flowDirection: flow.direction,
    start: flow.time,
    end: flow.time,
  };
}

describe("a flow and its record", () => {
  test("are judged alike by one end", () => {
    let compared = 0;
    const arbitrary = fc.record({
      seed: fc.integer({ min: 1, max: 5000 }),
      remote: fc.constantFrom(...REMOTES),
      protocol: fc.constantFrom(...PROTOCOLS),
      port: fc.constantFrom(22, 443, 5432),
      direction: fc.constantFrom("ingress" as const, "egress" as const),
    });
    fc.assert(
      fc.property(arbitrary, ({ seed, remote: text, protocol, port, direction }) => {
        const { ruleSet } = randomTimelines(seed, 0).baseline.periods[0]!;
        const remote = parseAddress(text)!;
        const ported = protocol === 6 || protocol === 17;
        for (const { id, type, addresses } of ruleSet.interfaces.values()) {
          const local = addresses.find(({ family }) => family === remote.family);
          // A record at a balancer is evidence for its own client (3.5d); a flow has none.
          if (local === undefined || type === "network_load_balancer") continue;
          const flow: HypotheticalFlow = {
            ...{ interfaceId: id, direction, protocol, remote, local, icmp: null },
            port: ported ? port : 0,
            clientPort: ported ? 40_000 : null,
            time: 1_700_000_100,
          };
          const record = loneRecord(flow);
          const { timers, lookAhead } = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
          const explained = explainRecord(record, [record], ruleSet, { timers, lookAhead })!;
          // Without groups there is no connection that would need its answers.
          if (explained.connection === null && protocol === 6) continue;
          const { verdict, reason, detail } = explained.connection?.ruling ?? explained.judgement;
          const [own] = explainFlow(flow, [always("now", ruleSet)]);
          const end = own!.ends.find(({ side }) => side === "named")!;
          expect([end.verdict, end.reason, end.detail]).toEqual([verdict, reason, detail]);
          compared++;
        }
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(500);
  });
});
