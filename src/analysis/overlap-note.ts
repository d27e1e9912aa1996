import type { OpenerSummary } from "./opener-summary.js";
import type { Summary } from "./summary.js";

/** Logs that two summaries of the same time name: their records count twice, and rows cannot tell which they are. */
export class OverlapNote {
  private readonly ends = new Map<string, number>();
  private readonly names = new Set<string>();

  add({ files, summary }: OpenerSummary["facts"]): void {
    const { firstStart, lastEnd } = summary.coverage;
    for (const name of files) {
      const end = this.ends.get(name);
      if (end !== undefined && firstStart !== null && firstStart < end) this.names.add(name);
      this.ends.set(name, Math.max(end ?? 0, lastEnd ?? 0));
    }
  }

  /** The counts of all summaries, with a note where some count twice. */
  told(summary: Summary): Summary {
    const [file] = this.names;
    if (file === undefined) return summary;
    const more = this.names.size === 1 ? "" : `, and so are ${this.names.size - 1} more`;
    const message = `this log is in two of the summaries${more}: its records count twice`;
    const note = { file, line: 0, code: "summaries-overlap", message };
    return {
      ...summary,
      coverage: { ...summary.coverage, notes: [note, ...summary.coverage.notes] },
    };
  }
}
