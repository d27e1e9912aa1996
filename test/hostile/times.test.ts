// Times at the ends of their range, in the wrong order, and years apart: judged as the reference judges, and in time.
import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { REFERENCE } from "../support/engines.js";
import { wasmEngine } from "../support/wasm-engine.js";
import {
  bytesInput,
  latin1,
  line,
  NOTHING_LOST,
  SMALL_RULE_SET,
  summaryOf,
  sumsOf,
  TARGETS,
  V2,
} from "./run.js";

const LAST = 4_294_967_295;
const YEAR = 31_536_000;
const DAY = 86_400;

const TIMES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  "the first second": [
    [0, 0],
    [0, 10],
    [1, 0],
  ],
  "the last second": [
    [LAST, LAST],
    [LAST - 10, LAST],
    [LAST, 0],
    [LAST - 400, LAST - 300],
  ],
  "both ends": [
    [0, 0],
    [LAST, LAST],
    [0, LAST],
    [LAST, LAST],
  ],
  "end before start": [
    [1_700_000_100, 0],
    [1_700_000_200, 1_700_000_100],
    [1_700_000_300, 1_600_000_000],
  ],
  "a start in the far future": [
    [1_700_000_100, 1_700_000_110],
    [4_000_000_000, 4_000_000_010],
    [1_700_000_200, 1_700_000_210],
  ],
  "slot edges": [299, 300, 599, 600, 899, 900].map((time) => [time, time] as const),
};

const PACKETS = ["ACCEPT", "REJECT"].flatMap((action) =>
  [6, 17, 1, 47].flatMap((protocol) => [
    { action, protocol },
    { action, protocol, src: "10.0.0.1", dst: "10.0.0.9", sport: 443, dport: 40_000 },
    { action, protocol, face: "eni-2", src: "10.0.5.5", dst: "10.0.0.9", sport: 53, dport: 53 },
  ]),
);

describe.each(TARGETS)("%s", (target) => {
  test.each(Object.entries(TIMES))("%s", async (_, times) => {
    const text = [
      V2,
      ...times.flatMap(([start, end]) => PACKETS.map((values) => line({ ...values, start, end }))),
    ].join("\n");
    const files = [{ name: "a.log", text }];
    const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
    const expected = await REFERENCE.evaluate(files, SMALL_RULE_SET, options);
    const found = await wasmEngine(target).evaluate(files, SMALL_RULE_SET, options);
    expect(found.judgements).toEqual(expected.judgements);
    expect(expected.counters).toMatchObject(found.counters);
  });

  // The look-ahead of the first record spans millions of empty slots.
  test.each([
    ["a record a year, from 1970 to 2105", YEAR, 136],
    ["a record a day for 25 years", DAY, 9_000],
    ["a record every slot", 300, 10_000],
  ])("%s does not hang", { timeout: 20_000 }, async (_, step, count) => {
    const lines = Array.from({ length: count }, (_, i) => line({ start: i * step, protocol: 47 }));
    const bytes = latin1([V2, ...lines].join("\n"));
    for (const lookAhead of [DEFAULT_LOOK_AHEAD, { slots: 3, minRecords: 50, maxRecords: 500 }]) {
      const summary = await summaryOf(target, [bytesInput("a.log", bytes)], { lookAhead });
      expect(summary.records).toMatchObject({ read: count, judged: count, late: 0 });
      expect(sumsOf(summary)).toEqual(NOTHING_LOST);
    }
  });

  test("an endpoint that is seen every other hour, for years", { timeout: 20_000 }, async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) =>
      line({ start: Math.floor(i / 2) * 7200, sport: 123, dport: 123, protocol: 17 }).replace(
        "10.0.0.9",
        `10.0.9.${i % 2}`,
      ),
    );
    const bytes = latin1([V2, ...lines].join("\n"));
    const summary = await summaryOf(target, [bytesInput("a.log", bytes)]);
    expect(summary.grades).toMatchObject({ "one-way": 40_000 });
    expect(summary.connections.total).toBe(40_000);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });

  test("records of 1970 between records of today do not hang", { timeout: 20_000 }, async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) =>
      line({ start: i % 2 === 0 ? 1_700_000_000 + i : (i * 300) % 1_000_000_000, sport: 1024 + i }),
    );
    const bytes = latin1([V2, ...lines].join("\n"));
    const lookAhead = { slots: 1, minRecords: 0, maxRecords: 100 };
    const summary = await summaryOf(target, [bytesInput("a.log", bytes)], { lookAhead });
    expect(summary.records.judged).toBe(30_000);
    expect(summary.records.late).toBeGreaterThan(1000);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });
});
