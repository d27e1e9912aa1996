import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { peerBlocks, valuesHolding, valuesHolding4 } from "./peer-blocks.js";
import type { PeerIds } from "./peer-ids.js";

/** Interfaces by number of an address, which belongs to them directly or by delegated prefix, in no particular order. */
export type PeerOwners = ReadonlyMap<number, readonly NetworkInterface[]>;

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
    for (let peerId = 0; peerId < ids.count; peerId++) {
      const value4 = ids.value4(peerId);
      const holding =
        value4 < 0
          ? valuesHolding(delegated, ids.addressOf(peerId))
          : valuesHolding4(delegated, value4);
      if (holding.length > 0) named.set(peerId, [...(named.get(peerId) ?? []), ...holding]);
    }
  }
  return named;
}
