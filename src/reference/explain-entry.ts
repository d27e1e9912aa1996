import { type BookLine, bookAt } from "./book-line.js";
import { type Connection, hasAccepted } from "./connection.js";
import { placeOf, type RecordPlace } from "./explain-evidence.js";
import { isAccepted } from "./flow.js";
import {
  type Evidence,
  forwardDirection,
  isSideRejected,
  judgeOpening,
  questionOf,
} from "./judge.js";
import type { Finding } from "./judge-log.js";
import type { Run } from "./run.js";
import { timerOf } from "./timer.js";
import { trackingOf } from "./tracking.js";

/** The entry that AWS keeps of a tracked connection, as of its last record in the log (semantics 6.1-6.4). */
export interface EntryExplanation {
  /** The first accepted record of the opener's side; `null`: it was made before the log, or by what was not logged. */
  readonly madeBy: RecordPlace | null;
  /** Greatest `end` of the connection's records, Unix seconds. */
  readonly lastEnd: number;
  /** What it outlives the last record by, in the connection's state, seconds. */
  readonly idleTimer: number;
  /** When FINs of both sides or an RST ended it; `null` while it lives. */
  readonly closedAt: number | null;
  /** Until when it lives if nothing more comes: the close, or the last end and the timer. */
  readonly until: number;
}

/** `null` where AWS keeps none: untracked, not admitted by the rules of its opening, or never accepted. */
export function explainEntry(
  connection: Connection,
  members: readonly Finding[],
  run: Run,
  line: BookLine,
  evidence: Evidence,
): EntryExplanation | null {
  const { opener } = connection.finding;
  const book = bookAt(line, connection.firstStart);
  const view = book.views.get(connection.interfaceId);
  if (opener === "unknown" || view === undefined || view.groupIds.length === 0) return null;
  const forward = forwardDirection(opener);
  if (!hasAccepted(connection)) return null;
  if (judgeOpening(connection, forward, book, evidence).verdict !== "allow") return null;
  const rejected = isSideRejected(connection, forward);
  const question = questionOf(connection, forward, rejected, book.snapshot, evidence);
  if (trackingOf(book.snapshot, view, question) === "untracked") return null;
  const maker = members.find(
    ({ membership, judgement }) =>
      membership?.flow.direction === forward && isAccepted(judgement.record),
  );
  const { lastEnd, closedAt = null } = connection;
  const timers = run.facts.get(connection.interfaceId)?.timers ?? run.options.timers;
  const idleTimer = timerOf(connection, timers);
  return {
    madeBy: maker === undefined ? null : placeOf(maker),
    lastEnd,
    idleTimer,
    closedAt,
    until: closedAt ?? lastEnd + idleTimer,
  };
}
