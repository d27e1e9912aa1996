// Numbers as large as they may be, more interfaces and connections than any table begins with, and tables kept tiny.
import { describe, expect, test } from "vitest";
import { randomOf } from "../support/random-case.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { bytesInput, latin1, line, NOTHING_LOST, summaryOf, sumsOf, TARGETS, V2 } from "./run.js";

const MOST = "9223372036854775807";

function logOf(lines: readonly string[]): Uint8Array {
  return latin1([V2, ...lines].join("\n"));
}

describe.each(TARGETS)("%s", (target) => {
  test("2^63-1 bytes and packets are read; sums stay at the greatest number", async () => {
    const lines = Array.from({ length: 5 }, (_, i) =>
      line({ bytes: MOST, packets: MOST, sport: 40_000 + i }),
    );
    const denied = lines.map((text) => text.replace(" 443 6 ", " 22 6 "));
    const input = bytesInput("a.log", logOf([...lines, ...denied]));
    const summary = await summaryOf(target, [input]);
    expect(summary.records).toMatchObject({ judged: 10, malformed: 0 });
    const [rule] = summary.rules;
    expect(rule).toMatchObject({ records: 5, connections: 5, bytes: 2 ** 64 });
    const [tuple] = summary.mismatches.acceptedButDenied;
    // One tuple for each: the remote address and the served port are the same.
    expect(tuple).toMatchObject({ port: 22, records: 5, bytes: 2 ** 64 });
  });

  test("5,000 interfaces, known and unknown", async () => {
    const ids = Array.from({ length: 5000 }, (_, i) => `eni-${i.toString(16).padStart(17, "0")}`);
    const known = ids.filter((_, i) => i % 2 === 0);
    const ruleSet = buildRuleSet({
      groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/8"] } },
      interfaces: Object.fromEntries(
        known.map((id) => [id, { groups: ["sg-a"], addresses: ["10.0.0.1"] }]),
      ),
    });
    const lines = ids.flatMap((face, i) => [
      line({ face, sport: 40_000 + (i % 20_000) }),
      line({ face, dport: 22 }),
    ]);
    const summary = await summaryOf(target, [bytesInput("a.log", logOf(lines))], { ruleSet });
    expect(summary.coverage.interfaces).toMatchObject({
      seen: 5000,
      withRules: 2500,
      withoutRules: 2500,
    });
    expect(summary.verdicts).toEqual({ allow: 2500, deny: 2500, unknown: 5000 });
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
    expect(summary.coverage.interfaces.list.every(({ records }) => records === 2)).toBe(true);
  });

  test("ids as long as they may be, and longer", async () => {
    const faces = [63, 64, 65].map((length) => "x".repeat(length));
    const summary = await summaryOf(target, [
      bytesInput("a.log", logOf(faces.map((face) => line({ face })))),
    ]);
    expect(summary.coverage.malformed.byReason).toEqual({ "interface-id": 1 });
    expect(summary.coverage.interfaces.list.map(({ id }) => id.length).sort()).toEqual([63, 64]);
  });

  test("tables grow from nothing to 60,000 connections, and no verdict is another", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) =>
      line({
        src: `10.${1 + (i >> 14)}.${(i >> 7) & 127}.${i & 127}`,
        sport: 3000 + (i % 60_000),
        dport: i % 3 === 0 ? 443 : 22,
      }),
    );
    const summary = await summaryOf(target, [bytesInput("a.log", logOf(lines))]);
    expect(summary.verdicts).toEqual({ allow: 20_000, deny: 40_000, unknown: 0 });
    expect(summary.connections).toMatchObject({ total: 60_000, evicted: 0 });
    expect(summary.mismatches.acceptedButDenied).toHaveLength(20);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });

  test.each([0, 1, 100, 5000])("at most %i connections", { timeout: 30_000 }, async (limit) => {
    const random = randomOf(limit + 7);
    const lines = Array.from({ length: 30_000 }, (_, i) =>
      line({
        src: `10.1.${Math.floor(random() * 200)}.${Math.floor(random() * 200)}`,
        sport: 1024 + Math.floor(random() * 60_000),
        start: 1_700_000_100 + Math.floor(i / 10),
        protocol: i % 4 === 0 ? 17 : 6,
      }),
    );
    const summary = await summaryOf(target, [bytesInput("a.log", logOf(lines))], {
      maxConnections: limit,
      lookAhead: { slots: 3, minRecords: 0, maxRecords: 1000 },
    });
    expect(summary.records).toMatchObject({ read: 30_000, judged: 30_000 });
    expect(summary.connections.evicted).toBeGreaterThan(5_000);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
    // TCP is admitted by a rule of its own, UDP by none: an eviction changes no forward verdict.
    expect(summary.verdicts).toEqual({ allow: 22_500, deny: 7_500, unknown: 0 });
  });

  test("a tiny table over a sparse log does not hang", { timeout: 30_000 }, async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      line({
        start: i * 300,
        src: `10.1.${(i >> 7) & 127}.${i & 127}`,
        sport: 3000 + (i % 60_000),
      }),
    );
    const summary = await summaryOf(target, [bytesInput("a.log", logOf(lines))], {
      maxConnections: 1,
    });
    expect(summary.records.judged).toBe(20_000);
    expect(summary.verdicts.allow).toBe(20_000);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });
});
