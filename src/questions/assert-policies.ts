// What filters an end that an assertion names: the groups that its interfaces carry together.
import type { Group, NetworkInterface, Place, Rule } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { type AddressSet, union } from "./address-ranges.js";
import { type End, interfacesOf, unplacedOf } from "./assert-resolve.js";
import type { PortName } from "./assertion.js";
import { hasPorts } from "./permissiveness.js";
import { interfaceAddresses, type PeerBook } from "./tighten-peers.js";

/** Groups that some interfaces carry together: what is judged as one. */
export interface Policy {
  readonly groups: readonly Group[];
  readonly undescribed: readonly string[];
  /** The first of its interfaces without groups: nothing filters them (semantics 1.3). */
  readonly free: string | null;
  /** Whether its interfaces are at the end for certain: of some no address is known. */
  readonly isSure: boolean;
  /** Addresses of its interfaces; empty where it has none, or none are known. */
  readonly addresses: AddressSet;
  readonly at: Place;
}

export function policyOf(
  book: PeerBook,
  ids: readonly string[],
  owners: readonly NetworkInterface[],
  isSure: boolean = true,
): Policy[] {
  const groups = ids.flatMap((id) => book.ruleSet.groups.get(id) ?? []);
  const at = groups[0]?.at ?? owners[0]?.at;
  if (at === undefined) return [];
  return [
    {
      groups,
      undescribed: ids.filter((id) => !book.ruleSet.groups.has(id)),
      free: ids.length === 0 ? (owners[0]?.id ?? null) : null,
      isSure,
      addresses: union(owners.map((owner) => interfaceAddresses(book, owner))),
      at,
    },
  ];
}

function bySet(book: PeerBook, owners: readonly NetworkInterface[], isSure: boolean): Policy[] {
  const sets = new Map<string, NetworkInterface[]>();
  for (const owner of owners) {
    const key = [...new Set(owner.groupIds)].sort().join(" ");
    const list = sets.get(key);
    if (list === undefined) sets.set(key, [owner]);
    else list.push(owner);
  }
  return [...sets].flatMap(([key, list]) =>
    policyOf(book, key === "" ? [] : key.split(" "), list, isSure),
  );
}

/** Interfaces that only the log knows carry the groups of `--attach`. */
function attachedAt(book: PeerBook, { in: named }: End): Policy[] {
  const { attach } = book.ruleSet;
  if (attach.length === 0) return [];
  const isSure = named.any || attach.some((id) => named.groups.has(id));
  const mayBe = isSure || named.blocks[4].length + named.blocks[6].length > 0;
  return mayBe ? policyOf(book, attach, [], isSure) : [];
}

/** The policies at an end: one per set of groups its interfaces carry, and each of its groups that none carries. */
export function policiesOf(book: PeerBook, end: End): readonly Policy[] {
  const bare = [...end.in.groups].filter((id) => (book.carriers.get(id) ?? []).length === 0);
  return [
    ...bySet(book, interfacesOf(book, end), true),
    ...bySet(book, unplacedOf(book, end), false),
    ...attachedAt(book, end),
    ...bare.flatMap((id) => policyOf(book, [id], [])),
  ];
}

export function rulesOf(policy: Policy, direction: Direction): readonly Rule[] {
  return policy.groups.flatMap((group) => group.rules.filter((r) => r.direction === direction));
}

/** Whether a group of EC2-Classic is among them: it lets everything out. */
export function isClassic(policy: Policy, direction: Direction): boolean {
  if (direction === "ingress") return false;
  return policy.groups.some(
    ({ vpcId, rules }) => vpcId === undefined && !rules.some((r) => r.direction === "egress"),
  );
}

/** Whether the rule is for some of the ports. */
export function overlaps(rule: Rule, port: PortName): boolean {
  if (rule.stale) return false;
  if (rule.protocol === -1 || port.protocol === -1) return true;
  if (rule.protocol !== port.protocol) return false;
  if (!hasPorts(port.protocol)) return true;
  return rule.fromPort <= port.toPort && port.fromPort <= rule.toPort;
}
