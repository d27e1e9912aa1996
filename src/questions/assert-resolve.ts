// Looks up the ends that assertions name, and says whether an opener is between them.
import type { JudgedOpener } from "../model/opener.js";
import { isUndecided, type NetworkInterface } from "../model/rule-set.js";
import {
  type AddressSet,
  ALL_ADDRESSES,
  addressSet,
  difference,
  holdsAddress,
  holdsSet,
  intersection,
  isEmpty,
  NO_ADDRESSES,
  union,
} from "./address-ranges.js";
import { refuse } from "./assert-yaml.js";
import type { EndName, PortName, TrafficName } from "./assertion.js";
import { hasPorts } from "./permissiveness.js";
import { interfaceAddresses, namedPeer, ownersOf, type PeerBook } from "./tighten-peers.js";

/** The ends of one list: what is meant without its exceptions. */
interface Named {
  readonly any: boolean;
  readonly groups: ReadonlySet<string>;
  readonly interfaces: ReadonlySet<string>;
  /** Blocks and entries of prefix lists. */
  readonly blocks: AddressSet;
}

/** An end of traffic, looked up. */
export interface End {
  readonly in: Named;
  readonly except: Named;
  /** Everything it may be as addresses: blocks, and the addresses of its groups and interfaces. */
  readonly addresses: AddressSet;
  /** Groups or interfaces are named, so that their rules can be asked. */
  readonly isNamed: boolean;
  /** Of its addresses, those that no interface of the rule set has. */
  readonly unowned: AddressSet;
  /** What is named and has no known address: interfaces, and groups that none carries, or that `--attach` gives. */
  readonly unaddressed: readonly string[];
  /** Groups that interfaces without a known address carry. */
  readonly unaddressedGroups: ReadonlySet<string>;
  /** An interface at the end may carry groups that the documents leave open (semantics 1.2). */
  readonly isOpen: boolean;
}

export interface ResolvedTraffic {
  readonly from: End;
  readonly to: End;
  readonly ports: readonly PortName[];
}

export type Match = "yes" | "no" | "maybe";

function groupIds(book: PeerBook, end: EndName & { kind: "group" }): readonly string[] {
  const found = [...book.ruleSet.groups.values()].filter(
    ({ id, name }) => id === end.name || name === end.name,
  );
  if (found.length > 0) return found.map(({ id }) => id);
  return refuse(
    end.at,
    `no group has the id or name "${end.name}"`,
    "name a group of the rules that are judged; names are told apart by case",
  );
}

function interfaceId(book: PeerBook, end: EndName & { kind: "interface" }): string {
  if (book.ruleSet.interfaces.has(end.id)) return end.id;
  return refuse(end.at, `no interface has the id "${end.id}"`, "name one of the rule documents");
}

function listBlocks(book: PeerBook, end: EndName & { kind: "prefix-list" }): AddressSet {
  const lists = [...book.ruleSet.prefixLists.values()];
  const found = lists.filter(({ id, name }) => id === end.name || name === end.name);
  if (found.length === 0)
    refuse(end.at, `no prefix list has the id or name "${end.name}"`, "name one of the rules");
  const known = found.map(({ id }) => namedPeer(book, { kind: "prefix-list", id }));
  if (known.some((list) => !list.known))
    refuse(
      end.at,
      `the entries of "${end.name}" are not known`,
      "give them with aws ec2 get-managed-prefix-list-entries",
    );
  return union(known.map(({ addresses }) => addresses));
}

function lookUp(book: PeerBook, ends: readonly EndName[]): Named {
  const groups = new Set<string>();
  const interfaces = new Set<string>();
  const blocks: AddressSet[] = [NO_ADDRESSES];
  for (const end of ends) {
    if (end.kind === "group") for (const id of groupIds(book, end)) groups.add(id);
    if (end.kind === "interface") interfaces.add(interfaceId(book, end));
    if (end.kind === "cidr") blocks.push(addressSet([end.cidr]));
    if (end.kind === "prefix-list") blocks.push(listBlocks(book, end));
  }
  return {
    any: ends.some(({ kind }) => kind === "any"),
    groups,
    interfaces,
    blocks: union(blocks),
  };
}

function isOf(named: Named, owner: NetworkInterface): boolean {
  return named.interfaces.has(owner.id) || owner.groupIds.some((id) => named.groups.has(id));
}

function addressesOf(book: PeerBook, named: Named): AddressSet {
  if (named.any) return ALL_ADDRESSES;
  const owners = [...book.ruleSet.interfaces.values()].filter((owner) => isOf(named, owner));
  return union([named.blocks, ...owners.map((owner) => interfaceAddresses(book, owner))]);
}

const NOBODY: Named = {
  any: false,
  groups: new Set(),
  interfaces: new Set(),
  blocks: NO_ADDRESSES,
};

function endOf(book: PeerBook, inside: Named, except: Named): End {
  const addresses = difference(addressesOf(book, inside), addressesOf(book, except));
  const owners = interfacesOf(book, { in: inside, except });
  const unaddressed = owners.filter((owner) => isEmpty(interfaceAddresses(book, owner)));
  const { attach } = book.ruleSet;
  const bare = [...inside.groups].filter(
    (id) => (!book.carriers.has(id) || attach.includes(id)) && !except.groups.has(id),
  );
  return {
    in: inside,
    except,
    addresses,
    isNamed: inside.groups.size > 0 || inside.interfaces.size > 0,
    unowned: difference(addresses, book.owned),
    unaddressed: [...unaddressed.map(({ id }) => id), ...bare],
    unaddressedGroups: new Set([...unaddressed.flatMap(({ groupIds }) => groupIds), ...bare]),
    isOpen: owners.some(({ groupIds }) => groupIds.some(isUndecided)),
  };
}

