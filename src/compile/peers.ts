import type { Peer, Rule, RuleSet } from "../model/rule-set.js";
import type { RuleOrder } from "./rule-order.js";

/** The peer number of every address, both families (class 0). */
export const PEER_EVERYWHERE: number = 0;
/** The rule has no peer that an address could be in: a stale reference (semantics 3.5), or an unresolved one. */
export const PEER_NONE: number = -1;

/** What a peer number stands for. */
export type PeerSource =
  | { readonly kind: "everywhere" }
  | Extract<Peer, { kind: "cidr" }>
  | Extract<Peer, { kind: "prefix-list" }>
  | { readonly kind: "group"; readonly id: string }
  /** The addresses of a subnet: its blocks, or where they are not known its interfaces' (semantics 10.2). */
  | { readonly kind: "subnet"; readonly id: string };

/** Numbers peers once per distinct content, as they are asked for. */
export interface PeerNumbers {
  readonly peers: readonly PeerSource[];
  numberOf(peer: Exclude<PeerSource, { kind: "everywhere" }>): number;
}

/** Peers of all rules. Arrays are parallel to `RuleOrder.rules`. */
export interface PeerTable {
  /** Peer number of each rule, or PEER_NONE. */
  readonly ofRule: Int32Array;
  /** 1: the peer cannot be known (3.5a). */
  readonly unresolved: Uint8Array;
  /** Name index + 1 of the peer as `detail` shows it, 0 for a CIDR. */
  readonly nameOfRule: Uint32Array;
}

/** Interned `detail` names. */
export interface Names {
  /** Index + 1: 0 stays free for "none". */
  intern(name: string): number;
}

export interface NameTable extends Names {
  readonly list: readonly string[];
}

export function createNames(): NameTable {
  const list: string[] = [];
  const known = new Map<string, number>();
  return {
    list,
    intern(name: string): number {
      const found = known.get(name);
      if (found !== undefined) return found;
      list.push(name);
      known.set(name, list.length);
      return list.length;
    },
  };
}

/** The peer as `detail` names it: `pl-…`, `sg-…`, or `ACCOUNT/sg-…` where the rule names an account; "" for a CIDR. */
export function peerName(peer: Peer): string {
  if (peer.kind === "cidr") return "";
  if (peer.kind === "prefix-list" || peer.account === undefined) return peer.id;
  return `${peer.account}/${peer.id}`;
}

/** Semantics 3.5a: a group nobody carries is empty where a document describes it, unknown where none does. */
function isUnresolved(
  rule: Rule,
  ruleSet: RuleSet,
  carried: ReadonlyMap<string, unknown>,
): boolean {
  const peer = rule.peer;
  if (peer.kind === "cidr") return false;
  if (peer.kind === "prefix-list") return ruleSet.prefixLists.get(peer.id)?.cidrs === undefined;
  if (carried.has(peer.id)) return false;
  if (!ruleSet.groups.has(peer.id)) return true;
  const own = ruleSet.groups.get(rule.groupId)?.accountId;
  return peer.account !== undefined && own !== undefined && peer.account !== own;
}

/** Every length of an IPv4 block is below this. */
const LENGTHS = 64;

/** A number for IPv4 blocks, which nearly all peers are. */
function contentKey(peer: Exclude<PeerSource, { kind: "everywhere" }>): number | string {
  if (peer.kind !== "cidr") return `${peer.kind} ${peer.id}`;
  const { address, length } = peer.cidr;
  if (address.family === 4) return Number(address.value) * LENGTHS + length;
  return `${length} ${address.value.toString(16)}`;
}

export function createPeerNumbers(): PeerNumbers {
  const peers: PeerSource[] = [{ kind: "everywhere" }];
  const known = new Map<number | string, number>();
  return {
    peers,
    numberOf(peer): number {
      const key = contentKey(peer);
      const found = known.get(key);
      if (found !== undefined) return found;
      const number = peers.push(peer) - 1;
      known.set(key, number);
      return number;
    },
  };
}

/** Numbers the peers of all rules. `carried`: groups that some interface carries. O(rules). */
export function numberPeers(
  ruleSet: RuleSet,
  order: RuleOrder,
  carried: ReadonlyMap<string, unknown>,
  peers: PeerNumbers,
  names: Names,
): PeerTable {
  const count = order.rules.length;
  const ofRule = new Int32Array(count).fill(PEER_NONE);
  const unresolved = new Uint8Array(count);
  const nameOfRule = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const rule = order.rules[index]!;
    if (rule.stale) continue;
    if (order.everywhere.has(index)) {
      ofRule[index] = PEER_EVERYWHERE;
      continue;
    }
    const name = peerName(rule.peer);
    if (name !== "") nameOfRule[index] = names.intern(name);
    if (isUnresolved(rule, ruleSet, carried)) {
      unresolved[index] = 1;
      continue;
    }
    ofRule[index] = peers.numberOf(rule.peer);
  }
  return { ofRule, unresolved, nameOfRule };
}
