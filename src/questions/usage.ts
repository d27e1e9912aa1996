import type { Summary } from "../analysis/summary.js";
import type { Sample } from "../model/opener.js";
import { type OpenerRows, openerTable } from "../model/opener-table.js";
import type { Place, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { peerName } from "../reference/peers.js";
import { extentSize, type PeerExtents, peerExtents } from "./peer-extent.js";
import { type PeerIndex, peerIndexOf } from "./peer-index.js";
import { PeerSpreads } from "./peer-spreads.js";
import type { Amount, Share, Spread } from "./tuple.js";
import { compareText, topShares } from "./tuple-spread.js";
import { seenAddresses, USED_BLOCKS, usedBlocks } from "./usage-addresses.js";
import { usageClassOf } from "./usage-class.js";
import { usageCoverage } from "./usage-coverage.js";
import { usageDoubts } from "./usage-doubts.js";
import { usedPorts } from "./usage-ports.js";
import { type LedgerRule, ledgerRules } from "./usage-rules.js";
import { admittedSets, hitRules } from "./usage-sets.js";
import { addSharing, addUse, type UsageTally, usageTally } from "./usage-tally.js";

/** What the log says of a rule's use, closed list. */
export type UsageClass =
  /** It admitted openers that no other rule would have admitted. */
  | "used"
  /** Whatever it admitted, other rules admitted too. */
  | "redundant"
  /** It could have been seen in use, and was not. */
  | "no-evidence"
  /** Its traffic is never in a log (semantics 1.4), or no interface of its group has logs. */
  | "not-observable"
  /** No interface carries its group. */
  | "on-no-interface"
  /** Whether it admits what was seen cannot be told: peer not resolved, ICMP type not logged. */
  | "undecidable";
export const USAGE_CLASSES: readonly UsageClass[] = [
  "used",
  "redundant",
  "no-evidence",
  "not-observable",
  "on-no-interface",
  "undecidable",
];

/** A block in which addresses were seen. */
export interface UsedBlock {
  readonly cidr: string;
  /** Distinct addresses seen in it. */
  readonly seen: number;
}

/** The part of a rule's peer that was used. */
export interface UsedAddresses {
  readonly seen: number;
  /** Addresses that the peer holds; null where its members are not known. Exact up to 2^53, a power of two above. */
  readonly of: number | null;
  /** The smallest block per family that holds all of them: none, one or two. */
  readonly covering: readonly string[];
  /** Few blocks that hold all of them, found by splitting `covering` where that frees most. */
  readonly blocks: readonly UsedBlock[];
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The part of a rule's port range that was used; only where ports matter. */
export interface UsedPorts {
  readonly seen: number;
  readonly of: number;
  /** Used ports as ranges without gaps, ascending, bounded; `more` ranges are left out. */
  readonly ranges: readonly PortRange[];
  readonly more: number;
}

/** How much of the traffic of a group the log could show. */
export interface UsageCoverage {
  /** Interfaces that carry the group, and how many of them have records or NODATA windows in the log. */
  readonly interfaces: number;
  readonly withLogs: number;
  /** First start and last end of their records; null without records. */
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  /** The span in days, to two digits. */
  readonly days: number;
  /** Seconds of their SKIPDATA windows: traffic may have passed unseen. */
  readonly skipdataSeconds: number;
}

/** One rule of the ledger. */
export interface RuleUsage extends Amount {
  readonly id: string;
  readonly groupId: string;
  readonly groupName: string | null;
  readonly direction: Direction;
  /** IANA number, -1 for all. */
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  /** -1 = any, and for other protocols. */
  readonly icmpType: number;
  readonly icmpCode: number;
  /** CIDR, prefix list id, or group id with its account where the rule names one. */
  readonly peer: string;
  readonly stale: boolean;
  readonly description: string | null;
  readonly at: Place;
  readonly class: UsageClass;
  /** Why the class, for the classes that do not speak for themselves; one clause, else empty. */
  readonly because: string;
  /** `connections` (of `Amount`) are its hits (semantics 3.7); these are the sole ones: no other rule admits them. */
  readonly soleConnections: number;
  /** Of its hits, those that AWS REJECTed all the same: a rule alone did not let them in. */
  readonly rejected: number;
  /** Connections of unknown verdict that it may have admitted, and of unknown opener that it admits in one reading. */
  readonly undecided: number;
  readonly first: number | null;
  readonly last: number | null;
  /** The first records of the connections it admits. */
  readonly samples: readonly Sample[];
  readonly peers: Spread;
  readonly addresses: UsedAddresses;
  /** Null for rules without ports. */
  readonly ports: UsedPorts | null;
  /** Connections per protocol, for rules of every protocol; else empty. */
  readonly protocols: readonly { readonly protocol: number; readonly connections: number }[];
  /** Rules each of which admitted everything it admitted for sure; empty unless `redundant`. */
  readonly redundantWith: readonly string[];
  /** Rules that admitted some of it, with how much, most first; bounded. */
  readonly alsoAdmittedBy: readonly Share[];
  readonly coverage: UsageCoverage;
}

/** The ledger: what each rule was good for in this log. All matching rules count (semantics 3.7). */
export interface Usage {
  /** The log's span, Unix seconds; null without records. */
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  readonly classes: Readonly<Record<UsageClass, number>>;
  /** Groups by id, rules in document order. */
  readonly rules: readonly RuleUsage[];
}

/** Rules listed that admitted the same. */
const SHARERS_TOP = 10;

/**
 * The ledger of a rule set: every rule with the connections of the log that hit it, by `rulings[0]` (semantics 3.7). All
 * matching rules count. Connections of unknown opener or verdict count as `undecided` for each rule that may admit them.
 * Cost: linear in the rows and the rules that each matches; a distinct set of rules costs its square once.
 */
export function usageOf(openers: OpenerRows, ruleSet: RuleSet, summary: Summary): Usage {
  const table = openerTable(openers);
  const index = peerIndexOf(ruleSet);
  const ledger = ledgerRules(ruleSet);
  const tallies = new Map(ledger.map(({ rule }, number) => [rule.id, usageTally(number)]));
  const doubts = usageDoubts(index);
  const peers = new PeerSpreads(index.ids);
  const hits = new Map<number, readonly UsageTally[]>();
  for (let row = 0; row < table.length; row++) {
    const answer = table.answer(row);
    let hit = hits.get(answer);
    if (hit === undefined) {
      hit = hitRules(table.answerOf(answer)).flatMap((id) => tallies.get(id) ?? []);
      hits.set(answer, hit);
    }
    if (hit.length > 0) {
      const peerId = index.ids.idOfRow(table, row);
      for (const tally of hit) {
        addUse(tally, table, row);
        peers.add(tally.number, peerId, table.connections(row));
      }
    }
    if (!doubts.isDoubted(table.answerOf(answer), table.way(row))) continue;
    for (const id of doubts.rulesOf(table.at(row))) {
      const tally = tallies.get(id);
      if (tally !== undefined) tally.undecided += table.connections(row);
    }
  }
  for (const set of admittedSets(table, tallies)) addSharing(tallies, set);
  const seen = { spreads: peers.spreads(ledger.length), peerIds: peers.peerIds(ledger.length) };
  const coverage = usageCoverage(index.snapshot, summary);
  const extents = peerExtents(index);
  const rules = ledger.map((ledgerRule, number) =>
    ruleUsage(
      index,
      extents,
      ledgerRule,
      tallies.get(ledgerRule.rule.id)!,
      { spread: seen.spreads[number]!, peerIds: seen.peerIds[number]! },
      coverage,
    ),
  );
  return {
    firstStart: summary.coverage.firstStart,
    lastEnd: summary.coverage.lastEnd,
    classes: countClasses(rules),
    rules,
  };
}

/** Remote addresses of the connections that hit a rule. */
interface SeenPeers {
  readonly spread: Spread;
  readonly peerIds: Int32Array;
}

function countClasses(rules: readonly RuleUsage[]): Record<UsageClass, number> {
  const counts = Object.fromEntries(USAGE_CLASSES.map((name) => [name, 0]));
  for (const rule of rules) counts[rule.class] = (counts[rule.class] ?? 0) + 1;
  return counts as Record<UsageClass, number>;
}

function ruleUsage(
  index: PeerIndex,
  extents: PeerExtents,
  ledgerRule: LedgerRule,
  tally: UsageTally,
  peers: SeenPeers,
  coverageOf: (groupId: string) => UsageCoverage,
): RuleUsage {
  const { rule, group } = ledgerRule;
  const coverage = coverageOf(group.id);
  const { soleConnections, undecided, rejected, first, last } = tally;
  const facts = { decided: tally.decided, soleConnections, undecided, coverage };
  const found = usageClassOf(index.snapshot, ledgerRule, facts);
  return {
    id: rule.id,
    groupId: group.id,
    groupName: group.name ?? null,
    direction: rule.direction,
    protocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    icmpType: rule.icmpType,
    icmpCode: rule.icmpCode,
    peer: peerName(rule.peer),
    stale: rule.stale,
    description: rule.description ?? null,
    at: rule.at,
    ...found,
    ...tally.amount,
    soleConnections,
    rejected,
    undecided,
    first,
    last,
    samples: tally.samples,
    peers: peers.spread,
    addresses: usedAddresses(index, extents, ledgerRule, peers.peerIds),
    ports: usedPorts(rule, tally.ports),
    protocols: rule.protocol === -1 ? usedProtocols(tally) : [],
    redundantWith: found.class === "redundant" ? twins(tally) : [],
    alsoAdmittedBy: topShares(tally.others, (id) => id, SHARERS_TOP),
    coverage,
  };
}

function usedProtocols({ protocols }: UsageTally): RuleUsage["protocols"] {
  return [...protocols]
    .map(([protocol, connections]) => ({ protocol, connections }))
    .sort((a, b) => b.connections - a.connections || a.protocol - b.protocol);
}

/** Rules that admitted every connection the rule admitted. */
function twins({ decided, others }: UsageTally): readonly string[] {
  const all = [...others].filter(([, connections]) => connections === decided);
  return all.map(([id]) => id).sort(compareText);
}

function usedAddresses(
  index: PeerIndex,
  extents: PeerExtents,
  ledgerRule: LedgerRule,
  peerIds: Int32Array,
): UsedAddresses {
  const seen = seenAddresses(peerIds, index.ids);
  return {
    seen: peerIds.length,
    of: extentSize(ledgerRule, extents(ledgerRule)),
    covering: usedBlocks(seen, 1).map(({ cidr }) => cidr),
    blocks: usedBlocks(seen, USED_BLOCKS),
  };
}
