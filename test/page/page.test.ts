import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../browser/chromium.js";
import { runCli } from "../cli/run-cli.js";
import { ROOT } from "../support/packed.js";
import {
  type Build,
  HOSTED,
  judgeExample,
  type OpenedPage,
  openPage,
  policyOf,
  SINGLE,
  saved,
  show,
} from "./open-page.js";

/** Chromium may have to be installed first. */
const INSTALL_MS = 600_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, INSTALL_MS);
afterAll(() => browser?.close());

const SCREENS = [
  "Rules and logs",
  "Overview",
  "Coverage",
  "Fidelity",
  "Peers",
  "Records",
  "Rule ledger",
  "Lint",
  "Candidate",
  "Suggestions",
  "Keep",
  "Method and limits",
];

it(
  "needs less than 200 kB of the hosted build, gzipped, before anything is given",
  async () => {
    const { page, asked, origin, close } = await openPage(browser, "hosted");
    // The worker has answered.
    await page.getByText("aws ec2 describe-security-groups").first().waitFor();
    const files = asked.filter((url) => url.startsWith(`${origin}/assets/`));
    expect(files.some((url) => url.includes("/engine-"))).toBe(true);
    let bytes = gzipSync(await readFile(join(HOSTED, "index.html"))).length;
    for (const url of new Set(files))
      bytes += gzipSync(await readFile(join(HOSTED, new URL(url).pathname))).length;
    expect(bytes).toBeLessThan(200_000);
    await close();
  },
  INSTALL_MS,
);

describe("what the single file shows before its scripts run", () => {
  it("is what they show then, in the same place", async () => {
    const html = await readFile(SINGLE, "utf8");
    const ahead = /<div id="page" inert>(.*)<\/div>\s*<noscript>/s.exec(html)?.[1] ?? "";
    const { page, faults, close } = await openPage(browser, "single");
    await page.getByText("aws ec2 describe-security-groups").first().waitFor();
    const [before, after] = await page.evaluate((drawn) => {
      const root = document.getElementById("page")!;
      const told = () =>
        [...root.querySelectorAll("h1, h2, nav a, .bar *, main button, main p")].map((each) => {
          const { x, y, width, height } = each.getBoundingClientRect();
          return [each.className, each.textContent, x, y, width, height];
        });
      const shown = told();
      root.innerHTML = drawn;
      return [told(), shown];
    }, ahead);
    expect(before.length).toBeGreaterThan(20);
    expect(before).toEqual(after);
    expect(faults).toEqual([]);
    await close();
  });

  it("gives way to the screen of the address", async () => {
    const { page, close } = await openPage(browser, "single");
    await page.goto(`${page.url()}#/method`);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Method and limits" }).waitFor();
    await expect(page.getByRole("heading", { level: 1 }).count()).resolves.toBe(1);
    await close();
  });
});

describe.each(["single", "hosted"] as const)("the %s page with the example", (build: Build) => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await openPage(browser, build);
    await judgeExample(opened.page);
  }, INSTALL_MS);
  afterAll(() => opened?.close());

  it("gives the bytes of the command line", async () => {
    const { page } = opened;
    for (const [screen, command] of [
      ["Overview", "evaluate"],
      ["Fidelity", "check"],
      ["Rule ledger", "usage"],
    ] as const) {
      await show(page, screen);
      const cwd = join(ROOT, "examples");
      const { stdout } = await runCli([command, "logs", "--rules", "account", "--json"], { cwd });
      expect((await saved(page, "Save")).toString(), command).toBe(stdout);
    }
  });

  it("judges a candidate like diff", async () => {
    const { page } = opened;
    const edit = "revoke web ingress tcp 80 0.0.0.0/0";
    await show(page, "Candidate");
    await page.getByRole("radio", { name: "Edit lines" }).check();
    await page.getByRole("textbox", { name: /One a line/ }).fill(edit);
    await page.keyboard.press("Tab");
    await page.getByText("would newly pass").or(page.getByText("would break;")).first().waitFor();
    await page.locator("[data-change]").first().waitFor();
    await page.getByText("Working it out").first().waitFor({ state: "detached" });
    const shown = await page.locator("[data-change]").allTextContents();
    const cwd = join(ROOT, "examples");
    const { stdout } = await runCli(
      ["diff", "logs", "--rules", "account", "--edit", edit, "--json"],
      { cwd },
    );
    const [{ connections }] = JSON.parse(stdout).candidates;
    const { newlyDenied, newlyAllowed, unchanged, undetermined } = connections;
    expect(newlyDenied).toBeGreaterThan(0);
    expect(shown.map((text) => Number(text.replaceAll(",", "")))).toEqual([
      newlyDenied,
      newlyAllowed,
      unchanged,
      undetermined,
    ]);
  });

  it("has asked for nothing but its own files, and says so", async () => {
    const { page, asked, faults, origin } = opened;
    const foreign = asked.filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(origin));
    expect(foreign).toEqual([]);
    if (build === "single")
      expect(asked.filter((url) => !url.startsWith("blob:"))).toEqual([origin]);
    await expect(page.locator(".badge").textContent()).resolves.toBe("0 requests since load");
    expect(faults).toEqual([]);
  });
});

describe("for everyone", () => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await openPage(browser, "single");
    await judgeExample(opened.page);
  }, INSTALL_MS);
  afterAll(() => opened?.close());

  it.each(["light", "dark"] as const)(
    "has no serious fault for axe (%s)",
    async (scheme) => {
      const { page } = opened;
      await page.emulateMedia({ colorScheme: scheme });
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
      // Through the debugger: the policy of the page forbids scripts that are not its own.
      await page.evaluate(axe);
      for (const screen of SCREENS) {
        await show(page, screen);
        const { violations } = (await page.evaluate(
          'axe.run({ resultTypes: ["violations"] })',
        )) as {
          readonly violations: readonly {
            readonly id: string;
            readonly impact: string;
            readonly nodes: readonly { readonly html: string }[];
          }[];
        };
        const serious = violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`,
          );
        expect(serious, screen).toEqual([]);
      }
    },
    400_000,
  );
});

describe("the policy", () => {
  it.each(["single", "hosted"] as const)(
    "of the %s page lets nothing out",
    async (build: Build) => {
      const policy = await policyOf(build);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'none'");
      expect(policy).not.toContain("unsafe-inline");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(policy).not.toMatch(/https?:/);
    },
  );

  it("stops requests of the page and of its worker, and the page tells", async () => {
    const { page, close } = await openPage(browser, "single");
    const outcome = await page.evaluate(async () => {
      const code =
        "fetch('https://example.invalid/').then(() => postMessage('out'), () => postMessage('stopped'))";
      const worker = new Worker(URL.createObjectURL(new Blob([code])));
      const ofWorker = new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
      });
      const ofPage = fetch("https://example.invalid/").then(
        () => "out",
        () => "stopped",
      );
      return [await ofPage, await ofWorker];
    });
    expect(outcome).toEqual(["stopped", "stopped"]);
    await page.getByText("1 stopped").waitFor();
    await close();
  });
});

describe("flowverdict page", () => {
  it("hands out the single file", async () => {
    const { stdout, code } = await runCli(["page"]);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(SINGLE, "utf8"));
  });
});
