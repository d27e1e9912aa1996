import { GRADES, REASONS } from "../model/verdict.js";
import type { InterfaceCoverage, Summary } from "./summary.js";
import { addCounts, greatest, least } from "./summary-sums.js";

function every<Name extends string>(
  names: readonly Name[],
  a: Readonly<Record<Name, number>>,
  b: Readonly<Record<Name, number>>,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as Record<Name, number>;
}

function mergeInterfaces(
  a: readonly InterfaceCoverage[],
  b: readonly InterfaceCoverage[],
): InterfaceCoverage[] {
  const found = new Map(a.map((face) => [face.id, face]));
  for (const face of b) {
    const known = found.get(face.id);
    found.set(face.id, known === undefined ? face : mergeInterface(known, face));
  }
  return [...found.values()].sort((x, y) => (x.id < y.id ? -1 : 1));
}

function mergeInterface(a: InterfaceCoverage, b: InterfaceCoverage): InterfaceCoverage {
  return {
    id: a.id,
    inRuleSet: a.inRuleSet || b.inRuleSet,
    records: a.records + b.records,
    allow: a.allow + b.allow,
    deny: a.deny + b.deny,
    unknown: a.unknown + b.unknown,
    nodata: a.nodata + b.nodata,
    skipdata: a.skipdata + b.skipdata,
    skipdataSeconds: a.skipdataSeconds + b.skipdataSeconds,
    firstStart: least(a.firstStart, b.firstStart),
    lastEnd: greatest(a.lastEnd, b.lastEnd),
    inferredAddress: a.inferredAddress ?? b.inferredAddress,
  };
}

const SAMPLES = 50;

/** Counts and coverage of two logs as those of both together. Parts that depend on rules are taken from the first. */
export function mergeDays(a: Summary, b: Summary): Summary {
  const [x, y] = [a.coverage, b.coverage];
  const list = mergeInterfaces(x.interfaces.list, y.interfaces.list);
  const missing = new Map(x.missingFields.map((each) => [each.field, each]));
  for (const each of y.missingFields) {
    const records = each.records + (missing.get(each.field)?.records ?? 0);
    missing.set(each.field, { ...each, records });
  }
  return {
    ...a,
    partial: a.partial || b.partial,
    records: every(
      ["read", "judged", "nodata", "skipdata", "malformed", "late"] as const,
      a.records,
      b.records,
    ),
    reasons: every(REASONS, a.reasons, b.reasons),
    grades: every(GRADES, a.grades, b.grades),
    connections: every(
      ["total", "allow", "deny", "unknown", "evicted"] as const,
      a.connections,
      b.connections,
    ),
    coverage: {
      firstStart: least(x.firstStart, y.firstStart),
      lastEnd: greatest(x.lastEnd, y.lastEnd),
      overTime: null,
      files: x.files + y.files,
      filesOutsideTime: x.filesOutsideTime + y.filesOutsideTime,
      bytesRead: x.bytesRead + y.bytesRead,
      interfaces: {
        seen: list.length,
        withRules: list.filter((face) => face.inRuleSet).length,
        withoutRules: list.filter((face) => !face.inRuleSet).length,
        inferredAddresses: list.filter((face) => face.inferredAddress !== null).length,
        list,
      },
      malformed: {
        byReason: addCounts(x.malformed.byReason, y.malformed.byReason),
        samples: [...x.malformed.samples, ...y.malformed.samples].slice(0, SAMPLES),
      },
      missingFields: [...missing.values()],
      brokenFiles: [...x.brokenFiles, ...y.brokenFiles],
      notes: [...x.notes, ...y.notes].slice(0, 2 * SAMPLES),
      openingsAssumed: x.openingsAssumed + y.openingsAssumed,
      endpointsEvicted: x.endpointsEvicted + y.endpointsEvicted,
      filtered: x.filtered + y.filtered,
      snapshotTakenAt: greatest(x.snapshotTakenAt, y.snapshotTakenAt),
    },
  };
}
