// The tuples of an impact, one table per kind of change, each tuple with what leads to it.

import type { Change, CutOver } from "../model/opener.js";
import type { Impact, ImpactTuple, NearestMiss, RulingShare } from "../questions/index.js";
import { REASON_MEANINGS } from "./meanings.js";
import { barPlots } from "./plot.js";
import { byteSize, counted, grouped, protocolPort, timestamp } from "./quantity.js";
import { type Column, type Row, type Section, type Table, textOf } from "./report-body.js";
import { endCell, gradesText, namesText, placesOf, seenText, spreadText } from "./tuple-text.js";

/** Near misses told in words; the JSON report has all that were found. */
const SHOWN_MISSES = 2;

const COLUMNS: readonly Column[] = [
  { title: "connections", align: "right" },
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
  { title: "from", align: "left" },
  { title: "to", align: "left" },
  { title: "to port", align: "left" },
];

export const CHANGE_HEADINGS: Readonly<Record<Change, string>> = {
  "newly-denied": "Would break",
  "newly-allowed": "Newly pass (attempts only)",
  unchanged: "Unchanged",
  undetermined: "Undetermined",
};

const CUT_OVER_HEADINGS: Readonly<Record<CutOver, string>> = {
  survives: "Survive the cut-over because they are tracked",
  cut: "Cut at once because they are untracked",
  refused: "Refused after the cut-over",
};

function headingOf({ change, cutOver }: ImpactTuple): string {
  return cutOver === null ? CHANGE_HEADINGS[change] : CUT_OVER_HEADINGS[cutOver];
}

function rulingText({ verdict, reason, detail, connections }: RulingShare, alone: boolean): string {
  const named = detail === "" ? "" : ` (${detail})`;
  const many = alone ? "" : `: ${counted(connections, "connection")}`;
  return `${verdict}, ${REASON_MEANINGS[reason]}${named}${many}`;
}

/** What one side says, and by which rules. */
function sideText(
  side: string,
  rulings: readonly RulingShare[],
  rules: ImpactTuple["baselineRules"],
): string {
  const said = rulings.map((ruling) => rulingText(ruling, rulings.length === 1)).join("; ");
  const by = rules.distinct === 0 ? "" : `, by ${spreadText(rules, "rule")}`;
  return `${side}: ${said}${by}`;
}

function missTexts(miss: NearestMiss | null): string[] {
  if (miss === null) return [];
  const groups = miss.groupIds.join(", ");
  if (miss.rules === 0)
    return [`${miss.side}: ${groups === "" ? "no group" : groups} has no rule in this direction`];
  return miss.nearest.slice(0, SHOWN_MISSES).map(({ ruleId, at, criteria }) => {
    return `${miss.side}'s nearest, ${ruleId} (${at.file}:${at.line}): ${criteria.join("; ")}`;
  });
}

function spanText(tuple: ImpactTuple): string {
  const parts = [
    seenText(tuple.first, tuple.last),
    spreadText(tuple.peers, "peer"),
    spreadText(tuple.interfaces, "interface"),
    `opener ${gradesText(tuple.grades)}`,
    ...(tuple.survivesUntil === null
      ? []
      : [`idle ones are forgotten at ${timestamp(tuple.survivesUntil)} at the latest`]),
    ...(tuple.seenAtBothEnds ? ["seen at both ends, so each counts twice"] : []),
    ...(tuple.openingsAssumed > 0
      ? [`${counted(tuple.openingsAssumed, "opening")} not in the log`]
      : []),
  ];
  return parts.join("; ");
}

function namesOf(tuple: ImpactTuple): string[] {
  const names = namesText(tuple);
  return names === undefined ? [] : [names];
}

/** What stands below a tuple: when and who, what both sides say, what would have admitted it, where it is logged. */
function detailsOf(tuple: ImpactTuple): NonNullable<Row["details"]> {
  return [
    ...namesOf(tuple),
    spanText(tuple),
    sideText("baseline", tuple.baseline, tuple.baselineRules),
    sideText("candidate", tuple.candidate, tuple.candidateRules),
    ...missTexts(tuple.nearestMiss),
    placesOf(tuple.samples),
  ];
}

function tupleRow(tuple: ImpactTuple): Row {
  return {
    cells: [
      grouped(tuple.connections),
      grouped(tuple.records),
      byteSize(tuple.bytes),
      endCell(tuple.source),
      endCell(tuple.destination),
      protocolPort(tuple.protocol, tuple.port),
    ],
    // What stays as it is needs no reasons.
    details:
      tuple.change === "unchanged" && tuple.cutOver === null
        ? [...namesOf(tuple), placesOf(tuple.samples)]
        : detailsOf(tuple),
  };
}

/** One section per kind of change, in the order of the list. `name` stands before the headings of several candidates. */
export function impactTupleSections(impact: Impact, name: string | null): Section[] {
  const kinds = new Map<string, ImpactTuple[]>();
  for (const tuple of impact.list) {
    const heading = headingOf(tuple);
    const known = kinds.get(heading);
    if (known === undefined) kinds.set(heading, [tuple]);
    else known.push(tuple);
  }
  const sections = [...kinds].map(([heading, tuples], i): Section => {
    const isLast = i === kinds.size - 1;
    const more = isLast && impact.more > 0;
    const foot = more ? [`${counted(impact.more, "more tuple")} not listed.`] : [];
    const table: Table = { kind: "table", columns: COLUMNS, rows: tuples.map(tupleRow), foot };
    const bars = tuples.map((tuple) => ({
      label: `${textOf(endCell(tuple.source))} → ${textOf(endCell(tuple.destination))} ${protocolPort(tuple.protocol, tuple.port)}`,
      value: tuple.connections,
      text: grouped(tuple.connections),
    }));
    return {
      heading: name === null ? heading : `${name}: ${heading}`,
      blocks: [table],
      plots: barPlots("Connections of the largest tuples", bars),
    };
  });
  return sections;
}
