import {
  CAUSES,
  type Coverage,
  MALFORMED_REASONS,
  type MismatchTuple,
  SCHEMA_VERSION,
  type Summary,
  type VerdictCounts,
} from "../analysis/summary.js";
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

/** The names that occurred, in the order of the list. */
function occurring<K extends string>(
  names: readonly (K | "")[],
  from: Readonly<Partial<Record<K, number>>>,
): Record<string, number> {
  const found = names.flatMap((name): [string, number][] => {
    if (name === "") return [];
    const count = from[name] ?? 0;
    return count === 0 ? [] : [[name, count]];
  });
  return Object.fromEntries(found);
}

function tupleDocument(tuple: MismatchTuple): Record<string, unknown> {
  return {
    interfaceId: tuple.interfaceId,
    direction: tuple.direction,
    remote: tuple.remote,
    protocol: tuple.protocol,
    port: tuple.port,
    records: tuple.records,
    bytes: tuple.bytes,
    causes: occurring(CAUSES, tuple.causes),
    firstStart: tuple.firstStart,
    lastEnd: tuple.lastEnd,
    samples: tuple.samples,
  };
}

function coverageDocument(coverage: Coverage): Record<string, unknown> {
  const { interfaces, malformed } = coverage;
  return {
    firstStart: coverage.firstStart,
    lastEnd: coverage.lastEnd,
    files: coverage.files,
    bytesRead: coverage.bytesRead,
    interfaces: {
      seen: interfaces.seen,
      withRules: interfaces.withRules,
      withoutRules: interfaces.withoutRules,
      inferredAddresses: interfaces.inferredAddresses,
      list: interfaces.list,
    },
    malformed: {
      byReason: occurring(MALFORMED_REASONS, malformed.byReason),
      samples: malformed.samples,
    },
    missingFields: coverage.missingFields,
    brokenFiles: coverage.brokenFiles,
    notes: coverage.notes,
    openingsAssumed: coverage.openingsAssumed,
    endpointsEvicted: coverage.endpointsEvicted,
    filtered: coverage.filtered,
    snapshotTakenAt: coverage.snapshotTakenAt,
  };
}

/**
 * The summary as `evaluate --json` prints it. Key order is fixed, nothing depends on time, machine or number of
 * workers, so two runs over the same input print the same text.
 */
export function summaryDocument(summary: Summary): Record<string, unknown> {
  const { records, connections, mismatches } = summary;
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
    causes: occurring(CAUSES, summary.causes),
    mismatches: {
      acceptedButDenied: mismatches.acceptedButDenied.map(tupleDocument),
      rejectedButAllowed: mismatches.rejectedButAllowed.map(tupleDocument),
      more: mismatches.more,
    },
    rules: summary.rules,
    coverage: coverageDocument(summary.coverage),
  };
}
