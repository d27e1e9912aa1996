// What `--where` let through, and the largest values of `--top`.

import type { SelectionTotals, TopList } from "../filter/index.js";
import { VERDICTS } from "../model/verdict.js";
import { barPlots } from "./plot.js";
import { byteSize, counted, grouped, percent } from "./quantity.js";
import type { Json } from "./report.js";
import { type Block, code, type Pair, pairs, type Row, type Section } from "./report-body.js";

export interface Selection extends SelectionTotals {
  /** The filter as it was written; null = every record passes. */
  readonly where: string | null;
  readonly top: readonly TopList[];
}

export function selectionKeys(selection: Selection | undefined): Json {
  if (selection === undefined) return { selection: null };
  const { where, records, bytes, verdicts, top } = selection;
  return { selection: { where, records, bytes, verdicts, top } };
}

/** Without what it lists. */
export function selectionHead(selection: Selection | undefined): Json {
  if (selection === undefined) return { selection: null };
  const { where, records, bytes, verdicts } = selection;
  return { selection: { where, records, bytes, verdicts } };
}

/** Every listed value as a line. */
export function topFindings(selection: Selection | undefined): readonly Json[] {
  return (selection?.top ?? []).flatMap(({ keys, by, entries, missed }) =>
    entries.map(({ values, records, bytes }) => ({ keys, by, values, records, bytes, missed })),
  );
}

/** The sections of a selection; `judged`: how many records there are to choose from. */
export function selectionSections(
  selection: Selection | undefined,
  judged: number,
): readonly Section[] {
  if (selection === undefined) return [];
  return [
    ...whereSections(selection, judged),
    ...selection.top.map((list) => topSection(list, selection)),
  ];
}

function whereSections(selection: Selection, judged: number): readonly Section[] {
  const { where, records, bytes, verdicts } = selection;
  if (where === null) return [];
  const found: Pair[] = [
    ["Filter", code(where)],
    [
      "Records",
      `${grouped(records)} of ${grouped(judged)} judged (${percent(records, judged)}), ${byteSize(bytes)}`,
    ],
    ["Verdicts", VERDICTS.map((verdict) => `${verdict} ${grouped(verdicts[verdict])}`).join(", ")],
  ];
  return [{ heading: "Selected", blocks: [pairs(found)] }];
}

function topSection({ keys, by, entries, more, missed }: TopList, all: Selection): Section {
  const rows = entries.map(({ values, records, bytes }): Row => {
    const share = by === "records" ? percent(records, all.records) : percent(bytes, all.bytes);
    const names = values.map((value) => (value === null ? "-" : String(value)));
    return { cells: [...names, grouped(records), share, byteSize(bytes)] };
  });
  const [counts, bytes] = [{ title: "records" }, { title: "bytes" }];
  const measures = [counts, { title: by === "records" ? "share" : "share of bytes" }, bytes];
  const block: Block = {
    kind: "table",
    columns: [
      ...keys.map((title) => ({ title, align: "left" as const, code: true, shrinkTo: 12 })),
      ...measures.map(({ title }) => ({ title, align: "right" as const })),
    ],
    rows,
    none: "No record to count.",
    foot: footOf(more, missed),
  };
  const bars = entries.map((entry) => ({
    label: entry.values.map((value) => (value === null ? "-" : String(value))).join(" "),
    value: entry[by],
    text: by === "records" ? grouped(entry.records) : byteSize(entry.bytes),
  }));
  const heading = `Most ${by} by ${keys.join(" and ")}`;
  return { heading, blocks: [block], plots: barPlots(heading, bars) };
}

function footOf(more: number, missed: TopList["missed"]): readonly string[] {
  const rest = more > 0 ? [`${counted(more, "further value")} not listed.`] : [];
  if (missed.records === 0) return rest;
  return [
    ...rest,
    `There were more values than could be counted at once: every count may be short by up to ${counted(missed.records, "record")} ` +
      `and ${byteSize(missed.bytes)}, and no value that is missing here has more.`,
  ];
}
