import * as image from "../contract.js";
import { FlowError } from "../errors.js";
import { createBitsets } from "./bitsets.js";
import { answersOf, openFamilies } from "./open-rules.js";
import { PEER_NONE, type PeerTable } from "./peers.js";
import type { Policy } from "./policies.js";
import { type PortSpan, sweepPorts, writePortTree } from "./port-tree.js";
import type { RuleOrder } from "./rule-order.js";
import { MAX_IMAGE_BYTES, tooLarge, Words } from "./words.js";

/** What the rows of all policies refer to. */
export interface PolicyInputs {
  readonly order: RuleOrder;
  readonly peers: PeerTable;
  /** Groups that a network load balancer carries, with the indices of all interfaces that carry them (3.5d). */
  readonly nlbGroups: ReadonlyMap<string, readonly number[]>;
  readonly snapshotComplete: boolean;
}

export interface PolicyImage {
  readonly rows: Words;
  readonly data: Words;
}

// Positions and events of the port sweep share a double.
const MAX_RULES_PER_POLICY = 1_048_576;
const LIST_IS_BITSET = 0xffffffff;

/**
 * Writes rows and data of all policies. `byteBase`: offset of the data section inside the image, so that rows hold
 * offsets the core adds to one pointer. Memory and time per policy: services · rules / 8 bytes, where services are
 * the distinct sets of rules that fit one protocol and port.
 */
