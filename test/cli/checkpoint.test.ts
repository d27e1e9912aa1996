// Runs that are killed, and started again.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomOf } from "../support/random-case.js";
import { CLI_MAIN, type Outcome, runCli } from "./run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));
const inFolder = (name: string): string => join(folder, name);
const STATE = inFolder("run.state");
const seed = Number(process.env.FLOW_FIRST_SEED ?? Date.now() % 100_000);

beforeAll(async () => {
  const made = ["--records", "400000", "--format", "v5", "--seed", "11", "--quiet"];
  expect((await runCli(["generate", "-o", inFolder("made"), ...made])).code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function command(records: string): string[] {
  const rules = ["--rules", inFolder("made/account")];
  const where = ["--where", "verdict != allow or dstport = 443"];
  const out = ["--records", inFolder(records), "--deny-out", inFolder(`denied-${records}`)];
  return ["evaluate", inFolder("made/logs"), ...rules, ...where, ...out, "--json"];
}

function kept(records: string, every = "100ms"): string[] {
  return [...command(records), "--checkpoint", STATE, "--checkpoint-every", every];
}

function stateTime(): number {
  return existsSync(STATE) ? statSync(STATE).mtimeMs : 0;
}

/** Starts, waits until the state was kept once more, or a while where that is not asked, and kills. */
async function startAndKill(
  args: readonly string[],
  wait: number,
  saves: boolean,
): Promise<boolean> {
  const child = spawn(process.execPath, [CLI_MAIN, ...args], { stdio: "ignore" });
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    child.on("exit", () => {
      ended = true;
      resolve();
    });
  });
  const before = stateTime();
  while (saves && !ended && stateTime() === before) await setTimeout(5);
  await setTimeout(wait);
  child.kill("SIGKILL");
  await exit;
  return child.signalCode === "SIGKILL";
}

function answer({ stdout }: Outcome): unknown {
  const { cost: _, ...rest } = JSON.parse(stdout);
  return rest;
}

describe("a run with --checkpoint", () => {
  it(`that is killed again and again gives the same answer and records (seed ${seed})`, async () => {
    const random = randomOf(seed);
    const whole = await runCli(command("whole.csv"));
    expect(whole.code).toBe(0);
    let kills = 0;
    for (let start = 0; start < 8; start++)
      // Every fourth is killed wherever it is.
      if (await startAndKill(kept("kept.csv"), random() * 300, start % 4 !== 3)) kills++;
    expect(kills).toBeGreaterThan(2);
    expect(existsSync(inFolder("kept.csv"))).toBe(false);
    const found = await runCli(kept("kept.csv"));
    expect(found.code).toBe(0);
    expect(found.stderr).toMatch(/goes on in log \d+ of \d+, after \d+ records/);
    expect(answer(found)).toEqual(answer(whole));
    for (const name of ["", "denied-"])
      expect(
        readFileSync(inFolder(`${name}kept.csv`)).equals(
          readFileSync(inFolder(`${name}whole.csv`)),
        ),
      ).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(
      ["denied-kept.csv", "denied-whole.csv", "kept.csv", "made", "whole.csv"].sort(),
    );
  }, 600_000);

  it("is refused where it is another one", async () => {
    const log = inFolder("small.log");
    const line =
      "2 123456789012 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 1 40 1700000000 1700000009 ACCEPT OK\n";
    writeFileSync(log, line.repeat(200_000));
    const args = (...more: string[]): string[] => [
      ...["evaluate", log, "--rules", inFolder("made/account"), "--json"],
      ...["--checkpoint", STATE, "--checkpoint-every", "1ms", ...more],
    ];
    while (!existsSync(STATE)) await startAndKill(args(), 0, true);
    const refused = async (given: string[], what: string): Promise<void> => {
      const { code, stderr } = await runCli(given);
      expect(code).toBe(2);
      expect(stderr).toContain("(checkpoint-mismatch)");
      expect(stderr).toContain(what);
    };
    await refused(args("--max-connections", "1000"), "--max-connections is another");
    await refused(args("--interface", "eni-0a=sg-1@10.0.0.2"), "--interface is another");
    utimesSync(log, 1, 1);
    await refused(args(), "a log has another name, size or time");
    writeFileSync(STATE, readFileSync(STATE).subarray(0, 70_000));
    await refused(args(), "is no checkpoint that can be used");
    rmSync(STATE);
  }, 300_000);

  it.each([
    [["--records", "-"], "cannot write to stdout"],
    [["--records", "x.parquet"], "cannot write parquet"],
    [["--top", "dstport"], "cannot be counted"],
  ])("does not take %j", async (more, what) => {
    const args = ["evaluate", inFolder("made/logs"), "--rules", inFolder("made/account"), ...more];
    const { code, stderr } = await runCli([...args, "--checkpoint", STATE]);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
  });

  it("does not take stdin", async () => {
    const args = ["evaluate", "-", "--rules", inFolder("made/account"), "--checkpoint", STATE];
    const { code, stderr } = await runCli(args, { input: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("needs logs that can be read again");
  });
});
