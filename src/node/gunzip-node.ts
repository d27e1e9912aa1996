// gzip through node:zlib, without losing what came before a break.
import type { Transform } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { createGunzip, type Gunzip } from "node:zlib";
import { logBroken, refuseBomb } from "../logs/index.js";

/** 1 MiB of output at a time: twice the speed of the default of 16 KiB. */
const OUTPUT = 1 << 20;
/** A failed write loses what it had unpacked; smaller writes lose less and cost more. */
const PIECE = 1 << 18;
/** Output that may wait for its consumer. */
const AHEAD = 16 << 20;
/** Sizes of the writes into the piece that failed, from one replay to the next; the last loses nothing. */
const REPLAYS: readonly number[] = [1024, 1];

/** Opens the compressed bytes once more from the beginning; `undefined` where that cannot be done (stdin, pipes). */
export type Reopen = (() => AsyncIterable<Uint8Array>) | undefined;

interface Progress {
  /** Compressed bytes handed to zlib, and those of writes that succeeded. */
  fed: number;
  done: number;
  output: number;
}

type Ending = { readonly what: string; readonly replay: boolean } | undefined;

async function* pieces(
  chunks: AsyncIterable<Uint8Array>,
  fineFrom: number,
  fine: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const size = at < fineFrom ? Math.min(PIECE, fineFrom - at) : fine;
      const piece = chunk.subarray(from, from + size);
      from += piece.length;
      at += piece.length;
      yield piece;
    }
  }
}

/** Events of one decoder as something to wait for. */
interface Bell {
  ring(): void;
  wait(): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait() {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      rung = false;
    },
  };
}

/** What was unpacked and not yet taken. */
class Unpacked {
  private readonly chunks: Uint8Array[] = [];
  private bytes = 0;
  private readonly filled = createBell();
  private readonly emptied = createBell();
  private over = false;

  /** Settles when there is room for more; false = nobody will take any more. */
  async put(chunk: Uint8Array): Promise<boolean> {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    this.filled.ring();
    while (this.bytes > AHEAD && !this.over) await this.emptied.wait();
    return !this.over;
  }

  /** The next chunk; undefined = there is none any more. */
  async take(): Promise<Uint8Array | undefined> {
    while (this.chunks.length === 0 && !this.over) await this.filled.wait();
    const chunk = this.chunks.shift();
    this.bytes -= chunk?.length ?? 0;
    this.emptied.ring();
    return chunk;
  }

  /** Nothing more is put, or taken. */
  close(): void {
    this.over = true;
    this.filled.ring();
    this.emptied.ring();
  }
}

/**
 * Runs one decoder over the pieces, up to AHEAD bytes before the consumer: while a slot of records is judged nothing is
 * taken, and zlib works on in its own thread.
 */
async function* decode(
  source: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array, Ending> {
  const unpacked = new Unpacked();
  const ending = unpack(source, progress, unpacked).finally(() => unpacked.close());
  // Awaited when all that came before it was taken; until then a failure is nobody's surprise.
  ending.catch(() => {});
  try {
    for (let chunk = await unpacked.take(); chunk !== undefined; chunk = await unpacked.take()) {
      yield chunk;
      // A turn of the event loop: else zlib hears nothing while there are chunks to take.
      await setImmediate();
    }
    return await ending;
  } finally {
    unpacked.close();
    await ending.catch(() => {});
  }
}

// One write at a time; its output is taken out before the next, so that an error can take only that write's output with it.
async function unpack(
  source: AsyncIterable<Uint8Array>,
  progress: Progress,
  unpacked: Unpacked,
): Promise<Ending> {
  const gunzip: Gunzip = createGunzip({ chunkSize: OUTPUT });
  const bell = createBell();
  let failure: Error | undefined;
  let ended = false;
  gunzip.on("error", (error) => {
    failure = error;
    bell.ring();
  });
  gunzip.on("readable", bell.ring);
  gunzip.on("end", () => {
    ended = true;
    bell.ring();
  });
  try {
    let last: Uint8Array = new Uint8Array(0);
    for await (const piece of source) {
      if (ended) {
        if (!isZeros(piece))
          return { what: "data follows the padding after the last member", replay: false };
        continue;
      }
      last = piece;
      progress.fed += piece.length;
      let written = false;
      gunzip.write(piece, (error) => {
        if (error != null) failure ??= error;
        written = true;
        bell.ring();
      });
      for await (const chunk of drain(
        gunzip,
        bell,
        () => written || ended || failure !== undefined,
      ))
        if (!(await unpacked.put(chunk))) return undefined;
      if (failure !== undefined) return { what: failure.message, replay: true };
      progress.done = progress.fed;
    }
    if (!ended) gunzip.end();
    for await (const chunk of drain(gunzip, bell, () => ended || failure !== undefined))
      if (!(await unpacked.put(chunk))) return undefined;
    // The end came with the end of the input: every write before it had been read out.
    if (failure !== undefined) return { what: failure.message, replay: false };
    const left = last.subarray(Math.max(0, last.length - (progress.fed - gunzip.bytesWritten)));
    if (!isZeros(left))
      return { what: "data follows the padding after the last member", replay: false };
    return undefined;
  } finally {
    gunzip.destroy();
  }
}

function isZeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** What the decoder has unpacked, until `settled`. */
export async function* drain(
  decoder: Transform,
  bell: Bell,
  settled: () => boolean,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = decoder.read() as Uint8Array | null;
    if (chunk !== null) yield chunk;
    else if (settled()) return;
    else await bell.wait();
  }
}

/**
 * Unpacks gzip, member after member; zero bytes after the last one are padding. Where it breaks (cut off, damaged, other
 * data behind) everything before the break is yielded, then `log-broken` is thrown; damage is found again in smaller and
 * smaller steps if the bytes can be read again, else the output of up to 256 KiB of input is lost. Throws `log-bomb`.
 */
export async function* gunzipNode(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  reopen: Reopen,
): AsyncGenerator<Uint8Array> {
  let yielded = 0;
  let fineFrom = Number.POSITIVE_INFINITY;
  let source: AsyncIterable<Uint8Array> = pieces(chunks, fineFrom, PIECE);
  const replays = reopen === undefined ? [] : [...REPLAYS];
  for (;;) {
    const progress: Progress = { fed: 0, done: 0, output: 0 };
    const decoder = decode(source, progress);
    let step = await decoder.next();
    try {
      for (; step.done !== true; step = await decoder.next()) {
        const fresh = step.value.subarray(Math.max(0, yielded - progress.output));
        progress.output += step.value.length;
        refuseBomb(name, progress.fed, progress.output);
        if (fresh.length === 0) continue;
        yielded += fresh.length;
        yield fresh;
      }
    } finally {
      await decoder.return(undefined);
    }
    const ending = step.value;
    if (ending === undefined) return;
    const fine = replays.shift();
    if (!ending.replay || fine === undefined || reopen === undefined)
      throw logBroken(name, ending.what, yielded);
    fineFrom = progress.done;
    source = pieces(reopen(), fineFrom, fine);
  }
}
