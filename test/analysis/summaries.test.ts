import { describe, expect, test } from "vitest";
import {
  mergeOpenerSummaries,
  type OpenerSummary,
  readSummary,
  type Survey,
  summarize,
  survey,
  surveySummaries,
  writeSummary,
} from "../../src/analysis/index.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { type RandomTimelines, randomTimelines } from "../support/random-timelines.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 40);

/** Without what a summary does not hold: balancers' clients (semantics 3.5d), and when each connection began (3.5c). */
function withoutEvidence(ruleSet: RuleSet): RuleSet {
  const interfaces = new Map<string, NetworkInterface>();
  for (const [id, { attachedAt: _, type, ...face }] of ruleSet.interfaces)
    interfaces.set(
      id,
      type === "network_load_balancer" || type === undefined ? face : { ...face, type },
    );
  return { ...ruleSet, interfaces };
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}

/**
 * Connections by interface, opening and rulings, of what groups filter. Who is a scanner may differ: a summary also knows
 * openings where no group filters.
 */
function connectionsByRow(rows: Iterable<JudgedOpener>): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const { interfaceId, direction, protocol, remote, port, grade, action } = row;
    if (row.rulings.some(({ reason }) => UNFILTERED.has(reason))) continue;
    const { rulings, changes } = row;
    const key = {
      interfaceId,
      direction,
      protocol,
      remote,
      port,
      grade,
      action,
      rulings,
      changes,
    };
    found.set(shown(key), (found.get(shown(key)) ?? 0) + row.connections);
  }
  return new Map([...found].sort());
}

const UNFILTERED: ReadonlySet<string> = new Set(["no-groups", "interface-not-in-snapshot"]);

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function* cut(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function stored(summary: OpenerSummary): Promise<OpenerSummary> {
  return readSummary("day.fvs", cut(await bytesOf(writeSummary(summary)), 1000));
}

function exampleOf(seed: number): RandomTimelines {
  return randomTimelines(seed, 60 + ((seed * 37) % 300));
}

/** A random log under random rule sets, surveyed from itself and from its summary. */
async function surveyBoth(seed: number, adapt: (ruleSet: RuleSet) => RuleSet) {
  const example = exampleOf(seed);
  const inputs = inputsOf([{ name: "a.log", text: example.text }]);
  // What is known of an interface comes from the first rule set that holds it, with its own blocks (9.4); a summary takes
  // all from one, so that all rule sets here have the blocks of the baseline: they reserve addresses (1.4).
  const { subnets, vpcs } = example.baseline.periods[0]!.ruleSet;
  const [baseline, ...candidates] = [example.baseline, ...example.candidates].map((line) =>
    always(line.name, adapt({ ...withoutEvidence(line.periods[0]!.ruleSet), subnets, vpcs })),
  );
  const core = await coreOf("release");
  const all = [baseline!, ...candidates].map(({ periods }) => periods[0]!.ruleSet);
  const facts = {
    ...all[0]!,
    interfaces: new Map(all.toReversed().flatMap((r) => [...r.interfaces])),
  };
  const options = { core, baseline: baseline!, candidates, openers: "all" } as const;
  const expected = await survey(inputs, options);
  const summary = await stored(await summarize(inputs, { core, facts, tool: "test" }));
  return { expected, found: await surveySummaries([summary], options) };
}

/** Connections that a candidate was compared on, whatever it changes. */
function compared({ candidates }: Survey): readonly number[] {
  return candidates.map(({ connections }) =>
    Object.values(connections).reduce((sum, count) => sum + count, 0),
  );
}

describe("a summary answers as its log does", () => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => 1 + i);

  test.each(seeds)("seed %i", async (seed) => {
    const { expected, found } = await surveyBoth(seed, (r) => ({ ...r, acls: new Map() }));
    expect(found.summary.records).toEqual(expected.summary.records);
    expect(connectionsByRow(found.openers)).toEqual(connectionsByRow(expected.openers));
    const { evicted: _, ...connections } = expected.summary.connections;
    expect(found.summary.connections).toMatchObject(connections);
    expect(compared(found)).toEqual(compared(expected));
  });

  // Which end of the client ports a list stops, a row does not tell: verdicts may be open that the log decides.
  test.each(seeds)("seed %i, with network ACLs: of as many connections", async (seed) => {
    const { expected, found } = await surveyBoth(seed, (r) => r);
    expect(found.summary.connections.total).toBe(expected.summary.connections.total);
    expect(compared(found)).toEqual(compared(expected));
  });
});

