// An answer in every form it can be asked for.

import { SCHEMA_VERSION } from "../analysis/summary.js";
import { jsonLine, jsonText } from "./json-text.js";
import { renderHtml } from "./render-html.js";
import { renderMarkdown } from "./render-markdown.js";
import { renderText } from "./render-text.js";
import type { ReportBody, Section } from "./report-body.js";
import type { ReportFormat } from "./report-format.js";
import type { TextOptions } from "./text-options.js";
import { TOOL } from "./tool.js";

/** A JSON object whose keys stay in order. */
export type Json = Readonly<Record<string, unknown>>;

/** Findings of one kind, one line each in NDJSON: the value of their `type`, and the objects. */
export type Findings = readonly [type: string, items: readonly Json[]];

/** An answer; each form is made only when it is asked for. */
export interface Report {
  /** The question: the name of the command. */
  readonly name: string;
  /** Keys of the JSON document, after `schemaVersion` and `tool`. */
  document(): Json;
  /** What the first line of NDJSON says beside `type`, `schemaVersion`, `tool` and `report`. */
  head(): Json;
  findings(): readonly Findings[];
  body(): ReportBody;
}

/** The JSON document of a report, with what every document begins with. */
export function reportDocument(report: Report): Json {
  return { schemaVersion: SCHEMA_VERSION, tool: TOOL, ...report.document() };
}

function reportLines(report: Report): string {
  const head = {
    type: "report",
    schemaVersion: SCHEMA_VERSION,
    tool: TOOL,
    report: report.name,
    ...report.head(),
  };
  const lines = [jsonLine(head)];
  for (const [type, items] of report.findings())
    for (const item of items) lines.push(jsonLine({ type, ...item }));
  return lines.join("");
}

/** A body without what differs from run to run, and with what is said of where it comes from. */
export function kept(
  { sections, ...rest }: ReportBody,
  origin: readonly Section[] = [],
): ReportBody {
  return {
    ...rest,
    sections: [...sections.filter(({ fleeting }) => fleeting !== true), ...origin],
  };
}

/** The report in one of its forms; always ends in a line feed. `options` shape the table form alone. */
export function renderReport(report: Report, format: ReportFormat, options: TextOptions): string {
  switch (format) {
    case "json":
      return jsonText(reportDocument(report));
    case "ndjson":
      return reportLines(report);
    case "markdown":
      return renderMarkdown(report.body());
    case "html":
      return renderHtml(kept(report.body()));
    case "table":
      return renderText(report.body(), options);
  }
}
