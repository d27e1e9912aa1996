import * as image from "../contract.js";
import { bytesOf, type Section } from "./assemble.js";
import { createBitsets } from "./bitsets.js";
import { PEER_NONE } from "./peers.js";
import { type PortSpan, sweepPorts, writePortTree } from "./port-tree.js";
import { MAX_IMAGE_BYTES, tooLarge, Words } from "./words.js";

/** What a rule of a group or an entry of a network ACL tests beside the address. */
export interface Criterion {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
}

/** What every policy has: its criteria by position, and beside each its peer number and the word of POLICY_RULES. */
export interface PolicyContent {
  readonly criteria: readonly Criterion[];
  readonly peers: readonly number[];
  readonly list: readonly number[];
}

/** Row of the policy being written. */
export interface PolicyRow {
  put(field: number, value: number): void;
  /** Writes the bitset of the positions that fit; nothing, where none does. */
  putMask(field: number, fits: (position: number) => boolean): void;
  /** Appends words to the data; returns their offset in the image. */
  place(words: ArrayLike<number>): number;
  /** The same for a bitset of the positions, aligned as the core loads it. */
  placeBitset(bits: Uint32Array): number;
  /** An empty bitset of the policy. */
  emptyBitset(): Uint32Array;
}

export interface PolicyWriter {
  readonly rows: Words;
  /** What rows refer to, of all policies so far. */
  dataSection(): Section;
  /** Appends a policy row with everything about protocols, ports and peers; the rest is put by the caller. */
  add(content: PolicyContent): PolicyRow;
}

// Positions share a double with events of the port sweep, and with peers.
const MAX_RULES_PER_POLICY = 1_048_576;
const LIST_IS_BITSET = 0xffffffff;
/** Words of data that a part holds before the next one begins: growing one of 64 MiB would copy it all again. */
const PART_WORDS = 1_048_576;
/** What is placed at once and is longer than this gets a part of its own. */
const LARGE_WORDS = 16_384;
/** Parts end where every alignment inside the data holds. */
const PART_ALIGN = 16;

/**
 * `byteBase`: offset of the data section inside the image, so that rows hold offsets the core adds to one pointer.
 * Memory and time per policy: services · rules / 8 bytes, where services are the distinct sets of rules that fit one
 * protocol and port.
 */
