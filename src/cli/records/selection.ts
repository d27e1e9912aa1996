// What the flags ask of the records of a run.

import type { LogInput } from "../../analysis/index.js";
import type { SelectionCounts } from "../../filter/index.js";
import type { Timeline } from "../../model/timeline.js";
import type { Selection } from "../../report/selection.js";
import type { Terminal } from "../terminal.js";
import type { RecordsWanted } from "./pass-records.js";
import type { SelectionFlags } from "./record-options.js";
import { isSelecting } from "./record-outputs.js";

/** The run whose records they are. */
export interface SelectedRun {
  readonly inputs: readonly LogInput[];
  /** Fields of logs without header. */
  readonly fields: readonly string[] | undefined;
  readonly baseline: Timeline;
  readonly candidates: number;
}

export interface PreparedSelection {
  readonly wanted: RecordsWanted;
  /** What was counted, when the run is over; nothing where nothing was asked. */
  readonly told: () => Selection | undefined;
  /** What is counted of the records that pass. */
  readonly counts: SelectionCounts;
}

/**
 * Reads `--where` and `--top`; nothing where no record is asked for, and then nothing is loaded that only records need.
 * Throws for what the flags cannot mean.
 */
export async function prepareSelection(
  flags: SelectionFlags,
  run: SelectedRun,
  terminal: Terminal,
): Promise<PreparedSelection | undefined> {
  if (!isSelecting(flags)) return undefined;
  const { readSelection } = await import("./read-selection.js");
  return readSelection(flags, run, terminal);
}