describe("summaries add up", () => {
  test("a log that two of them hold is told, for it counts twice", async () => {
    const { text } = randomTimelines(3, 100);
    const core = await coreOf("release");
    const sum = (name: string) => summarize(inputsOf([{ name, text }]), { core, tool: "test" });
    const notes = async (...names: string[]): Promise<readonly string[]> => {
      const both = await mergeOpenerSummaries(core, await Promise.all(names.map(sum)), "test");
      return both.facts.summary.coverage.notes.map(({ code, file }) => `${file} ${code}`);
    };
    expect(await notes("a.log", "b.log")).toEqual([]);
    expect(await notes("a.log", "a.log")).toEqual(["a.log summaries-overlap"]);
  });

  test("a connection that reaches from one day into the next is one", async () => {
    const core = await coreOf("release");
    const fields =
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction";
    const line = (start: number): string =>
      `2 1 eni-1 10.0.0.9 10.0.0.1 40000 443 6 5 500 ${start} ${start + 50} ACCEPT OK ingress`;
    const lines = Array.from({ length: 40 }, (_, minute) => line(1_700_000_100 + 60 * minute));
    const day = async (name: string, from: number, to: number): Promise<OpenerSummary> => {
      const text = `${[fields, ...lines.slice(from, to)].join("\n")}\n`;
      return stored(await summarize(inputsOf([{ name, text }]), { core, tool: "test" }));
    };
    const connections = async (days: readonly OpenerSummary[]): Promise<number> =>
      (await mergeOpenerSummaries(core, days, "test")).facts.summary.connections.total;
    expect(await connections([await day("a", 0, 40)])).toBe(1);
    // In whatever order they are given.
    expect(await connections([await day("b", 20, 40), await day("a", 0, 20)])).toBe(1);
    expect(
      await connections([await day("c", 30, 40), await day("a", 0, 15), await day("b", 15, 30)]),
    ).toBe(1);
    // Without flags nothing tells two connections of the same ports apart, as in one log (semantics 6.2).
    expect(await connections([await day("a", 0, 10), await day("b", 30, 40)])).toBe(1);
    expect(await connections([await day("a", 0, 40), await day("b", 0, 40)])).toBe(1);
  });

  test("its opening is assumed once", async () => {
    const core = await coreOf("release");
    const fields =
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction tcp-flags";
    const day = (name: string, begin: number): Promise<OpenerSummary> => {
      const lines = Array.from({ length: 20 }, (_, minute) => {
        const start = begin + 60 * minute;
        return `2 1 eni-1 10.0.0.9 10.0.0.1 40000 443 6 5 500 ${start} ${start + 50} ACCEPT OK ingress 0`;
      });
      const text = `${[fields, ...lines].join("\n")}\n`;
      return summarize(inputsOf([{ name, text }]), { core, tool: "test" });
    };
    const days = [await day("a", 1_700_000_100), await day("b", 1_700_001_300)];
    const { openers } = await surveySummaries(days, {
      core,
      baseline: always("b", buildRuleSet({ interfaces: { "eni-1": { groups: ["sg-a"] } } })),
      candidates: [],
      openers: "all",
    });
    expect([...openers]).toMatchObject([{ connections: 1, openingsAssumed: 1, forward: 40 }]);
  });
});
