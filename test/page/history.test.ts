import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";
import { type OpenedPage, openPage, saved, show } from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

const EXAMPLES = join(ROOT, "examples");
/** As the guide has it: for a quarter of an hour the groups had another rule. */
const BETWEEN = "groups-with-batch.json";
const BEGINS = "2026-03-02T00:00:00Z";
const ENDS = "2026-03-02T00:15:00Z";
const RULES = ["account", `${BETWEEN}@${BEGINS}`, `account@${ENDS}`];

let browser: Browser;
let opened: OpenedPage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowverdict-history-"));
  browser = await launchChromium();
  opened = await openPage(browser, "single");
  const { page } = opened;
  await page.getByRole("button", { name: "Try the example" }).click();
  await page.getByText("4 files, ").waitFor();
  const rules = page.getByRole("region", { name: "Rules", exact: true }).first();
  await rules.getByRole("button", { name: "Remove" }).click();
  await rules.getByText("Drop files or a folder here").waitFor();
}, INSTALL_MS);
afterAll(async () => {
  await opened?.close();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function cli(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await runCli([...args], { cwd: EXAMPLES });
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Files of the example as the page is to be given them. */
async function filesOf(
  path: string,
): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const names = path.endsWith(".json") ? [path] : (await readdir(join(EXAMPLES, path))).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(name.lastIndexOf("/") + 1),
      mimeType: "application/json",
      buffer: await readFile(path === name ? join(EXAMPLES, name) : join(EXAMPLES, path, name)),
    })),
  );
}

/** Without the places of rules: the command line knows paths, the page names. */
function bare(json: string): unknown {
  return JSON.parse(json, (key, value) => (key === "at" ? undefined : value));
}

describe("rules with their times", () => {
  it("are given one after the other, and a time that is none is refused", async () => {
    const { page } = opened;
    const rules = page.getByRole("region", { name: "Rules", exact: true }).first();
    const from = rules.getByLabel("Those given next hold from");
    const files = rules.getByLabel("Choose files", { exact: true }).and(page.locator("input"));
    await from.fill("yesterday");
    await files.setInputFiles(await filesOf(BETWEEN));
    await page.getByRole("alert").filter({ hasText: "yesterday is no time" }).waitFor();
    await from.fill("");
    await files.setInputFiles(await filesOf("account"));
    await rules.getByText("6 documents").waitFor();
    await from.fill(BEGINS);
    await files.setInputFiles(await filesOf(BETWEEN));
    await rules.getByText("7 documents").waitFor();
    await from.fill(ENDS);
    await files.setInputFiles(await filesOf("account"));
    await expect
      .poll(() => rules.textContent())
      .toMatch(/42 rules from the beginning, 43 rules from .* 42 rules from/);
    await page.getByRole("button", { name: "Read and judge the logs" }).click();
    await page.getByRole("link", { name: "See what they say" }).waitFor();
  });

  it.each(["check", "usage", "evaluate"])(
    "say what the command line says of them: %s",
    async (question) => {
      const { page } = opened;
      await show(page, "Keep");
      await page.getByLabel(/^Answer/).selectOption(question);
      await page.getByLabel("Form of the answer").selectOption({ label: "JSON" });
      const told = (await saved(page, "Save findings")).toString();
      expect(bare(told)).toEqual(bare(await cli(question, "logs", "--rules", ...RULES, "--json")));
    },
  );

  it("judge every record by the rules of its time", async () => {
    const { page } = opened;
    await show(page, "Keep");
    const path = join(folder, "records.csv");
    await cli("evaluate", "logs", "--rules", ...RULES, "--records", path);
    const told = (await saved(page, "Save records")).toString();
    expect(told).toBe(await readFile(path, "utf8"));
    await cli("evaluate", "logs", "--rules", "account", "--records", path);
    expect(told).not.toBe(await readFile(path, "utf8"));
  });

  it("are compared with by those that hold last, and that is said", async () => {
    const { page } = opened;
    await show(page, "Candidate");
    const note = page.getByText("The rules changed while the log ran");
    await note.waitFor();
    await expect(note.textContent()).resolves.toContain("those that hold last");
    await show(page, "Keep");
    await page.getByRole("button", { name: "Save session" }).click();
    await page.getByRole("alert").filter({ hasText: "does not tell when" }).waitFor();
  });
});
