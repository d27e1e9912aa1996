import type { Address } from "../model/address.js";

/** The address that the core keeps as two words: IPv4 as ::ffff:a.b.c.d. */
export function addressOfWords(high: bigint, low: bigint): Address {
  if (high === 0n && low >> 32n === 0xffffn) return { family: 4, value: low & 0xffffffffn };
  return { family: 6, value: (high << 64n) | low };
}
