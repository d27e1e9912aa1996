// The state of a run as a file: a line of JSON, and the pages of linear memory that hold anything.
import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { FlowError } from "../errors.js";

const MAGIC = "flowverdict checkpoint 1\n";
const PAGE = 65_536;
/** Bytes of JSON at most: a hundred thousand names of files, and more. */
const MOST_JSON = 1 << 28;

/** What stands in front of the pages. */
interface Head {
  readonly body: unknown;
  /** Numbers of the pages that follow, in order; all others are zero. */
  readonly pages: readonly number[];
}

function failed(path: string, error: unknown): FlowError {
  const reason = error instanceof Error ? error.message : String(error);
  return new FlowError("checkpoint-failed", `the checkpoint cannot be written: ${reason}`, {
    at: path,
    hint: "choose a place with room for the memory of the run, or leave --checkpoint out",
  });
}

function unusable(path: string, what: string): FlowError {
  return new FlowError("checkpoint-mismatch", `this is no checkpoint that can be used: ${what}`, {
    at: path,
    hint: "remove it to begin anew",
  });
}

function pageOf(memory: Uint8Array, page: number): Uint8Array {
  return memory.subarray(page * PAGE, (page + 1) * PAGE);
}

function filledPages(memory: Uint8Array): number[] {
  const words = new BigUint64Array(memory.buffer, memory.byteOffset, memory.byteLength / 8);
  const pages: number[] = [];
  const each = PAGE / 8;
  for (let page = 0; page * PAGE < memory.length; page++) {
    let i = page * each;
    const end = i + each;
    while (i < end && words[i] === 0n) i++;
    if (i < end) pages.push(page);
  }
  return pages;
}

async function writeAll(handle: FileHandle, body: unknown, memory: Uint8Array): Promise<void> {
  const head: Head = { body, pages: filledPages(memory) };
  await handle.writeFile(`${MAGIC}${JSON.stringify(head)}\n`);
  // Runs of pages that follow each other, in one write.
  for (let i = 0; i < head.pages.length; ) {
    let to = i + 1;
    while (to < head.pages.length && head.pages[to] === head.pages[i]! + to - i) to++;
    await handle.writeFile(
      memory.subarray(head.pages[i]! * PAGE, (head.pages[to - 1]! + 1) * PAGE),
    );
    i = to;
  }
  await handle.sync();
}

/**
 * Puts a state at `path`, in one step: after a crash at any moment the one before or this one stands there. Throws
 * `checkpoint-failed`.
 */
export async function writeCheckpoint(
  path: string,
  body: unknown,
  memory: Uint8Array,
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const handle = await open(temporary, "w");
    try {
      await writeAll(handle, body, memory);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw failed(path, error);
  }
}

/** A state that stands in a file. */
export interface StoredCheckpoint {
  /** As it was given to writeCheckpoint; nothing of it is checked. */
  readonly body: unknown;
  /** Reads linear memory; all of `memory` is overwritten. */
  fill(memory: Uint8Array): Promise<void>;
}

async function readLine(handle: FileHandle): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < MOST_JSON; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(1 << 20), 0, 1 << 20, at);
    if (bytesRead === 0) break;
    const end = buffer.subarray(0, bytesRead).indexOf(10, at === 0 ? MAGIC.length : 0);
    pieces.push(buffer.subarray(0, end < 0 ? bytesRead : end));
    if (end >= 0) return Buffer.concat(pieces);
    at += bytesRead;
  }
  throw new Error("its description does not end");
}

function headOf(line: Buffer): Head {
  if (line.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("it begins otherwise");
  const head = JSON.parse(line.toString("utf8", MAGIC.length)) as Head;
  if (!Array.isArray(head.pages)) throw new Error("it tells no pages");
  return head;
}

async function fillFrom(path: string, from: number, head: Head, memory: Uint8Array): Promise<void> {
  const handle = await open(path);
  try {
    memory.fill(0);
    for (const [i, page] of head.pages.entries()) {
      const target = pageOf(memory, page);
      const { bytesRead } = await handle.read(target, 0, PAGE, from + i * PAGE);
      if (bytesRead < PAGE || target.length < PAGE) throw unusable(path, "it is cut off");
    }
  } finally {
    await handle.close();
  }
}

/** Opens the state at `path`; undefined where there is none. Throws `checkpoint-mismatch` for anything else there. */
export async function readCheckpoint(path: string): Promise<StoredCheckpoint | undefined> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw unusable(path, error.message);
  });
  if (handle === undefined) return undefined;
  try {
    const line = await readLine(handle);
    const head = headOf(line);
    const { size } = await handle.stat();
    const from = line.length + 1;
    if (size !== from + head.pages.length * PAGE) throw new Error("it is cut off");
    return { body: head.body, fill: (memory) => fillFrom(path, from, head, memory) };
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error));
  } finally {
    await handle.close();
  }
}

/** Removes the state, when the run is over. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** SHA-256 of text. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
