import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, type Outcome, runCli } from "./run-cli.js";
import { writeSmallAccount } from "./small-account.js";

const NAME = "flowverdict.config.json";

/** Runs the program in a folder with a small account and this configuration. */
async function withConfig(config: unknown, ...args: string[]): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await inFolder(async (folder) => {
    await writeSmallAccount(folder);
    const text = typeof config === "string" ? config : JSON.stringify(config);
    await writeFile(join(folder, NAME), text);
    outcome = await runCli(args, { cwd: folder });
  });
  return outcome!;
}

const RULES = { schemaVersion: 1, defaults: { rules: ["account"] } };

describe("flowverdict.config.json", () => {
  it("gives what is not typed, and says so", async () => {
    const { code, stdout, stderr } = await withConfig(
      { ...RULES, commands: { evaluate: { format: "json", jobs: 1 } } },
      "evaluate",
      "logs",
    );
    expect(code).toBe(0);
    expect(stderr).toBe(`note: ${NAME} adds --rules=account --format=json --jobs=1\n`);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, records: { judged: 3 } });
  });

  it("yields to what is typed, also by an option that implies it", async () => {
    const config = { ...RULES, commands: { evaluate: { format: "markdown" } } };
    const json = await withConfig(config, "evaluate", "logs", "--json", "-q");
    expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1 });
    const table = await withConfig(config, "evaluate", "logs", "-f", "table", "-q");
    expect(table.stdout).toMatch(/^flowverdict /);
    const other = await withConfig(config, "evaluate", "logs", "--rules", "nowhere");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("nowhere");
  });

  it("leaves what a command does not know to others, and is left out with --no-config", async () => {
    const config = { ...RULES, defaults: { ...RULES.defaults, "only-changed": true } };
    expect((await withConfig(config, "evaluate", "logs")).code).toBe(0);
    const without = await withConfig(config, "evaluate", "logs", "--no-config");
    expect(without.code).toBe(2);
    expect(without.stderr).toContain("--rules");
  });

  it("stands before -- and is named by --config", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      await writeFile(join(folder, "other.json"), JSON.stringify(RULES));
      const args = ["check", "--json", "--config", "other.json", "--", "logs"];
      const { code, stdout } = await runCli(args, { cwd: folder });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ agreeing: 3 });
      const missing = await runCli(["check", "logs", "--config", "none.json"], { cwd: folder });
      expect(missing.code).toBe(2);
      expect(missing.stderr).toContain("none.json");
    });
  });

  it.each([
    ["{", "this is no JSON"],
    [[], "this is no object"],
    [{ defaults: {} }, "schemaVersion: it must be 1"],
    [{ schemaVersion: 1, rules: [] }, "rules: the key is not known"],
    [{ schemaVersion: 1, defaults: { rulez: "x" } }, "defaults.rulez: no such option"],
    [{ schemaVersion: 1, defaults: { rules: {} } }, "defaults.rules: this is no value"],
    [{ schemaVersion: 1, commands: { judge: {} } }, "commands.judge: no such command"],
    [{ schemaVersion: 1, defaults: { strict: "yes" } }, "--strict takes no value"],
    [{ schemaVersion: 1, defaults: { rules: true } }, "--rules takes a value"],
    [{ schemaVersion: 1, defaults: { config: "x.json" } }, "defaults.config: no such option"],
    [{ ...RULES, commands: { evaluate: { jobs: "many" } } }, "Write a whole number"],
  ])("refuses %j", async (config, message) => {
    const { code, stdout, stderr } = await withConfig(config, "evaluate", "logs");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("does not keep help and version from being shown", async () => {
    expect((await withConfig("{", "evaluate", "--help")).code).toBe(0);
    expect((await withConfig("{", "--version")).code).toBe(0);
  });
});
