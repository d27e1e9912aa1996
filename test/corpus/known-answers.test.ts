// Real logs and rules with known answers, to the record (README of FLOW_CORPUS). Skipped where that is not set.
import { readdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  evaluate,
  evaluateRecords,
  type LogInput,
  mergeSummaries,
} from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { LookAhead } from "../../src/model/timers.js";
import { logInput } from "../../src/node/log-input.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { type CoreTarget, coreOf, inputsOf } from "../support/wasm-engine.js";

const CORPUS = process.env.FLOW_CORPUS ?? "";
const PAIR = "eks-2024-12-14";
const NAT = "eni-03a5ba858714a7dbe";
const NEAR: LookAhead = { slots: 3, minRecords: 0, maxRecords: 8_000_000 };
const LOG = join(CORPUS, PAIR, "vpcflowlogs.txt");
const RECORDS = {
  read: 23_455,
  judged: 23_250,
  nodata: 96,
  skipdata: 109,
  malformed: 0,
  late: 0,
};
const MATRIX = {
  accept: { allow: 22_216, deny: 0, unknown: 0 },
  reject: { allow: 0, deny: 1022, unknown: 12 },
};
const NOTHING: RuleSet = buildRuleSet({});

async function fileOf(path: string): Promise<LogInput> {
  const full = join(CORPUS, path);
  return logInput({ path: full, name: path, size: (await stat(full)).size });
}

async function rulesOf(version: string): Promise<RuleSet> {
  const names = [`describe-security-groups.${version}.json`, "describe-network-interfaces.json"];
  const documents = names.map(async (name) => ({
    name,
    text: await readFile(join(CORPUS, PAIR, name), "utf8"),
    explicit: true,
  }));
  return loadRuleSet(await Promise.all(documents)).ruleSet;
}

interface JudgedLine {
  readonly line: number;
  readonly interfaceId: string;
  readonly action: string;
  readonly protocol: number;
  readonly port: number;
  readonly verdict: string;
  readonly reason: string;
}

