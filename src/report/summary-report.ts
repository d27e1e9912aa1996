import type { Summary } from "../analysis/summary.js";
import { coverageSection } from "./coverage-section.js";
import { mismatchSections } from "./mismatch-section.js";
import type { Report } from "./report.js";
import type { ReportBody } from "./report-body.js";
import { groundLead, type RunCost, throughputSections } from "./report-ground.js";
import {
  type Selection,
  selectionHead,
  selectionKeys,
  selectionSections,
  topFindings,
} from "./selection.js";
import { summaryFindings, summaryHead, summaryKeys } from "./summary-json.js";
import { TOOL } from "./tool.js";
import { gradeSection, matrixSection, reasonSection } from "./verdict-sections.js";

/** What a report of a summary may say beside it. */
export interface SummaryReportParts {
  readonly cost?: RunCost | undefined;
  /** What was asked of the records. */
  readonly selection?: Selection | undefined;
}

function summaryBody(summary: Summary, { cost, selection }: SummaryReportParts): ReportBody {
  return {
    title: `${TOOL.name} ${TOOL.version}`,
    lead: groundLead({ summary, openersDropped: 0 }, []),
    sections: [
      coverageSection(summary),
      ...selectionSections(selection, summary.records.judged),
      matrixSection(summary),
      reasonSection(summary),
      gradeSection(summary),
      ...mismatchSections(summary),
      ...throughputSections(cost === undefined ? { summary } : { summary, cost }),
    ],
  };
}

/** The answer of `evaluate`. Deterministic but for the throughput section, which is there only when its cost is given. */
export function summaryReport(summary: Summary, parts: SummaryReportParts = {}): Report {
  const { selection } = parts;
  return {
    name: "evaluate",
    document: () => ({ ...summaryKeys(summary), ...selectionKeys(selection) }),
    head: () => ({ ...summaryHead(summary), ...selectionHead(selection) }),
    findings: () => {
      const top = topFindings(selection);
      return [...(top.length === 0 ? [] : [["top", top] as const]), ...summaryFindings(summary)];
    },
    body: () => summaryBody(summary, parts),
  };
}
