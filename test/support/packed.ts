import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The root of the checkout. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly PackedFile[];
}

// Without scripts: the build stands already, and a rebuild under running tests would pull it from under them.
async function pack(args: readonly string[]): Promise<PackReport> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", ...args], {
    cwd: ROOT,
  });
  const [report] = JSON.parse(stdout) as readonly PackReport[];
  if (report === undefined) throw new Error(`npm pack said ${stdout}`);
  return report;
}

/** What `npm pack` would put into the tarball. */
export async function packedFiles(): Promise<readonly PackedFile[]> {
  return (await pack(["--dry-run"])).files;
}

/**
 * Calls `work` with a fresh folder in which the package is installed as its tarball has it. Its dependencies are those
 * of the checkout, found further up, so nothing is downloaded.
 */
export async function withInstalled(work: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(join(ROOT, ".tmp"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, ".tmp", "installed-"));
  try {
    const { filename } = await pack(["--pack-destination", folder]);
    await run("tar", ["-xzf", join(folder, filename), "-C", folder]);
    await mkdir(join(folder, "node_modules"));
    await rename(join(folder, "package"), join(folder, "node_modules", "flowverdict"));
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
