// A growing byte buffer for writers that copy columns instead of making strings. Owns no file.

const INITIAL_BYTES = 1 << 16;

export class ByteSink {
  /** Valid up to `length`; replaced when it grows, so nobody keeps it across a call that reserves. */
  bytes: Uint8Array;
  length: number;

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES);
    this.length = 0;
  }

  /** Room for `count` further bytes; amortised constant cost per byte. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  push(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  append(source: Uint8Array): void {
    this.reserve(source.length);
    // Cells are a few bytes long: a loop beats `set`, whose call costs more than the copy.
    const target = this.bytes;
    let at = this.length;
    if (source.length > 32) {
      target.set(source, at);
      this.length = at + source.length;
      return;
    }
    for (let i = 0; i < source.length; i++) target[at++] = source[i]!;
    this.length = at;
  }

  /** A non-negative integer below 2^53 in decimal digits. */
  appendCount(value: number): void {
    this.reserve(16);
    const target = this.bytes;
    let rest = value;
    let end = this.length + digitCount(value);
    this.length = end;
    // Above 31 bits the remainder operator leaves integer arithmetic, so the high digits go one by one in doubles.
    while (rest > 0x7fffffff) {
      const next = Math.floor(rest / 10);
      target[--end] = 48 + (rest - next * 10);
      rest = next;
    }
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      target[--end] = 48 + (small - next * 10);
      small = next;
    } while (small > 0);
  }

  /** What was written, valid until more is; the sink is empty afterwards. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }
}

function digitCount(value: number): number {
  let digits = 1;
  let bound = 10;
  while (value >= bound) {
    digits++;
    bound *= 10;
  }
  return digits;
}
