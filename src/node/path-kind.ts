// What stands at a path, and the error for nothing.
import { stat } from "node:fs/promises";
import { FlowError } from "../errors.js";

/** A folder, anything else that can be opened (files, pipes, devices), or nothing. */
export async function kindOfPath(path: string): Promise<"folder" | "file" | "none"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return "none";
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

export function noSuchInput(path: string, what: string): FlowError {
  return new FlowError("no-such-input", what, {
    at: path,
    hint: "give files, folders, quoted globs such as 'logs/**/*.gz', or - for stdin",
  });
}
