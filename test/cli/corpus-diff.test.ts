import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RuleSet } from "../../src/model/rule-set.js";
import { editsBetween, loadRuleSet } from "../../src/rules/index.js";
import { inFolder, runCli } from "./run-cli.js";

const { FLOW_CORPUS: CORPUS } = process.env;
const pair = join(CORPUS ?? "", "eks-2024-12-14");
const log = join(pair, "vpcflowlogs.txt");
const interfaces = join(pair, "describe-network-interfaces.json");

function groups(version: string): string {
  return join(pair, `describe-security-groups.${version}.json`);
}

function rules(version: string): RuleSet {
  const read = (path: string) => ({ name: path, text: readFileSync(path, "utf8") });
  return loadRuleSet([read(interfaces), read(groups(version))]).ruleSet;
}

interface Changed {
  readonly name: string;
  readonly connections: Readonly<Record<string, number>>;
  readonly records: Readonly<Record<string, number>>;
  readonly tuples: readonly {
    readonly change: string;
    readonly protocol: number;
    readonly port: number;
    readonly records: number;
    readonly samples: readonly { readonly file: string; readonly line: number }[];
  }[];
}

/** The candidates of a diff that must succeed. */
async function diff(version: string, ...args: string[]): Promise<readonly Changed[]> {
  const base = ["diff", log, "--rules", interfaces, groups(version), "--only-changed", "--json"];
  const { code, stdout } = await runCli([...base, ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout).candidates;
}

function recordsByPort({ tuples }: Changed): [number, number][] {
  return tuples.map(({ port, records }) => [port, records]);
}

const NOTHING = { newlyDenied: 0, newlyAllowed: 0, unchanged: 23_250, undetermined: 0 };
const V12 = { newlyDenied: 0, newlyAllowed: 160, unchanged: 23_090, undetermined: 0 };
const V12_PORTS = [
  [15_017, 147],
  [443, 8],
  [10_250, 5],
];

describe.skipIf(CORPUS === undefined)("diff, on a real account and its log", () => {
  it("judges two candidates in one pass: one admits 160 records more, the other none", async () => {
    const [v12, v11] = await diff(
      "v2.0.10",
      "--candidate",
      groups("v2.0.12"),
      "--candidate",
      groups("v2.0.11"),
    );
    expect(v12).toMatchObject({ name: "describe-security-groups.v2.0.12.json", records: V12 });
    expect(v12?.connections).toMatchObject({ newlyDenied: 0, newlyAllowed: 132, undetermined: 0 });
    expect(recordsByPort(v12!)).toEqual(V12_PORTS);
    for (const { samples } of v12!.tuples) {
      expect(samples.length).toBeGreaterThan(0);
      for (const { file } of samples) expect(file).toBe(log);
    }
    expect(v11).toMatchObject({ records: NOTHING, tuples: [] });
  });

  it("reversed, the same records are denied", async () => {
    const [back] = await diff("v2.0.12", "--candidate", groups("v2.0.10"));
    expect(back?.records).toEqual({ ...V12, newlyDenied: 160, newlyAllowed: 0 });
    expect(recordsByPort(back!)).toEqual(V12_PORTS);
    expect(back?.tuples.every(({ change }) => change === "newly-denied")).toBe(true);
  });

  it("gives the same answer for the edits that lead to the candidate", async () => {
    const { lines, left } = editsBetween(rules("v2.0.10"), rules("v2.0.12"));
    expect(left).toEqual([]);
    const [single] = await diff("v2.0.10", ...lines.flatMap((line) => ["--edit", line]));
    await inFolder(async (folder) => {
      const file = join(folder, "next.edits");
      await writeFile(file, `# as lines\n${lines.join("\n")}\n`);
      const [written] = await diff("v2.0.10", "--candidate", file);
      for (const each of [single, written]) {
        expect(each?.records).toEqual(V12);
        expect(recordsByPort(each!)).toEqual(V12_PORTS);
      }
    });
  });

  it("writes both verdicts and the change of every record", async () => {
    const candidates = ["--candidate", groups("v2.0.12"), "--candidate", groups("v2.0.11")];
    const base = ["diff", log, "--rules", interfaces, groups("v2.0.10"), ...candidates];
    const { code, stdout } = await runCli([...base, "--records", "-", "-q"]);
    expect(code).toBe(0);
    const [header = "", ...lines] = stdout.trimEnd().split("\n");
    const names = header.split(",");
    expect(names.slice(-10)).toEqual([
      "candidate_verdict",
      "candidate_reason",
      "candidate_detail",
      "candidate_rules",
      "change",
      "candidate2_verdict",
      "candidate2_reason",
      "candidate2_detail",
      "candidate2_rules",
      "change2",
    ]);
    const column = (name: string): string[] => {
      const at = names.indexOf(name);
      return lines.map((line) => line.split(",")[at]!);
    };
    const changes = column("change");
    expect(lines).toHaveLength(23_250);
    expect(changes.filter((change) => change === "newly-allowed")).toHaveLength(160);
    expect(new Set(column("change2"))).toEqual(new Set(["unchanged"]));
    const [now, next] = [column("verdict"), column("candidate_verdict")];
    changes.forEach((change, i) => {
      expect(change === "newly-allowed").toBe(now[i] === "deny" && next[i] === "allow");
    });
  });

  it("judges records by the rules of their time", async () => {
    // The 160 records that the later rules admit, parted by the time at which these begin to hold.
    const at = 1_734_195_600;
    const records = async (...args: string[]): Promise<{ start: number; verdict: string }[]> => {
      const all = ["evaluate", log, "--rules", interfaces, groups("v2.0.10"), ...args];
      const { code, stdout } = await runCli([
        ...all,
        "--records",
        "-",
        "--records-format",
        "ndjson",
      ]);
      expect(code).toBe(0);
      const lines = stdout.trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    };
    const before = await records();
    const history = await records("--rules", `${groups("v2.0.12")}@${at}`);
    const changed = history.filter(({ verdict }, i) => verdict !== before[i]?.verdict);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(160);
    expect(changed.every(({ start, verdict }) => start >= at && verdict === "allow")).toBe(true);
    const [candidate] = await diff("v2.0.10", "--candidate", groups("v2.0.12"), "--at", String(at));
    expect(candidate?.records.newlyAllowed).toBe(changed.length);
  });
});

describe.skipIf(CORPUS === undefined)("check, on a real account and its log", () => {
  it("finds nothing that the rules do not explain", async () => {
    const args = ["check", log, "--rules", interfaces, groups("v2.0.10"), "--json"];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      fidelity: 1,
      agreeing: 23_238,
      disagreeing: 0,
      unknown: 12,
      disagreements: [],
      undecided: [{ reason: "icmp-type", records: 12 }],
    });
  });

  it("suspects the rules where others than those of the time are given", async () => {
    const args = ["check", log, "--rules", interfaces, groups("v2.0.12"), "--json"];
    const { stdout } = await runCli(args);
    const { disagreeing, disagreements } = JSON.parse(stdout);
    expect(disagreeing).toBe(160);
    const [first] = disagreements;
    expect(first).toMatchObject({ kind: "rejected-but-allowed" });
  });
});
