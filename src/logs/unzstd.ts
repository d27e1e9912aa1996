// zstd without a host.
import { Decompress } from "fzstd";
import { logBroken, refuseBomb } from "./gzip-limits.js";
import { Xxh64 } from "./xxh64.js";
import { ZstdFrames } from "./zstd-frames.js";

/** Compressed bytes a step takes. A block of 4 bytes may unpack to 128 KiB: what waits to be handed on stays bounded. */
const STEP = 512;

/** Unpacks one frame after the other, step by step. */
export class Unzstd {
  private readonly frames: ZstdFrames;
  private decoder: Decompress | undefined;
  private ready: Uint8Array[] = [];
  /** What the frame under way has unpacked to. */
  private unpacked = 0;
  private hash = new Xxh64();

  constructor() {
    this.frames = new ZstdFrames({
      bytes: (part) => this.bytes(part),
      end: (size, checksum) => this.end(size, checksum),
    });
  }

  /** Whether the input may end here. */
  get isWhole(): boolean {
    return this.frames.isWhole;
  }

  /** What could be unpacked since it was last taken; after a fault of push() too. */
  take(): Uint8Array[] {
    const taken = this.ready;
    this.ready = [];
    return taken;
  }

  /** Takes a piece of the input, of any length. Throws what ZstdFrames and fzstd throw. */
  push(piece: Uint8Array): void {
    this.frames.push(piece);
  }

  private bytes(part: Uint8Array): void {
    this.decoder ??= new Decompress((block) => {
      if (block.length === 0) return;
      this.unpacked += block.length;
      if (this.frames.hasChecksum) this.hash.update(block);
      this.ready.push(block);
    });
    this.decoder.push(part, false);
  }

  private end(size: number | undefined, checksum: number | undefined): void {
    // Frames of less than 18 bytes are begun only when they end.
    this.decoder!.push(new Uint8Array(0), true);
    this.decoder = undefined;
    if (size !== undefined && size !== this.unpacked)
      throw new RangeError(`a frame of ${this.unpacked} bytes, where its header says ${size}`);
    if (checksum !== undefined && checksum !== this.hash.low())
      throw new RangeError("a frame that has not the check sum that it says");
    this.unpacked = 0;
    this.hash = new Xxh64();
  }
}

/**
 * Unpacks zstd, frame after frame. A break throws `log-broken` after what came before it, a bomb `log-bomb`. Some 50 MB/s of
 * output. Memory: the window of a frame, 128 MiB at most, and a step's output.
 */
export async function* unzstd(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const zstd = new Unzstd();
  let input = 0;
  let output = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += STEP) {
      const step = chunk.subarray(at, at + STEP);
      input += step.length;
      const fault = push(zstd, step);
      for (const bytes of zstd.take()) {
        output += bytes.length;
        refuseBomb(name, input, output, "zstd");
        yield bytes;
      }
      if (fault !== undefined) throw logBroken(name, fault, output);
    }
  }
  if (!zstd.isWhole) throw logBroken(name, "unexpected end of zstd data", output);
}

function push(zstd: Unzstd, step: Uint8Array): string | undefined {
  try {
    zstd.push(step);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
