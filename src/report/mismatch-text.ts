// The tuples on which action and verdict disagree, the most frequent first.

import {
  CAUSES,
  type Cause,
  type Located,
  type MismatchTuple,
  type Summary,
} from "../analysis/summary.js";
import { printable } from "../model/printable.js";
import { byteSize, counted, grouped, protocolPort, timestamp } from "./quantity.js";
import type { TextOptions } from "./text-options.js";
import { type Cell, type Column, textTable, wrap } from "./text-table.js";

/** Tuples printed per table; the JSON report lists every tuple the summary keeps. */
const SHOWN = 10;

/** Nothing here is ever cut: identifiers are there to be copied. */
const COLUMNS: readonly Column[] = [
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
  { title: "interface", align: "left" },
  { title: "opening", align: "left" },
  { title: "remote", align: "left" },
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

/** As many places as one line holds, at least one; the rest is counted. */
function samplesText(samples: readonly Located[], width: number): string {
  let text = "";
  let shown = 0;
  for (const { file, line } of samples) {
    const next = shown === 0 ? `${file}:${line}` : `${text} ${file}:${line}`;
    if (shown > 0 && next.length > width) break;
    text = next;
    shown++;
  }
  return shown < samples.length ? `${text} +${samples.length - shown}` : text;
}

function detailLines(tuple: MismatchTuple, options: TextOptions): string[] {
  const indent = " ".repeat(6);
  const width = options.width - indent.length;
  const span = `${timestamp(tuple.firstStart)} to ${timestamp(tuple.lastEnd)}`;
  const causes = causesText(tuple);
  const lines = wrap(causes === "" ? span : `${causes}; ${span}`, width);
  if (tuple.samples.length > 0) lines.push(printable(samplesText(tuple.samples, width)));
  return lines.map((line) => indent + options.paint("faint", line));
}

/** One table of tuples, each followed by its causes, its time span and the places of its first records. */
export function mismatchLines(tuples: readonly MismatchTuple[], options: TextOptions): string[] {
  if (tuples.length === 0) return ["  None."];
  const shown = tuples.slice(0, SHOWN);
  const [titles, ...rows] = textTable(COLUMNS, shown.map(tupleRow), options);
  const lines = [titles!];
  shown.forEach((tuple, i) => {
    lines.push(rows[i]!, ...detailLines(tuple, options));
  });
  if (tuples.length > shown.length)
    lines.push(`  ${counted(tuples.length - shown.length, "more tuple")} in the JSON report.`);
  return lines;
}

/** What the summary itself had to leave out, or nothing. */
export function unlistedLines(summary: Summary): string[] {
  if (summary.mismatches.more === 0) return [];
  return [`  ${counted(summary.mismatches.more, "further tuple")} disagree and are not listed.`];
}
