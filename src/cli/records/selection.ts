// What the flags ask of the records of a run: targets, filter, and what is counted of those that pass.

import type { LogInput } from "../../analysis/index.js";
import {
  FilterFields,
  RecordSelector,
  SelectionCounts,
  TopCounter,
  type TopMeasure,
} from "../../filter/index.js";
import type { Timeline } from "../../model/timeline.js";
import type { Selection } from "../../report/selection.js";
import type { Terminal } from "../terminal.js";
import { groupContext } from "./group-names.js";
import type { RecordsWanted } from "./pass-records.js";
import { fieldsOf, readFilter, readTopFields } from "./record-filter.js";
import type { SelectionFlags } from "./record-options.js";
import { recordOutputs } from "./record-outputs.js";

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
}

const TOP_LIMIT = 10;

/** Whether the flags ask for records at all. */
export function isSelecting(flags: SelectionFlags): boolean {
  const { records, allowOut, denyOut, unknownOut, where, top } = flags;
  return [records, allowOut, denyOut, unknownOut, where, top].some((flag) => flag !== undefined);
}

/** Reads `--where` and `--top`; nothing where no record is asked for. Throws for what they cannot mean. */
export async function prepareSelection(
  flags: SelectionFlags,
  { inputs, fields, baseline, candidates }: SelectedRun,
  terminal: Terminal,
): Promise<PreparedSelection | undefined> {
  if (!isSelecting(flags)) return undefined;
  const known = new FilterFields({ candidates });
  let asked: Promise<FilterFields> | undefined;
  const more = (): Promise<FilterFields> => {
    asked ??= fieldsOf(inputs, fields, candidates);
    return asked;
  };
  const context = groupContext(baseline);
  const by: TopMeasure = flags.topBy ?? "records";
  const limit = flags.topLimit ?? TOP_LIMIT;
  const tops: TopCounter[] = [];
  for (const names of flags.top ?? [])
    tops.push(
      new TopCounter({ fields: await readTopFields(names, known, more), by, limit }, context),
    );
  const filter = flags.where === undefined ? undefined : await readFilter(flags.where, known, more);
  const counts = new SelectionCounts();
  const isCounting = filter !== undefined || tops.length > 0;
  return {
    wanted: {
      outputs: recordOutputs(flags, terminal),
      where: filter === undefined ? undefined : new RecordSelector(filter, context),
      counters: isCounting ? [counts, ...tops] : [],
    },
    told: () => {
      if (!isCounting) return undefined;
      return { where: flags.where ?? null, ...counts.totals(), top: tops.map((top) => top.list()) };
    },
  };
}
