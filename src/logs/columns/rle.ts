// Parquet's hybrid of runs and bit-packed groups, which definition levels and dictionary codes are kept in.

/** The widest codes that are read: dictionaries of sixteen million words. */
const MAX_WIDTH = 24;

/** Reads numbers of `width` bits, as many as are asked for: a run is never spread out further than that. */
export class RleReader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly width: number;
  private readonly mask: number;
  private at: number;
  private runLeft = 0;
  private runValue = 0;
  private packedLeft = 0;
  private bit = 0;

  /** Numbers in `bytes` from `from` to before `end`. Throws RangeError for a width that is not read. */
  constructor(bytes: Uint8Array, from: number, end: number, width: number) {
    if (width > MAX_WIDTH) throw new RangeError(`codes of ${width} bits`);
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.width = width;
    this.mask = 2 ** width - 1;
  }

  /** The same numbers from the first one on; of a reader that has read none. */
  again(): RleReader {
    return new RleReader(this.bytes, this.at, this.end, this.width);
  }

  private header(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      if (this.at >= this.end) throw new RangeError("runs that end too early");
      const byte = this.bytes[this.at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError("a run whose length has no end");
  }

  private nextRun(): void {
    const header = this.header();
    if ((header & 1) === 1) {
      this.packedLeft = (header >>> 1) * 8;
      this.bit = this.at * 8;
      // Groups are whole, but the last one may be cut off where nobody needs its rest.
      this.at += (header >>> 1) * this.width;
      return;
    }
    this.runLeft = header >>> 1;
    this.runValue = 0;
    for (let shift = 0; shift < this.width; shift += 8) {
      if (this.at >= this.end) throw new RangeError("runs that end too early");
      this.runValue |= this.bytes[this.at++]! << shift;
    }
  }

  /** Writes the next numbers into `out` from `from` to before `to`. */
  read(out: Int32Array | Uint8Array, from: number, to: number): void {
    if (this.width === 0) {
      out.fill(0, from, to);
      return;
    }
    for (let row = from; row < to; ) {
      if (this.runLeft > 0) {
        const count = Math.min(this.runLeft, to - row);
        out.fill(this.runValue, row, row + count);
        this.runLeft -= count;
        row += count;
      } else if (this.packedLeft > 0) {
        const count = Math.min(this.packedLeft, to - row);
        this.unpack(out, row, row + count);
        this.packedLeft -= count;
        row += count;
      } else this.nextRun();
    }
  }

  private unpack(out: Int32Array | Uint8Array, from: number, to: number): void {
    const { bytes, width, mask } = this;
    let bit = this.bit;
    if (bit + (to - from) * width > this.end * 8) throw new RangeError("runs that end too early");
    // Four bytes hold any number of up to 25 bits; the last ones may lie behind the end, where nothing of it is used.
    for (let row = from; row < to; row++, bit += width) {
      const at = bit >>> 3;
      const word =
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      out[row] = (word >>> (bit & 7)) & mask;
    }
    this.bit = bit;
  }
}
