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

  it("decode the same columns", async () => {
    await withLog(async (_folder, log) => {
      const [own, plain] = await Promise.all(
        ["kernels/decode.mjs", "peers/decode-js.mjs"].map(async (script) => {
          const { seconds, ...sums } = JSON.parse(await printed(script, "1", log));
          expect(seconds, script).toBeGreaterThan(0);
          return sums;
        }),
      );
      expect(own).toMatchObject({ records: RECORDS });
      expect(own).toEqual(plain);
    });
  });

  it("admit the headers that a walk over the rules admits", async () => {
    await inFolder(async (folder) => {
      const [rules, headers] = [join(folder, "rules"), join(folder, "headers")];
      await writeFile(
        rules,
        "6 443 443 10.0.0.0/8\n17 0 65535 10.1.0.0/16\n-1 0 65535 9.9.9.9/32\n",
      );
      const [ten, other, nine] = [0x0a010203, 0x0b000000, 0x09090909];
      const lines = [
        ...[`${ten} 1 1 443 6`, `${ten} 1 1 444 6`, `${ten} 1 1 53 17`],
        ...[`${other} 1 1 443 6`, `${nine} 1 1 9 6`],
      ];
      await writeFile(headers, `${lines.join("\n")}\n`);
      const answer = JSON.parse(await printed("kernels/classify.mjs", rules, headers));
      expect(answer).toMatchObject({ headers: 5, admitted: 3 });
    });
  });
});
