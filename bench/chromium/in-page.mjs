// The built page in headless Chromium, from disk: what its users wait for, as JSON.
//   node bench/chromium/in-page.mjs OPENERS [WORKERS]
// The log is made here: as many connections as OPENERS, each from another address. CHROMIUM names the browser, else
// Debian's is taken.

import { existsSync } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { ROOT } from "../lib/measure.mjs";

const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
if (!existsSync(executablePath)) throw new Error(`Chromium is absent: ${executablePath}`);

const FACES = 8;
const BEGIN = 1_772_409_600;
const openers = Number(process.argv[2] ?? 100_000);
const workers = process.argv[3] ?? "";

const PEERS = [
  [443, "10.0.0.0/9"],
  [80, "10.0.0.0/9"],
];
const RULES = {
  SecurityGroups: Array.from({ length: FACES }, (_, i) => ({
    GroupId: `sg-${i}`,
    GroupName: `group-${i}`,
    VpcId: "vpc-1",
    IpPermissions: PEERS.map(([port, CidrIp]) => ({
      IpProtocol: "tcp",
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp }],
    })),
    IpPermissionsEgress: [],
  })),
  NetworkInterfaces: Array.from({ length: FACES }, (_, i) => ({
    NetworkInterfaceId: `eni-${i}`,
    VpcId: "vpc-1",
    PrivateIpAddress: `172.16.0.${5 + i}`,
    PrivateIpAddresses: [{ PrivateIpAddress: `172.16.0.${5 + i}` }],
    Groups: [{ GroupId: `sg-${i}`, GroupName: `group-${i}` }],
  })),
};

async function writeLog(path) {
  const file = await open(path, "w");
  for (let from = 0; from < openers; from += 10_000) {
    let text = "";
    for (let i = from; i < Math.min(openers, from + 10_000); i++) {
      const client = `10.${(i >> 16) % 256}.${(i >> 8) % 256}.${i % 256}`;
      const start = BEGIN + Math.floor((i * 3600) / openers);
      const port = i % 3 === 0 ? 80 : 443;
      text += `2 111122223333 eni-${i % FACES} ${client} 172.16.0.${5 + (i % FACES)} ${1024 + (i % 60_000)} ${port} 6 3 180 ${start} ${start + 20} ACCEPT OK\n`;
    }
    await file.write(text);
  }
  await file.close();
}

/** The longest task of the page's own thread since the last call, ms. */
async function longestTask(page) {
  return Math.round(
    await page.evaluate(() => {
      const { longest = 0 } = globalThis;
      globalThis.longest = 0;
      return longest;
    }),
  );
}

/** Milliseconds of processor time that the page's own thread took since the page was opened: other work beside does not count. */
async function busy(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return Math.round(1000 * metrics.find(({ name }) => name === "TaskDuration").value);
}

/** Milliseconds until the change of the edits is painted, and as the worker itself tells. */
async function edit(page, line) {
  const port = line.includes(" 80 ") ? "tcp/80" : "tcp/443";
  const seen = await page.evaluate(
    ([text, wanted]) =>
      new Promise((resolve) => {
        const stands = () =>
          document.querySelector(".tuples tbody tr td:nth-child(4)")?.textContent === wanted;
        const watch = new MutationObserver(() => {
          if (!stands()) return;
          watch.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        });
        watch.observe(document.body, { childList: true, subtree: true, characterData: true });
        const box = document.querySelector("textarea");
        const began = performance.now();
        box.value = text;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }),
    [line, port],
  );
  const told = await page.getByText(/Worked out in/).textContent();
  return {
    seen: Math.round(seen),
    told: Number(/in ([\d,]+) ms/.exec(told)[1].replaceAll(",", "")),
  };
}

/** Frames a second, and the longest between two, while the table scrolls; `pixels`: by each frame, 0 = through all rows. */
async function scroll(page, pixels) {
  return page.evaluate(
    (step) =>
      new Promise((resolve) => {
        const grid = document.querySelector("[role=grid]");
        const most = grid.scrollHeight - grid.clientHeight;
        const frames = [];
        const next = (now) => {
          frames.push(now);
          const passed = now - frames[0];
          grid.scrollTop = step === 0 ? (most * passed) / 3000 : step * frames.length;
          if (passed < 3000) requestAnimationFrame(next);
          else {
            const gaps = frames.slice(1).map((at, i) => at - frames[i]);
            resolve({
              rows: Number(grid.getAttribute("aria-rowcount")),
              frames: gaps.length,
              perSecond: Math.round((1000 * gaps.length) / passed),
              longest: Math.round(Math.max(...gaps)),
            });
          }
        };
        requestAnimationFrame(next);
      }),
    pixels,
  );
}

const folder = await mkdtemp(join(tmpdir(), "flowverdict-page-"));
await writeLog(join(folder, "many.log"));
await writeFile(join(folder, "rules.json"), JSON.stringify(RULES));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest ?? 0, duration);
    }).observe({ type: "longtask", buffered: true });
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(pathToFileURL(join(ROOT, "dist/page/flowverdict.html")).href);
  await page.locator("#page:not([inert])").waitFor();
  const firstPaint = await page.evaluate(() =>
    Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
  );
  const start = await longestTask(page);
  const opening = await busy(session);
  const choose = (zone, file) =>
    page
      .getByRole("region", { name: zone, exact: true })
      .getByLabel("Choose files")
      .setInputFiles(join(folder, file));
  await choose("Rules", "rules.json");
  await choose("Flow logs", "many.log");
  await page.getByLabel("Workers").selectOption(workers);
  await longestTask(page);
  const began = performance.now();
  await page.getByRole("button", { name: "Read and judge the logs" }).click();
  await page.getByRole("link", { name: "See what they say" }).waitFor({ timeout: 300_000 });
  const read = Math.round(performance.now() - began);
  const streaming = await longestTask(page);
  const to = async (screen) => {
    await page.getByRole("navigation").getByRole("link", { name: screen, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: screen, exact: true }).waitFor();
  };
  await to("Records");
  await page.locator("[role=grid] [role=row]").nth(5).waitFor();
  const scrolled = [];
  for (const pixels of [60, 600, 0]) {
    const before = await busy(session);
    const told = await scroll(page, pixels);
    const processor = ((await busy(session)) - before) / told.frames;
    scrolled.push({ pixels, ...told, processorAFrame: Number(processor.toFixed(1)) });
  }
  await to("Candidate");
  await page.getByRole("radio", { name: "Edit lines" }).check();
  // The first edit meets code that has not run yet.
  const edits = [];
  for (const [group, port] of [443, 80, 443, 80].entries())
    edits.push(await edit(page, `revoke group-${group} ingress tcp ${port} 10.0.0.0/9`));
  const all = PEERS.map(() => Array.from({ length: FACES }, (_, i) => i));
  const everyGroup = all[0].map((i) => `revoke group-${i} ingress tcp 443 10.0.0.0/9`).join("\n");
  const every = await edit(page, everyGroup);
  const milliseconds = { firstPaint, read, longestTask: { start, streaming } };
  console.log(JSON.stringify({ openers, workers, opening, milliseconds, scrolled, edits, every }));
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