/** Every judged record of the pair's log, in the order of its lines. */
async function judge(
  target: CoreTarget,
  version: string,
): Promise<{ readonly lines: readonly JudgedLine[]; readonly summary: Summary }> {
  const options = { core: await coreOf(target), ruleSet: await rulesOf(version) };
  const stream = evaluateRecords([await fileOf(`${PAIR}/vpcflowlogs.txt`)], options);
  const lines: JudgedLine[] = [];
  let next = await stream.next();
  for (; next.done !== true; next = await stream.next()) {
    const batch = next.value;
    const value = (name: string, i: number): unknown => batch.getChild(name)?.get(i);
    for (let i = 0; i < batch.numRows; i++)
      lines.push({
        line: value("line", i) as number,
        interfaceId: value("interface_id", i) as string,
        action: value("action", i) as string,
        protocol: value("protocol", i) as number,
        port: value("dstport", i) as number,
        verdict: value("verdict", i) as string,
        reason: value("reason", i) as string,
      });
  }
  return { lines: lines.sort((a, b) => a.line - b.line), summary: next.value };
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe.skipIf(CORPUS === "").each(["debug", "release"] as const)("%s", (target) => {
  test("v2.0.10 gives AWS's own answers", async () => {
    const { lines, summary } = await judge(target, "v2.0.10");
    expect(summary.records).toEqual(RECORDS);
    expect(summary.matrix).toEqual(MATRIX);
    expect(summary.fidelity).toBe(1);
    expect(summary.connections.evicted).toBe(0);
    const unknown = lines.filter(({ verdict }) => verdict === "unknown");
    expect(countEach(unknown.map(({ reason, protocol }) => `${reason} ${protocol}`))).toEqual({
      "icmp-type 1": 12,
    });
    const nat = lines.filter(({ interfaceId }) => interfaceId === NAT);
    expect(countEach(nat.map(({ verdict, reason }) => `${verdict} ${reason}`))).toEqual({
      "allow no-groups": 4385,
    });
  });

  test("slot by slot, in the order of time, it is the same", async () => {
    const lines = (await readFile(LOG, "utf8")).trimEnd().split("\n");
    const start = (line: string): number => Number(line.split(" ")[11]);
    const sorted = lines.sort((a, b) => start(a) - start(b)).join("\n");
    const options = { core: await coreOf(target), ruleSet: await rulesOf("v2.0.10") };
    const inputs = inputsOf([{ name: "sorted", text: sorted }]);
    const summary = await evaluate(inputs, { ...options, lookAhead: NEAR });
    expect(summary.records).toEqual(RECORDS);
    expect(summary.matrix).toEqual(MATRIX);
  });

  // A lone REJECTed record is judged as if its source had opened: so the replies show what rules alone would say.
  test("4,315 of the ACCEPTed records are allowed only as replies", async () => {
    const { lines } = await judge(target, "v2.0.10");
    const replies = lines.filter(({ reason }) => reason === "reply");
    const texts = (await readFile(LOG, "utf8")).split("\n");
    const alone = replies.map(({ line }) => texts[line - 1]!.replace(" ACCEPT ", " REJECT "));
    const options = { core: await coreOf(target), ruleSet: await rulesOf("v2.0.10") };
    const inputs = inputsOf([{ name: "replies", text: alone.join("\n") }]);
    const { grades, verdicts } = await evaluate(inputs, options);
    expect(grades.rejected).toBe(replies.length);
    expect(verdicts.deny).toBe(4315);
  });

  test("v2.0.12 newly admits exactly 160 records and breaks none; v2.0.11 changes none", async () => {
    const before = await judge(target, "v2.0.10");
    const same = await judge(target, "v2.0.11");
    expect(same.lines).toEqual(before.lines);
    const after = await judge(target, "v2.0.12");
    const changes = after.lines.flatMap((each, i) => {
      const was = before.lines[i];
      return was?.verdict === each.verdict
        ? []
        : [`${was?.verdict} to ${each.verdict} ${each.port}`];
    });
    expect(countEach(changes)).toEqual({
      "deny to allow 15017": 147,
      "deny to allow 10250": 5,
      "deny to allow 443": 8,
    });
  });

  test("shared among workers it is the same", async () => {
    const options = { core: await coreOf(target), ruleSet: await rulesOf("v2.0.10") };
    const inputs = [await fileOf(`${PAIR}/vpcflowlogs.txt`)];
    const whole = await evaluate(inputs, options);
    for (const count of [2, 3]) {
      const parts: Summary[] = [];
      for (let index = 0; index < count; index++)
        parts.push(await evaluate(inputs, { ...options, shard: { index, count } }));
      expect(mergeSummaries(parts)).toEqual(whole);
    }
  });

  test("a log that went through a spreadsheet is read but for its junk", async () => {
    const inputs = [await fileOf("eks-2025-01-03/vpcflowlogs-excel.csv")];
    const options = { core: await coreOf(target), ruleSet: await rulesOf("v2.0.12") };
    const { records, coverage, verdicts } = await evaluate(inputs, options);
    expect(records).toMatchObject({ read: 14_553, malformed: 1, late: 0 });
    expect(records.judged + records.nodata + records.skipdata).toBe(14_552);
    expect(coverage.malformed.samples).toMatchObject([{ line: 1, reason: "field-count" }]);
    expect(coverage.brokenFiles).toEqual([]);
    expect(verdicts.allow + verdicts.deny + verdicts.unknown).toBe(records.judged);
  });

  test("the other samples are read, or refused by name", async () => {
    const names = readdirSync(join(CORPUS, "log-samples")).map((name) => `log-samples/${name}`);
    const inputs = await Promise.all(names.map(fileOf));
    const summary = await evaluate(inputs, { core: await coreOf(target), ruleSet: NOTHING });
    expect(summary.records).toMatchObject({ read: 29, judged: 27, nodata: 1, malformed: 1 });
    expect(summary.reasons["interface-not-in-snapshot"]).toBe(27);
    const refused = summary.coverage.brokenFiles.map(({ name, code }) => `${name} ${code}`);
    expect(refused).toEqual(["log-samples/valid_tgw_flow_log.log log-refused"]);
  });
});
