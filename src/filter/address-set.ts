// Addresses that pass, as ranges that do not touch; asked with the text of a log.

import { parseAddress } from "../model/address.js";
import type { AddressRange } from "./filter.js";

interface Ranges<T extends number | bigint> {
  readonly firsts: readonly T[];
  readonly lasts: readonly T[];
}

const decoder: TextDecoder = new TextDecoder();
const COLON = 58;
const DOT = 46;

/** IPv4 in strict dotted form as a number, -1 for anything else. */
function address4(source: Uint8Array, from: number, to: number): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const byte = source[i]!;
    if (byte === DOT) {
      if (digits === 0 || part > 255) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots++;
      continue;
    }
    if (byte < 48 || byte > 57 || digits === 3) return -1;
    if (digits > 0 && part === 0) return -1;
    part = part * 10 + (byte - 48);
    digits++;
  }
  return dots === 3 && digits > 0 && part <= 255 ? value * 256 + part : -1;
}

function holds<T extends number | bigint>({ firsts, lasts }: Ranges<T>, value: T): boolean {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low > 0 && value <= lasts[low - 1]!;
}

/** Ranges of a family in order, those that overlap or touch joined. */
function joined(ranges: readonly AddressRange[], family: 4 | 6): Ranges<bigint> {
  const own = ranges.filter((range) => range.family === family);
  own.sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  const firsts: bigint[] = [];
  const lasts: bigint[] = [];
  for (const { first, last } of own) {
    const before = lasts.at(-1);
    if (before !== undefined && first <= before + 1n) {
      if (last > before) lasts[lasts.length - 1] = last;
      continue;
    }
    firsts.push(first);
    lasts.push(last);
  }
  return { firsts, lasts };
}

export class AddressSet {
  private readonly ranges4: Ranges<number>;
  private readonly ranges6: Ranges<bigint>;

  constructor(ranges: readonly AddressRange[]) {
    const { firsts, lasts } = joined(ranges, 4);
    this.ranges4 = { firsts: firsts.map(Number), lasts: lasts.map(Number) };
    this.ranges6 = joined(ranges, 6);
  }

  /** Whether the address written in `source[from, to)` is one of them. O(log ranges). */
  holds(source: Uint8Array, from: number, to: number): boolean {
    const value = address4(source, from, to);
    if (value >= 0) return holds(this.ranges4, value);
    if (this.ranges6.firsts.length === 0 || !source.subarray(from, to).includes(COLON))
      return false;
    const address = parseAddress(decoder.decode(source.subarray(from, to)));
    return address?.family === 6 && holds(this.ranges6, address.value);
  }
}
