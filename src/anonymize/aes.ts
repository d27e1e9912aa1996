// AES with keys of 128 bits, one way (FIPS 197): what the mapping of addresses is made of, the same in Node and in a page,
// where the browser's own waits for a promise per call. Its time depends on the key: nobody watches it.

/** Bytes of a block, and of a key. */
export const AES_BLOCK = 16;

const ROUNDS = 10;
const SBOX = sbox();

/** Turns whole blocks. */
export class Aes {
  readonly #keys: Uint8Array;

  constructor(key: Uint8Array) {
    this.#keys = roundKeys(key);
  }

  /** Turns `bytes`, some blocks one after the other, where they stand. */
  encrypt(bytes: Uint8Array): void {
    const state = new Uint8Array(AES_BLOCK);
    for (let at = 0; at < bytes.length; at += AES_BLOCK) {
      for (let i = 0; i < AES_BLOCK; i++) state[i] = bytes[at + i]! ^ this.#keys[i]!;
      for (let round = 1; round <= ROUNDS; round++) this.#round(state, round);
      bytes.set(state, at);
    }
  }

  #round(state: Uint8Array, round: number): void {
    const keys = this.#keys;
    const from = Uint8Array.from(state, (byte) => SBOX[byte]!);
    const mixed = round < ROUNDS;
    for (let at = 0; at < AES_BLOCK; at += 4) {
      // Each row comes from as many columns further as its number.
      const a = from[at]!;
      const b = from[(at + 5) % AES_BLOCK]!;
      const c = from[(at + 10) % AES_BLOCK]!;
      const d = from[(at + 15) % AES_BLOCK]!;
      const all = a ^ b ^ c ^ d;
      const key = AES_BLOCK * round + at;
      state[at] = (mixed ? a ^ all ^ doubled(a ^ b) : a) ^ keys[key]!;
      state[at + 1] = (mixed ? b ^ all ^ doubled(b ^ c) : b) ^ keys[key + 1]!;
      state[at + 2] = (mixed ? c ^ all ^ doubled(c ^ d) : c) ^ keys[key + 2]!;
      state[at + 3] = (mixed ? d ^ all ^ doubled(d ^ a) : d) ^ keys[key + 3]!;
    }
  }
}

/** Times two in the field of AES. */
function doubled(byte: number): number {
  return (byte << 1) ^ (byte & 0x80 ? 0x11b : 0);
}

function roundKeys(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(AES_BLOCK * (ROUNDS + 1));
  keys.set(key.subarray(0, AES_BLOCK));
  let constant = 1;
  for (let at = AES_BLOCK; at < keys.length; at += 4) {
    const word = keys.slice(at - 4, at);
    if (at % AES_BLOCK === 0) {
      const [a, b, c, d] = word;
      word.set([SBOX[b!]! ^ constant, SBOX[c!]!, SBOX[d!]!, SBOX[a!]!]);
      constant = doubled(constant);
    }
    for (let i = 0; i < 4; i++) keys[at + i] = keys[at + i - AES_BLOCK]! ^ word[i]!;
  }
  return keys;
}

/** Inverses in the field, turned about: walked through by powers of 3 and of its inverse. */
function sbox(): Uint8Array {
  const box = new Uint8Array(256);
  let p = 1;
  let q = 1;
  do {
    p = (p ^ doubled(p)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q = (q ^ (q & 0x80 ? 0x09 : 0)) & 0xff;
    box[p] = q ^ turned(q, 1) ^ turned(q, 2) ^ turned(q, 3) ^ turned(q, 4) ^ 0x63;
  } while (p !== 1);
  box[0] = 0x63;
  return box;
}

function turned(byte: number, by: number): number {
  return ((byte << by) | (byte >> (8 - by))) & 0xff;
}
