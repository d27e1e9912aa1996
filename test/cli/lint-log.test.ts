import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { schemaFaults } from "../support/schemas.js";
import { inFolder, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const RULE = "sg-web/ingress/tcp/443/0.0.0.0/0";

describe("lint with a log", () => {
  it("joins each finding with what its rules admitted, and carries the log's coverage", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const args = ["lint", "-", "--rules", "account", "--json"];
      const { code, stdout, stderr } = await runCli(args, { cwd, input: SMALL_LOG });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const answer = JSON.parse(stdout);
      expect(schemaFaults("lint", answer)).toEqual([]);
      expect(answer).toMatchObject({ withLog: true, partial: false, fidelity: 1 });
      const finding = answer.findings.find(({ rules }: { rules: string[] }) => rules[0] === RULE);
      expect(finding.traffic).toEqual([
        {
          rule: RULE,
          openers: 1,
          soleOpeners: 1,
          records: 2,
          bytes: 1000,
          peers: 1,
          first: 1_734_193_500,
          last: 1_734_193_550,
        },
      ]);
    });
  });

  it("says it in words, and ends as --fail-on asks", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const args = ["lint", "logs", "--rules", "account", "--fail-on", "note"];
      const { code, stdout } = await runCli(args, { cwd });
      expect(code).toBe(1);
      expect(stdout).toContain("In the log: 1 opener of 1 peer, 1 by it alone, 1.00 kB");
      expect(stdout).toContain("\nCoverage\n");
    });
  });

  it("says nothing of a log where none is given", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const { stdout } = await runCli(["lint", "--rules", "account"], { cwd });
      expect(stdout).not.toContain("In the log");
      expect(stdout).not.toContain("Coverage");
    });
  });

  it.each([
    [["--rules", "account", "--from", "2024-12-14"], "--from chooses records"],
    [["--rules", "account", "--strict"], "--strict chooses records"],
    [["--rules", "account", "--interface", "eni-web"], "--interface eni-web chooses records"],
    [["logs", "--rules", "account", "--fix"], "(fix-with-log)"],
    [["gone.log", "--rules", "account"], "(no-such-input)"],
    [["logs", "--rules", "account", "-o", "account/groups.json"], "(output-is-input)"],
    [["--rules", "account", "-o", "account/groups.json"], "(output-is-input)"],
    [["--rules", "account", "--fix", "-o", "account/groups.json"], "(output-is-input)"],
  ])("refuses %j", async (args, message) => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const before = await readFile(join(cwd, "account/groups.json"), "utf8");
      const { code, stdout, stderr } = await runCli(["lint", ...args], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
      expect(await readFile(join(cwd, "account/groups.json"), "utf8")).toBe(before);
    });
  });
});
