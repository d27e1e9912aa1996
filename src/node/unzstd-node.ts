// zstd through node:zlib where it has it (Node 22.15 on), without losing what came before a break.
import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import { logBroken, refuseBomb, unzstd, ZstdFrames } from "../logs/index.js";
import { createBell, drain, type Reopen } from "./gunzip-node.js";

/** Output at a time. */
const OUTPUT = 1 << 20;
/** A failed write loses what it had unpacked, and a write costs a turn of the thread pool. */
const PIECE = 1 << 18;

type Create = (options: { readonly chunkSize: number }) => Transform;
const create = (zlib as { readonly createZstdDecompress?: Create }).createZstdDecompress;

/** A part of a frame, or its end. */
type Step = Uint8Array | "end";

/** The frames of a piece of input: what of each is in it, in one part. */
class Steps {
  private steps: Step[] = [];
  private parts: Uint8Array[] = [];
  readonly frames: ZstdFrames = new ZstdFrames({
    bytes: (part) => this.parts.push(part),
    end: () => {
      this.gather();
      this.steps.push("end");
    },
  });

  take(): readonly Step[] {
    this.gather();
    const taken = this.steps;
    this.steps = [];
    return taken;
  }

  private gather(): void {
    if (this.parts.length > 0) this.steps.push(Buffer.concat(this.parts));
    this.parts = [];
  }
}

/** The input was no sound zstd to its end; a decoder that drops less tells where. */
class Fault extends Error {}

/** One frame: its parts are written one after the other, each read out before the next. */
class Frame {
  private readonly decoder: Transform;
  private readonly bell = createBell();
  private failure: Error | undefined;
  private ended = false;

  constructor(make: Create) {
    this.decoder = make({ chunkSize: OUTPUT });
    this.decoder.on("error", (error) => {
      this.failure = error;
      this.bell.ring();
    });
    this.decoder.on("readable", () => this.bell.ring());
    this.decoder.on("end", () => {
      this.ended = true;
      this.bell.ring();
    });
  }

  async *write(part: Uint8Array): AsyncGenerator<Uint8Array> {
    let written = false;
    this.decoder.write(part, (error) => {
      if (error != null) this.failure ??= error;
      written = true;
      this.bell.ring();
    });
    yield* drain(
      this.decoder,
      this.bell,
      () => written || this.ended || this.failure !== undefined,
    );
    if (this.failure !== undefined) throw new Fault(this.failure.message);
  }

  async *end(): AsyncGenerator<Uint8Array> {
    this.decoder.end();
    yield* drain(this.decoder, this.bell, () => this.ended || this.failure !== undefined);
    if (this.failure !== undefined) throw new Fault(this.failure.message);
  }

  close(): void {
    this.decoder.destroy();
  }
}

/** Unpacks by node:zlib, one decoder a frame. Throws a Fault where it cannot go on. */
async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  make: Create,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly input: number }> {
  const steps = new Steps();
  let frame: Frame | undefined;
  let input = 0;
  try {
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        input += piece.length;
        const fault = faultOf(() => steps.frames.push(piece));
        for (const step of steps.take()) {
          frame ??= new Frame(make);
          for await (const bytes of step === "end" ? frame.end() : frame.write(step))
            yield { bytes, input };
          if (step !== "end") continue;
          frame.close();
          frame = undefined;
        }
        if (fault !== undefined) throw fault;
      }
    if (!steps.frames.isWhole) throw new Fault("unexpected end of zstd data");
  } finally {
    frame?.close();
  }
}

function faultOf(work: () => void): Fault | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return new Fault(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Unpacks zstd, frame after frame. Where it breaks, everything before the break is yielded, then `log-broken` is thrown; if
 * the bytes cannot be read again, the output of up to 256 KiB of input is lost. Throws `log-bomb`.
 */
export async function* unzstdNode(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  reopen: Reopen,
): AsyncGenerator<Uint8Array> {
  if (create === undefined) {
    yield* unzstd(name, chunks);
    return;
  }
  let yielded = 0;
  let fault: Fault;
  try {
    for await (const { bytes, input } of unpacked(chunks, create)) {
      yielded += bytes.length;
      refuseBomb(name, input, yielded, "zstd");
      yield bytes;
    }
    return;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  let output = 0;
  if (reopen !== undefined)
    for await (const bytes of unzstd(name, reopen())) {
      const fresh = bytes.subarray(Math.max(0, yielded - output));
      output += bytes.length;
      if (fresh.length > 0) yield fresh;
    }
  throw logBroken(name, fault.message, Math.max(output, yielded));
}
