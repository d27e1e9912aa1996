// Sets of addresses as sorted ranges: what rules and assertions compare. Knows nothing of rules.
import { type Address, type Cidr, familyBits, formatAddress } from "../model/address.js";

/** Consecutive addresses of one family, both ends included. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** Per family: sorted, disjoint ranges that do not touch. */
export interface AddressSet {
  readonly 4: readonly AddressRange[];
  readonly 6: readonly AddressRange[];
}

export const FAMILIES: readonly (4 | 6)[] = [4, 6];
export const NO_ADDRESSES: AddressSet = { 4: [], 6: [] };

/** Every address of both families. */
export const ALL_ADDRESSES: AddressSet = {
  4: [{ first: 0n, last: (1n << 32n) - 1n }],
  6: [{ first: 0n, last: (1n << 128n) - 1n }],
};

// Math.min and Math.max take no bigint.
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function greater(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

export function rangeOf(cidr: Cidr): AddressRange {
  const hosts = 1n << BigInt(familyBits(cidr.address.family) - cidr.length);
  return { first: cidr.address.value, last: cidr.address.value + hosts - 1n };
}

/** The block that holds one address alone. */
export function hostBlock(address: Address): Cidr {
  return { address, length: familyBits(address.family) };
}

function compareFirst(a: AddressRange, b: AddressRange): number {
  if (a.first === b.first) return 0;
  return a.first < b.first ? -1 : 1;
}

function joined(ranges: AddressRange[]): readonly AddressRange[] {
  ranges.sort(compareFirst);
  const out: AddressRange[] = [];
  for (const range of ranges) {
    const previous = out.at(-1);
    if (previous === undefined || range.first > previous.last + 1n) out.push(range);
    else if (range.last > previous.last) out[out.length - 1] = { ...previous, last: range.last };
  }
  return out;
}

/** The addresses of the blocks. Cost: n log n. */
export function addressSet(cidrs: Iterable<Cidr>): AddressSet {
  const by: { 4: AddressRange[]; 6: AddressRange[] } = { 4: [], 6: [] };
  for (const cidr of cidrs) by[cidr.address.family].push(rangeOf(cidr));
  return { 4: joined(by[4]), 6: joined(by[6]) };
}

export function union(sets: readonly AddressSet[]): AddressSet {
  if (sets.length === 1) return sets[0]!;
  return { 4: joined(sets.flatMap((s) => s[4])), 6: joined(sets.flatMap((s) => s[6])) };
}

function overlap(a: readonly AddressRange[], b: readonly AddressRange[]): AddressRange[] {
  const out: AddressRange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i]!;
    const y = b[j]!;
    const first = greater(x.first, y.first);
    const last = lesser(x.last, y.last);
    if (first <= last) out.push({ first, last });
    if (x.last < y.last) i++;
    else j++;
  }
  return out;
}

export function intersection(a: AddressSet, b: AddressSet): AddressSet {
  return { 4: overlap(a[4], b[4]), 6: overlap(a[6], b[6]) };
}

function gaps(ranges: readonly AddressRange[], family: 4 | 6): AddressRange[] {
  const out: AddressRange[] = [];
  let next = 0n;
  for (const { first, last } of ranges) {
    if (first > next) out.push({ first: next, last: first - 1n });
    next = last + 1n;
  }
  const end = 1n << BigInt(familyBits(family));
  if (next < end) out.push({ first: next, last: end - 1n });
  return out;
}

/** What `a` has and `b` has not. */
export function difference(a: AddressSet, b: AddressSet): AddressSet {
  return { 4: overlap(a[4], gaps(b[4], 4)), 6: overlap(a[6], gaps(b[6], 6)) };
}

export function isEmpty(set: AddressSet): boolean {
  return set[4].length === 0 && set[6].length === 0;
}

/** Whether one range of the list holds all of `part`. Cost: log n. */
export function holdsRange(ranges: readonly AddressRange[], part: AddressRange): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.last < part.first) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found !== undefined && found.first <= part.first && part.last <= found.last;
}

export function holdsAddress(set: AddressSet, address: Address): boolean {
  return holdsRange(set[address.family], { first: address.value, last: address.value });
}

/** Whether all of `part` lies in `whole`. */
export function holdsSet(whole: AddressSet, part: AddressSet): boolean {
  return FAMILIES.every((family) => part[family].every((r) => holdsRange(whole[family], r)));
}

/** Addresses in the ranges; exact to 2^53, then to 53 bits. */
export function countAddresses(ranges: readonly AddressRange[]): number {
  let total = 0n;
  for (const { first, last } of ranges) total += last - first + 1n;
  return Number(total);
}

/** `10.0.0.0/24`, `10.0.0.5`, or `10.0.0.5-10.0.0.9` where no single block fits. */
export function formatRange(range: AddressRange, family: 4 | 6): string {
  const first = formatAddress({ family, value: range.first });
  const size = range.last - range.first + 1n;
  if (size === 1n) return first;
  const hostBits = size.toString(2).length - 1;
  const isBlock = size === 1n << BigInt(hostBits) && range.first % size === 0n;
  if (isBlock) return `${first}/${familyBits(family) - hostBits}`;
  return `${first}-${formatAddress({ family, value: range.last })}`;
}

/** The first ranges in words, the rest as a number. */
export function formatSet(set: AddressSet, most: number = 3): string {
  const all = FAMILIES.flatMap((family) => set[family].map((range) => formatRange(range, family)));
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(", ")} and ${rest} more` : all.join(", ");
}
