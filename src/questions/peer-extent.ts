import { familyBits } from "../model/address.js";
import { membersKnown, peerName } from "../reference/peers.js";
import { carriersOf } from "../reference/snapshot.js";
import {
  type AddressSet,
  ALL_ADDRESSES,
  addressSet,
  countAddresses,
  hostBlock,
  NO_ADDRESSES,
} from "./address-ranges.js";
import type { PeerIndex } from "./peer-index.js";
import type { LedgerRule } from "./usage-rules.js";

/** The addresses that the peer of a rule holds; null where the rule set cannot tell its members. */
export type PeerExtents = (ledgerRule: LedgerRule) => AddressSet | null;

/** Extents under a rule set. Cost: each group and prefix list is put together once. */
export function peerExtents(index: PeerIndex): PeerExtents {
  const known = new Map<string, AddressSet | null>();
  return (ledgerRule) => {
    const { rule, group, isClassic } = ledgerRule;
    if (isClassic) return ALL_ADDRESSES;
    if (rule.stale) return NO_ADDRESSES;
    if (rule.peer.kind === "cidr") return addressSet([rule.peer.cidr]);
    const key = `${group.accountId ?? ""} ${peerName(rule.peer)}`;
    let extent = known.get(key);
    if (extent === undefined) {
      extent = namedExtent(index, ledgerRule);
      known.set(key, extent);
    }
    return extent;
  };
}

function namedExtent(index: PeerIndex, { rule, group }: LedgerRule): AddressSet | null {
  const { snapshot } = index;
  const { peer } = rule;
  if (peer.kind === "cidr") return addressSet([peer.cidr]);
  if (peer.kind === "prefix-list") {
    const cidrs = snapshot.ruleSet.prefixLists.get(peer.id)?.cidrs;
    return cidrs === undefined ? null : addressSet(cidrs);
  }
  if (!membersKnown(snapshot, group, peer)) return null;
  const carriers = carriersOf(snapshot, peer.id);
  return addressSet(
    carriers.flatMap(({ addresses, prefixes }) => [...addresses.map(hostBlock), ...prefixes]),
  );
}

/** Addresses of both families; exact to 2^53, a block's size always. */
export function extentSize({ rule }: LedgerRule, extent: AddressSet | null): number | null {
  if (rule.peer.kind === "cidr" && extent !== ALL_ADDRESSES)
    return rule.stale
      ? 0
      : 2 ** (familyBits(rule.peer.cidr.address.family) - rule.peer.cidr.length);
  return extent === null ? null : countAddresses(extent[4]) + countAddresses(extent[6]);
}
