/** Forms of every command's answer. */
export type ReportFormat = "table" | "json" | "ndjson" | "markdown" | "html";
export const REPORT_FORMATS: readonly ReportFormat[] = [
  "table",
  "json",
  "ndjson",
  "markdown",
  "html",
];
