// Walks through zstd by its headers (RFC 8878): frames, blocks, checksums; decodes nothing. Decoders are handed one frame at
// a time, because they go wrong over several: Node 22's drops all but the first, fzstd allocates what a header asks for.

/** What of the input belongs to frames. Parts are views of the chunks, but for headers. */
export interface FrameSink {
  bytes(part: Uint8Array): void;
  /** What the frame says of its text: the size, and the low half of its XXH64. */
  end(size: number | undefined, checksum: number | undefined): void;
}

/** The greatest window that the zstd program takes unasked. */
const MAX_WINDOW = 128 << 20;
const MAX_HEADER = 18;
const MAX_BLOCK = 128 << 10;

/** Whether the bytes begin as a zstd frame does; skippable frames may come first. */
export function isZstd(head: Uint8Array): boolean {
  return (
    (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) ||
    isSkippable(head)
  );
}

/** Bytes that isZstd wants to see. */
export const ZSTD_MAGIC_BYTES: number = 4;

function isSkippable(head: Uint8Array): boolean {
  return (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

/** Bytes of a frame's header, by the byte behind the magic number. */
function headerBytes(descriptor: number): number {
  const single = (descriptor >> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const size = [single, 2, 4, 8][descriptor >> 6]!;
  return 4 + 1 + (1 - single) + dictionary + size;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Walks through the frames of a stream that is cut anywhere. Memory: a header. */
export class ZstdFrames {
  private readonly sink: FrameSink;
  private state: "magic" | "header" | "skip" | "block header" | "block" | "checksum" = "magic";
  private readonly held = new Uint8Array(MAX_HEADER);
  private heldBytes = 0;
  /** Of what the state holds or passes on. */
  private left = 4;
  private isLast = false;
  /** Whether the frame under way tells the check sum of its text. */
  hasChecksum = false;
  private size: number | undefined;
  private maxBlock = 0;
  private frames = 0;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  /** Whether the input may end here. */
  get isWhole(): boolean {
    return this.state === "magic" && this.heldBytes === 0;
  }

  /** Takes the next chunk. Throws a RangeError for what is no zstd, needs a dictionary or a window beyond 128 MiB. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + this.left);
      at += part.length;
      this.left -= part.length;
      if (this.state === "block") this.sink.bytes(part);
      else if (this.state !== "skip") {
        this.held.set(part, this.heldBytes);
        this.heldBytes += part.length;
      }
      if (this.left === 0) this.next();
    }
  }

  private wait(state: ZstdFrames["state"], bytes: number): void {
    this.state = state;
    this.left = bytes;
    this.heldBytes = 0;
  }

  private next(): void {
    const held = this.held.subarray(0, this.heldBytes);
    switch (this.state) {
      case "magic":
        this.magic(held);
        break;
      case "header":
        this.header(held);
        break;
      case "block header":
        this.blockHeader(held);
        break;
      case "block":
        this.afterBlock();
        break;
      case "checksum":
        this.sink.bytes(held.slice());
        this.frameEnded(littleEndian(held));
        break;
      case "skip":
        this.wait("magic", 4);
    }
  }

  private magic(held: Uint8Array): void {
    if (held.length === 4) {
      if (!isZstd(held))
        throw new RangeError(this.frames === 0 ? "no zstd frame" : "data follows the last frame");
      this.frames++;
      // The rest of what tells the length: a size, or the descriptor.
      this.left = isSkippable(held) ? 4 : 1;
      return;
    }
    if (held.length === 8) {
      const size = littleEndian(held.subarray(4));
      this.wait(size === 0 ? "magic" : "skip", size === 0 ? 4 : size);
      return;
    }
    const descriptor = held[4]!;
    if ((descriptor & 8) !== 0) throw new RangeError("a frame of a later version of zstd");
    this.state = "header";
    this.left = headerBytes(descriptor) - 5;
  }

  private header(held: Uint8Array): void {
    const descriptor = held[4]!;
    const isSingle = (descriptor & 32) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
    const at = isSingle ? 5 : 6;
    if (littleEndian(held.subarray(at, at + dictionaryBytes)) !== 0)
      throw new RangeError("a frame that needs a dictionary");
    const stored = held.subarray(at + dictionaryBytes);
    this.size =
      stored.length === 0 ? undefined : littleEndian(stored) + (stored.length === 2 ? 256 : 0);
    const unit = held[5]!;
    const window = isSingle ? this.size! : 2 ** (10 + (unit >> 3)) * (1 + (unit & 7) / 8);
    if (window > MAX_WINDOW)
      throw new RangeError("a frame that needs more than 128 MiB of memory (zstd --long)");
    this.maxBlock = Math.min(MAX_BLOCK, Math.max(window, 1));
    this.hasChecksum = (descriptor & 4) !== 0;
    this.sink.bytes(held.slice());
    this.wait("block header", 3);
  }

  private blockHeader(held: Uint8Array): void {
    const word = littleEndian(held);
    const type = (word >> 1) & 3;
    const size = word >> 3;
    if (type === 3 || size > this.maxBlock) throw new RangeError("a block that cannot be");
    this.isLast = (word & 1) !== 0;
    this.sink.bytes(held.slice());
    const stored = type === 1 ? 1 : size;
    if (stored === 0) this.afterBlock();
    else this.wait("block", stored);
  }

  private afterBlock(): void {
    if (!this.isLast) this.wait("block header", 3);
    else if (this.hasChecksum) this.wait("checksum", 4);
    else this.frameEnded(undefined);
  }

  private frameEnded(checksum: number | undefined): void {
    this.sink.end(this.size, checksum);
    this.wait("magic", 4);
  }
}
