import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const CHECK = ["check", "logs", "--rules", "account"];

describe("check", () => {
  it("says that the rules explain everything", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout, stderr } = await runCli(CHECK, { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("The rules explain every one of 3 decided records.");
      expect(stdout).toContain("Throughput");
    });
  });

  it("names disagreements with cause, evidence, places and what would settle them", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      // The reply of an accepted request is refused, and SSH is let in.
      const log = SMALL_LOG.replace(
        "443 40000 6 5 500 1734193500 1734193550 ACCEPT",
        "443 40000 6 5 500 1734193500 1734193550 REJECT",
      ).replace(
        "22 6 5 500 1734193560 1734193610 REJECT",
        "22 6 5 500 1734193560 1734193610 ACCEPT",
      );
      await writeFile(join(folder, "logs", "small.log"), log);
      const { code, stdout } = await runCli([...CHECK, "--json"], { cwd: folder });
      expect(code).toBe(0);
      const { disagreements, ...answer } = JSON.parse(stdout);
      expect(answer).toMatchObject({
        schemaVersion: 1,
        agreeing: 1,
        acceptedButDenied: 1,
        rejectedButAllowed: 1,
        partial: false,
      });
      expect(disagreements).toMatchObject([
        {
          cause: "rules-changed-or-incomplete",
          evidence: "shown",
          tuples: [{ connections: 1, samples: [{ file: "small.log", line: 4 }] }],
        },
        {
          cause: "acl-strongly-suspected",
          evidence: "shown",
          records: 1,
          settledBy: [{ command: "aws ec2 describe-network-acls --output json" }, {}],
          tuples: [{ connections: 1, samples: [{ file: "small.log", line: 3 }] }],
        },
      ]);
    });
  });

  it("answers only for the records that pass", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = [...CHECK, "--from", "1734193560", "--json"];
      const { stdout } = await runCli(args, { cwd: folder });
      expect(JSON.parse(stdout)).toMatchObject({ agreeing: 1, coverage: { filtered: 2 } });
    });
  });

  it("ends with 2 where a log breaks, and answers for the rest", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      await writeFile(join(folder, "logs", "cut.log.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0]));
      const { code, stdout, stderr } = await runCli(CHECK, { cwd: folder });
      expect(code).toBe(2);
      expect(stdout).toContain("The rules explain every one of 3 decided records.");
      expect(stderr).toContain("cut.log.gz");
    });
  });
});
