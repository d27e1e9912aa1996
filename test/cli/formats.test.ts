import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { runCli } from "./run-cli.js";

const RULES = ["--rules", "examples/account"];
const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["evaluate", ["evaluate", "examples/logs", ...RULES]],
  ["doctor", ["doctor", "examples/logs", ...RULES]],
];

/** Throughput is all that may differ between two runs. */
function printed(stdout: string): string {
  return stdout.split("\nThroughput\n")[0]!;
}

async function run(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runCli(args, { cwd: ROOT });
  expect(stderr).toBe("");
  return printed(stdout);
}

describe.each(COMMANDS)("%s --format", (_name, args) => {
  it("prints a table by default; text is another word for it", async () => {
    const text = await run(args);
    expect(await run([...args, "--format", "table"])).toBe(text);
    expect(await run([...args, "-f", "text"])).toBe(text);
  });

  it("prints one document with json and --json", async () => {
    const text = await run([...args, "--format", "json"]);
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1, tool: { name: "flowverdict" } });
    expect(await run([...args, "--json"])).toBe(text);
  });

  it("prints Markdown", async () => {
    expect(await run([...args, "--format", "markdown"])).toMatch(/^## flowverdict/);
  });

  it("prints lines", async () => {
    const [head, ...rest] = (await run([...args, "--format", "ndjson"])).trimEnd().split("\n");
    expect(JSON.parse(head!)).toMatchObject({ type: "report", schemaVersion: 1 });
    expect(rest.length).toBeGreaterThan(0);
  });
});
