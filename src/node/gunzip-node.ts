// gzip through node:zlib, without losing what came before a break.
import type { Transform } from "node:stream";
import { createGunzip, type Gunzip } from "node:zlib";
import { logBroken, refuseBomb } from "../logs/index.js";

/** 1 MiB of output at a time: twice the speed of the default of 16 KiB. */
const OUTPUT = 1 << 20;
/** A failed write loses what it had unpacked; smaller writes lose less and cost more. */
const PIECE = 1 << 18;
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

/**
 * Runs one decoder over the pieces. One write at a time; its output is read before the next, so that an error can take
 * only that write's output with it. zlib works on in its own thread while the consumer has a chunk.
 */
async function* decode(
  source: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array, Ending> {
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
      yield* drain(gunzip, bell, () => written || ended || failure !== undefined);
      if (failure !== undefined) return { what: failure.message, replay: true };
      progress.done = progress.fed;
    }
    if (!ended) gunzip.end();
    yield* drain(gunzip, bell, () => ended || failure !== undefined);
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
