/** Forms of every command's answer. */
export type ReportFormat = "table" | "json" | "ndjson" | "markdown";
export const REPORT_FORMATS: readonly ReportFormat[] = ["table", "json", "ndjson", "markdown"];
