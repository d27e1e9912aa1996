// What a report says, free of its form: one description that terminals and Markdown show alike.

import type { Style } from "./paint.js";
import type { Plot } from "./plot.js";

/** A piece of text: as it is, or with its role and whether it is an id, a place or a command (a code span). */
export type Cell = string | StyledText;

export interface StyledText {
  readonly text: string;
  readonly style?: Style;
  readonly code?: boolean;
}

/** File and line of records, `a.log:17`; a terminal shows as many as one line holds and counts the rest. */
export interface Places {
  readonly places: readonly string[];
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** May be cut down to this many characters when the table is too wide. Absent = never cut. */
  readonly shrinkTo?: number;
  /** Which end a cut keeps; the beginning by default. */
  readonly keep?: "end";
  /** All its cells are ids or places. */
  readonly code?: boolean;
}

/** A row, and what is said of it beside its cells. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly details?: readonly (Cell | Places)[];
}

/** A sentence or several. */
export interface Paragraph {
  readonly kind: "paragraph";
  readonly text: Cell;
}

/** A sentence that must not be overlooked. */
export interface Note {
  readonly kind: "note";
  readonly text: Cell;
}

/** Lines that belong together and are never wrapped. */
export interface Lines {
  readonly kind: "lines";
  readonly lines: readonly Cell[];
}

/** Labels with their values; an empty label continues the value above. */
export interface Pairs {
  readonly kind: "pairs";
  readonly pairs: readonly Pair[];
}
export type Pair = readonly [label: string, value: Cell];

export interface Table {
  readonly kind: "table";
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What stands there instead of a table without rows. */
  readonly none?: string;
  /** Sentences right below: what the table leaves out. */
  readonly foot?: readonly string[];
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Item[];
}

export interface Item {
  /** One character: ✓, ✗, ?. */
  readonly mark?: Cell;
  readonly text: Cell;
  readonly details?: readonly Cell[];
}

/** Lines to be copied whole: commands, rules, edits. */
export interface Code {
  readonly kind: "code";
  readonly lines: readonly string[];
}

export type Block = Paragraph | Note | Lines | Pairs | Table | List | Code;

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Drawn where drawing is possible; everything in them stands in the blocks or in the JSON too. */
  readonly plots?: readonly Plot[];
  /** Differs from run to run: left out of what is kept. */
  readonly fleeting?: true;
}

/** A whole report. Nothing in it is escaped, cut or padded yet: whoever renders it does, so text of a log cannot inject. */
export interface ReportBody {
  readonly title: string;
  /** What answers the question, before all numbers. */
  readonly lead: readonly Block[];
  readonly sections: readonly Section[];
}

export function paragraph(text: Cell): Paragraph {
  return { kind: "paragraph", text };
}

export function note(text: Cell): Note {
  return { kind: "note", text };
}

export function pairs(list: readonly Pair[]): Pairs {
  return { kind: "pairs", pairs: list };
}

/** A table of plain cells, without details. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Table {
  return { kind: "table", columns, rows: rows.map((cells): Row => ({ cells })) };
}

/** Text with a role. */
export function toned(text: string, style: Style): StyledText {
  return { text, style };
}

/** An id, a place, a command. */
export function code(text: string): StyledText {
  return { text, code: true };
}

export function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}
