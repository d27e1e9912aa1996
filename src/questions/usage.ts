import type { Place } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import type { Amount, Share, Spread } from "./tuple.js";

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
  /** `connections` (of `Amount`) are the openers it admits; these are the ones that no other rule admits. */
  readonly soleConnections: number;
  /** Of its openers, those that AWS REJECTed all the same: a rule alone did not let them in. */
  readonly rejected: number;
  /** Connections with verdict unknown that it may have admitted. */
  readonly undecided: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly peers: Spread;
  readonly addresses: UsedAddresses;
  /** Null for rules without ports. */
  readonly ports: UsedPorts | null;
  /** Connections per protocol, for rules of every protocol; else empty. */
  readonly protocols: readonly { readonly protocol: number; readonly connections: number }[];
  /** Rules each of which admitted everything it admitted; empty unless `redundant`. */
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
