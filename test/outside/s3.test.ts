// Logs in S3, from a server that speaks it and that nobody here wrote.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateLog } from "../../src/generate/index.js";
import { type Outcome, runCli } from "../cli/run-cli.js";
import { parquetOf, tableOf } from "../support/columnar.js";
import { ROOT } from "../support/packed.js";

const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));

/** In a process of its own: its marks of pages need a cipher that is switched off else. */
const SERVE = `
  const { createRequire } = require("node:module");
  const S3rver = createRequire(process.argv[1])("s3rver");
  const configureBuckets = [{ name: "logs" }];
  const options = { address: "127.0.0.1", port: 0, silent: true, directory: process.argv[2], configureBuckets };
  new S3rver(options).run().then(({ port }) => console.log(port));
`;
let server: ChildProcess | undefined;

async function serve(): Promise<string> {
  const directory = join(folder, "served");
  mkdirSync(directory);
  const args = ["--openssl-legacy-provider", "--eval", SERVE];
  const started = spawn(
    process.execPath,
    [...args, join(ROOT, "test/outside/package.json"), directory],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  server = started;
  const [port] = await once(started.stdout, "data");
  return `http://127.0.0.1:${String(port).trim()}`;
}

const env: Record<string, string> = {
  AWS_ACCESS_KEY_ID: "S3RVER",
  AWS_SECRET_ACCESS_KEY: "S3RVER",
  AWS_REGION: "eu-west-1",
  AWS_MAX_ATTEMPTS: "2",
};
const DELIVERED = "examples/logs";
const RULES = ["--rules", "examples/account"];
const delivered = readdirSync(join(ROOT, DELIVERED), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(join(ROOT, DELIVERED), join(entry.parentPath, entry.name)))
  .sort();
const bytesOf = (name: string): Buffer => readFileSync(join(ROOT, DELIVERED, name));

let put: (key: string, body: Uint8Array) => Promise<unknown>;

beforeAll(async () => {
  env.AWS_ENDPOINT_URL_S3 = await serve();
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL_S3,
    region: "eu-west-1",
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    forcePathStyle: true,
    // The server is older than the check sums that the SDK adds else.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  put = (key, body) => client.send(new PutObjectCommand({ Bucket: "logs", Key: key, Body: body }));
  // In another order than their times.
  for (const name of [...delivered].reverse()) await put(`delivered/${name}`, bytesOf(name));
});

afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<Outcome> {
  return runCli(args, { cwd: ROOT, env });
}

/** A JSON answer without what differs from run to run, and without what stands before the names of objects. */
function answer({ stdout }: Outcome): unknown {
  const { cost: _, ...rest } = JSON.parse(stdout.replaceAll("s3://logs/delivered/", ""));
  return rest;
}

describe("a prefix in S3", () => {
  it("is read as a folder of the same files is, records too", async () => {
    const records = (name: string): string[] => ["--records", join(folder, name)];
    const here = await run("evaluate", DELIVERED, ...RULES, "--json", ...records("here.csv"));
    const there = await run(
      "evaluate",
      "s3://logs/delivered/",
      ...RULES,
      "--json",
      ...records("there.csv"),
    );
    expect(there.code).toBe(0);
    expect(answer(there)).toEqual(answer(here));
    const text = (name: string): string => readFileSync(join(folder, name), "utf8");
    expect(text("there.csv").replaceAll("s3://logs/delivered/", "")).toBe(text("here.csv"));
  });

  it("in several workers, and by other commands", async () => {
    const alone = await run("evaluate", DELIVERED, ...RULES, "--json");
    const jobs = await run("evaluate", "s3://logs/deliv", ...RULES, "--json", "--jobs", "2");
    expect(answer(jobs)).toEqual(answer(alone));
    const usage = await run("usage", "s3://logs/delivered", ...RULES, "--json");
    expect(answer(usage)).toEqual(answer(await run("usage", DELIVERED, ...RULES, "--json")));
  });

  it("leaves objects out by their names, before they are opened", async () => {
    const span = ["--from", "2026-03-02T02:00:00Z", "--json"];
    const found = await run("evaluate", "s3://logs/delivered/", ...RULES, ...span);
    const { coverage } = JSON.parse(found.stdout);
    expect(coverage).toMatchObject({ files: 0, filesOutsideTime: delivered.length });
    expect(coverage.bytesRead).toBe(0);
  });

  it("of more objects than a listing holds", async () => {
    const [name = ""] = delivered;
    const line =
      "2 123456789012 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 1 40 1700000000 1700000009 ACCEPT OK\n";
    const keys = Array.from({ length: 1_100 }, (_, i) => `many/${i}.log`);
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => put(key, Buffer.from(line))));
    await put("many/.hidden.log", bytesOf(name));
    const found = await run("evaluate", "s3://logs/many/", ...RULES, "--json");
    expect(found.code).toBe(0);
    expect(JSON.parse(found.stdout).coverage.files).toBe(keys.length);
  }, 240_000);
});

