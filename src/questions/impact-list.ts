// What is told of a tuple of the list beside its counts.

import type { CutOver } from "../model/opener.js";
import type { Snapshot } from "../reference/snapshot.js";
import type { ImpactTuple } from "./impact.js";
import type { OpenerColumns } from "./impact-columns.js";
import { missesIn, type NearestMiss } from "./impact-misses.js";
import { kindOf } from "./impact-rank.js";
import type { TupleTally } from "./impact-tally.js";
import {
  directionsOf,
  gradesOf,
  rulesOf,
  rulingShares,
  rulingsOf,
  type TupleDraft,
} from "./impact-tuple.js";
import type { Spread } from "./tuple.js";
import type { TupleEnds } from "./tuple-ends.js";
import { compareText, spreadOf } from "./tuple-spread.js";

/** Both sides of the comparison. */
export type Sides = readonly [baseline: Snapshot, candidate: Snapshot];

/** What the numbers of a draft stand for. */
export interface DraftNames {
  readonly columns: OpenerColumns;
  readonly ends: TupleEnds;
  readonly tally: TupleTally;
}

/** A tuple as it is told. Cost: one explanation of the rules of an interface. */
export function finishTuple(
  draft: TupleDraft,
  peers: Spread,
  { columns, ends, tally }: DraftNames,
  sides: Sides,
  index: number,
): ImpactTuple {
  const { interfaceIds } = columns;
  const baseline = rulingsOf(draft, 0);
  const candidate = rulingsOf(draft, 1 + index);
  const { protocol, port, change, cutOver } = kindOf(tally, draft.tuple);
  return {
    source: ends.endOf(tally.sources[draft.tuple]!),
    destination: ends.endOf(tally.destinations[draft.tuple]!),
    protocol,
    port,
    directions: [...directionsOf(draft)].sort(compareText),
    change,
    cutOver,
    survivesUntil: draft.survivesUntil,
    seenAtBothEnds: draft.seenAtBothEnds,
    ...draft.amount,
    first: draft.first,
    last: draft.last,
    grades: gradesOf(draft),
    openingsAssumed: draft.openingsAssumed,
    peers,
    interfaces: spreadOf(draft.interfaces, (face) => interfaceIds[face]!),
    samples: draft.samples,
    baseline: rulingShares(baseline),
    candidate: rulingShares(candidate),
    baselineRules: spreadOf(rulesOf(baseline), (id) => id),
    candidateRules: spreadOf(rulesOf(candidate), (id) => id),
    nearestMiss: nearestMissOf(draft, cutOver, sides, index),
  };
}

/** The side to explain: of the denials the candidate's, of an undetermined tuple the one that cannot tell. */
function nearestMissOf(
  { speaker: row, table }: TupleDraft,
  cutOver: CutOver | null,
  sides: Sides,
  index: number,
): NearestMiss | null {
  const speaker = table.at(row);
  if (cutOver === "survives") return missesIn(sides[1], "candidate", speaker);
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
