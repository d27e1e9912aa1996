import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inFolder, runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";

const RECORDS = 20_000;

async function printed(script: string, ...args: string[]): Promise<string> {
  const path = join(ROOT, "bench", script);
  return (await promisify(execFile)(process.execPath, [path, ...args])).stdout;
}

/** A generated log of default fields in a folder of its own, with the path of its one file. */
async function withLog(work: (folder: string, log: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const made = await runCli([
      ...["generate", "-q", "-o", folder, "--records", String(RECORDS)],
      ...["--interfaces", "20", "--rules-per-interface", "100"],
    ]);
    expect(made.code).toBe(0);
    const { stdout } = await promisify(execFile)("find", [join(folder, "logs"), "-type", "f"]);
    await work(folder, stdout.trim());
  });
}

describe("the benchmark's contenders", () => {
  it("judge and count the same records", async () => {
    await withLog(async (folder, log) => {
      const account = join(folder, "account");
      const run = await runCli(["evaluate", log, "--rules", account, "--json"]);
      const { records, matrix, verdicts } = JSON.parse(run.stdout);
      const sum = (row: Readonly<Record<string, number>>): number =>
        Object.values(row).reduce((total, count) => total + count, 0);
      // The generator and the evaluation are seeded: another digest is another meaning.
      expect({ judged: records.judged, verdicts }).toEqual({
        judged: 19_998,
        verdicts: { allow: 18_647, deny: 1_086, unknown: 265 },
      });
      const pipeline = JSON.parse(await printed("peers/pipeline.mjs", account, log));
      expect(pipeline).toMatchObject({
        judged: records.judged,
        accepted: sum(matrix.accept),
        rejected: sum(matrix.reject),
      });
      expect(pipeline.admitted).toBeGreaterThan(RECORDS / 10);
      for (const way of ["summary", "batches", "stream", "csv", "reference"]) {
        const answer = JSON.parse(await printed("evaluate-once.mjs", way, account, log));
        expect(answer, way).toEqual(verdicts);
      }
      const text = await readFile(log);
      await writeFile(`${log}.gz`, gzipSync(text));
      expect(Number(await printed("peers/inflate.mjs", `${log}.gz`))).toBe(text.length);
    });
  });
});
