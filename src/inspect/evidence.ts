// What bears on one record, of all that a log holds.

import type { FlowRecord } from "../model/record.js";
import type { Timeline } from "../model/timeline.js";
import { balancerWitness } from "./balancer-witness.js";
import { MAX_EVIDENCE, NearestRecords } from "./nearest-records.js";
import { otherEndWitness } from "./other-end-witness.js";

/**
 * Gathers the evidence for one record under timelines: its interface's records nearest in time, and those of other
 * interfaces that bear on it by any rule set. Bounded (MAX_EVIDENCE); `limit` lowers the bound.
 */
export function evidenceFor(
  wanted: FlowRecord,
  timelines: readonly Timeline[],
  limit: number = MAX_EVIDENCE,
): NearestRecords {
  const ruleSets = timelines.flatMap(({ periods }) => periods.map(({ ruleSet }) => ruleSet));
  const balancers = ruleSets.flatMap((ruleSet) => balancerWitness(wanted, ruleSet) ?? []);
  const otherEnd = otherEndWitness(wanted, ruleSets);
  return new NearestRecords(
    wanted,
    limit,
    (each) => otherEnd(each) || balancers.some((isWitness) => isWitness(each)),
  );
}
