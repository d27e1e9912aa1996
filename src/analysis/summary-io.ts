// Summary files, by way of a module that loads Arrow: only who meets such a file pays for that.
import type { OpenerSummary } from "./opener-summary.js";

/** The summary as an Arrow IPC stream, batch by batch (docs/FORMATS.md). Constant memory in the number of rows. */
export async function* writeSummary(summary: OpenerSummary): AsyncGenerator<Uint8Array> {
  const file = await import("./summary-file.js");
  yield* file.writeSummary(summary);
}

/**
 * Reads a summary; its rows come as they are asked for, once. Throws `summary-invalid` for what is no summary, is cut, or
 * names what does not exist, and `summary-version` for one of another version.
 */
export async function readSummary(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<OpenerSummary> {
  const file = await import("./summary-file.js");
  return file.readSummary(name, bytes);
}
