// The only source of chance: same seed, same numbers, on every platform (32-bit integer arithmetic alone).

/** Mixes 32 bits (murmur3 finalizer): a cheap hash for values that must not depend on call order. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Small fast counter generator (sfc32), 128 bits of state. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: number, stream = 0) {
    this.#a = mix32(seed) | 0;
    this.#b = mix32(seed ^ 0x9e3779b9) | 0;
    this.#c = mix32(stream + 0x51ed270b) | 0;
    this.#counter = 1;
    for (let i = 0; i < 15; i++) this.next();
  }

  /** 32 bits, unsigned. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1). */
  unit(): number {
    return this.next() * 2.3283064365386963e-10;
  }

  /** Integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** Integer in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /**
   * Integer in [0, bound), small ones far likelier: each power of two is as likely as the next, which is close to zipf
   * with exponent one. No logarithm: engines may round those differently.
   */
  zipf(bound: number): number {
    const octave = this.below(32 - Math.clz32(bound));
    const value = 2 ** octave - 1 + this.below(2 ** octave);
    return value < bound ? value : this.below(bound);
  }

  /** Exponential with the mean (piecewise linear between powers of two), at least one. */
  exponential(mean: number): number {
    const bits = this.next();
    const halvings = Math.clz32(bits);
    return Math.max(1, Math.round((halvings + this.unit()) * Math.LN2 * mean));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}
