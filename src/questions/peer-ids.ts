import type { Address } from "../model/address.js";
import { addressOfWords, addressWord, MAPPED } from "../model/address-words.js";
import type { OpenerTable } from "../model/opener-table.js";

/** Addresses that there is room for at first; a power of two. */
const FIRST_ROOM = 1024;
const WORDS = 4;

/**
 * Small numbers for addresses, in order of first sight: rows repeat a few addresses very often, or name millions.
 * Nothing is allocated per address.
 */
export class PeerIds {
  /** Addresses so far. */
  count = 0;
  /** Four words per address, the highest first. */
  private words = new Uint32Array(WORDS * FIRST_ROOM);
  /** Open addressing: number of an address + 1, 0 = free. At least half of the slots stay free. */
  private slots = new Int32Array(2 * FIRST_ROOM);

  idOf(address: Address): number {
    const [a, b, c, d] = wordsOf(address);
    return this.idOfWords(a, b, c, d);
  }

  /** The number of a row's remote address. */
  idOfRow(table: OpenerTable, row: number): number {
    return this.idOfWords(
      table.remoteWord(row, 0),
      table.remoteWord(row, 1),
      table.remoteWord(row, 2),
      table.remoteWord(row, 3),
    );
  }

  /** The number of an address that has one. */
  find(address: Address): number | undefined {
    const [a, b, c, d] = wordsOf(address);
    const found = this.slots[this.slotOf(a, b, c, d)]! - 1;
    return found < 0 ? undefined : found;
  }

  addressOf(id: number): Address {
    const { words } = this;
    const at = WORDS * id;
    return addressOfWords(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
  }

  /** An IPv4 address as a plain number, -1 for IPv6. */
  value4(id: number): number {
    const { words } = this;
    const at = WORDS * id;
    const isIpv4 = words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED;
    return isIpv4 ? words[at + 3]! : -1;
  }

  /** Which of two addresses of one family comes first. */
  compare(one: number, other: number): number {
    const { words } = this;
    for (let word = 0; word < WORDS; word++) {
      const order = words[WORDS * one + word]! - words[WORDS * other + word]!;
      if (order !== 0) return order;
    }
    return 0;
  }

  private idOfWords(a: number, b: number, c: number, d: number): number {
    const slot = this.slotOf(a, b, c, d);
    const found = this.slots[slot]! - 1;
    if (found >= 0) return found;
    const id = this.count++;
    this.slots[slot] = id + 1;
    const at = WORDS * id;
    this.words[at] = a;
    this.words[at + 1] = b;
    this.words[at + 2] = c;
    this.words[at + 3] = d;
    if (this.words.length === at + WORDS) this.grow();
    return id;
  }

  /** The slot of an address, or the free one where it belongs. */
  private slotOf(a: number, b: number, c: number, d: number): number {
    const { slots, words } = this;
    const mask = slots.length - 1;
    let slot = mix(a, b, c, d) & mask;
    for (;;) {
      const id = slots[slot]! - 1;
      if (id < 0) return slot;
      const at = WORDS * id;
      const isFound =
        words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a;
      if (isFound) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const words = new Uint32Array(2 * this.words.length);
    words.set(this.words);
    this.words = words;
    this.slots = new Int32Array(2 * this.slots.length);
    for (let id = 0; id < this.count; id++) {
      const at = WORDS * id;
      const slot = this.slotOf(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
      this.slots[slot] = id + 1;
    }
  }
}

function wordsOf(address: Address): readonly [number, number, number, number] {
  const word = (number: number): number => addressWord(address, number);
  return [word(0), word(1), word(2), word(3)];
}

function mix(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
  return hash ^ (hash >>> 15);
}
