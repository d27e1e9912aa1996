// The rules that come nearest to admitting a connection, with every test that stands in the way in words.

import { formatAddress } from "../model/address.js";
import type { JudgedOpener } from "../model/opener.js";
import { type Criterion, explainRules, type RuleExplanation } from "../reference/explain-rule.js";
import { type Policy, policyOf } from "../reference/policy.js";
import { groupIdsOf, type PeerIndex } from "./peer-index.js";

/** A rule that does not admit a connection, with every test it fails in words. */
export interface NearMiss {
  readonly ruleId: string;
  readonly groupId: string;
  readonly at: { readonly file: string; readonly line: number };
  /** Tests that fail; 0 = only what the log or the snapshot does not tell stands in the way. */
  readonly failing: number;
  /** One clause each: `10.1.2.3 is outside 10.0.0.0/16`, `port 5433 is not 5432`. Failing ones first, then open ones. */
  readonly criteria: readonly string[];
}

/** The nearest rules of the side that denies, for the tuple's commonest connection. */
export interface NearestMiss {
  readonly side: "baseline" | "candidate";
  readonly interfaceId: string;
  readonly remote: string;
  /** Groups the interface carries on that side. */
  readonly groupIds: readonly string[];
  /** Rules of the direction in those groups, listed or not. */
  readonly rules: number;
  /** By number of failing tests, then the order of the policy. */
  readonly nearest: readonly NearMiss[];
}

/** Rules listed per miss. */
const NEAREST = 3;

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ["1", "icmp"],
  ["6", "tcp"],
  ["17", "udp"],
  ["58", "icmpv6"],
]);

const OPEN_PEERS: Readonly<Record<NonNullable<Criterion["because"]>, string>> = {
  "members-unknown": "its members are not known",
  "address-unknown": "the address is private and of no known interface",
  "attached-later": "the address joined it only after the record",
  "balancer-client": "a load balancer of it may keep client addresses",
  stale: "AWS lists the reference as stale, it matches nothing",
};

/**
 * The nearest rules of one side for the connections of a row; null where the side knows no groups of the interface, or
 * the direction is not known. Cost: one explanation of every rule of the interface's groups.
 */
export function missesIn(
  index: PeerIndex,
  side: NearestMiss["side"],
  row: JudgedOpener,
): NearestMiss | null {
  const { direction, interfaceId } = row;
  const groupIds = groupIdsOf(index.snapshot.ruleSet, interfaceId);
  if (direction === null || groupIds.length === 0) return null;
  const rules = explained(index, policyOf(index.snapshot.ruleSet, groupIds), row, direction);
  const misses = rules.filter(({ matches }) => matches !== true).map(nearMiss);
  return {
    side,
    interfaceId,
    remote: formatAddress(row.remote),
    groupIds,
    rules: rules.length,
    // The sort is stable: equal misses keep the order of the policy.
    nearest: misses.sort((a, b) => a.failing - b.failing).slice(0, NEAREST),
  };
}

function explained(
  index: PeerIndex,
  policy: Policy,
  row: JudgedOpener,
  direction: NonNullable<JudgedOpener["direction"]>,
): readonly RuleExplanation[] {
  return explainRules(index.snapshot, policy, {
    direction,
    protocol: row.protocol,
    port: row.port ?? 0,
    remote: row.remote,
    time: row.first,
    rejected: row.action === "rejected",
    clientAccepted: () => false,
  });
}

function nearMiss({ id, groupId, at, criteria }: RuleExplanation): NearMiss {
  const failing = criteria.filter(({ fits }) => fits === false);
  const open = criteria.filter(({ fits }) => fits === null);
  return {
    ruleId: id,
    groupId,
    at: { file: at.file, line: at.line },
    failing: failing.length,
    criteria: [...failing, ...open].map(criterionInWords),
  };
}

function criterionInWords(criterion: Criterion): string {
  const { found, allowed } = criterion;
  if (criterion.criterion === "protocol")
    return `protocol ${protocolName(found)} is not ${protocolName(allowed)}`;
  if (criterion.criterion === "port")
    return allowed.includes("-")
      ? `port ${found} is outside ${allowed}`
      : `port ${found} is not ${allowed}`;
  if (criterion.criterion === "icmp-type")
    return `the rule asks for ICMP type ${allowed}, the log carries none`;
  return peerInWords(criterion);
}

function protocolName(number: string): string {
  return PROTOCOLS.get(number) ?? number;
}

function peerInWords({ found, allowed, members, fits, because }: Criterion): string {
  if (fits === null)
    return `${found} may be of ${allowed}${because === null ? "" : `: ${OPEN_PEERS[because]}`}`;
  if (because === "stale") return `${allowed}: ${OPEN_PEERS.stale}`;
  if (allowed.includes("/") && members === null) return outside(found, allowed);
  if (allowed.startsWith("pl-"))
    return `${found} is in none of the ${members ?? 0} entries of ${allowed}`;
  if (members === 0) return `group ${allowed} has no addresses`;
  const addresses = members === 1 ? "1 address" : `${members ?? "unknown"} addresses`;
  return `group ${allowed} has ${addresses}, this is none`;
}

function outside(found: string, cidr: string): string {
  const [family, other] = found.includes(":") ? ["IPv6", "IPv4"] : ["IPv4", "IPv6"];
  if (found.includes(":") === cidr.includes(":")) return `${found} is outside ${cidr}`;
  return `${found} is ${family}, ${cidr} holds ${other}`;
}
