// The files below a folder.
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

async function kindOf(entry: Dirent, path: string): Promise<"folder" | "file" | "other"> {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  if (!entry.isSymbolicLink()) return "other";
  try {
    const target = await stat(path);
    if (target.isDirectory()) return "folder";
    return target.isFile() ? "file" : "other";
  } catch {
    // A link to nothing.
    return "other";
  }
}

/**
 * Paths of the regular files below a folder, relative to it and with `/`, in code-unit order at each level. Hidden
 * names are left out. Links are followed; a folder reached twice, by a loop or otherwise, is walked once.
 */
export async function* walk(
  folder: string,
  onUnreadable?: (path: string, reason: string) => void,
): AsyncGenerator<string> {
  yield* walkBelow(folder, "", new Set(), onUnreadable);
}

async function* walkBelow(
  root: string,
  below: string,
  seen: Set<string>,
  onUnreadable: ((path: string, reason: string) => void) | undefined,
): AsyncGenerator<string> {
  const folder = join(root, below);
  let entries: Dirent[];
  try {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    onUnreadable?.(folder, error instanceof Error ? error.message : String(error));
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    const kind = await kindOf(entry, join(root, name));
    if (kind === "file") yield name;
    if (kind === "folder") yield* walkBelow(root, name, seen, onUnreadable);
  }
}