export function createPolicyWriter(policyCount: number, byteBase: number): PolicyWriter {
  const rows = new Words(Math.max(64, policyCount * (image.POLICY_BYTES / 4)));
  const parts: Words[] = [];
  let data = new Words(65536);
  /** Of the part in hand. */
  let partBase = byteBase;
  const bitsets = createBitsets();
  return { rows, add, dataSection };

  function dataSection(): Section {
    const views = [...parts, data].map((part) => bytesOf(part.view()));
    return { parts: views, count: views.reduce((sum, { length }) => sum + length, 0) / 4 };
  }

  function beginPart(capacity: number): void {
    data.align(PART_ALIGN);
    parts.push(data);
    partBase += data.length * 4;
    if (partBase > MAX_IMAGE_BYTES) throw tooLarge(partBase);
    data = new Words(capacity);
  }

  // Offset 0 of a row means "empty": no data may lie there. The header precedes it, so none does.
  function offset(wordIndex: number): number {
    return partBase + wordIndex * 4;
  }

  function place(words: ArrayLike<number>): number {
    const isLarge = words.length > LARGE_WORDS;
    // A part of its own size: to grow to it would copy what stands there, and touch twice the memory.
    if (isLarge) beginPart(words.length + PART_ALIGN);
    const at = offset(data.length);
    data.pushAll(words);
    if (isLarge) beginPart(LARGE_WORDS);
    return at;
  }

  function placeBitset(bits: Uint32Array): number {
    data.align(2);
    return place(bits);
  }

  function add(content: PolicyContent): PolicyRow {
    const count = content.criteria.length;
    if (count > MAX_RULES_PER_POLICY) throw tooLarge(MAX_IMAGE_BYTES * 2);
    if (data.length >= PART_WORDS) beginPart(PART_WORDS);
    const words = Math.ceil(count / 64) * 2;
    const at = rows.fill(0, image.POLICY_BYTES / 4);
    const emptyBitset = (): Uint32Array => new Uint32Array(words);
    const put = (field: number, value: number): void => rows.set(at + field / 4, value);
    const putMask = (field: number, fits: (position: number) => boolean): void => {
      const bits = emptyBitset();
      let any = false;
      for (let position = 0; position < count; position++) {
        if (!fits(position)) continue;
        setBit(bits, position);
        any = true;
      }
      if (any) put(field, placeBitset(bits));
    };
    const row: PolicyRow = { put, putMask, place, placeBitset, emptyBitset };
    put(image.POLICY_RULE_COUNT, count);
    put(image.POLICY_WORDS, words / 2);
    put(image.POLICY_RULES, place(content.list));
    writePeers(content.peers, words, row);
    writeServices(content.criteria, words, row);
    putMask(image.POLICY_TYPED, (position) => isTyped(content.criteria[position]!));
    return row;
  }

  function writePeers(peerOf: readonly number[], words: number, row: PolicyRow): void {
    // Peer and position in one number each: sorted without an object or a call per pair.
    const pairs = new Float64Array(peerOf.length);
    let count = 0;
    for (const [position, peer] of peerOf.entries())
      if (peer !== PEER_NONE) pairs[count++] = peer * MAX_RULES_PER_POLICY + position;
    pairs.subarray(0, count).sort();
    const peers: number[] = [];
    const refs: number[] = [];
    for (let from = 0, to = 0; from < count; from = to) {
      const peer = Math.floor(pairs[from]! / MAX_RULES_PER_POLICY);
      const next = (peer + 1) * MAX_RULES_PER_POLICY;
      while (to < count && pairs[to]! < next) to++;
      const list = pairs.subarray(from, to).map((pair) => pair % MAX_RULES_PER_POLICY);
      peers.push(peer);
      // A list longer than the bitset would be slower to read and larger.
      if (list.length > words) refs.push(placeBitset(bitsetOf(list, words)), LIST_IS_BITSET);
      else refs.push(place(list), list.length);
    }
    row.put(image.POLICY_PEERS, place(peers));
    row.put(image.POLICY_PEER_REFS, place(refs));
    row.put(image.POLICY_PEER_COUNT, peers.length);
  }

  function writeServices(criteria: readonly Criterion[], words: number, row: PolicyRow): void {
    bitsets.reset(words);
    const base = new Uint32Array(words);
    const tcp: PortSpan[] = [];
    const udp: PortSpan[] = [];
    const others = new Map<number, number[]>();
    criteria.forEach(({ protocol, fromPort, toPort }, position) => {
      if (protocol === -1) setBit(base, position);
      else if (protocol === image.PROTOCOL_TCP) tcp.push({ position, from: fromPort, to: toPort });
      else if (protocol === image.PROTOCOL_UDP) udp.push({ position, from: fromPort, to: toPort });
      else if (others.has(protocol)) others.get(protocol)!.push(position);
      else others.set(protocol, [position]);
    });
    const trees = [sweepPorts(tcp, base, bitsets), sweepPorts(udp, base, bitsets)] as const;
    // What TCP and UDP come to depends on tracking (semantics 6.1), ICMP that no rule admits may be an error message
    // (3.6): neither shares a service with another protocol.
    row.put(image.POLICY_ANY_SERVICE, bitsets.append(base));
    const icmp = [image.PROTOCOL_ICMP, image.PROTOCOL_ICMPV6];
    const named = [...icmp, ...[...others.keys()].filter((protocol) => !icmp.includes(protocol))];
    const services = named.map((protocol) => [
      protocol,
      bitsets.append(withBits(base, others.get(protocol) ?? [])),
    ]);
    row.put(image.POLICY_TCP, offset(writePortTree(data, trees[0], partBase)));
    row.put(image.POLICY_UDP, offset(writePortTree(data, trees[1], partBase)));
    row.put(image.POLICY_PROTOCOLS, place(services.flat()));
    row.put(image.POLICY_PROTOCOL_COUNT, services.length);
    row.put(image.POLICY_SERVICE_COUNT, bitsets.count);
    row.put(image.POLICY_SERVICES, placeBitset(bitsets.view()));
  }
}

export function setBit(bits: Uint32Array, position: number): void {
  bits[position >>> 5]! |= 1 << (position & 31);
}

function bitsetOf(positions: Iterable<number>, words: number): Uint32Array {
  return withBits(new Uint32Array(words), positions);
}

function withBits(base: Uint32Array, positions: Iterable<number>): Uint32Array {
  const bits = base.slice();
  for (const position of positions) setBit(bits, position);
  return bits;
}

/** Semantics 3.6: a rule for one ICMP type may match; type -1 decides. */
function isTyped({ protocol, icmpType }: Criterion): boolean {
  const isIcmp = protocol === image.PROTOCOL_ICMP || protocol === image.PROTOCOL_ICMPV6;
  return isIcmp && icmpType !== -1;
}
