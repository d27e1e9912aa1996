import {
  CAUSES,
  type Coverage,
  MALFORMED_REASONS,
  type MismatchTuple,
  type OverTime,
  type Summary,
  type VerdictCounts,
} from "../analysis/summary.js";
import { GRADES, REASONS } from "../model/verdict.js";
import type { Findings, Json } from "./report.js";

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

function tupleDocument(tuple: MismatchTuple): Json {
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

function overTimeDocument(overTime: OverTime | null): OverTime | null {
  if (overTime === null) return null;
  const { seconds, first, allow, deny, unknown } = overTime;
  return { seconds, first, allow, deny, unknown };
}

/** The coverage as every answer carries it (semantics 11.1). */
export function coverageDocument(coverage: Coverage): Coverage {
  const { interfaces, malformed } = coverage;
  return {
    firstStart: coverage.firstStart,
    lastEnd: coverage.lastEnd,
    overTime: overTimeDocument(coverage.overTime),
    files: coverage.files,
    filesOutsideTime: coverage.filesOutsideTime,
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

/** Records per grade, all grades. */
export function gradeCounts(summary: Summary): Readonly<Record<string, number>> {
  return closed(GRADES, summary.grades);
}

/** The counts of a summary, without what it lists. Key order is fixed. */
export function summaryHead(summary: Summary): Json {
  const { records, connections } = summary;
  return {
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
    grades: gradeCounts(summary),
    connections: {
      total: connections.total,
      ...counts(connections),
      evicted: connections.evicted,
    },
    fidelity: summary.fidelity,
    causes: occurring(CAUSES, summary.causes),
  };
}

/** The whole summary. Nothing in it depends on time, machine or number of workers. */
export function summaryKeys(summary: Summary): Json {
  const { mismatches } = summary;
  return {
    ...summaryHead(summary),
    mismatches: {
      acceptedButDenied: mismatches.acceptedButDenied.map(tupleDocument),
      rejectedButAllowed: mismatches.rejectedButAllowed.map(tupleDocument),
      more: mismatches.more,
    },
    rules: summary.rules,
    coverage: coverageDocument(summary.coverage),
  };
}

/** The summary as lines: disagreements, rules, interfaces, and the rest of the coverage. */
export function summaryFindings(summary: Summary): readonly Findings[] {
  const { acceptedButDenied, rejectedButAllowed } = summary.mismatches;
  const kindOf = (kind: string): ((tuple: MismatchTuple) => Json) => {
    return (tuple) => ({ kind, ...tupleDocument(tuple) });
  };
  return [
    [
      "mismatch",
      [
        ...acceptedButDenied.map(kindOf("accepted-but-denied")),
        ...rejectedButAllowed.map(kindOf("rejected-but-allowed")),
      ],
    ],
    ["rule", summary.rules.map((rule) => ({ ...rule }))],
    ...coverageFindings(summary.coverage),
  ];
}

/** The coverage as lines: one per interface, then one with all the rest. */
export function coverageFindings(coverage: Coverage): readonly Findings[] {
  const { interfaces, ...rest } = coverageDocument(coverage);
  const { list, ...counted } = interfaces;
  return [
    ["interface", list.map((each) => ({ ...each }))],
    ["coverage", [{ ...rest, interfaces: counted }]],
  ];
}
