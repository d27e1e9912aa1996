// What stands at a path, and the error for nothing.
import { opendir, stat } from "node:fs/promises";
import { FlowError } from "../errors.js";

function isForbidden(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM";
}

/**
 * A folder, anything else that can be opened (files, pipes, devices), or nothing. Throws `input-unreadable` where a
 * missing permission hides the answer.
 */
export async function kindOfPath(path: string): Promise<"folder" | "file" | "none"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isForbidden(error)) throw unreadableInput(path, error.message);
    return "none";
  }
}

/** Throws `input-unreadable` where a folder cannot be listed. */
export async function refuseUnlistable(folder: string): Promise<void> {
  try {
    await (await opendir(folder)).close();
  } catch (error) {
    throw unreadableInput(folder, error instanceof Error ? error.message : String(error));
  }
}

/** The path of a name inside a folder, with `/`. */
export function within(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** Order that no locale changes. */
export function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const LOG_HINT = "give files, folders, quoted globs such as 'logs/**/*.gz', or - for stdin";

export function noSuchInput(path: string, what: string, hint: string = LOG_HINT): FlowError {
  return new FlowError("no-such-input", what, { at: path, hint });
}

export function unreadableInput(path: string, reason: string): FlowError {
  return new FlowError("input-unreadable", `cannot be read: ${reason}`, {
    at: path,
    hint: "get the permission to read it, or name only what can be read",
  });
}
