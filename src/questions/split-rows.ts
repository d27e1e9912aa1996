// Rows to learn from, and rows to try on what was learnt.

import type { JudgedOpener } from "../model/opener.js";

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
export const HELD_OUT_SHARE: number = 3;

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
