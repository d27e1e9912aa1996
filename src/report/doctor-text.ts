import { printable } from "../model/printable.js";
import type { Finding } from "../rules/index.js";
import type { DoctorReport, LogLook, LogsFound, RulesFound } from "./doctor-report.js";
import type { Style } from "./paint.js";
import { byteSize, counted, duration, grouped, timestamp } from "./quantity.js";
import type { TextOptions } from "./text-options.js";
import { type Cell, type Column, labelled, textTable, wrap } from "./text-table.js";

/** Files printed one by one; the JSON report has all that were looked at. */
const SHOWN_FILES = 25;
/** Ids printed of one finding. */
const SHOWN_SUBJECTS = 8;

const STATUS_MARKS: Readonly<Record<LogLook["status"], readonly [string, Style]>> = {
  recognised: ["✓", "good"],
  empty: ["?", "warn"],
  refused: ["✗", "bad"],
  broken: ["✗", "bad"],
};

const HOW: Readonly<Record<string, string>> = {
  header: "header line",
  option: "--fields",
  "v2-shape": "version 2 default",
  "csv-header": "CSV header",
};

const FILE_COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "file", align: "left", shrinkTo: 24, keep: "end" },
  { title: "size", align: "right" },
  { title: "format", align: "left" },
  { title: "records", align: "right" },
  { title: "bad lines", align: "right" },
  { title: "begins", align: "left" },
];

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function fileRow(look: LogLook): Cell[] {
  const [mark, style] = STATUS_MARKS[look.status];
  const format = look.how === null ? look.status : `${look.fields.length} fields, ${HOW[look.how]}`;
  const bad = total(look.malformed);
  const more = look.whole || look.records === 0 ? "" : "+";
  return [
    { text: mark, style },
    look.name,
    look.size === 0 ? "-" : byteSize(look.size),
    format,
    `${grouped(look.records)}${more}`,
    { text: grouped(bad), style: bad === 0 ? "faint" : "warn" },
    look.firstStart === null ? "-" : timestamp(look.firstStart),
  ];
}

/** Files in trouble come first: the list is cut. */
function shownLooks(looks: readonly LogLook[]): readonly LogLook[] {
  const weight = (look: LogLook): number => (look.status === "recognised" ? 1 : 0);
  return [...looks].sort((a, b) => weight(a) - weight(b)).slice(0, SHOWN_FILES);
}

/** Smallest and greatest time of the looks, or nothing. */
export function lookSpan(logs: LogsFound): { first: number; last: number } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { firstStart, lastEnd } of logs.looks) {
    if (firstStart !== null) first = Math.min(first, firstStart);
    if (lastEnd !== null) last = Math.max(last, lastEnd);
  }
  return first <= last ? { first, last } : undefined;
}

function logLines(logs: LogsFound, options: TextOptions): string[] {
  const shown = shownLooks(logs.looks);
  const lines = textTable(FILE_COLUMNS, shown.map(fileRow), options);
  const hidden = logs.looks.length - shown.length;
  if (hidden > 0) lines.push(`  ${counted(hidden, "more file")} looked at.`);
  if (logs.notLookedAt > 0)
    lines.push(`  ${counted(logs.notLookedAt, "more file")} not looked at.`);
  for (const look of shown)
    for (const message of look.messages)
      lines.push(
        ...wrap(printable(message), options.width - 4).map(
          (line) => `    ${options.paint(STATUS_MARKS[look.status][1], line)}`,
        ),
      );
  const span = lookSpan(logs);
  const pairs: [string, Cell][] = [];
  if (span !== undefined) {
    const long = duration(span.last - span.first);
    pairs.push(["Seen", `${timestamp(span.first)} to ${timestamp(span.last)} (${long})`]);
  }
  pairs.push(["Size", `${byteSize(logs.bytes)} on disk`]);
  pairs.push(["Interfaces", interfacesCell(logs)]);
  return [...lines, "", ...labelled(pairs, options)];
}

function interfacesCell(logs: LogsFound): Cell {
  const seen = `${counted(logs.interfaces.length, "interface")} seen`;
  if (logs.undescribed === null) return seen;
  if (logs.undescribed.length === 0) return { text: `${seen}, all in the rules`, style: "good" };
  const names = logs.undescribed.slice(0, SHOWN_SUBJECTS).join(", ");
  const rest = logs.undescribed.length > SHOWN_SUBJECTS ? ", ..." : "";
  return {
    text: `${seen}, ${grouped(logs.undescribed.length)} not in the rules (their records are unknown): ${names}${rest}`,
    style: "warn",
  };
}

