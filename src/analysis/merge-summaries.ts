import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import { always } from "../model/timeline.js";
import { interfaceName } from "./core-summary.js";
import { neutralRules } from "./neutral-rules.js";
import { type OpenerSummary, SUMMARY_VERSION } from "./opener-summary.js";
import { gradesOfOpeners, judgeSummaries } from "./stored-core.js";
import { bordersOf, rowsOf, timersOf } from "./summarize.js";
import type { Summary } from "./summary.js";

/**
 * One summary of several: rows that are alike are added up, and connections that one log leaves open go on in the next.
 * Throws a RangeError without any.
 */
export async function mergeOpenerSummaries(
  module: WebAssembly.Module,
  summaries: readonly OpenerSummary[],
  tool: string,
): Promise<OpenerSummary> {
  const [first] = summaries;
  if (first === undefined) throw new RangeError("no summary to merge");
  const timelines = [always("summary", neutralRules(undefined))];
  const stored = await judgeSummaries(module, summaries, timelines, c.FOLD_SUMMARY);
  const { core, files, openersDropped, borderDropped } = stored;
  return {
    facts: {
      version: SUMMARY_VERSION,
      tool,
      interfaces: Array.from({ length: core.interfacesSeen }, (_, i) => interfaceName(core, i)),
      files,
      addressesKnown: summaries.every(({ facts }) => facts.addressesKnown),
      ...timersOf(core),
      openersDropped,
      borderDropped,
      summary: withConnections(stored.summary ?? first.facts.summary, core),
    },
    rows: () => rowsOf(core),
    borders: () => bordersOf(core),
  };
}

// As many as the rows hold: fewer than the days together where connections reach over.
function withConnections(summary: Summary, core: Core): Summary {
  let total = core.borderEnd - 1;
  for (let number = 1; number < core.vectorsEnd; number++)
    total += core.memory.u64(core.vector(number) + c.VECTOR_COUNTS);
  return {
    ...summary,
    grades: gradesOfOpeners(core, summary),
    connections: { ...summary.connections, total },
    coverage: {
      ...summary.coverage,
      openingsAssumed: core.counter(c.COUNT_OPENINGS_ASSUMED),
    },
  };
}
