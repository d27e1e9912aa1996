import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/**
 * A regular file's SHA-256 in hexadecimal, and its size; undefined for what can be read only once (stdin, pipes) and for what
 * cannot be read at all.
 */
export async function hashFile(
  path: string,
): Promise<{ readonly sha256: string; readonly bytes: number } | undefined> {
  try {
    if (path === "-" || !(await stat(path)).isFile()) return undefined;
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      bytes += (chunk as Uint8Array).length;
    }
    return { sha256: hash.digest("hex"), bytes };
  } catch {
    return undefined;
  }
}
