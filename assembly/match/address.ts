// Remote address -> trie entry. Knows nothing of policies. IPv4 is ::ffff:a.b.c.d everywhere in this interface.

import { ENTRY_INDEX_MASK, PAGE4_BYTES, STARTS6_BYTES } from "../shared/image";
import { Matcher } from "./rows";

/** The entry is a page, not a class. */
export const PAGE_BIT: u32 = 0x80000000;

/** Whether the 128-bit number stands for an IPv4 address. */
export function isV4(high: u64, low: u64): bool {
  return high == 0 && low >> 32 == 0xffff;
}

/** Entry of an IPv4 address in the root: what pageEntry goes on with. */
export function rootEntry(matcher: Matcher, address: u32): u32 {
  return load<u32>(matcher.root4 + <usize>((address >> 16) << 2));
}

/** From its rootEntry to the entry of an IPv4 address. */
export function pageEntry(matcher: Matcher, address: u32, root: u32): u32 {
  let entry = root;
  // At most four rounds: there is no page below the last four bits.
  for (let shift: u32 = 12; (entry & PAGE_BIT) != 0; shift -= 4) {
    const page = matcher.pages4 + <usize>(entry & ENTRY_INDEX_MASK) * PAGE4_BYTES;
    entry = load<u32>(page + <usize>(((address >> shift) & 15) << 2));
  }
  return entry;
}

/** Last range whose start is not after the address; O(log ranges). The first range starts at ::, so one fits. */
function entry6(matcher: Matcher, high: u64, low: u64): u32 {
  const starts = matcher.starts6;
  let from: u32 = 0;
  let count: u32 = matcher.starts6Count;
  while (count > 1) {
    const half = count >> 1;
    const start = starts + <usize>(from + half) * STARTS6_BYTES;
    const startHigh = load<u64>(start);
    if (startHigh < high || (startHigh == high && load<u64>(start, 8) <= low)) {
      from += half;
      count -= half;
    } else {
      count = half;
    }
  }
  return load<u32>(matcher.entries6 + <usize>(from << 2));
}

/** Class of the address, or its timed row where ENTRY_TIMED is set. */
export function addressEntry(matcher: Matcher, high: u64, low: u64): u32 {
  if (!isV4(high, low)) return entry6(matcher, high, low);
  return pageEntry(matcher, <u32>low, rootEntry(matcher, <u32>low));
}
