import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { schemaFaults } from "../support/schemas.js";
import { inFolder, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const ACCOUNT = join(ROOT, "examples/account");
const EXAMPLE = [join(ROOT, "examples/logs"), "--rules", ACCOUNT];

/** A group of the example account whose rules admit something. */
async function busyGroup(): Promise<string> {
  const { stdout } = await runCli(["usage", ...EXAMPLE, "--json"]);
  const rules = JSON.parse(stdout).rules as {
    groupId: string;
    direction: string;
    connections: number;
  }[];
  const ingress = rules.filter(({ direction }) => direction === "ingress");
  const [first] = [...ingress].sort((a, b) => b.connections - a.connections);
  return first?.groupId ?? "";
}

describe("tighten", () => {
  it("tries its suggestion on the held-out part, and diff finds the same", async () => {
    const group = await busyGroup();
    await inFolder(async (folder) => {
      const edits = join(folder, "narrower.edits");
      const args = ["tighten", ...EXAMPLE, "--group", group, "--budget", "8"];
      const { code, stdout } = await runCli([...args, "--json"]);
      expect(code).toBe(0);
      const answer = JSON.parse(stdout);
      expect(schemaFaults("tighten", answer)).toEqual([]);
      expect(answer.rules.length).toBeGreaterThan(0);
      expect(answer.heldOut).toMatchObject({ by: "connections" });
      expect(answer.heldOut.connections).toBeGreaterThan(0);
      expect((await runCli([...args, "--out", "edits", "-o", edits])).code).toBe(0);
      const at = String(answer.heldOut.cut);
      const diff = await runCli(["diff", ...EXAMPLE, "--candidate", edits, "--at", at, "--json"]);
      expect(diff.code).toBe(0);
      const [candidate] = JSON.parse(diff.stdout).candidates;
      expect(candidate.connections).toEqual(answer.heldOut.diff.connections);
      expect(candidate.cutOvers).toEqual(answer.heldOut.diff.cutOvers);
    });
  });

  it("admits in the whole log all that it learnt from the whole log", async () => {
    const group = await busyGroup();
    await inFolder(async (folder) => {
      const json = join(folder, "narrower.json");
      const args = ["tighten", ...EXAMPLE, "--group", group, "--no-test", "--min-grade", "one-way"];
      const { code, stderr } = await runCli([...args, "--out", "json", "-o", json]);
      expect(code).toBe(0);
      expect(stderr).toContain("Nothing was held out");
      const diff = await runCli(["diff", ...EXAMPLE, "--candidate", json, "--json"]);
      const [candidate] = JSON.parse(diff.stdout).candidates;
      const denied = (candidate.tuples as { change: string; grades: object }[]).filter(
        ({ change }) => change === "newly-denied",
      );
      // Rejected openers and scanners teach nothing; whatever else was admitted stays admitted.
      for (const { grades } of denied) expect(Object.keys(grades)).toEqual(["rejected"]);
    });
  });

  it("splits a summary by openers, and says so", async () => {
    const group = await busyGroup();
    await inFolder(async (folder) => {
      const stored = join(folder, "log.fvs");
      expect((await runCli(["summarize", ...EXAMPLE, "-o", stored])).code).toBe(0);
      const args = ["tighten", stored, "--rules", ACCOUNT, "--group", group];
      const { code, stdout } = await runCli([...args, "--json"]);
      expect(code).toBe(0);
      const answer = JSON.parse(stdout);
      expect(schemaFaults("tighten", answer)).toEqual([]);
      expect(answer.heldOut.by).toBe("openers");
      expect(answer.rules.length).toBeGreaterThan(0);
      expect((await runCli(args)).stdout).toContain("of openers first seen in the");
    });
  });

  it("prints Terraform with what is known of the suggestion above it", async () => {
    const group = await busyGroup();
    const args = ["tighten", ...EXAMPLE, "--group", group, "--out", "terraform"];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(stdout.startsWith(`# ${group}`)).toBe(true);
    expect(stdout).toContain(`security_group_id`);
  });

  it("--out keeps a group's name inside its comment", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const path = join(cwd, "account", "groups.json");
      const groups = await readFile(path, "utf8");
      await writeFile(path, groups.replace('"web"', '"web\\n::error::delete sg-web\\u001b[31m"'));
      const args = ["tighten", "logs", "--rules", "account", "--group", "sg-web", "--no-test"];
      for (const form of ["edits", "terraform"]) {
        const { code, stdout } = await runCli([...args, "--out", form], { cwd });
        expect(code).toBe(0);
        expect(stdout).toMatch(/^# sg-web \(web\\x0a::error::delete/);
        expect(stdout).not.toContain("\u001b");
      }
    });
  });

  it("shows the curve and the quotas", async () => {
    const group = await busyGroup();
    const { stdout } = await runCli(["tighten", ...EXAMPLE, "--group", group, "--budget", "3"]);
    expect(stdout).toContain("addresses × ports, logarithmic");
    expect(stdout).toContain("AWS quota of rules per group");
    expect(stdout).toContain("Held out: what the suggestion would have denied");
  });

  it.each([
    [["--group", "sg-none"], "(group-unknown)"],
    [["--group", "sg-web", "--test", "30d"], "(split-empty)"],
    [["--group", "sg-web", "--budget", "0"], "whole number from 1 to 1000"],
    [["--group", "sg-web", "--train", "soon"], "time span"],
    [[], "--group"],
  ])("refuses %j", async (args, message) => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const all = ["tighten", "logs", "--rules", "account", ...args];
      const { code, stdout, stderr } = await runCli(all, { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
    });
  });

  it("refuses a log that is gone once it was read", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const group = ["--group", "sg-web"];
      const piped = ["tighten", "-", "--rules", "account", ...group];
      expect((await runCli(piped, { cwd, input: SMALL_LOG })).stderr).toContain(
        "(input-read-twice)",
      );
    });
  });

  it("narrows the rules that hold last, by all of the log", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const rule = { IpProtocol: "tcp", IpRanges: [{ CidrIp: "198.51.100.0/24" }] };
      const later = {
        SecurityGroups: [
          {
            GroupId: "sg-web",
            VpcId: "vpc-1",
            IpPermissions: [443, 8443].map((port) => ({ ...rule, FromPort: port, ToPort: port })),
            IpPermissionsEgress: [],
          },
        ],
      };
      await writeFile(join(cwd, "later.json"), JSON.stringify(later));
      const rules = ["--rules", "account", "later.json@2024-12-14T16:30:00Z"];
      const args = ["tighten", "logs", ...rules, "--group", "sg-web", "--no-test", "--json"];
      const { code, stdout, stderr } = await runCli(args, { cwd });
      expect(code).toBe(0);
      expect(stderr).toContain("the rules that hold last are narrowed");
      const answer = JSON.parse(stdout);
      expect(answer.present).toBe(2);
      expect(answer.edits).toEqual([
        "authorize sg-web ingress tcp 443 198.51.100.7/32",
        "revoke sg-web ingress tcp 443 198.51.100.0/24",
        "revoke sg-web ingress tcp 8443 198.51.100.0/24",
      ]);
    });
  });
});

const { FLOW_CORPUS: CORPUS } = process.env;
const pair = join(CORPUS ?? "", "eks-2024-12-14");

describe.skipIf(CORPUS === undefined)("tighten on a real account", () => {
  it("counts in its two ways the same connections that the suggestion would break", async () => {
    const rules = join(pair, "describe-security-groups.v2.0.10.json");
    const { code, stdout } = await runCli([
      "tighten",
      join(pair, "vpcflowlogs.txt"),
      "--rules",
      rules,
      join(pair, "describe-network-interfaces.json"),
      "--group",
      "sg-0292d967f11896938",
      "--budget",
      "10",
      "--json",
    ]);
    expect(code).toBe(0);
    const { heldOut, parts, budget } = JSON.parse(stdout);
    expect(heldOut.broken).toBeGreaterThan(0);
    expect(heldOut.diff.connections.newlyDenied).toBe(heldOut.broken);
    for (const part of parts) expect(part.suggested.rules).toBeLessThanOrEqual(budget);
    expect(await readFile(rules, "utf8")).toContain("sg-0292d967f11896938");
  });
});
