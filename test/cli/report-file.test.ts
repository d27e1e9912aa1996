// `--report FILE`: the answer to be kept, with the hashes of what it rests on.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { inFolder, runCli } from "./run-cli.js";

const RULES = ["--rules", "examples/account"];
const FLOW = "eni-03589069cb18345e7 ingress tcp 203.0.113.9:* -> :443";
const [LOG = ""] = readdirSync(join(ROOT, "examples/logs"), {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const sha256 = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex");

const RULE_FILE = join(ROOT, "examples/account/describe-security-groups.json");
const COMMANDS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["tighten", ["tighten", LOG, ...RULES, "--group", "sg-0ac0bddae4cdbe740"], [LOG, RULE_FILE]],
  ["why, of a record", ["why", `${LOG}:5`, ...RULES], [LOG, RULE_FILE]],
  ["why, of a flow", ["why", "--flow", FLOW, ...RULES], [RULE_FILE]],
];

describe.each(COMMANDS)("the report of %s", (_name, args, sources) => {
  it("is the answer and where it comes from", () =>
    inFolder(async (folder) => {
      const file = join(folder, "report.md");
      const plain = await runCli([...args, "-q", "--format", "markdown"], { cwd: ROOT });
      const told = await runCli([...args, "-q", "--format", "markdown", "--report", file], {
        cwd: ROOT,
      });
      expect({ ...told, stderr: "" }).toEqual({ ...plain, stderr: "" });
      const report = await readFile(file, "utf8");
      for (const source of sources) expect(report).toContain(sha256(source));
      expect(report).toContain("Where this comes from");
    }));

  it("has a form by its ending", () =>
    inFolder(async (folder) => {
      const odd = await runCli([...args, "--report", join(folder, "report.pdf")], { cwd: ROOT });
      expect(odd).toMatchObject({ code: 2, stdout: "" });
      expect(odd.stderr).toContain("report-format");
    }));
});
