import { type Address, type Cidr, familyBits } from "../model/address.js";

/** Values by block, to be asked which blocks hold an address. */
export interface PeerBlocks<Value> {
  readonly families: Readonly<Record<4 | 6, readonly BlockLevel<Value>[]>>;
}

/** The blocks of one prefix length; levels stand longest first. */
interface BlockLevel<Value> {
  readonly shift: bigint;
  readonly values: Map<bigint, Value[]>;
}

/** Indexes blocks. Cost: linear; an address is looked up once per prefix length that occurs. */
export function peerBlocks<Value>(entries: Iterable<readonly [Cidr, Value]>): PeerBlocks<Value> {
  const levels = {
    4: new Map<number, BlockLevel<Value>>(),
    6: new Map<number, BlockLevel<Value>>(),
  };
  for (const [{ address, length }, value] of entries) {
    const family = levels[address.family];
    let level = family.get(length);
    if (level === undefined) {
      level = { shift: BigInt(familyBits(address.family) - length), values: new Map() };
      family.set(length, level);
    }
    const key = address.value >> level.shift;
    const known = level.values.get(key);
    if (known === undefined) level.values.set(key, [value]);
    else known.push(value);
  }
  return { families: { 4: longestFirst(levels[4]), 6: longestFirst(levels[6]) } };
}

function longestFirst<Value>(
  levels: ReadonlyMap<number, BlockLevel<Value>>,
): readonly BlockLevel<Value>[] {
  return [...levels].sort(([a], [b]) => b - a).map(([, level]) => level);
}

/** Values of all blocks that hold the address, the most specific block first. */
export function valuesHolding<Value>(blocks: PeerBlocks<Value>, address: Address): Value[] {
  const found: Value[] = [];
  for (const { shift, values } of blocks.families[address.family]) {
    const here = values.get(address.value >> shift);
    if (here !== undefined) found.push(...here);
  }
  return found;
}

/** Values of the most specific block that holds the address; empty where none does. */
export function valuesAtBest<Value>(blocks: PeerBlocks<Value>, address: Address): readonly Value[] {
  for (const { shift, values } of blocks.families[address.family]) {
    const here = values.get(address.value >> shift);
    if (here !== undefined) return here;
  }
  return [];
}
