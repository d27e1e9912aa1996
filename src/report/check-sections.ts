// Where log and model disagree, by suspected cause, and what was left open.

import type {
  CheckTuple,
  Disagreement,
  DisagreementKind,
  Evidence,
  FidelityCheck,
  Settling,
  Undecided,
} from "../questions/index.js";
import { CAUSE_MEANINGS, REASON_MEANINGS } from "./meanings.js";
import { byteSize, counted, grouped, percent, protocolPort, timestamp } from "./quantity.js";
import type { Cell, Column, Row, Section, Table } from "./report-body.js";
import { gradesText, placesOf, spreadText } from "./tuple-text.js";

/** Tuples shown per cause; the JSON report lists every tuple the summary keeps. */
const SHOWN_TUPLES = 5;

const EVIDENCE_MEANINGS: Readonly<Record<Evidence, string>> = {
  stated: "the log says so",
  shown: "nothing else known behaves so",
  suggested: "the pattern fits",
  open: "what is left when nothing speaks",
};

const KIND_WORDS: Readonly<Record<DisagreementKind, string>> = {
  "accepted-but-denied": "ACCEPT/deny",
  "rejected-but-allowed": "REJECT/allow",
};

const CAUSE_COLUMNS: readonly Column[] = [
  { title: "evidence", align: "left" },
  { title: "disagreement", align: "left" },
  { title: "suspected cause", align: "left" },
  { title: "records", align: "right" },
  { title: "share", align: "right" },
];

const TUPLE_COLUMNS: readonly Column[] = [
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
  { title: "interface", align: "left", code: true },
  { title: "opening", align: "left" },
  { title: "remote", align: "left", code: true },
  { title: "to port", align: "left" },
];

const OPEN_COLUMNS: readonly Column[] = [
  { title: "reason", align: "left" },
  { title: "records", align: "right" },
  { title: "share", align: "right" },
  { title: "meaning", align: "left", shrinkTo: 12 },
];

function settlingCells(settledBy: readonly Settling[]): Cell[] {
  return settledBy.map(({ document, command }): Cell => {
    return command === null ? `settled by ${document}` : `settled by ${document}: ${command}`;
  });
}

function causeRow(found: Disagreement): Row {
  const { evidence, kind, cause, records, share } = found;
  return {
    cells: [evidence, KIND_WORDS[kind], cause, grouped(records), percent(share, 1)],
    details: [
      `${CAUSE_MEANINGS[cause]} (${EVIDENCE_MEANINGS[evidence]})`,
      ...settlingCells(found.settledBy),
    ],
  };
}

function tupleRow(tuple: CheckTuple): Row {
  const span = `${timestamp(tuple.firstStart)} to ${timestamp(tuple.lastEnd)}`;
  const opener = gradesText(tuple.grades);
  const connections =
    tuple.connections === 0
      ? ""
      : `; of ${counted(tuple.connections, "connection")}, opener ${opener}`;
  return {
    cells: [
      grouped(tuple.recordsOfCause),
      byteSize(tuple.bytes),
      tuple.interfaceId,
      tuple.direction ?? "unknown",
      tuple.remote,
      protocolPort(tuple.protocol, tuple.port),
    ],
    details: [`${span}${connections}`, placesOf(tuple.samples)],
  };
}

function causeSection({ kind, cause, tuples, tuplesCut }: Disagreement): Section {
  const shown = tuples.slice(0, SHOWN_TUPLES);
  const hidden = tuples.length - shown.length;
  const table: Table = {
    kind: "table",
    columns: TUPLE_COLUMNS,
    rows: shown.map(tupleRow),
    none: "Its tuples are not among the greatest, which alone are listed.",
    foot: [
      ...(hidden > 0 ? [`${counted(hidden, "more tuple")} in the JSON report.`] : []),
      ...(tuplesCut && tuples.length > 0
        ? [
            "Only the greatest tuples are listed anywhere: more records of this cause are of others.",
          ]
        : []),
    ],
  };
  return { heading: `${KIND_WORDS[kind]}, ${cause}`, blocks: [table] };
}

function openRow({ reason, records, details, settledBy }: Undecided, judged: number): Row {
  const named = details.distinct === 0 ? [] : [spreadText(details, "name")];
  return {
    cells: [reason, grouped(records), percent(records, judged), REASON_MEANINGS[reason]],
    details: [...named, ...settlingCells(settledBy)],
  };
}

/** Disagreements by cause, strongest evidence first, the tuples of each, then what has no answer. */
export function checkSections(check: FidelityCheck, judged: number): Section[] {
  const causes: Table = {
    kind: "table",
    columns: CAUSE_COLUMNS,
    rows: check.disagreements.map(causeRow),
    none: "None.",
  };
  const open: Table = {
    kind: "table",
    columns: OPEN_COLUMNS,
    rows: check.undecided.map((each) => openRow(each, judged)),
    none: "None: every record has a verdict.",
  };
  return [
    { heading: "Disagreements by suspected cause", blocks: [causes] },
    ...check.disagreements.map(causeSection),
    { heading: "Records without an answer", blocks: [open] },
  ];
}
