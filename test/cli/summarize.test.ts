import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./run-cli.js";

const LOGS = "examples/logs";
const ACCOUNT = "examples/account";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "summarize-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function inFolder(name: string): string {
  return join(folder, name);
}

interface DiffAnswer {
  readonly candidates: readonly {
    readonly connections: Readonly<
      Record<"newlyDenied" | "newlyAllowed" | "unchanged" | "undetermined", number>
    >;
  }[];
}

const EDITS = ["--edit", "revoke sg-0a1b2c3d4e5f60001 ingress tcp 443 0.0.0.0/0"];

describe("summarize", () => {
  test("writes a summary that diff takes in place of the log", async () => {
    const made = await runCli([
      "summarize",
      LOGS,
      "--rules",
      ACCOUNT,
      "-o",
      inFolder("a.fvs"),
      "--json",
    ]);
    expect(made.code).toBe(0);
    const facts = JSON.parse(made.stdout);
    expect(facts.openers + facts.atBorder).toBeGreaterThan(0);
    expect(facts.addressesKnown).toBe(true);
    const ask = async (input: string): Promise<DiffAnswer> => {
      const found = await runCli([
        "diff",
        input,
        "--rules",
        ACCOUNT,
        "--candidate",
        inFolder("c.json"),
        "--json",
      ]);
      expect(found.stderr).not.toContain("error");
      return JSON.parse(found.stdout) as DiffAnswer;
    };
    // Without its first group's rules: something breaks.
    const groups = JSON.parse(await readFile(`${ACCOUNT}/describe-security-groups.json`, "utf8"));
    groups.SecurityGroups = groups.SecurityGroups.slice(0, 2).map((group: object) => {
      return { ...group, IpPermissions: [] };
    });
    await writeFile(inFolder("c.json"), JSON.stringify(groups));
    const [fromLogs, fromSummary] = [await ask(LOGS), await ask(inFolder("a.fvs"))];
    // The example has a load balancer; which of its clients it let in a summary does not tell (semantics 3.5d).
    const numbers = ({ candidates }: DiffAnswer): unknown =>
      candidates.map(({ connections: { newlyDenied, undetermined, ...rest } }) => ({
        ...rest,
        doubtful: newlyDenied + undetermined,
      }));
    expect(numbers(fromSummary)).toEqual(numbers(fromLogs));
  });

  test("parts of a log add up to the whole, whichever way they are given", async () => {
    const files = (await readdir(LOGS, { recursive: true }))
      .filter((name) => name.endsWith(".gz"))
      .sort()
      .map((name) => join(LOGS, name));
    const sum = async (logs: readonly string[], output: string): Promise<unknown> => {
      const to = ["-o", inFolder(output), "--json"];
      const made = await runCli(["summarize", ...logs, "--rules", ACCOUNT, ...to]);
      expect(made.code).toBe(0);
      const { connections, records, openers, atBorder } = JSON.parse(made.stdout);
      return { connections, records, openers, atBorder };
    };
    const [early, late] = [files.slice(0, 2), files.slice(2)];
    await sum(early, "x.fvs");
    await sum(late, "y.fvs");
    const whole = await sum(files, "z.fvs");
    expect(await sum([inFolder("y.fvs"), inFolder("x.fvs")], "xy.fvs")).toEqual(whole);
    expect(await sum([inFolder("x.fvs"), ...late], "m.fvs")).toEqual(whole);
  });

  test("what needs records says so", async () => {
    await runCli(["summarize", LOGS, "--rules", ACCOUNT, "-o", inFolder("n.fvs")]);
    const refused = await runCli([
      "diff",
      inFolder("n.fvs"),
      "--rules",
      ACCOUNT,
      ...EDITS,
      "--at",
      "2024-12-14T16:40:00Z",
    ]);
    expect(refused.code).toBe(2);
  });

  test("a summary that is cut, or of something else, is refused by name", async () => {
    await runCli(["summarize", LOGS, "--rules", ACCOUNT, "-o", inFolder("w.fvs")]);
    const whole = await readFile(inFolder("w.fvs"));
    await writeFile(inFolder("cut.fvs"), whole.subarray(0, Math.floor(whole.length / 2)));
    await writeFile(inFolder("odd.fvs"), Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 0, 1, 2]));
    for (const name of ["cut.fvs", "odd.fvs"]) {
      const answer = await runCli(["check", inFolder(name), "--rules", ACCOUNT]);
      expect(answer.code).toBe(2);
      expect(answer.stderr).toContain(name);
      expect(answer.stderr).toContain("not a summary");
    }
  });

  test("--from takes summaries, wherever it stands", async () => {
    for (const name of ["p.fvs", "q.fvs"])
      await runCli(["summarize", LOGS, "--rules", ACCOUNT, "-o", inFolder(name)]);
    const [p, q] = [inFolder("p.fvs"), inFolder("q.fvs")];
    const plain = await runCli(["usage", p!, q!, "--rules", ACCOUNT, "--json"]);
    const moved = await runCli(["usage", "--rules", ACCOUNT, "--json", "--from", p!, q!]);
    expect(plain.code).toBe(0);
    expect(JSON.parse(moved.stdout).rules).toEqual(JSON.parse(plain.stdout).rules);
  });
});
