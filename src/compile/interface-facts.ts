import * as image from "../contract.js";
import { FlowError } from "../errors.js";
import { type Address, type Cidr, familyBits } from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { compareIds } from "./rule-order.js";
import { Words } from "./words.js";

/**
 * The interfaces of all rule sets, by index, and what decides connections beside the rules: addresses, reserved
 * addresses, timers. From the first rule set that holds the interface, so that every rule set
 * judges the same connections.
 */
export interface InterfaceFacts {
  /** In code-unit order. */
  readonly ids: readonly string[];
  /** Rows of the interfaces section in which only the facts stand. */
  readonly rows: Words;
  /** UTF-8 of all ids. */
  readonly idBytes: Uint8Array;
  readonly locals: Words;
  readonly reserved: Words;
}

const MAPPED = 0xffff00000000n;
const MAX_U32 = 0xffffffff;
const MAX_TIMER = 2 ** 31 - 1;
const MAX_ID_BYTES = 64;

/** The one 128-bit number of an address in the core: IPv4 as ::ffff:a.b.c.d. */
export function coreAddress(address: Address): bigint {
  return address.family === 4 ? MAPPED | address.value : address.value;
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

function rangeOf(cidr: Cidr): Range {
  const first = coreAddress(cidr.address);
  const host = BigInt(familyBits(cidr.address.family) - cidr.length);
  return { first, last: first + (1n << host) - 1n };
}

/** Sorted and disjoint, so that the core can search them. */
function mergeRanges(ranges: Range[]): Range[] {
  ranges.sort((a, b) => (a.first < b.first ? -1 : 1));
  const merged: Range[] = [];
  for (const range of ranges) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last) merged.push(range);
    else if (range.last > previous.last)
      merged[merged.length - 1] = { first: previous.first, last: range.last };
  }
  return merged;
}

function localRanges(owner: NetworkInterface): Range[] {
  const single = (address: Address): Range => {
    const value = coreAddress(address);
    return { first: value, last: value };
  };
  return mergeRanges([...owner.addresses.map(single), ...owner.prefixes.map(rangeOf)]);
}

function fourBase(cidr: Cidr | undefined, plus: number): number[] {
  if (cidr === undefined || cidr.address.family !== 4) return [];
  const address = Number(cidr.address.value) + plus;
  return address > MAX_U32 ? [] : [address];
}

/** Semantics 1.4: base + 2 and + 1 of the VPC's first IPv4 block, base + 1 of each IPv4 block of the subnet. */
function reservedAddresses(owner: NetworkInterface, ruleSet: RuleSet): number[] {
  const vpc = owner.vpcId === undefined ? undefined : ruleSet.vpcs.get(owner.vpcId);
  const subnet = owner.subnetId === undefined ? undefined : ruleSet.subnets.get(owner.subnetId);
  const first = vpc?.cidrs.find((cidr) => cidr.address.family === 4);
  const found = [...fourBase(first, 2), ...fourBase(first, 1)];
  for (const cidr of subnet?.cidrs ?? []) found.push(...fourBase(cidr, 1));
  return [...new Set(found)];
}

/** A number of seconds of an interface; throws `interface-invalid` where it is not one of 0 to `max`. */
export function checkSeconds(
  owner: NetworkInterface,
  what: string,
  value: number,
  max: number,
): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new FlowError(
    "interface-invalid",
    `interface ${owner.id}: ${what} ${value} is outside 0-${max} seconds`,
    { at: `${owner.at.file}:${owner.at.line}`, hint: "correct the value in the document" },
  );
}

function timersOf(owner: NetworkInterface, timers: Timers): number[] {
  const own = owner.timers ?? {};
  const check = (what: string, value: number): number =>
    checkSeconds(owner, what, value, MAX_TIMER);
  return [
    check("TCP established timeout", own.tcpEstablished ?? timers.tcpEstablished),
    check("TCP opening timeout", timers.tcpTransitory),
    check("UDP timeout", own.udp ?? timers.udp),
    check("UDP stream timeout", own.udpStream ?? timers.udpStream),
    check("ICMP timeout", timers.icmp),
    check("timeout of other protocols", timers.other),
  ];
}

/** The rule set that an interface's facts come from. */
function originsOf(ruleSets: readonly RuleSet[]): Map<string, RuleSet> {
  const origins = new Map<string, RuleSet>();
  for (const ruleSet of new Set(ruleSets))
    for (const id of ruleSet.interfaces.keys()) if (!origins.has(id)) origins.set(id, ruleSet);
  return origins;
}

/** Gathers and writes the facts of every interface. O(interfaces of all rule sets · log). */
export function writeFacts(ruleSets: readonly RuleSet[], timers: Timers): InterfaceFacts {
  const origins = originsOf(ruleSets);
  const ids = [...origins.keys()].sort(compareIds);
  const rows = new Words(Math.max(64, ids.length * (image.IMAGE_INTERFACE_BYTES / 4)));
  const bytes: number[] = [];
  const locals = new Words();
  const reserved = new Words();
  const reservedKnown = new Map<string, number>();
  const encoder = new TextEncoder();

  function placeReserved(list: readonly number[]): number {
    const key = list.join(" ");
    const known = reservedKnown.get(key);
    if (known !== undefined) return known;
    const at = reserved.length;
    reserved.pushAll(list);
    reservedKnown.set(key, at);
    return at;
  }

  for (const key of ids) {
    const ruleSet = origins.get(key)!;
    const owner = ruleSet.interfaces.get(key)!;
    const id = encoder.encode(owner.id);
    if (id.length === 0 || id.length > MAX_ID_BYTES)
      throw new FlowError(
        "interface-invalid",
        `the interface id has ${id.length} bytes; 1 to ${MAX_ID_BYTES} are allowed`,
        { at: `${owner.at.file}:${owner.at.line}`, hint: "write the id as AWS does: eni-…" },
      );
    const ranges = localRanges(owner);
    const services = reservedAddresses(owner, ruleSet);
    const flags = ranges.length > 0 ? image.IMAGE_FLAG_ADDRESSES : 0;
    rows.pushAll([bytes.length, id.length, flags, 0, 0]);
    rows.pushAll(timersOf(owner, timers));
    rows.pushAll([locals.length / 8, ranges.length, placeReserved(services), services.length]);
    rows.pushAll([0, 0, 0]);
    for (const byte of id) bytes.push(byte);
    for (const { first, last } of ranges) {
      locals.pushAddress(first);
      locals.pushAddress(last);
    }
  }
  return { ids, rows, idBytes: Uint8Array.from(bytes), locals, reserved };
}
