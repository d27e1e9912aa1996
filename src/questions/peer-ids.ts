import type { Address } from "../model/address.js";

/** Small numbers for addresses, in order of first sight: rows repeat a few addresses very often. */
export interface PeerIds {
  readonly addresses: readonly Address[];
  /** By number: an IPv4 address as a plain number, -1 for IPv6. */
  readonly values4: readonly number[];
  readonly idOf: (address: Address) => number;
  /** The number of an address that has one. */
  readonly find: (address: Address) => number | undefined;
}

/** An empty table. IPv4 is keyed by plain numbers: hashing a bigint costs several times as much. */
export function peerIds(): PeerIds {
  const addresses: Address[] = [];
  const values4: number[] = [];
  const v4 = new Map<number, number>();
  const v6 = new Map<bigint, number>();
  function idOf(address: Address): number {
    if (address.family === 4) return idIn(v4, Number(address.value), address);
    return idIn(v6, address.value, address);
  }
  function find(address: Address): number | undefined {
    return address.family === 4 ? v4.get(Number(address.value)) : v6.get(address.value);
  }
  function idIn<Key>(known: Map<Key, number>, key: Key, address: Address): number {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, addresses.length);
    addresses.push(address);
    values4.push(typeof key === "number" ? key : -1);
    return addresses.length - 1;
  }
  return { addresses, values4, idOf, find };
}
