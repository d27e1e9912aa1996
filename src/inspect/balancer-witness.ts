import { type Address, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";

const BALANCER = "network_load_balancer";

function groupsOf(interfaceId: string | null, { interfaces, attach }: RuleSet): readonly string[] {
  if (interfaceId === null) return [];
  return interfaces.get(interfaceId)?.groupIds ?? attach;
}

/** Groups of network load balancers that rules of the record's interface name as peers. */
function balancerGroups(wanted: FlowRecord, ruleSet: RuleSet): ReadonlySet<string> {
  const carried = new Set<string>();
  for (const { type, groupIds } of ruleSet.interfaces.values())
    if (type === BALANCER) for (const id of groupIds) carried.add(id);
  const named = new Set<string>();
  for (const id of groupsOf(wanted.interfaceId, ruleSet))
    for (const { peer } of ruleSet.groups.get(id)?.rules ?? [])
      if (peer.kind === "group" && carried.has(peer.id)) named.add(peer.id);
  return named;
}

type End = readonly [Address | null, number | null];

function endsOf(record: FlowRecord): readonly End[] {
  return [
    [record.pktSrcAddr ?? record.srcAddr, record.srcPort],
    [record.pktDstAddr ?? record.dstAddr, record.dstPort],
  ];
}

function sameEnd([address, port]: End, [otherAddress, otherPort]: End): boolean {
  if (address === null || otherAddress === null || port !== otherPort) return false;
  return sameAddress(address, otherAddress);
}

/**
 * Tells the records of other interfaces that decide semantics 3.5d for one record: those of interfaces which carry a
 * balancer's group, with an endpoint of the record at either end. Undefined where no rule names such a group.
 */
export function balancerWitness(
  wanted: FlowRecord,
  ruleSet: RuleSet,
): ((record: FlowRecord) => boolean) | undefined {
  const groups = balancerGroups(wanted, ruleSet);
  if (groups.size === 0) return undefined;
  const ends = endsOf(wanted);
  return (record) =>
    record.protocol === wanted.protocol &&
    groupsOf(record.interfaceId, ruleSet).some((id) => groups.has(id)) &&
    endsOf(record).some((end) => ends.some((other) => sameEnd(end, other)));
}