export function writePolicies(
  policies: readonly Policy[],
  inputs: PolicyInputs,
  byteBase: number,
): PolicyImage {
  const rows = new Words(Math.max(64, policies.length * (image.POLICY_BYTES / 4)));
  const data = new Words(65536);
  const bitsets = createBitsets();
  const nlbLists = new Map<string, number>();
  // Offset 0 of a row means "empty": no data may lie there. The header precedes it, so none does.
  for (const policy of policies) writePolicy(policy);
  return { rows, data };

  function offset(wordIndex: number): number {
    return byteBase + wordIndex * 4;
  }

  function pushBitset(bits: Uint32Array): number {
    data.align(2);
    const at = data.length;
    data.pushAll(bits);
    return offset(at);
  }

  /** Bitset of the positions that fit; 0 where none does. */
  function mask(policy: Policy, words: number, fits: (rule: number) => boolean): number {
    const bits = new Uint32Array(words);
    let any = false;
    policy.rules.forEach((rule, position) => {
      if (!fits(rule)) return;
      setBit(bits, position);
      any = true;
    });
    return any ? pushBitset(bits) : 0;
  }

  function writePolicy(policy: Policy): void {
    const { rules } = policy;
    if (rules.length > MAX_RULES_PER_POLICY) throw tooLarge(MAX_IMAGE_BYTES * 2);
    const words = Math.ceil(rules.length / 64) * 2;
    const row = rows.fill(0, image.POLICY_BYTES / 4);
    const put = (field: number, value: number): void => rows.set(row + field / 4, value);
    const { order, peers, snapshotComplete } = inputs;
    put(image.POLICY_RULE_COUNT, rules.length);
    put(image.POLICY_WORDS, words / 2);
    put(image.POLICY_MISSING, policy.missing);
    put(image.POLICY_RULES, offset(data.length));
    data.pushAll(rules);
    writePeers(policy, words, put);
    writeServices(policy, words, put);
    put(
      image.POLICY_TYPED,
      mask(policy, words, (rule) => isTyped(order, rule)),
    );
    put(
      image.POLICY_UNRESOLVED,
      mask(policy, words, (rule) => peers.unresolved[rule] === 1),
    );
    const asksPrivate = (rule: number): boolean => order.rules[rule]!.peer.kind === "group";
    put(image.POLICY_GROUP_PEERS, snapshotComplete ? 0 : mask(policy, words, asksPrivate));
    const isOpen = (rule: number): boolean => openFamilies(order, rule).length > 0;
    put(image.POLICY_OPEN, mask(policy, words, isOpen));
    put(image.POLICY_ANSWERS, answersOf(order, policy.rules));
    if (policy.direction === "ingress") writeNlb(policy, words, put);
  }

  function writePeers(
    policy: Policy,
    words: number,
    put: (field: number, value: number) => void,
  ): void {
    const pairs: [number, number][] = [];
    policy.rules.forEach((rule, position) => {
      const peer = inputs.peers.ofRule[rule]!;
      if (peer !== PEER_NONE) pairs.push([peer, position]);
    });
    pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const positions = new Map<number, number[]>();
    for (const [peer, position] of pairs) {
      const list = positions.get(peer);
      if (list === undefined) positions.set(peer, [position]);
      else list.push(position);
    }
    const refs: number[] = [];
    for (const list of positions.values()) {
      // A list longer than the bitset would be slower to read and larger.
      if (list.length > words) {
        const bits = new Uint32Array(words);
        for (const position of list) setBit(bits, position);
        refs.push(pushBitset(bits), LIST_IS_BITSET);
      } else {
        refs.push(offset(data.length), list.length);
        data.pushAll(list);
      }
    }
    put(image.POLICY_PEERS, offset(data.length));
    data.pushAll([...positions.keys()]);
    put(image.POLICY_PEER_REFS, offset(data.length));
    data.pushAll(refs);
    put(image.POLICY_PEER_COUNT, positions.size);
  }

  function writeServices(
    policy: Policy,
    words: number,
    put: (field: number, value: number) => void,
  ): void {
    bitsets.reset(words);
    const { order } = inputs;
    const base = new Uint32Array(words);
    const tcp: PortSpan[] = [];
    const udp: PortSpan[] = [];
    const others = new Map<number, number[]>();
    policy.rules.forEach((rule, position) => {
      const { protocol, fromPort, toPort } = order.rules[rule]!;
      if (protocol === -1) setBit(base, position);
      else if (protocol === image.PROTOCOL_TCP) tcp.push({ position, from: fromPort, to: toPort });
      else if (protocol === image.PROTOCOL_UDP) udp.push({ position, from: fromPort, to: toPort });
      else if (others.has(protocol)) others.get(protocol)!.push(position);
      else others.set(protocol, [position]);
    });
    const trees = [sweepPorts(tcp, base, bitsets), sweepPorts(udp, base, bitsets)] as const;
    // What TCP and UDP come to depends on tracking (semantics 6.1), ICMP that no rule admits may be an error message
    // (3.6): neither shares a service with another protocol.
    put(image.POLICY_ANY_SERVICE, bitsets.append(base));
    const icmp = [image.PROTOCOL_ICMP, image.PROTOCOL_ICMPV6].map((protocol): [number, number] => [
      protocol,
      bitsets.append(withBits(base, others.get(protocol) ?? [])),
    ]);
    const named = [...others]
      .filter(
        ([protocol]) => protocol !== image.PROTOCOL_ICMP && protocol !== image.PROTOCOL_ICMPV6,
      )
      .map(([protocol, list]): [number, number] => [
        protocol,
        bitsets.append(withBits(base, list)),
      ]);
    put(image.POLICY_TCP, offset(writePortTree(data, trees[0], byteBase)));
    put(image.POLICY_UDP, offset(writePortTree(data, trees[1], byteBase)));
    put(image.POLICY_PROTOCOLS, offset(data.length));
    put(image.POLICY_PROTOCOL_COUNT, icmp.length + named.length);
    data.pushAll([...icmp, ...named].flat());
    put(image.POLICY_SERVICE_COUNT, bitsets.count);
    put(image.POLICY_SERVICES, pushBitset(bitsets.view()));
  }

  /** Semantics 3.5d: one slot per group of the policy that a load balancer carries. */
  function writeNlb(
    policy: Policy,
    words: number,
    put: (field: number, value: number) => void,
  ): void {
    const slots = new Map<string, Uint32Array>();
    policy.rules.forEach((rule, position) => {
      const { peer, groupId } = inputs.order.rules[rule]!;
      if (peer.kind !== "group" || !inputs.nlbGroups.has(peer.id)) return;
      const bits = slots.get(peer.id) ?? new Uint32Array(words);
      setBit(bits, position);
      slots.set(peer.id, bits);
      if (slots.size > image.POLICY_MAX_NLB) throw tooManySlots(groupId);
    });
    if (slots.size === 0) return;
    const nlbRows: number[] = [];
    for (const [id, bits] of slots) {
      const list = inputs.nlbGroups.get(id)!;
      nlbRows.push(pushBitset(bits), nlbListOf(id, list), list.length, 0);
    }
    put(image.POLICY_NLB, offset(data.length));
    put(image.POLICY_NLB_COUNT, slots.size);
    data.pushAll(nlbRows);
  }

  function nlbListOf(id: string, list: readonly number[]): number {
    const known = nlbLists.get(id);
    if (known !== undefined) return known;
    const at = offset(data.length);
    data.pushAll(list);
    nlbLists.set(id, at);
    return at;
  }
}

function setBit(bits: Uint32Array, position: number): void {
  bits[position >>> 5]! |= 1 << (position & 31);
}

function withBits(base: Uint32Array, positions: readonly number[]): Uint32Array {
  const bits = base.slice();
  for (const position of positions) setBit(bits, position);
  return bits;
}

/** Semantics 3.6: a rule for one ICMP type may match; type -1 decides. */
function isTyped(order: RuleOrder, rule: number): boolean {
  const { protocol, icmpType } = order.rules[rule]!;
  const isIcmp = protocol === image.PROTOCOL_ICMP || protocol === image.PROTOCOL_ICMPV6;
  return isIcmp && icmpType !== -1;
}

function tooManySlots(groupId: string): FlowError {
  return new FlowError(
    "too-many-load-balancer-groups",
    `an interface with group ${groupId} refers to more than ${image.POLICY_MAX_NLB} groups of network load balancers in its ingress rules; at most ${image.POLICY_MAX_NLB} are allowed`,
    { hint: "load the interfaces of fewer load balancers, or split the group" },
  );
}
