import { type BookLine, bookAt } from "./book-line.js";
import type { Connection } from "./connection.js";
import {
  type Basis,
  type Evidence,
  forwardDirection,
  isSideRejected,
  judgeOpening,
  questionOf,
} from "./judge.js";
import type { RuleBook } from "./rule-book.js";
import { trackingOf } from "./tracking.js";

/** Whose rules judge what a connection does at `time` (semantics 6.5). The connection's opener must be settled. */
export function basisAt(
  connection: Connection,
  time: number,
  line: BookLine,
  evidence: Evidence,
): Basis {
  const opening = bookAt(line, connection.firstStart);
  const now = bookAt(line, time);
  const kept = opening === now || keepsEntry(connection, opening, evidence);
  return { groups: kept ? opening : now, acls: now };
}

/** Whether the rule set let the connection open and AWS keeps an entry for it: later rules do not touch it. */
function keepsEntry(connection: Connection, book: RuleBook, evidence: Evidence): boolean {
  const { opener } = connection.finding;
  const view = book.views.get(connection.interfaceId);
  if (opener === "unknown" || view === undefined || view.groupIds.length === 0) return false;
  const forward = forwardDirection(opener);
  if (judgeOpening(connection, forward, book, evidence).verdict !== "allow") return false;
  const rejected = isSideRejected(connection, forward);
  const question = questionOf(connection, forward, rejected, book.snapshot, evidence);
  return trackingOf(book.snapshot, view, question) !== "untracked";
}
