import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { schemaFaults } from "../support/schemas.js";
import { inFolder, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const { FLOW_CORPUS: CORPUS } = process.env;
const pair = join(CORPUS ?? "", "eks-2024-12-14");
const log = join(pair, "vpcflowlogs.txt");

function rules(version: string): string[] {
  const interfaces = join(pair, "describe-network-interfaces.json");
  return ["--rules", interfaces, join(pair, `describe-security-groups.${version}.json`)];
}

interface Ledger {
  readonly rules: readonly { readonly id: string; readonly class: string }[];
  readonly plan: {
    readonly removed: readonly { readonly id: string }[];
    readonly proof: {
      readonly connections: Record<string, number>;
      readonly records: Record<string, number>;
    } | null;
  } | null;
}

async function usage(args: readonly string[], cwd?: string): Promise<Ledger> {
  const { code, stdout } = await runCli(
    ["usage", ...args, "--json"],
    cwd === undefined ? {} : { cwd },
  );
  expect(code).toBe(0);
  expect(schemaFaults("usage", JSON.parse(stdout))).toEqual([]);
  return JSON.parse(stdout) as Ledger;
}

describe("usage", () => {
  it("shows what a rule admitted, and takes a log from stdin", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const args = ["usage", "-", "--rules", "account"];
      const { code, stdout, stderr } = await runCli(args, { cwd, input: SMALL_LOG });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("1 rule over 1 min 50 s: 1 used.");
    });
  });

  it("says of a history which rules count as others", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const notes = async (...paths: readonly string[]): Promise<readonly string[]> => {
        const args = ["usage", "logs", "--json", ...paths.flatMap((path) => ["--rules", path])];
        const { code, stdout } = await runCli(args, { cwd });
        expect(code).toBe(0);
        const { coverage } = JSON.parse(stdout);
        return coverage.notes.map((note: { readonly code: string }) => note.code);
      };
      const later = { GroupId: "sg-web", GroupName: "web", VpcId: "vpc-1", IpPermissions: [] };
      await writeFile(join(cwd, "later.json"), JSON.stringify({ SecurityGroups: [later] }));
      expect(await notes("account")).toEqual([]);
      expect(await notes("account", "later.json@2024-12-14T16:28:00Z")).toContain("usage-history");
    });
  });

  it("plans nothing where every rule is needed, and then needs no proof", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const { plan } = await usage(["logs", "--rules", "account", "--plan", "removal"], cwd);
      expect(plan).toMatchObject({ removed: [], proof: null });
    });
  });

  it("plans and proves on the example account, and writes the plan as edits that diff reads", async () => {
    await inFolder(async (folder) => {
      const edits = join(folder, "remove.edits");
      const logs = [join(ROOT, "examples/logs"), "--rules", join(ROOT, "examples/account")];
      const { plan } = await usage([...logs, "--plan", "removal", "--plan-out", edits]);
      expect(plan?.removed.length).toBeGreaterThan(0);
      expect(plan?.proof?.connections).toMatchObject({ newlyDenied: 0, undetermined: 0 });
      expect(plan?.proof?.records).toMatchObject({ newlyDenied: 0, undetermined: 0 });
      const lines = (await readFile(edits, "utf8")).trimEnd().split("\n");
      expect(lines.filter((line) => line.startsWith("revoke "))).toHaveLength(
        plan?.removed.length ?? 0,
      );
      const gate = await runCli(["gate", ...logs, "--candidate", edits, "--json"]);
      expect(gate.code).toBe(0);
      expect(JSON.parse(gate.stdout).connections.newlyDenied).toBe(0);
    });
  });

  it("refuses what it would have to read twice, a plan without --plan, and to write over its inputs", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const run = (...args: string[]): ReturnType<typeof runCli> =>
        runCli(["usage", ...args, "--rules", "account"], { cwd, input: SMALL_LOG });
      const twice = await run("-", "--plan", "removal");
      expect(twice).toMatchObject({ code: 2, stdout: "" });
      expect(twice.stderr).toContain("(input-read-twice)");
      const planless = await run("logs", "--plan-out", "x");
      expect(planless).toMatchObject({ code: 2, stdout: "" });
      expect(planless.stderr).toContain("(plan-missing)");
      const over = await run("logs", "--plan", "removal", "--plan-out", "account/groups.json");
      expect(over).toMatchObject({ code: 2, stdout: "" });
      expect(over.stderr).toContain("--plan-out would overwrite the input account/groups.json");
      const both = await run("logs", "--plan", "removal", "--plan-out", "x", "-o", "x");
      expect(both).toMatchObject({ code: 2, stdout: "" });
      expect(both.stderr).toContain("--output would overwrite the plan");
    });
  });

  it("ends with 2 where a log is missing, and answers all the same", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      await writeFile(join(cwd, "empty.log"), "");
      const args = ["usage", "logs", "gone.log", "--rules", "account"];
      const { code, stdout, stderr } = await runCli(args, { cwd });
      expect(code).toBe(2);
      expect(stdout).toContain("1 used.");
      expect(stderr).toContain("gone.log");
    });
  });
});

describe.skipIf(CORPUS === undefined)("usage on a real account", () => {
  it("has no evidence for the two rules that v2.0.11 added", async () => {
    const before = await usage([log, ...rules("v2.0.10")]);
    const after = await usage([log, ...rules("v2.0.11")]);
    const old = new Set(before.rules.map(({ id }) => id));
    const added = after.rules.filter(({ id }) => !old.has(id));
    expect(added).toHaveLength(2);
    for (const rule of added) expect(["no-evidence", "on-no-interface"]).toContain(rule.class);
  });

  it("proves its plan for v2.0.10 by its own diff", async () => {
    const { plan, rules: all } = await usage([log, ...rules("v2.0.10"), "--plan", "removal"]);
    expect(plan?.removed.length).toBeGreaterThan(100);
    expect(plan?.removed.length).toBeLessThan(all.length);
    for (const counts of [plan?.proof?.connections, plan?.proof?.records])
      expect(counts).toMatchObject({ newlyDenied: 0, newlyAllowed: 0, undetermined: 0 });
  });

  it("says the proof in words", async () => {
    const { stdout } = await runCli(["usage", log, ...rules("v2.0.10"), "--plan", "removal"]);
    expect(stdout).toContain("Proved by the diff of the remaining rules on the same log");
    expect(stdout).toContain("Nothing is applied.");
  });
});
