import { familyBits, formatCidr } from "../model/address.js";
import type { PeerIds } from "./peer-ids.js";
import type { UsedBlock } from "./usage.js";

/** Most blocks listed. */
export const USED_BLOCKS: number = 8;

/** Addresses of one family in ascending order. */
interface SortedAddresses {
  readonly family: 4 | 6;
  readonly length: number;
  readonly at: (place: number) => bigint;
}

/** Addresses that were seen, sorted. */
export type SeenAddresses = readonly SortedAddresses[];

/** Sorts addresses by their numbers. Cost: that of sorting numbers; nothing is allocated per address. */
export function seenAddresses(peerIds: Int32Array, ids: PeerIds): SeenAddresses {
  const values4 = Float64Array.from(peerIds, (id) => ids.value4(id)).sort();
  // Of IPv6 there is -1.
  const from = lowerBound(values4.length, (place) => values4[place]! >= 0);
  const peers6 = peerIds.filter((id) => ids.value4(id) < 0);
  peers6.sort((a, b) => ids.compare(a, b));
  const length = values4.length - from;
  return [
    { family: 4, length, at: (place) => BigInt(values4[from + place]!) },
    { family: 6, length: peers6.length, at: (place) => ids.addressOf(peers6[place]!).value },
  ];
}

/** The first of `length` places at which `holds` is true; it is at all behind it. */
function lowerBound(length: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A stretch of them, with the smallest block that holds it. */
interface Stretch {
  readonly sorted: SortedAddresses;
  readonly from: number;
  readonly to: number;
  /** Bits of the block that are not its prefix. */
  readonly hostBits: number;
}

/**
 * Few blocks that hold all of the addresses: the smallest block per family, halved again and again where that leaves
 * out the most addresses, up to `limit` blocks. Greedy: not always the least sum.
 */
export function usedBlocks(seen: SeenAddresses, limit: number): readonly UsedBlock[] {
  const stretches = seen.flatMap((sorted) =>
    sorted.length === 0 ? [] : [stretch(sorted, 0, sorted.length)],
  );
  while (stretches.length < limit) {
    const halves = stretches.map(halve);
    const gains = stretches.map((whole, i) => sizeOf(whole) - sum(halves[i]!.map(sizeOf)));
    const best = gains.reduce((at, gain, i) => (gain > (gains[at] ?? 0) ? i : at), 0);
    if ((gains[best] ?? 0) <= 0) break;
    stretches.splice(best, 1, ...halves[best]!);
  }
  return stretches.map(blockOf);
}

function stretch(sorted: SortedAddresses, from: number, to: number): Stretch {
  const spread = sorted.at(from) ^ sorted.at(to - 1);
  const hostBits = spread === 0n ? 0 : spread.toString(2).length;
  return { sorted, from, to, hostBits };
}

/** The two halves of a block, each shrunk to what was seen in it. One address has none. */
function halve(whole: Stretch): readonly Stretch[] {
  const { sorted, from, to, hostBits } = whole;
  if (hostBits === 0) return [whole];
  const bit = BigInt(hostBits - 1);
  const second = (sorted.at(to - 1) >> bit) << bit;
  const cut = from + lowerBound(to - from, (place) => sorted.at(from + place) >= second);
  return [stretch(sorted, from, cut), stretch(sorted, cut, to)];
}

function sizeOf({ hostBits }: Stretch): number {
  return 2 ** hostBits;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function blockOf({ sorted, from, to, hostBits }: Stretch): UsedBlock {
  const { family } = sorted;
  const bits = BigInt(hostBits);
  const value = (sorted.at(from) >> bits) << bits;
  const cidr = formatCidr({ address: { family, value }, length: familyBits(family) - hostBits });
  return { cidr, seen: to - from };
}
