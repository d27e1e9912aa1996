// An instance that judged other rows before answers as a fresh one does: rows, order and counts.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { summarize, surveySummaries } from "../../src/analysis/index.js";
import { exposeGlobals } from "../../src/core/expose-globals.js";
import { loadCore } from "../../src/core/load.js";
import { ReusableCore } from "../../src/core/reusable-core.js";
import { plainOpener } from "../../src/model/opener-table.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { randomTimelines } from "../support/random-timelines.js";
import { inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 6);

describe.each(["core.debug.wasm", "core.wasm"])("%s", (name) => {
  const module = loadCore(exposeGlobals(readFileSync(`build/${name}`)));
  // One for all seeds: each finds what another left.
  const reused = module.then((core) => new ReusableCore(core));

  test.each(Array.from({ length: SEEDS }, (_, i) => 1 + i))("seed %i", async (seed) => {
    const { baseline, candidates, text } = randomTimelines(seed, 40 + ((seed * 131) % 400));
    const inputs = inputsOf([{ name: "a.log", text }]);
    const [rules, ...others] = [baseline, ...candidates].map(({ name, periods }) =>
      always(name, periods.at(-1)!.ruleSet),
    ) as [Timeline, ...Timeline[]];
    const facts = rules.periods[0]!.ruleSet;
    const summary = await summarize(inputs, { core: await module, facts, tool: "test" });
    const answer = async (core: WebAssembly.Module | ReusableCore, openers: "all" | "changed") => {
      const options = { core, baseline: rules, candidates: others, openers };
      const { openers: rows, ...told } = await surveySummaries([summary], options);
      return { ...told, rows: [...rows].map(plainOpener) };
    };
    for (const openers of ["all", "changed", "all"] as const)
      expect(await answer(await reused, openers)).toEqual(await answer(await module, openers));
  });

  test("an instance is made once", async () => {
    const core = new ReusableCore(await module);
    expect(await core.renewed()).toBe(await core.renewed());
  });
});
