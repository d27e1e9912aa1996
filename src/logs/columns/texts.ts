// Texts made of other values.
import type { LogTexts } from "./log-columns.js";

/** Text under construction, one behind the other. */
export class TextBuilder {
  private readonly begins: Int32Array;
  private readonly ends: Int32Array;
  private bytes: Uint8Array;
  private rows = 0;
  private length = 0;

  constructor(rows: number, bytes: number) {
    this.begins = new Int32Array(rows);
    this.ends = new Int32Array(rows);
    this.bytes = new Uint8Array(Math.max(bytes, 64));
  }

  /** Where `count` bytes can be written; the next `end` tells how many were. */
  room(count: number): Uint8Array {
    if (this.length + count > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    return this.bytes;
  }

  get at(): number {
    return this.length;
  }

  /** The text of the next row reaches to `at`. */
  end(at: number): void {
    this.begins[this.rows] = this.length;
    this.ends[this.rows++] = at;
    this.length = at;
  }

  /** The next row is these bytes. */
  append(text: Uint8Array): void {
    this.room(text.length).set(text, this.length);
    this.end(this.length + text.length);
  }

  /** What was built; nothing may be added afterwards. */
  texts(): LogTexts {
    return { begins: this.begins, ends: this.ends, bytes: this.bytes };
  }
}

/** The texts that codes stand for; rows without a value are empty. */
export function gatherTexts(
  words: LogTexts,
  codes: Int32Array,
  valid: Uint8Array | undefined,
): LogTexts {
  const builder = new TextBuilder(codes.length, codes.length * 16);
  const { begins, ends, bytes } = words;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (valid?.[row] === 0) builder.end(builder.at);
    else builder.append(bytes.subarray(begins[code], ends[code]));
  }
  return builder.texts();
}

/** Decimal text of every number. */
export function textsOfNumbers(values: ArrayLike<number | bigint>): LogTexts {
  const encoder = new TextEncoder();
  const builder = new TextBuilder(values.length, values.length * 8);
  for (let row = 0; row < values.length; row++) builder.append(encoder.encode(String(values[row])));
  return builder.texts();
}
