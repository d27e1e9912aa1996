import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type OpenerSummary, readSummary } from "../analysis/index.js";
import type { LogFile } from "./find-logs.js";

/** How an Arrow IPC stream begins; no log does. */
const CONTINUATION = 0xffffffff;

async function startsAsArrow({ path, size }: LogFile): Promise<boolean> {
  if (path === "-" || size < 8) return false;
  const file = await open(path);
  try {
    const head = Buffer.alloc(4);
    const { bytesRead } = await file.read(head, 0, 4, 0);
    return bytesRead === 4 && head.readUInt32LE(0) === CONTINUATION;
  } finally {
    await file.close();
  }
}

/** Files as they are given, told apart by content: summaries of logs, and logs. */
export async function splitSummaries(
  files: readonly LogFile[],
): Promise<{ readonly summaries: readonly LogFile[]; readonly logs: readonly LogFile[] }> {
  const summaries: LogFile[] = [];
  const logs: LogFile[] = [];
  for (const file of files) {
    if (await startsAsArrow(file)) summaries.push(file);
    else logs.push(file);
  }
  return { summaries, logs };
}

/** Opens a summary; its rows are read as they are asked for. Throws as readSummary() does. */
export function openSummary({ name, path }: LogFile): Promise<OpenerSummary> {
  return readSummary(name, createReadStream(path, { highWaterMark: 1 << 20 }));
}
