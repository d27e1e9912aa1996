// Bytes of a source in pieces of the length that is asked for.

/** The source ended inside of a piece. */
export class CutShort extends Error {
  constructor(wanted: number, had: number) {
    super(`the input ends after ${had} of ${wanted} bytes`);
    this.name = "CutShort";
  }
}

/** Reads a source piece by piece. What it gives out is a copy: chunks may be used again by who reads them. */
export class ByteQueue {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Bytes given out so far. */
  position = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.chunks = chunks;
  }

  private async refill(): Promise<boolean> {
    while (this.at === this.chunk.length) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.chunk = next.value;
      this.at = 0;
    }
    return true;
  }

  /** Puts bytes back that were the last to be given out. */
  putBack(bytes: Uint8Array): void {
    const rest = this.chunk.subarray(this.at);
    const joined = new Uint8Array(bytes.length + rest.length);
    joined.set(bytes);
    joined.set(rest, bytes.length);
    this.chunk = joined;
    this.at = 0;
    this.position -= bytes.length;
  }

  /** Exactly `length` bytes; `undefined` where the source has ended before the first. Throws CutShort. */
  async take(length: number): Promise<Uint8Array | undefined> {
    // Grown as bytes come: a length that is only claimed costs nothing.
    let bytes = new Uint8Array(Math.min(length, 1 << 20));
    let filled = 0;
    while (filled < length) {
      if (!(await this.refill())) {
        if (filled === 0) return undefined;
        throw new CutShort(length, filled);
      }
      const part = this.chunk.subarray(this.at, this.at + length - filled);
      if (filled + part.length > bytes.length) {
        const grown = new Uint8Array(
          Math.min(length, Math.max(filled + part.length, bytes.length * 2)),
        );
        grown.set(bytes.subarray(0, filled));
        bytes = grown;
      }
      bytes.set(part, filled);
      filled += part.length;
      this.at += part.length;
      this.position += part.length;
    }
    return bytes;
  }

  /** All bytes to the end of the source, `most` at most. */
  async takeUpTo(most: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let left = most;
    while (left > 0 && (await this.refill())) {
      const part = this.chunk.slice(this.at, this.at + left);
      parts.push(part);
      left -= part.length;
      this.at += part.length;
      this.position += part.length;
    }
    const bytes = new Uint8Array(most - left);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Whether nothing follows. */
  async ended(): Promise<boolean> {
    return !(await this.refill());
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
