import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { CLI_MAIN, runCli } from "./run-cli.js";

const COMMANDS = ["evaluate", "diff", "check", "summarize", "why", "usage", "tighten", "gate"];

async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** What bash offers at the end of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `source <("${process.execPath}" "${CLI_MAIN}" completion bash)
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _flowverdict flowverdict "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\\n' "\${COMPREPLY[@]}"; complete -p flowverdict`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", ...words]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.pop()).toContain("-F _flowverdict flowverdict");
  return lines;
}

describe("completion", () => {
  it("offers commands, options and closed lists in bash, and leaves the rest to files", async () => {
    expect(await offered("flowverdict", "d")).toEqual(["diff", "doctor"]);
    expect(await offered("flowverdict", "help", "su")).toEqual(["summarize"]);
    expect(await offered("flowverdict", "diff", "logs/", "--o")).toEqual([
      "--only-changed",
      "--output",
    ]);
    expect(await offered("flowverdict", "gate", "logs/", "-f", "s")).toEqual(["sarif"]);
    expect(await offered("flowverdict", "completion", "z")).toEqual(["zsh"]);
    expect(await offered("flowverdict", "evaluate", "logs/")).toEqual([""]);
  });

  it.each(["zsh", "fish"])("names every command and its options for %s", async (shell) => {
    const script = await printed("completion", shell);
    for (const command of COMMANDS) expect(script).toMatch(new RegExp(`\\b${command}\\b`));
    expect(script).toMatch(/-?-?only-changed/);
    expect(script).toContain("junit sarif github");
  });

  it("refuses a shell it does not know, and names those it does", async () => {
    const { code, stderr } = await runCli(["completion", "csh"]);
    expect(code).toBe(2);
    expect(stderr).toContain("bash, zsh, fish");
  });
});

describe("man", () => {
  it("is the page that the package ships", async () => {
    const page = await printed("man");
    expect(await readFile(join(ROOT, "build", "flowverdict.1"), "utf8")).toBe(page);
    expect(page).toMatch(/^\.TH FLOWVERDICT 1 /);
    for (const command of COMMANDS) expect(page).toContain(`.SS "${command}`);
    expect(page).toContain("\\fB\\-\\-only\\-changed\\fR");
    expect(page).toContain(".SH EXIT STATUS");
    // A line of text that begins with a dot or a quote would be taken for a macro.
    const macros = new Set(page.match(/^[.'][^\s]*/gm));
    expect([...macros].sort()).toEqual([".PP", ".SH", ".SS", ".TH", ".TP", ".fi", ".nf"]);
  });
});
