import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { inFolder, type Outcome, runCli } from "./run-cli.js";

const RULES = ["--rules", "examples/account"];
const EVALUATE = ["evaluate", "examples/logs", ...RULES];

type Row = Readonly<Record<string, string>>;

function run(...args: readonly string[]): Promise<Outcome> {
  return runCli(args, { cwd: ROOT });
}

async function rowsOf(path: string): Promise<readonly Row[]> {
  return parse(await readFile(path), { columns: true }) as Row[];
}

/** The summary as JSON, without what was asked of the records. */
function withoutSelection(stdout: string): unknown {
  const { selection: _, ...rest } = JSON.parse(stdout) as { selection: unknown };
  return rest;
}

describe("evaluate --where", () => {
  it("writes what passes, splits it by verdict, counts it, and leaves the summary as it is", () =>
    inFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      await run(...EVALUATE, "--records", at("all.csv"), "-q", "-o", at("all.json"), "--json");
      const filter =
        "protocol = tcp and port in (22, 443, 5432) and not (action = ACCEPT and grade < inferred)";
      const { stdout, stderr, code } = await run(
        ...EVALUATE,
        ...["--where", filter, "--json", "--records", at("some.csv")],
        ...[
          "--allow-out",
          at("allow.csv"),
          "--deny-out",
          at("deny.csv"),
          "--unknown-out",
          at("unknown.csv"),
        ],
        ...["--top", "dstport,remote+verdict", "--top-limit", "3"],
      );
      expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
      const weak = ["none", "unknown", "one-way", "paired"];
      const passing = (await rowsOf(at("all.csv"))).filter((row) => {
        if (row.protocol !== "6") return false;
        const ports = [Number(row.srcport), Number(row.dstport)];
        const forward = (row.opener === "remote") === (row.direction === "ingress");
        const known = row.opener !== "unknown" && row.direction !== "";
        const [served] = known ? [ports[forward ? 1 : 0]!] : [Math.min(...ports)];
        return (
          [22, 443, 5432].includes(served) &&
          !(row.action === "ACCEPT" && weak.includes(row.grade!))
        );
      });
      expect(passing.length).toBeGreaterThan(100);
      expect(await rowsOf(at("some.csv"))).toEqual(passing);
      for (const verdict of ["allow", "deny", "unknown"])
        expect(await rowsOf(at(`${verdict}.csv`)), verdict).toEqual(
          passing.filter((row) => row.verdict === verdict),
        );
      expect(withoutSelection(stdout)).toEqual(
        withoutSelection(await readFile(at("all.json"), "utf8")),
      );
      const { selection } = JSON.parse(stdout) as {
        selection: { records: number; top: unknown[] };
      };
      expect(selection).toMatchObject({
        where: filter,
        records: passing.length,
        bytes: passing.reduce((sum, { bytes }) => sum + Number(bytes), 0),
        top: [
          { keys: ["dstport"], missed: { records: 0, bytes: 0 } },
          { keys: ["remote", "verdict"] },
        ],
      });
    }));

  it("says where a filter is none before it reads the logs", async () => {
    const { stderr, code, stdout } = await run(
      ...EVALUATE,
      "--where",
      "verdict = deny or grade => paired",
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      'flowverdict: --where, column 26: a value for grade is expected; found ">" (filter-invalid)',
      "    verdict = deny or grade => paired",
      `    ${" ".repeat(25)}^`,
      "  hint: write >=",
      "",
    ]);
  });

  it("knows the columns that only the logs have", async () => {
    const input =
      "version interface-id srcaddr dstaddr srcport dstport protocol start end action log-status my-field\n" +
      "2 eni-a 10.0.0.1 10.0.0.2 1024 443 6 1700000000 1700000060 ACCEPT OK blue\n" +
      "2 eni-a 10.0.0.1 10.0.0.2 1025 443 6 1700000000 1700000060 ACCEPT OK red\n";
    const args = ["evaluate", "-", ...RULES, "--records", "-", "-q", "--where", "my-field = red"];
    const { stdout } = await runCli(args, { cwd: ROOT, input });
    const [, ...lines] = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(",")[4])).toEqual(["1025"]);
  });

  it("refuses two streams for one stdout, and a target twice", () =>
    inFolder(async (folder) => {
      const piped = await run(...EVALUATE, "--records", "-", "--deny-out", "-");
      expect(piped.stderr).toContain(
        "--records and --deny-out both write to stdout (outputs-shared)",
      );
      const file = join(folder, "x.csv");
      const twice = await run(...EVALUATE, "--records", file, "--deny-out", file);
      expect(twice.stderr).toContain("--deny-out would overwrite the records (output-is-input)");
    }));
});

describe("diff --where", () => {
  const DIFF = ["diff", "examples/logs", ...RULES, "--candidate", "examples/candidate.edits"];

  it("writes what passes and says how much", () =>
    inFolder(async (folder) => {
      const file = join(folder, "changed.csv");
      const { stderr } = await run(...DIFF, "--records", file, "--where", "change != unchanged");
      const rows = await rowsOf(file);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(({ change }) => change !== "unchanged")).toBe(true);
      expect(stderr).toContain(`note: ${rows.length} of 6,971 records passed --where`);
    }));

  it("refuses to choose records that nobody asked for", async () => {
    const { stderr, code } = await run(...DIFF, "--where", "change != unchanged");
    expect(stderr).toContain("--where chooses records, and none are written");
    expect(code).toBe(2);
  });
});
