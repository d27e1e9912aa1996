// XXH64 with seed 0, whose low half zstd keeps as its check sum. A 64-bit word is a pair of 32-bit ones: BigInt costs ten
// times as much.

/** Words as [high, low], one behind the other. */
type Words = Int32Array;

/** The five primes. */
const P: Words = Int32Array.of(
  ...[0x9e3779b1, 0x85ebca87, 0xc2b2ae3d, 0x27d4eb4f, 0x165667b1, 0x9e3779f9],
  ...[0x85ebca77, 0xc2b2ae63, 0x27d4eb2f, 0x165667c5],
);
const [P1, P2, P3, P4, P5] = [0, 2, 4, 6, 8] as const;
/** Bytes that the four lanes take at a time. */
const STRIPE = 32;

/** The high half of the product of two unsigned words, in steps that fit 32 bits. */
function highOfProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16);
  const cross = Math.imul(a0, b1) + (middle & 0xffff);
  return Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16);
}

/** words[at] *= P[prime] modulo 2^64. */
function multiply(words: Words, at: number, prime: number): void {
  const high = words[at]!;
  const low = words[at + 1]!;
  const bh = P[prime]!;
  const bl = P[prime + 1]!;
  words[at] = highOfProduct(low, bl) + Math.imul(high, bl) + Math.imul(low, bh);
  words[at + 1] = Math.imul(low, bl);
}

/** words[at] += high:low modulo 2^64. */
function add(words: Words, at: number, high: number, low: number): void {
  const sum = (words[at + 1]! >>> 0) + (low >>> 0);
  words[at + 1] = sum;
  words[at] = words[at]! + high + (sum > 0xffff_ffff ? 1 : 0);
}

/** Rotates words[at] left by 1 to 31 bits. */
function rotate(words: Words, at: number, bits: number): void {
  const high = words[at]!;
  const low = words[at + 1]!;
  words[at] = (high << bits) | (low >>> (32 - bits));
  words[at + 1] = (low << bits) | (high >>> (32 - bits));
}

