import { SCHEMA_VERSION } from "../analysis/summary.js";
import type { DoctorReport } from "./doctor-report.js";
import { TOOL } from "./tool.js";

/** The findings as `doctor --json` prints them. */
export function doctorDocument(report: DoctorReport): Record<string, unknown> {
  return { schemaVersion: SCHEMA_VERSION, tool: TOOL, ...report };
}
