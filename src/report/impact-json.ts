// The JSON of `diff`.

import { CHANGES, type Change, type ChangeCounts } from "../model/opener.js";
import type { Impact, ImpactTuple, TupleCounts } from "../questions/index.js";
import { isPlanWarning, type PlanFinding } from "../rules/index.js";
import type { Json } from "./report.js";

/** A candidate and what it does. */
export interface CandidateImpact {
  readonly name: string;
  readonly impact: Impact;
  /** What its plan leaves open, replaces or cannot do; empty where it is none. */
  readonly plan: readonly PlanFinding[];
}

const KEYS: Readonly<Record<Change, string>> = {
  "newly-denied": "newlyDenied",
  "newly-allowed": "newlyAllowed",
  unchanged: "unchanged",
  undetermined: "undetermined",
};

/** Counts per change under the keys of JSON. */
export function changeKeys(counts: ChangeCounts | TupleCounts): Json {
  return Object.fromEntries(CHANGES.map((change) => [KEYS[change], counts[change]]));
}

export function tupleKeys(tuple: ImpactTuple): Json {
  const { change, cutOver, survivesUntil, ...rest } = tuple;
  const { source, destination, protocol, port, directions, ...counted } = rest;
  const about = { source, destination, protocol, port, directions };
  return { change, cutOver, survivesUntil, ...about, ...counted };
}

function numberKeys({ name, impact }: CandidateImpact): Json {
  return {
    name,
    connections: changeKeys(impact.connections),
    records: changeKeys(impact.records),
    bytes: changeKeys(impact.bytes),
  };
}

/** A finding about a plan, with whether it is a warning. */
export function planKeys(finding: PlanFinding): Json {
  const { code, subject, message, at } = finding;
  return { code, level: isPlanWarning(finding) ? "warning" : "note", subject, message, at };
}

function restKeys({ impact }: CandidateImpact): Json {
  return {
    tupleCounts: changeKeys(impact.tuples),
    moreTuples: impact.more,
    cutOvers: impact.cutOvers,
    newlyAllowedAre: impact.newlyAllowedAre,
    hiddenScanners: impact.hiddenScanners,
  };
}

/** The four numbers in each unit, and what they leave out. */
export function impactCounts(candidate: CandidateImpact): Json {
  return { ...numberKeys(candidate), ...restKeys(candidate) };
}

/** One candidate with its tuples. */
export function impactKeys(candidate: CandidateImpact): Json {
  const tuples = candidate.impact.list.map(tupleKeys);
  const plan = candidate.plan.map(planKeys);
  return { ...numberKeys(candidate), tuples, ...restKeys(candidate), plan };
}
