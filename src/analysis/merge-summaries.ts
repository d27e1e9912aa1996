import * as c from "../contract.js";
import { always } from "../model/timeline.js";
import { interfaceName } from "./core-summary.js";
import { neutralRules } from "./neutral-rules.js";
import { type OpenerSummary, SUMMARY_VERSION } from "./opener-summary.js";
import { judgeSummaries } from "./stored-core.js";
import { rowsOf } from "./summarize.js";

/**
 * One summary of several: rows that are alike are added up. A connection that reaches from one log into the next counts
 * once in each. Throws a RangeError without any.
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
      summary: stored.summary ?? first.facts.summary,
    },
    rows: () => rowsOf(core),
  };
}
