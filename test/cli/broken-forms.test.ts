// A file of each form that is cut off is told by name and place, and the rest of the run goes on.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { generateLog } from "../../src/generate/index.js";
import { arrowOf, parquetOf, tableOf } from "../support/columnar.js";
import { OTHER_NODES, zstdOf } from "../support/zstd.js";
import { runCli } from "./run-cli.js";

const options = { seed: 21, records: 3_000, interfaces: 12, format: "v5" as const };
const chunks = [...generateLog(options)].map(({ text }) => new TextDecoder().decode(text));
const text = chunks.join("");
const table = tableOf(text);
const messages = text
  .trimEnd()
  .split("\n")
  .map((message) => ({ message }));
const envelope = JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: messages });
const lambda = { awslogs: { data: gzipSync(envelope).toString("base64") } };

const FORMS: Readonly<Record<string, string | Uint8Array>> = {
  "log.gz": gzipSync(text),
  ...(OTHER_NODES.length === 0 ? {} : { "log.zst": zstdOf(text) }),
  "messages.json": JSON.stringify({ events: messages }, null, 2),
  "subscription.json": JSON.stringify(lambda),
  "log.arrows": arrowOf(table, { typed: true, batchRows: 500 }),
  "log.arrow": arrowOf(table, { typed: true, file: true, batchRows: 500 }),
  "log.parquet": parquetOf(table, { typed: true, rowGroupSize: 500 }),
};
/** Where a form is used up to, in words of its message. */
const PLACES: Readonly<Record<string, RegExp>> = {
  "log.gz": /used up to there \(\d+ bytes\)/,
  "log.zst": /used up to there \(\d+ bytes\)/,
  "messages.json": /at line \d+, column \d+/,
  "subscription.json": /at line \d+, column \d+/,
  "log.arrows": /byte \d+.*used up to there \(\d+ rows\)/,
  "log.arrow": /byte \d+.*used up to there \(\d+ rows\)/,
  "log.parquet": /used up to there \(\d+ rows\)/,
};

const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));
for (const [name, bytes] of Object.entries(FORMS))
  writeFileSync(join(folder, name), bytes.slice(0, Math.floor(bytes.length * 0.6)));
writeFileSync(join(folder, "whole.log"), text);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RULES = ["--rules", "examples/account", "--json"];

describe("files that are cut off", () => {
  it("are told by name and place, beside one that is whole", async () => {
    const { code, stdout, stderr } = await runCli(["evaluate", folder, ...RULES]);
    expect(code).toBe(2);
    const { coverage, records } = JSON.parse(stdout);
    const broken: { name: string; message: string }[] = coverage.brokenFiles;
    expect(broken.map(({ name }) => name)).toEqual(Object.keys(FORMS).sort());
    for (const { name, message } of broken) {
      expect(message, name).toMatch(PLACES[name]!);
      expect(stderr, name).toContain(name);
    }
    expect(records.read).toBeGreaterThan(messages.length);
  });

  it.each(Object.keys(FORMS))("%s stops the run with --strict", async (name) => {
    const whole = join(folder, "whole.log");
    const args = ["evaluate", join(folder, name), whole, ...RULES, "--strict"];
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(name);
  });
});
