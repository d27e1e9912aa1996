// The files under examples/ are the generator's work. UPDATE_EXAMPLES=1 writes them anew.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "fflate";
import { expect, test } from "vitest";
import { type ExampleFile, exampleFiles } from "../../src/generate/example.js";

const FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));
const FOLDERS = ["account", "logs", "logs-v2"];

function stored({ path, text }: ExampleFile): [string, Uint8Array] {
  if (!path.endsWith(".log")) return [path, text];
  // Time zero: compressed bytes must not depend on the day.
  return [`${path}.gz`, gzipSync(text, { level: 9, mtime: 0 })];
}

function listFiles(folder: string): string[] {
  return readdirSync(join(FOLDER, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

if (process.env.UPDATE_EXAMPLES === "1") {
  for (const folder of FOLDERS) rmSync(join(FOLDER, folder), { recursive: true, force: true });
  for (const [path, bytes] of exampleFiles().map(stored)) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), bytes);
  }
}

test("examples/ holds exactly the files that the generator makes", () => {
  const made = exampleFiles().map(stored);
  expect(FOLDERS.flatMap(listFiles).sort()).toEqual(made.map(([path]) => path).sort());
  let size = 0;
  for (const [path, bytes] of made) {
    const found = readFileSync(join(FOLDER, path));
    size += found.length;
    const plain = path.endsWith(".gz") ? gunzipSync(found) : found;
    const wanted = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
    expect(Buffer.compare(plain, wanted), path).toBe(0);
    expect(Buffer.compare(found, bytes), path).toBe(0);
  }
  expect(size).toBeLessThan(400_000);
});

test("the log lines are some ten thousand in two formats", () => {
  const logs = exampleFiles().filter(({ path }) => path.endsWith(".log"));
  const lines = logs.map(({ text }) => text.filter((byte) => byte === 10).length - 1);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBe(12_000);
  expect(new Set(logs.map(({ path }) => path.split("/")[0]))).toEqual(new Set(["logs", "logs-v2"]));
});
