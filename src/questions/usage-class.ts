import { type Cidr, cidrContains, parseCidr } from "../model/address.js";
import { membersKnown } from "../reference/peers.js";
import { serviceAddresses } from "../reference/services.js";
import { carriersOf, type Snapshot } from "../reference/snapshot.js";
import type { UsageClass, UsageCoverage } from "./usage.js";
import type { LedgerRule } from "./usage-rules.js";

/** What decides the class of a rule. */
export interface UsageFacts {
  /** Connections of known opener that it admits. */
  readonly decided: number;
  readonly soleConnections: number;
  readonly undecided: number;
  readonly coverage: UsageCoverage;
}

export interface ClassFound {
  readonly class: UsageClass;
  readonly because: string;
}

/** Nothing but the services of semantics 1.4 lives in these blocks. */
const SERVICE_BLOCKS: readonly Cidr[] = [parseCidr("169.254.0.0/16"), parseCidr("fd00:ec2::/32")];
/** Ports between which UDP is DHCP or DHCPv6 (semantics 1.4). */
const DHCP_PORTS: readonly (readonly [number, number])[] = [
  [67, 68],
  [546, 547],
];
const UDP = 17;

/** The class of a rule: evidence of use first, then whether evidence could be there at all. */
export function usageClassOf(
  snapshot: Snapshot,
  ledgerRule: LedgerRule,
  facts: UsageFacts,
): ClassFound {
  const { decided, soleConnections, undecided, coverage } = facts;
  if (soleConnections > 0) return { class: "used", because: "" };
  const open = undecided > 0 ? "it may have admitted connections without a verdict or opener" : "";
  if (decided > 0) return { class: "redundant", because: open };
  if (coverage.interfaces === 0) return { class: "on-no-interface", because: "" };
  if (isForServices(snapshot, ledgerRule))
    return { class: "not-observable", because: "flow logs do not show traffic of these services" };
  if (coverage.withLogs === 0)
    return { class: "not-observable", because: "no interface of the group has logs" };
  if (!isPeerKnown(snapshot, ledgerRule))
    return { class: "undecidable", because: "the members of its peer are not known" };
  if (undecided > 0) return { class: "undecidable", because: open };
  const because = ledgerRule.rule.stale ? "the reference is stale: it matches nothing" : "";
  return { class: "no-evidence", because };
}

function isPeerKnown(snapshot: Snapshot, { rule, group }: LedgerRule): boolean {
  const { peer } = rule;
  if (rule.stale || peer.kind === "cidr") return true;
  if (peer.kind === "prefix-list")
    return snapshot.ruleSet.prefixLists.get(peer.id)?.cidrs !== undefined;
  return membersKnown(snapshot, group, peer);
}

/** Whether all that the rule can admit belongs to the services that groups never filter. */
function isForServices(snapshot: Snapshot, { rule, group }: LedgerRule): boolean {
  if (isDhcp(rule.protocol, rule.fromPort, rule.toPort)) return true;
  const blocks = blocksOf(snapshot, rule.peer);
  if (rule.stale || blocks.length === 0) return false;
  const carriers = carriersOf(snapshot, group.id);
  return blocks.every((block) => {
    if (SERVICE_BLOCKS.some((services) => isWithin(block, services))) return true;
    const isHost = block.length === (block.address.family === 4 ? 32 : 128);
    return (
      isHost &&
      carriers.length > 0 &&
      carriers.every((owner) =>
        serviceAddresses(snapshot.ruleSet, owner).some(
          ({ family, value }) => family === block.address.family && value === block.address.value,
        ),
      )
    );
  });
}

function isDhcp(protocol: number, fromPort: number, toPort: number): boolean {
  if (protocol !== UDP) return false;
  return DHCP_PORTS.some(([low, high]) => low <= fromPort && toPort <= high);
}

function blocksOf(snapshot: Snapshot, peer: LedgerRule["rule"]["peer"]): readonly Cidr[] {
  if (peer.kind === "cidr") return [peer.cidr];
  if (peer.kind === "group") return [];
  return snapshot.ruleSet.prefixLists.get(peer.id)?.cidrs ?? [];
}

function isWithin(part: Cidr, whole: Cidr): boolean {
  return part.length >= whole.length && cidrContains(whole, part.address);
}
