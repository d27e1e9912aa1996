import { GRADES, type Grade, REASONS, type Reason } from "../model/verdict.js";
import { compareText, compareTuples, fidelityOf, TUPLE_LIMIT } from "./core-summary.js";
import type { MalformedReason, MismatchTuple, Summary, VerdictCounts } from "./summary.js";
import { addCounts, greatest, least } from "./summary-sums.js";
import { addOverTime } from "./verdicts-over-time.js";

function addVerdicts(a: VerdictCounts, b: VerdictCounts): VerdictCounts {
  return { allow: a.allow + b.allow, deny: a.deny + b.deny, unknown: a.unknown + b.unknown };
}

// Shards judge different interfaces, so no tuple stands in two of them.
function mergeTuples(
  a: readonly MismatchTuple[],
  b: readonly MismatchTuple[],
): { kept: readonly MismatchTuple[]; dropped: number } {
  const all = [...a, ...b].sort(compareTuples);
  return { kept: all.slice(0, TUPLE_LIMIT), dropped: Math.max(0, all.length - TUPLE_LIMIT) };
}

function mergeTwo(a: Summary, b: Summary): Summary {
  const matrix = {
    accept: addVerdicts(a.matrix.accept, b.matrix.accept),
    reject: addVerdicts(a.matrix.reject, b.matrix.reject),
  };
  const denied = mergeTuples(a.mismatches.acceptedButDenied, b.mismatches.acceptedButDenied);
  const allowed = mergeTuples(a.mismatches.rejectedButAllowed, b.mismatches.rejectedButAllowed);
  const list = [...a.coverage.interfaces.list, ...b.coverage.interfaces.list].sort((x, y) =>
    compareText(x.id, y.id),
  );
  return {
    partial: a.partial || b.partial,
    records: {
      read: a.records.read + b.records.read,
      judged: a.records.judged + b.records.judged,
      nodata: a.records.nodata + b.records.nodata,
      skipdata: a.records.skipdata + b.records.skipdata,
      malformed: a.records.malformed + b.records.malformed,
      late: a.records.late + b.records.late,
    },
    verdicts: addVerdicts(a.verdicts, b.verdicts),
    matrix,
    reasons: fill(REASONS, addCounts<Reason>(a.reasons, b.reasons)),
    grades: fill(GRADES, addCounts<Grade>(a.grades, b.grades)),
    connections: {
      ...addVerdicts(a.connections, b.connections),
      total: a.connections.total + b.connections.total,
      evicted: a.connections.evicted + b.connections.evicted,
    },
    fidelity: fidelityOf(matrix),
    causes: addCounts(a.causes, b.causes),
    mismatches: {
      acceptedButDenied: denied.kept,
      rejectedButAllowed: allowed.kept,
      more: a.mismatches.more + b.mismatches.more + denied.dropped + allowed.dropped,
    },
    rules: a.rules.map((rule, i) => ({
      id: rule.id,
      records: rule.records + b.rules[i]!.records,
      bytes: rule.bytes + b.rules[i]!.bytes,
      connections: rule.connections + b.rules[i]!.connections,
    })),
    coverage: {
      // Every shard reads every file: what is per file is the same in all of them.
      files: Math.max(a.coverage.files, b.coverage.files),
      filesOutsideTime: a.coverage.filesOutsideTime,
      bytesRead: Math.max(a.coverage.bytesRead, b.coverage.bytesRead),
      missingFields: a.coverage.missingFields,
      brokenFiles: a.coverage.brokenFiles,
      notes: a.coverage.notes,
      snapshotTakenAt: a.coverage.snapshotTakenAt,
      malformed: {
        byReason: addCounts<MalformedReason>(
          a.coverage.malformed.byReason,
          b.coverage.malformed.byReason,
        ),
        samples: [...a.coverage.malformed.samples, ...b.coverage.malformed.samples],
      },
      firstStart: least(a.coverage.firstStart, b.coverage.firstStart),
      lastEnd: greatest(a.coverage.lastEnd, b.coverage.lastEnd),
      overTime: addOverTime(a.coverage.overTime, b.coverage.overTime),
      interfaces: {
        seen: list.length,
        withRules: a.coverage.interfaces.withRules + b.coverage.interfaces.withRules,
        withoutRules: a.coverage.interfaces.withoutRules + b.coverage.interfaces.withoutRules,
        inferredAddresses:
          a.coverage.interfaces.inferredAddresses + b.coverage.interfaces.inferredAddresses,
        list,
      },
      openingsAssumed: a.coverage.openingsAssumed + b.coverage.openingsAssumed,
      endpointsEvicted: a.coverage.endpointsEvicted + b.coverage.endpointsEvicted,
      filtered: a.coverage.filtered + b.coverage.filtered,
    },
  };
}

function fill<Name extends string>(
  names: readonly Name[],
  counts: Partial<Record<Name, number>>,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) as Record<Name, number>;
}

/** The summary of all shards of one run. Throws a RangeError for an empty list. */
export function mergeSummaries(parts: readonly Summary[]): Summary {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("no summaries to merge");
  return others.reduce(mergeTwo, first);
}
