import type { Summary } from "../analysis/summary.js";
import { coverageSection } from "./coverage-section.js";
import { mismatchSections } from "./mismatch-section.js";
import type { Report } from "./report.js";
import type { ReportBody } from "./report-body.js";
import { groundLead, type RunCost, throughputSections } from "./report-ground.js";
import { summaryFindings, summaryHead, summaryKeys } from "./summary-json.js";
import { TOOL } from "./tool.js";
import { gradeSection, matrixSection, reasonSection } from "./verdict-sections.js";

function summaryBody(summary: Summary, cost: RunCost | undefined): ReportBody {
  return {
    title: `${TOOL.name} ${TOOL.version}`,
    lead: groundLead({ summary, openersDropped: 0 }, []),
    sections: [
      coverageSection(summary),
      matrixSection(summary),
      reasonSection(summary),
      gradeSection(summary),
      ...mismatchSections(summary),
      ...throughputSections(cost === undefined ? { summary } : { summary, cost }),
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
