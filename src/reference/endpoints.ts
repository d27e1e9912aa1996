import type { Address } from "../model/address.js";
import { ENDPOINT_SLOTS } from "../model/timers.js";
import { addressKey, type Endpoint, endpointKey, type Flow } from "./flow.js";

const U64 = (1n << 64n) - 1n;
/** Ports below this belong to well-known services. */
const LOW_PORT = 1024;

/** One uninterrupted life of an endpoint at an interface (semantics 4.3), slots inclusive. */
interface Epoch {
  readonly first: number;
  last: number;
  /** Fingerprints of its far endpoints. */
  readonly farEnds: Set<number>;
  /** A far port below 1024: it does not serve by fan-out. */
  marked: boolean;
}

/** What fan-out asks of an endpoint. */
export interface FarEnds {
  /** Distinct far endpoints, 63 at most. */
  readonly count: number;
  readonly marked: boolean;
}

/** The endpoints of all interfaces, as far as the evidence was fed. */
export interface Endpoints {
  readonly epochs: Map<string, Epoch[]>;
  /** Cost of a 64-bit mix in bigint is what the whole run is made of: once per address. */
  readonly mixedAddresses: Map<string, bigint>;
}

export function newEndpoints(): Endpoints {
  return { epochs: new Map(), mixedAddresses: new Map() };
}

/** The finaliser of murmur3, 64 bits unsigned. */
export function mix(key: bigint): bigint {
  let k = key & U64;
  k ^= k >> 33n;
  k = (k * 0xff51afd7ed558ccdn) & U64;
  k ^= k >> 33n;
  k = (k * 0xc4ceb9fe1a85ec53n) & U64;
  return k ^ (k >> 33n);
}

function mixAddress(endpoints: Endpoints, address: Address): bigint {
  const key = addressKey(address);
  const known = endpoints.mixedAddresses.get(key);
  if (known !== undefined) return known;
  const value = address.family === 4 ? (0xffffn << 32n) | address.value : address.value;
  const mixed = mix(mix(value >> 64n) ^ (value & U64));
  endpoints.mixedAddresses.set(key, mixed);
  return mixed;
}

/** The fingerprint of a far endpoint, 1-16383. */
export function fingerprint(endpoints: Endpoints, far: Endpoint): number {
  return Math.max(Number(mix(mixAddress(endpoints, far.address) ^ BigInt(far.port)) >> 50n), 1);
}

/** Up to four are told apart by their fingerprints; of more, a sketch of 63 bits is counted, which says five at least. */
function countOf(farEnds: ReadonlySet<number>): number {
  if (farEnds.size <= 4) return farEnds.size;
  const bits = new Set(Array.from(farEnds, (far) => Math.floor((far * 63) / 16_384)));
  return Math.max(bits.size, 5);
}

function keyOf(interfaceId: string, protocol: number, end: Endpoint): string {
  return `${interfaceId} ${protocol} ${endpointKey(end)}`;
}

/** An ACCEPTed record of a connection touches both its ends in its slot. Slots must not fall. */
export function touch(endpoints: Endpoints, flow: Flow, slot: number): void {
  touchEnd(endpoints, flow, flow.local, flow.remote, slot);
  touchEnd(endpoints, flow, flow.remote, flow.local, slot);
}

function touchEnd(
  endpoints: Endpoints,
  flow: Flow,
  near: Endpoint,
  far: Endpoint,
  slot: number,
): void {
  const key = keyOf(flow.interfaceId, flow.protocol, near);
  const epochs = endpoints.epochs.get(key) ?? [];
  let epoch = epochs.at(-1);
  if (epoch === undefined || epoch.last < slot - ENDPOINT_SLOTS) {
    epoch = { first: slot, last: slot, farEnds: new Set(), marked: false };
    epochs.push(epoch);
    endpoints.epochs.set(key, epochs);
  }
  epoch.last = slot;
  epoch.farEnds.add(fingerprint(endpoints, far));
  if (far.port < LOW_PORT) epoch.marked = true;
}

/** The epoch that counts for a record judged in `slot`: the one it lies in, else the next one, else none. */
function epochFor(
  endpoints: Endpoints,
  interfaceId: string,
  protocol: number,
  end: Endpoint,
  slot: number,
): Epoch | undefined {
  const epochs = endpoints.epochs.get(keyOf(interfaceId, protocol, end)) ?? [];
  return epochs.find((epoch) => slot <= epoch.last + ENDPOINT_SLOTS);
}

export function farEnds(
  endpoints: Endpoints,
  interfaceId: string,
  protocol: number,
  end: Endpoint,
  slot: number,
): FarEnds {
  const epoch = epochFor(endpoints, interfaceId, protocol, end, slot);
  if (epoch === undefined) return { count: 0, marked: false };
  return { count: countOf(epoch.farEnds), marked: epoch.marked };
}

/** Whether the endpoint was seen in an ACCEPTed record at the interface (semantics 3.5d). */
export function wasAccepted(
  endpoints: Endpoints,
  interfaceId: string,
  protocol: number,
  end: Endpoint,
  slot: number,
): boolean {
  return epochFor(endpoints, interfaceId, protocol, end, slot) !== undefined;
}
