import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { peerBlocks, valuesHolding } from "./peer-blocks.js";
import type { PeerIds } from "./peer-ids.js";

/** Interfaces that an address belongs to, by address or delegated prefix, in no particular order. */
export type PeerOwners = (peerId: number) => readonly NetworkInterface[];

const NONE: readonly NetworkInterface[] = [];

/** Owners of the addresses numbered so far. Cost: linear in the interfaces; in the addresses, where prefixes are delegated. */
export function peerOwners(ruleSet: RuleSet, ids: PeerIds): PeerOwners {
  const interfaces = [...ruleSet.interfaces.values()];
  const named = new Map<number, NetworkInterface[]>();
  for (const owner of interfaces)
    for (const address of owner.addresses) {
      const peerId = ids.find(address);
      if (peerId === undefined) continue;
      const owners = named.get(peerId);
      if (owners === undefined) named.set(peerId, [owner]);
      else owners.push(owner);
    }
  const prefixes = interfaces.flatMap((owner) =>
    owner.prefixes.map((cidr) => [cidr, owner] as const),
  );
  if (prefixes.length > 0) {
    const delegated = peerBlocks(prefixes);
    ids.addresses.forEach((address, peerId) => {
      const holding = valuesHolding(delegated, address);
      if (holding.length > 0) named.set(peerId, [...(named.get(peerId) ?? NONE), ...holding]);
    });
  }
  return (peerId) => named.get(peerId) ?? NONE;
}
