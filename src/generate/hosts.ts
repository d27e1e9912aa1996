// Who talks: hosts inside a rule's peer, hosts of the internet, ephemeral ports as their systems choose them.
import { parseCidr } from "../model/address.js";
import { addressWords } from "./address-words.js";
import {
  RULE_ADDRESS,
  RULE_FAMILY,
  RULE_LENGTH,
  RULE_MASK,
  type RuleTable,
  ruleRow,
} from "./firewall.js";
import { mix32, type Random } from "./random.js";
import type { World } from "./world.js";

/** So many hosts of one block ever talk, most of them seldom. */
const HOSTS_PER_BLOCK = 1 << 18;
/** First words of the IPv6 blocks used here: 2001:db8. */
const DOCUMENTATION6 = 0x20010db8;

/** First octets that are no public IPv4 address, or not wholly. */
const NOT_PUBLIC: ReadonlySet<number> = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);

/** A remote host: its address stands in `words`. */
export interface Host {
  /** Its interface where it is in the account, else -1. */
  index: number;
  readonly words: Int32Array;
}

export class Hosts {
  readonly #world: World;
  readonly #random: Random;
  /** Blocks that play the internet: first address and size. */
  readonly #internet: readonly (readonly [number, number])[];
  readonly #found: Host = { index: -1, words: new Int32Array(4) };

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#internet = world.spec.internet.map((text) => {
      const cidr = parseCidr(text);
      return [addressWords(cidr.address)[0], 2 ** (32 - cidr.length)] as const;
    });
  }

  /** The n-th public IPv4 address: the same n, the same address. */
  publicAddress(ordinal: number): number {
    if (this.#internet.length > 0) {
      const [first, size] = this.#internet[mix32(ordinal) % this.#internet.length]!;
      // Neither the network nor the broadcast address.
      return (first + 1 + (mix32(ordinal + 1) % (size - 2))) | 0;
    }
    let address = mix32(ordinal + 0x7f4a7c15);
    while (address >>> 24 >= 224 || NOT_PUBLIC.has(address >>> 24)) address = mix32(address + 1);
    return address | 0;
  }

  /** A host anywhere outside, popular ones often. Valid until the next call of this object. */
  outside(family: number): Host {
    const host = this.#found;
    host.index = -1;
    const ordinal = this.#random.zipf(HOSTS_PER_BLOCK);
    if (family === 4) {
      host.words.fill(0);
      host.words[0] = this.publicAddress(ordinal);
      return host;
    }
    const hash = mix32(ordinal + 17);
    host.words[0] = DOCUMENTATION6;
    host.words[1] = (0x4000 + (hash & 0x7fff)) << 16;
    host.words[2] = (hash & 0x10000) === 0 ? 0 : mix32(ordinal);
    host.words[3] = 1 + (mix32(ordinal + 5) >>> ((hash >>> 20) & 31));
    return host;
  }

  /** An address of the interface, mostly its primary one. Undefined = it has none of the family. */
  inside(index: number, family: number): Host | undefined {
    const host = this.#found;
    host.index = index;
    if (family === 6) {
      const words = this.#world.addresses6[index]!;
      if (words.length === 0) return undefined;
      host.words.set(words.subarray(0, 4));
      return host;
    }
    const addresses = this.#world.addresses4[index]!;
    const chosen = this.#random.chance(0.6) ? 0 : this.#random.below(addresses.length);
    host.words.fill(0);
    host.words[0] = addresses[chosen]!;
    return host;
  }

  /** An interface of the list, other than the one, with an address that the rule's block holds. */
  #member(
    candidates: readonly number[],
    other: number,
    family: number,
    table: RuleTable,
    row: number,
  ): Host | undefined {
    if (candidates.length === 0) return undefined;
    for (let attempt = 0; attempt < 6; attempt++) {
      const index = candidates[this.#random.zipf(candidates.length)]!;
      if (index === other) continue;
      const host = this.inside(index, family);
      if (host !== undefined && (table.rows[row + RULE_FAMILY] === 0 || this.#holds(table, row)))
        return host;
    }
    return undefined;
  }

  #holds(table: RuleTable, row: number): boolean {
    const { words } = this.#found;
    for (let i = 0; i < 4; i++) {
      const differs = words[i]! ^ table.rows[row + RULE_ADDRESS + i]!;
      if ((differs & table.rows[row + RULE_MASK + i]!) !== 0) return false;
    }
    return true;
  }

  #isVpcBlock(table: RuleTable, row: number): boolean {
    const first = table.rows[row + RULE_ADDRESS]!;
    if (table.rows[row + RULE_FAMILY] === 4) return first >>> 24 === 10;
    return first === DOCUMENTATION6 && table.rows[row + RULE_ADDRESS + 1]! >>> 16 === 0x1234;
  }

  /** A host that the rule's peer holds, seen from the interface. Undefined = none could be found. */
  ofRule(table: RuleTable, rule: number, from: number, family: number): Host | undefined {
    const row = ruleRow(rule);
    const { rows } = table;
    if (rows[row + RULE_FAMILY] === 0) {
      const members = this.#world.members[rows[row + RULE_ADDRESS]!]!;
      return this.#member(members, from, family, table, row);
    }
    const length = rows[row + RULE_LENGTH]!;
    if (length === 0) {
      if (this.#random.chance(0.2))
        return this.#member(this.#world.instances, from, family, table, row);
      return this.outside(family);
    }
    if (this.#isVpcBlock(table, row))
      return this.#member(this.#world.instances, from, family, table, row);
    const host = this.#found;
    host.index = -1;
    const free = Math.min(18, (family === 4 ? 32 : 128) - length);
    const ordinal = this.#random.zipf(1 << free);
    let salt = rows[row + RULE_ADDRESS]! ^ rows[row + RULE_ADDRESS + 1]!;
    for (let i = 0; i < 4; i++) {
      salt = mix32(salt + ordinal + i);
      // An IPv6 host number, not 64 random bits: most are small.
      const bits = family === 6 && i === 2 ? 0 : salt;
      host.words[i] = rows[row + RULE_ADDRESS + i]! | (bits & ~rows[row + RULE_MASK + i]!);
      if (family === 4) break;
    }
    if (family === 4) host.words.fill(0, 1);
    return host;
  }

  /** Source port as the host's system chooses it: Linux, Windows, or anything above 1023. */
  ephemeralPort(words: Int32Array, offset: number): number {
    const system = mix32(words[offset]! ^ Math.imul(words[offset + 3]!, 31)) % 100;
    if (system < 84) return this.#random.between(32_768, 60_999);
    if (system < 96) return this.#random.between(49_152, 65_535);
    return this.#random.between(1024, 65_535);
  }
}
