import { open } from "node:fs/promises";
import { type OpenerSummary, readSummary, SUMMARY_KEY } from "../analysis/index.js";
import type { LogFile } from "./find-logs.js";
import { readBytes } from "./read-bytes.js";
import { objectRanges } from "./s3/read-object.js";
import { isS3 } from "./s3/s3-place.js";

/** How an Arrow IPC stream begins. */
const CONTINUATION = 0xffffffff;
/** The longest schema that is looked through: that of a log has a few KiB, that of a summary holds its facts. */
const MAX_SCHEMA = 1 << 29;
const PIECE = 1 << 20;
/** Files looked at at once: one after the other, a hundred thousand take a quarter of a minute. */
const AT_ONCE = 64;

/**
 * Whether the file is an Arrow stream whose schema holds the facts of a summary: a log may be an Arrow stream too. One
 * that is called a summary is one, so that a broken one is told as such.
 */
async function isSummary({ path, name, size }: LogFile): Promise<boolean> {
  if (path === "-" || size < 8) return false;
  // Of objects in S3 every look is a request: only those that are called summaries are looked at.
  if (isS3(path)) return path.endsWith(".fvs") && (await beginsAsStream(path, name, size));
  const file = await open(path).catch(() => undefined);
  // Whoever reads it says why it cannot be read.
  if (file === undefined) return false;
  try {
    const head = Buffer.alloc(8);
    const { bytesRead } = await file.read(head, 0, 8, 0);
    if (bytesRead < 8 || head.readUInt32LE(0) !== CONTINUATION) return false;
    if (path.endsWith(".fvs")) return true;
    const end = 8 + Math.min(head.readUInt32LE(4), MAX_SCHEMA);
    const piece = Buffer.alloc(PIECE);
    // Pieces overlap by the length of the key.
    for (let from = 8; from < end; from += PIECE - SUMMARY_KEY.length) {
      const found = await file.read(piece, 0, Math.min(PIECE, end - from), from);
      if (piece.subarray(0, found.bytesRead).includes(SUMMARY_KEY)) return true;
      if (found.bytesRead < PIECE) return false;
    }
    return false;
  } finally {
    await file.close();
  }
}

async function beginsAsStream(path: string, name: string, size: number): Promise<boolean> {
  const head = await objectRanges(path, name, size).read(0, 8);
  return (
    new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0, true) === CONTINUATION
  );
}

/** Files as they are given, told apart by content: summaries of logs, and logs. */
export async function splitSummaries(
  files: readonly LogFile[],
): Promise<{ readonly summaries: readonly LogFile[]; readonly logs: readonly LogFile[] }> {
  const summaries: LogFile[] = [];
  const logs: LogFile[] = [];
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE);
    const are = await Promise.all(some.map(isSummary));
    for (const [i, file] of some.entries()) (are[i] ? summaries : logs).push(file);
  }
  return { summaries, logs };
}

/** Opens a summary; its rows are read as they are asked for. Throws as readSummary() does. */
export function openSummary({ name, path }: LogFile): Promise<OpenerSummary> {
  return readSummary(name, readBytes({ name, path }));
}
