import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { serve } from "../browser/serve.js";
import { ROOT } from "../support/packed.js";

/** Which of the two builds is opened, and how. */
export type Build = "single" | "hosted";

export interface OpenedPage {
  readonly page: Page;
  /** Every address that the page or its worker asked for. */
  readonly asked: readonly string[];
  /** What was thrown, or written to the console as an error. */
  readonly faults: readonly string[];
  /** Where the page itself lies. */
  readonly origin: string;
  close(): Promise<void>;
}

export const SINGLE: string = join(ROOT, "dist/page/flowverdict.html");
export const HOSTED: string = join(ROOT, "dist/page/hosted");

/** Opens a build as a user would: the single file from disk, the hosted one from a server. */
export async function openPage(
  browser: Browser,
  build: Build,
  size: { readonly width: number; readonly height: number } = { width: 1280, height: 720 },
  colorScheme: "light" | "dark" = "light",
): Promise<OpenedPage> {
  const server = build === "hosted" ? await serve(HOSTED, new Map()) : undefined;
  const context = await browser.newContext({ viewport: size, colorScheme });
  const page = await context.newPage();
  const asked: string[] = [];
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  context.on("request", (request) => asked.push(request.url()));
  const origin = server?.origin ?? pathToFileURL(SINGLE).href;
  await page.goto(origin, { waitUntil: "load" });
  // What is drawn ahead answers nothing.
  await page.locator("#page:not([inert])").waitFor();
  return {
    page,
    asked,
    faults,
    origin,
    close: async () => {
      await context.close();
      await server?.close();
    },
  };
}

/** Gives the example and lets it be judged, by so many workers. */
export async function judgeExample(page: Page, workers = ""): Promise<void> {
  await page.getByRole("button", { name: "Try the example" }).click();
  await page.getByLabel("Workers").selectOption(workers);
  await page.getByRole("button", { name: "Read and judge the logs" }).click();
  await page.getByRole("link", { name: "See what they say" }).waitFor();
}

/** Goes to a screen and waits for what it has to say. */
export async function show(page: Page, screen: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: screen, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: screen, exact: true }).waitFor();
  await page.getByText("Working it out").first().waitFor({ state: "detached" });
}

/** The file that a button hands out. */
export async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return readFile(await download.path());
}

/** The policy that a build carries. */
export async function policyOf(build: Build): Promise<string> {
  const html = await readFile(build === "single" ? SINGLE : join(HOSTED, "index.html"), "utf8");
  return /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
}
