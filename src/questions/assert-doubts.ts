// Why a rule that admits nobody known at the other end may admit somebody there all the same (semantics 3.5).
import type { Rule } from "../model/rule-set.js";
import { formatSet, intersection, isEmpty } from "./address-ranges.js";
import type { End } from "./assert-resolve.js";
import { isBalancers, namedPeer, type PeerBook } from "./tighten-peers.js";

/** Whether what the peer admits cannot be told: members unknown, or clients behind a balancer (semantics 3.5 a, d). */
export function isOpenPeer(book: PeerBook, rule: Rule): boolean {
  if (rule.peer.kind === "cidr") return false;
  return !namedPeer(book, rule.peer).known || isBalancersIngress(book, rule);
}

function isBalancersIngress(book: PeerBook, { peer, direction }: Rule): boolean {
  return peer.kind === "group" && direction === "ingress" && isBalancers(book, peer.id);
}

function doubtAboutGroup(book: PeerBook, rule: Rule, far: End): string | undefined {
  if (far.isOpen) return `whether rule ${rule.id} admits interfaces of open groups is not known`;
  if (book.ruleSet.snapshotComplete) return undefined;
  const strangers = intersection(far.unowned, book.private);
  if (isEmpty(strangers)) return undefined;
  return `whether rule ${rule.id} admits ${formatSet(strangers)} is not known: no interface has these private addresses`;
}

/** What cannot be told of a rule that admits none of the far end's known addresses; `undefined` where it admits none. */
export function doubtAbout(book: PeerBook, rule: Rule, far: End): string | undefined {
  const { peer } = rule;
  // Whoever a rule admits as a member of an excepted group is excepted.
  const isExcepted = peer.kind === "group" && far.except.groups.has(peer.id);
  if (isExcepted && !isBalancersIngress(book, rule)) return undefined;
  if (isOpenPeer(book, rule)) return `whom rule ${rule.id} admits is not known`;
  if (peer.kind === "group") return doubtAboutGroup(book, rule, far);
  const [somebody] = far.unaddressed;
  if (somebody === undefined) return undefined;
  return `whether rule ${rule.id} admits ${somebody} is not known: it has no known address`;
}
