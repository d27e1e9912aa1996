// The section that says what an answer can claim (semantics 11).

import type {
  BrokenFile,
  Coverage,
  LogNote,
  MalformedSample,
  Summary,
} from "../analysis/summary.js";
import { GRADES } from "../model/verdict.js";
import type { Plot } from "./plot.js";
import { byteSize, counted, duration, grouped, percent, timestamp } from "./quantity.js";
import { type Cell, type Pair, pairs as pairsOf, type Section, toned } from "./report-body.js";

function recordsLine(summary: Summary): string {
  const r = summary.records;
  return (
    `${grouped(r.read)} read = ${grouped(r.judged)} judged + ${grouped(r.nodata)} NODATA + ` +
    `${grouped(r.skipdata)} SKIPDATA + ${grouped(r.malformed)} malformed`
  );
}

function spanLine(coverage: Coverage): string {
  const { firstStart, lastEnd } = coverage;
  if (firstStart === null || lastEnd === null) return "no record with status OK";
  return `${timestamp(firstStart)} to ${timestamp(lastEnd)} (${duration(lastEnd - firstStart)})`;
}

function interfacesLine(coverage: Coverage): string {
  const i = coverage.interfaces;
  const inferred =
    i.inferredAddresses === 0 ? "" : `; addresses of ${grouped(i.inferredAddresses)} inferred`;
  return `${grouped(i.seen)} seen: ${grouped(i.withRules)} in the rule set, ${grouped(i.withoutRules)} not${inferred}`;
}

/** What NODATA and SKIPDATA windows bound; nothing where there are none. */
function gapPairs(summary: Summary): Pair[] {
  const list = summary.coverage.interfaces.list;
  const pairs: Pair[] = [];
  const silent = list.filter((entry) => entry.nodata > 0).length;
  if (summary.records.nodata > 0) {
    const windows = counted(summary.records.nodata, "window");
    pairs.push(["NODATA", `${windows} on ${counted(silent, "interface")}: nothing to log`]);
  }
  const skipped = list.filter((entry) => entry.skipdata > 0);
  if (summary.records.skipdata > 0) {
    const seconds = skipped.reduce((sum, entry) => sum + entry.skipdataSeconds, 0);
    const text =
      `${counted(summary.records.skipdata, "window")} on ${counted(skipped.length, "interface")}, ` +
      `${duration(seconds)} in all: AWS lost an unknown number of records there`;
    pairs.push(["SKIPDATA", toned(text, "warn")]);
  }
  return pairs;
}

function malformedPairs(summary: Summary): Pair[] {
  if (summary.records.malformed === 0) return [["Bad lines", "none"]];
  const byReason = Object.entries(summary.coverage.malformed.byReason)
    .map(([reason, count]) => `${grouped(count ?? 0)} ${reason}`)
    .join(", ");
  return [["Bad lines", toned(`${grouped(summary.records.malformed)}: ${byReason}`, "warn")]];
}

function sampleCell({ file, line, reason, text }: MalformedSample): Cell {
  return { text: `${file}:${line}: ${reason}: ${text}`, style: "faint", code: true };
}

function snapshotLine(coverage: Coverage): Cell {
  const taken = coverage.snapshotTakenAt;
  if (taken === null) return "age not known: no document says when it was taken";
  const at = `not older than ${timestamp(taken)}`;
  const { firstStart, lastEnd } = coverage;
  if (firstStart === null || lastEnd === null) return at;
  if (taken < firstStart) return `${at}, ${duration(firstStart - taken)} before the log begins`;
  if (taken <= lastEnd) return `${at}, within the log`;
  const gap = duration(taken - lastEnd);
  return toned(`${at}, ${gap} after the log ends: rules may have changed between`, "warn");
}

function openersLine(summary: Summary): string {
  const shares = GRADES.filter((grade) => summary.grades[grade] > 0)
    .reverse()
    .map((grade) => `${grade} ${percent(summary.grades[grade], summary.records.judged)}`);
  return shares.length === 0 ? "no record judged" : shares.join(", ");
}

/** Messages mostly begin with the place already. */
function noteText({ file, line, message, code }: LogNote): string {
  return `${file}${line > 0 ? `:${line}` : ""}: ${message} (${code})`;
}

function brokenText({ name, message }: BrokenFile): string {
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

function countersPairs(summary: Summary): Pair[] {
  const { coverage, connections, records } = summary;
  const pairs: Pair[] = [];
  if (coverage.openingsAssumed > 0) {
    const text = `${counted(coverage.openingsAssumed, "connection")} whose opening the log does not hold, judged as if it had been seen`;
    pairs.push(["Assumed", text]);
  }
  if (records.late > 0) {
    const text = `${counted(records.late, "record")} arrived after their slot was judged: the answer may depend on file order`;
    pairs.push(["Late", toned(text, "warn")]);
  }
  if (connections.evicted > 0 || coverage.endpointsEvicted > 0) {
    const text = `${counted(connections.evicted, "connection")} and ${counted(coverage.endpointsEvicted, "endpoint")} left the full table; raise --max-connections`;
    pairs.push(["Evicted", toned(text, "warn")]);
  }
  if (coverage.filesOutsideTime > 0)
    pairs.push([
      "Left out",
      `${counted(coverage.filesOutsideTime, "file")} outside --from, --to or --partition by name, not opened`,
    ]);
  if (coverage.filtered > 0)
    pairs.push([
      "Filtered",
      `${counted(coverage.filtered, "record")} outside the filter, not read`,
    ]);
  return pairs;
}

/** What the log and the rules hold, and what they lack. */
export function coverageSection(summary: Summary): Section {
  const { coverage } = summary;
  const pairs: Pair[] = [
    ["Records", recordsLine(summary)],
    ["Time span", spanLine(coverage)],
    ["Files", `${counted(coverage.files, "file")}, ${byteSize(coverage.bytesRead)} of log text`],
    ["Interfaces", interfacesLine(coverage)],
    ...gapPairs(summary),
    ...malformedPairs(summary),
    ...coverage.malformed.samples.map((sample): Pair => ["", sampleCell(sample)]),
    ...coverage.missingFields.map(
      (missing): Pair => [
        "Missing",
        `${missing.field} in ${counted(missing.records, "record")}: ${missing.cost}`,
      ],
    ),
    ["Openers", openersLine(summary)],
    ...countersPairs(summary),
    ["Snapshot", snapshotLine(coverage)],
    ...coverage.brokenFiles.map((broken): Pair => ["Not read", toned(brokenText(broken), "bad")]),
    ...coverage.notes.map((note): Pair => ["Note", noteText(note)]),
  ];
  const { overTime } = coverage;
  const plots: readonly Plot[] =
    overTime === null ? [] : [{ kind: "over-time", title: "Verdicts over time", overTime }];
  return { heading: "Coverage", blocks: [pairsOf(pairs)], plots };
}
