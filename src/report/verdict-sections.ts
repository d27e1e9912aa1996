// Action × verdict, fidelity, causes, and the tables by reason and grade (semantics 5.6, 8).

import { CAUSES, type Cause, type Summary, type VerdictCounts } from "../analysis/summary.js";
import { GRADES, REASONS, type Verdict, verdictOf } from "../model/verdict.js";
import { CAUSE_MEANINGS, GRADE_MEANINGS, REASON_MEANINGS } from "./meanings.js";
import type { Style } from "./paint.js";
import type { Plot } from "./plot.js";
import { counted, grouped, percent } from "./quantity.js";
import { type Cell, type Column, paragraph, type Section, table, toned } from "./report-body.js";

const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
  allow: "good",
  deny: "bad",
  unknown: "warn",
};

function total(counts: VerdictCounts): number {
  return counts.allow + counts.deny + counts.unknown;
}

function countCell(count: number, style: Style = "plain"): Cell {
  return { text: grouped(count), style: count === 0 ? "faint" : style };
}

function matrixRow(label: string, counts: VerdictCounts, wrong: "allow" | "deny" | null): Cell[] {
  const styleOf = (verdict: "allow" | "deny"): Style => (verdict === wrong ? "bad" : "plain");
  return [
    label,
    countCell(counts.allow, styleOf("allow")),
    countCell(counts.deny, styleOf("deny")),
    countCell(counts.unknown, "warn"),
    countCell(total(counts)),
  ];
}

/** Records without an action: what the verdicts hold beyond the two rows of the matrix. */
function actionless(summary: Summary): VerdictCounts {
  const { accept, reject } = summary.matrix;
  const { verdicts } = summary;
  return {
    allow: verdicts.allow - accept.allow - reject.allow,
    deny: verdicts.deny - accept.deny - reject.deny,
    unknown: verdicts.unknown - accept.unknown - reject.unknown,
  };
}

const CAUSE_COLUMNS: readonly Column[] = [
  { title: "disagreement", align: "left" },
  { title: "suspected cause", align: "left" },
  { title: "records", align: "right" },
  { title: "meaning", align: "left", shrinkTo: 12 },
];

const REASON_COLUMNS: readonly Column[] = [
  { title: "verdict", align: "left" },
  { title: "reason", align: "left" },
  { title: "records", align: "right" },
  { title: "share", align: "right" },
  { title: "meaning", align: "left", shrinkTo: 12 },
];

const GRADE_COLUMNS: readonly Column[] = [
  { title: "grade", align: "left" },
  { title: "records", align: "right" },
  { title: "share", align: "right" },
  { title: "who opened is known", align: "left", shrinkTo: 12 },
];

const MATRIX_COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "allow", align: "right" },
  { title: "deny", align: "right" },
  { title: "unknown", align: "right" },
  { title: "records", align: "right" },
];

function fidelityLine(summary: Summary): string {
  const { accept, reject } = summary.matrix;
  const agreeing = accept.allow + reject.deny;
  const decided = agreeing + accept.deny + reject.allow;
  if (summary.fidelity === null || decided === 0)
    return "Fidelity: none, no record with an action was judged allow or deny.";
  return (
    `Fidelity ${percent(agreeing, decided)}: ${grouped(agreeing)} of ${grouped(decided)} records judged allow or deny ` +
    "agree with the action AWS logged."
  );
}

/** Which side of the matrix a cause explains (semantics 8.1, 8.2). */
const ACCEPTED_CAUSES: ReadonlySet<Cause> = new Set([
  "opened-before-log",
  "address-translated",
  "rules-changed-or-incomplete",
]);

function causeRows(summary: Summary): Cell[][] {
  const rows: Cell[][] = [];
  for (const cause of CAUSES) {
    if (cause === "") continue;
    const count = summary.causes[cause] ?? 0;
    if (count === 0) continue;
    const side = ACCEPTED_CAUSES.has(cause) ? "ACCEPT/deny" : "REJECT/allow";
    rows.push([side, cause, grouped(count), CAUSE_MEANINGS[cause]]);
  }
  return rows;
}

/** Action × verdict with fidelity and causes. */
export function matrixSection(summary: Summary): Section {
  const rest = actionless(summary);
  const rows = [
    matrixRow("ACCEPT", summary.matrix.accept, "deny"),
    matrixRow("REJECT", summary.matrix.reject, "allow"),
    ...(total(rest) > 0 ? [matrixRow("no action", rest, null)] : []),
  ];
  const causes = causeRows(summary);
  const { accept, reject } = summary.matrix;
  const plot: Plot = {
    kind: "shares",
    title: "Verdicts by what AWS did",
    rows: [
      { label: "ACCEPT", parts: accept },
      { label: "REJECT", parts: reject },
    ].filter(({ parts }) => total(parts) > 0),
  };
  return {
    plots: plot.rows.length === 0 ? [] : [plot],
    heading: "Action × verdict",
    blocks: [
      table(MATRIX_COLUMNS, rows),
      paragraph(fidelityLine(summary)),
      ...(causes.length === 0 ? [] : [table(CAUSE_COLUMNS, causes)]),
    ],
  };
}

/** Verdicts by reason, in the order of semantics 5.6; reasons that did not occur are left out. */
export function reasonSection(summary: Summary): Section {
  const judged = summary.records.judged;
  const rows = REASONS.filter((reason) => summary.reasons[reason] > 0).map((reason): Cell[] => {
    const verdict = verdictOf(reason);
    const count = summary.reasons[reason];
    return [
      toned(verdict, VERDICT_STYLES[verdict]),
      reason,
      grouped(count),
      percent(count, judged),
      REASON_MEANINGS[reason],
    ];
  });
  const heading = "Verdicts by reason";
  if (rows.length === 0) return { heading, blocks: [paragraph("No record was judged.")] };
  const c = summary.connections;
  const sum =
    `${counted(c.total, "connection")}: ${grouped(c.allow)} allow, ${grouped(c.deny)} deny, ` +
    `${grouped(c.unknown)} unknown.`;
  return { heading, blocks: [table(REASON_COLUMNS, rows), paragraph(sum)] };
}

/** Records by how the opener of their connection is known (semantics 4), strongest first. */
export function gradeSection(summary: Summary): Section {
  const heading = "Records by grade of evidence";
  const grades = GRADES.filter((grade) => summary.grades[grade] > 0).reverse();
  if (grades.length === 0) return { heading, blocks: [paragraph("No record was judged.")] };
  const rows = grades.map((grade): Cell[] => [
    grade,
    grouped(summary.grades[grade]),
    percent(summary.grades[grade], summary.records.judged),
    GRADE_MEANINGS[grade],
  ]);
  return { heading, blocks: [table(GRADE_COLUMNS, rows)] };
}
