import type { Change } from "../model/opener.js";
import type { FlowRecord, Judgement } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import { always, type Timeline } from "../model/timeline.js";
import type { Direction } from "../model/verdict.js";
import { packetsOf } from "./acl-stage.js";
import { type BookLine, bookAt } from "./book-line.js";
import type { Cause } from "./causes.js";
import { changeOf } from "./change.js";
import { type AclExplanation, explainAcl } from "./explain-acl.js";
import {
  type ConnectionDraft,
  type ConnectionExplanation,
  draftConnection,
  explainConnection,
} from "./explain-connection.js";
import { aclDirections, openingDirections, readingDirections } from "./explain-directions.js";
import type { EndExplanation } from "./explain-end.js";
import {
  explainOtherEnds,
  type OtherEndExplanation,
  recordsThere,
  type Talk,
  talkOf,
} from "./explain-other-end.js";
import {
  explainGroups,
  explainReading,
  type GroupExplanation,
  type Knownness,
  knownnessOf,
  type ReadingExplanation,
} from "./explain-reading.js";
import { opposite } from "./flow.js";
import { type Basis, type Evidence, isSideRejected, questionOf } from "./judge.js";
import { type Finding, type JudgedLog, judgeLog } from "./judge-log.js";
import type { RuleBook } from "./rule-book.js";
import type { ReferenceOptions } from "./run.js";

/** Which rules of a history judged a record; 0 = from the beginning of time (semantics 6.5). */
export interface PeriodExplanation {
  /** Unix second from which the groups hold that judged it: those of its opening where an entry keeps it. */
  readonly groupsFrom: number;
  /** Of the network ACL: always that of the record's own time. */
  readonly aclsFrom: number;
  /** How many rule sets the history has. */
  readonly count: number;
}

/** Why a record got its verdict: data, for others to put in words. */
export interface Explanation {
  /** Of the timeline that judged it. */
  readonly name: string;
  readonly judgement: Judgement;
  readonly cause: Cause | null;
  readonly interfaceKnown: Knownness;
  readonly groups: readonly GroupExplanation[];
  readonly period: PeriodExplanation;
  /** The direction rests on an address inferred from the log (semantics 2.3). */
  readonly directionInferred: boolean;
  /** `null` where no connection was needed. */
  readonly connection: ConnectionExplanation | null;
  /** The reading the verdict rests on first; both where the opener is unknown (semantics 4.6). */
  readonly readings: readonly ReadingExplanation[];
  /**
   * The network ACL, per direction of the connection: that of the opening first, of the record where the opener is
   * unknown; the record's own alone where no connection was needed. Empty where no list is known, or none is asked.
   */
  readonly acls: readonly AclExplanation[];
  /** The interfaces that own the remote address; where the opener is not known once per reading. */
  readonly otherEnds: readonly OtherEndExplanation[];
  /** Semantics 9.1 of the record, against the first timeline; `null` for that one. */
  readonly change: Change | null;
}

/** What must be told while the evidence is the one the record was judged on. */
interface Draft extends Pick<Explanation, "readings" | "acls"> {
  readonly connection: ConnectionDraft;
  readonly otherEnds: readonly EndExplanation[];
  readonly basis: Basis;
  readonly evidence: Evidence;
}

/**
 * Explains one record among the records it stands with. It belongs to `context`, or is added to it. `undefined` for
 * NODATA and SKIPDATA: they are not judged (semantics 1.1). Cost: one run over the context.
 */
export function explainRecord(
  record: FlowRecord,
  context: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): Explanation | undefined {
  return explainUnder(record, context, [always("baseline", ruleSet)], options)?.[0];
}

/** The same under several timelines on the same connections: one explanation each. Cost: one run for all. */
export function explainUnder(
  record: FlowRecord,
  context: readonly FlowRecord[],
  timelines: readonly Timeline[],
  options: ReferenceOptions,
): readonly Explanation[] | undefined {
  if (record.logStatus !== "OK") return undefined;
  const records = context.includes(record) ? context : [...context, record];
  const drafts = new Map<number, Draft>();
  const judged = judgeLog(records, timelines, options, (finding, basis, evidence, timeline) => {
    if (finding.judgement.record !== record) return;
    drafts.set(timeline, draftOf(finding, basis, evidence));
  });
  const own = judged.findings.find(([first]) => first?.judgement.record === record) ?? [];
  const explained = own.map((finding, timeline) =>
    complete(finding, drafts.get(timeline), judged, timeline),
  );
  return explained.map((each, i) => (i === 0 ? each : withChange(each, explained[0] ?? each)));
}

