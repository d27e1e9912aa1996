// Values of one token. Every function returns a status and leaves the value in a static: no objects, no allocation.
// Tokens are [ptr, end); at least BLOCK_PADDING bytes before and after are readable.

export let tokenNumber: u64 = 0;
export let tokenHigh: u64 = 0;
export let tokenLow: u64 = 0;

/** Eight characters 0. */
export const ZEROS: u64 = 0x3030303030303030;
export const HIGH_BITS: u64 = 0x8080808080808080;

/** Bits where a byte of `digits` (characters ^ ZEROS) is above 9, else none. */
export function notDigits(digits: u64): u64 {
  return ((digits + 0x7676767676767676) | digits) & HIGH_BITS;
}

/** Value of eight digits (characters ^ ZEROS), the first in the lowest byte: pairs, then fours, then both. */
export function eightDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8);
  return (
    ((pairs & 0x000000ff000000ff) * 0x000f424000000064 +
      ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
    32
  );
}

/** The last `length` (1-8) bytes before `end` as decimal digits; ~0 if one is no digit. Loads 8 bytes ending at `end`. */
function digits8(end: usize, length: u32): u64 {
  // Bytes in front of the token become zero digits: the token's own bytes are the high ones of the word.
  const garbage = <u64>((8 - length) << 3);
  const digits = ((load<u64>(end - 8) ^ ZEROS) >> garbage) << garbage;
  return notDigits(digits) != 0 ? u64.MAX_VALUE : eightDigits(digits);
}

/** Decimal digits only, at most 19, at most 2^63-1. */
export function parseNumber(ptr: usize, end: usize): bool {
  const length = <u32>(end - ptr);
  if (length <= 8) {
    const v = digits8(end, length);
    tokenNumber = v;
    return v != u64.MAX_VALUE;
  }
  if (length > 19) return false;
  const low = digits8(end, 8);
  if (low == u64.MAX_VALUE) return false;
  if (length <= 16) {
    const high = digits8(end - 8, length - 8);
    if (high == u64.MAX_VALUE) return false;
    tokenNumber = high * 100000000 + low;
    return true;
  }
  const middle = digits8(end - 8, 8);
  const high = digits8(end - 16, length - 16);
  if (middle == u64.MAX_VALUE || high == u64.MAX_VALUE) return false;
  tokenNumber = (high * 100000000 + middle) * 100000000 + low;
  return tokenNumber <= 0x7fffffffffffffff;
}

/** Strict IPv4 (no leading zeros) or IPv6 text into tokenHigh/tokenLow; IPv4 as ::ffff:a.b.c.d. */
export function parseIp(ptr: usize, end: usize): bool {
  let p = ptr;
  let value: u32 = 0;
  let octet: u32 = 0;
  let digits: u32 = 0;
  let dots: u32 = 0;
  while (p < end) {
    const c = <u32>load<u8>(p);
    const d = c - 48;
    if (d < 10) {
      if (digits != 0 && octet == 0) return parseIp6(ptr, end);
      octet = octet * 10 + d;
      digits++;
      if (octet > 255) return parseIp6(ptr, end);
    } else if (c == 46) {
      if (digits == 0) return false;
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      if (++dots > 3) return false;
    } else {
      return parseIp6(ptr, end);
    }
    p++;
  }
  if (dots != 3 || digits == 0) return false;
  tokenHigh = 0;
  tokenLow = 0xffff00000000 | <u64>((value << 8) | octet);
  return true;
}

/** Whether an address (as parsed) is IPv4. IPv6 text of the mapped range ::ffff:0:0/96 is refused by parseIp6. */
export function isV4(high: u64, low: u64): bool {
  return high == 0 && low >> 32 == 0xffff;
}

function hexDigit(c: u32): u32 {
  const d = c - 48;
  if (d < 10) return d;
  const l = (c | 32) - 97;
  return l < 6 ? l + 10 : 255;
}

/**
 * RFC 4291 text: eight groups of 1-4 hex digits, one `::` for at least one zero group, an IPv4 tail for the last two.
 */
