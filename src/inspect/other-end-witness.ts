import { type Address, cidrContains, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";

/** Interfaces that own an address of the record, by any of the rule sets, without its own. */
function otherInterfaces(wanted: FlowRecord, ruleSets: readonly RuleSet[]): ReadonlySet<string> {
  const { pktSrcAddr, pktDstAddr, srcAddr, dstAddr, interfaceId } = wanted;
  const ends = [pktSrcAddr ?? srcAddr, pktDstAddr ?? dstAddr].filter(
    (end): end is Address => end !== null,
  );
  const found = new Set<string>();
  for (const { interfaces } of ruleSets)
    for (const { id, addresses, prefixes } of interfaces.values()) {
      const owns = (end: Address): boolean =>
        addresses.some((own) => sameAddress(own, end)) ||
        prefixes.some((prefix) => cidrContains(prefix, end));
      if (id !== interfaceId && ends.some(owns)) found.add(id);
    }
  return found;
}

type End = readonly [Address | null, number | null];

function endsOf(record: FlowRecord): readonly End[] {
  return [
    [record.pktSrcAddr ?? record.srcAddr, record.srcPort],
    [record.pktDstAddr ?? record.dstAddr, record.dstPort],
  ];
}

/**
 * Tells the records of the other end's interface that share an end with the wanted one: its view of the connection, and
 * what fan-out says of both ends there (semantics 4.3).
 */
export function otherEndWitness(
  wanted: FlowRecord,
  ruleSets: readonly RuleSet[],
): (record: FlowRecord) => boolean {
  const others = otherInterfaces(wanted, ruleSets);
  const wantedEnds = endsOf(wanted);
  const isShared = ([address, port]: End): boolean =>
    wantedEnds.some(
      ([other, otherPort]) =>
        address !== null && other !== null && port === otherPort && sameAddress(address, other),
    );
  return (record) =>
    record.interfaceId !== null &&
    others.has(record.interfaceId) &&
    record.protocol === wanted.protocol &&
    endsOf(record).some(isShared);
}
