import { stat } from "node:fs/promises";
import { FlowError } from "../../errors.js";

async function isReadOnce(path: string): Promise<boolean> {
  if (path === "-") return true;
  try {
    const stats = await stat(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    // A pattern, or nothing: whoever finds the logs says so.
    return false;
  }
}

/** Throws where a log is gone once it was read (stdin, a pipe) and the answer needs several passes; `why` says for what. */
export async function refuseReadOnce(logs: readonly string[], why: string): Promise<void> {
  for (const path of logs)
    if (await isReadOnce(path))
      throw new FlowError("input-read-twice", `${why} reads the logs more than once`, {
        at: path,
        hint: "save it as a file first: stdin and pipes can be read only once",
      });
}
