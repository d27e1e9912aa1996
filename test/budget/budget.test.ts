// What a run may cost, without a clock: calls into the core per megabyte, and memory that a longer log does not raise.
import { describe, expect, test } from "vitest";
import type { EvaluateOptions } from "../../src/analysis/index.js";
import { type GenerateOptions, generateAccount, generateLog } from "../../src/generate/index.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { coreOf } from "../support/wasm-engine.js";
import { type Watched, watch } from "./memory.js";

const MIB = 1 << 20;
const NEAR = { slots: 3, minRecords: 20_000, maxRecords: 100_000 };

async function run(
  generate: Partial<GenerateOptions> & { readonly records: number },
  evaluate: Partial<EvaluateOptions> = {},
  marks: readonly number[] = [],
): Promise<Watched> {
  const options = { ratePerSecond: 100, seed: 5, ...generate };
  const { ruleSet } = generateAccount(options);
  const core = await coreOf("release");
  const chosen = { core, ruleSet, lookAhead: NEAR, ...evaluate };
  const watched = await watch(generateLog(options), chosen, marks);
  const { read, late, malformed } = watched.summary.records;
  expect({ read, late, malformed }).toEqual({ read: options.records, late: 0, malformed: 0 });
  return watched;
}

describe("memory does not grow with the log", () => {
  // Connections die after 350 idle seconds and are forgotten an hour later, in sweeps that wait until the table is
  // twice as full as after the last one and 65,536 more: that is so after some 300,000 records.
  test.each(["v2", "v5"] as const)("connections that die are forgotten, %s", async (format) => {
    const timers = { ...DEFAULT_TIMERS, tcpEstablished: 350 };
    const generate = { records: 1_000_000, ratePerSecond: 10, format };
    const { bytesAt, summary } = await run(generate, { timers }, [400_000, 990_000]);
    expect(summary.connections.evicted).toBe(0);
    expect(bytesAt.get(990_000)).toBeLessThanOrEqual(1.05 * bytesAt.get(400_000)!);
  });

  // Without tcp-flags nothing tells that a connection closed: it lives for five days, or until the table is full.
  test("connections that live stay within the limit", async () => {
    const limited = { maxConnections: 30_000 };
    const generate = { records: 1_000_000 };
    const { bytesAt, most, summary } = await run(generate, limited, [200_000, 990_000]);
    expect(summary.connections.evicted).toBeGreaterThan(100_000);
    expect(bytesAt.get(990_000)).toBeLessThanOrEqual(1.05 * bytesAt.get(200_000)!);
    expect(most.records).toBeLessThan(250_000);
  });
});

describe("calls into the core", () => {
  test("are counted by the block of text, not by the record", async () => {
    const { calls, text, summary } = await run({ records: 300_000 });
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    // A block of one MiB is some 9,000 lines: taken, decoded in two batches, split and judged 16,384 rows a call at most.
    expect(total / (text / MIB)).toBeLessThan(40);
    expect(total).toBeLessThan(summary.records.read / 200);
    expect(calls.get("decodeInto")! / (text / MIB)).toBeLessThan(6);
  });
});
