import type { SummaryFacts } from "../analysis/opener-summary.js";
import { coverageSection } from "./coverage-section.js";
import { grouped } from "./quantity.js";
import type { Report } from "./report.js";
import { code, pairs, paragraph } from "./report-body.js";
import { coverageDocument, coverageFindings } from "./summary-json.js";
import { TOOL } from "./tool.js";

/** What `summarize` wrote. */
export interface Summarized {
  readonly facts: SummaryFacts;
  /** Rows of openers. */
  readonly openers: number;
  readonly output: string;
}

/** The answer of `summarize`: what the summary holds, and what the log it speaks of covers. */
export function summarizedReport({ facts, openers, output }: Summarized): Report {
  const { summary } = facts;
  const keys = {
    output,
    openers,
    connections: summary.connections.total,
    records: summary.records,
    interfaces: facts.interfaces.length,
    files: facts.files.length,
    addressesKnown: facts.addressesKnown,
    openersDropped: facts.openersDropped,
  };
  const dropped = facts.openersDropped;
  return {
    name: "summarize",
    document: () => ({ ...keys, coverage: coverageDocument(summary.coverage) }),
    head: () => keys,
    findings: () => coverageFindings(summary.coverage),
    body: () => ({
      title: `${TOOL.name} ${TOOL.version}: summary`,
      lead: [
        paragraph(
          `${grouped(summary.connections.total)} connections of ${grouped(summary.records.judged)} records ` +
            `are ${grouped(openers)} rows of openers.`,
        ),
      ],
      sections: [
        {
          heading: "Summary",
          blocks: [
            pairs([
              ["File", code(output)],
              ["Addresses of interfaces", facts.addressesKnown ? "from --rules" : "not known"],
              ["Connections without room", dropped === 0 ? "none" : grouped(dropped)],
            ]),
          ],
        },
        coverageSection(summary),
      ],
    }),
  };
}
