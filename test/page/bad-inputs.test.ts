import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { type OpenedPage, openPage, show } from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

const CORPUS = process.env.FLOW_CORPUS ?? "";

let browser: Browser;
let opened: OpenedPage;
beforeAll(async () => {
  browser = await launchChromium();
  opened = await openPage(browser, "single");
}, INSTALL_MS);
afterAll(async () => {
  await opened?.close();
  await browser?.close();
});

type Given = string | { readonly name: string; readonly text: string | Buffer };

async function give(page: Page, zone: "Rules" | "Flow logs", files: readonly Given[]) {
  const input = page
    .getByRole("region", { name: zone, exact: true })
    .first()
    .getByLabel("Choose files");
  const named = files.filter((file): file is string => typeof file === "string");
  if (named.length > 0) await input.setInputFiles([...named]);
  else
    await input.setInputFiles(
      files.flatMap((file) =>
        typeof file === "string"
          ? []
          : [{ name: file.name, mimeType: "", buffer: Buffer.from(file.text as string) }],
      ),
    );
}

const HOSTILE = '"><img src=x onerror=alert(1)>';
const LINE = `2 1 eni-${HOSTILE.replaceAll(" ", "_")} 10.1.2.3 10.0.5.9 41122 5432 6 10 840 1700000000 1700000060 ACCEPT OK`;

describe("inputs that are wrong", () => {
  it("are named with what is wrong and what to do", async () => {
    const { page } = opened;
    await give(page, "Rules", [{ name: `${HOSTILE}.json`, text: '{ "SecurityGroups": [ {' }]);
    const alert = page.getByRole("alert").first();
    await alert.waitFor();
    await expect(alert.textContent()).resolves.toContain("onerror");
    const read = page.getByRole("button", { name: "Read and judge the logs" });
    await expect(read.isDisabled()).resolves.toBe(true);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("alert").first().waitFor({ state: "detached" });
  });

  it("are used up to the break, and the break is told", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Try the example" }).click();
    const lines = `${LINE}\n`.repeat(3000);
    const whole = gzipSync(`${lines}not a line\n`);
    await give(page, "Flow logs", [
      { name: "cut.log.gz", text: whole.subarray(0, whole.length - 20) },
      { name: "\u001b[31mred.log", text: `${LINE}\nneither is this\n` },
    ]);
    await page.getByRole("button", { name: "Read and judge the logs" }).click();
    await page.getByRole("link", { name: "See what they say" }).waitFor();
    await page.getByText("It was used up to the break.").waitFor();
    for (const screen of ["Overview", "Coverage", "Peers", "Records", "Rule ledger"]) {
      await show(page, screen);
      await expect(page.locator("main img").count(), screen).resolves.toBe(0);
    }
    expect(opened.faults).toEqual([]);
  });
});

/** An order of fields that nothing in the line tells. */
const FORMAT =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own notation, not a template
  "${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${start} ${end} ${action} ${log-status}";
const ODD =
  "eni-01213ad72d443eba6 10.0.0.70 10.0.0.20 41122 5432 6 1772409605 1772409665 ACCEPT OK";

test(
  "logs of a format that nothing tells are read once it is given",
  async () => {
    const { page, close } = await openPage(browser, "single");
    await page.getByRole("button", { name: "Try the example" }).click();
    await page
      .getByRole("region", { name: "Flow logs", exact: true })
      .getByRole("button", { name: "Remove" })
      .click();
    await give(page, "Flow logs", [{ name: "odd.log", text: `${ODD}\n` }]);
    await page.getByText("The format of logs without a header").click();
    const format = page.getByLabel("Format of logs without a header");
    await format.fill("srcaddr srcaddr");
    await page.getByRole("button", { name: "Use this format" }).click();
    await page.getByRole("alert").filter({ hasText: "named twice" }).waitFor();
    await format.fill(FORMAT);
    await page.getByRole("button", { name: "Use this format" }).click();
    await page.getByText("Used for every log without a header").waitFor();
    await page.getByRole("button", { name: "Read and judge the logs" }).click();
    await page.getByText("1 judged").waitFor();
    await expect(page.getByText("1 judged").count()).resolves.toBe(1);
    await close();
  },
  INSTALL_MS,
);

// Rules and log of a cluster on a day when its rules were changed; the answers are known to the record.
test.skipIf(CORPUS === "")("the pair of the corpus: 160 newly allowed, none broken", async () => {
  const { page, close } = await openPage(browser, "hosted");
  const folder = join(CORPUS, "eks-2024-12-14");
  await give(page, "Rules", [
    join(folder, "describe-security-groups.v2.0.10.json"),
    join(folder, "describe-network-interfaces.json"),
  ]);
  await give(page, "Flow logs", [join(folder, "vpcflowlogs.txt")]);
  await page.getByRole("button", { name: "Read and judge the logs" }).click();
  await page.getByRole("link", { name: "See what they say" }).waitFor();
  await show(page, "Candidate");
  await page
    .getByLabel("Files of the candidate")
    .setInputFiles(join(folder, "describe-security-groups.v2.0.12.json"));
  const records = (change: string) =>
    page.locator(`tr:has([data-change="${change}"]) td`).nth(1).textContent();
  await expect.poll(() => records("newly-allowed")).toBe("160");
  await expect(records("newly-denied")).resolves.toBe("0");
  await close();
});