describe("objects", () => {
  it("of a columnar form are read by place", async () => {
    const options = { seed: 3, records: 30_000, interfaces: 12, format: "v5" as const };
    const text = [...generateLog(options)]
      .map(({ text }) => new TextDecoder().decode(text))
      .join("");
    const parquet = parquetOf(tableOf(text), { typed: true, codec: "UNCOMPRESSED" });
    expect(parquet.length).toBeGreaterThan(1 << 20);
    await put("columns/log", parquet);
    await put("text/log", Buffer.from(text));
    const verdicts = async (path: string): Promise<unknown> =>
      JSON.parse((await run("evaluate", path, ...RULES, "--json")).stdout).verdicts;
    expect(await verdicts("s3://logs/columns/log")).toEqual(await verdicts("s3://logs/text/log"));
  });

  it("of summaries are told by their names, and taken in place of logs", async () => {
    const fvs = join(folder, "day.fvs");
    await run("summarize", "s3://logs/delivered/", ...RULES, "-o", fvs);
    await put("summaries/day.fvs", readFileSync(fvs));
    const here = await run("usage", fvs, ...RULES, "--format", "json");
    expect(here.code).toBe(0);
    for (const logs of [["s3://logs/summaries/"], ["--from", "s3://logs/summaries/day.fvs"]]) {
      const there = await run("usage", ...logs, ...RULES, "--format", "json");
      expect(there.code).toBe(0);
      expect(JSON.parse(there.stdout).rules).toEqual(JSON.parse(here.stdout).rules);
    }
  });

  it("that break are told by name, and the others are read", async () => {
    const [first = "", second = ""] = delivered;
    const whole = bytesOf(first);
    await put("broken/a.log.gz", whole.subarray(0, whole.length - 100));
    await put("broken/b.log.gz", bytesOf(second));
    await put("broken/c.log.gz", Buffer.concat([gzipSync("no log\n")]));
    await put("broken/empty.log", Buffer.alloc(0));
    const found = await run("evaluate", "s3://logs/broken/", ...RULES, "--json");
    expect(found.code).toBe(2);
    const { coverage } = JSON.parse(found.stdout);
    expect(coverage.brokenFiles.map(({ name }: { name: string }) => name)).toEqual([
      "s3://logs/broken/a.log.gz",
      "s3://logs/broken/c.log.gz",
    ]);
    expect(coverage.files).toBe(4);
    const strict = await run("evaluate", "s3://logs/broken/", ...RULES, "--strict");
    expect(strict.code).toBe(2);
    expect(strict.stderr).toContain("s3://logs/broken/a.log.gz");
  });
});

describe("says what is missing", () => {
  it.each([
    ["s3://logs/nothing", "no object has a key that begins so"],
    ["s3://elsewhere/logs", "NoSuchBucket"],
    ["s3:///logs", "names no bucket"],
  ])("%s", async (path, what) => {
    const { code, stderr } = await run("evaluate", path, ...RULES);
    expect(code).toBe(2);
    expect(stderr).toContain(path);
    expect(stderr).toContain(what);
  });

  it("the SDK, where it is not installed", async () => {
    const modules = join(folder, "node_modules");
    const own = join(modules, "flowverdict");
    mkdirSync(own, { recursive: true });
    for (const part of ["package.json", "build/core.wasm", "dist/cli"])
      cpSync(join(ROOT, part), join(own, part), { recursive: true });
    const main = join(own, "dist/cli/main.js");
    const told = await runCli(["evaluate", "s3://logs/delivered", ...RULES], {
      cwd: ROOT,
      env,
      main,
    });
    expect(told.code).toBe(2);
    expect(told.stderr).toContain("(sdk-missing)");
    expect(told.stderr).toContain("npm install @aws-sdk/client-s3");
    // Nothing else needs it.
    expect((await runCli(["evaluate", DELIVERED, ...RULES], { cwd: ROOT, env, main })).code).toBe(
      0,
    );
  });
});
