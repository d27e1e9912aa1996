// What the present rules of a group admit: the space that no suggestion may leave.
import type { Peer, Rule } from "../model/rule-set.js";
import {
  type AddressSet,
  ALL_ADDRESSES,
  holdsSet,
  intersection,
  NO_ADDRESSES,
  union,
} from "./address-ranges.js";
import { hasPorts, PORTS } from "./permissiveness.js";
import { type PeerBook, peerAddresses, peerKey } from "./tighten-peers.js";

/** A protocol with a range of destination ports; 0-65535 where ports do not matter. */
export interface Traffic {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
}

/** Rules of one group and direction, ready for questions of containment. */
export interface Space {
  readonly book: PeerBook;
  readonly rules: readonly Rule[];
  /** Members of groups count as addresses; else only blocks and entries of prefix lists do. */
  readonly withMembers: boolean;
  /** Unions of blocks by the rules they are of: few rules make few unions. */
  readonly unions: Map<string, AddressSet>;
}

/** Stale rules match nothing; a rule for one ICMP type admits nothing that a log could show (semantics 3.5, 3.6). */
export function spaceOf(
  book: PeerBook,
  rules: readonly Rule[],
  withMembers: boolean = false,
): Space {
  const usable = rules.filter((rule) => !rule.stale && rule.icmpType === -1);
  return { book, rules: usable, withMembers, unions: new Map() };
}

/** Whether ports of the rule hold the port, for a protocol the rule fits. */
function coversPort(rule: Rule, protocol: number, port: number): boolean {
  if (rule.protocol === -1 || !hasPorts(protocol)) return true;
  return rule.fromPort <= port && port <= rule.toPort;
}

/** Ports that the same rules cover. */
export interface Stretch {
  readonly traffic: Traffic;
  readonly rules: readonly Rule[];
}

/** Cuts the traffic where the rules that cover it change; ascending by port. */
export function stretches(space: Space, traffic: Traffic): readonly Stretch[] {
  const { protocol, fromPort, toPort } = traffic;
  const fitting = space.rules.filter((r) => r.protocol === -1 || r.protocol === protocol);
  if (!hasPorts(protocol)) return [{ traffic, rules: fitting }];
  const starts = new Set([fromPort]);
  for (const rule of fitting) {
    if (rule.protocol === -1) continue;
    for (const start of [rule.fromPort, rule.toPort + 1])
      if (start > fromPort && start <= toPort) starts.add(start);
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((start, i) => ({
    traffic: { protocol, fromPort: start, toPort: (sorted[i + 1] ?? toPort + 1) - 1 },
    rules: fitting.filter((rule) => coversPort(rule, protocol, start)),
  }));
}

/** Addresses that any of the rules admits, as far as the space looks. */
export function blocksOf(space: Space, rules: readonly Rule[]): AddressSet {
  const blocks = rules.filter((rule) => space.withMembers || rule.peer.kind !== "group");
  if (blocks.length === 0) return NO_ADDRESSES;
  const key = blocks.map((rule) => rule.id).join(" ");
  const seen = space.unions.get(key);
  if (seen !== undefined) return seen;
  const made = union(blocks.map((rule) => peerAddresses(space.book, rule.peer)));
  space.unions.set(key, made);
  return made;
}

/** Addresses that the rules admit on all of the traffic. */
export function admittedAddresses(space: Space, traffic: Traffic): AddressSet {
  let out = ALL_ADDRESSES;
  for (const { rules } of stretches(space, traffic))
    out = intersection(out, blocksOf(space, rules));
  return out;
}

/**
 * Whether the present rules admit all that a rule for the peer would: on each port they name the same peer, or their
 * blocks hold every address of it.
 */
export function admitsPeer(space: Space, traffic: Traffic, peer: Peer): boolean {
  const key = peerKey(peer);
  const addresses = peerAddresses(space.book, peer);
  return stretches(space, traffic).every(
    ({ rules }) =>
      rules.some((rule) => peerKey(rule.peer) === key) ||
      holdsSet(blocksOf(space, rules), addresses),
  );
}

/** Whether present rules name the peer on all of the traffic. */
export function namesPeer(space: Space, traffic: Traffic, peer: Peer): boolean {
  const key = peerKey(peer);
  return stretches(space, traffic).every(({ rules }) => rules.some((r) => peerKey(r.peer) === key));
}

/** Every port. */
export const ALL_PORTS: { readonly fromPort: number; readonly toPort: number } = {
  fromPort: 0,
  toPort: PORTS - 1,
};
