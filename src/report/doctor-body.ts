import type { DoctorFindings, LogLook, LogsFound, RulesFound } from "../inspect/index.js";
import type { Finding } from "../rules/index.js";
import type { Style } from "./paint.js";
import { byteSize, counted, duration, grouped, timestamp } from "./quantity.js";
import {
  type Block,
  type Cell,
  type Column,
  type Item,
  note,
  type Pair,
  pairs as pairsOf,
  type ReportBody,
  type Row,
  type Section,
  toned,
} from "./report-body.js";
import { TOOL } from "./tool.js";

/** Files printed one by one; the JSON report has all that were looked at. */
const SHOWN_FILES = 25;
/** Ids printed of one finding. */
const SHOWN_SUBJECTS = 8;

const STATUS_MARKS: Readonly<Record<LogLook["status"], readonly [string, Style]>> = {
  recognised: ["✓", "good"],
  empty: ["?", "warn"],
  other: ["-", "faint"],
  refused: ["✗", "bad"],
  broken: ["✗", "bad"],
};

const STATUS_WORDS: Readonly<Record<LogLook["status"], string>> = {
  recognised: "recognised",
  empty: "empty",
  other: "no log",
  refused: "refused",
  broken: "broken",
};

const HOW: Readonly<Record<string, string>> = {
  header: "header line",
  option: "--fields",
  "v2-shape": "version 2 default",
  "csv-header": "CSV header",
  parquet: "Parquet schema",
  "arrow-file": "Arrow file schema",
  "arrow-stream": "Arrow stream schema",
  "json-message": "JSON messages",
  "json-names": "JSON objects",
};

const PACKED: Readonly<Record<NonNullable<LogLook["packing"]>, string>> = {
  none: "",
  gzip: ", gzip",
  zstd: ", zstd",
};

const FILE_COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "file", align: "left", shrinkTo: 24, keep: "end", code: true },
  { title: "size", align: "right" },
  { title: "format", align: "left" },
  { title: "records", align: "right" },
  { title: "bad lines", align: "right" },
  { title: "begins", align: "left" },
];

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function fileCells(look: LogLook): Cell[] {
  const [mark, style] = STATUS_MARKS[look.status];
  const format =
    look.how === null
      ? STATUS_WORDS[look.status]
      : `${look.fields.length} fields, ${HOW[look.how]}${PACKED[look.packing ?? "none"]}`;
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

function fileRow(look: LogLook): Row {
  const [, style] = STATUS_MARKS[look.status];
  return {
    cells: fileCells(look),
    details: look.messages.map((message) => toned(message, style)),
  };
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

function logSection(logs: LogsFound): Section {
  const shown = shownLooks(logs.looks);
  const hidden = logs.looks.length - shown.length;
  const foot = [
    ...(hidden > 0 ? [`${counted(hidden, "more file")} looked at.`] : []),
    ...(logs.notLookedAt > 0 ? [`${counted(logs.notLookedAt, "more file")} not looked at.`] : []),
  ];
  const span = lookSpan(logs);
  const list: Pair[] = [];
  if (span !== undefined) {
    const long = duration(span.last - span.first);
    list.push(["Seen", `${timestamp(span.first)} to ${timestamp(span.last)} (${long})`]);
  }
  list.push(["Size", `${byteSize(logs.bytes)} on disk`]);
  list.push(["Interfaces", interfacesCell(logs)]);
  return {
    heading: "Logs",
    blocks: [
      { kind: "table", columns: FILE_COLUMNS, rows: shown.map(fileRow), foot },
      pairsOf(list),
    ],
  };
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

const FINDING_MARKS: Readonly<Record<Finding["kind"], Cell>> = {
  recognised: toned("✓", "good"),
  unresolved: toned("?", "warn"),
  missing: toned("✗", "warn"),
};

function findingItem(finding: Finding): Item {
  const isLeftAside = finding.kind === "recognised" && finding.code !== "document-used";
  const mark = FINDING_MARKS[isLeftAside ? "unresolved" : finding.kind];
  const subjects = finding.kind === "recognised" ? [] : finding.subjects;
  const names = subjects.slice(0, SHOWN_SUBJECTS).join(", ");
  const rest = subjects.length > SHOWN_SUBJECTS ? `, ... (${grouped(subjects.length)})` : "";
  const text = names === "" ? finding.message : `${finding.message}: ${names}${rest}`;
  return { mark, text, details: finding.cost === "" ? [] : [finding.cost] };
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

function ruleSection(rules: RulesFound, logs: LogsFound | null): Section {
  const size = `${counted(rules.groups, "group")}, ${counted(rules.rules, "rule")}, ${counted(rules.interfaces, "interface")}`;
  return {
    heading: "Rules",
    blocks: [
      { kind: "list", items: rules.findings.map(findingItem) },
      pairsOf([
        ["Loaded", size],
        ["Snapshot", snapshotCell(rules, logs)],
      ]),
    ],
  };
}

function lackingBlock({ logs, lacking }: DoctorFindings): Block {
  const files = logs?.looks.length ?? 0;
  return pairsOf(
    lacking.map(
      ({ field, cost, files: count }): Pair => [
        field,
        count === files ? cost : `${cost} (${counted(count, "file")})`,
      ],
    ),
  );
}

/** Commands are shown whole, one a line, to be pasted. */
function commandBlock({ commands, logCommands }: DoctorFindings): Block {
  const needed = commands.filter((command) => command.needed);
  const lines = [...needed.map(({ command }) => command), ...logCommands];
  if (lines.length === 0) return note("Nothing: all documents are there.");
  return { kind: "code", lines };
}

/** The answer of `doctor`: what is at fault first, the commands last. */
export function doctorBody(found: DoctorFindings): ReportBody {
  const { problems, logs, rules, lacking } = found;
  const sections: Section[] = [];
  if (problems.length > 0)
    sections.push({
      heading: "Not readable",
      blocks: [{ kind: "list", items: problems.map((text) => ({ text: toned(text, "bad") })) }],
    });
  if (logs !== null) sections.push(logSection(logs));
  if (lacking.length > 0)
    sections.push({ heading: "Fields the logs lack", blocks: [lackingBlock(found)] });
  if (rules !== null) sections.push(ruleSection(rules, logs));
  sections.push({
    heading: "Read-only commands that fetch what is missing",
    blocks: [commandBlock(found)],
  });
  return { title: `${TOOL.name} ${TOOL.version}`, lead: [], sections };
}
