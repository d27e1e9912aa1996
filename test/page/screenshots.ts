import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../browser/chromium.js";
import { ROOT } from "../support/packed.js";
import { judgeExample, openPage, show } from "./open-page.js";

const FOLDER = join(ROOT, "build/screenshots");

const SIZES = {
  small: { width: 1280, height: 720 },
  wide: { width: 1920, height: 1080 },
} as const;

type Shot = readonly [name: string, go: (page: Page) => Promise<void>];

/** In the order in which they can be taken of one page. */
const SHOTS: readonly Shot[] = [
  ["start-empty", (page) => page.getByText("aws ec2 describe-vpcs").waitFor()],
  ["start-read", judgeExample],
  ["overview", (page) => show(page, "Overview")],
  ["coverage", (page) => show(page, "Coverage")],
  ["fidelity", (page) => show(page, "Fidelity")],
  [
    "peers",
    async (page) => {
      await show(page, "Peers");
      await page.locator(".peers-cell").first().click();
    },
  ],
  ["records", (page) => show(page, "Records")],
  [
    "records-why",
    async (page) => {
      await page.getByRole("grid").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "The record" }).waitFor();
    },
  ],
  [
    "ledger",
    async (page) => {
      await show(page, "Rule ledger");
      await page.getByRole("button", { name: "Propose rules that can go" }).click();
      await page.getByText("can go together").waitFor();
      await page.getByRole("button", { name: "What would break?" }).click();
      await page.locator("[data-change]").first().waitFor();
    },
  ],
  ["lint", (page) => show(page, "Lint")],
  ["candidate", (page) => show(page, "Candidate")],
  [
    "candidate-changed",
    async (page) => {
      await page.getByRole("button", { name: /^web/ }).click();
      await page.getByRole("button", { name: /^Revoke: ingress tcp 80 / }).click();
      await page
        .getByRole("button", { name: /^More of/ })
        .first()
        .click();
      await page.getByText("When the records came that change").click();
      await page.locator(".changes").waitFor();
    },
  ],
  ["suggestions", (page) => show(page, "Suggestions")],
  ["keep", (page) => show(page, "Keep")],
  ["method", (page) => show(page, "Method and limits")],
];

/** `wanted`: parts of names; none = all. */
export async function takeScreenshots(wanted: readonly string[]): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const scheme of ["light", "dark"] as const)
      for (const size of ["small", "wide"] as const)
        if (
          wanted.length === 0 ||
          wanted.some(
            (part) => `${scheme}-${size}`.includes(part) || !/light|dark|small|wide/.test(part),
          )
        )
          await takeAll(browser, scheme, size, wanted);
  } finally {
    await browser.close();
  }
}

async function takeAll(
  browser: Browser,
  scheme: "light" | "dark",
  size: keyof typeof SIZES,
  wanted: readonly string[],
): Promise<void> {
  const { page, close } = await openPage(browser, "single", SIZES[size], scheme);
  for (const [name, go] of SHOTS) {
    await go(page);
    await page.mouse.move(0, 0);
    const path = `${name}-${scheme}-${size}.png`;
    if (wanted.length > 0 && !wanted.some((part) => path.includes(part))) continue;
    // What scrolls is the content, not the page: it is shown whole.
    const rest = await page
      .locator("main")
      .evaluate((main) => Math.max(0, main.scrollHeight - main.clientHeight));
    const { width, height } = SIZES[size];
    await page.setViewportSize({ width, height: Math.min(height + rest, 4000) });
    await page.screenshot({ path: join(FOLDER, path) });
    await page.setViewportSize(SIZES[size]);
  }
  await close();
}
