// What the rules alone say of an assertion: groups only, no network ACLs, no log.
import { isUndecided, type NetworkInterface, type Peer, type Place } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import {
  type AddressSet,
  difference,
  FAMILIES,
  formatSet,
  intersection,
  isEmpty,
  NO_ADDRESSES,
} from "./address-ranges.js";
import { doubtAbout, isOpenPeer } from "./assert-doubts.js";
import {
  isClassic,
  overlaps,
  type Policy,
  policiesOf,
  policyOf,
  rulesOf,
} from "./assert-policies.js";
import { type End, partsOf, type ResolvedTraffic } from "./assert-resolve.js";
import type { AssertionFinding, PortName } from "./assertion.js";
import { interfaceAddresses, type PeerBook, peerAddresses } from "./tighten-peers.js";
import { blocksOf, spaceOf, stretches } from "./tighten-space.js";

function finding(
  verdict: AssertionFinding["verdict"],
  message: string,
  at: Place | null,
  ruleId: string | null = null,
): AssertionFinding {
  return { verdict, message, at, ruleId, connections: 0, samples: [] };
}

/** Rules of a policy that admit some of the far end, and rules of which nobody can tell. */
function admissions(
  book: PeerBook,
  policy: Policy,
  direction: Direction,
  far: End,
  ports: readonly PortName[],
): AssertionFinding[] {
  const preposition = direction === "ingress" ? "from" : "to";
  return rulesOf(policy, direction).flatMap((rule) => {
    const port = ports.find((name) => overlaps(rule, name));
    if (port === undefined) return [];
    const admitted = intersection(peerAddresses(book, rule.peer), far.addresses);
    if (namesGroup(far, rule.peer) || !isEmpty(admitted)) {
      const what = isEmpty(admitted) ? "the group" : formatSet(admitted);
      const on = port.protocol === -1 ? "traffic" : port.text;
      const words = `rule ${rule.id} admits ${on} ${preposition} ${what}`;
      return [finding("fail", words, rule.at, rule.id)];
    }
    const doubt = doubtAbout(book, rule, far);
    return doubt === undefined ? [] : [finding("undecided", doubt, rule.at, rule.id)];
  });
}

/** Whether the peer is a group of the end, or one that an interface without known addresses there carries. */
function namesGroup(far: End, peer: Peer): boolean {
  if (peer.kind !== "group" || far.except.groups.has(peer.id)) return false;
  return far.in.groups.has(peer.id) || far.unaddressedGroups.has(peer.id);
}

function missingGroups(policy: Policy): AssertionFinding[] {
  return policy.undescribed.map((id) =>
    finding("undecided", `no document describes the group ${id}`, policy.at),
  );
}

/** Interfaces that no rules filter: without groups, or of EC2-Classic. */
function unfiltered(policy: Policy, direction: Direction): AssertionFinding[] {
  if (policy.free !== null) {
    const way = direction === "ingress" ? "in" : "out";
    return [finding("fail", `${policy.free} has no group: it lets everything ${way}`, policy.at)];
  }
  return isClassic(policy, direction)
    ? [finding("fail", "an EC2-Classic group lets everything out", policy.at)]
    : [];
}

/** How traffic with the far end would get through the policies of the near one. */
function ways(
  book: PeerBook,
  near: End,
  far: End,
  direction: Direction,
  ports: readonly PortName[],
): AssertionFinding[] {
  return policiesOf(book, near).flatMap((policy) => {
    const found = [
      ...admissions(book, policy, direction, far, ports),
      ...unfiltered(policy, direction),
      ...missingGroups(policy),
    ];
    if (policy.isSure) return found;
    return found.map((f) => finding("undecided", `${f.message}, if it is meant`, f.at, f.ruleId));
  });
}

function waysBetween(
  book: PeerBook,
  from: End,
  to: End,
  ports: readonly PortName[],
): AssertionFinding[] {
  const received = (): AssertionFinding[] => ways(book, to, from, "ingress", ports);
  const sent = (far: End): AssertionFinding[] => ways(book, from, far, "egress", ports);
  if (from.isNamed && to.isNamed) {
    const [out, into] = [sent(to), received()];
    if (out.length === 0 || into.length === 0) return [];
    return out.some(({ verdict }) => verdict === "fail") ? into : out;
  }
  if (to.isNamed) return received();
  if (from.isNamed) return sent(to);
  const noReceivers = policiesOf(book, to).length === 0;
  if (noReceivers && policiesOf(book, from).length === 0)
    return [finding("undecided", "no interface of the rules is at either end", null)];
  return [...received(), ...sent(noReceivers ? to : outsideOf(book, to))];
}

/** The addresses of an end at which no interface can be that the rules leave out. */
function outsideOf(book: PeerBook, end: End): End {
  const addresses = difference(end.unowned, book.private);
  return { ...end, addresses, unowned: addresses, unaddressed: [], unaddressedGroups: new Set() };
}

/**
 * Rules by which traffic that must be denied would get through, and what leaves that open. Between groups or interfaces
 * both sides must let it pass. Else the side that is named says it; between addresses alone the receivers, and the
 * senders towards addresses where no interface is known: public ones, or all of them where there are no receivers.
 */
