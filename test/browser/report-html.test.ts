import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inFolder, runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";
import { launchChromium } from "./chromium.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["--rules", "examples/account"];
const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["evaluate", ["evaluate", "examples/logs", ...RULES, "--top", "port,remote+port"]],
  [
    "diff",
    [
      "diff",
      "examples/logs",
      ...RULES,
      "--candidate",
      "examples/candidate.edits",
      "--only-changed",
    ],
  ],
  ["lint", ["lint", ...RULES]],
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(COMMANDS)("the report of %s", (_name, args) => {
  it.each(["light", "dark"] as const)("is whole, silent and accessible in the %s", (colorScheme) =>
    inFolder(async (folder) => {
      const file = join(folder, "report.html");
      await runCli([...args, "-q", "-o", join(folder, "answer.txt"), "--report", file], {
        cwd: ROOT,
      });
      // The policy of the file forbids scripts, axe's too: it is let in here, after the file was looked at as it is.
      const strict = await browser.newPage({ colorScheme });
      const said: string[] = [];
      const asked: string[] = [];
      strict.on("console", (message) => said.push(message.text()));
      strict.on("request", (request) => asked.push(request.url()));
      const url = pathToFileURL(file).href;
      await strict.goto(url);
      expect({ said, asked }).toEqual({ said: [], asked: [url] });
      const text = await strict.textContent("body");
      expect(text).toContain("SHA-256");
      const margin = await strict.evaluate("getComputedStyle(document.body).maxWidth");
      expect(margin).not.toBe("none");
      await strict.close();
      const context = await browser.newContext({ bypassCSP: true, colorScheme });
      const page = await context.newPage();
      await page.goto(url);
      await page.addScriptTag({ content: await readFile(AXE, "utf8") });
      const faults = await page.evaluate(
        "axe.run().then((found) => found.violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
      );
      expect(faults).toEqual([]);
      await context.close();
    }),
  );
});
