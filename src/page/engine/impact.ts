// What a candidate does to the connections of a log, from rows that stay.

import { alikeInterfaces, type StoredRows, surveySummaries } from "../../analysis/index.js";
import type { ReusableCore } from "../../core/reusable-core.js";
import { CHANGES, type ChangeCounts } from "../../model/opener.js";
import type { OpenerRows } from "../../model/opener-table.js";
import type { RuleSet } from "../../model/rule-set.js";
import { always } from "../../model/timeline.js";
import { type Impact, impactOf } from "../../questions/index.js";

/** How much the whole log holds, also where no row stands for it. */
export interface Totals {
  readonly records: number;
  readonly bytes: number;
}

export interface Judged {
  readonly core: ReusableCore;
  readonly rows: StoredRows;
  readonly totals: Totals;
  readonly baseline: RuleSet;
}

export interface ImpactWanted {
  /** Connections that stay as they are are listed too. */
  readonly unchanged: boolean;
  /** Rows that are judged; default: all that may change. */
  readonly most?: number;
}

export interface StoredImpact {
  readonly impact: Impact;
  /** The rows as the candidate judges them. Valid until the core is used again. */
  readonly openers: OpenerRows;
}

/**
 * The impact of a candidate. Where only changes are wanted, rows of interfaces whose rules stay as they are are not
 * judged. What is not changed is all the rest of the log.
 */
export async function storedImpact(
  { core, rows, totals, baseline }: Judged,
  candidate: RuleSet,
  name: string,
  { unchanged, most }: ImpactWanted,
): Promise<StoredImpact> {
  const alike = new Set(unchanged ? [] : alikeInterfaces(baseline, candidate));
  const asked = rows.of((interfaceId) => !alike.has(interfaceId), most);
  const { openers, candidates } = await surveySummaries([asked], {
    core,
    baseline: always("baseline", baseline),
    candidates: [always(name, candidate)],
    openers: unchanged ? "all" : "changed",
  });
  const impact = withTotals(
    impactOf(openers, baseline, candidate, 0, { onlyChanged: !unchanged }),
    candidates[0]!,
    { ...totals, connections: rows.connections },
  );
  return { impact, openers };
}

/** The impact with the counts of every connection and record of the log, listed or not. */
export function withTotals(
  impact: Impact,
  { connections, records, bytes }: Pick<Impact, "connections" | "records" | "bytes">,
  totals: Totals & { readonly connections: number },
): Impact {
  return {
    ...impact,
    connections: withRest(connections, totals.connections),
    records: withRest(records, totals.records),
    bytes: withRest(bytes, totals.bytes),
  };
}

function withRest(counts: ChangeCounts, total: number): ChangeCounts {
  const changed = CHANGES.reduce(
    (sum, change) => sum + (change === "unchanged" ? 0 : counts[change]),
    0,
  );
  return { ...counts, unchanged: total - changed };
}
