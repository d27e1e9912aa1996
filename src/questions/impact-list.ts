// The tuples of an impact in their order, and what is told of each beside its counts.

import { formatAddress } from "../model/address.js";
import type { ImpactTuple } from "./impact.js";
import { missesIn, type NearestMiss } from "./impact-misses.js";
import { type CountedTuple, rulingShares, type TupleDraft } from "./impact-tuple.js";
import type { PeerIndex } from "./peer-index.js";
import { compareText, spreadOf } from "./tuple-spread.js";

/** Order of the list; the outcome of a cut-over stands before the change where it postpones the break. */
const RANKS: readonly string[] = [
  "newly-denied",
  "survives",
  "newly-allowed",
  "undetermined",
  "unchanged",
];

/** Both sides of the comparison, on the same numbers of addresses. */
export type Sides = readonly [baseline: PeerIndex, candidate: PeerIndex];

/** The order of the list; the last word makes it total. */
export function compareTuples(a: CountedTuple, b: CountedTuple): number {
  return (
    rankOf(a) - rankOf(b) ||
    b.amount.connections - a.amount.connections ||
    b.amount.records - a.amount.records ||
    compareText(textOf(a), textOf(b))
  );
}

function rankOf({ change, cutOver }: CountedTuple): number {
  return RANKS.indexOf(cutOver === "survives" ? cutOver : change);
}

function textOf(tuple: CountedTuple): string {
  const { source, destination, protocol, port, cutOver, openerKnown } = tuple;
  const known = openerKnown ? "known" : "unknown";
  return `${source.label} ${destination.label} ${protocol} ${port} ${source.kind} ${destination.kind} ${cutOver} ${known}`;
}

/** A tuple as it is told. Cost: one explanation of the rules of an interface. */
export function finishTuple(draft: TupleDraft, sides: Sides, index: number): ImpactTuple {
  const { addresses } = sides[0].ids;
  const { source, destination, protocol, port, change, cutOver } = draft;
  return {
    source,
    destination,
    protocol,
    port,
    directions: [...draft.directions].sort(compareText),
    change,
    cutOver,
    survivesUntil: draft.survivesUntil,
    seenAtBothEnds: draft.seenAtBothEnds,
    ...draft.amount,
    first: draft.first,
    last: draft.last,
    grades: Object.fromEntries([...draft.grades].sort(([a], [b]) => compareText(a, b))),
    openingsAssumed: draft.openingsAssumed,
    peers: spreadOf(draft.peers, (id) => formatAddress(addresses[id]!)),
    interfaces: spreadOf(draft.interfaces, (id) => id),
    samples: draft.samples,
    baseline: rulingShares(draft, 0),
    candidate: rulingShares(draft, 1),
    baselineRules: spreadOf(draft.rules[0], (id) => id),
    candidateRules: spreadOf(draft.rules[1], (id) => id),
    nearestMiss: nearestMissOf(draft, sides, index),
  };
}

/** The side to explain: of the denials the candidate's, of an undetermined tuple the one that cannot tell. */
function nearestMissOf(draft: TupleDraft, sides: Sides, index: number): NearestMiss | null {
  const { speaker } = draft;
  if (draft.cutOver === "survives") return missesIn(sides[1], "candidate", speaker);
  const baseline = speaker.rulings[0];
  const candidate = speaker.rulings[1 + index];
  const open = (["deny", "unknown"] as const).flatMap((verdict) => [
    ...(candidate?.verdict === verdict ? (["candidate"] as const) : []),
    ...(baseline?.verdict === verdict ? (["baseline"] as const) : []),
  ]);
  const side = open[0];
  if (side === undefined) return null;
  const reason = (side === "candidate" ? candidate : baseline)?.reason;
  if (reason === "acl" || reason === "interface-not-in-snapshot") return null;
  return missesIn(side === "candidate" ? sides[1] : sides[0], side, speaker);
}
