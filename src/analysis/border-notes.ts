import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import type { LogNote, Summary } from "./summary.js";

/** What the notes are about: no log, but all summaries together. */
const SUMMARIES = "summaries";

/** A note about all summaries together. */
export function noteOf(code: string, message: string): LogNote {
  return { file: SUMMARIES, line: 0, code, message };
}

/** The counts of all summaries, with what could not be joined from one to the next. */
export function withBorderNotes(summary: Summary, core: Core, borderDropped: number): Summary {
  const unjoined = core.counter(c.COUNT_UNJOINED);
  const notes: LogNote[] = [];
  if (unjoined > 0)
    notes.push(
      noteOf(
        "border-unjoined",
        `connections opened before their log that no summary holds the beginning of: ${unjoined}`,
      ),
    );
  if (borderDropped > 0)
    notes.push(
      noteOf(
        "border-dropped",
        `connections at the borders of logs that found no room by themselves, and count again where they go on: ${borderDropped}`,
      ),
    );
  if (notes.length === 0) return summary;
  const { coverage } = summary;
  return { ...summary, coverage: { ...coverage, notes: [...notes, ...coverage.notes] } };
}
