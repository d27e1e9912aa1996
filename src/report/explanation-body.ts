// Why a record got its verdict, in words: interface, groups, opener, then every rule with what fits and what misses.

import type {
  ConnectionExplanation,
  Explanation,
  OpenerEvidence,
  ReadingExplanation,
  Tracking,
} from "../reference/index.js";
import { aclSections } from "./acl-section.js";
import { CAUSE_MEANINGS, GRADE_MEANINGS, REASON_MEANINGS } from "./meanings.js";
import type { Style } from "./paint.js";
import { counted, grouped, protocolPort, timestamp } from "./quantity.js";
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
import { ruleBlocks } from "./rule-blocks.js";

/** What the explanation was made from beside the record itself. */
export interface ContextNote {
  /** Records of the same interface that were looked at. */
  readonly records: number;
  /** Records of that interface left out because there were too many; the nearest in time were kept. */
  readonly cut: number;
}

const VERDICT_MARKS: Readonly<Record<string, readonly [string, Style]>> = {
  allow: ["✓", "good"],
  deny: ["✗", "bad"],
  unknown: ["?", "warn"],
};

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

const TRACKING_MEANINGS: Readonly<Record<Tracking, string>> = {
  tracked: "tracked: replies need no rule",
  untracked: "untracked: all addresses are admitted both ways",
  "tracked-automatically": "tracked automatically, because of the kind of an interface on its path",
};

function headBlocks(explanation: Explanation): Block[] {
  const { judgement, cause } = explanation;
  const { record, verdict, reason, detail } = judgement;
  const [mark, style] = VERDICT_MARKS[verdict] ?? ["?", "warn"];
  const named = detail === "" ? "" : ` (${detail})`;
  const logged = `${recordSpan(record)}, AWS logged ${record.action ?? "no action"}`;
  const answer: Cell[] = [
    toned(`${mark} ${verdict}, ${reason}: ${REASON_MEANINGS[reason]}${named}`, style),
  ];
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

function interfacePairs(explanation: Explanation): Pair[] {
  const { judgement, groups, interfaceKnown, directionInferred } = explanation;
  const known: Readonly<Record<Explanation["interfaceKnown"], string>> = {
    described: "described by the rules",
    attached: "not described; carries the groups of --attach",
    unknown: "not described by the rules",
  };
  const id = judgement.record.interfaceId ?? "-";
  const names = groups.map((group) => {
    const name = group.name === null ? "" : ` (${group.name})`;
    return `${group.id}${name}${group.described ? "" : ", not described"}`;
  });
  const direction = judgement.direction ?? "not known";
  const how = directionInferred ? ", by an address inferred from the log" : "";
  return [
    ["Interface", `${id}, ${known[interfaceKnown]}`],
    ["Groups", groupsText(explanation, names)],
    ["Direction", `${direction}${how}`],
  ];
}

function groupsText(explanation: Explanation, names: readonly string[]): string {
  if (names.length > 0) return names.join(", ");
  return explanation.interfaceKnown === "unknown" ? "not known" : "none";
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

function openerText(connection: ConnectionExplanation): string {
  const { opener, grade, because } = connection.opener;
  const who = opener === "unknown" ? "not known" : `${opener} side`;
  return `${who}, ${grade} (${GRADE_MEANINGS[grade]}): ${EVIDENCE_MEANINGS[because]}`;
}

function connectionPairs(connection: ConnectionExplanation, context: ContextNote): Pair[] {
  const { localRecords, remoteRecords, firstStart, openingAssumed } = connection;
  const seen =
    `${grouped(localRecords)} of the local side, ${grouped(remoteRecords)} of the remote side, ` +
    `the first at ${timestamp(firstStart)}`;
  const cut =
    context.cut === 0
      ? ""
      : `; ${counted(context.cut, "record")} farther away in time left out, so older evidence may be missing`;
  return [
    ["Opener", openerText(connection)],
    ["Role", roleText(connection)],
    ["Records", seen],
    ...(openingAssumed
      ? [["Opening", "not in the log: judged as if it had been seen"] as Pair]
      : []),
    ["Evidence", `${counted(context.records, "record")} of this interface${cut}`],
  ];
}

function answerCell(reading: ReadingExplanation): Cell {
  const { answer } = reading;
  const [mark, style] = VERDICT_MARKS[answer.verdict] ?? ["?", "warn"];
  if (answer.verdict === "allow")
    return { text: `${mark} allow, by ${answer.rules.join(", ")}`, style };
  if (answer.verdict === "deny") return { text: `${mark} deny, no rule admits it`, style };
  const named = answer.detail === "" ? "" : ` (${answer.detail})`;
  return {
    text: `${mark} unknown, ${answer.reason}: ${REASON_MEANINGS[answer.reason]}${named}`,
    style,
  };
}

/** Ports are shown where the protocol has them. */
function destination(reading: ReadingExplanation): string {
  const hasPorts = reading.protocol === 6 || reading.protocol === 17;
  return protocolPort(reading.protocol, hasPorts ? reading.port : null);
}

function readingSection(reading: ReadingExplanation): Section {
  const where = reading.direction === "ingress" ? "from" : "to";
  const heading = `Rules for ${reading.direction} ${where} ${reading.remote}, ${destination(reading)}`;
  const list: Pair[] = [
    ["Answer", answerCell(reading)],
    ...(reading.tracking === null ? [] : [["State", TRACKING_MEANINGS[reading.tracking]] as Pair]),
  ];
  return { heading, blocks: [...ruleBlocks(reading.rules), pairsOf(list)] };
}

/** The answer of `why`: record and verdict first, then interface and connection, then the rules of each reading. */
export function explanationBody(explanation: Explanation, context: ContextNote): ReportBody {
  const { connection, readings } = explanation;
  const { file, line } = explanation.judgement.record;
  const list: Pair[] = [
    ...interfacePairs(explanation),
    ...(connection === null ? [] : connectionPairs(connection, context)),
  ];
  const both =
    readings.length < 2
      ? []
      : [paragraph("Who opened is not settled, so both readings were asked.")];
  return {
    title: `${file}:${line}`,
    lead: [...headBlocks(explanation), pairsOf(list), ...both],
    sections: [...readings.map(readingSection), ...aclSections(explanation.acls)],
  };
}
