import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import { always } from "../model/timeline.js";
import { interfaceName } from "./core-summary.js";
import { neutralRules } from "./neutral-rules.js";
import { type OpenerSummary, SUMMARY_VERSION } from "./opener-summary.js";
import { judgeSummaries } from "./stored-core.js";
import { rowsOf } from "./summarize.js";
import type { Summary } from "./summary.js";

/**
 * One summary of several: rows that are alike are added up. Of connections that one log leaves open and the next finds
 * begun, as many as both have are taken for one. Throws a RangeError without any.
 */
export async function mergeOpenerSummaries(
  module: WebAssembly.Module,
  summaries: readonly OpenerSummary[],
  tool: string,
): Promise<OpenerSummary> {
  const [first] = summaries;
  if (first === undefined) throw new RangeError("no summary to merge");
  const timelines = [always("summary", neutralRules(undefined))];
  const stored = await judgeSummaries(module, summaries, timelines, c.FOLD_ALL);
  const { core, files, openersDropped } = stored;
  return {
    facts: {
      version: SUMMARY_VERSION,
      tool,
      interfaces: Array.from({ length: core.interfacesSeen }, (_, i) => interfaceName(core, i)),
      files,
      addressesKnown: summaries.every(({ facts }) => facts.addressesKnown),
      openersDropped,
      summary: withConnections(stored.summary ?? first.facts.summary, core),
    },
    rows: () => rowsOf(core),
  };
}

// As many as the rows hold: fewer than the days together where connections reach over.
function withConnections(summary: Summary, core: Core): Summary {
  let total = 0;
  for (let number = 1; number < core.vectorsEnd; number++)
    total += core.memory.u64(core.vector(number) + c.VECTOR_COUNTS);
  return { ...summary, connections: { ...summary.connections, total } };
}
