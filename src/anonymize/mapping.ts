// What a key makes of addresses and names, in logs and in rules.
import { type Address, formatAddress, parseAddress } from "../model/address.js";
import type { RuleSet } from "../model/rule-set.js";
import { Names } from "./names.js";
import { pinsOf } from "./pins.js";
import { PrefixMap } from "./prefix-map.js";

/** Texts of addresses that are remembered; a log repeats them. */
const REMEMBERED = 1 << 20;

export class Mapping {
  readonly names: Names;
  readonly prefixes: PrefixMap;
  readonly #texts = new Map<string, string>();

  /** The rule sets tell which addresses are routers and resolvers. */
  constructor(key: Uint8Array, ruleSets: readonly RuleSet[]) {
    this.names = new Names(key);
    this.prefixes = new PrefixMap(key, pinsOf(ruleSets));
  }

  address(address: Address): Address {
    return this.prefixes.address(address);
  }

  /** An address as text. What is none is a name. */
  addressText(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    const made =
      address === undefined ? this.names.word(text) : formatAddress(this.address(address));
    if (this.#texts.size >= REMEMBERED) this.#texts.clear();
    this.#texts.set(text, made);
    return made;
  }
}
