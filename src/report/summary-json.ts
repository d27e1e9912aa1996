import { SCHEMA_VERSION, type Summary, type VerdictCounts } from "../analysis/summary.js";
import { GRADES, REASONS } from "../model/verdict.js";
import { TOOL } from "./tool.js";

function counts(from: VerdictCounts): VerdictCounts {
  return { allow: from.allow, deny: from.deny, unknown: from.unknown };
}

/** Every name of a closed list with its count, in the order of the list; absent ones are 0. */
function closed<K extends string>(
  names: readonly K[],
  from: Readonly<Partial<Record<K, number>>>,
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? 0]));
}

/**
 * The summary as `evaluate --json` prints it. Key order is fixed, nothing depends on time or machine, so two runs over
 * the same input print the same text.
 */
export function summaryDocument(summary: Summary): Record<string, unknown> {
  const { records, connections } = summary;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: TOOL,
    partial: summary.partial,
    records: {
      read: records.read,
      judged: records.judged,
      nodata: records.nodata,
      skipdata: records.skipdata,
      malformed: records.malformed,
      late: records.late,
    },
    verdicts: counts(summary.verdicts),
    matrix: { accept: counts(summary.matrix.accept), reject: counts(summary.matrix.reject) },
    reasons: closed(REASONS, summary.reasons),
    grades: closed(GRADES, summary.grades),
    connections: {
      total: connections.total,
      ...counts(connections),
      evicted: connections.evicted,
    },
    fidelity: summary.fidelity,
    causes: summary.causes,
    mismatches: summary.mismatches,
    rules: summary.rules,
    coverage: summary.coverage,
  };
}
