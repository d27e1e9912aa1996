// What the rules alone say of an assertion: groups only, no network ACLs, no log.
import type { Group, NetworkInterface, Place, Rule } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import {
  type AddressSet,
  difference,
  FAMILIES,
  formatSet,
  intersection,
  isEmpty,
  NO_ADDRESSES,
  union,
} from "./address-ranges.js";
import { type End, interfacesOf, type ResolvedTraffic } from "./assert-resolve.js";
import type { AssertionFinding, PortName } from "./assertion.js";
import { hasPorts } from "./permissiveness.js";
import {
  interfaceAddresses,
  isBalancers,
  namedPeer,
  type PeerBook,
  peerAddresses,
} from "./tighten-peers.js";
import { blocksOf, spaceOf, stretches } from "./tighten-space.js";

/** Groups that some interfaces carry together: what is judged as one. */
interface Policy {
  readonly groups: readonly Group[];
  readonly undescribed: readonly string[];
  /** Addresses of its interfaces; empty where it has none, or none are known. */
  readonly addresses: AddressSet;
  readonly at: Place;
}

function finding(
  verdict: AssertionFinding["verdict"],
  message: string,
  at: Place | null,
  ruleId: string | null = null,
): AssertionFinding {
  return { verdict, message, at, ruleId, connections: 0, samples: [] };
}

function policyOf(
  book: PeerBook,
  ids: readonly string[],
  owners: readonly NetworkInterface[],
): Policy[] {
  const groups = ids.flatMap((id) => book.ruleSet.groups.get(id) ?? []);
  const undescribed = ids.filter((id) => !book.ruleSet.groups.has(id));
  const at = groups[0]?.at ?? owners[0]?.at;
  if (at === undefined) return [];
  return [
    {
      groups,
      undescribed,
      addresses: union(owners.map((owner) => interfaceAddresses(book, owner))),
      at,
    },
  ];
}

/** The policies at an end: one per set of groups its interfaces carry, and each of its groups that none carries. */
function policiesOf(book: PeerBook, end: End): readonly Policy[] {
  const bySet = new Map<string, NetworkInterface[]>();
  for (const owner of interfacesOf(book, end)) {
    if (owner.groupIds.length === 0) continue;
    const key = [...new Set(owner.groupIds)].sort().join(" ");
    const list = bySet.get(key);
    if (list === undefined) bySet.set(key, [owner]);
    else list.push(owner);
  }
  const carried = [...bySet].flatMap(([key, owners]) => policyOf(book, key.split(" "), owners));
  const bare = [...end.in.groups].filter((id) => (book.carriers.get(id) ?? []).length === 0);
  return [...carried, ...bare.flatMap((id) => policyOf(book, [id], []))];
}

function rulesOf(policy: Policy, direction: Direction): readonly Rule[] {
  return policy.groups.flatMap((group) => group.rules.filter((r) => r.direction === direction));
}

function isClassic(policy: Policy, direction: Direction): boolean {
  if (direction === "ingress") return false;
  return policy.groups.some(
    ({ vpcId, rules }) => vpcId === undefined && !rules.some((r) => r.direction === "egress"),
  );
}

function overlaps(rule: Rule, port: PortName): boolean {
  if (rule.stale) return false;
  if (rule.protocol === -1 || port.protocol === -1) return true;
  if (rule.protocol !== port.protocol) return false;
  if (!hasPorts(port.protocol)) return true;
  return rule.fromPort <= port.toPort && port.fromPort <= rule.toPort;
}

/** Whether what the peer admits cannot be told: members unknown, or clients behind a balancer (semantics 3.5). */
function isOpenPeer(book: PeerBook, rule: Rule): boolean {
  if (rule.peer.kind === "cidr") return false;
  if (!namedPeer(book, rule.peer).known) return true;
  const isGroup = rule.peer.kind === "group";
  return isGroup && rule.direction === "ingress" && isBalancers(book, rule.peer.id);
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
    const named =
      rule.peer.kind === "group" &&
      far.in.groups.has(rule.peer.id) &&
      !far.except.groups.has(rule.peer.id);
    if (named || !isEmpty(admitted)) {
      const what = isEmpty(admitted) ? "the group" : formatSet(admitted);
      const on = port.protocol === -1 ? "traffic" : port.text;
      const words = `rule ${rule.id} admits ${on} ${preposition} ${what}`;
      return [finding("fail", words, rule.at, rule.id)];
    }
    if (!isOpenPeer(book, rule)) return [];
    const words = `whom rule ${rule.id} admits is not known`;
    return [finding("undecided", words, rule.at, rule.id)];
  });
}

function missingGroups(policy: Policy): AssertionFinding[] {
  return policy.undescribed.map((id) =>
    finding("undecided", `no document describes the group ${id}`, policy.at),
  );
}

function openClassic(policy: Policy): AssertionFinding[] {
  return isClassic(policy, "egress")
    ? [finding("fail", "an EC2-Classic group lets everything out", policy.at)]
    : [];
}

/**
 * Rules by which traffic that must be denied would get through: of the receivers where `to` names any, else of the
 * senders where `from` does, else of every receiver inside `to`. Between two named ends both sides must let it pass.
 */
export function rulesAgainstDeny(book: PeerBook, traffic: ResolvedTraffic): AssertionFinding[] {
  const { from, to, ports } = traffic;
  const sent = (): AssertionFinding[] =>
    policiesOf(book, from).flatMap((policy) => [
      ...admissions(book, policy, "egress", to, ports),
      ...openClassic(policy),
      ...missingGroups(policy),
    ]);
  if (from.isNamed && !to.isNamed) return distinct(sent());
  const received = policiesOf(book, to).flatMap((policy) => [
    ...admissions(book, policy, "ingress", from, ports),
    ...missingGroups(policy),
  ]);
  // Senders that let nothing out towards the other end leave the receivers' rules nothing to admit.
  if (from.isNamed && received.length > 0 && sent().length === 0) return [];
  return distinct(received);
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
  if (policies.length === 0) return [finding("undecided", "no group filters that end", null)];
  if (!isEmpty(far.addresses)) return [];
  return [finding("undecided", "no address of the other end is known", policies[0]!.at)];
}

/** Traffic that must be allowed and is not, in full: every address on every port, at both ends that are named. */
export function rulesAgainstAllow(book: PeerBook, traffic: ResolvedTraffic): AssertionFinding[] {
  const { from, to, ports } = traffic;
  const out: AssertionFinding[] = [];
  const ask = (near: End, far: End, direction: Direction): void => {
    if (!near.isNamed) return;
    const policies = policiesOf(book, near);
    out.push(...nothingAt(policies, far));
    for (const policy of policies) out.push(...holes(book, policy, direction, far, ports));
  };
  ask(to, from, "ingress");
  ask(from, to, "egress");
  return distinct(out);
}

/** Whether no rule at the other end of a row, where its interface is known, would let the opening pass. */
export function otherEndDenies(
  book: PeerBook,
  owners: readonly NetworkInterface[],
  direction: Direction,
  near: AddressSet,
  port: PortName,
): boolean {
  if (owners.length === 0 || isEmpty(near)) return false;
  return owners.every((owner) => {
    const [policy] = policyOf(book, owner.groupIds, [owner]);
    if (policy === undefined || owner.groupIds.length === 0) return false;
    if (policy.undescribed.length > 0 || isClassic(policy, direction)) return false;
    return rulesOf(policy, direction).every((rule) => {
      if (!overlaps(rule, port)) return true;
      if (isOpenPeer(book, rule)) return false;
      return isEmpty(intersection(peerAddresses(book, rule.peer), near));
    });
  });
}
