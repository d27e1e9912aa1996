import { expect, test } from "vitest";
import { Xxh64 } from "../../src/logs/xxh64.js";
import { randomOf } from "../support/random-case.js";

const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5]: readonly [bigint, bigint, bigint, bigint, bigint] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];

/** As the algorithm's description has it, word by word. */
function plain(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rotate = (word: bigint, bits: bigint): bigint =>
    ((word << bits) | (word >> (64n - bits))) & MASK;
  const round = (lane: bigint, input: bigint): bigint =>
    (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK;
  let at = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    const lanes = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
    for (; at + 32 <= bytes.length; at += 32)
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i]!, view.getBigUint64(at + 8 * i, true));
    hash = [1n, 7n, 12n, 18n].reduce((sum, bits, i) => (sum + rotate(lanes[i]!, bits)) & MASK, 0n);
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8)
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++)
    hash = (rotate(hash ^ ((BigInt(bytes[at]!) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

test("published hashes", () => {
  const hash = (text: string): number => {
    const xxh = new Xxh64();
    xxh.update(new TextEncoder().encode(text));
    return xxh.low();
  };
  // XXH64 of nothing is ef46db3751d8e999, of "abc" 44bc2cf5ad770999.
  expect(hash("")).toBe(0x51d8e999);
  expect(hash("abc")).toBe(0xad770999);
  expect(plain(new Uint8Array(0))).toBe(0xef46db3751d8e999n);
});

test("every length, cut anywhere", () => {
  const random = randomOf(5);
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    const expected = Number(plain(bytes) & 0xffff_ffffn);
    const xxh = new Xxh64();
    for (let at = 0; at < length; ) {
      const size = 1 + Math.floor(random() * 50);
      xxh.update(bytes.subarray(at, at + size));
      at += size;
    }
    expect({ length, hash: xxh.low() }).toEqual({ length, hash: expected });
  }
});
