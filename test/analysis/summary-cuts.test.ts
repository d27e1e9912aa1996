import { describe, expect, test } from "vitest";
import {
  mergeOpenerSummaries,
  type OpenerSummary,
  type Survey,
  summarize,
  survey,
  surveySummaries,
} from "../../src/analysis/index.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { cutLog } from "../support/cut-log.js";
import { randomTimelines } from "../support/random-timelines.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";
import { coreOf as _c } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 40);
function withoutEvidence(ruleSet: RuleSet): RuleSet {
  const interfaces = new Map<string, NetworkInterface>();
  for (const [id, { attachedAt: _, type, ...face }] of ruleSet.interfaces)
    interfaces.set(
      id,
      type === "network_load_balancer" || type === undefined ? face : { ...face, type },
    );
  return { ...ruleSet, interfaces };
}
const UNFILTERED: ReadonlySet<string> = new Set(["no-groups", "interface-not-in-snapshot"]);
function rowsOf({ openers }: Survey): readonly string[] {
  const text = (row: JudgedOpener): string =>
    JSON.stringify({ ...row, scanner: null }, (_, each) =>
      typeof each === "bigint" ? String(each) : each,
    );
  return openers
    .filter((row) => !row.rulings.some(({ reason }) => UNFILTERED.has(reason)))
    .map(text)
    .sort();
}

describe("x", () => {
  test("seeds", async () => {
    const core = await coreOf("release");
    let same = 0;
    let all = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const example = randomTimelines(seed, 60 + ((seed * 37) % 300));
      const [baseline, ...candidates] = [example.baseline, ...example.candidates].map((line) =>
        always(line.name, { ...withoutEvidence(line.periods[0]!.ruleSet), acls: new Map() }),
      );
      const sets = [baseline!, ...candidates].map(({ periods }) => periods[0]!.ruleSet);
      const facts = {
        ...sets[0]!,
        interfaces: new Map(sets.toReversed().flatMap((r) => [...r.interfaces])),
      };
      for (const cut of ["by time", "by lines"] as const)
        for (const n of [2, 4, 7]) {
          const files = cutLog(example.text, n, cut);
          const options = { core, baseline: baseline!, candidates, openers: "all" as const };
          const whole = await survey(inputsOf(files), options);
          const parts: OpenerSummary[] = [];
          for (const f of files)
            parts.push(await summarize(inputsOf([f]), { core, facts, tool: "t" }));
          const cuts = await surveySummaries(parts, options);
          const merged = await surveySummaries(
            [await mergeOpenerSummaries(core, parts, "t")],
            options,
          );
          all++;
          const [a, b, c] = [rowsOf(whole), rowsOf(cuts), rowsOf(merged)];
          const bad = a.filter((x) => !b.includes(x));
          const bad2 = b.filter((x) => !a.includes(x));
          if (bad.length + bad2.length === 0) same++;
          else if (process.env.SHOW)
            console.log(seed, cut, n, "rows", a.length, "missing", bad.length, "extra", bad2.length, bad.slice(0,2).map(s=>s.slice(0,330)), bad2.slice(0,2).map(s=>s.slice(0,330)));
          expect(c.length).toBe(b.length);
        }
    }
    console.log("same", same, "of", all);
  });
});
