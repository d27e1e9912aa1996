import type { SummaryFacts } from "../analysis/opener-summary.js";
import { coverageSection } from "./coverage-section.js";
import { counted, grouped } from "./quantity.js";
import type { Report } from "./report.js";
import { code, pairs, paragraph } from "./report-body.js";
import { coverageDocument, coverageFindings } from "./summary-json.js";
import { TOOL } from "./tool.js";

/** What `summarize` wrote. */
export interface Summarized {
  readonly facts: SummaryFacts;
  /** Rows of openers. */
  readonly openers: number;
  /** Connections kept by themselves, at the borders of the log. */
  readonly atBorder: number;
  readonly output: string;
}

/** The answer of `summarize`: what the summary holds, and what the log it speaks of covers. */
export function summarizedReport({ facts, openers, atBorder, output }: Summarized): Report {
  const { summary } = facts;
  const keys = {
    output,
    openers,
    atBorder,
    connections: summary.connections.total,
    records: summary.records,
    interfaces: facts.interfaces.length,
    files: facts.files.length,
    addressesKnown: facts.addressesKnown,
    openersDropped: facts.openersDropped,
    borderDropped: facts.borderDropped,
  };
  return {
    name: "summarize",
    document: () => ({ ...keys, coverage: coverageDocument(summary.coverage) }),
    head: () => keys,
    findings: () => coverageFindings(summary.coverage),
    body: () => ({
      title: `${TOOL.name} ${TOOL.version}: summary`,
      lead: [
        paragraph(
          `${counted(summary.connections.total, "connection")} of ${counted(summary.records.judged, "record")}: ` +
            `${grouped(atBorder)} at the borders of the log, which another one may have begun or go on with, ` +
            `the others as ${counted(openers, "row")} of openers.`,
        ),
      ],
      sections: [
        {
          heading: "Summary",
          blocks: [
            pairs([
              ["File", code(output)],
              ["Addresses of interfaces", facts.addressesKnown ? "from --rules" : "not known"],
              ["Connections without room", roomText(facts)],
            ]),
          ],
        },
        coverageSection(summary),
      ],
    }),
  };
}

function roomText({ openersDropped, borderDropped }: SummaryFacts): string {
  if (openersDropped + borderDropped === 0) return "none";
  return `${grouped(openersDropped)} among the rows, ${grouped(borderDropped)} at the borders`;
}
