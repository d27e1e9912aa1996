import type { Address } from "./address.js";

/** Second lowest word of an IPv4 address, as ::ffff:a.b.c.d. */
export const MAPPED: number = 0xffff;

/** One of the four 32-bit words of an address, 0 the highest; IPv4 is ::ffff:a.b.c.d. */
export function addressWord({ family, value }: Address, word: number): number {
  if (family === 4) {
    if (word === 3) return Number(value);
    return word === 2 ? MAPPED : 0;
  }
  return Number((value >> BigInt(32 * (3 - word))) & 0xffffffffn);
}

/** The address of four words, the highest first. */
export function addressOfWords(a: number, b: number, c: number, d: number): Address {
  if (a === 0 && b === 0 && c === MAPPED) return { family: 4, value: BigInt(d) };
  const high = (BigInt(a) << 32n) | BigInt(b);
  return { family: 6, value: (high << 64n) | (BigInt(c) << 32n) | BigInt(d) };
}
