import { FlowError } from "../errors.js";

/** An IP address as a number: 32 bits for IPv4, 128 for IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A CIDR without host bits: `address` is the first address of the block, `length` the prefix length. */
export interface Cidr {
  readonly address: Address;
  readonly length: number;
}

/** Bits of an address of the family. */
export function familyBits(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

const DOT = 46;

function parseAddress4(text: string): bigint | undefined {
  let value = 0;
  let at = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && text.charCodeAt(at++) !== DOT) return undefined;
    const from = at;
    let byte = 0;
    for (let c = text.charCodeAt(at); c >= 48 && c <= 57; c = text.charCodeAt(++at)) {
      // Strict: no leading zeros (010 is octal elsewhere), no signs, no blanks.
      if (at > from && byte === 0) return undefined;
      byte = byte * 10 + (c - 48);
      if (byte > 255) return undefined;
    }
    if (at === from) return undefined;
    value = value * 256 + byte;
  }
  return at === text.length ? BigInt(value) : undefined;
}

function parseAddress6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  let head = text;
  let tail: bigint | undefined;
  const lastColon = text.lastIndexOf(":");
  if (text.includes(".")) {
    tail = parseAddress4(text.slice(lastColon + 1));
    if (tail === undefined || lastColon < 0) return undefined;
    const high = (tail >> 16n).toString(16);
    const low = (tail & 0xffffn).toString(16);
    head = `${text.slice(0, lastColon + 1)}${high}:${low}`;
  }
  const gap = head.indexOf("::");
  if (gap !== head.lastIndexOf("::")) return undefined;
  const groupsOf = (part: string): string[] => (part === "" ? [] : part.split(":"));
  let groups: string[];
  if (gap < 0) {
    groups = groupsOf(head);
    if (groups.length !== 8) return undefined;
  } else {
    const before = groupsOf(head.slice(0, gap));
    const after = groupsOf(head.slice(gap + 2));
    const missing = 8 - before.length - after.length;
    if (missing < 1) return undefined;
    groups = [...before, ...Array<string>(missing).fill("0"), ...after];
  }
  let value = 0n;
  for (const group of groups) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

/** Strict address parser: `undefined` for anything that is not exactly one IPv4 or IPv6 address. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(":")) {
    const value = parseAddress6(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = parseAddress4(text);
  return value === undefined ? undefined : { family: 4, value };
}

/** Shortest usual form: dotted quad; IPv6 lower case with the longest run of zero groups compressed (RFC 5952). */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const v = Number(address.value);
    return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
  }
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n)
    groups.push(((address.value >> shift) & 0xffffn).toString(16));
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === "0") j++;
    if (j - i > bestLength) {
      bestStart = i;
      bestLength = j - i;
    }
    if (j > i) i = j;
  }
  if (bestStart < 0) return groups.join(":");
  return `${groups.slice(0, bestStart).join(":")}::${groups.slice(bestStart + bestLength).join(":")}`;
}

/**
 * Strict CIDR parser. Throws a FlowError (`cidr-invalid`) on a bad address, a bad length or host bits: a rule set is
 * never guessed at. A bare address is accepted only where `allowBare` says so.
 */
export function parseCidr(text: string, at?: string, allowBare = false): Cidr {
  const fail = (found: string): never => {
    throw new FlowError("cidr-invalid", `"${text}" ${found}`, {
      ...(at === undefined ? {} : { at }),
      hint: "write an IPv4 or IPv6 block such as 10.0.0.0/16 or 2001:db8::/32, without leading zeros or host bits",
    });
  };
  const slash = text.indexOf("/");
  if (slash < 0 && !allowBare) return fail("has no prefix length");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return fail("is not an IP address block");
  const bits = familyBits(address.family);
  const lengthText = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(lengthText) || Number(lengthText) > bits)
    return fail(`has a prefix length outside 0-${bits}`);
  const length = Number(lengthText);
  const hostBits = BigInt(bits - length);
  if ((address.value >> hostBits) << hostBits !== address.value) {
    const first = { family: address.family, value: (address.value >> hostBits) << hostBits };
    return fail(`has bits set beyond its length; the block is ${formatAddress(first)}/${length}`);
  }
  return { address, length };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.address)}/${cidr.length}`;
}

/** Whether the block holds the address; families never mix (semantics 3.4). */
export function cidrContains(cidr: Cidr, address: Address): boolean {
  if (cidr.address.family !== address.family) return false;
  const shift = BigInt(familyBits(address.family) - cidr.length);
  return address.value >> shift === cidr.address.value >> shift;
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value;
}
