import type { FlowRecord } from "../model/record.js";
import type { Grade, Reason, Verdict } from "../model/verdict.js";
import { GRADES, REASONS } from "../model/verdict.js";
import { CAUSES, type Cause } from "./causes.js";
import { hasGroups } from "./interface-view.js";
import type { JudgedLog } from "./judge-log.js";

/** The counts of one run. Records are those of status OK unless said otherwise. */
export interface Counters {
  readonly records: number;
  /** Not judged (semantics 1.1), by interface; `-` where the line names none. */
  readonly noData: Readonly<Record<string, number>>;
  readonly skipData: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Action against verdict; a record without action is in no cell (semantics 1.5). */
  readonly matrix: Readonly<Record<"ACCEPT" | "REJECT", Readonly<Record<Verdict, number>>>>;
  readonly reasons: Readonly<Record<Reason, number>>;
  readonly grades: Readonly<Record<Grade, number>>;
  /**
   * Connections of the split with at least one judged record, by the verdict of their forward direction as last taken.
   * With an unknown opener: the verdict both readings agree on, else unknown. A connection whose first record the
   * groups judged `expired` counts as deny; an after-close REJECT changes nothing of its connection.
   */
  readonly connections: Readonly<Record<"total" | Verdict, number>>;
  /** Connections of known opener whose opening nobody saw (semantics 5.4), as last taken. */
  readonly openingsAssumed: number;
  /** Disagreeing records by suspected cause (section 8). */
  readonly causes: Readonly<Record<Cause, number>>;
}

/**
 * Adds up what one timeline says, as if it judged alone: without connections that only others ask about (semantics 9.4).
 * `records` are all records, also those that are not judged. */
export function countLine(
  records: readonly FlowRecord[],
  { findings, tallies }: JudgedLog,
  line: number,
): Counters {
  const verdicts = noVerdicts();
  const matrix = { ACCEPT: noVerdicts(), REJECT: noVerdicts() };
  const reasons = zeros(REASONS);
  const grades = zeros(GRADES);
  const causes = zeros(CAUSES);
  for (const finding of findings.flatMap((perLine) => perLine[line] ?? [])) {
    const { judgement, cause, view } = finding;
    const { verdict, reason, grade, record } = judgement;
    verdicts[verdict]++;
    reasons[reason]++;
    grades[hasGroups(view) ? grade : "none"]++;
    if (record.action !== null) matrix[record.action][verdict]++;
    if (cause !== null) causes[cause]++;
  }
  const totals = { total: 0, ...noVerdicts() };
  let openingsAssumed = 0;
  for (const [{ interfaceId }, { lines, openingAssumed }] of tallies) {
    const tally = lines[line];
    const counts = tally?.refused || hasGroups(tally?.basis.groups.views.get(interfaceId));
    if (tally === undefined || !counts) continue;
    totals.total++;
    totals[tally.ruling.verdict]++;
    if (openingAssumed) openingsAssumed++;
  }
  return {
    records: findings.length,
    noData: countByInterface(records, "NODATA"),
    skipData: countByInterface(records, "SKIPDATA"),
    verdicts,
    matrix,
    reasons,
    grades,
    connections: totals,
    openingsAssumed,
    causes,
  };
}

function noVerdicts(): Record<Verdict, number> {
  return { allow: 0, deny: 0, unknown: 0 };
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}

function countByInterface(
  records: readonly FlowRecord[],
  status: "NODATA" | "SKIPDATA",
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { logStatus, interfaceId } of records) {
    if (logStatus !== status) continue;
    counts.set(interfaceId ?? "-", (counts.get(interfaceId ?? "-") ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
