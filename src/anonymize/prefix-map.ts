// Addresses to addresses, so that two which share their first bits share them afterwards too: the construction of
// Crypto-PAn (Xu, Fan, Ammar, Moon 2002), for IPv6 over 128 bits. Whether a bit is turned is told by AES over the bits
// before it, so any bit may be kept as it is without breaking the rest: what verdicts depend on is pinned.
import { type Address, type Cidr, familyBits } from "../model/address.js";
import { AES_BLOCK, Aes } from "./aes.js";

/** The bits `from` to `to` (not included) of an address, kept behind the bits before them. */
export interface Pin {
  readonly address: Address;
  readonly from: number;
  readonly to: number;
}

/** A prefix of pinned bits; `keeps`: the bit behind it is kept. */
interface Node {
  keeps: boolean;
  readonly next: [Node | undefined, Node | undefined];
}

/** Bytes of a key: AES's, and the text that the padding is made of. */
export const KEY_BYTES = 32;

export class PrefixMap {
  readonly #aes: Aes;
  readonly #pad: Uint8Array;
  readonly #pins = { 4: newNode(), 6: newNode() };

  /** `key`: KEY_BYTES bytes. */
  constructor(key: Uint8Array, pins: readonly Pin[]) {
    this.#aes = new Aes(key.subarray(0, AES_BLOCK));
    this.#pad = key.slice(AES_BLOCK, KEY_BYTES);
    this.#aes.encrypt(this.#pad);
    for (const pin of pins) this.#addPin(pin);
  }

  /** One block of AES per bit. */
  address({ family, value }: Address): Address {
    return { family, value: this.#mapped(family, value, familyBits(family)) };
  }

  /** The block that holds what the addresses of this one become. */
  cidr({ address: { family, value }, length }: Cidr): Cidr {
    return { address: { family, value: this.#mapped(family, value, length) }, length };
  }

  /** The first `count` bits mapped, the others as they are. */
  #mapped(family: 4 | 6, value: bigint, count: number): bigint {
    const width = familyBits(family);
    const blocks = new Uint8Array(count * AES_BLOCK);
    const block = Uint8Array.from(this.#pad);
    for (let bit = 0; bit < count; bit++) {
      blocks.set(block, bit * AES_BLOCK);
      const at = bit >> 3;
      const mask = 128 >> (bit & 7);
      block[at] = bitOf(value, width, bit) === 1 ? block[at]! | mask : block[at]! & ~mask;
    }
    this.#aes.encrypt(blocks);
    let node: Node | undefined = this.#pins[family];
    let flips = 0n;
    for (let bit = 0; bit < count; bit++) {
      if (node?.keeps !== true && blocks[bit * AES_BLOCK]! >= 128)
        flips |= 1n << BigInt(width - 1 - bit);
      node = node?.next[bitOf(value, width, bit)];
    }
    return value ^ flips;
  }

  #addPin({ address: { family, value }, from, to }: Pin): void {
    let node = this.#pins[family];
    for (let bit = 0; bit < to; bit++) {
      if (bit >= from) node.keeps = true;
      const side = bitOf(value, familyBits(family), bit);
      node.next[side] ??= newNode();
      node = node.next[side];
    }
  }
}

function newNode(): Node {
  return { keeps: false, next: [undefined, undefined] };
}

function bitOf(value: bigint, width: number, bit: number): 0 | 1 {
  return (value >> BigInt(width - 1 - bit)) & 1n ? 1 : 0;
}
