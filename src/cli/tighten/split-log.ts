import type { Coverage } from "../../analysis/summary.js";
import { FlowError } from "../../errors.js";
import type { JudgedOpener } from "../../model/opener.js";
import { duration } from "../../report/quantity.js";

/** How the log is to be split: spans in seconds; `test` false = nothing is held out. */
export interface SplitFlags {
  readonly train?: number;
  readonly test?: number | false;
}

/** Times of the split, Unix seconds. */
export interface LogSplit {
  /** Rows that ended before it teach nothing; null = the log's beginning. */
  readonly trainFrom: number | null;
  /** Connections opened from here on are held out; null = none. */
  readonly cut: number | null;
  /** Last end of the log. */
  readonly end: number;
}

/** A third of the log is held out where nothing else is asked for. */
const HELD_OUT_SHARE = 3;

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

/** Rows to learn from, and rows of connections that were opened after the cut. */
export interface SplitRows {
  readonly train: readonly JudgedOpener[];
  readonly test: readonly JudgedOpener[];
}

/**
 * Splits rows that were judged with a cut-over at `cut` to no rules at all: what is refused then was opened afterwards.
 * Rows that rules do not decide, and rows of summaries, are split by their first record.
 */
export function splitRows(openers: Iterable<JudgedOpener>, split: LogSplit): SplitRows {
  const train: JudgedOpener[] = [];
  const test: JudgedOpener[] = [];
  for (const row of openers) {
    const isLater =
      split.cut !== null && (row.changes[0]?.cutOver === "refused" || row.first >= split.cut);
    if (isLater) test.push(row);
    else if (split.trainFrom === null || row.last >= split.trainFrom) train.push(row);
  }
  return { train, test };
}
