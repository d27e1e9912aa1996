// A log that is cut, summed up part by part and put together again says what the whole log says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
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
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import { plainOpener } from "../../src/model/opener-table.js";
import type { Group, RuleSet } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import { findLogs, findRuleFiles, readText } from "../../src/node/index.js";
import { impactsOf, tightenGroup, usageOf } from "../../src/questions/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { cutLog, type LogCut } from "../support/cut-log.js";
import { ROOT } from "../support/packed.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const CORPUS = process.env.FLOW_CORPUS;
const V2 =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
const UNFILTERED: ReadonlySet<string> = new Set(["no-groups", "interface-not-in-snapshot"]);

/** Every row to the last sample, in an order of its own; who is a scanner may be known better from a summary. */
function rowsOf(openers: Iterable<JudgedOpener>): readonly string[] {
  const plain = (_: string, each: unknown): unknown =>
    typeof each === "bigint" ? String(each) : each;
  return Array.from(openers, plainOpener)
    .filter((row) => !row.rulings.some(({ reason }) => UNFILTERED.has(reason)))
    .map((row) => JSON.stringify({ ...row, scanner: null }, plain))
    .sort();
}

/** Every second group loses its rules. */
function fewer(ruleSet: RuleSet): RuleSet {
  const groups = [...ruleSet.groups].map(([id, group], i): [string, Group] => [
    id,
    i % 2 === 0 ? { ...group, rules: [] } : group,
  ]);
  return { ...ruleSet, groups: new Map(groups) };
}

async function stored(summary: OpenerSummary): Promise<OpenerSummary> {
  return readSummary("part.fvs", writeSummary(summary));
}

interface Cut {
  readonly text: string;
  readonly ruleSet: RuleSet;
  readonly parts: number;
  readonly by: LogCut;
}

/** The log as a whole, its parts' summaries, and the one summary they are put together to. */
async function surveysOf({ text, ruleSet, parts, by }: Cut): Promise<Record<string, Survey>> {
  const core = await coreOf("release");
  const files = cutLog(text, parts, by);
  const candidates: readonly Timeline[] = [always("fewer", fewer(ruleSet))];
  const options = {
    core,
    baseline: always("now", ruleSet),
    candidates,
    openers: "all" as const,
  };
  const summed = async (): Promise<OpenerSummary[]> => {
    const found: OpenerSummary[] = [];
    for (const file of files)
      found.push(
        await stored(await summarize(inputsOf([file]), { core, facts: ruleSet, tool: "test" })),
      );
    return found;
  };
  const merged = await mergeOpenerSummaries(core, await summed(), "test");
  return {
    whole: await survey(inputsOf(files), options),
    parts: await surveySummaries(await summed(), options),
    merged: await surveySummaries([await stored(merged)], options),
  };
}

async function exampleText(logs: string): Promise<string> {
  const texts: string[] = [];
  for (const file of await findLogs([`${ROOT}/examples/${logs}`])) {
    texts.push(gunzipSync(readFileSync(file.path)).toString());
  }
  const [first = ""] = texts;
  const header = first.slice(0, first.indexOf("\n"));
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => line !== header));
  return [header, ...lines].join("\n");
}

async function exampleRules(): Promise<RuleSet> {
  const files = await findRuleFiles([`${ROOT}/examples/account`]);
  const documents = files.map(async ({ name, path }) => ({ name, text: await readText(path) }));
  return loadRuleSet(await Promise.all(documents)).ruleSet;
}

const CUTS = [2, 4, 7].flatMap((parts) =>
  (["by time", "by lines"] as const).map((by) => ({ parts, by })),
);

describe.each(["logs", "logs-v2"])("the example's %s", (logs) => {
  test.each(CUTS)("in $parts parts, $by", async ({ parts, by }) => {
    const ruleSet = await exampleRules();
    const found = await surveysOf({ text: await exampleText(logs), ruleSet, parts, by });
    const { whole } = found;
    const answers = ({ openers, summary }: Survey): unknown => ({
      impact: impactsOf(openers, ruleSet, [fewer(ruleSet)]),
      usage: { ...usageOf(openers, ruleSet, summary), firstStart: null, lastEnd: null },
      tighten: tightenGroup(openers, ruleSet, "sg-03051d62b14fa921d", { budget: 10 }),
    });
    for (const each of [found.parts!, found.merged!]) {
      expect(rowsOf(each.openers)).toEqual(rowsOf(whole!.openers));
      expect(each.summary.connections).toEqual(whole!.summary.connections);
      expect(each.summary.grades).toEqual(whole!.summary.grades);
      expect(each.candidates[0]!.connections).toEqual(whole!.candidates[0]!.connections);
      expect(answers(each)).toEqual(answers(whole!));
    }
  });
});

describe.skipIf(CORPUS === undefined)("the real pair eks-2024-12-14", () => {
  test.each(CUTS)("in $parts parts, $by", async ({ parts, by }) => {
    const read = (name: string): string =>
      readFileSync(join(CORPUS!, "eks-2024-12-14", name), "utf8");
    const lines = read("vpcflowlogs.txt").split("\n");
    const text = [V2, ...lines.map((line) => line.slice(line.indexOf(" ") + 1))].join("\n");
    const names = ["describe-security-groups.v2.0.10.json", "describe-network-interfaces.json"];
    const { ruleSet } = loadRuleSet(names.map((name) => ({ name, text: read(name) })));
    const found = await surveysOf({ text, ruleSet, parts, by });
    for (const each of [found.parts!, found.merged!])
      expect(rowsOf(each.openers)).toEqual(rowsOf(found.whole!.openers));
  });
});

/** Connections that stand in other rows than in the whole log: at least so many are not the same. */
function misplaced(whole: Iterable<JudgedOpener>, parts: Iterable<JudgedOpener>): number {
  const counts = new Map<string, number>();
  const add = (rows: Iterable<JudgedOpener>, sign: number): void => {
    for (const {
      interfaceId,
      remote,
      protocol,
      port,
      direction,
      grade,
      action,
      connections,
    } of rows) {
      const key = [interfaceId, remote.value, protocol, port, direction, grade, action].join(" ");
      counts.set(key, (counts.get(key) ?? 0) + sign * connections);
    }
  };
  add(whole, 1);
  add(parts, -1);
  return [...counts.values()].reduce((sum, each) => sum + Math.abs(each), 0);
}

describe.each(["v2", "v5"] as const)("generated logs, %s", (format) => {
  // FIN of one side in one part and of the other in the next, and the same ports again within two minutes: only both parts
  // together show that the first connection was over (docs/FORMATS.md, Summary files).
  test.each([1, 2, 3])("seed %i", async (seed) => {
    const options = { seed, records: 20_000, format };
    const decoder = new TextDecoder();
    const text = [...generateLog(options)].map((chunk) => decoder.decode(chunk.text)).join("");
    const { ruleSet } = generateAccount(options);
    const { whole, parts, merged } = await surveysOf({ text, ruleSet, parts: 4, by: "by time" });
    const most = format === "v2" ? 0 : whole!.summary.connections.total / 5000;
    for (const each of [parts!, merged!])
      expect(misplaced(whole!.openers, each.openers)).toBeLessThanOrEqual(most);
  });
});
