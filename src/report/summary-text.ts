import type { Summary } from "../analysis/summary.js";
import { coverageLines } from "./coverage-text.js";
import { mismatchLines, unlistedLines } from "./mismatch-text.js";
import { byteSize, counted, elapsed, grouped } from "./quantity.js";
import type { TextOptions } from "./text-options.js";
import { TOOL } from "./tool.js";
import { gradeLines, matrixLines, reasonLines } from "./verdict-text.js";

/** What only the host can measure; left out of every report that must repeat byte for byte. */
export interface RunCost {
  readonly seconds: number;
  readonly workers: number;
  /** Greatest resident memory of the process, bytes. */
  readonly peakMemory: number;
}

function throughputLines(summary: Summary, cost: RunCost): string[] {
  // Below a millisecond the quotient says nothing.
  const seconds = Math.max(cost.seconds, 0.001);
  const rate = grouped(Math.round(summary.records.read / seconds));
  const bytes = byteSize(summary.coverage.bytesRead / seconds);
  return [
    `  ${counted(summary.records.read, "record")} in ${elapsed(cost.seconds)}: ${rate} records/s, ${bytes}/s of log text; ` +
      `${counted(cost.workers, "worker")}, peak memory ${byteSize(cost.peakMemory)}`,
  ];
}

/**
 * The text report of `evaluate`. Deterministic but for the throughput section, which is there only when its cost is
 * given. Ends in a line feed.
 */
export function summaryText(summary: Summary, options: TextOptions, cost?: RunCost): string {
  const { paint } = options;
  const sections: [string, string[]][] = [
    ["Coverage", coverageLines(summary, options)],
    ["Action × verdict", matrixLines(summary, options)],
    ["Verdicts by reason", reasonLines(summary, options)],
    ["Records by grade of evidence", gradeLines(summary, options)],
    ["Accepted but denied", mismatchLines(summary.mismatches.acceptedButDenied, options)],
    [
      "Rejected but allowed",
      [...mismatchLines(summary.mismatches.rejectedButAllowed, options), ...unlistedLines(summary)],
    ],
  ];
  if (cost !== undefined) sections.push(["Throughput", throughputLines(summary, cost)]);
  const title = paint("faint", `${TOOL.name} ${TOOL.version}`);
  const partial = summary.partial
    ? [paint("warn", "PARTIAL: interrupted; this speaks only for what was read so far."), ""]
    : [];
  const body = sections.flatMap(([heading, lines]) => [paint("heading", heading), ...lines, ""]);
  return `${[title, "", ...partial, ...body].join("\n").trimEnd()}\n`;
}
