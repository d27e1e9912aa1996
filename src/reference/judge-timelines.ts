import { CHANGES, type Change, type ChangeCounts, type JudgedOpener } from "../model/opener.js";
import type { FlowRecord, Judgement } from "../model/record.js";
import type { Timeline } from "../model/timeline.js";
import { changeOf, changeOfConnection } from "./change.js";
import type { Connection } from "./connection.js";
import { type Counters, countLine } from "./counters.js";
import { type JudgedLog, judgeLog, type LogOptions } from "./judge-log.js";
import { type FinishedConnection, foldOpeners } from "./opener-rows.js";

/** What a candidate changes. Records and bytes are those of status OK, also of those that need no connection. */
export interface CandidateChanges {
  readonly records: ChangeCounts;
  readonly connections: ChangeCounts;
  readonly bytes: ChangeCounts;
}

/** A whole log under a baseline and its candidates. */
export interface TimelineEvaluation {
  /** Per timeline, in input order for the records of status OK. */
  readonly judgements: readonly (readonly Judgement[])[];
  /** Per candidate: of every timeline but the first. */
  readonly changes: readonly CandidateChanges[];
  readonly openers: readonly JudgedOpener[];
  /** Of the first timeline. */
  readonly counters: Counters;
}

/**
 * Judges a whole log under several timelines of rule sets: the first is the baseline, the others are candidates, and
 * all are judged on the same connections (semantics 6.5, 9). With one timeline of one period the judgements are those
 * of `evaluateReference`. Cost: that of `judgeLog`.
 */
export function judgeTimelines(
  records: readonly FlowRecord[],
  timelines: readonly Timeline[],
  options: LogOptions,
): TimelineEvaluation {
  const { cutOverAt } = options;
  const candidates = timelines.slice(1);
  const throughout = cutOverAt === undefined ? [] : candidates.map((c) => from(c, cutOverAt));
  const judged = judgeLog(records, [...timelines, ...throughout], options);
  const finished = finish(judged, candidates.length, cutOverAt);
  return {
    judgements: timelines.map((_, line) =>
      judged.findings.flatMap((findings) => findings[line]?.judgement ?? []),
    ),
    changes: candidates.map((_, candidate) => countChanges(judged, finished, candidate)),
    openers: foldOpeners(finished),
    counters: countLine(records, judged, 0),
  };
}

/** The timeline without what it was before the cut-over: its rules then hold from the beginning of time. */
function from({ name, periods }: Timeline, cutOverAt: number): Timeline {
  const later = periods.filter((period) => period.from >= cutOverAt);
  return { name, periods: later.length === 0 ? periods.slice(-1) : later };
}

/** The connections at the end of the log, each with all its records. */
function finish(
  judged: JudgedLog,
  candidates: number,
  cutOverAt: number | undefined,
): FinishedConnection[] {
  const members = membersOf(judged);
  return [...judged.tallies].flatMap(([connection, { lines }]) => {
    const [baseline, ...others] = lines;
    if (baseline === undefined) return [];
    const tallies = others.slice(0, candidates).map((candidate, index) => {
      return { baseline, candidate, throughout: others[candidates + index] ?? candidate };
    });
    const rulings = [baseline, ...tallies.map(({ throughout }) => throughout)];
    return {
      connection,
      records: members.get(connection) ?? [],
      rulings: rulings.map(({ ruling }) => ruling),
      changes: tallies.map((each) => changeOfConnection(connection, each, judged.run, cutOverAt)),
    };
  });
}

type Member = FinishedConnection["records"][number];

function membersOf(judged: JudgedLog): ReadonlyMap<Connection, readonly Member[]> {
  const members = new Map<Connection, Member[]>();
  for (const [finding] of judged.findings) {
    if (finding?.membership === undefined) continue;
    const { connection, flow } = finding.membership;
    const known = members.get(connection) ?? [];
    known.push({ record: finding.judgement.record, direction: flow.direction });
    members.set(connection, known);
  }
  return members;
}

function countChanges(
  { findings }: JudgedLog,
  finished: readonly FinishedConnection[],
  candidate: number,
): CandidateChanges {
  const records = noChanges();
  const bytes = noChanges();
  const connections = noChanges();
  for (const perLine of findings) {
    const baseline = perLine[0]?.judgement;
    const other = perLine[candidate + 1]?.judgement;
    if (baseline === undefined || other === undefined) continue;
    const change = changeOf(baseline, other);
    records[change]++;
    bytes[change] += Number(baseline.record.bytes ?? 0n);
  }
  for (const { changes } of finished) {
    const { change } = changes[candidate] ?? {};
    if (change !== undefined) connections[change]++;
  }
  return { records, connections, bytes };
}

function noChanges(): Record<Change, number> {
  return Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>;
}
