import type { Change, ChangeCounts, CutOver, Sample } from "../model/opener.js";
import type { Grade, Reason, Verdict } from "../model/verdict.js";
import type { Amount, Share, Spread, Tuple } from "./tuple.js";

/** One answer of one side, with the connections of the tuple that got it. */
export interface RulingShare {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  readonly connections: number;
}

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

/** Connections of one tuple that change in the same way. */
export interface ImpactTuple extends Tuple, Amount {
  readonly change: Change;
  /** Set with a cut-over where the baseline allows and the candidate denies (semantics 9.3). */
  readonly cutOver: CutOver | null;
  /** The interfaces of both ends saw it: each such connection counts twice, for each end has its own groups. */
  readonly seenAtBothEnds: boolean;
  /** First start and last end, Unix seconds. */
  readonly first: number;
  readonly last: number;
  /** Connections per grade of evidence; grades without any are left out. */
  readonly grades: Readonly<Partial<Record<Grade, number>>>;
  /** Connections whose opening nobody saw (semantics 5.4). */
  readonly openingsAssumed: number;
  /** Remote addresses. */
  readonly peers: Spread;
  /** Interfaces of the log at which it was seen. */
  readonly interfaces: Spread;
  readonly samples: readonly Sample[];
  /** What each side said, most connections first. Undetermined tuples carry their reasons here. */
  readonly baseline: readonly RulingShare[];
  readonly candidate: readonly RulingShare[];
  /** All rules of the baseline, and of the candidate, that admit connections of the tuple. */
  readonly baselineRules: readonly Share[];
  readonly candidateRules: readonly Share[];
  /** Null where neither side denies, or where the denial is a network ACL's. */
  readonly nearestMiss: NearestMiss | null;
}

/** What a candidate does to the connections of a log (semantics 9.1). */
export interface Impact {
  /** Over all rows, also those that are not listed. Records follow the change of their connection. */
  readonly connections: ChangeCounts;
  readonly records: ChangeCounts;
  readonly bytes: ChangeCounts;
  readonly tuples: ChangeCounts;
  /** Connections per outcome of a cut-over; all 0 without one. */
  readonly cutOvers: Readonly<Record<CutOver, number>>;
  /** Newly allowed rests on attempts in the log: what would have followed is not known (semantics 9.2). */
  readonly newlyAllowedAre: "attempts-only";
  /** Left out of `list` and `tuples` by `hideScanners`; null without it. */
  readonly hiddenScanners: (Amount & { readonly peers: number }) | null;
  /** Would-break first, then what a cut-over postpones, newly allowed, undetermined, unchanged. */
  readonly list: readonly ImpactTuple[];
  /** Tuples that `limit` left out of the list. */
  readonly more: number;
}

export interface ImpactOptions {
  /** Lists no unchanged tuples, except those that only survive a cut-over. */
  readonly onlyChanged?: boolean;
  /** Leaves out peers that only ever sent rejected openers. */
  readonly hideScanners?: boolean;
  /** Most tuples listed; default 100. */
  readonly limit?: number;
}
