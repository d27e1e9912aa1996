import type { Summary } from "../analysis/summary.js";
import { coverageSection } from "./coverage-section.js";
import { fidelitySentence } from "./fidelity-sentence.js";
import { mismatchSections } from "./mismatch-section.js";
import { byteSize, counted, elapsed, grouped } from "./quantity.js";
import type { Report } from "./report.js";
import {
  type Block,
  note,
  paragraph,
  type ReportBody,
  type Section,
  toned,
} from "./report-body.js";
import { summaryFindings, summaryHead, summaryKeys } from "./summary-json.js";
import { TOOL } from "./tool.js";
import { gradeSection, matrixSection, reasonSection } from "./verdict-sections.js";

/** What only the host can measure; left out of every report that must repeat byte for byte. */
export interface RunCost {
  readonly seconds: number;
  readonly workers: number;
  /** Greatest resident memory of the process, bytes. */
  readonly peakMemory: number;
}

/** How fast it went. Every command with a run may end its report in it. */
export function throughputSection(summary: Summary, cost: RunCost): Section {
  // Below a millisecond the quotient says nothing.
  const seconds = Math.max(cost.seconds, 0.001);
  const rate = grouped(Math.round(summary.records.read / seconds));
  const bytes = byteSize(summary.coverage.bytesRead / seconds);
  const text =
    `${counted(summary.records.read, "record")} in ${elapsed(cost.seconds)}: ${rate} records/s, ${bytes}/s of log text; ` +
    `${counted(cost.workers, "worker")}, peak memory ${byteSize(cost.peakMemory)}`;
  return { heading: "Throughput", blocks: [paragraph(text)] };
}

/** Said first where a run was interrupted; nothing otherwise. */
export function partialBlocks(summary: Summary): Block[] {
  if (!summary.partial) return [];
  const text = "PARTIAL: interrupted; this speaks only for what was read so far.";
  return [note(toned(text, "warn"))];
}

function summaryBody(summary: Summary, cost: RunCost | undefined): ReportBody {
  return {
    title: `${TOOL.name} ${TOOL.version}`,
    lead: [...partialBlocks(summary), paragraph(fidelitySentence(summary))],
    sections: [
      coverageSection(summary),
      matrixSection(summary),
      reasonSection(summary),
      gradeSection(summary),
      ...mismatchSections(summary),
      ...(cost === undefined ? [] : [throughputSection(summary, cost)]),
    ],
  };
}

/** The answer of `evaluate`. Deterministic but for the throughput section, which is there only when its cost is given. */
export function summaryReport(summary: Summary, cost?: RunCost): Report {
  return {
    name: "evaluate",
    document: () => summaryKeys(summary),
    head: () => summaryHead(summary),
    findings: () => summaryFindings(summary),
    body: () => summaryBody(summary, cost),
  };
}
