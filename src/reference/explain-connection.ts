import type { Change } from "../model/opener.js";
import type { Connection, OpenerFinding } from "./connection.js";
import { type EntryExplanation, explainEntry } from "./explain-entry.js";
import {
  evidenceRecords,
  type FarEndCounts,
  farEndCounts,
  membersOf,
  type RecordPlace,
} from "./explain-evidence.js";
import { type Evidence, forwardDirection, isOpeningAssumed } from "./judge.js";
import type { Finding, JudgedLog } from "./judge-log.js";
import type { Ruling } from "./ruling.js";
import { timerOf } from "./timer.js";

/** The connection of a record: who opened it, how that is known, and what AWS remembers of it. */
export interface ConnectionExplanation {
  readonly role: "forward" | "reply" | "undecided";
  readonly opener: OpenerFinding;
  /** The records that tell who opened; empty where no single one does. */
  readonly evidence: readonly RecordPlace[];
  /** What fan-out was asked of (semantics 4.3); `null` for protocols without ports. */
  readonly farEnds: FarEndCounts | null;
  readonly openingAssumed: boolean;
  /** REJECTed after close and slack, or after expiry, before anything was accepted anew. */
  readonly lateness: "after-close" | "expired" | null;
  readonly firstStart: number;
  /** Evidence in both directions up to the end of the look-ahead. */
  readonly localRecords: number;
  readonly remoteRecords: number;
  /** Of the whole connection, which counts as one; a record may be allowed where its answers are stopped (10.4). */
  readonly ruling: Pick<Ruling, "verdict" | "reason" | "detail">;
  /** Semantics 9.1 against the baseline; `null` for the baseline itself. */
  readonly change: Change | null;
  readonly entry: EntryExplanation | null;
  /** The expired connection of the same ends before it: until when its entry lived. */
  readonly before: { readonly lastEnd: number; readonly until: number } | null;
}

/** What must be told while the evidence is the one the record was judged on. */
export type ConnectionDraft = Omit<
  ConnectionExplanation,
  "evidence" | "ruling" | "change" | "entry" | "before"
>;

export function draftConnection(
  connection: Connection,
  finding: Finding,
  evidence: Evidence,
): ConnectionDraft {
  return {
    role: roleOf(finding),
    opener: connection.finding,
    farEnds: farEndCounts(connection, evidence),
    openingAssumed: isOpeningAssumed(connection),
    lateness: latenessOf(finding),
    firstStart: connection.firstStart,
    localRecords: connection.sides.local.records,
    remoteRecords: connection.sides.remote.records,
  };
}

/** Completes a draft with what the whole log says. */
export function explainConnection(
  draft: ConnectionDraft,
  connection: Connection,
  judged: JudgedLog,
  timeline: number,
  evidence: Evidence,
): ConnectionExplanation {
  const { run, findings, tallies } = judged;
  const line = run.lines[timeline];
  const tally = tallies.get(connection)?.lines[timeline];
  if (line === undefined || tally === undefined) throw new Error("a connection was not judged");
  const members = membersOf(findings, timeline, connection);
  const { expired } = connection;
  const earlier = expired === undefined ? [] : membersOf(findings, timeline, expired);
  const told = { ...connection, finding: draft.opener };
  const { verdict, reason, detail } = tally.ruling;
  return {
    ...draft,
    evidence: evidenceRecords(told, members, earlier),
    ruling: { verdict, reason, detail },
    change: null,
    entry: explainEntry(connection, members, run, line, evidence),
    before: expired === undefined ? null : expiryOf(expired, judged),
  };
}

function expiryOf(expired: Connection, { run }: JudgedLog): ConnectionExplanation["before"] {
  const timers = run.facts.get(expired.interfaceId)?.timers ?? run.options.timers;
  return { lastEnd: expired.lastEnd, until: expired.lastEnd + timerOf(expired, timers) };
}

function latenessOf({ membership }: Finding): ConnectionExplanation["lateness"] {
  if (membership?.afterClose === true) return "after-close";
  return membership?.lostEntry === true ? "expired" : null;
}

function roleOf({ membership }: Finding): ConnectionExplanation["role"] {
  if (membership === undefined) return "undecided";
  const { opener } = membership.connection.finding;
  if (opener === "unknown") return "undecided";
  return membership.flow.direction === forwardDirection(opener) ? "forward" : "reply";
}
