import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { beforeAll, describe, expect, it } from "vitest";
import { findLogs, findRuleFiles, readText } from "../../src/node/index.js";
import { inFolder, runCli } from "../cli/run-cli.js";
import { ROOT, withInstalled } from "../support/packed.js";
import type { Answer, CoreFrom, Inputs } from "./answer.js";
import { launchChromium } from "./chromium.js";
import { type Server, serve } from "./serve.js";

const RULES = join(ROOT, "examples/account");
const LOGS = [join(ROOT, "examples/logs"), join(ROOT, "examples/logs-v2")];

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

/** What the command line writes for the same inputs. */
async function answerOfNode(): Promise<Answer> {
  let answer: Answer | undefined;
  await inFolder(async (folder) => {
    const csv = join(folder, "verdicts.csv");
    const summary = join(folder, "summary.json");
    const args = ["--records", csv, "--json", "--output", summary, "--rules", RULES];
    const outcome = await runCli(["evaluate", ...LOGS, ...args]);
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
    answer = { csv: await readFile(csv, "utf8"), summary: await readFile(summary, "utf8") };
  });
  return answer!;
}

/** The page's files, as a bundler makes them from the package that npm would publish. */
async function bundlePage(folder: string): Promise<string> {
  await copyFile(join(ROOT, "test/browser/page.ts"), join(folder, "page.ts"));
  const html = '<!doctype html><title>flowverdict</title><script type="module" src="./page.ts">';
  await writeFile(join(folder, "index.html"), `${html}</script>\n`);
  const outDir = join(folder, "page");
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: { outDir, target: "es2022", assetsInlineLimit: 0 },
  });
  return outDir;
}

async function servePage(outDir: string): Promise<Server> {
  const extra = new Map<string, () => Promise<Uint8Array | string>>();
  const rules = await Promise.all(
    (await findRuleFiles([RULES])).map(async ({ name, path }) => ({
      name,
      text: await readText(path),
    })),
  );
  const logs = (await findLogs(LOGS)).map(({ name, path }, index) => {
    const url = `/logs/${index}`;
    extra.set(url, () => readFile(path));
    return { name, url };
  });
  const inputs: Inputs = { rules, logs };
  extra.set("/inputs.json", async () => JSON.stringify(inputs));
  return serve(outDir, extra);
}

/** Runs the page and gives its answers, and every address that it asked for. */
async function answersOfBrowser(
  wanted: readonly CoreFrom[],
): Promise<{ answers: Map<CoreFrom, Answer>; asked: Set<string>; faults: string[] }> {
  const answers = new Map<CoreFrom, Answer>();
  const asked = new Set<string>();
  const faults: string[] = [];
  await withInstalled(async (folder) => {
    const server = await servePage(await bundlePage(folder));
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("request", (request) => {
        const url = request.url();
        asked.add(url.startsWith(server.origin) ? "this server" : url);
      });
      await page.goto(server.origin, { waitUntil: "load" });
      for (const from of wanted)
        answers.set(from, await page.evaluate((coreFrom) => globalThis.judge(coreFrom), from));
    } finally {
      await browser.close();
      await server.close();
    }
  });
  return { answers, asked, faults };
}

describe("a page with the bundled library", () => {
  let node: Answer;
  let browser: Awaited<ReturnType<typeof answersOfBrowser>>;
  beforeAll(async () => {
    node = await answerOfNode();
    browser = await answersOfBrowser(["file", "inline"]);
  }, INSTALL_MS);

  it.each(["file", "inline"] as const)(
    "gives the bytes of the command line on the examples (core: %s)",
    (from) => {
      const answer = browser.answers.get(from)!;
      expect(answer.summary).toBe(node.summary);
      // By line, so that a difference is told in one line.
      const lines = answer.csv.split("\n");
      const expected = node.csv.split("\n");
      expect(lines.length).toBe(expected.length);
      const odd = expected.findIndex((line, i) => line !== lines[i]);
      expect(odd < 0 ? "" : `${odd + 1}: ${lines[odd]}`).toBe(
        odd < 0 ? "" : `${odd + 1}: ${expected[odd]}`,
      );
      expect(expected.length).toBeGreaterThan(10_000);
    },
  );

  it("throws nothing and asks nobody but its own server", () => {
    expect(browser.faults).toEqual([]);
    expect([...browser.asked]).toEqual(["this server"]);
  });
});