function parseIp6(ptr: usize, end: usize): bool {
  if (end - ptr < 2 || end - ptr > 45) return false;
  let high: u64 = 0; // groups before the gap, packed from the top
  let low: u64 = 0;
  let count: u32 = 0; // groups read
  let gap: i32 = -1; // groups before `::`
  let p = ptr;
  if (load<u8>(p) == 58) {
    if (load<u8>(p + 1) != 58) return false;
    gap = 0;
    p += 2;
  }
  while (p < end) {
    if (count >= 8) return false;
    let group: u32 = 0;
    let digits: u32 = 0;
    const groupStart = p;
    while (p < end) {
      const d = hexDigit(load<u8>(p));
      if (d > 15) break;
      if (++digits > 4) return false;
      group = (group << 4) | d;
      p++;
    }
    if (p < end && load<u8>(p) == 46) {
      // IPv4 tail
      if (count > 6) return false;
      const savedHigh = high;
      const savedLow = low;
      if (!parseTail4(groupStart, end)) return false;
      const tail = <u32>tokenLow;
      high = (savedHigh << 16) | (savedLow >> 48);
      low = (savedLow << 16) | <u64>(tail >> 16);
      high = (high << 16) | (low >> 48);
      low = (low << 16) | <u64>(tail & 0xffff);
      count += 2;
      p = end;
      break;
    }
    if (digits == 0) return false;
    high = (high << 16) | (low >> 48);
    low = (low << 16) | <u64>group;
    count++;
    if (p == end) break;
    if (load<u8>(p) != 58) return false;
    p++;
    if (p < end && load<u8>(p) == 58) {
      if (gap >= 0) return false;
      gap = count;
      p++;
    } else if (p == end) return false;
  }
  if (gap < 0) {
    if (count != 8) return false;
  } else {
    if (count > 7) return false;
    // Move the groups after the gap to the end: they are the low ones already; shift the leading ones up.
    const after = count - <u32>gap;
    const shift = (8 - count) << 4;
    // value = lead << (16 * (8 - gap)) | tail, where the packed value is lead << (16 * after) | tail
    const tailBits = after << 4;
    let tailHigh: u64 = 0;
    let tailLow: u64 = 0;
    let leadHigh = high;
    let leadLow = low;
    if (tailBits == 0) {
      tailHigh = 0;
      tailLow = 0;
    } else if (tailBits < 64) {
      tailLow = low & (((<u64>1) << tailBits) - 1);
      leadLow = low ^ tailLow;
    } else {
      tailLow = low;
      leadLow = 0;
      if (tailBits > 64) {
        tailHigh = high & (((<u64>1) << (tailBits - 64)) - 1);
        leadHigh = high ^ tailHigh;
      }
    }
    // shift lead up by `shift` bits
    if (shift >= 128) {
      leadHigh = 0;
      leadLow = 0;
    } else if (shift >= 64) {
      leadHigh = leadLow << (shift - 64);
      leadLow = 0;
    } else if (shift > 0) {
      leadHigh = (leadHigh << shift) | (leadLow >> (64 - shift));
      leadLow = leadLow << shift;
    }
    high = leadHigh | tailHigh;
    low = leadLow | tailLow;
  }
  tokenHigh = high;
  tokenLow = low;
  // A mapped address never stands on the wire, and it is how IPv4 is kept here.
  return !isV4(high, low);
}

function parseTail4(ptr: usize, end: usize): bool {
  let value: u32 = 0;
  let octet: u32 = 0;
  let digits: u32 = 0;
  let dots: u32 = 0;
  for (let p = ptr; p < end; p++) {
    const c = <u32>load<u8>(p);
    const d = c - 48;
    if (d < 10) {
      if (digits != 0 && octet == 0) return false;
      octet = octet * 10 + d;
      if (octet > 255) return false;
      digits++;
    } else if (c == 46) {
      if (digits == 0) return false;
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      if (++dots > 3) return false;
    } else return false;
  }
  if (dots != 3 || digits == 0) return false;
  tokenLow = <u64>((value << 8) | octet);
  return true;
}
