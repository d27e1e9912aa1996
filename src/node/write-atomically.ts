// Output files that are either whole or not there.
import { randomBytes } from "node:crypto";
import { chmod, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FlowError } from "../errors.js";

/** Writes a piece; settles when more may come. */
export type Write = (data: string | Uint8Array) => Promise<void>;

/** What to write: all of it, or who writes it piece by piece. */
export type Content = string | Uint8Array | ((write: Write) => Promise<void>);

/** Bytes that are gathered before the system is asked. */
const GATHER = 1 << 16;

interface Gathered {
  readonly write: Write;
  readonly flush: () => Promise<void>;
}

function gather(sink: (bytes: Uint8Array) => Promise<void>): Gathered {
  let waiting: Uint8Array[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (length === 0) return;
    const bytes = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
    waiting = [];
    length = 0;
    await sink(bytes);
  };
  return {
    flush,
    async write(data) {
      if (data.length >= GATHER && typeof data !== "string") {
        await flush();
        await sink(data);
        return;
      }
      // A copy: the caller may use its buffer again.
      const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : Buffer.from(data);
      if (bytes.length === 0) return;
      waiting.push(bytes);
      length += bytes.length;
      if (length >= GATHER) await flush();
    },
  };
}

function outputFailed(path: string, error: unknown): FlowError {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === "ENOENT" || code === "ENOTDIR")
    return new FlowError("output-failed", `there is no folder ${dirname(path)}`, {
      at: path,
      hint: "make the folder first, or choose another output",
    });
  return new FlowError("output-failed", `cannot be written: ${message ?? String(error)}`, {
    at: path,
  });
}

function writeStdout(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      // The reader has seen enough (head): not a failure of ours, but there is nobody left to write to.
      const closed = error.code === "EPIPE";
      reject(
        closed
          ? new FlowError("output-closed", "the reader of stdout has gone away", { at: "-" })
          : outputFailed("-", error),
      );
    };
    process.stdout.once("error", onError);
    process.stdout.write(bytes, (error) => {
      if (error) return;
      process.stdout.off("error", onError);
      resolve();
    });
  });
}

/** Folder and name behind a link, permissions, and whether the target takes a rename (devices and pipes do not). */
async function targetOf(path: string): Promise<{ path: string; mode?: number; inPlace: boolean }> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    return { path: real, mode: stats.mode & 0o777, inPlace: !stats.isFile() };
  } catch {
    return { path, inPlace: false };
  }
}

/** Writes into `path`; failures name `shown`, the path that the user knows. */
async function writeFileWith(
  path: string,
  shown: string,
  flags: string,
  writer: (write: Write) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags).catch((error: unknown) => {
    throw outputFailed(shown, error);
  });
  try {
    const { write, flush } = gather(async (bytes) => {
      try {
        await handle.writeFile(bytes);
      } catch (error) {
        throw outputFailed(shown, error);
      }
    });
    await writer(write);
    await flush();
  } finally {
    await handle.close();
  }
}

function writerOf(content: Content): (write: Write) => Promise<void> {
  return typeof content === "function" ? content : (write) => write(content);
}

/**
 * Puts content at `path`, in one step when all of it is written: a reader sees the old file or the whole new
 * one, and after a failure the old one. `-` is stdout; devices and pipes are written in place. Throws `output-failed`,
 * `output-closed` (stdout's reader went away) or what the content's writer throws.
 */
export async function writeAtomically(path: string, content: Content): Promise<void> {
  const writer = writerOf(content);
  if (path === "-") {
    const { write, flush } = gather(writeStdout);
    await writer(write);
    await flush();
    return;
  }
  const target = await targetOf(path);
  if (target.inPlace) {
    await writeFileWith(target.path, path, "w", writer);
    return;
  }
  const suffix = randomBytes(6).toString("hex");
  const temporary = join(dirname(target.path), `.${basename(target.path)}.${suffix}.tmp`);
  try {
    await writeFileWith(temporary, path, "wx", writer);
    if (target.mode !== undefined) await chmod(temporary, target.mode);
    await rename(temporary, target.path).catch((error: unknown) => {
      throw outputFailed(path, error);
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
