// Whether rules admit an opener: one test for what is learnt from and for what is held out.
import type { JudgedOpener } from "../model/opener.js";
import type { Rule } from "../model/rule-set.js";
import { holdsAddress } from "./address-ranges.js";
import { hasPorts } from "./permissiveness.js";
import { isBalancers, ownersOf, type PeerBook, peerAddresses, peerKey } from "./tighten-peers.js";

function fitsTraffic(rule: Rule, row: JudgedOpener): boolean {
  if (rule.stale || rule.direction !== row.direction || rule.icmpType !== -1) return false;
  if (rule.protocol === -1) return true;
  if (rule.protocol !== row.protocol) return false;
  if (!hasPorts(row.protocol)) return true;
  return row.port !== null && rule.fromPort <= row.port && row.port <= rule.toPort;
}

function holdsPeer(book: PeerBook, rule: Rule, row: JudgedOpener): boolean {
  if (rule.peer.kind !== "group") return holdsAddress(peerAddresses(book, rule.peer), row.remote);
  const { id } = rule.peer;
  return ownersOf(book, row.remote).some(
    (owner) => owner.groupIds.includes(id) && (owner.attachedAt ?? 0) <= row.first,
  );
}

/**
 * Whether the rule admits the opener (semantics 3.2 to 3.5c). A client that a balancer's group let in is admitted by a
 * rule for that group if `before`, the present rules that admit the opener, have one (semantics 3.5d).
 */
export function admits(
  book: PeerBook,
  rule: Rule,
  row: JudgedOpener,
  before: readonly Rule[],
): boolean {
  if (!fitsTraffic(rule, row)) return false;
  if (holdsPeer(book, rule, row)) return true;
  if (rule.peer.kind !== "group" || !isBalancers(book, rule.peer.id)) return false;
  const key = peerKey(rule.peer);
  return before.some((present) => peerKey(present.peer) === key);
}
