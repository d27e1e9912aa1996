import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proveEquivalence } from "../../src/lint/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { inFolder, runCli } from "./run-cli.js";
import { writeSmallAccount } from "./small-account.js";

const CORPUS = process.env.FLOW_CORPUS;

function range(CidrIp: string): object {
  return { CidrIp };
}

/** SSH for all and for one office, and two halves of a block. */
const GROUPS = {
  SecurityGroups: [
    {
      GroupId: "sg-1",
      GroupName: "web",
      VpcId: "vpc-1",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 22,
          ToPort: 22,
          IpRanges: [range("0.0.0.0/0"), range("203.0.113.0/24")],
        },
        {
          IpProtocol: "tcp",
          FromPort: 80,
          ToPort: 80,
          IpRanges: [range("10.0.0.0/9"), range("10.128.0.0/9")],
        },
      ],
      IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [range("10.0.0.0/8")] }],
    },
  ],
};

function inAccount(work: (folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "groups.json"), JSON.stringify(GROUPS, null, 1));
    await work(folder);
  });
}

describe("lint", () => {
  it("needs rules and no log", async () => {
    await inAccount(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["lint", "--rules", "groups.json"], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("1 error, 1 warning, 1 note in 1 group, 5 rules, 0 interfaces.");
      expect(stdout).toContain("tcp/22 (SSH) is open to everybody: 0.0.0.0/0");
      expect(stdout).toMatch(/shadowed-rule, groups\.json:\d+:\d+/);
    });
  });

  it.each([
    ["error", 1],
    ["warning", 1],
    ["note", 1],
  ])("--fail-on %s", async (level, expected) => {
    await inAccount(async (cwd) => {
      const { code } = await runCli(["lint", "--rules", "groups.json", "--fail-on", level], {
        cwd,
      });
      expect(code).toBe(expected);
    });
  });

  it("--fail-on is not reached by milder findings", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const run = (level: string) =>
        runCli(["lint", "--rules", "account", "--fail-on", level], { cwd });
      expect((await run("warning")).code).toBe(0);
      expect((await run("note")).code).toBe(1);
    });
  });

  it.each(["json", "ndjson", "markdown", "table"])("--format %s, to a file too", async (format) => {
    await inAccount(async (cwd) => {
      const args = ["lint", "--rules", "groups.json", "--format", format];
      const { code, stdout } = await runCli(args, { cwd });
      expect(code).toBe(0);
      const written = await runCli([...args, "-o", "out.txt"], { cwd });
      expect(written).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(await readFile(join(cwd, "out.txt"), "utf8")).toBe(stdout);
      expect(stdout).toContain("world-open");
    });
  });

  it("--fix prints an equivalent rule set, and the proof beside it", async () => {
    await inAccount(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["lint", "--rules", "groups.json", "--fix"], {
        cwd,
      });
      expect(code).toBe(0);
      expect(stderr).toContain("1 rule dropped, 2 merged into 1.");
      expect(stderr).toContain("Proved equivalent: ");
      const load = (text: string) =>
        loadRuleSet([{ name: "x.json", text, explicit: true }]).ruleSet;
      const [before, after] = [load(JSON.stringify(GROUPS)), load(stdout)];
      expect(after.groups.get("sg-1")!.rules).toHaveLength(3);
      expect(proveEquivalence(before, after).equal).toBe(true);
    });
  });

  it("--across-groups compares interface by interface, and needs interfaces", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const args = ["lint", "--fix", "--across-groups", "--rules"];
      const { code, stderr } = await runCli([...args, "account"], { cwd });
      expect(code).toBe(0);
      expect(stderr).toContain("in 1 combination of groups on interfaces");
      const without = await runCli([...args, "account/groups.json"], { cwd });
      expect(without.code).toBe(2);
      expect(without.stderr).toContain("the interfaces that carry the groups");
    });
  });

  it("--fix=edits prints edit lines", async () => {
    await inAccount(async (cwd) => {
      const args = ["-q", "lint", "--rules", "groups.json", "--fix=edits"];
      const { code, stdout, stderr } = await runCli(args, { cwd });
      expect(code).toBe(0);
      expect(stderr).toMatch(/^Proved equivalent/);
      expect(stdout.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
        "authorize sg-1 ingress tcp 80 10.0.0.0/8",
        "revoke sg-1 ingress tcp 80 10.0.0.0/9",
        "revoke sg-1 ingress tcp 80 10.128.0.0/9",
        "revoke sg-1 ingress tcp 22 203.0.113.0/24",
        "",
      ]);
    });
  });

  it.each([
    [["lint"], "--rules is missing (no-rules)"],
    [["lint", "--rules", "x", "--fail-on", "fatal"], "Allowed choices are error, warning, note"],
    [["lint", "--rules", "x", "--fix=yaml"], "Allowed choices are json, edits"],
    [["lint", "--rules", "/no/such"], "there is no such file or folder"],
  ])("%s is a usage error", async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("a folder without rules does not pass", async () => {
    await inFolder(async (cwd) => {
      await writeFile(
        join(cwd, "vpcs.json"),
        JSON.stringify({ Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" }] }),
      );
      const { code, stderr } = await runCli(["lint", "--rules", "vpcs.json"], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain("nothing-to-lint");
    });
  });

  it.skipIf(CORPUS === undefined)(
    "the real account: its narrow rules are behind wide ones, and go",
    async () => {
      const folder = join(CORPUS ?? "", "eks-2024-12-14");
      const rules = [
        "describe-network-interfaces.json",
        "describe-security-groups.v2.0.10.json",
      ].map((name) => join(folder, name));
      expect(rules.every((path) => existsSync(path))).toBe(true);
      const { code, stdout } = await runCli(["lint", "--rules", ...rules, "--json"]);
      const { levels, codes, findings } = JSON.parse(stdout);
      expect({ code, levels }).toEqual({
        code: 0,
        levels: { error: 0, warning: 10, note: expect.any(Number) },
      });
      expect(codes["shadowed-rule"]).toBe(10);
      const shadowed = findings.filter(
        (finding: { code: string }) => finding.code === "shadowed-rule",
      );
      expect(shadowed.flatMap((finding: { rules: string[] }) => finding.rules)).toHaveLength(50);
      const fixed = await runCli(["lint", "--rules", ...rules, "--fix"]);
      expect(fixed.stderr).toContain("50 rules dropped.");
      expect(fixed.stderr).toContain("Proved equivalent: ");
    },
  );
});
