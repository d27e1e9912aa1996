// The addresses of both families, cut wherever a block begins or ends: within a class every block holds all or none.
import { type Address, type Cidr, familyBits } from "../model/address.js";

/** Classes 0 to `four - 1` are IPv4, `four` to `count - 1` IPv6; they tile both spaces. */
export interface AddressClasses {
  readonly count: number;
  readonly four: number;
  /** Half-open range of the classes of a block that was among those cut by. */
  rangeOf(cidr: Cidr): { readonly low: number; readonly high: number };
  /** First address of a class. */
  firstAddress(addressClass: number): Address;
}

function endOf(cidr: Cidr): bigint {
  const bits = familyBits(cidr.address.family);
  return cidr.address.value + (1n << BigInt(bits - cidr.length));
}

function cut(cidrs: readonly Cidr[], family: 4 | 6): bigint[] {
  const bounds = new Set<bigint>([0n, 1n << BigInt(familyBits(family))]);
  for (const cidr of cidrs)
    if (cidr.address.family === family) {
      bounds.add(cidr.address.value);
      bounds.add(endOf(cidr));
    }
  return [...bounds].sort((a, b) => (a < b ? -1 : 1));
}

/** Cuts both spaces by the blocks. O(blocks × log blocks). */
export function cutAddresses(cidrs: readonly Cidr[]): AddressClasses {
  const bounds4 = cut(cidrs, 4);
  const bounds6 = cut(cidrs, 6);
  const four = bounds4.length - 1;
  const ranks4 = new Map(bounds4.map((bound, i) => [bound, i]));
  const ranks6 = new Map(bounds6.map((bound, i) => [bound, four + i]));
  return {
    count: four + bounds6.length - 1,
    four,
    rangeOf(cidr) {
      const ranks = cidr.address.family === 4 ? ranks4 : ranks6;
      return { low: ranks.get(cidr.address.value)!, high: ranks.get(endOf(cidr))! };
    },
    firstAddress(addressClass) {
      if (addressClass < four) return { family: 4, value: bounds4[addressClass]! };
      return { family: 6, value: bounds6[addressClass - four]! };
    },
  };
}
