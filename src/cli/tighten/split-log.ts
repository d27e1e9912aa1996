import type { Coverage } from "../../analysis/summary.js";
import { FlowError } from "../../errors.js";
import { HELD_OUT_SHARE, type LogSplit } from "../../questions/index.js";
import { duration } from "../../report/quantity.js";

/** How the log is to be split: spans in seconds; `test` false = nothing is held out. */
export interface SplitFlags {
  readonly train?: number;
  readonly test?: number | false;
}

/** Counts the spans back from the last end of the log. Throws where one part would be empty. */
export function splitLog({ firstStart, lastEnd }: Coverage, { train, test }: SplitFlags): LogSplit {
  if (firstStart === null || lastEnd === null)
    throw new FlowError("split-empty", "the logs hold no record to learn from", {
      hint: "see what is recognised with: flowverdict doctor LOGS",
    });
  const held = test === false ? 0 : (test ?? Math.floor((lastEnd - firstStart) / HELD_OUT_SHARE));
  const cut = lastEnd - held;
  if (cut <= firstStart)
    throw new FlowError(
      "split-empty",
      `the logs span ${duration(lastEnd - firstStart)}: holding out the last ${duration(held)} leaves nothing to learn from`,
      { hint: "give a shorter --test, or --no-test to learn from everything" },
    );
  const from = train === undefined ? firstStart : cut - train;
  return {
    trainFrom: from <= firstStart ? null : from,
    cut: held === 0 ? null : cut,
    end: lastEnd,
  };
}
