// Why a record got its verdict, in words: interface, groups, opener, then every rule with what fits and what misses.

import type { FlowRecord } from "../model/record.js";
import type {
  ConnectionExplanation,
  Explanation,
  OpenerEvidence,
  ReadingExplanation,
  RecordPlace,
} from "../reference/index.js";
import { aclSections } from "./acl-section.js";
import { otherEndSection } from "./explanation-ends.js";
import {
  groupsText,
  openingText,
  placeText,
  readingBlocks,
  rulingCell,
} from "./explanation-parts.js";
import { CAUSE_MEANINGS, GRADE_MEANINGS } from "./meanings.js";
import type { Style } from "./paint.js";
import { counted, duration, grouped, timestamp } from "./quantity.js";
import { recordSentence, recordSpan } from "./record-text.js";
import {
  type Block,
  type Cell,
  type Pair,
  pairs as pairsOf,
  paragraph,
  type ReportBody,
  type Section,
  toned,
} from "./report-body.js";

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

function headBlocks(explanation: Explanation): Block[] {
  const { judgement, cause } = explanation;
  const { record } = judgement;
  const logged = `${recordSpan(record)}, AWS logged ${record.action ?? "no action"}`;
  const answer: Cell[] = [rulingCell(judgement)];
  if (cause !== null)
    answer.push(
      toned(
        `  disagrees with ${record.action}; suspected: ${CAUSE_MEANINGS[cause]} (${cause})`,
        "warn",
      ),
    );
  return [
    { kind: "lines", lines: [recordSentence(record), logged] },
    { kind: "lines", lines: answer },
  ];
}

const KNOWN: Readonly<Record<Explanation["interfaceKnown"], string>> = {
  described: "described by the rules",
  attached: "not described; carries the groups of --attach",
  unknown: "not described by the rules",
};

function interfacePairs(explanation: Explanation): Pair[] {
  const { judgement, groups, interfaceKnown, directionInferred } = explanation;
  const id = judgement.record.interfaceId ?? "-";
  const none = interfaceKnown === "unknown" ? "not known" : "none";
  const direction = judgement.direction ?? "not known";
  const how = directionInferred ? ", by an address inferred from the log" : "";
  return [
    ["Interface", `${id}, ${KNOWN[interfaceKnown]}`],
    ["Groups", groupsText(groups, none)],
    ...periodPairs(explanation),
    ["Direction", `${direction}${how}`],
  ];
}

/** Said of a history alone. */
function periodPairs({ period }: Explanation): Pair[] {
  const { groupsFrom, aclsFrom, count } = period;
  if (count < 2) return [];
  const since = (from: number): string =>
    from === 0 ? "the first of the history" : `those from ${timestamp(from)} on`;
  if (groupsFrom === aclsFrom) return [["Rules", since(groupsFrom)]];
  return [
    ["Rules", `${since(groupsFrom)}: the connection was opened under them, and its entry keeps it`],
    ["", `network ACL: ${since(aclsFrom)}`],
  ];
}

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

/** Sketches count no further than this (semantics 4.3). */
const MOST_FAR_ENDS = 64;

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

function connectionPairs(explanation: Explanation, context: ContextNote): Pair[] {
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

function readingSection(reading: ReadingExplanation): Section {
  return { heading: `Rules for ${openingText(reading)}`, blocks: readingBlocks(reading) };
}

/** Under other rules: the verdicts, and every rule where the answer is another. */
function candidateSection(candidate: Explanation): Section {
  const { name, judgement, change, connection, readings, acls } = candidate;
  const whole: Pair[] =
    connection === null || connection.change === change
      ? []
      : [["Connection", toned(`${connection.change}`, toneOf(connection.change))]];
  const list: Pair[] = [
    ["Verdict", rulingCell(judgement)],
    ["Change", toned(`${change}`, toneOf(change))],
    ...whole,
    ...periodPairs(candidate),
  ];
  const same = change === "unchanged" && whole.length === 0;
  return {
    heading: `Under ${name}`,
    blocks: [
      pairsOf(list),
      ...(same ? [] : readings.flatMap(readingBlocks)),
      ...(same ? [] : aclSections(acls).flatMap(({ blocks }) => blocks)),
    ],
  };
}

function toneOf(change: Explanation["change"]): Style {
  if (change === "newly-denied") return "bad";
  return change === "unchanged" ? "good" : "warn";
}

/**
 * The answer of `why`: record and verdict first, then interface and connection, then the rules of each reading, the
 * network ACL, the other end, and what candidates would say.
 */
export function explanationBody(
  explanation: Explanation,
  context: ContextNote,
  candidates: readonly Explanation[] = [],
): ReportBody {
  const { readings, otherEnds } = explanation;
  const { file, line } = explanation.judgement.record;
  const list: Pair[] = [...interfacePairs(explanation), ...connectionPairs(explanation, context)];
  const both =
    readings.length < 2
      ? []
      : [paragraph("Who opened is not settled, so both readings were asked.")];
  return {
    title: `${file}:${line}`,
    lead: [...headBlocks(explanation), pairsOf(list), ...both],
    sections: [
      ...readings.map(readingSection),
      ...aclSections(explanation.acls),
      ...otherEnds.map(otherEndSection),
      ...candidates.map(candidateSection),
    ],
  };
}
