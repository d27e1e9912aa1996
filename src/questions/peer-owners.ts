import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { peerBlocks, valuesHolding } from "./peer-blocks.js";
import type { PeerIds } from "./peer-ids.js";

/** Interfaces that an address belongs to, by address or delegated prefix, in no particular order. */
export type PeerOwners = (peerId: number) => readonly NetworkInterface[];

const NONE: readonly NetworkInterface[] = [];

/** Owners of the addresses numbered so far. Cost: linear in the interfaces of the rule set, not in the addresses. */
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
  if (prefixes.length === 0) return (peerId) => named.get(peerId) ?? NONE;
  const delegated = peerBlocks(prefixes);
  return (peerId) => {
    const holding = valuesHolding(delegated, ids.addresses[peerId]!);
    const owners = named.get(peerId) ?? NONE;
    return holding.length === 0 ? owners : [...owners, ...holding];
  };
}
