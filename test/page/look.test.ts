import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";
import { judgeExample, type OpenedPage, openPage, show } from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

let browser: Browser;
let opened: OpenedPage;
beforeAll(async () => {
  browser = await launchChromium();
  opened = await openPage(browser, "single");
  await judgeExample(opened.page);
}, INSTALL_MS);
afterAll(async () => {
  await opened?.close();
  await browser?.close();
});

interface Judged {
  readonly verdict: string;
  readonly reason: string;
  readonly action: string | null;
  readonly dstport: number | null;
  readonly bytes: number | null;
  readonly srcaddr: string | null;
  readonly start: number;
}

/** Every record as the command line judges it. */
async function judged(): Promise<readonly Judged[]> {
  const { stdout } = await runCli(
    ["evaluate", "logs", "--rules", "account", "--records", "-", "--records-format", "ndjson"],
    { cwd: join(ROOT, "examples") },
  );
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

let all: readonly Judged[];
beforeAll(async () => {
  all = await judged();
}, INSTALL_MS);

async function filter(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Filter of records" }).fill(text);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
}

async function shownTotal(page: Page): Promise<number> {
  const text = await page.locator(".row-ends strong").textContent();
  return Number((text ?? "").replaceAll(",", ""));
}

describe("the records", () => {
  it("are those of the command line, filtered", async () => {
    const { page } = opened;
    await show(page, "Records");
    const cases: readonly (readonly [string, (record: Judged) => boolean])[] = [
      ["", () => true],
      [
        "verdict = deny and dstport = 22",
        ({ verdict, dstport }) => verdict === "deny" && dstport === 22,
      ],
      [
        "action = ACCEPT and verdict = deny or reason = no-direction",
        ({ action, verdict, reason }) =>
          (action === "ACCEPT" && verdict === "deny") || reason === "no-direction",
      ],
      [
        "srcaddr in 198.51.100.0/24 and bytes > 1000",
        ({ srcaddr, bytes }) => srcaddr?.startsWith("198.51.100.") === true && bytes! > 1000,
      ],
    ];
    for (const [text, passes] of cases) {
      await filter(page, text);
      const wanted = all.filter(passes).length;
      expect(wanted, text).toBeGreaterThan(0);
      await expect.poll(() => shownTotal(page), { message: text }).toBe(wanted);
    }
  });

  it("are moved through by keys, and Enter tells why", async () => {
    const { page } = opened;
    await show(page, "Records");
    await filter(page, "verdict = deny and dstport = 22");
    const grid = page.getByRole("grid");
    await grid.focus();
    await page.keyboard.press("End");
    const last = (await shownTotal(page)) - 1;
    await page.locator(`#record-${last}[aria-selected=true]`).waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("complementary");
    await drawer.getByRole("heading", { name: "The record" }).waitFor();
    await expect(drawer.textContent()).resolves.toContain("no rule admits the opening");
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await expect(grid.evaluate((each) => each === document.activeElement)).resolves.toBe(true);
  });

  it("complete the filter by keys", async () => {
    const { page } = opened;
    await show(page, "Records");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("combobox", { name: "Filter of records" }).pressSequentially("verd");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.type("= den");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    const wanted = all.filter(({ verdict }) => verdict === "deny");
    await expect.poll(() => shownTotal(page)).toBe(wanted.length);
  });

  it("complete the filter by keys that come faster than the page is drawn", async () => {
    const { page } = opened;
    await show(page, "Records");
    await page.getByRole("button", { name: "Clear" }).click();
    const box = page.getByRole("combobox", { name: "Filter of records" });
    await box.focus();
    const written = await box.evaluate((field) => {
      const press = (key: string) =>
        field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      const type = (text: string) => {
        for (const letter of text) document.execCommand("insertText", false, letter);
      };
      type("verd");
      press("ArrowDown");
      press("Enter");
      type("= den");
      press("ArrowDown");
      press("Tab");
      press("Escape");
      press("Enter");
      return (field as HTMLInputElement).value;
    });
    expect(written).toBe("verdict = deny ");
    const wanted = all.filter(({ verdict }) => verdict === "deny");
    await expect.poll(() => shownTotal(page)).toBe(wanted.length);
  });
});

describe("the overview", () => {
  it("opens the records of a cell, as many as it says", async () => {
    const { page } = opened;
    await show(page, "Overview");
    await page.getByRole("button", { name: /AWS ACCEPT, rules deny/ }).click();
    const wanted = all.filter(({ action, verdict }) => action === "ACCEPT" && verdict === "deny");
    await expect.poll(() => shownTotal(page)).toBe(wanted.length);
  });

  it("lets a time be chosen by keys, and the lists follow", async () => {
    const { page } = opened;
    await show(page, "Overview");
    await page.getByRole("button", { name: "Clear" }).click();
    const chart = page.getByRole("application");
    await chart.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByRole("button", { name: "Whole time" }).waitFor();
    await page.getByRole("heading", { name: "Served ports" }).waitFor();
    await page.getByRole("link", { name: "See the records" }).click();
    // The second and third minute of the log.
    const first = Date.UTC(2026, 2, 2) / 1000;
    const wanted = all.filter(({ start }) => start >= first && start < first + 120);
    await expect.poll(() => shownTotal(page)).toBe(wanted.length);
    await page.getByRole("button", { name: "Clear" }).click();
  });
});
