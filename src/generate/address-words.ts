// Addresses as four 32-bit words for the hot path: IPv4 in the first, the others zero.
import type { Address, Cidr } from "../model/address.js";

/** Big-endian words of the address. */
export function addressWords(address: Address): [number, number, number, number] {
  const v = address.value;
  if (address.family === 4) return [Number(v) | 0, 0, 0, 0];
  const word = (shift: bigint): number => Number((v >> shift) & 0xffffffffn) | 0;
  return [word(96n), word(64n), word(32n), word(0n)];
}

/** Words of the netmask. */
export function maskWords(cidr: Cidr): [number, number, number, number] {
  const word = (first: number): number => {
    const bits = Math.min(32, Math.max(0, cidr.length - first));
    return bits === 0 ? 0 : -1 << (32 - bits);
  };
  return [word(0), word(32), word(64), word(96)];
}

/** The address that stands in the words from `offset` on. */
export function addressFromWords(family: 4 | 6, words: Int32Array, offset: number): Address {
  const word = (n: number): bigint => BigInt(words[offset + n]! >>> 0);
  if (family === 4) return { family, value: word(0) };
  return { family, value: (word(0) << 96n) | (word(1) << 64n) | (word(2) << 32n) | word(3) };
}

/** Dotted quad of an unsigned 32-bit number. */
export function dotted(v: number): string {
  return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
}

const BYTE_TEXT: readonly Uint8Array[] = Array.from({ length: 256 }, (_, n) =>
  new TextEncoder().encode(String(n)),
);

function writeByte(out: Uint8Array, at: number, byte: number): number {
  const text = BYTE_TEXT[byte]!;
  out[at] = text[0]!;
  if (text.length > 1) out[at + 1] = text[1]!;
  if (text.length > 2) out[at + 2] = text[2]!;
  return at + text.length;
}

function writeHexGroup(out: Uint8Array, at: number, group: number): number {
  let shift = 12;
  while (shift > 0 && group >>> shift === 0) shift -= 4;
  let next = at;
  for (; shift >= 0; shift -= 4) {
    const digit = (group >>> shift) & 15;
    out[next++] = digit < 10 ? 48 + digit : 87 + digit;
  }
  return next;
}

/** Scratch of one call: the hot path allocates nothing. */
const scratchGroups = new Int32Array(8);

function writeAddress6(out: Uint8Array, start: number, words: Int32Array, offset: number): number {
  for (let i = 0; i < 4; i++) {
    const word = words[offset + i]!;
    scratchGroups[2 * i] = word >>> 16;
    scratchGroups[2 * i + 1] = word & 0xffff;
  }
  // RFC 5952: the first longest run of two or more zero groups becomes "::".
  let gapStart = -1;
  let gapLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && scratchGroups[j] === 0) j++;
    if (j - i > gapLength) {
      gapStart = i;
      gapLength = j - i;
    }
    if (j > i) i = j;
  }
  let at = start;
  for (let i = 0; i < 8; i++) {
    if (i === gapStart) {
      if (i === 0) out[at++] = 58;
      out[at++] = 58;
      i += gapLength - 1;
      continue;
    }
    at = writeHexGroup(out, at, scratchGroups[i]!);
    if (i < 7) out[at++] = 58;
  }
  return at;
}

/** Writes the address in its shortest usual form; returns the position after it. At most 39 bytes. */
export function writeAddress(
  out: Uint8Array,
  at: number,
  family: number,
  words: Int32Array,
  offset: number,
): number {
  if (family === 6) return writeAddress6(out, at, words, offset);
  const v = words[offset]!;
  let next = writeByte(out, at, v >>> 24);
  out[next++] = 46;
  next = writeByte(out, next, (v >>> 16) & 255);
  out[next++] = 46;
  next = writeByte(out, next, (v >>> 8) & 255);
  out[next++] = 46;
  return writeByte(out, next, v & 255);
}
