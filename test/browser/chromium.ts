import { execFile, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function inPath(names: readonly string[]): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    for (const name of names) {
      const path = join(folder, name);
      if (folder !== "" && (await isExecutable(path))) return path;
    }
  return undefined;
}

// Debian's own, where we may install it. What goes wrong is told and is no end: the package below has one too.
async function installByApt(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || (await inPath(["apt-get"])) === undefined) return undefined;
  const steps = [["update"], ["install", "-y", "--no-install-recommends", "chromium"]];
  for (const args of steps) {
    const code = await new Promise((resolve) => {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      const child = spawn("apt-get", ["-qq", ...args], { env, stdio: ["ignore", 2, 2] });
      child.on("error", () => resolve("none"));
      child.on("close", resolve);
    });
    if (code === 0) continue;
    console.error(`apt-get ${args.join(" ")} ended with ${code}`);
    return undefined;
  }
  return inPath(NAMES);
}

async function starts(path: string): Promise<boolean> {
  try {
    await promisify(execFile)(path, ["--version"]);
    return true;
  } catch (error) {
    console.error(`${path} does not start: ${String(error)}`);
    return false;
  }
}

/** CHROMIUM, one in PATH, Debian's (installed by root), or the one that a development dependency ships. */
async function chromiumPath(): Promise<string> {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== "") return named;
  for (const find of [() => inPath(NAMES), installByApt]) {
    const found = await find();
    if (found !== undefined && (await starts(found))) return found;
  }
  const { default: shipped } = await import("@sparticuz/chromium");
  return shipped.executablePath();
}

/** A headless Chromium. The sandbox is off because containers mostly run as root; the page is our own. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
