// The connection of an explained record: who opened it, how that is known, what AWS remembers of it.

import type { FlowRecord } from "../model/record.js";
import type {
  ConnectionExplanation,
  Explanation,
  OpenerEvidence,
  RecordPlace,
} from "../reference/index.js";
import { placeText, rulingCell } from "./explanation-parts.js";
import { GRADE_MEANINGS } from "./meanings.js";
import { counted, duration, grouped, timestamp } from "./quantity.js";
import type { Pair } from "./report-body.js";

/** What the explanation was made from beside the record itself. */
export interface ContextNote {
  /** Records of the same interface that were looked at. */
  readonly records: number;
  /** Records of that interface left out because there were too many; the nearest in time were kept. */
  readonly cut: number;
}

const EVIDENCE_MEANINGS: Readonly<Record<OpenerEvidence, string>> = {
  syn: "it sent a SYN",
  "syn-answer": "the other side answered its SYN",
  "syn-contradiction": "TCP flags name both sides",
  "rejected-opening": "all its records were rejected and nothing came back",
  "rejected-replies": "it was accepted, and all records of the other side were rejected",
  "fan-out": "the other endpoint talks to many",
  ports: "the ports tell",
  "fan-out-and-ports": "the ports tell, and the other endpoint talks to many",
  "fan-out-against-ports": "ports and number of peers contradict each other",
  "first-start": "it began clearly earlier",
  "only-direction": "it is the only side seen",
  "earlier-connection": "it opened the connection before, which expired",
  nothing: "nothing tells",
};

function roleText(connection: ConnectionExplanation): string {
  const roles: Readonly<Record<ConnectionExplanation["role"], string>> = {
    forward: "this record is of the opener's direction",
    reply: "this record is a reply",
    undecided: "both readings are judged",
  };
  const late: Readonly<Record<string, string>> = {
    "after-close": "; it came after the connection was closed",
    expired: "; the connection had been idle too long",
  };
  return (
    roles[connection.role] + (connection.lateness === null ? "" : (late[connection.lateness] ?? ""))
  );
}

function openerText(connection: ConnectionExplanation, record: FlowRecord): string {
  const { opener, grade, because } = connection.opener;
  const { evidence, farEnds } = connection;
  const who = opener === "unknown" ? "not known" : `${opener} side`;
  const counts =
    farEnds === null || !because.startsWith("fan-out")
      ? ""
      : `; the local end talks to ${peers(farEnds.local)}, the remote one to ${peers(farEnds.remote)}`;
  const place = (each: RecordPlace): string =>
    isSame(each, record) ? "this record" : placeText(each);
  const places = evidence.length === 0 ? "" : `: ${evidence.map(place).join(", ")}`;
  return `${who}, ${grade} (${GRADE_MEANINGS[grade]}): ${EVIDENCE_MEANINGS[because]}${counts}${places}`;
}

function isSame({ file, line }: RecordPlace, record: FlowRecord): boolean {
  return file === record.file && line === record.line;
}

/** No more are counted (semantics 4.3). */
const MOST_FAR_ENDS = 63;

function peers(count: number): string {
  return count >= MOST_FAR_ENDS ? `${MOST_FAR_ENDS} or more` : String(count);
}

function entryPairs({ entry, before }: ConnectionExplanation, record: FlowRecord): Pair[] {
  const list: Pair[] = [];
  if (before !== null)
    list.push([
      "Before",
      `the same ends had a connection; it was idle from ${timestamp(before.lastEnd)} on, its entry lived until ${timestamp(before.until)}`,
    ]);
  if (entry === null) return list;
  const { madeBy, closedAt, until, lastEnd, idleTimer } = entry;
  const own = madeBy !== null && isSame(madeBy, record);
  const maker =
    madeBy === null ? "made before the log, or by what was not logged" : placeText(madeBy);
  const made = own ? "made by this record" : `${madeBy === null ? "" : "made by "}${maker}`;
  const end =
    closedAt === null
      ? `lives until ${timestamp(until)} at the latest, if nothing comes after ${timestamp(lastEnd)} (idle timer ${duration(idleTimer)})`
      : `closed at ${timestamp(closedAt)}`;
  list.push(["Entry", `${made}; ${end}`]);
  return list;
}

/** Told where the connection counts otherwise than the record: only its answers are stopped (10.4). */
function wholePairs({ judgement, connection }: Explanation): Pair[] {
  if (connection === null || connection.role === "reply") return [];
  const { ruling } = connection;
  return ruling.verdict === judgement.verdict ? [] : [["Connection", rulingCell(ruling)]];
}

/** Opener and how it is known, role, records, and what AWS keeps; empty where no connection was needed. */
export function connectionPairs(explanation: Explanation, context: ContextNote): Pair[] {
  const { connection, judgement } = explanation;
  if (connection === null) return [];
  const { localRecords, remoteRecords, firstStart, openingAssumed } = connection;
  const seen =
    `${grouped(localRecords)} of the local side, ${grouped(remoteRecords)} of the remote side, ` +
    `the first at ${timestamp(firstStart)}`;
  const cut =
    context.cut === 0
      ? ""
      : `; ${counted(context.cut, "record")} farther away in time left out, so older evidence may be missing`;
  return [
    ["Opener", openerText(connection, judgement.record)],
    ["Role", roleText(connection)],
    ...wholePairs(explanation),
    ["Records", seen],
    ...(openingAssumed
      ? [["Opening", "not in the log: judged as if it had been seen"] as Pair]
      : []),
    ...entryPairs(connection, judgement.record),
    ["Evidence", `${counted(context.records, "record")} of this interface${cut}`],
  ];
}
