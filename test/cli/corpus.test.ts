import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.js";

const { FLOW_CORPUS: CORPUS } = process.env;
const pair = join(CORPUS ?? "", "eks-2024-12-14");
const rules = [
  join(pair, "describe-network-interfaces.json"),
  join(pair, "describe-security-groups.v2.0.10.json"),
];
const evaluate = ["evaluate", join(pair, "vpcflowlogs.txt"), "--rules", ...rules, "--json"];

describe.skipIf(CORPUS === undefined)("a real account and its log", () => {
  it("is explained to the last record", async () => {
    const { code, stdout } = await runCli(evaluate);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary.records).toEqual({
      read: 23_455,
      judged: 23_250,
      nodata: 96,
      skipdata: 109,
      malformed: 0,
      late: 0,
    });
    expect(summary.matrix.accept.deny).toBe(0);
    expect(summary.matrix.reject.allow).toBe(0);
    expect(summary.reasons["icmp-type"]).toBe(12);
    expect(summary.reasons["no-groups"]).toBe(4_385);
    expect(summary.fidelity).toBe(1);
  });

  it("gives the same answer in two workers", async () => {
    const one = await runCli(evaluate);
    const two = await runCli([...evaluate, "--jobs", "2"]);
    expect(two.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
  });

  it("gives one judged record per line", async () => {
    const { code, stdout } = await runCli([...evaluate, "--records", "-"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(23_251);
    expect(lines.filter((line) => line.includes(",ACCEPT,OK,"))).toHaveLength(22_216);
  });

  it("lets why agree with evaluate on single records", async () => {
    const { stdout } = await runCli([...evaluate, "--records", "-", "--records-format", "ndjson"]);
    const records = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const reasons = new Set<string>();
    for (const record of records) {
      if (reasons.has(record.reason)) continue;
      reasons.add(record.reason);
      const target = `${join(pair, "vpcflowlogs.txt")}:${record.line}`;
      const why = JSON.parse((await runCli(["why", target, "--rules", ...rules, "--json"])).stdout);
      const { verdict, reason, opener, grade } = record;
      expect(why).toMatchObject({ verdict, reason, opener, grade });
    }
    expect(reasons.size).toBeGreaterThanOrEqual(5);
  });
});
