// Why a record got its verdict, in words: interface, groups, opener, then every rule with what fits and what misses.

import type { Explanation, ReadingExplanation } from "../reference/index.js";
import { aclSections } from "./acl-section.js";
import { type ContextNote, connectionPairs } from "./explanation-connection.js";
import { otherEndSection } from "./explanation-ends.js";
import { groupsText, openingText, readingBlocks, rulingCell } from "./explanation-parts.js";
import { CAUSE_MEANINGS } from "./meanings.js";
import type { Style } from "./paint.js";
import { timestamp } from "./quantity.js";
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
