import type { Change, OpenerChange } from "../model/opener.js";
import type { Verdict } from "../model/verdict.js";
import type { Connection } from "./connection.js";
import type { Run } from "./run.js";
import type { LineTally } from "./tally.js";
import { timerOf } from "./timer.js";

/** What a change is told by; `readings` are those of an unknown opener. */
interface Compared {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly detail: string;
  readonly readings?: readonly Compared[];
}

/** Baseline against candidate (semantics 9.1): two unknowns are the same for the same reason and detail. */
export function changeOf(baseline: Compared, candidate: Compared): Change {
  if (baseline.verdict === "unknown" || candidate.verdict === "unknown")
    return isSame(baseline, candidate) ? "unchanged" : "undetermined";
  if (baseline.verdict === candidate.verdict) return "unchanged";
  return baseline.verdict === "allow" ? "newly-denied" : "newly-allowed";
}

function isSame(a: Compared, b: Compared): boolean {
  if (a.verdict !== b.verdict || a.reason !== b.reason || a.detail !== b.detail) return false;
  const [left = [], right = []] = [a.readings, b.readings];
  return left.length === right.length && left.every((reading, i) => isSame(reading, right[i] ?? a));
}

/** What three timelines say of a connection. */
export interface CandidateTallies {
  readonly baseline: LineTally;
  readonly candidate: LineTally;
  /** The candidate as if it had held all the time; the candidate itself where there is no cut-over. */
  readonly throughout: LineTally;
}

/** What becomes of a connection under a candidate (semantics 9.1, 9.3). */
export function changeOfConnection(
  connection: Connection,
  { baseline, candidate, throughout }: CandidateTallies,
  run: Run,
  cutOverAt: number | undefined,
): OpenerChange {
  const change = changeOf(baseline.ruling, candidate.ruling);
  if (cutOverAt === undefined || baseline.ruling.verdict !== "allow")
    return { change, cutOver: null };
  if (connection.firstStart >= cutOverAt)
    return { change, cutOver: change === "newly-denied" ? "refused" : null };
  if (candidate.atCutOver === undefined || !livesAt(connection, run, cutOverAt))
    return { change, cutOver: null };
  if (candidate.atCutOver.verdict === "deny") return { change: "newly-denied", cutOver: "cut" };
  const survives = connection.finding.opener !== "unknown" && throughout.ruling.verdict === "deny";
  return { change, cutOver: survives ? "survives" : null };
}

/** It has a record that ends then or later, or is open and not idle for longer than its timer. */
function livesAt(connection: Connection, run: Run, time: number): boolean {
  const { closedAt, lastEnd, interfaceId } = connection;
  if (lastEnd >= time) return true;
  if (closedAt !== undefined) return false;
  const timers = run.facts.get(interfaceId)?.timers ?? run.options.timers;
  return lastEnd + timerOf(connection, timers) > time;
}
