// Targets, filter, and what is counted of the records that pass, made of what the flags say.

import {
  FilterFields,
  RecordSelector,
  SelectionCounts,
  TopCounter,
  type TopMeasure,
} from "../../filter/index.js";
import type { Terminal } from "../terminal.js";
import { groupContext } from "./group-names.js";
import { fieldsOf, readFilter, readTopFields } from "./record-filter.js";
import type { SelectionFlags } from "./record-options.js";
import { recordOutputs } from "./record-outputs.js";
import type { PreparedSelection, SelectedRun } from "./selection.js";

const TOP_LIMIT = 10;

/** Reads `--where` and `--top`. Throws for what they cannot mean. */
export async function readSelection(
  flags: SelectionFlags,
  { inputs, fields, baseline, candidates }: SelectedRun,
  terminal: Terminal,
): Promise<PreparedSelection> {
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
    counts,
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
