import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inFolder } from "./cli/run-cli.js";
import { ROOT } from "./support/packed.js";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly runs: { readonly steps: readonly { readonly env?: Readonly<Record<string, string>> }[] };
}

type Inputs = Readonly<Record<string, string>>;

/** Runs the action's script as a runner does: inputs as environment variables, in a folder of its own. */
function runGate(inputs: Inputs, cwd: string): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", [join(ROOT, "action/gate.sh")], {
      cwd,
      env: { PATH: process.env.PATH, GITHUB_STEP_SUMMARY: join(cwd, "summary.md"), ...inputs },
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout }));
  });
}

const GATE: Inputs = {
  GATE_LOGS: `${join(ROOT, "examples/logs")}\n`,
  GATE_RULES: join(ROOT, "examples/account"),
};

describe("the GitHub Action", () => {
  it("hands every input over, and nothing else", async () => {
    const action = parse(await readFile(join(ROOT, "action.yml"), "utf8")) as Action;
    const script = await readFile(join(ROOT, "action/gate.sh"), "utf8");
    const passed = action.runs.steps.flatMap(({ env = {} }) => Object.entries(env));
    const names = passed.map(([, value]) => /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1]);
    expect(names.sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [variable] of passed) expect(script).toContain(`\${${variable}:-}`);
  });

  it("passes and fails as the gate does, with annotations and a step summary", async () => {
    await inFolder(async (folder) => {
      const edit = "revoke web ingress tcp 80 0.0.0.0/0";
      const broken = await runGate({ ...GATE, GATE_EDIT: `\n  \n${edit}\r\n` }, folder);
      expect(broken.code).toBe(1);
      expect(broken.stdout).toMatch(/^::error /m);
      expect(await readFile(join(folder, "summary.md"), "utf8")).toContain("would break");
      const fine = { ...GATE, GATE_EDIT: edit, GATE_FAIL_ON: "would-break=100" };
      expect((await runGate(fine, folder)).code).toBe(0);
    });
  });

  it("reads no input as a command, and no file of the folder as its own defaults", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "flowverdict.config.json"), "{");
      const hostile = await runGate(
        { ...GATE, GATE_EDIT: '$(touch stolen) `touch stolen` "; touch stolen' },
        folder,
      );
      expect(hostile.code).toBe(2);
      await expect(readFile(join(folder, "stolen"))).rejects.toThrow();
    });
  });
});
