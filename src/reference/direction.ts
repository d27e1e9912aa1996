import { type Address, cidrContains, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { NetworkInterface } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { addressKey, effectiveDestination, effectiveSource } from "./flow.js";
import { slotOf } from "./slots.js";

/** The direction of a record at its interface (semantics 2.1, 2.2), `null` where nothing decides. */
export function directionOf(
  record: FlowRecord,
  own: (address: Address) => boolean,
): Direction | null {
  if (record.flowDirection !== null) return record.flowDirection;
  return (
    byAddresses(record.srcAddr, record.dstAddr, own) ??
    byAddresses(effectiveSource(record), effectiveDestination(record), own)
  );
}

function byAddresses(
  source: Address | null,
  destination: Address | null,
  own: (address: Address) => boolean,
): Direction | null {
  const fromOwn = source !== null && own(source);
  const toOwn = destination !== null && own(destination);
  if (fromOwn === toOwn) return null;
  return toOwn ? "ingress" : "egress";
}

/** Whether the snapshot knows any address of the interface; where it does not, 2.3 infers. */
export function knowsAddresses(owner: NetworkInterface | undefined): boolean {
  return owner !== undefined && (owner.addresses.length > 0 || owner.prefixes.length > 0);
}

/** Whether the address is one of the interface, by name or inside a delegated prefix (semantics 2.2). */
export function ownsAddress(owner: NetworkInterface | undefined, address: Address): boolean {
  if (owner === undefined) return false;
  return (
    owner.addresses.some((known) => sameAddress(known, address)) ||
    owner.prefixes.some((prefix) => cidrContains(prefix, address))
  );
}

/**
 * The one address all records of an interface share (semantics 2.3), while evidence reaches at least the slot `from`
 * and not yet the slot `until`, in which a record without it came.
 */
export interface SharedAddress {
  readonly address: Address;
  readonly from: number;
  readonly until: number | undefined;
}

/** What 2.3 finds: shared addresses by interface and family. */
export type SharedAddresses = ReadonlyMap<string, SharedAddress>;

export function sharedKey(interfaceId: string, family: 4 | 6): string {
  return `${interfaceId} ${family}`;
}

/**
 * Infers addresses for interfaces without known ones (semantics 2.3). `records` in rising order of `start`. The set of
 * candidates only shrinks, so that at most one address is ever the only one left; two slots bound its reign.
 */
export function inferAddresses(
  records: Iterable<FlowRecord>,
  needsInference: (interfaceId: string) => boolean,
): SharedAddresses {
  const bySlot = new Map<string, { candidates: Map<string, Address>; shared?: SharedAddress }>();
  for (const record of records) {
    const { interfaceId, srcAddr, dstAddr, start } = record;
    if (interfaceId === null || srcAddr === null || dstAddr === null || start === null) continue;
    if (record.flowDirection !== null || !needsInference(interfaceId)) continue;
    const pair = new Map([srcAddr, dstAddr].map((address) => [addressKey(address), address]));
    const key = sharedKey(interfaceId, srcAddr.family);
    const known = bySlot.get(key);
    const candidates = known === undefined ? pair : intersect(known.candidates, pair);
    const shared = nextReign(known?.shared, candidates, slotOf(start));
    bySlot.set(key, shared === undefined ? { candidates } : { candidates, shared });
  }
  const result = new Map<string, SharedAddress>();
  for (const [key, { shared }] of bySlot)
    if (shared !== undefined && shared.from !== shared.until) result.set(key, shared);
  return result;
}

function intersect(a: Map<string, Address>, b: Map<string, Address>): Map<string, Address> {
  return new Map([...a].filter(([key]) => b.has(key)));
}

function nextReign(
  reign: SharedAddress | undefined,
  candidates: Map<string, Address>,
  slot: number,
): SharedAddress | undefined {
  if (reign === undefined) {
    const [only] = candidates.values();
    if (candidates.size !== 1 || only === undefined) return undefined;
    return { address: only, from: slot, until: undefined };
  }
  const ended = candidates.size === 0 && reign.until === undefined;
  return ended ? { ...reign, until: slot } : reign;
}
