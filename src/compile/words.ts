import { FlowError } from "../errors.js";

/** Bytes an image may have: what fits the core beside its tables, and offsets stay below 2^31. */
export const MAX_IMAGE_BYTES: number = 1_073_741_824;
const MAX_WORDS = MAX_IMAGE_BYTES / 4;

/** Growing list of u32: what a section of the image is made of. Doubles, so a push costs O(1) on average. */
export class Words {
  length = 0;
  #data: Uint32Array;

  constructor(capacity = 256) {
    this.#data = new Uint32Array(capacity);
  }

  push(value: number): void {
    this.#fit(1);
    this.#data[this.length++] = value;
  }

  pushAll(values: ArrayLike<number>): void {
    this.#fit(values.length);
    this.#data.set(values, this.length);
    this.length += values.length;
  }

  /** Appends `count` copies of `value`; returns the index of the first. */
  fill(value: number, count: number): number {
    this.#fit(count);
    const from = this.length;
    this.length += count;
    if (value !== 0) this.#data.fill(value, from, this.length);
    return from;
  }

  /** A 128-bit address as high and low u64 words. */
  pushAddress(value: bigint): void {
    this.push(Number((value >> 64n) & 0xffffffffn));
    this.push(Number(value >> 96n));
    this.push(Number(value & 0xffffffffn));
    this.push(Number((value >> 32n) & 0xffffffffn));
  }

  get(index: number): number {
    return this.#data[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#data[index] = value;
  }

  /** Pads with zeros until the length is a multiple of `words`. */
  align(words: number): void {
    const rest = this.length % words;
    if (rest !== 0) this.fill(0, words - rest);
  }

  /** The words so far; a view that the next push may leave behind. */
  view(): Uint32Array {
    return this.#data.subarray(0, this.length);
  }

  #fit(more: number): void {
    const need = this.length + more;
    if (need <= this.#data.length) return;
    if (need > MAX_WORDS) throw tooLarge(need * 4);
    const grown = new Uint32Array(Math.min(MAX_WORDS, Math.max(need, this.#data.length * 2)));
    grown.set(this.#data.subarray(0, this.length));
    this.#data = grown;
  }
}

/** The rule set would not fit the core. */
export function tooLarge(bytes: number): FlowError {
  return new FlowError(
    "rule-set-too-large",
    `the compiled rules need more than ${Math.floor(bytes / 1_048_576)} MiB; at most ${MAX_IMAGE_BYTES / 1_048_576} MiB are allowed`,
    {
      hint: "load fewer interfaces (one VPC or account at a time), or fewer groups with thousands of rules on the same interface",
    },
  );
}
