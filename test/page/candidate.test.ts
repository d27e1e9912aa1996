import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";
import { judgeExample, type OpenedPage, openPage } from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

/** The group `web` of the example. */
const GROUP = "sg-0d811dbe9512a9545";

let browser: Browser;
let opened: OpenedPage;
beforeAll(async () => {
  browser = await launchChromium();
  opened = await openPage(browser, "single");
  await judgeExample(opened.page);
  await opened.page.getByRole("link", { name: "Candidate", exact: true }).click();
}, INSTALL_MS);
afterAll(async () => {
  await opened?.close();
  await browser?.close();
});

function broken(page: Page): Promise<number> {
  return page
    .locator('[data-change="newly-denied"]')
    .textContent()
    .then((text) => Number((text ?? "").replaceAll(",", "")));
}

describe("a candidate", () => {
  it("is written in the table, shows what breaks, and is mended by the rule offered", async () => {
    const { page } = opened;
    await expect.poll(() => broken(page)).toBe(0);
    await page.getByRole("button", { name: /^web/ }).click();
    await page.getByRole("button", { name: /^Revoke: ingress tcp 80 / }).click();
    await expect.poll(() => broken(page)).toBeGreaterThan(0);
    const before = await broken(page);
    await page
      .getByRole("button", { name: /^More of/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Add the rule that would fix this" }).click();
    await expect.poll(() => broken(page)).toBeLessThan(before);
  });

  it("shows when the records came, tuple by tuple", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Undo" }).click();
    const rows = page.getByRole("region", { name: /^What changes/ }).locator("tbody > tr");
    await expect.poll(() => broken(page)).toBe(50);
    const chart = rows.first().getByRole("img");
    await expect
      .poll(() => chart.getAttribute("aria-label"))
      .toMatch(/: 185 records, \d+ in 1 min/);
    const more = rows.first().getByRole("button", { name: /^More of/ });
    await more.click();
    await expect.poll(() => rows.nth(1).textContent()).toContain(", 185 records, ");
    await rows
      .first()
      .getByRole("button", { name: /^Less of/ })
      .click();
    await page.getByText("When the records came that change").click();
    await expect(page.locator("figure").textContent()).resolves.toContain("would break 206");
    // A drag over the second half chooses its time, for the records too.
    const box = (await page.locator("svg.changes").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    const chosen = await page
      .getByRole("combobox", { name: "From" })
      .evaluate((each) => Number((each as HTMLSelectElement).value));
    await page.getByRole("link", { name: "Open its records" }).click();
    const time = new Date(1000 * chosen).toISOString().slice(0, 16).replace("T", " ");
    await page.getByText(new RegExp(`And the time chosen: ${time}`)).waitFor();
    await page.getByRole("link", { name: "Candidate", exact: true }).click();
    await page.getByRole("button", { name: "All times" }).click();
    await expect(page.getByRole("link", { name: "Open its records" }).count()).resolves.toBe(0);
    await page.getByText("When the records came that change").click();
    await page.getByRole("button", { name: "Redo" }).click();
  });

  it("is taken back step by step", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => broken(page)).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => broken(page)).toBe(0);
    await expect(page.getByRole("button", { name: "Undo" }).isDisabled()).resolves.toBe(true);
  });

  it("shows hostile names as text, and refuses what is no edit with its place", async () => {
    const { page } = opened;
    await page.getByRole("radio", { name: "Edit lines" }).check();
    const lines = page.getByRole("textbox", { name: /One a line/ });
    await lines.fill('revoke "<img src=x onerror=alert(1)>" ingress tcp 22 0.0.0.0/0');
    await page.keyboard.press("Tab");
    await page.getByRole("alert").first().waitFor();
    await expect(page.getByRole("alert").first().textContent()).resolves.toContain("<img src=x");
    await expect(page.locator("main img").count()).resolves.toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
  });
});

describe("a suggestion", () => {
  it("is tried on what was held back, as on a summary of the log", async () => {
    const { page } = opened;
    await page.getByRole("link", { name: "Suggestions", exact: true }).click();
    await page.getByRole("combobox", { name: /^Group/ }).selectOption(GROUP);
    const folder = await mkdtemp(join(tmpdir(), "flowverdict-suggestion-"));
    const summary = join(folder, "log.fvs");
    const run = (...args: string[]) =>
      runCli([...args, "--rules", "account"], { cwd: join(ROOT, "examples") });
    await run("summarize", "logs", "-o", summary);
    const { stdout } = await run("tighten", summary, "--group", GROUP, "--format", "markdown");
    await rm(folder, { recursive: true });
    const told = /Of \d+ connections .* would have denied \d+\./.exec(stdout)?.[0] ?? "nothing";
    await page.getByText(told).waitFor();
    await expect(page.getByText(told).count()).resolves.toBe(1);
  });
});
