import { describe, expect, test } from "vitest";
import {
  alikeInterfaces,
  evaluateRecords,
  judgeAndSummarize,
  type OpenerSummary,
  StoredRows,
  summarize,
  survey,
  surveySummaries,
} from "../../src/analysis/index.js";
import type { ChangeCounts } from "../../src/model/opener.js";
import { plainOpener } from "../../src/model/opener-table.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { randomTimelines } from "../support/random-timelines.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 25);

async function drained<T, R>(steps: AsyncGenerator<T, R, void>): Promise<[readonly T[], R]> {
  const given: T[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return [given, step.value];
    given.push(step.value);
  }
}

/** Rows of a live run are cut where evidence of that moment decided; so that both have the same rows, none does. */
function withoutTimes(ruleSet: RuleSet): RuleSet {
  const interfaces = new Map<string, NetworkInterface>();
  for (const [id, { attachedAt: _, type, ...face }] of ruleSet.interfaces)
    interfaces.set(
      id,
      type === "network_load_balancer" || type === undefined ? face : { ...face, type },
    );
  return { ...ruleSet, interfaces };
}

describe("one pass that judges and sums up", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => 1 + i))("seed %i", async (seed) => {
    const { baseline, candidates, text } = randomTimelines(seed, 60 + ((seed * 37) % 300));
    const core = await coreOf("release");
    const ruleSet = withoutTimes(baseline.periods.at(-1)!.ruleSet);
    const inputs = inputsOf([{ name: "a.log", text }]);
    const options = { core, ruleSet };
    const [batches, both] = await drained(judgeAndSummarize(inputs, { ...options, tool: "test" }));
    const [expected, summary] = await drained(evaluateRecords(inputs, options));
    expect(both.summary).toEqual(summary);
    expect(batches.map((batch) => batch.toString())).toEqual(
      expected.map((batch) => batch.toString()),
    );
    const live = await survey(inputs, {
      core,
      baseline: always("baseline", ruleSet),
      candidates: [],
      openers: "all",
    });
    expect([...both.judged()].map(plainOpener)).toEqual([...live.openers].map(plainOpener));

    // Of interfaces that these rules filter; a summary of the log has the others too.
    const others = candidates.slice(0, 2).map(({ periods }, i) => {
      const { groups, prefixLists } = periods.at(-1)!.ruleSet;
      return always(`candidate ${i}`, { ...ruleSet, groups, prefixLists });
    });
    const filtered = new Set(
      [...ruleSet.interfaces.values()].flatMap((face) =>
        face.groupIds.length > 0 ? [face.id] : [],
      ),
    );
    const alone = await summarize(inputs, { core, facts: ruleSet, tool: "test" });
    const answer = async (openers: OpenerSummary) => {
      const { candidates, openers: rows } = await surveySummaries([openers], {
        core,
        baseline: always("baseline", ruleSet),
        candidates: others,
        openers: "all",
      });
      const changed = ({ unchanged: _, ...rest }: ChangeCounts) => rest;
      return {
        candidates: candidates.map(({ connections, records, bytes }) => ({
          connections: changed(connections),
          records: changed(records),
          bytes: changed(bytes),
        })),
        // How many rows they stand in may differ: rows of a live run tell client ports apart where its rules did.
        seen: [...rows]
          .filter((row) => filtered.has(row.interfaceId))
          .reduce((sum, row) => sum + row.connections, 0),
      };
    };
    expect(await answer(both.openers)).toEqual(await answer(alone));

    // Of rows that stay, those alone need be judged again whose interfaces a candidate does not leave as they are.
    const stored = await StoredRows.of(both.openers);
    const fewer = others.slice(0, 1).map(({ periods }) => {
      const [first, ...groups] = [...ruleSet.groups];
      const changed = periods.at(-1)!.ruleSet.groups.get(first?.[0] ?? "") ?? first?.[1];
      return first === undefined
        ? ruleSet
        : { ...ruleSet, groups: new Map([[first[0], changed!], ...groups]) };
    });
    const [candidate = ruleSet] = fewer;
    const alike = new Set(alikeInterfaces(ruleSet, candidate));
    const changesOf = async (openers: OpenerSummary) => {
      const { candidates: told } = await surveySummaries([openers], {
        core,
        baseline: always("baseline", ruleSet),
        candidates: [always("one group", candidate)],
        openers: "changed",
      });
      const { unchanged: _, ...connections } = told[0]!.connections;
      return connections;
    };
    expect(await changesOf(stored.of((id) => !alike.has(id)))).toEqual(
      await changesOf(stored.all()),
    );
  });
});
