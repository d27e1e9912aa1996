import { type Address, type Cidr, familyBits } from "../model/address.js";

/** Values by block, to be asked which blocks hold an address. */
export interface PeerBlocks<Value> {
  readonly v4: Spans<Float64Array, Value>;
  readonly v6: Spans<readonly bigint[], Value>;
}

/** The addresses of a family, cut where a block begins or ends; a span reaches to the start of the next, the first from 0. */
interface Spans<Starts, Value> {
  readonly starts: Starts;
  readonly nests: readonly (Nest<Value> | undefined)[];
}

/** A block with all that lies around it. */
interface Nest<Value> {
  readonly values: Value[];
  readonly end: bigint;
  readonly outer: Nest<Value> | undefined;
}

/** A place in the order of addresses, and the innermost block from there on. */
type Cut<Value> = readonly [start: bigint, nest: Nest<Value> | undefined];

/** Indexes blocks. Cost: that of sorting them; an address is looked up by bisection. */
export function peerBlocks<Value>(entries: Iterable<readonly [Cidr, Value]>): PeerBlocks<Value> {
  const families = { 4: new Map<string, [Cidr, Value[]]>(), 6: new Map<string, [Cidr, Value[]]>() };
  for (const [cidr, value] of entries) {
    const blocks = families[cidr.address.family];
    const key = `${cidr.address.value} ${cidr.length}`;
    const known = blocks.get(key);
    if (known === undefined) blocks.set(key, [cidr, [value]]);
    else known[1].push(value);
  }
  const v4 = cutsOf([...families[4].values()]);
  const v6 = cutsOf([...families[6].values()]);
  return {
    v4: { starts: Float64Array.from(v4, ([start]) => Number(start)), nests: nestsOf(v4) },
    v6: { starts: v6.map(([start]) => start), nests: nestsOf(v6) },
  };
}

function nestsOf<Value>(cuts: readonly Cut<Value>[]): readonly (Nest<Value> | undefined)[] {
  return cuts.map(([, nest]) => nest);
}

/** Two blocks are nested or apart, so that a walk in order of their starts needs only those around the place. */
function cutsOf<Value>(blocks: readonly [Cidr, Value[]][]): readonly Cut<Value>[] {
  const cuts: Cut<Value>[] = [[0n, undefined]];
  let inner: Nest<Value> | undefined;
  const cut = (start: bigint): void => {
    // Of several changes at one place the last one holds.
    if (cuts[cuts.length - 1]?.[0] === start) cuts.pop();
    cuts.push([start, inner]);
  };
  const leaveUpTo = (start: bigint): void => {
    while (inner !== undefined && inner.end <= start) {
      const { end } = inner;
      inner = inner.outer;
      cut(end);
    }
  };
  for (const [{ address, length }, values] of [...blocks].sort(compareBlocks)) {
    leaveUpTo(address.value);
    const end = address.value + (1n << BigInt(familyBits(address.family) - length));
    inner = { values, end, outer: inner };
    cut(address.value);
  }
  leaveUpTo(1n << 128n);
  return cuts;
}

function compareBlocks([a]: readonly [Cidr, unknown], [b]: readonly [Cidr, unknown]): number {
  if (a.address.value !== b.address.value) return a.address.value < b.address.value ? -1 : 1;
  return a.length - b.length;
}

/** Values of all blocks that hold the address, the most specific block first. */
export function valuesHolding<Value>(blocks: PeerBlocks<Value>, address: Address): Value[] {
  return valuesOf(nestAt(blocks, address));
}

/** The same for an IPv4 address as a plain number. */
export function valuesHolding4<Value>({ v4 }: PeerBlocks<Value>, value: number): Value[] {
  return valuesOf(v4.nests[spanAt4(v4.starts, value)]);
}

function valuesOf<Value>(innermost: Nest<Value> | undefined): Value[] {
  const found: Value[] = [];
  for (let nest = innermost; nest !== undefined; nest = nest.outer) found.push(...nest.values);
  return found;
}

/** Values of the most specific block that holds the address; empty where none does. */
export function valuesAtBest<Value>(blocks: PeerBlocks<Value>, address: Address): readonly Value[] {
  return nestAt(blocks, address)?.values ?? [];
}

/** The same for an IPv4 address as a plain number. */
export function valuesAtBest4<Value>({ v4 }: PeerBlocks<Value>, value: number): readonly Value[] {
  return v4.nests[spanAt4(v4.starts, value)]?.values ?? [];
}

function nestAt<Value>({ v4, v6 }: PeerBlocks<Value>, address: Address): Nest<Value> | undefined {
  // IPv4 is compared as plain numbers: a bigint costs several times as much.
  if (address.family === 4) return v4.nests[spanAt4(v4.starts, Number(address.value))];
  return v6.nests[spanAt6(v6.starts, address.value)];
}

/** The last span that starts at or before an address. */
function spanAt4(starts: Float64Array, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The same for IPv6; apart, so that neither loop sees both kinds of numbers. */
function spanAt6(starts: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