function findingLines(finding: Finding, options: TextOptions): string[] {
  const marks: Readonly<Record<Finding["kind"], readonly [string, Style]>> = {
    recognised: ["✓", "good"],
    unresolved: ["?", "warn"],
    missing: ["✗", "warn"],
  };
  const isLeftAside = finding.kind === "recognised" && finding.code !== "document-used";
  const [mark, style] = isLeftAside ? marks.unresolved : marks[finding.kind];
  const subjects = finding.kind === "recognised" ? [] : finding.subjects;
  const names = subjects.slice(0, SHOWN_SUBJECTS).join(", ");
  const rest = subjects.length > SHOWN_SUBJECTS ? `, ... (${grouped(subjects.length)})` : "";
  const head = names === "" ? finding.message : `${finding.message}: ${names}${rest}`;
  const width = options.width - 4;
  const [first = "", ...more] = wrap(printable(head), width);
  return [
    `  ${options.paint(style, mark)} ${first}`,
    ...more.map((line) => `    ${line}`),
    ...(finding.cost === ""
      ? []
      : wrap(printable(finding.cost), width).map((line) => `    ${options.paint("faint", line)}`)),
  ];
}

function snapshotCell(rules: RulesFound, logs: LogsFound | null): Cell {
  const known = rules.takenAt ?? rules.notBefore;
  if (known === null) return "age not known: no document says when it was taken";
  const text =
    rules.takenAt === null ? `not older than ${timestamp(known)}` : `taken ${timestamp(known)}`;
  const span = logs === null ? undefined : lookSpan(logs);
  if (span === undefined) return text;
  if (known < span.first) return `${text}, ${duration(span.first - known)} before the log begins`;
  if (known <= span.last) return `${text}, within the log`;
  return {
    text: `${text}, ${duration(known - span.last)} after what was seen of the log: rules may have changed between`,
    style: "warn",
  };
}

function ruleLines(rules: RulesFound, logs: LogsFound | null, options: TextOptions): string[] {
  const size = `${counted(rules.groups, "group")}, ${counted(rules.rules, "rule")}, ${counted(rules.interfaces, "interface")}`;
  return [
    ...rules.findings.flatMap((finding) => findingLines(finding, options)),
    "",
    ...labelled(
      [
        ["Loaded", size],
        ["Snapshot", snapshotCell(rules, logs)],
      ],
      options,
    ),
  ];
}

function lackingLines(report: DoctorReport, options: TextOptions): string[] {
  const files = report.logs?.looks.length ?? 0;
  return labelled(
    report.lacking.map(({ field, cost, files: count }): [string, Cell] => [
      field,
      count === files ? cost : `${cost} (${counted(count, "file")})`,
    ]),
    options,
  );
}

/** Commands are printed whole, one a line, to be pasted. */
function commandLines(report: DoctorReport): string[] {
  const needed = report.commands.filter((command) => command.needed);
  const lines = needed.map(({ command }) => `  ${printable(command)}`);
  lines.push(...report.logCommands.map((command) => `  ${printable(command)}`));
  return lines.length === 0 ? ["  Nothing: all documents are there."] : lines;
}

/** The text report of `doctor`. Deterministic; ends in a line feed. */
export function doctorText(report: DoctorReport, options: TextOptions): string {
  const sections: [string, string[]][] = [];
  if (report.problems.length > 0)
    sections.push([
      "Not readable",
      report.problems.flatMap((problem) =>
        wrap(printable(problem), options.width - 2).map(
          (line) => `  ${options.paint("bad", line)}`,
        ),
      ),
    ]);
  if (report.logs !== null) sections.push(["Logs", logLines(report.logs, options)]);
  if (report.lacking.length > 0)
    sections.push(["Fields the logs lack", lackingLines(report, options)]);
  if (report.rules !== null)
    sections.push(["Rules", ruleLines(report.rules, report.logs, options)]);
  sections.push(["Read-only commands that fetch what is missing", commandLines(report)]);
  const lines = sections.flatMap(([heading, body]) => [
    options.paint("heading", heading),
    ...body,
    "",
  ]);
  return `${lines.join("\n").trimEnd()}\n`;
}