/** The end as groups and interfaces, and as addresses: other rules speak of either. */
export function partsOf(book: PeerBook, end: End): readonly End[] {
  const { any, groups, interfaces, blocks } = end.in;
  const parts: Named[] = [];
  if (end.isNamed) parts.push({ ...NOBODY, groups, interfaces });
  if (any || !isEmpty(blocks)) parts.push({ ...NOBODY, any, blocks });
  return parts.length === 1 ? [end] : parts.map((part) => endOf(book, part, end.except));
}

/** Looks the ends up in a rule set. Throws `assertions-invalid` where a name is not in it. */
export function resolveTraffic(book: PeerBook, traffic: TrafficName): ResolvedTraffic {
  return {
    from: endOf(book, lookUp(book, traffic.from), lookUp(book, traffic.exceptFrom)),
    to: endOf(book, lookUp(book, traffic.to), lookUp(book, traffic.exceptTo)),
    ports: traffic.ports,
  };
}

/** Interfaces at the end. Of an interface with several addresses, one inside is enough. */
export function interfacesOf(
  book: PeerBook,
  end: Pick<End, "in" | "except">,
): readonly NetworkInterface[] {
  return [...book.ruleSet.interfaces.values()].filter((owner) => {
    const own = interfaceAddresses(book, owner);
    if (isOf(end.except, owner) || end.except.any) return false;
    if (!isEmpty(own) && holdsSet(end.except.blocks, own)) return false;
    if (end.in.any || isOf(end.in, owner)) return true;
    return !isEmpty(intersection(end.in.blocks, own));
  });
}

/** Interfaces that may be at an end which addresses name: where they are is not known. */
export function unplacedOf(book: PeerBook, end: End): readonly NetworkInterface[] {
  if (end.in.any || isEmpty(end.in.blocks) || end.except.any) return [];
  return [...book.ruleSet.interfaces.values()].filter(
    (owner) =>
      isEmpty(interfaceAddresses(book, owner)) && !isOf(end.in, owner) && !isOf(end.except, owner),
  );
}

/** Whether an interface, in the rule set or not, is at the end; `maybe` where its addresses are not known. */
export function standsAt(book: PeerBook, end: End, interfaceId: string): Match {
  const excepted = localIn(book, end.except, interfaceId);
  return both(localIn(book, end.in, interfaceId), NOT[excepted]);
}

function localIn(book: PeerBook, named: Named, interfaceId: string): Match {
  if (named.any || named.interfaces.has(interfaceId)) return "yes";
  const owner = book.ruleSet.interfaces.get(interfaceId);
  const groups = owner?.groupIds ?? book.ruleSet.attach;
  if (groups.some((id) => named.groups.has(id))) return "yes";
  if (isEmpty(named.blocks)) return "no";
  const own = owner === undefined ? NO_ADDRESSES : interfaceAddresses(book, owner);
  // Which of its addresses the opening was at is not kept.
  if (isEmpty(own)) return "maybe";
  if (holdsSet(named.blocks, own)) return "yes";
  return isEmpty(intersection(named.blocks, own)) ? "no" : "maybe";
}

function remoteIn(book: PeerBook, named: Named, row: JudgedOpener): boolean {
  if (named.any || holdsAddress(named.blocks, row.remote)) return true;
  return ownersOf(book, row.remote).some((owner) => isOf(named, owner));
}

const NOT: Readonly<Record<Match, Match>> = { yes: "no", no: "yes", maybe: "maybe" };

function both(a: Match, b: Match): Match {
  if (a === "no" || b === "no") return "no";
  return a === "yes" && b === "yes" ? "yes" : "maybe";
}

function between(book: PeerBook, local: End, remote: End, row: JudgedOpener): Match {
  const localFits = standsAt(book, local, row.interfaceId);
  // The address is asked last: it costs most.
  if (localFits === "no") return "no";
  const remoteFits = remoteIn(book, remote.in, row) && !remoteIn(book, remote.except, row);
  return remoteFits ? localFits : "no";
}

/** Whether the port words hold the opening's protocol and served port, or one that may have been served. */
function fitsPorts(ports: readonly PortName[], row: JudgedOpener): boolean {
  return ports.some(({ protocol, fromPort, toPort }) => {
    if (protocol === -1) return true;
    if (protocol !== row.protocol) return false;
    if (!hasPorts(protocol)) return true;
    return row.port !== null && mayServe(row, fromPort, toPort);
  });
}

/** Where nobody knows who opened, either port may have been served (semantics 4.6). */
function mayServe({ direction, port, otherPort }: JudgedOpener, from: number, to: number): boolean {
  const isInside = (each: number): boolean => from <= each && each <= to;
  if (port === null) return false;
  if (direction !== null || isInside(port)) return isInside(port);
  return otherPort == null ? port <= to : isInside(otherPort);
}

/** Whether the row is traffic of that kind; `maybe` where its opener or its local address is not known. */
export function matchRow(book: PeerBook, traffic: ResolvedTraffic, row: JudgedOpener): Match {
  if (!fitsPorts(traffic.ports, row)) return "no";
  const { from, to } = traffic;
  if (row.direction === "ingress") return between(book, to, from, row);
  if (row.direction === "egress") return between(book, from, to, row);
  const either = [between(book, to, from, row), between(book, from, to, row)];
  return either.every((match) => match === "no") ? "no" : "maybe";
}
