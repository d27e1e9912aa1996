// Bytes of a file, an object in S3, a pipe or stdin; gzip and zstd are unpacked wherever their magic bytes stand at the beginning.
import { type FileHandle, open, stat } from "node:fs/promises";
import { isGzip, isZstd, logBroken, ZSTD_MAGIC_BYTES } from "../logs/index.js";
import { gunzipNode } from "./gunzip-node.js";
import { readObject } from "./s3/read-object.js";
import { isS3 } from "./s3/s3-place.js";
import { unzstdNode } from "./unzstd-node.js";

const READ = 1 << 20;
/** Buffers in turn: a chunk stays as it is until this many less two further ones were asked for. */
const BUFFERS = 8;

/** What to read: a path, `-` = stdin, or an object in S3, and the name for messages. */
export interface Readable {
  readonly path: string;
  readonly name: string;
}

export interface ReadBytesOptions {
  readonly signal?: AbortSignal;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function* readStdin(
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  try {
    for await (const chunk of process.stdin) {
      signal?.throwIfAborted();
      const bytes: Uint8Array = chunk;
      total += bytes.length;
      yield bytes;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw logBroken(name, messageOf(error), total);
  }
}

async function openFile(file: Readable): Promise<FileHandle> {
  try {
    return await open(file.path, "r");
  } catch (error) {
    throw logBroken(file.name, messageOf(error), 0);
  }
}

/**
 * Reads a file with the next read under way while the consumer works. Buffers are used in turn: a new one for every MiB
 * would keep the garbage collector busy for a tenth of a run's time.
 */
async function* readFile(
  file: Readable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const handle = await openFile(file);
  let pending: Promise<number> = Promise.resolve(0);
  try {
    let total = 0;
    const buffers: Buffer[] = [];
    const readNext = (turn: number): Promise<number> => {
      buffers[turn % BUFFERS] ??= Buffer.allocUnsafeSlow(READ);
      pending = readInto(handle, buffers[turn % BUFFERS]!, file.name, total);
      // Awaited in its turn; until then a failure is nobody's surprise.
      pending.catch(() => {});
      return pending;
    };
    readNext(0);
    for (let turn = 0; ; turn++) {
      signal?.throwIfAborted();
      const count = await pending;
      if (count === 0) return;
      total += count;
      readNext(turn + 1);
      yield new Uint8Array(buffers[turn % BUFFERS]!.buffer, 0, count);
    }
  } finally {
    await pending.catch(() => {});
    await handle.close();
  }
}

async function readInto(
  handle: FileHandle,
  buffer: Buffer,
  name: string,
  total: number,
): Promise<number> {
  try {
    return (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    throw logBroken(name, messageOf(error), total);
  }
}

function sourceOf(file: Readable, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (file.path === "-") return readStdin(file.name, signal);
  return isS3(file.path) ? readObject(file.path, file.name) : readFile(file, signal);
}

/** Whether the bytes can be read again. Opening a pipe to ask would take its writer away. */
async function isRegular(path: string): Promise<boolean> {
  if (path === "-") return false;
  if (isS3(path)) return true;
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function* following(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** The first chunks, until they hold the magic bytes of any packing or the input ends. */
async function peek(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < ZSTD_MAGIC_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  return head;
}

/**
 * Reads an input to its end, unpacked. A chunk is the reader's own and is used again some MiB later: whoever keeps one
 * copies it. Memory: a few MiB whatever the size; nothing is read ahead of the consumer but
 * one piece. Throws `log-broken` after all that could be read, `log-bomb`, or the signal's reason. The file is closed
 * when the generator is left, early too.
 */
export async function* readBytes(
  file: Readable,
  options: ReadBytesOptions = {},
): AsyncGenerator<Uint8Array> {
  const { signal } = options;
  const source = sourceOf(file, signal);
  try {
    const head = await peek(source);
    const first = Uint8Array.from(
      head.flatMap((chunk) => [...chunk.subarray(0, ZSTD_MAGIC_BYTES)]),
    );
    const chunks = following(head, source);
    if (!isGzip(first) && !isZstd(first)) {
      yield* chunks;
      return;
    }
    const reopen = (await isRegular(file.path)) ? () => sourceOf(file, signal) : undefined;
    yield* (isGzip(first) ? gunzipNode : unzstdNode)(file.name, chunks, reopen);
  } finally {
    await source.return(undefined);
  }
}
