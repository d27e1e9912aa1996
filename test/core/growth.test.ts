// Views of the core's memory: a growth makes the old ones dead without a word, so nobody may keep one.
import { describe, expect, test } from "vitest";
import * as c from "../../src/contract.js";
import { Core } from "../../src/core/core.js";
import type { CoreExports } from "../../src/core/exports.js";
import { instantiateCore } from "../../src/core/load.js";
import { CoreMemory } from "../../src/core/memory.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { bytesInput, latin1, line, SMALL_RULE_SET, summaryOf, V2 } from "../hostile/run.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { coreOf } from "../support/wasm-engine.js";

const MIB = 1 << 20;

describe.each(["debug", "release"] as const)("%s", (target) => {
  async function instance(): Promise<CoreExports> {
    return instantiateCore(await coreOf(target));
  }

  test("reads after a growth see what was written before it, and the other way round", async () => {
    const api = await instance();
    const memory = new CoreMemory(api.memory);
    const ptr = api.reserve(64);
    memory.data.setUint32(ptr, 0xdecafbad, true);
    memory.bytes[ptr + 4] = 77;
    const dead = memory.bytes;
    const far = api.reserve(64 * MIB);
    expect(dead.length).toBe(0);
    expect(memory.u32(ptr)).toBe(0xdecafbad);
    expect(memory.bytes[ptr + 4]).toBe(77);
    memory.data.setBigUint64(far + 64 * MIB - 8, 5n, true);
    expect(memory.u64(far + 64 * MIB - 8)).toBe(5);
  });

  test("copies outlive growth", async () => {
    const api = await instance();
    const memory = new CoreMemory(api.memory);
    const ptr = api.reserve(64);
    memory.bytes.set([1, 2, 3], ptr);
    const copy = memory.copy(ptr, 3);
    api.reserve(64 * MIB);
    expect([...copy]).toEqual([1, 2, 3]);
    memory.bytes.fill(0, ptr, ptr + 3);
    expect([...copy]).toEqual([1, 2, 3]);
  });

  test("blocks are zeroed, 64-byte aligned and apart, whatever was there before", async () => {
    const api = await instance();
    const memory = new CoreMemory(api.memory);
    const sizes = [1, 63, 64, 65, 4096, MIB, 3];
    const blocks = sizes.map((size) => ({ ptr: api.reserve(size), size }));
    for (const { ptr, size } of blocks) {
      expect(ptr % 64).toBe(0);
      expect(memory.copy(ptr, size).every((byte) => byte === 0)).toBe(true);
      memory.bytes.fill(0xff, ptr, ptr + size);
    }
    const sorted = [...blocks].sort((a, b) => a.ptr - b.ptr);
    for (const [i, { ptr, size }] of sorted.entries())
      expect(ptr + size).toBeLessThanOrEqual(sorted[i + 1]?.ptr ?? Number.POSITIVE_INFINITY);
  });

  test("more than four gigabytes are refused, not wrapped around", async () => {
    const api = await instance();
    expect(api.reserve(0xfffffff0)).toBe(0);
    expect(api.reserve(64)).toBeGreaterThan(0);
  });

  test("columns emitted before a growth are the caller's own", async () => {
    const { image, interfaceIds } = compileRuleSet(SMALL_RULE_SET, DEFAULT_TIMERS);
    const core = await Core.create(await coreOf(target), [image], interfaceIds.length, {
      maxConnections: 1000,
      lookAhead: DEFAULT_LOOK_AHEAD,
      shard: { index: 0, count: 1 },
      time: undefined,
      timers: [432_000, 60, 30, 180, 30, 600],
      othersPass: true,
      timelines: [{ kind: c.TIMELINE_JUDGES, periods: [{ from: 0, image: 0 }] }],
      fold: c.FOLD_NONE,
      cutOverAt: undefined,
    });
    const before = core.interfaceState(0);
    const id = core.memory.u32(before + c.STATE_ID);
    const state = { plan: core.createPlan([c.FIELD_OTHER], []), file: 0, records: 0 };
    core.beginText(0, 1);
    // 300,000 records of one field that is passed over: rows, lists and blocks all grow.
    const text = latin1("x\n".repeat(300_000));
    const bytes = core.memory.bytes.length;
    for (const _ of core.take(text, state, () => 0)) expect.unreachable("nothing is emitted");
    for (const _ of core.endText(true, state, () => 0)) expect.unreachable("nothing is emitted");
    expect(state.records).toBe(300_000);
    expect(core.memory.bytes.length).toBeGreaterThanOrEqual(bytes);
    expect(core.interfaceState(0)).toBe(before);
    expect(core.memory.u32(before + c.STATE_ID)).toBe(id);
  });

  test("an answer does not depend on when memory grew", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) =>
      line({ src: `10.1.${(i >> 7) & 127}.${i & 127}`, sport: 3000 + i, start: 1_700_000_100 + i }),
    );
    const input = bytesInput("a.log", latin1([V2, ...lines].join("\n")));
    const whole = await summaryOf(target, [input]);
    const tiny = await summaryOf(target, [input], { batchRows: 3 });
    expect(tiny).toEqual(whole);
    expect(whole.verdicts.allow).toBe(30_000);
  });
});
