// Pieces that the explanations of records and of hypothetical flows share.

import type { Reason, Verdict } from "../model/verdict.js";
import { criterionInWords } from "../questions/index.js";
import type {
  EndExplanation,
  GroupExplanation,
  ReadingExplanation,
  RecordPlace,
  RuleExplanation,
  Tracking,
} from "../reference/index.js";
import { REASON_MEANINGS } from "./meanings.js";
import type { Style } from "./paint.js";
import { protocolPort, timestamp } from "./quantity.js";
import type { Json } from "./report.js";
import type { Block, Cell, Pair } from "./report-body.js";
import { pairs as pairsOf, toned } from "./report-body.js";
import { ruleBlocks } from "./rule-blocks.js";

const VERDICT_MARKS: Readonly<Record<string, readonly [string, Style]>> = {
  allow: ["✓", "good"],
  deny: ["✗", "bad"],
  unknown: ["?", "warn"],
};

const TRACKING_MEANINGS: Readonly<Record<Tracking, string>> = {
  tracked: "tracked: replies need no rule",
  untracked: "untracked: all addresses are admitted both ways",
  "tracked-automatically": "tracked automatically, because of the kind of an interface on its path",
};

interface Ruled {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
}

/** `✗ deny, acl: a network ACL denies it (acl-0a ingress 100)`. */
export function rulingCell({ verdict, reason, detail }: Ruled): Cell {
  const [mark, style] = VERDICT_MARKS[verdict] ?? ["?", "warn"];
  const named = detail === "" ? "" : ` (${detail})`;
  const meaning =
    reason === "acl" && verdict === "unknown"
      ? "a network ACL stops the answers to some client ports"
      : REASON_MEANINGS[reason];
  return toned(`${mark} ${verdict}, ${reason}: ${meaning}${named}`, style);
}

export function answerCell({ answer }: ReadingExplanation): Cell {
  const [mark, style] = VERDICT_MARKS[answer.verdict] ?? ["?", "warn"];
  if (answer.verdict === "allow")
    return { text: `${mark} allow, by ${answer.rules.join(", ")}`, style };
  if (answer.verdict === "deny") return { text: `${mark} deny, no rule admits it`, style };
  return rulingCell(answer);
}

/** Where and when: `a.log:17 (2024-12-14 16:25:00 UTC)`. */
export function placeText({ file, line, start }: RecordPlace): string {
  return `${file}:${line} (${timestamp(start)})`;
}

export function groupsText(groups: readonly GroupExplanation[], none: string): string {
  if (groups.length === 0) return none;
  return groups
    .map((group) => {
      const name = group.name === null ? "" : ` (${group.name})`;
      return `${group.id}${name}${group.described ? "" : ", not described"}`;
    })
    .join(", ");
}

/** `ingress from 10.0.0.9, tcp/5433`; ports are shown where the protocol has them. */
export function openingText({ direction, remote, protocol, port }: ReadingExplanation): string {
  const where = direction === "ingress" ? "from" : "to";
  const hasPorts = protocol === 6 || protocol === 17;
  return `${direction} ${where} ${remote}, ${protocolPort(protocol, hasPorts ? port : null)}`;
}

/** Every rule of a reading, the nearest first, then the answer and whether AWS keeps an entry. */
export function readingBlocks(reading: ReadingExplanation): Block[] {
  const list: Pair[] = [
    ["Answer", answerCell(reading)],
    ...(reading.tracking === null ? [] : [["State", TRACKING_MEANINGS[reading.tracking]] as Pair]),
  ];
  return [...ruleBlocks(reading.rules), pairsOf(list)];
}

function failing({ criteria }: RuleExplanation): number {
  return criteria.filter(({ fits }) => fits === false).length;
}

/** A reading as JSON; where it is not allowed, with its nearest rules and what they miss in words. */
export function readingDocument(reading: ReadingExplanation): Json {
  if (reading.answer.verdict === "allow") return { ...reading, nearest: [] };
  const sorted = reading.rules
    .filter(({ matches }) => matches !== true)
    .sort((a, b) => failing(a) - failing(b));
  const nearest = sorted.slice(0, NEAREST).map((rule) => ({
    id: rule.id,
    failing: failing(rule),
    criteria: [false, null].flatMap((fits) =>
      rule.criteria.filter((each) => each.fits === fits).map(criterionInWords),
    ),
  }));
  return { ...reading, nearest };
}

/** Nearest rules of a reading told in words in JSON. */
const NEAREST = 5;

/** An end as JSON. */
export function endDocument(end: EndExplanation): Json {
  const { reading, interfaceId, interfaceKnown, groups, ...rest } = end;
  return {
    interface: { id: interfaceId, known: interfaceKnown, groups },
    ...rest,
    reading: reading === null ? null : readingDocument(reading),
  };
}
