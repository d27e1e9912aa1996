// Output folders that are either whole or not there.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FlowError } from "../errors.js";

/**
 * Calls `work` with a new folder beside `path`, which takes its name when all is written; after a failure nothing is
 * left. Throws `output-exists` where the folder holds something (`hint` says what to do then), `output-failed` where it
 * cannot be made, and what `work` throws.
 */
export async function writeFolder<T>(
  path: string,
  hint: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = resolve(path);
  await refuseFilled(folder, path, hint);
  const temporary = join(
    dirname(folder),
    `.${basename(folder)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    await mkdir(temporary).catch((error: unknown) => {
      throw outputFailed(path, error);
    });
    const result = await work(temporary);
    // An empty one is in the way of a rename on some systems.
    await rmdir(folder).catch(() => {});
    await rename(temporary, folder).catch((error: unknown) => {
      throw outputFailed(path, error);
    });
    return result;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Old files beside new ones would be read as one later. */
async function refuseFilled(folder: string, shown: string, hint: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw outputFailed(shown, error);
  });
  if (names.length === 0) return;
  throw new FlowError("output-exists", "the folder is not empty", { at: shown, hint });
}

function outputFailed(shown: string, error: unknown): FlowError {
  const said = error instanceof Error ? error.message : String(error);
  return new FlowError("output-failed", `cannot be written: ${said}`, {
    at: shown,
    hint: "choose a folder whose parent is there and can be written",
  });
}
