import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { runCli } from "../cli/run-cli.js";
import { type OpenedPage, openPage, saved, show } from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

/** Reading it, on a machine with other work beside. */
const STREAM_MS = 500_000;

const RECORDS = 2_100_000;
const PER_SECOND = 50;
/** Shared by as many workers as there are cores. */
const FACES = 4;
const BEGIN = 1_772_409_600;

const RULES = {
  SecurityGroups: [
    {
      GroupId: "sg-1",
      GroupName: "web",
      VpcId: "vpc-1",
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "203.0.0.0/9" }] },
      ],
      IpPermissionsEgress: [],
    },
  ],
  NetworkInterfaces: Array.from({ length: FACES }, (_, face) => ({
    NetworkInterfaceId: `eni-${face}`,
    VpcId: "vpc-1",
    PrivateIpAddress: `10.0.0.${5 + face}`,
    PrivateIpAddresses: [{ PrivateIpAddress: `10.0.0.${5 + face}` }],
    Groups: [{ GroupId: "sg-1", GroupName: "web" }],
  })),
};

let browser: Browser;
let opened: OpenedPage;
let folder: string;
let log: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowverdict-stream-"));
  log = join(folder, "long.log");
  await writeLog(log);
  await writeFile(join(folder, "rules.json"), JSON.stringify(RULES));
  browser = await launchChromium();
  opened = await openPage(browser, "single");
}, INSTALL_MS);
afterAll(async () => {
  await opened?.close();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Openings from 4,096 clients, half of them beyond the rule's block. */
async function writeLog(path: string): Promise<void> {
  const out = createWriteStream(path);
  for (let from = 0; from < RECORDS; from += 10_000) {
    let text = "";
    for (let i = from; i < Math.min(RECORDS, from + 10_000); i++) {
      const start = BEGIN + Math.floor(i / PER_SECOND);
      const client = `203.${(i * 7919) % 256}.1.${i % 16}`;
      const port = 1024 + ((i * 31) % 60_000);
      const face = i % FACES;
      text += `2 111122223333 eni-${face} ${client} 10.0.0.${5 + face} ${port} 443 6 3 180 ${start} ${start + 20} ACCEPT OK\n`;
    }
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
}

async function give(page: Page): Promise<void> {
  await page
    .getByRole("region", { name: "Rules", exact: true })
    .getByLabel("Choose files")
    .setInputFiles(join(folder, "rules.json"));
  await page
    .getByRole("region", { name: "Flow logs" })
    .getByLabel("Choose files")
    .setInputFiles(log);
}

async function stat(page: Page, label: string): Promise<string> {
  const text = page.locator(".stat").filter({ hasText: label }).locator(".stat-value");
  return (await text.first().textContent()) ?? "";
}

describe("a stream of two million records", () => {
  it("is paused, goes on, and ends where it is stopped, as a part", async () => {
    const { page } = opened;
    await give(page);
    await page.getByRole("button", { name: "Read and judge the logs" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    // What is under way is finished.
    await page.waitForTimeout(500);
    const before = await stat(page, "records");
    await page.waitForTimeout(500);
    expect(await stat(page, "records")).toBe(before);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Stop here" }).click();
    await page.getByText("Stopped before the end").waitFor();
    await page.getByRole("link", { name: "See what they say" }).waitFor();
  });

  it(
    "is read in bounded memory, with the numbers of the command line",
    async () => {
      const { page } = opened;
      await page.evaluate(() => {
        const longest = { milliseconds: 0 };
        Object.assign(globalThis, { longest });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            longest.milliseconds = Math.max(longest.milliseconds, duration);
        }).observe({ type: "longtask" });
      });
      await page.getByRole("button", { name: "Read again" }).click();
      const pause = page.getByRole("button", { name: "Pause" });
      await pause.waitFor();
      const memory = new Set<string>();
      while (await pause.isVisible()) {
        memory.add(await stat(page, "memory").catch(() => ""));
        await page.waitForTimeout(500);
      }
      await page.getByRole("link", { name: "See what they say" }).waitFor();
      const longest = await page.evaluate(
        () => (globalThis as unknown as { longest: { milliseconds: number } }).longest.milliseconds,
      );
      console.log(
        `longest task of the page ${Math.round(longest)} ms, memory ${[...memory].at(-1)}`,
      );
      // On a machine with other work beside it; alone no task is longer than 50 ms.
      expect(longest).toBeLessThan(400);
      for (const text of memory) expect(text).not.toMatch(/[2-9]\.\d+ GB|\d\d+ GB/);
      await show(page, "Overview");
      await page
        .getByText(/Single records are kept for the first 1,9\d\d,\d{3} in order/)
        .waitFor();
      const told = (await saved(page, "Save")).toString();
      const args = ["evaluate", "long.log", "--rules", "rules.json", "--json"];
      const { stdout } = await runCli(args, { cwd: folder });
      expect(told).toBe(stdout);
    },
    STREAM_MS,
  );

  it("is scrolled to its end", async () => {
    const { page } = opened;
    await show(page, "Records");
    const held = Number(
      (await page.locator(".row-ends strong").textContent())?.replaceAll(",", ""),
    );
    expect(held).toBeGreaterThan(1_900_000);
    await page.getByRole("grid").focus();
    await page.keyboard.press("End");
    await page.locator(`#record-${held - 1}[aria-selected=true]`).waitFor();
  });
});
