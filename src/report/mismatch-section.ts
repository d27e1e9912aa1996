// The tuples on which action and verdict disagree, the most frequent first.

import { CAUSES, type Cause, type MismatchTuple, type Summary } from "../analysis/summary.js";
import { barPlots } from "./plot.js";
import { byteSize, counted, grouped, protocolPort, timestamp } from "./quantity.js";
import type { Cell, Column, Row, Section, Table } from "./report-body.js";

/** Tuples printed per table; the JSON report lists every tuple the summary keeps. */
const SHOWN = 10;

/** Nothing here is ever cut: identifiers are there to be copied. */
const COLUMNS: readonly Column[] = [
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
  { title: "interface", align: "left", code: true },
  { title: "opening", align: "left" },
  { title: "remote", align: "left", code: true },
  { title: "to port", align: "left" },
];

function tupleRow(tuple: MismatchTuple): Cell[] {
  return [
    grouped(tuple.records),
    byteSize(tuple.bytes),
    tuple.interfaceId,
    tuple.direction ?? "unknown",
    tuple.remote,
    protocolPort(tuple.protocol, tuple.port),
  ];
}

/** Causes, the most frequent first, with their counts where there are several. */
function causesText(tuple: MismatchTuple): string {
  const found: [Cause, number][] = [];
  for (const cause of CAUSES) {
    if (cause === "") continue;
    const count = tuple.causes[cause] ?? 0;
    if (count > 0) found.push([cause, count]);
  }
  found.sort((a, b) => b[1] - a[1]);
  if (found.length === 1) return found[0]![0];
  return found.map(([cause, count]) => `${cause} ${grouped(count)}`).join(", ");
}

function tupleDetails(tuple: MismatchTuple): NonNullable<Row["details"]> {
  const span = `${timestamp(tuple.firstStart)} to ${timestamp(tuple.lastEnd)}`;
  const causes = causesText(tuple);
  const places = tuple.samples.map(({ file, line }) => `${file}:${line}`);
  return [causes === "" ? span : `${causes}; ${span}`, { places }];
}

/** One table of tuples, each followed by its causes, its time span and the places of its first records. */
function mismatchSection(
  heading: string,
  tuples: readonly MismatchTuple[],
  unlisted: readonly string[],
): Section {
  const shown = tuples.slice(0, SHOWN);
  const hidden =
    tuples.length > shown.length
      ? [`${counted(tuples.length - shown.length, "more tuple")} in the JSON report.`]
      : [];
  const table: Table = {
    kind: "table",
    columns: COLUMNS,
    rows: shown.map((tuple) => ({ cells: tupleRow(tuple), details: tupleDetails(tuple) })),
    none: "None.",
    foot: [...hidden, ...unlisted],
  };
  const bars = shown.map(({ interfaceId, remote, protocol, port, records }) => ({
    label: `${remote} ${protocolPort(protocol, port)} ${interfaceId}`,
    value: records,
    text: grouped(records),
  }));
  return { heading, blocks: [table], plots: barPlots("Records of the largest tuples", bars) };
}

/** Where log and rules disagree: two tables, and what the summary itself had to leave out. */
export function mismatchSections({ mismatches }: Summary): Section[] {
  const { acceptedButDenied, rejectedButAllowed, more } = mismatches;
  const unlisted =
    more === 0 ? [] : [`${counted(more, "further tuple")} disagree and are not listed.`];
  return [
    mismatchSection("Accepted but denied", acceptedButDenied, []),
    mismatchSection("Rejected but allowed", rejectedButAllowed, unlisted),
  ];
}