export function rulesAgainstDeny(book: PeerBook, traffic: ResolvedTraffic): AssertionFinding[] {
  const senders = partsOf(book, traffic.from);
  const receivers = partsOf(book, traffic.to);
  return distinct(
    senders.flatMap((from) =>
      receivers.flatMap((to) => waysBetween(book, from, to, traffic.ports)),
    ),
  );
}

/** A rule of a group stands in every policy that holds the group: it is one finding. */
function distinct(findings: readonly AssertionFinding[]): AssertionFinding[] {
  return [...new Map(findings.map((f) => [`${f.verdict} ${f.message}`, f])).values()];
}

/** The addresses that matter to a policy: of the families its interfaces have, where that is known. */
function ofFamilies(addresses: AddressSet, policy: Policy): AddressSet {
  if (isEmpty(policy.addresses)) return addresses;
  const [four, six] = FAMILIES.map((f) => (policy.addresses[f].length > 0 ? addresses[f] : []));
  return { 4: four ?? [], 6: six ?? [] };
}

function holes(
  book: PeerBook,
  policy: Policy,
  direction: Direction,
  far: End,
  ports: readonly PortName[],
): AssertionFinding[] {
  if (isClassic(policy, direction)) return [];
  const rules = rulesOf(policy, direction);
  const space = spaceOf(book, rules, true);
  const required = ofFamilies(far.addresses, policy);
  const ids = policy.groups.map(({ id }) => id).join(", ");
  const preposition = direction === "ingress" ? "from" : "to";
  return ports.flatMap((port) =>
    stretches(space, port).flatMap(({ traffic, rules: fitting }) => {
      const hole = difference(
        required,
        fitting.length === 0 ? NO_ADDRESSES : blocksOf(space, fitting),
      );
      if (isEmpty(hole)) return [];
      const open = fitting.some((rule) => isOpenPeer(book, rule)) || policy.undescribed.length > 0;
      const part =
        traffic.fromPort === port.fromPort && traffic.toPort === port.toPort
          ? port.text
          : `${port.text} (ports ${traffic.fromPort}-${traffic.toPort})`;
      const words = `no rule of ${ids} ${open ? "certainly " : ""}admits ${part} ${preposition} ${formatSet(hole)}`;
      return [finding(open ? "undecided" : "fail", words, policy.at)];
    }),
  );
}

/** Why the rules of an end cannot be tested: nobody is there, or nobody at the other end. */
function nothingAt(policies: readonly Policy[], far: End): AssertionFinding[] {
  const [first] = policies;
  if (first === undefined) return [finding("undecided", "no group filters that end", null)];
  const [somebody] = isEmpty(far.addresses) ? ["the other end"] : far.unaddressed;
  if (somebody === undefined) return [];
  return [finding("undecided", `no address of ${somebody} is known`, first.at)];
}

/** Addresses beside a name, with addresses alone at the other end: no rules are asked about them. */
function unasked(book: PeerBook, { from, to }: ResolvedTraffic): AssertionFinding[] {
  const isMixed = (end: End): boolean => end.isNamed && partsOf(book, end).length > 1;
  const isOpen = (near: End, far: End): boolean => isMixed(near) && (!far.isNamed || isMixed(far));
  if (!isOpen(from, to) && !isOpen(to, from)) return [];
  return [finding("undecided", "between addresses alone no rules can be asked", null)];
}

/** Traffic that must be allowed and is not, in full: every address on every port, at both ends that are named. */
export function rulesAgainstAllow(book: PeerBook, traffic: ResolvedTraffic): AssertionFinding[] {
  const { from, to, ports } = traffic;
  const out = unasked(book, traffic);
  const ask = (near: End, far: End, direction: Direction): void => {
    if (!near.isNamed) return;
    const policies = policiesOf(book, near).filter(({ free }) => free === null);
    out.push(...nothingAt(policies, far));
    for (const policy of policies) out.push(...holes(book, policy, direction, far, ports));
  };
  ask(to, from, "ingress");
  ask(from, to, "egress");
  return distinct(out);
}

/** Whether no rule at the other end of a row, where its interface is known, would let the opening of `near` pass. */
export function otherEndDenies(
  book: PeerBook,
  owners: readonly NetworkInterface[],
  direction: Direction,
  near: NetworkInterface,
  port: PortName,
): boolean {
  const addresses = interfaceAddresses(book, near);
  if (owners.length === 0 || isEmpty(addresses)) return false;
  const isOpen = near.groupIds.some(isUndecided);
  return owners.every((owner) => {
    const [policy] = policyOf(book, owner.groupIds, [owner]);
    if (policy === undefined || policy.free !== null) return false;
    if (policy.undescribed.length > 0 || isClassic(policy, direction)) return false;
    return rulesOf(policy, direction).every((rule) => {
      if (!overlaps(rule, port)) return true;
      if (isOpenPeer(book, rule) || (isOpen && rule.peer.kind === "group")) return false;
      return isEmpty(intersection(peerAddresses(book, rule.peer), addresses));
    });
  });
}
