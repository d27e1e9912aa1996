import type { FlowRecord } from "../model/record.js";
import type { Direction, Verdict } from "../model/verdict.js";
import type { Connection } from "./connection.js";
import { farEnds } from "./endpoints.js";
import { hasPorts, isAccepted, opposite, shownFlags, TCP } from "./flow.js";
import { type Evidence, forwardDirection } from "./judge.js";
import type { Finding } from "./judge-log.js";

/** A record that an explanation leads back to. */
export interface RecordPlace {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  /** At the interface that saw it. */
  readonly direction: Direction;
  readonly action: FlowRecord["action"];
  readonly verdict: Verdict;
}

/** How many distinct far endpoints each end of a connection talks to, 63 at most (semantics 4.3). */
export interface FarEndCounts {
  readonly local: number;
  readonly remote: number;
}

const SYN = 2;
const ACK = 16;

/** The findings of the records of a connection, in the order of time. */
export function membersOf(
  findings: readonly (readonly Finding[])[],
  timeline: number,
  connection: Connection,
): readonly Finding[] {
  return findings
    .flatMap((perLine) => perLine[timeline] ?? [])
    .filter(({ membership }) => membership?.connection === connection)
    .sort(byTime);
}

export function byTime({ judgement: a }: Finding, { judgement: b }: Finding): number {
  return (
    (a.record.start ?? 0) - (b.record.start ?? 0) ||
    Number(!isAccepted(a.record)) - Number(!isAccepted(b.record)) ||
    a.record.line - b.record.line
  );
}

export function placeOf({ judgement, membership }: Finding): RecordPlace {
  const { record, verdict, direction } = judgement;
  return {
    file: record.file,
    line: record.line,
    start: record.start ?? 0,
    direction: membership?.flow.direction ?? direction ?? "ingress",
    action: record.action,
    verdict,
  };
}

/**
 * The records that tell who opened, one per piece of evidence; empty where no single record does (ports, fan-out,
 * nothing). `earlier` are the members of the connection before, where that one expired.
 */
export function evidenceRecords(
  { finding, protocol }: Connection,
  members: readonly Finding[],
  earlier: readonly Finding[],
): readonly RecordPlace[] {
  const { opener, because } = finding;
  const forward = opener === "unknown" ? "ingress" : forwardDirection(opener);
  const first = (fits: (each: Finding) => boolean): Finding[] => members.filter(fits).slice(0, 1);
  const from = (direction: Direction) => (each: Finding) =>
    each.membership?.flow.direction === direction && !each.membership.afterClose;
  const flags = (each: Finding): number =>
    protocol === TCP ? shownFlags(each.judgement.record) : 0;
  const opens = (direction: Direction): Finding[] =>
    first((each) => from(direction)(each) && (flags(each) & (SYN | ACK)) === SYN);
  const answers = (direction: Direction): Finding[] =>
    first(
      (each) =>
        from(direction)(each) && isAccepted(each.judgement.record) && (flags(each) & ACK) !== 0,
    );
  const found = (): Finding[] => {
    switch (because) {
      case "syn":
        return opens(forward);
      case "syn-answer":
        return answers(opposite(forward));
      case "syn-contradiction":
        return [...namers("ingress"), ...namers("egress")];
      case "rejected-replies":
      case "first-start":
        return [...first(from(forward)), ...first(from(opposite(forward)))];
      case "rejected-opening":
      case "only-direction":
        return first(from(forward));
      case "earlier-connection":
        return earlier.slice(0, 1);
      default:
        return [];
    }
  };
  /** What names the sender of `direction` as the opener. */
  const namers = (direction: Direction): Finding[] =>
    [...opens(direction), ...answers(opposite(direction))].slice(0, 1);
  return found().map(placeOf);
}

/** What fan-out saw; `null` where it was not asked. */
export function farEndCounts(connection: Connection, evidence: Evidence): FarEndCounts | null {
  const { interfaceId, protocol } = connection;
  if (!hasPorts(protocol)) return null;
  const count = (side: "local" | "remote"): number =>
    farEnds(evidence.endpoints, interfaceId, protocol, connection[side], evidence.slot).count;
  return { local: count("local"), remote: count("remote") };
}
