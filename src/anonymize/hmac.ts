// HMAC with SHA-256 (RFC 2104, FIPS 180-4), the same in Node and in a page, where the browser's own waits for a promise
// per call.

const BLOCK = 64;
const ROUNDS = 64;

/** First 32 bits of the fractional parts of roots of the first primes: cube roots, then square roots. */
const CONSTANTS = Uint32Array.from(primes(ROUNDS), (prime) => fraction(Math.cbrt(prime)));
const START = Uint32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));

/** Keyed once, asked often. */
export class Hmac {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;

  constructor(key: Uint8Array) {
    const block = new Uint8Array(BLOCK);
    block.set(key.length > BLOCK ? sha256(key) : key);
    this.#inner = block.map((byte) => byte ^ 0x36);
    this.#outer = block.map((byte) => byte ^ 0x5c);
  }

  /** 32 bytes. */
  digest(message: Uint8Array): Uint8Array {
    return sha256(joined(this.#outer, sha256(joined(this.#inner, message))));
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function sha256(message: Uint8Array): Uint8Array {
  const whole = padded(message);
  const state = START.slice();
  const words = new Uint32Array(ROUNDS);
  for (let at = 0; at < whole.byteLength; at += BLOCK) {
    for (let i = 0; i < 16; i++) words[i] = whole.getUint32(at + 4 * i);
    for (let i = 16; i < ROUNDS; i++) {
      const a = words[i - 15]!;
      const b = words[i - 2]!;
      words[i] =
        words[i - 16]! +
        (turned(a, 7) ^ turned(a, 18) ^ (a >>> 3)) +
        words[i - 7]! +
        (turned(b, 17) ^ turned(b, 19) ^ (b >>> 10));
    }
    compress(state, words);
  }
  const digest = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((word, i) => {
    digest.setUint32(4 * i, word);
  });
  return new Uint8Array(digest.buffer);
}

/** A one, zeros, and the length in bits, up to whole blocks. */
function padded(message: Uint8Array): DataView {
  const whole = new Uint8Array(BLOCK * Math.ceil((message.length + 9) / BLOCK));
  whole.set(message);
  whole[message.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setBigUint64(whole.length - 8, BigInt(message.length) * 8n);
  return view;
}

function compress(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  for (let i = 0; i < ROUNDS; i++) {
    const one =
      (h +
        (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
        ((e & f) ^ (~e & g)) +
        CONSTANTS[i]! +
        words[i]!) |
      0;
    const two =
      ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i]! += word;
  });
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let each = 2; found.length < count; each++)
    if (found.every((prime) => each % prime !== 0)) found.push(each);
  return found;
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}