/** words[at] ^= words[at] >>> bits (unsigned, 1 to 63). */
function fold(words: Words, at: number, bits: number): void {
  const high = words[at]!;
  const low = words[at + 1]!;
  if (bits >= 32) words[at + 1] = low ^ (high >>> (bits - 32));
  else {
    words[at] = high ^ (high >>> bits);
    words[at + 1] = low ^ ((low >>> bits) | (high << (32 - bits)));
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The hash of bytes that come piece by piece. Some 200 MB/s. */
export class Xxh64 {
  private readonly lanes: Words = new Int32Array(8);
  private readonly scratch: Words = new Int32Array(4);
  private readonly held = new Uint8Array(STRIPE);
  private heldBytes = 0;
  private total = 0;

  constructor() {
    const { lanes } = this;
    for (const prime of [P1, P2]) add(lanes, 0, P[prime]!, P[prime + 1]!);
    add(lanes, 2, P[P2]!, P[P2 + 1]!);
    // Minus the first prime.
    add(lanes, 6, ~P[P1]!, ~P[P1 + 1]!);
    add(lanes, 6, 0, 1);
  }

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    if (this.heldBytes > 0) {
      const part = bytes.subarray(0, STRIPE - this.heldBytes);
      this.held.set(part, this.heldBytes);
      this.heldBytes += part.length;
      at = part.length;
      if (this.heldBytes < STRIPE) return;
      this.stripes(this.held, 0, STRIPE);
      this.heldBytes = 0;
    }
    const end = bytes.length - ((bytes.length - at) % STRIPE);
    this.stripes(bytes, at, end);
    this.held.set(bytes.subarray(end));
    this.heldBytes = bytes.length - end;
  }

  // Lane after lane, each in local words: through the array it is three times as slow.
  private stripes(bytes: Uint8Array, from: number, end: number): void {
    const [p1h, p1l, p2h, p2l] = [P[P1]!, P[P1 + 1]!, P[P2]!, P[P2 + 1]!];
    for (let lane = 0; lane < 8; lane += 2) {
      let high = this.lanes[lane]!;
      let low = this.lanes[lane + 1]!;
      for (let at = from + 4 * lane; at < end; at += STRIPE) {
        const inputLow = wordAt(bytes, at);
        const inputHigh = wordAt(bytes, at + 4);
        const sum = (low >>> 0) + (Math.imul(inputLow, p2l) >>> 0);
        const product =
          highOfProduct(inputLow, p2l) + Math.imul(inputHigh, p2l) + Math.imul(inputLow, p2h);
        const h = (high + product + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        const l = sum | 0;
        // Rotated by 31 bits, times the first prime.
        const rotatedHigh = (h << 31) | (l >>> 1);
        const rotatedLow = (l << 31) | (h >>> 1);
        high =
          (highOfProduct(rotatedLow, p1l) +
            Math.imul(rotatedHigh, p1l) +
            Math.imul(rotatedLow, p1h)) |
          0;
        low = Math.imul(rotatedLow, p1l);
      }
      this.lanes[lane] = high;
      this.lanes[lane + 1] = low;
    }
  }

  private round(words: Words, at: number, high: number, low: number): void {
    const { scratch } = this;
    scratch[2] = high;
    scratch[3] = low;
    multiply(scratch, 2, P2);
    add(words, at, scratch[2]!, scratch[3]!);
    rotate(words, at, 31);
    multiply(words, at, P1);
  }

  /** The low half of the hash of all bytes so far, as an unsigned word. */
  low(): number {
    const hash = new Int32Array(4);
    if (this.total >= STRIPE) this.joinLanes(hash);
    else add(hash, 0, P[P5]!, P[P5 + 1]!);
    add(hash, 0, Math.floor(this.total / 2 ** 32), this.total % 2 ** 32);
    this.rest(hash);
    fold(hash, 0, 33);
    multiply(hash, 0, P2);
    fold(hash, 0, 29);
    multiply(hash, 0, P3);
    fold(hash, 0, 32);
    return hash[1]! >>> 0;
  }

  private joinLanes(hash: Words): void {
    for (const [i, bits] of [1, 7, 12, 18].entries()) {
      const lane = this.lanes.slice(2 * i, 2 * i + 2);
      rotate(lane, 0, bits);
      add(hash, 0, lane[0]!, lane[1]!);
    }
    for (let lane = 0; lane < 8; lane += 2) {
      this.mix(hash, this.lanes[lane]!, this.lanes[lane + 1]!);
      multiply(hash, 0, P1);
      add(hash, 0, P[P4]!, P[P4 + 1]!);
    }
  }

  private mix(hash: Words, high: number, low: number): void {
    hash[2] = 0;
    hash[3] = 0;
    this.round(hash, 2, high, low);
    hash[0]! ^= hash[2]!;
    hash[1]! ^= hash[3]!;
  }

  private rest(hash: Words): void {
    const { held, heldBytes } = this;
    let at = 0;
    for (; at + 8 <= heldBytes; at += 8) {
      this.mix(hash, wordAt(held, at + 4), wordAt(held, at));
      rotate(hash, 0, 27);
      multiply(hash, 0, P1);
      add(hash, 0, P[P4]!, P[P4 + 1]!);
    }
    if (at + 4 <= heldBytes) {
      hash[2] = 0;
      hash[3] = wordAt(held, at);
      multiply(hash, 2, P1);
      hash[0]! ^= hash[2]!;
      hash[1]! ^= hash[3]!;
      rotate(hash, 0, 23);
      multiply(hash, 0, P2);
      add(hash, 0, P[P3]!, P[P3 + 1]!);
      at += 4;
    }
    for (; at < heldBytes; at++) {
      hash[2] = 0;
      hash[3] = held[at]!;
      multiply(hash, 2, P5);
      hash[0]! ^= hash[2]!;
      hash[1]! ^= hash[3]!;
      rotate(hash, 0, 11);
      multiply(hash, 0, P1);
    }
  }
}