function withChange(candidate: Explanation, baseline: Explanation): Explanation {
  const { connection } = candidate;
  const whole =
    connection === null || baseline.connection === null
      ? connection
      : { ...connection, change: changeOf(baseline.connection.ruling, connection.ruling) };
  const change = changeOf(baseline.judgement, candidate.judgement);
  return { ...candidate, change, connection: whole };
}

function draftOf(finding: Finding, basis: Basis, evidence: Evidence): Draft {
  const { membership, view } = finding;
  if (membership === undefined) throw new Error("only records of connections are observed");
  const { connection } = membership;
  const { snapshot } = basis.groups;
  const acl = (direction: Direction): readonly AclExplanation[] => {
    const packets = packetsOf(connection, direction);
    return explainAcl(basis.acls.snapshot, basis.acls.views.get(connection.interfaceId), packets);
  };
  const asked = view !== undefined && view.groupIds.length > 0;
  return {
    connection: draftConnection(connection, finding, evidence),
    readings: asked
      ? readingDirections(finding).map((each) => readingOf(finding, each, basis.groups, evidence))
      : [],
    acls: aclDirections(finding).flatMap(acl),
    otherEnds: openingDirections(finding).flatMap((direction) =>
      explainOtherEnds(snapshot, connection, direction, evidence),
    ),
    basis,
    evidence,
  };
}

function complete(
  finding: Finding,
  draft: Draft | undefined,
  judged: JudgedLog,
  timeline: number,
): Explanation {
  const { judgement, cause, view, inferred, packet, membership } = finding;
  const line = judged.run.lines[timeline];
  if (line === undefined) throw new Error("a record was not judged");
  const time = judgement.record.start ?? Number.NEGATIVE_INFINITY;
  const now = bookAt(line, time);
  const { groups, acls } = draft?.basis ?? { groups: now, acls: now };
  const { connection } = membership ?? {};
  return {
    name: line.name,
    judgement,
    cause,
    interfaceKnown: knownnessOf(view),
    groups: explainGroups(groups.snapshot.ruleSet, view),
    period: {
      groupsFrom: fromOf(line, groups),
      aclsFrom: fromOf(line, acls),
      count: line.periods.length,
    },
    directionInferred: inferred,
    connection:
      draft === undefined || connection === undefined
        ? null
        : explainConnection(draft.connection, connection, judged, timeline, draft.evidence),
    readings: draft?.readings ?? [],
    acls: draft?.acls ?? (packet === undefined ? [] : explainAcl(now.snapshot, view, packet)),
    otherEnds: otherEndsOf(finding, draft, now).map(([talk, end]) => ({
      ...end,
      records: recordsThere(judged.findings, timeline, end.interfaceId, talk),
    })),
    change: null,
  };
}

/** Of an interface without groups nobody asks who opened: the other end is asked both ways. */
function otherEndsOf(
  { judgement, membership, packet }: Finding,
  draft: Draft | undefined,
  now: RuleBook,
): readonly (readonly [Talk, EndExplanation])[] {
  if (draft !== undefined && membership !== undefined)
    return draft.otherEnds.map((end) => [membership.connection, end] as const);
  const { record, direction } = judgement;
  const talk = packet === undefined ? undefined : talkOf(record, direction);
  if (talk === undefined || direction === null) return [];
  return [direction, opposite(direction)].flatMap((opening) =>
    explainOtherEnds(now.snapshot, talk, opening, undefined).map((end) => [talk, end] as const),
  );
}

/** The first period holds from the beginning of time, whatever it says. */
function fromOf({ periods }: BookLine, book: RuleBook): number {
  const index = periods.findIndex((period) => period.book === book);
  return index <= 0 ? 0 : (periods[index]?.from ?? 0);
}

function readingOf(
  finding: Finding,
  direction: Direction,
  { snapshot, fits }: RuleBook,
  evidence: Evidence,
): ReadingExplanation {
  const { membership, view, judgement } = finding;
  if (membership === undefined || view === undefined)
    throw new Error("a reading needs a connection at a known interface");
  const { connection, flow } = membership;
  const isOwn = direction === flow.direction;
  const rejected = isOwn
    ? judgement.record.action === "REJECT"
    : isSideRejected(connection, direction);
  const question = questionOf(connection, direction, rejected, snapshot, evidence);
  return explainReading(snapshot, view, question, fits);
}
