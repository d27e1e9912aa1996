import { type Address, familyBits, formatCidr } from "../model/address.js";
import type { UsedBlock } from "./usage.js";

/** Most blocks listed. */
export const USED_BLOCKS: number = 8;

/** A stretch of a sorted list of addresses, with the smallest block that holds it. */
interface Stretch {
  readonly sorted: readonly bigint[];
  readonly family: 4 | 6;
  readonly from: number;
  readonly to: number;
  /** Bits of the block that are not its prefix. */
  readonly hostBits: number;
}

/**
 * Few blocks that hold all of the addresses: the smallest block per family, halved again and again where that leaves
 * out the most addresses, up to `limit` blocks. Greedy: not always the least sum. Cost: one sort.
 */
export function usedBlocks(addresses: readonly Address[], limit: number): readonly UsedBlock[] {
  const stretches = ([4, 6] as const).flatMap((family) => {
    const sorted = addresses.filter((a) => a.family === family).map(({ value }) => value);
    sorted.sort(compareValues);
    return sorted.length === 0 ? [] : [stretch(sorted, family, 0, sorted.length)];
  });
  while (stretches.length < limit) {
    const halves = stretches.map(halve);
    const gains = stretches.map((whole, i) => sizeOf(whole) - sum(halves[i]!.map(sizeOf)));
    const best = gains.reduce((at, gain, i) => (gain > (gains[at] ?? 0) ? i : at), 0);
    if ((gains[best] ?? 0) <= 0) break;
    stretches.splice(best, 1, ...halves[best]!);
  }
  return stretches.map(blockOf);
}

function compareValues(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function stretch(sorted: readonly bigint[], family: 4 | 6, from: number, to: number): Stretch {
  const spread = sorted[from]! ^ sorted[to - 1]!;
  const hostBits = spread === 0n ? 0 : spread.toString(2).length;
  return { sorted, family, from, to, hostBits };
}

/** The two halves of a block, each shrunk to what was seen in it. One address has none. */
function halve(whole: Stretch): readonly Stretch[] {
  const { sorted, family, from, to, hostBits } = whole;
  if (hostBits === 0) return [whole];
  const bit = BigInt(hostBits - 1);
  const second = (sorted[to - 1]! >> bit) << bit;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < second) low = middle + 1;
    else high = middle;
  }
  return [stretch(sorted, family, from, low), stretch(sorted, family, low, to)];
}

function sizeOf({ hostBits }: Stretch): number {
  return 2 ** hostBits;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function blockOf({ sorted, family, from, to, hostBits }: Stretch): UsedBlock {
  const bits = BigInt(hostBits);
  const value = (sorted[from]! >> bits) << bits;
  const cidr = formatCidr({ address: { family, value }, length: familyBits(family) - hostBits });
  return { cidr, seen: to - from };
}
